"""The slot book: every sending time is written down once, whoever looks first, and ends with a named outcome.

    now - review     slot          send_by (24h, at most to the next slot)
        │ composed     │ sent         │ too late
    ────┴──────────────┴──────────────┴────► time

Two processes that look at once write the same lines; a slot is unique in the store. After down time only the newest
slot that has passed is worked, and only before its `send_by`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from publisher.assembly import Publisher
from publisher.compose.early import lead_of
from publisher.compose.edition import compose_edition
from publisher.compose.schedule import LIMIT, send_by, slots_between, slots_due
from publisher.model.clock import stamp
from publisher.model.edition import Edition, SlotOutcome
from publisher.schedule.timetable import Timetable, change_counts_from, parse_timetable
from publisher.settings import NewsletterSettings
from publisher.store import editions, slots
from publisher.store.engine import Tx
from publisher.store.slots import Slot

log = structlog.get_logger()

PASSED_BY = "the clock was not running; a later slot has come"
TOO_LATE = "the clock came after its send_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line for the book: a slot that opens, or one that is ended at once."""

    at: datetime
    outcome: SlotOutcome | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a look finds to be written down for one newsletter."""

    lines: tuple[Line, ...] = ()
    is_new_timetable: bool = False  #: the clock sees the newsletter for the first time, or its schedule was changed


def open_slots(publisher: Publisher, name: str) -> list[Slot]:
    """Brings a newsletter's book up to now; gives the slots that want an edition, oldest first."""
    now, rules = publisher.now(), publisher.settings.newsletters[name]
    current = Timetable(zone=publisher.settings.zone(name), schedule=rules.schedule)
    with publisher.store.read() as tx:  # a look that finds nothing writes nothing
        plan = plan_book(tx, name, current, rules, now=now)
    if plan.lines or plan.is_new_timetable:
        with publisher.store.begin() as tx:
            editions.ensure_newsletter(tx, name, list_id=publisher.composer.list_id(name))
            write_lines(tx, name, plan_book(tx, name, current, rules, now=now).lines)
            follow_timetable(tx, name, current, now=now)
    with publisher.store.read() as tx:
        found = slots.list_due_slots(tx, until=now + lead_of(rules))
    return [slot for slot in found if slot.newsletter == name and slot.by_clock]


def plan_book(tx: Tx, name: str, current: Timetable, rules: NewsletterSettings, *, now: datetime) -> Plan:
    """The lines that are missing in the book, by the timetable that the clock has gone by until now."""
    number = editions.find_number(tx, name)
    stored = slots.find_timetable(tx, number) if number is not None else None
    if number is None or stored is None:
        return Plan(is_new_timetable=True)  # nothing that was before the clock's first look is caught up
    text, since = stored
    is_changed = text != current.text
    last = slots.last_clock_slot(tx, number)
    lines = plan_lines(
        parse_timetable(text),
        after=max(since, last) if last else since,
        now=now,
        lead=timedelta(0) if is_changed else lead_of(rules),
        span=rules.send_by,
    )
    return Plan(lines=tuple(lines), is_new_timetable=is_changed)


def plan_lines(timetable: Timetable, *, after: datetime, now: datetime, lead: timedelta, span: timedelta) -> list[Line]:
    """The lines of the slots since `after`: older ones missed, the newest open or late, the next open for review."""
    found = slots_between(timetable.schedule, timetable.zone, after=after, until=now + lead)
    if len(found) == LIMIT:  # a long absence: none of these is the newest, the next look goes on
        return [Line(at=at, outcome=SlotOutcome.MISSED, why=PASSED_BY) for at in found if at <= now]
    past = [at for at in found if at <= now]
    last_call = send_by(timetable.schedule, timetable.zone, past[-1], span) if past else None
    due = slots_due(past, send_by_of_newest=last_call, now=now)
    lines = [Line(at=at, outcome=SlotOutcome.MISSED, why=PASSED_BY) for at in due.missed]
    if due.newest:
        late = Line(at=due.newest, outcome=SlotOutcome.LATE, why=TOO_LATE)
        lines.append(late if due.is_late else Line(at=due.newest))
    return lines + [Line(at=at) for at in found if at > now][:1]


def write_lines(tx: Tx, name: str, lines: Sequence[Line]) -> None:
    """Writes lines into the book; one that is there stays. A slot that was made by hand becomes the clock's."""
    number = editions.get_number(tx, name)
    for line in lines:
        slots.open_slot(tx, number, line.at, by_clock=True)
        if line.outcome and slots.end_slot(tx, number, line.at, line.outcome, line.why):
            log.warning("slot.ended", newsletter=name, slot=stamp(line.at), outcome=line.outcome, why=line.why)


def follow_timetable(tx: Tx, name: str, current: Timetable, *, now: datetime) -> None:
    """Writes down the timetable of the configuration where it is new."""
    number = editions.get_number(tx, name)
    stored = slots.find_timetable(tx, number)
    was = stored[0] if stored else None
    if was == current.text:
        return
    since = change_counts_from(current, last=slots.last_clock_slot(tx, number), now=now) if stored else now
    if slots.change_timetable(tx, number, was=was, to=current.text, since=since):
        log.info("timetable.changed", newsletter=name, since=stamp(since))


def work_slot(publisher: Publisher, slot: Slot) -> Edition | None:
    """Composes the edition of an open slot; None while another edition is open, or when it is too late."""
    now = publisher.now()
    if end_overdue(publisher, slot) or find_blocking(publisher, slot):
        return None
    edition = compose_edition(publisher.composer, slot.newsletter, slot.at, by_clock=True, now=now)
    log.info(
        "edition.composed", edition=edition.id, newsletter=slot.newsletter, slot=stamp(slot.at), state=edition.state
    )
    return edition


def end_overdue(publisher: Publisher, slot: Slot) -> bool:
    """Ends a slot that nobody could work before its `send_by`: missed behind an open edition, else late."""
    rules, zone = publisher.settings.newsletters[slot.newsletter], publisher.settings.zone(slot.newsletter)
    if publisher.now() < send_by(rules.schedule, zone, slot.at, rules.send_by):
        return False
    outcome, why = SlotOutcome.LATE, TOO_LATE
    if blocking := find_blocking(publisher, slot):
        outcome = SlotOutcome.MISSED
        why = f"edition {blocking.id}, slot {stamp(blocking.slot)}, was still {blocking.state}; send or cancel it"
    with publisher.store.begin() as tx:
        is_ended = slots.end_slot(tx, editions.get_number(tx, slot.newsletter), slot.at, outcome, why)
    if is_ended:
        log.warning("slot.ended", newsletter=slot.newsletter, slot=stamp(slot.at), outcome=outcome, why=why)
    return True


def find_blocking(publisher: Publisher, slot: Slot) -> Edition | None:
    """The open edition of another slot of the same newsletter, which has to end first."""
    with publisher.store.read() as tx:
        found = editions.find_open_edition(tx, editions.get_number(tx, slot.newsletter))
    return found if found and found.slot != slot.at else None
