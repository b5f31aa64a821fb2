"""A served newsroom: real sockets, and requests that are sent as they are written."""

import http.client
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from publisher.schedule.serve import WebServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one server; a path goes out exactly as given."""

    address: str

    def ask(
        self, path: str, method: str = "GET", *, body: bytes | Iterator[bytes] | None = None, **headers: str
    ) -> Answer:
        """Sends one request; `accept_encoding=...` is the header Accept-Encoding."""
        connection = http.client.HTTPConnection(self.address, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers={"accept-encoding": "identity"} | sent)
        with connection.getresponse() as response:
            answer = Answer(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                body=response.read(),
            )
        connection.close()
        return answer


@pytest.fixture
def serve() -> Iterator[Callable[[ASGIApp], Client]]:
    """Serves an application until the test ends."""
    servers: list[WebServer] = []

    def start(app: ASGIApp) -> Client:
        servers.append(WebServer(app, "127.0.0.1:0"))
        return Client(servers[-1].address)

    yield start
    for server in servers:
        server.stop()
        server.wait(timedelta(seconds=5))
