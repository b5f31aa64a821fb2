"""Gathering by the clock, and the build after it."""

from datetime import timedelta
from functools import partial

import structlog

from publisher.assembly import Publisher
from publisher.gather.health import next_try
from publisher.gather.pushing import ask_hub
from publisher.gather.run import GatherStatus, fetcher_for, gather_source
from publisher.schedule.jobs import Jobs, wait_for_all
from publisher.schedule.notifying import notify_partners
from publisher.settings import SourceSettings
from publisher.store.pushes import list_hinted
from publisher.store.sources import load_state

log = structlog.get_logger()

#: What was gathered within this time before a slot need not be gathered again for it.
FRESH = timedelta(seconds=30)
#: An edition waits so long for slow sources; what comes later is for the next one.
PATIENCE = timedelta(seconds=60)
#: Of a source's `every`: a little less, or two processes and the jitter would make every second visit fall out.
NEARLY = 0.75


def gather_regularly(publisher: Publisher, source: SourceSettings) -> None:
    """Gathers a source whose time has come and builds what the public reads; another process may have been first."""
    if is_due(publisher, source):
        gather_and_build(publisher, source.id)
        ask_for_pushes(publisher, source)


def gather_hinted(publisher: Publisher, jobs: Jobs) -> None:
    """Gathers the sources whose hub told us of a change."""
    with publisher.store.read() as tx:
        hinted = list_hinted(tx)
    for source in publisher.settings.sources:
        if source.id in hinted and is_older(publisher, source.id, FRESH):  # else at one of the next looks
            jobs.run(job_name(source.id), partial(gather_and_build, publisher, source.id))


def gather_and_build(publisher: Publisher, source: str) -> None:
    """Gathers a source now, and builds what the public reads."""
    gather_one(publisher, source)
    build(publisher)


def ask_for_pushes(publisher: Publisher, source: SourceSettings) -> None:
    """Asks a source's hub, where it has one, to tell us of changes."""
    url = publisher.settings.newsroom.public_url
    with fetcher_for(source, publisher.settings) as fetcher:
        ask_hub(publisher.store, source, fetcher, public_url=url, now=publisher.now())


def gather_for_edition(publisher: Publisher, jobs: Jobs) -> None:
    """Gathers all sources anew, side by side, so that what was published just before a slot is in its edition.

    A source that is slow or fails is told in the log; the edition is made from what is in the store.
    """
    stale = [source for source in publisher.settings.sources if is_older(publisher, source.id, FRESH)]
    under_way = [jobs.run(job_name(source.id), partial(gather_one, publisher, source.id)) for source in stale]
    wait_for_all(under_way, within=PATIENCE)
    if stale:  # before the mail goes: it links to these pages
        jobs.run("build", partial(build, publisher)).wait(PATIENCE.total_seconds())


def job_name(source: str) -> str:
    """The name of a source's gathering: the same for the regular one, so that they never run at once."""
    return f"gather:{source}"


def is_due(publisher: Publisher, source: SourceSettings) -> bool:
    """Whether a source's time has come; one that fails is asked ever more seldom."""
    with publisher.store.read() as tx:
        moment = next_try(load_state(tx, source.id), source.every * NEARLY)
    return moment is None or publisher.now() >= moment


def is_older(publisher: Publisher, source: str, span: timedelta) -> bool:
    """Whether the last try is so long ago, by any process."""
    with publisher.store.read() as tx:
        last = load_state(tx, source).last_try
    return last is None or publisher.now() >= last + span


def gather_one(publisher: Publisher, source: str) -> None:
    """Gathers one source."""
    report = gather_source(publisher.settings, publisher.store, source, clock=publisher.clock)
    if report.status is not GatherStatus.OK:
        log.warning("source.not_gathered", source=source, status=report.status, why=report.error)


def build(publisher: Publisher) -> None:
    """Brings `public/` up to date."""
    report = publisher.build()
    if report.written or report.removed:
        log.info("public.built", written=report.written, removed=report.removed, seconds=report.seconds)
    notify_partners(publisher)
