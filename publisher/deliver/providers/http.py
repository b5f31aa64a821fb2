"""The HTTP client of the adapters: one request on one connection, and never a second try.

    body built ─► connection open, used less than 4 s ago ─► begin() ─► pieces, each after a look at the clock ─► answer

Usual clients open a new connection in silence when the old one is dead, and post again: after a worker was frozen for
forty minutes that is a second copy to everyone. Here nothing exists that could reconnect: the request is written to a
socket, `http.client` only reads the answer. No redirects, no proxy, nothing from the environment.
"""

import email.utils
import http.client
import json
import re
import select
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from publisher.deliver.providers.leash import Leash, TimeUpError, Watch, closed_on_failure, wait_for, write_all
from publisher.model.delivery import NotBegun, NotNow, Unclear

#: Servers hang up on idle connections after 5 s (Apache, Node), firewalls forget them without a word.
IDLE_SECONDS = 4.0
CONNECT_SECONDS = 10.0
#: Between `begin` and the first byte; longer, and this process stood still and knows no more whose batch it is.
PAUSE_SECONDS = 5.0
WAIT_FOR_NETWORK = timedelta(seconds=30)
LONGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `target` is path and query, quoted; Host and Content-Length are added."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer; the body is cut at the client's limit."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes

    def json_object(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None when it is anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def words(self) -> str:
        """Status and the provider's message, short, on one line, for a person."""
        message = (self.json_object() or {}).get("message") or self.body[:300].decode("utf-8", "replace")
        return f"{self.status} {' '.join(str(message).split())[:300]}".strip()

    def retry_after(self) -> timedelta | None:
        """The wait that `Retry-After` asks for (RFC 9110 section 10.2.3), a date by the answer's clock."""
        text = self.headers.get("retry-after", "").strip()
        return timedelta(seconds=int(text)) if re.fullmatch(r"[0-9]{1,7}", text) else self.time_until(text)

    def time_until(self, date: str) -> timedelta | None:
        """How far a date is ahead of the answer's `Date`; None where either cannot be read."""
        try:
            then, now = (email.utils.parsedate_to_datetime(d) for d in (date, self.headers.get("date", "")))
        except ValueError:
            return None
        then, now = (d if d.tzinfo else d.replace(tzinfo=UTC) for d in (then, now))
        return max(timedelta(0), then - now)


@dataclass(slots=True)
class Connection:
    """An open socket and when it was last used."""

    sock: socket.socket
    used_at: float


class HttpClient:
    """One provider's address and the connections to it, each used by one thread at a time."""

    def __init__(self, url: str, *, deadline: timedelta, longest_answer: int = LONGEST_ANSWER) -> None:
        parts = urlsplit(url)
        self.host, self.authority = parts.hostname or "", parts.netloc
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self.watch = Watch()
        self._base_path = parts.path.rstrip("/")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._deadline = deadline.total_seconds()
        self._longest_answer = longest_answer
        self._idle: list[Connection] = []
        self._lock = threading.Lock()

    def exchange(self, request: Request, *, begin: Callable[[], bool]) -> Answer | NotBegun | NotNow | Unclear:
        """One request, begun on an open connection; no try after the first (R1)."""
        message = self._build_message(request)
        try:
            connection = self._take()
        except OSError as error:  # name, connection or TLS: nothing of the request was written
            return NotNow(words=f"{self.authority} cannot be reached: {error}", wait=WAIT_FOR_NETWORK)
        started = self.watch.clock()
        with closed_on_failure(connection.sock):
            is_ours = begin()
        if not is_ours:
            self._give_back(connection)
            return NotBegun()
        try:
            return self._write_and_read(connection, message, method=request.method, started=started)
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.sock.close()
            why = str(error) or type(error).__name__
            return Unclear(words=f"{self.authority}: no answer to a request that was begun: {why}")

    def close(self) -> None:
        """Ends what is open; the client is of no use afterwards."""
        self.watch.close()
        while (connection := self._pop()) is not None:
            connection.sock.close()

    def _build_message(self, request: Request) -> bytes:
        fields = {
            "Host": self.authority,
            "Accept": "application/json",
            "Content-Length": str(len(request.body)),
            **request.headers,
        }
        lines = [f"{request.method} {self._base_path}{request.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        if any(c in line for line in lines for c in "\r\n\0"):
            raise ValueError("a line break in the head of a request")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body

    def _take(self) -> Connection:
        if self.watch.is_stopping:
            raise TimeUpError("sending is being stopped")
        while (connection := self._pop()) is not None:
            is_fresh = self.watch.clock() - connection.used_at < IDLE_SECONDS
            if is_fresh and not wait_for(connection.sock, select.POLLIN, 0):  # readable: the other side hung up
                return connection
            connection.sock.close()
        return self._open()

    def _open(self) -> Connection:
        sock = socket.create_connection((self.host, self.port), CONNECT_SECONDS)
        with closed_on_failure(sock):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Connection(self._wrapped(sock), self.watch.clock())

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        if self._tls is None:
            return sock
        wrapped = self._tls.wrap_socket(sock, server_hostname=self.host, do_handshake_on_connect=False)
        with closed_on_failure(wrapped), self.watch.hold(wrapped, until=self.watch.clock() + CONNECT_SECONDS):
            wrapped.do_handshake()
        return wrapped

    def _pop(self) -> Connection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            self._idle.append(connection)

    def _write_and_read(self, connection: Connection, message: bytes, *, method: str, started: float) -> Answer:
        with self.watch.hold(connection.sock, until=started + self._deadline) as leash:
            if self.watch.clock() - started > PAUSE_SECONDS:
                raise TimeUpError("this process stood still after it began, and wrote nothing")
            is_whole = self._write(leash, message)
            answer, can_go_on = self._read(leash, method)
        if not is_whole and not 400 <= answer.status < 500:  # noqa: PLR2004 - the refusals of RFC 9110
            raise ConnectionError(f"hung up in the middle of the request, with {answer.status}")
        if is_whole and can_go_on:
            connection.used_at = self.watch.clock()
            self._give_back(connection)
        else:
            connection.sock.close()
        return answer

    def _write(self, leash: Leash, message: bytes) -> bool:
        """Writes the request; False when the other side stopped reading, which it does after refusing a large body."""
        try:
            write_all(leash, message)
        except (BrokenPipeError, ConnectionResetError):
            leash.sock.settimeout(leash.left())
            return False
        return True

    def _read(self, leash: Leash, method: str) -> tuple[Answer, bool]:
        """The answer, and whether the connection can take another request."""
        response = http.client.HTTPResponse(leash.sock, method=method)
        try:
            response.begin()
            body = response.read(self._longest_answer + 1)
            is_cut = len(body) > self._longest_answer
            if response.length and not is_cut:  # `read` with a limit takes a lost connection for the end
                raise http.client.IncompleteRead(body, response.length)
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(status=response.status, headers=headers, body=body[: self._longest_answer])
            return answer, not (is_cut or response.will_close)
        finally:
            response.close()
