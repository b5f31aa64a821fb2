"""Sockets on a leash: an exchange ends in time, whatever it hangs on, and a frozen process cannot finish it.

Two things together do it. A watcher thread shuts every socket whose time is up, so that no read or write waits for
ever. And `write_all` looks at the clock each time the kernel is ready for more, so that a process that slept through
its deadline (SIGSTOP, a closed lid) wakes up, looks, and leaves the request unfinished. The clock counts suspend.
"""

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Protocol

#: `CLOCK_MONOTONIC` stands still while a machine is suspended; Linux has this one beside it.
BOOT_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
CHUNK_BYTES = 65_536
#: How far past a deadline the watcher may come; also how soon it sees that the machine slept.
TICK_SECONDS = 0.1


def boot_seconds() -> float:
    """Seconds since boot, those of suspend included."""
    return time.clock_gettime(BOOT_CLOCK)


class Closable(Protocol):
    """A socket, or a session on one."""

    def close(self) -> None:
        """Lets it go."""
        ...


class TimeUpError(OSError):
    """The exchange is past its deadline."""


class Leash:
    """One socket and the moment at which it is shut."""

    def __init__(self, sock: socket.socket, until: float, clock: Callable[[], float]) -> None:
        self.sock = sock
        self.until = until
        self._clock = clock

    def left(self) -> float:
        """Seconds that are left; raises `TimeUpError` when there are none."""
        left = self.until - self._clock()
        if left <= 0:
            raise TimeUpError("the time of this exchange is up")
        return left

    def shut(self) -> None:
        """Ends every read and write on the socket, from any thread."""
        with suppress(OSError):  # the other side was quicker
            # Not `SSLSocket.shutdown`: that one takes the TLS state away under the thread that reads.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class Watch:
    """Holds the leashes of one provider; its thread runs from the first exchange to `close`."""

    def __init__(self, clock: Callable[[], float] = boot_seconds) -> None:
        self.clock = clock
        self._changed = threading.Condition()
        self._leashes: set[Leash] = set()
        self._stop_at = float("inf")
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def is_stopping(self) -> bool:
        """Nothing new is to be begun."""
        return self._stop_at < float("inf")

    @contextmanager
    def hold(self, sock: socket.socket, *, until: float) -> Iterator[Leash]:
        """The socket is shut at `until` (by this watch's clock), or earlier when stopping, while the block runs."""
        leash = Leash(sock, min(until, self._stop_at), self.clock)
        with self._changed:
            self._start()
            self._leashes.add(leash)
            if len(self._leashes) == 1:  # the thread sleeps without end while there is nothing to watch
                self._changed.notify()
        try:
            yield leash
        finally:
            with self._changed:
                self._leashes.discard(leash)

    def stop(self, *, within: float) -> None:
        """Shortens every leash, also those to come, to this many seconds from now."""
        with self._changed:
            self._stop_at = min(self._stop_at, self.clock() + within)
            for leash in self._leashes:
                leash.until = min(leash.until, self._stop_at)

    def close(self) -> None:
        """Shuts what is open and ends the thread."""
        self.stop(within=0)
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _start(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="provider-watch", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                self._shut_overdue()
                self._changed.wait(TICK_SECONDS if self._leashes else None)
            self._shut_overdue()

    def _shut_overdue(self) -> None:
        now = self.clock()
        for leash in self._leashes:
            if leash.until <= now:
                leash.shut()


@contextmanager
def closed_on_failure(held: Closable) -> Iterator[None]:
    """Closes what is held when the block fails, whatever ended it; stays open when all went well."""
    with ExitStack() as undo:
        undo.callback(held.close)
        yield
        undo.pop_all()


def write_all(leash: Leash, data: bytes) -> None:
    """Writes everything, looking at the clock before each piece that the kernel takes.

    Leaves the socket in time-out mode for the answer. Raises `OSError` (`TimeUpError` when it is past the deadline).
    """
    sock, view = leash.sock, memoryview(data)
    sock.settimeout(0)
    while view:
        # Not `sendall`: its clock stands still in suspend, and a machine that wakes up would finish the request.
        wait_for(sock, select.POLLOUT, leash.left())
        leash.left()
        try:
            view = view[sock.send(view[:CHUNK_BYTES]) :]
        except (BlockingIOError, ssl.SSLWantWriteError):
            continue
        except ssl.SSLWantReadError:  # TLS 1.3 changes keys in the middle: the other side has to speak first
            wait_for(sock, select.POLLIN, leash.left())
    sock.settimeout(leash.left())


def wait_for(sock: socket.socket, event: int, seconds: float) -> bool:
    """Waits until the socket can be read (`select.POLLIN`) or written; says whether it can."""
    poll = select.poll()  # not `select`, which cannot take a descriptor over 1023
    poll.register(sock, event)
    return bool(poll.poll(seconds * 1000))
