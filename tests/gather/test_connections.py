"""The guarded client's connections: how long they may take, how many there are, which are used again."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from publisher.gather.fetching import connections
from publisher.gather.fetching.fetch import Fetcher, FetchError, HostTurns, Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
ANSWER = OK + b"Content-Length: 2\r\n\r\nok"
SERVER_HELLO = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"  # the head of a long one
HALF_A_SECOND = Limits(total_seconds=0.5)
Talk = Callable[[socket.socket], None]


# Time


def test_a_silent_server_is_left_after_the_read_time_out() -> None:
    limits = Limits(read_seconds=0.2)

    with a_server(dripping(b"", pause=60)) as url, fetcher_of(url, limits=limits) as fetcher:
        failure = failure_of(fetcher, url)

    assert "said nothing for 0.2 s" in failure


@pytest.mark.parametrize(
    "head",
    [OK + b"X-Slow: ", OK + b"\r\n", OK + b"Content-Length: 9999\r\n\r\n", OK + b"Connection: close\r\n\r\n"],
    ids=["header", "body", "body of known length", "body of a connection to be closed"],
)
def test_a_server_that_drips_is_left_when_the_time_is_up(head: bytes) -> None:
    with a_server(dripping(head)) as url, fetcher_of(url, limits=HALF_A_SECOND) as fetcher, at_most(5.0):
        failure = failure_of(fetcher, url)

    assert "longer than 0.5 s" in failure


def test_a_handshake_that_drips_is_left_when_the_time_is_up() -> None:
    with a_server(dripping(SERVER_HELLO)) as url, fetcher_of(url, limits=HALF_A_SECOND) as fetcher, at_most(5.0):
        failure = failure_of(fetcher, url.replace("http:", "https:"))

    assert "longer than 0.5 s" in failure


def test_redirects_share_the_time_of_their_fetch() -> None:
    redirect = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /again\r\n\r\n"

    with a_server(answering(redirect, after=0.2)) as url, fetcher_of(url, limits=HALF_A_SECOND) as fetcher:
        failure = failure_of(fetcher, url)

    assert "longer than 0.5 s" in failure


def test_the_time_is_up_on_a_used_connection_too() -> None:
    def one_answer_then_drip(sock: socket.socket) -> None:
        answering(ANSWER)(sock)
        dripping(OK + b"Content-Length: 9999\r\n\r\n")(sock)

    with a_server(one_answer_then_drip) as url, fetcher_of(url, limits=HALF_A_SECOND) as fetcher, at_most(5.0):
        fetcher.get(url)
        failure = failure_of(fetcher, url)

    assert "longer than 0.5 s" in failure


# Connections


def test_a_connection_is_used_again() -> None:
    ports: set[int] = set()

    with a_server(keeping_alive(ports)) as url, fetcher_of(url) as fetcher:
        fetcher.get(url)
        fetcher.get(url)

    assert len(ports) == 1


def test_a_connection_that_was_idle_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.0)
    ports: set[int] = set()

    with a_server(keeping_alive(ports)) as url, fetcher_of(url) as fetcher:
        fetcher.get(url)
        fetcher.get(url)

    assert len(ports) == 2


def test_a_kept_connection_that_the_server_was_just_closing_costs_nothing() -> None:
    def one_answer_then_hang_up_on_the_next_question(sock: socket.socket) -> None:
        answering(ANSWER)(sock)
        sock.recv(65536)

    with a_server(one_answer_then_hang_up_on_the_next_question) as url, fetcher_of(url) as fetcher:
        bodies = [fetcher.get(url).body, fetcher.get(url).body]

    assert bodies == [b"ok", b"ok"]


def test_a_server_that_always_hangs_up_is_asked_twice_and_then_left() -> None:
    asked: list[bytes] = []

    with a_server(lambda sock: asked.append(sock.recv(65536))) as url, fetcher_of(url) as fetcher:
        failure = failure_of(fetcher, url)

    assert "broke off" in failure
    assert len(asked) == 2


def test_a_host_is_asked_for_two_things_at_once_at_most_over_all_fetchers() -> None:
    gauge, turns = Gauge(), HostTurns()

    with (
        a_server(gauge.talk) as url,
        fetcher_of(url, turns=turns) as one,
        fetcher_of(url, turns=turns) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(lambda fetcher: fetcher.get(url), [one, other] * 4))

    assert gauge.most == 2


def test_different_hosts_do_not_wait_for_each_other() -> None:
    turns = HostTurns(at_once=1)

    with turns.turn("a.example.org"), turns.turn("b.example.org"):
        pass


def test_waiting_for_a_turn_does_not_use_up_the_time() -> None:
    limits, turns = Limits(total_seconds=1.0), HostTurns(at_once=1)

    with (
        a_server(answering(ANSWER, after=0.4)) as url,
        fetcher_of(url, limits=limits, turns=turns) as fetcher,
        ThreadPoolExecutor(4) as pool,
    ):
        bodies = [response.body for response in pool.map(fetcher.get, [url] * 4)]

    assert bodies == [b"ok"] * 4


# What the tests are made of


def fetcher_of(url: str, *, limits: Limits | None = None, turns: HostTurns | None = None) -> Fetcher:
    """Lets this server on loopback pass."""
    return Fetcher("ExamplePublisher/1.0", source_url=url, allowed=lambda _: True, limits=limits, turns=turns)


def failure_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    return caught.value.what


@contextmanager
def a_server(talk: Talk) -> Iterator[str]:
    """A server that does with each connection what `talk` says, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk_and_close(sock: socket.socket) -> None:
        with sock, suppress(OSError):
            talk(sock)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk_and_close, args=(listener.accept()[0],), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
    listener.close()
    thread.join()


def answering(answer: bytes, *, after: float = 0.0) -> Talk:
    def talk(sock: socket.socket) -> None:
        sock.recv(65536)
        time.sleep(after)
        sock.sendall(answer)

    return talk


def dripping(head: bytes, *, pause: float = 0.1) -> Talk:
    """Says `head` and then a byte at a time, until the other side has enough."""

    def talk(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(head)
        sock.settimeout(pause)
        while True:
            with suppress(TimeoutError):
                if not sock.recv(1):
                    return
            sock.sendall(b"x")

    return talk


def keeping_alive(ports: set[int]) -> Talk:
    """Answers until the other side hangs up; notes its port, one for each connection."""

    def talk(sock: socket.socket) -> None:
        ports.add(sock.getpeername()[1])
        while sock.recv(65536):
            sock.sendall(ANSWER)

    return talk


class Gauge:
    """Counts how many requests are being answered at once."""

    def __init__(self) -> None:
        self.lock, self.now, self.most = threading.Lock(), 0, 0

    def talk(self, sock: socket.socket) -> None:
        sock.recv(65536)
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self.lock:
            self.now -= 1
        sock.sendall(OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nok")


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds
