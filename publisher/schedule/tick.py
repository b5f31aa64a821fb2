"""One look at the clock: what is due now is started. Safe to repeat, and for two processes at once on one store.

    newsletters: book the slots ─► gather ─► compose          editions: freeze, send, go on, end late
    hubs: be told of the feeds that changed
    batches: end overdue leases ─► settle what is in doubt

Nothing is remembered between looks but in the store; so a look after a crash is a look like any other.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog

from publisher.assembly import Publisher
from publisher.deliver.send import Stop
from publisher.deliver.settle import settle_batches
from publisher.model.delivery import BatchState
from publisher.model.edition import OPEN_TO_EDIT, Edition
from publisher.schedule.book import end_overdue, find_blocking, open_slots, work_slot
from publisher.schedule.due import Step, adopt_edition, list_watched, next_step, take_step
from publisher.schedule.gathering import FRESH, build, gather_for_edition, gather_hinted
from publisher.schedule.jobs import InlineJobs, Jobs
from publisher.schedule.pings import start_pings
from publisher.store import batches
from publisher.store.batches import WrittenAttempt

log = structlog.get_logger()

#: A batch that stays in doubt is asked for again so much later: each asking may cost a control message.
ASK_AGAIN = timedelta(minutes=10)


def tick(
    publisher: Publisher, *, stop: Stop, jobs: Jobs | None = None, with_clock: bool = True, with_workers: bool = True
) -> None:
    """Does what the time has come for; what is long runs in `jobs`, by default here and now. Never raises."""
    where = jobs or InlineJobs()
    if with_clock:
        where.run("hints", partial(gather_hinted, publisher, where))
        where.run("pings", partial(start_pings, publisher, where, stop))
        for name in publisher.settings.newsletters:
            where.run(f"newsletter:{name}", partial(work_newsletter, publisher, where, name, stop))
    if with_workers:
        where.run("editions", partial(look_at_editions, publisher, where, stop))
        where.run("batches", partial(look_at_batches, publisher, where, stop))


def work_newsletter(publisher: Publisher, jobs: Jobs, name: str, stop: Stop) -> None:
    """Books a newsletter's slots and composes what is due, from what its sources say now."""
    if stop():
        return
    slots = [slot for slot in open_slots(publisher, name) if not end_overdue(publisher, slot)]
    slots = [slot for slot in slots if find_blocking(publisher, slot) is None]
    if not slots:
        return
    gather_for_edition(publisher, jobs)
    for slot in slots:
        if not stop():
            work_slot(publisher, slot)


def look_at_editions(publisher: Publisher, jobs: Jobs, stop: Stop) -> None:
    """Starts what each open edition wants; at most one job an edition in a process."""
    for one in list_watched(publisher):
        edition = adopt_edition(publisher, one.edition)
        step = next_step(one, edition, now=publisher.now())
        if step is not Step.WAIT and not stop():
            jobs.run(f"edition:{edition.id}", partial(work_edition, publisher, jobs, edition, step, stop))


def work_edition(publisher: Publisher, jobs: Jobs, edition: Edition, step: Step, stop: Stop) -> None:
    """Takes an edition's step; after a sending the public pages are built."""
    is_old = publisher.now() >= edition.composed_at + FRESH
    if step is Step.SEND and edition.state in OPEN_TO_EDIT and is_old:
        gather_for_edition(publisher, jobs)  # freezing is the last moment at which a change at the source counts
    take_step(publisher, edition, step, stop)
    if step is Step.SEND and not stop():
        build(publisher)


def look_at_batches(publisher: Publisher, jobs: Jobs, stop: Stop) -> None:
    """Ends overdue leases, and starts the settling of batches in doubt whose time has come."""
    now = publisher.mailer.clock.now()
    with publisher.store.begin() as tx:
        batches.sweep(tx, now=now)
    for edition, doubts in doubts_by_edition(publisher).items():
        if is_time_to_settle(publisher, doubts) and not stop():
            jobs.run(f"settle:{edition}", partial(settle, publisher, edition), rest=ASK_AGAIN)


def doubts_by_edition(publisher: Publisher) -> Mapping[int, Sequence[WrittenAttempt]]:
    """The batches in doubt or under way, by edition."""
    found: defaultdict[int, list[WrittenAttempt]] = defaultdict(list)
    with publisher.store.read() as tx:
        for doubt in batches.list_in_doubt(tx):
            batch = batches.get_batch(tx, doubt.batch)
            if batch:
                found[batch.edition].append(doubt)
    return found


def is_time_to_settle(publisher: Publisher, doubts: Sequence[WrittenAttempt]) -> bool:
    """Whether asking the provider can prove something now, and nothing of the edition is under way (it would wait)."""
    if any(doubt.state is BatchState.WRITING for doubt in doubts):
        return False
    limits, now = publisher.provider.limits, publisher.mailer.clock.now()
    return limits.can_settle and any(now >= doubt.wrote_at + limits.settle_after for doubt in doubts)


def settle(publisher: Publisher, edition: int) -> None:
    """Asks the provider for an edition's batches in doubt."""
    report = settle_batches(publisher.mailer, edition_id=edition)
    if report.open:
        log.warning("batches.left_in_doubt", edition=edition, batches=[one.batch for one in report.open])
