"""The whole process: it serves, looks at the clock, and ends in time whatever is under way."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.assembly import Publisher, assembled
from publisher.compose.edition import compose_edition
from publisher.model.delivery import BatchState
from publisher.model.edition import Edition, EditionState
from publisher.model.errors import UsageError
from publisher.schedule.serve import WebServer
from publisher.store import batches, editions, revisions, subscribers
from tests.builders import ANA, a_reader, a_state

RUN = """
import sys
from pathlib import Path
from publisher.assembly import assembled
from publisher.schedule.run import run
from publisher.web.app import make_app

with assembled(Path(sys.argv[1])) as publisher:
    run(publisher, app=make_app(publisher), listen="127.0.0.1:" + sys.argv[2])
"""
NEWSROOM = """
[newsroom]
name = "Example Observatory"
url = "https://news.example.org"
public_url = "https://follow.example.org"
languages = ["en"]
timezone = "America/Bogota"
postal_address = "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia"
contact = "desk@news.example.org"

[[sources]]
id = "files"
kind = "folder"
url = "articles"

[provider]
from = "Example Observatory <digest@mail.example.org>"
%s

[newsletters.weekly]
title = { en = "The week" }
schedule = "0 7 * * fri"
"""


@pytest.mark.slow
def test_a_process_serves_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    file, port = a_newsroom(tmp_path, 'kind = "outbox"'), free_port()

    with running(file, port) as process:
        ready = ask(port, "/readyz")
        took, status = end(process)

    assert (ready, status) == (200, 0)
    assert took < 5


@pytest.mark.slow
def test_a_process_ends_in_time_while_a_provider_keeps_it_waiting_and_the_batch_is_in_doubt(tmp_path: Path) -> None:
    with silent_server() as (port_of_provider, is_asked):
        keys = f'kind = "mailgun"\nurl = "http://127.0.0.1:{port_of_provider}"\ndomain = "mail.example.org"'
        file = a_newsroom(tmp_path, f'{keys}\napi_key = "file:key"')
        (tmp_path / "key").write_text("key-example")
        with assembled(file) as publisher:
            edition = an_edition_that_is_due(publisher)
        with running(file, free_port()) as process:
            assert is_asked.wait(30), (file.parent / "log").read_text()
            took, status = end(process)

    assert status == 0
    assert took < 10
    with assembled(file) as publisher, publisher.store.read() as tx:
        assert editions.get_edition(tx, edition.id).state is EditionState.SENDING
        assert [batch.state for batch in batches.list_batches(tx, edition.id)] == [BatchState.UNKNOWN]


def test_an_address_that_is_taken_is_told_with_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(UsageError, match=f"{address} cannot be listened on: .* Choose another with --listen"):
            WebServer(nothing, address)


@pytest.mark.parametrize("listen", ["8080", ":8080", "127.0.0.1:web", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_told_with_the_cure(listen: str) -> None:
    with pytest.raises(UsageError, match="--listen"):
        WebServer(nothing, listen)


async def nothing(*_: object) -> None:
    """An application that is never asked."""


def a_newsroom(folder: Path, provider: str) -> Path:
    """A configuration in a folder of its own."""
    file = folder / "config" / "newsroom.toml"
    file.parent.mkdir()
    (folder / "articles").mkdir()
    file.write_text(NEWSROOM % provider)
    return file


def an_edition_that_is_due(publisher: Publisher) -> Edition:
    """An edition with one article for Ana, composed a moment ago."""
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the process that is started goes by the real one
    with publisher.store.begin() as tx:
        revisions.add_article(tx, "site", a_state(published=now), host="news.example.org", now=now)
        newsletter = editions.ensure_newsletter(tx, "weekly", list_id="weekly.news.example.org")
        subscribers.store_readers(tx, newsletter, [a_reader(ANA)], now=now)
    return compose_edition(publisher.composer, "weekly", now, by_clock=True, now=now)


@contextmanager
def running(file: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is up, ended at the end whatever happened."""
    log = (file.parent / "log").open("wb")
    process = subprocess.Popen([sys.executable, "-c", RUN, file, str(port)], stderr=log, stdout=log)
    try:
        until = time.monotonic() + 60
        while not is_listening(port):
            assert process.poll() is None, (file.parent / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.1)
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def end(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    """Asks a process to end; gives how many seconds it took, and its status."""
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    status = process.wait(30)
    return time.monotonic() - started, status


@contextmanager
def silent_server() -> Iterator[tuple[int, threading.Event]]:
    """A server that reads and never answers; gives its port, and whether it was asked."""
    asked = threading.Event()
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            held.append(connection)
            if connection.recv(65_536):
                asked.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, path: str) -> int:
    """The status of a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        status: int = answer.status
        return status
