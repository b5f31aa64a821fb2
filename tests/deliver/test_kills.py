"""Senders that are killed and frozen: whatever happens, every reader gets the edition once."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from publisher.store.engine import Store, SystemClock
from tests.deliver.providers.stand_ins import read_form
from tests.house import House

SENDER = Path(__file__).with_name("sender.py")
READERS = [f"reader{number:03d}@example.org" for number in range(200)]
pytestmark = pytest.mark.slow


class Mailgun(ThreadingHTTPServer):
    """Takes messages slowly, keeps a log, and loses answers as told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.got: Counter[str] = Counter()
        self.events: list[dict[str, object]] = []
        self.outcomes: list[str] = []
        self.lock = threading.Lock()
        self.seen = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Call(BaseHTTPRequestHandler):
    """One connection to it."""

    protocol_version = "HTTP/1.1"
    server: Mailgun

    def do_POST(self) -> None:
        """Takes a message, unless told otherwise."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = read_form(body, self.headers["Content-Type"].partition("boundary=")[2])
        server = self.server
        with server.lock:
            outcome = server.outcomes.pop(0) if server.outcomes else "ok"
            if outcome in {"ok", "accept_reset", "accept_500"}:
                self.take(form)
        server.seen.set()
        time.sleep(0.05)
        if outcome in {"accept_reset", "reset"}:
            self.close_connection = True
        elif outcome == "429":
            self.answer(429, {"message": "try again after 1 seconds"})
        elif outcome in {"500", "accept_500"}:
            self.answer(500, {"message": "Internal Server Error"})
        else:
            self.answer(200, {"id": "<1@mail.example.org>", "message": "Queued. Thank you."})

    def take(self, form: dict[str, str]) -> None:
        """Counts readers of the edition; control messages go into the log only."""
        addresses = form["to"].split(",")
        if form["o:tag"] != "control":
            self.server.got.update(addresses)
        self.server.events += [
            {
                "event": "accepted",
                "timestamp": time.time(),
                "tags": [form["o:tag"]],
                "recipient": address,
                "user-variables": {"attempt": form["v:attempt"]},
                "message": {"headers": {"message-id": "1@mail.example.org"}},
            }
            for address in addresses
        ]

    def do_GET(self) -> None:
        """A page of the log."""
        start = int(parse_qs(urlsplit(self.path).query).get("page", ["0"])[0])
        with self.server.lock:
            items = self.server.events[start : start + 300]
        following = f"{self.server.url}/v3/mail.example.org/events?page={start + len(items)}"
        self.answer(200, {"items": items, "paging": {"next": following}})

    def answer(self, status: int, told: dict[str, object]) -> None:
        """Sends JSON; a caller who has gone does not matter."""
        raw = json.dumps(told).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def mailgun() -> Iterator[Mailgun]:
    server = Mailgun()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Senders:
    """Sender processes on one store."""

    def __init__(self, store: Store, folder: Path, url: str) -> None:
        self.command = [sys.executable, str(SENDER), str(folder), url, store.engine.url.render_as_string()]

    def start(self, *more: str) -> "subprocess.Popen[bytes]":
        """Starts one."""
        return subprocess.Popen([*self.command, *more], stdout=subprocess.DEVNULL, stderr=sys.stderr)

    def run(self, *more: str) -> None:
        """Runs one to its end."""
        assert self.start(*more).wait(timeout=90) == 0


@pytest.fixture
def senders(store: Store, tmp_path: Path, mailgun: Mailgun) -> Senders:
    """An edition frozen for 200 readers in batches of ten, and processes to send it."""
    os.environ["SENDER_KEY"] = "key"
    house = House(
        store,
        tmp_path,
        kind="mailgun",
        url=mailgun.url,
        domain="mail.example.org",
        api_key="env:SENDER_KEY",
        max_batch=10,
    )
    house.clock.moment = SystemClock().now()
    house.subscribe(*READERS)
    house.publish(published=house.clock.now() - timedelta(days=1))
    house.publisher.freeze(house.compose(house.clock.now()).id)
    return Senders(store, tmp_path, mailgun.url)


def test_a_sender_killed_again_and_again_sends_nobody_twice(senders: Senders, mailgun: Mailgun) -> None:
    chance = random.Random(20260306)  # noqa: S311 - a test's dice
    kinds = ["ok", "ok", "ok", "ok", "accept_reset", "reset", "accept_500", "500", "429"]

    for _ in range(6):
        mailgun.outcomes = chance.choices(kinds, k=4)
        mailgun.seen.clear()
        sender = senders.start()
        mailgun.seen.wait(20)
        time.sleep(chance.random() * 0.1)
        sender.kill()
        sender.wait()
    mailgun.outcomes = []
    senders.run("finish")

    assert mailgun.got == Counter(READERS)


@pytest.mark.parametrize("at", ["claimed", "writing"])
def test_a_sender_that_wakes_up_later_sends_nothing_a_second_time(senders: Senders, mailgun: Mailgun, at: str) -> None:
    with senders.start(at) as sleeper:
        try:
            wait_until_stopped(sleeper)
            senders.run("finish")
            served_without_it = mailgun.got.copy()
        finally:
            sleeper.send_signal(signal.SIGCONT)
        sleeper.wait(timeout=30)

    assert served_without_it == Counter(READERS)
    assert mailgun.got == Counter(READERS)


def wait_until_stopped(process: "subprocess.Popen[bytes]") -> None:
    """Waits until the kernel shows a process as stopped."""
    status = Path(f"/proc/{process.pid}/stat")
    until = time.monotonic() + 30
    while status.read_text().rsplit(")", 1)[1].split()[0] != "T":
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
