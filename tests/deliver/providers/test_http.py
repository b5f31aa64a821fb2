"""The adapters' HTTP client: one request on one connection, in time, whatever the other side or the machine does."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.deliver.providers.http import Answer, HttpClient, Request
from publisher.deliver.providers.leash import CHUNK_BYTES, Leash, TimeUpError, Watch, write_all
from publisher.model.delivery import NotNow, Unclear
from tests.deliver.providers.stand_ins import Begin, Listener, MailgunStandIn, tls_context

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
POST = Request(method="POST", target="/x", body=b"body")


class Server:
    """Runs one function for each connection, and makes clients for itself."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.listener = Listener(serve)
        self.clients: list[HttpClient] = []

    def client(self, *, seconds: float = 5) -> HttpClient:
        url = f"http://127.0.0.1:{self.listener.port}"
        self.clients.append(HttpClient(url, deadline=timedelta(seconds=seconds), longest_answer=1000))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.listener.close()


@pytest.fixture
def serving() -> Iterator[Callable[[Callable[[socket.socket], None]], Server]]:
    """Makes servers that are closed afterwards."""
    servers: list[Server] = []

    def make(serve: Callable[[socket.socket], None]) -> Server:
        servers.append(Server(serve))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


Serving = Callable[[Callable[[socket.socket], None]], Server]


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    """Reads a little, says this, and hangs up."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    return serve


def test_an_answer_that_drips_ends_at_the_deadline(serving: Serving) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
        for _ in range(900):
            connection.sendall(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    answer = serving(drip).client(seconds=0.5).exchange(POST, begin=lambda: True)

    assert isinstance(answer, Unclear)
    assert time.monotonic() - began < 1.5


def test_a_server_that_does_not_read_ends_at_the_deadline(serving: Serving) -> None:
    big = Request(method="POST", target="/x", body=b"x" * 20_000_000)

    began = time.monotonic()
    answer = serving(lambda _: time.sleep(3)).client(seconds=0.5).exchange(big, begin=lambda: True)

    assert isinstance(answer, Unclear)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 20", b"not http\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}"],
)
def test_half_an_answer_is_none(serving: Serving, answer: bytes) -> None:
    assert isinstance(serving(answering(answer)).client().exchange(POST, begin=lambda: True), Unclear)


def test_a_refusal_of_a_body_that_was_not_read_to_its_end_is_heard(serving: Serving) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.1)
        connection.shutdown(socket.SHUT_RD)
        while connection.recv(65_536):
            pass

    big = Request(method="POST", target="/x", body=b"x" * 3_000_000)

    answer = serving(refuse).client(seconds=3).exchange(big, begin=lambda: True)

    assert isinstance(answer, Answer)
    assert answer.status == 413


def test_a_redirect_is_an_answer_and_is_not_followed(serving: Serving) -> None:
    server = serving(answering(b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"))

    answer = server.client().exchange(POST, begin=lambda: True)

    assert isinstance(answer, Answer)
    assert (answer.status, server.listener.connections) == (307, 1)


def test_an_answer_over_the_limit_is_cut_and_its_connection_not_used_again(serving: Serving) -> None:
    def serve(connection: socket.socket) -> None:
        while connection.recv(65_536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000)

    client = serving(serve).client()

    answers = [client.exchange(POST, begin=lambda: True) for _ in range(2)]

    assert [len(answer.body) for answer in answers if isinstance(answer, Answer)] == [1000, 1000]


def test_nothing_is_written_when_the_process_stood_still_after_begin(serving: Serving) -> None:
    came: list[bytes] = []
    client = serving(lambda connection: came.append(connection.recv(10))).client(seconds=60)
    now = [1000.0]
    client.watch.clock = lambda: now[0]

    def begin_and_freeze() -> bool:
        now[0] += 6
        return True

    answer = client.exchange(POST, begin=begin_and_freeze)
    time.sleep(0.05)

    assert isinstance(answer, Unclear)
    assert came == [b""]


def test_the_environments_proxy_is_not_asked(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert isinstance(serving(answering(OK)).client().exchange(POST, begin=lambda: True), Answer)


def test_a_line_break_in_the_head_is_our_own_mistake(serving: Serving) -> None:
    with pytest.raises(ValueError, match="line break"):
        serving(answering(OK)).client().exchange(Request(method="GET", target="/x\r\nA: b"), begin=lambda: True)


FROZEN = """
import socket, sys
from datetime import timedelta
from publisher.deliver.providers import http
def connect(*address):
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    made.connect(address[0])
    return made
