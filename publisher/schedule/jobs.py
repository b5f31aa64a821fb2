"""Jobs: named pieces of work, of which at most one of a name runs in a process.

What is long (gathering, composing, sending, settling) is a job, so that no look at the clock waits for it. A job that
fails is told in the log, once for each new reason, and stops nothing else; the next look starts it again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

import structlog

from publisher.model.errors import PublisherError

log = structlog.get_logger()

Work = Callable[[], None]
NO_REST = timedelta(0)


class Jobs(Protocol):
    """Where jobs run."""

    def run(self, name: str, work: Work, *, rest: timedelta = NO_REST) -> threading.Event:
        """Starts a job unless one of that name runs; the event is set when the running one has ended.

        `rest`: it is not started again sooner than that after it last ended.
        """
        ...


class InlineJobs:
    """Runs each job at once, in the caller's thread."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    def run(self, name: str, work: Work, *, rest: timedelta = NO_REST) -> threading.Event:  # noqa: ARG002 - the contract's
        """Runs the job to its end."""
        attempt(name, work, self._reasons)
        ended = threading.Event()
        ended.set()
        return ended


class ThreadJobs:
    """Runs each job in a thread of its own; there are only as many as there are sources, newsletters and editions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, threading.Event] = {}
        self._ended_at: dict[str, float] = {}
        self._reasons: dict[str, str] = {}
        self._is_closed = False

    def run(self, name: str, work: Work, *, rest: timedelta = NO_REST) -> threading.Event:
        """Starts the job, unless it runs, rests, or everything is being stopped."""
        with self._lock:
            if name in self._running:
                return self._running[name]
            ended = threading.Event()
            is_resting = time.monotonic() < self._ended_at.get(name, float("-inf")) + rest.total_seconds()
            if is_resting or self._is_closed:
                ended.set()
                return ended
            self._running[name] = ended
        # a daemon: what does not end in time when the process stops is left where it is, and resumed from the store
        threading.Thread(target=self._work, args=(name, work, ended), name=name, daemon=True).start()
        return ended

    def close(self, *, within: timedelta) -> list[str]:
        """Starts nothing more and waits for what runs; gives the names of jobs that did not end in time."""
        with self._lock:
            self._is_closed = True
            running = list(self._running.values())
        wait_for_all(running, within=within)
        with self._lock:
            return sorted(self._running)

    def _work(self, name: str, work: Work, ended: threading.Event) -> None:
        try:
            attempt(name, work, self._reasons)
        finally:
            with self._lock:
                del self._running[name]
                self._ended_at[name] = time.monotonic()
            ended.set()


def attempt(name: str, work: Work, reasons: dict[str, str]) -> bool:
    """Runs work and says whether it went well; a failure is told in words unless it is the same as last time."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the edge of the loop: one job's failure is its own
        reason = f"{type(error).__name__}: {error}"
        if reasons.get(name) != reason:
            tell_failure(name, error)
        reasons[name] = reason
        return False
    reasons.pop(name, None)
    return True


def tell_failure(name: str, error: Exception) -> None:
    """A fault that a person can mend is a sentence; anything else is ours, with its traceback."""
    if isinstance(error, PublisherError):
        log.warning("job.failed", job=name, why=str(error))
    else:
        log.error("job.broken", job=name, exc_info=error)


def wait_for_all(events: Sequence[threading.Event], *, within: timedelta) -> None:
    """Waits until all are set, or the time is up."""
    until = time.monotonic() + within.total_seconds()
    for event in events:
        event.wait(max(0.0, until - time.monotonic()))
