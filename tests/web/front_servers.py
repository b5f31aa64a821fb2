"""Other servers in front of `public/`, run for real on loopback with the documented samples."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
SECONDS = 10  #: for a server to come up, and to go
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CADDY = shutil.which("caddy")
#: What nginx wants around a site; the temporary folders because ours may not write to the machine's.
NGINX_HOUSE = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/publisher.conf;
}}
"""


@contextmanager
def running_nginx(folder: Path, public: Path, upstream: str) -> Iterator[str]:
    """Runs nginx with the sample; its address as `HOST:PORT`. Keeps its files in `folder`."""
    folder.mkdir(parents=True)
    address = free_address()
    ours = {"listen 80;": f"listen {address};", "/srv/observatory/public": str(public), "127.0.0.1:8080": upstream}
    (folder / "publisher.conf").write_text(replaced(SAMPLES / "nginx.conf", ours), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of tests are closed to everybody else
    (folder / "nginx.conf").write_text(NGINX_HOUSE.format(folder=folder, user=user), encoding="utf-8")
    command = [str(NGINX), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with running(command, address):
        yield address


@contextmanager
def running_caddy(folder: Path, public: Path, upstream: str) -> Iterator[str]:
    """Runs Caddy with the sample, without TLS; its address as `HOST:PORT`. Keeps its files in `folder`."""
    folder.mkdir(parents=True)
    address = free_address()
    ours = {
        "\nfollow.example.org {": f"\nhttp://{address} {{",
        "/srv/observatory/public": str(public),
        "127.0.0.1:8080": upstream,
    }
    site = replaced(SAMPLES / "Caddyfile", ours)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site, encoding="utf-8")
    own = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with running([str(CADDY), "run", "--config", str(folder / "Caddyfile")], address, own):
        yield address


@contextmanager
def running(command: list[str], address: str, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Runs a server until the block ends; waits until its address can be reached."""
    with subprocess.Popen(command, env={**os.environ, **(environment or {})}) as process:
        try:
            wait_for(process, address)
            yield
        finally:
            process.terminate()
            process.wait(SECONDS)


def wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    """Waits until something listens; raises `RuntimeError` when it has ended or takes too long."""
    host, _, port = address.rpartition(":")
    for _ in range(SECONDS * 20):
        with suppress(OSError), socket.create_connection((host, int(port)), SECONDS):
            return
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen on {address}")


def replaced(sample: Path, ours: Mapping[str, str]) -> str:
    """A sample with our addresses and paths; each of them must be in it."""
    text = sample.read_text(encoding="utf-8")
    for theirs, mine in ours.items():
        assert theirs in text, f"{sample.name} has no {theirs}"
        text = text.replace(theirs, mine)
    return text


def free_address() -> str:
    """A port on loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f"127.0.0.1:{found.getsockname()[1]}"
