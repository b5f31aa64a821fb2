"""Connections to addresses that were checked, each on the leash of the fetch that uses it.

`requests` and `urllib3` do the HTTP; three things they do not do stand here: connecting to the very address that
was judged (a second look-up could answer otherwise), ending a fetch in time whatever it hangs on, and taking turns.
"""

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from publisher.gather.fetching.addresses import AddressRules, resolve

#: Servers hang up on idle connections after 5 s (Apache, Node), firewalls forget them without a word.
IDLE_SECONDS = 4.0


class Deadline:
    """The time that one fetch may take, over all its hops; when it is up, every socket of the fetch is shut.

    A read time-out is none: a byte every ten seconds satisfies it for ever. Looking up a name cannot be shut; the
    time it takes is counted, and nothing is connected to when it is up.
    """

    def __init__(self, seconds: float) -> None:
        self.left = seconds
        self.passed = False
        self._leashes: list[socket.socket] = []
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time counts inside only: waiting for a turn is not the server's fault."""
        started = time.monotonic()
        timer = threading.Timer(self.left, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.left = max(0.0, self.left - (time.monotonic() - started))
            with self._lock:
                while self._leashes:
                    self._leashes.pop().close()

    def hold(self, sock: socket.socket) -> None:
        """Shuts this socket too when the time is up."""
        # A second descriptor: TLS takes the first one over, and a response that ends its connection closes it early.
        leash = socket.fromfd(sock.fileno(), sock.family, sock.type)
        with self._lock:
            self._leashes.append(leash)
        if self.passed:
            self._shut()

    def _shut(self) -> None:
        self.passed = True
        with self._lock:
            for leash in self._leashes:
                with suppress(OSError):  # the other side was quicker
                    leash.shutdown(socket.SHUT_RDWR)


class Dialer:
    """Opens the sockets of a fetcher, under the deadline of the fetch that runs on this thread."""

    def __init__(self, rules: AddressRules) -> None:
        self.rules = rules
        self._thread = threading.local()

    @contextmanager
    def under(self, deadline: Deadline) -> Iterator[None]:
        """Every socket opened or used inside, on this thread, is on this deadline's leash."""
        self._thread.deadline = deadline
        with deadline.running():
            yield

    def hold(self, sock: socket.socket) -> None:
        """Puts a socket that is open already on the leash."""
        self._deadline.hold(sock)

    def open(self, connection: HTTPConnection) -> socket.socket:
        """Connects to the first address that answers, of those that were all judged."""
        host, port = connection.host, connection.port or connection.default_port
        try:
            rows = resolve(host, port, self.rules)
        except OSError as error:
            raise NameResolutionError(host, connection, socket.gaierror(str(error))) from error
        failure: OSError | None = None
        for family, kind, protocol, _, address in rows:
            if self._deadline.passed:  # a name with fifty dead addresses would otherwise take fifty time-outs
                break
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(min(float(connection.timeout or 0), self._deadline.left))
                for option in connection.socket_options or ():
                    sock.setsockopt(*option)
                sock.connect(address)
            except OSError as error:
                sock.close()
                failure = error
                continue
            self._deadline.hold(sock)
            return sock
        if failure is None or isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(connection, "no answer in time") from failure
        raise NewConnectionError(connection, str(failure)) from failure

    @property
    def _deadline(self) -> Deadline:
        deadline: Deadline = self._thread.deadline
        return deadline


class HostTurns:
    """At most so many fetches at once from one host, over all the fetchers that share it."""

    def __init__(self, at_once: int = 2) -> None:
        self._lock = threading.Lock()
        self._hosts: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(at_once))

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Waits until it is our turn at this host."""
        with self._lock:
            semaphore = self._hosts[host]
        with semaphore:
            yield


def guarded_adapter(dialer: Dialer) -> HTTPAdapter:
    """The transport of `requests` over connections that `dialer` opens: no proxy, no retry, no other way out.

    It is used without a `Session`: that would read a redirect's whole body (1 MB of gzip took 2.1 GB of memory),
    keep cookies, and look for proxies and passwords in the environment.
    """
    adapter = HTTPAdapter(pool_connections=32, pool_maxsize=2, max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = _guarded_pools(dialer)
    return adapter


def _guarded_pools(dialer: Dialer) -> dict[str, type[HTTPConnectionPool]]:
    class Guarded(HTTPConnection):
        _used_at = 0.0

        @property
        def is_connected(self) -> bool:
            return super().is_connected and time.monotonic() - self._used_at < IDLE_SECONDS

        def _new_conn(self) -> socket.socket:
            return dialer.open(self)

        def putrequest(
            self,
            method: str,
            url: str,
            skip_host: bool = False,  # noqa: FBT001, FBT002 - the library's signature
            skip_accept_encoding: bool = False,  # noqa: FBT001, FBT002
        ) -> None:
            self._used_at = time.monotonic()
            if self.sock is not None:  # kept alive: opened by an earlier fetch, perhaps on another thread
                dialer.hold(self.sock)
            super().putrequest(method, url, skip_host, skip_accept_encoding)

    class GuardedTls(Guarded, HTTPSConnection):
        pass

    class Pool(HTTPConnectionPool):
        ConnectionCls = Guarded

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = GuardedTls

    return {"http": Pool, "https": TlsPool}
