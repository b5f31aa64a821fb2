"""Everything in one process: the clock, the work it starts, the web server. Two of them on one store are fine.

    SIGTERM ─► nothing new is claimed ─► exchanges under way get 7 s ─► end within 10 s ─► the next start goes on

APScheduler only calls; what it calls is a look of no length, or a job in a thread of its own.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from functools import partial
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from starlette.types import ASGIApp

from publisher.assembly import Publisher
from publisher.deliver.send import Stop
from publisher.model.errors import PublisherError
from publisher.schedule.gathering import gather_regularly, job_name
from publisher.schedule.jobs import ThreadJobs
from publisher.schedule.serve import WebServer
from publisher.schedule.tick import tick

log = structlog.get_logger()

LOOK_EVERY = timedelta(seconds=5)
#: What the provider's open exchanges get, what all jobs get, and when the process ends whatever hangs. Ten seconds are
#: promised; on a busy machine the interpreter's own farewell has been seen to take more than one of them.
FOR_EXCHANGES, FOR_JOBS, AT_LAST = timedelta(seconds=7), timedelta(seconds=8), timedelta(seconds=9)
JITTER = 0.1  #: of a source's `every`, so that sources and processes do not knock all at once
ASK_SECONDS = 0.2


def run(
    publisher: Publisher,
    *,
    app: ASGIApp | None = None,
    listen: str | None = None,
    with_clock: bool = True,
    with_workers: bool = True,
) -> None:
    """Runs until SIGTERM or SIGINT. `app` is what the web server serves on `listen` (default: `web.listen`).

    Raises `UsageError` for an address that cannot be listened on, before anything is started.
    """
    stop, jobs = Stop(), ThreadJobs()
    with signals() as told:
        server = WebServer(app, listen or publisher.settings.web.listen) if app else None
        scheduler = start_clock(publisher, jobs, stop, with_clock=with_clock, with_workers=with_workers)
        log.info("run.started", listen=server.address if server else None, clock=with_clock, workers=with_workers)
        while not told and (server is None or server.is_running):
            time.sleep(ASK_SECONDS)
        end(publisher, scheduler, jobs, server, stop)
    if not told:
        raise PublisherError("The web server ended by itself; the log says why. Start it again.")


@contextmanager
def signals() -> Iterator[list[int]]:
    """The signals that were sent to end the process, while the block runs."""
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        # only this: a handler runs between any two instructions, where an Event's own lock may be held
        told.append(number)

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start_clock(
    publisher: Publisher, jobs: ThreadJobs, stop: Stop, *, with_clock: bool, with_workers: bool
) -> BackgroundScheduler:
    """Starts the looks and the regular gathering; nothing of it in a process that only serves pages."""
    scheduler = BackgroundScheduler(timezone=UTC)
    look = partial(tick, publisher, stop=stop, jobs=jobs, with_clock=with_clock, with_workers=with_workers)
    # the default grace of a second would drop a look that comes late with no more than a log line
    always = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None, "next_run_time": publisher.now()}
    if with_clock or with_workers:
        scheduler.add_job(look, IntervalTrigger(seconds=LOOK_EVERY.total_seconds(), timezone=UTC), **always)
    for source in publisher.settings.sources if with_clock else ():
        start = partial(jobs.run, job_name(source.id), partial(gather_regularly, publisher, source))
        seconds = source.every.total_seconds()
        scheduler.add_job(start, IntervalTrigger(seconds=seconds, jitter=seconds * JITTER, timezone=UTC), **always)
    scheduler.start()
    return scheduler


def end(
    publisher: Publisher, scheduler: BackgroundScheduler, jobs: ThreadJobs, server: WebServer | None, stop: Stop
) -> None:
    """Ends everything in time; what was not finished is in the store, and the next start goes on with it."""
    threading.Thread(target=end_at_last, name="end", daemon=True).start()
    stop.event.set()
    scheduler.shutdown(wait=False)
    if "provider" in publisher.__dict__:  # none was made where nothing was sent
        publisher.provider.stop(within=FOR_EXCHANGES)
    if server:
        server.stop()
    left = jobs.close(within=FOR_JOBS)
    if server:
        server.wait(AT_LAST - FOR_JOBS)
    log.info("run.ended", left=left)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def end_at_last() -> None:
    """Ends the process whatever hangs in it: a fetch, a locked store, a provider that does not let go."""
    time.sleep(AT_LAST.total_seconds())
    log.warning("run.cut_off")
    os._exit(0)  # every state is in the store; nothing here needs a farewell
