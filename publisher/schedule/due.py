"""What an edition wants next: decided from its row alone, so that any process can go on with it after any stop."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from publisher.assembly import Publisher
from publisher.compose.edition import compose_edition, goes_at
from publisher.deliver.send import Stop, finish
from publisher.model.delivery import BatchState
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.model.errors import WrongStateError
from publisher.store import batches, editions, slots

log = structlog.get_logger()

#: A composing writes its edition down first; one without content after so long was left by a process that ended.
COMPOSING = timedelta(minutes=1)
WATCHED = (
    EditionState.COMPOSED,
    EditionState.REVIEW,
    EditionState.FREEZING,
    EditionState.FROZEN,
    EditionState.SENDING,
)
COUNTED = ("accepted", "rejected", "unknown", "pending", "left_out")
TOO_LATE = "it was not sent before its send_by; `publisher send` sends it all the same"


class Step(StrEnum):
    """What to do with an edition."""

    WAIT = "wait"
    COMPOSE = "compose"  #: its composing was cut short
    FREEZE = "freeze"  #: its freezing was cut short, and it is not time yet
    SEND = "send"
    FINISH = "finish"
    END_LATE = "end_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An open edition, with what its batches want."""

    edition: Edition
    has_batches_to_send: bool
    has_batches_in_doubt: bool  #: or under way


def list_watched(publisher: Publisher) -> list[Watched]:
    """The editions that may go on by themselves; there is at most one open edition of a newsletter."""
    with publisher.store.read() as tx:
        return [
            Watched(
                edition=edition,
                has_batches_to_send=bool(counts.get(BatchState.READY) or counts.get(BatchState.CLAIMED)),
                has_batches_in_doubt=bool(counts.get(BatchState.WRITING) or counts.get(BatchState.UNKNOWN)),
            )
            for edition in editions.list_editions(tx, states=WATCHED)
            for counts in [batches.count_batches(tx, edition.id)]
        ]


def next_step(watched: Watched, edition: Edition, *, now: datetime) -> Step:
    """What an edition wants now. Approving is a word to send: what is frozen goes at its time."""
    is_overdue = now >= edition.send_by
    is_time = now >= (edition.goes_at or edition.slot)
    match edition.state:
        case EditionState.COMPOSED | EditionState.REVIEW:
            return step_of_open(edition, now=now)
        case EditionState.FREEZING:
            return Step.SEND if is_time and not is_overdue else Step.FREEZE
        case EditionState.FROZEN:
            return Step.END_LATE if is_overdue else Step.SEND if is_time else Step.WAIT
        case EditionState.SENDING:
            if watched.has_batches_to_send:
                return Step.FINISH if is_overdue else Step.SEND
            return Step.WAIT if watched.has_batches_in_doubt else Step.FINISH
        case _:  # ended, or a person's to decide
            return Step.WAIT


def step_of_open(edition: Edition, *, now: datetime) -> Step:
    """What an edition wants that can still be changed; without `goes_at` it waits for a person, however long."""
    if edition.goes_at is None:
        return Step.WAIT
    if now >= edition.send_by:
        return Step.END_LATE
    if edition.cut is None:
        return Step.COMPOSE if now >= edition.composed_at + COMPOSING else Step.WAIT
    return Step.SEND if now >= edition.goes_at else Step.WAIT


def adopt_edition(publisher: Publisher, edition: Edition) -> Edition:
    """Lets an edition that was composed by hand go by itself once its slot turns out to be the clock's.

    Whoever comes first makes the edition of a slot; that a person was first must not cost the readers their letter.
    """
    rules = publisher.settings.newsletters.get(edition.newsletter)
    if edition.state is not EditionState.COMPOSED or edition.goes_at is not None or rules is None:
        return edition
    goes = goes_at(rules, edition.slot, by_clock=True, now=publisher.now())
    with publisher.store.begin() as tx:
        slot = slots.find_slot(tx, edition.id)
        if slot and slot.by_clock and goes is not None:
            editions.change_edition(tx, edition.id, goes_at=goes)
            log.info("edition.adopted", edition=edition.id, newsletter=edition.newsletter)
        return editions.get_edition(tx, edition.id)


def take_step(publisher: Publisher, edition: Edition, step: Step, stop: Stop) -> None:
    """Does what an edition wants; safe to repeat, and beside another process that does the same."""
    try:
        do_step(publisher, edition, step, stop)
    except WrongStateError as error:  # somebody else moved it since it was looked at; the next look sees where it is
        log.info("edition.left", edition=edition.id, step=step, why=str(error))


def do_step(publisher: Publisher, edition: Edition, step: Step, stop: Stop) -> None:
    """Does what an edition wants; raises `WrongStateError` when it wants something else by now."""
    match step:
        case Step.WAIT:
            return
        case Step.COMPOSE:
            compose_edition(publisher.composer, edition.newsletter, edition.slot, by_clock=True, now=publisher.now())
        case Step.FREEZE:
            publisher.freeze(edition.id)
        case Step.SEND:
            report = publisher.send(edition.id, by_hand=False, stop=stop)
            counts = {name: getattr(report, name) for name in COUNTED}
            log.info("edition.worked", edition=edition.id, state=report.state, **counts, seconds=report.seconds)
        case Step.FINISH:
            finish(publisher.mailer, edition.id)
        case Step.END_LATE:
            end_late(publisher, edition)


def end_late(publisher: Publisher, edition: Edition) -> None:
    """Ends an edition of which nothing has gone and nothing goes by itself any more."""
    among = [EditionState.COMPOSED, EditionState.REVIEW, EditionState.FROZEN]
    with publisher.store.begin() as tx:
        if editions.move_edition(tx, edition.id, to=EditionState.LATE, among=among, reason=TOO_LATE):
            slots.close_slot(tx, edition.id, SlotOutcome.LATE, TOO_LATE)
            log.warning("edition.ended_late", edition=edition.id, newsletter=edition.newsletter)
