"""Answers of the web server a second, against nginx serving the same folder with the documented sample.

    scripts/bench serve [--seconds 3] [--runs 5] [--connections 8]

`publisher web` and nginx each run in a process of their own and with one worker; a small client in this one keeps some
connections busy and takes the time of each answer. Both sides take turns, run by run: what else the machine does then
meets both. Without nginx only our own figures are given.
"""

import argparse
import http.client
import os
import re
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measuring import QUIET

from tests.web.front_servers import NGINX, free_address, running, running_nginx

ROOT = Path(__file__).parents[2]
CONFIG = """
[newsroom]
name = "Example Observatory"
url = "https://news.example.org"
public_url = "https://follow.example.org"
languages = ["en"]
postal_address = "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia"
contact = "desk@news.example.org"
[[sources]]
id = "articles"
kind = "folder"
url = "{articles}"
[licence]
default = "https://creativecommons.org/licenses/by-nc/4.0/"
[provider]
from = "Example Observatory <digest@mail.example.org>"
[feeds]
hub = ["https://hub.example.net/"]
"""
FEED = "/feeds/all.rss"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
PIECE = 1 << 18  #: bytes read at once, more than an answer has


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run came to."""

    rate: float  #: answers a second
    slowest: float  #: milliseconds that 99 of 100 answers stay under


def prepare(folder: Path) -> Path:
    """A newsroom with its public folder built; the file of its configuration."""
    file = folder / "config" / "newsroom.toml"
    file.parent.mkdir(parents=True)
    file.write_text(CONFIG.format(articles=ROOT / "config" / "articles"), encoding="utf-8")
    for command in ("gather", "build"):
        subprocess.run([*publisher(file), command], env=environment(), stdout=subprocess.DEVNULL, check=True)
    return file


def publisher(file: Path) -> list[str]:
    """The command line of this publisher for a newsroom."""
    return [sys.executable, "-m", "publisher", "--config", str(file)]


def environment() -> dict[str, str]:
    """Our own code, and a log that is no part of the measurement."""
    return {**os.environ, **QUIET, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


@contextmanager
def both_servers(folder: Path, file: Path) -> Iterator[dict[str, str]]:
    """The addresses of the servers that there are, by name."""
    ours = free_address()
    with ExitStack() as stack:
        stack.enter_context(running([*publisher(file), "web", "--listen", ours], ours, environment()))
        found = {"publisher": ours}
        if NGINX:
            found["nginx"] = stack.enter_context(running_nginx(folder / "nginx", folder / "public", ours))
        yield found


def requests_for(address: str) -> dict[str, bytes]:
    """The requests by name, as they go out; each server knows its own tag only."""
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("GET", FEED, headers={"Accept-Encoding": "gzip"})
    with connection.getresponse() as answer:
        tag, size = answer.headers["ETag"], len(answer.read())
    connection.close()
    head = f"GET %s HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip\r\n"
    return {
        "304": f"{head % FEED}If-None-Match: {tag}\r\n\r\n".encode(),
        f"200, a feed of {size / 1000:.0f} KB packed": f"{head % FEED}\r\n".encode(),
        "200, a kit's page": f"{head % '/republish/1/'}\r\n".encode(),
    }


def put_load(address: str, request: bytes, *, seconds: float, connections: int) -> Load:
    """Asks the same again and again over some connections, one request at a time on each."""
    size = size_of_answer(address, request)
    sockets = [connect(address) for _ in range(connections)]
    open_ones = {one.fileno(): [one, 0, 0.0] for one in sockets}
    taken = []
    with select.epoll() as poll:
        for number, state in open_ones.items():
            poll.register(number, select.EPOLLIN)
            state[2] = time.perf_counter()
            state[0].sendall(request)
        started = time.perf_counter()
        while time.perf_counter() < started + seconds:
            for number, _ in poll.poll(1):
                state = open_ones[number]
                state[1] += len(state[0].recv(PIECE))
                if state[1] >= size:
                    now = time.perf_counter()
                    taken.append(now - state[2])
                    state[1:] = [0, now]
                    state[0].sendall(request)
        spent = time.perf_counter() - started
    for one in sockets:
        one.close()
    return Load(rate=len(taken) / spent, slowest=statistics.quantiles(taken, n=100)[98] * 1000)


def size_of_answer(address: str, request: bytes) -> int:
    """Bytes of the whole answer: the same each time, since only the seconds of its date change."""
    whole = b""
    with connect(address) as one:
        one.sendall(request)
        while b"\r\n\r\n" not in whole:
            whole += one.recv(PIECE)
    head = whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    length = LENGTH.search(head)
    return len(head) + (int(length[1]) if length else 0)


def connect(address: str) -> socket.socket:
    """A connection that sends at once what it is given."""
    host, _, port = address.rpartition(":")
    one = socket.create_connection((host, int(port)), 10)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


def bench_serve(seconds: float, runs: int, connections: int) -> None:
    """Measures all servers and prints a line for each, the median of the runs."""
    with tempfile.TemporaryDirectory() as scratch, both_servers(Path(scratch), prepare(Path(scratch))) as servers:
        asked = {name: requests_for(address) for name, address in servers.items()}
        for what in asked["publisher"]:
            loads: dict[str, list[Load]] = {name: [] for name in servers}
            for _ in range(runs):
                for name, address in servers.items():
                    request = asked[name][what]
                    loads[name].append(put_load(address, request, seconds=seconds, connections=connections))
            print_loads(what, loads)
    if not NGINX:
        print("There is no nginx on this machine: nothing to compare with.")


def print_loads(what: str, loads: dict[str, list[Load]]) -> None:
    """Prints the medians, and the ratio with its least and most."""
    print(what)
    for name, runs in loads.items():
        rate = statistics.median(one.rate for one in runs)
        slowest = statistics.median(one.slowest for one in runs)
        print(f"  {name}: {rate:,.0f} answers/s, 99 of 100 within {slowest:.1f} ms")
    if "nginx" in loads:
        ratios = [ours.rate / theirs.rate for ours, theirs in zip(loads["publisher"], loads["nginx"], strict=True)]
        print(f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["serve"])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--connections", type=int, default=8)
    given = parser.parse_args()
    bench_serve(given.seconds, given.runs, given.connections)


if __name__ == "__main__":
    main()