http.socket.create_connection = connect
client = http.HttpClient("http://127.0.0.1:" + sys.argv[1], deadline=timedelta(seconds=1))
big = http.Request(method="POST", target="/x", body=b"x" * int(sys.argv[2]))
print(type(client.exchange(big, begin=lambda: print("begun", flush=True) or True)).__name__, flush=True)
"""


def test_a_process_frozen_in_the_middle_of_its_request_never_completes_it(serving: Serving) -> None:
    came, may_read, size = [0], threading.Event(), 250_000

    def read_late(connection: socket.socket) -> None:
        may_read.wait(10)
        while data := connection.recv(1_000_000):
            came[0] += len(data)

    server = serving(read_late)
    server.listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    command = [sys.executable, "-c", FROZEN, str(server.listener.port), str(size)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGSTOP)
        may_read.set()  # there is room again, for whoever still believes that the batch is his
        time.sleep(1.2)
        os.kill(process.pid, signal.SIGCONT)
        said = process.stdout.read().strip()

    assert said == "Unclear"
    assert 0 < came[0] < size


def test_a_machine_that_slept_in_the_middle_of_writing_leaves_it_unfinished() -> None:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
    # Two looks at the clock for each piece: the lid was closed while the second one waited for room.
    looks = iter([0.0, 0.0, 0.0])
    leash = Leash(ours, 2.0, lambda: next(looks, 3600.0))

    with ours, theirs:
        with pytest.raises(TimeUpError):
            write_all(leash, b"x" * 2 * CHUNK_BYTES)
        assert len(theirs.recv(1_000_000)) == CHUNK_BYTES


def test_a_watch_shuts_what_is_past_its_time_by_a_clock_that_jumps() -> None:
    now, (ours, theirs) = [0.0], socket.socketpair()
    watch = Watch(lambda: now[0])

    with ours, theirs, watch.hold(ours, until=3600) as leash:
        now[0] = 3601.0  # the lid was closed for an hour
        ours.settimeout(2)
        assert ours.recv(1) == b""
        with pytest.raises(TimeUpError):
            leash.left()
    watch.close()


def test_a_leash_knows_what_is_left() -> None:
    with socket.socket() as sock:
        assert Leash(sock, 10.0, lambda: 4.0).left() == 6.0


def test_a_certificate_that_nobody_vouches_for_ends_it_before_begin(certificate: Path, tmp_path: Path) -> None:
    stand_in = MailgunStandIn(tmp_path, tls_context(certificate))
    begin = Begin()

    client = HttpClient(f"https://localhost:{stand_in.listener.port}", deadline=timedelta(seconds=5))
    answer = client.exchange(POST, begin=begin)
    client.close()
    stand_in.close()

    assert isinstance(answer, NotNow)
    assert "CERTIFICATE_VERIFY_FAILED" in answer.words
    assert begin.saw == []


def test_a_large_request_goes_through_tls_and_the_connection_is_used_again(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    stand_in = MailgunStandIn(tmp_path, tls_context(certificate))
    client = HttpClient(f"https://localhost:{stand_in.listener.port}", deadline=timedelta(seconds=5))
    big = Request(method="POST", target="/x", headers={"Content-Type": "x; boundary=b"}, body=b"x" * 3_000_000)

    answers = [client.exchange(big, begin=lambda: True) for _ in range(2)]
    client.close()
    stand_in.close()

    assert [answer.status for answer in answers if isinstance(answer, Answer)] == [200, 200]
    assert stand_in.connections == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Fri, 06 Mar 2026 12:02:00 GMT", "date": "Fri, 06 Mar 2026 12:00:00 GMT"}, 120),
        ({"retry-after": "Fri, 06 Mar 2026 11:00:00 GMT", "date": "Fri, 06 Mar 2026 12:00:00 GMT"}, 0),
        ({"retry-after": "Fri, 06 Mar 2026 12:02:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_by_the_servers_clock(
    headers: dict[str, str], seconds: int | None
) -> None:
    wait = Answer(status=429, headers=headers, body=b"").retry_after()

    assert wait == (None if seconds is None else timedelta(seconds=seconds))
