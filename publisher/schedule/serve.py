"""The web server in a thread of its own, so that the main thread is free for signals."""

import socket
import threading
from datetime import timedelta

import uvicorn
from starlette.types import ASGIApp

from publisher.model.errors import UsageError

GRACE = timedelta(seconds=5)  #: for requests under way when the server is stopped
BACKLOG = 2048
LAST_PORT = 65_535


class WebServer:
    """A running server; `stop` ends it."""

    def __init__(self, app: ASGIApp, listen: str) -> None:
        self._socket = open_socket(listen)  # here, not in the thread: a taken port has to be told to the person
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,  # addresses hold readers' tokens
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=int(GRACE.total_seconds()),
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it listens, as `HOST:PORT`."""
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def is_running(self) -> bool:
        """Whether it answers."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Takes no new connection and ends those there are."""
        self._server.should_exit = True

    def wait(self, within: timedelta) -> None:
        """Waits for its end."""
        self._thread.join(within.total_seconds())
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def open_socket(listen: str) -> socket.socket:
    """A listening socket for `HOST:PORT`; raises `UsageError` with the cure."""
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > LAST_PORT:
        raise UsageError(f"--listen {listen!r} is no HOST:PORT; write it as 127.0.0.1:8080.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, int(port)), family=family, backlog=BACKLOG)
    except OSError as error:
        raise UsageError(f"{listen} cannot be listened on: {error.strerror}. Choose another with --listen.") from error
    # asyncio does so only for sockets that it makes itself; without it a body waits 40 ms for its head's receipt.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made
