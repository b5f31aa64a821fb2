"""The slot book: every sending time of a newsletter, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from publisher.model.edition import SlotOutcome
from publisher.store.engine import Tx
from publisher.store.schema import newsletter, slot
from publisher.store.upsert import insert_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One line of the book."""

    newsletter: str
    at: datetime
    by_clock: bool
    outcome: SlotOutcome | None
    why: str | None
    edition: int | None


def last_clock_slot(tx: Tx, newsletter_id: int) -> datetime | None:
    """The newest slot that the clock made; slots made by hand do not move it."""
    query = select(slot.c.at).where(slot.c.newsletter == newsletter_id, slot.c.by_clock == 1)
    return tx.execute(query.order_by(slot.c.at.desc()).limit(1)).scalar_one_or_none()


def open_slot(tx: Tx, newsletter_id: int, at: datetime, *, by_clock: bool, missed: str | None = None) -> None:
    """Writes a slot into the book, as missed with a reason or as open; one that is there stays."""
    row = {
        "newsletter": newsletter_id,
        "at": at,
        "by_clock": int(by_clock),
        "outcome": SlotOutcome.MISSED if missed else None,
        "why": missed,
        "edition": None,
    }
    insert_missing(tx, slot, [row])
    if by_clock:  # composed by hand before the clock came: it is a sending time all the same
        tx.execute(update(slot).where(slot.c.newsletter == newsletter_id, slot.c.at == at).values(by_clock=1))


def tie_slot(tx: Tx, newsletter_id: int, at: datetime, edition_id: int) -> None:
    """Writes down which edition a slot has."""
    tx.execute(update(slot).where(slot.c.newsletter == newsletter_id, slot.c.at == at).values(edition=edition_id))


def end_slot(tx: Tx, newsletter_id: int, at: datetime, outcome: SlotOutcome, why: str) -> bool:
    """Ends an open slot that has no edition; False when it has one by now, or was ended already."""
    is_open = (slot.c.outcome.is_(None)) & (slot.c.edition.is_(None))
    mine = (slot.c.newsletter == newsletter_id) & (slot.c.at == at)
    return int(tx.execute(update(slot).where(mine, is_open).values(outcome=outcome, why=why)).rowcount) == 1


def find_timetable(tx: Tx, newsletter_id: int) -> tuple[str, datetime] | None:
    """The timetable that the clock goes by, and since when; None before its first look at the newsletter."""
    query = select(newsletter.c.timetable, newsletter.c.timetable_since).where(newsletter.c.id == newsletter_id)
    row = tx.execute(query).one_or_none()
    return (row.timetable, row.timetable_since) if row and row.timetable is not None else None


def change_timetable(tx: Tx, newsletter_id: int, *, was: str | None, to: str, since: datetime) -> bool:
    """Writes down a new timetable; False when somebody else changed it first."""
    old = newsletter.c.timetable.is_(None) if was is None else newsletter.c.timetable == was
    changed = update(newsletter).where(newsletter.c.id == newsletter_id, old)
    return int(tx.execute(changed.values(timetable=to, timetable_since=since)).rowcount) == 1


def close_slot(tx: Tx, edition_id: int, outcome: SlotOutcome | None, why: str | None) -> None:
    """Writes down how the slot of an edition ended, or that it is open again."""
    tx.execute(update(slot).where(slot.c.edition == edition_id).values(outcome=outcome, why=why))


def find_slot(tx: Tx, edition_id: int) -> Slot | None:
    """The line of an edition's slot."""
    return next(iter(read(tx, slot.c.edition == edition_id)), None)


def list_slots(tx: Tx, newsletter_id: int) -> list[Slot]:
    """The book of one newsletter, oldest first."""
    return read(tx, slot.c.newsletter == newsletter_id)


def list_ended_without_edition(tx: Tx, *, limit: int = 200) -> list[Slot]:
    """Slots of all newsletters that ended and have no edition, missed or late, newest first."""
    query = select(slot, newsletter.c.name).join(newsletter)
    ended = query.where(slot.c.outcome.is_not(None), slot.c.edition.is_(None))
    return [slot_of(row) for row in tx.execute(ended.order_by(slot.c.at.desc(), newsletter.c.name).limit(limit))]


def list_due_slots(tx: Tx, *, until: datetime) -> list[Slot]:
    """Open slots without an edition, of all newsletters, due by `until`."""
    return read(tx, (slot.c.outcome.is_(None)) & (slot.c.edition.is_(None)) & (slot.c.at <= until))


def read(tx: Tx, where: ColumnElement[bool]) -> list[Slot]:
    """Lines of the book, oldest first."""
    query = select(slot, newsletter.c.name).join(newsletter).where(where).order_by(slot.c.at)
    return [slot_of(row) for row in tx.execute(query)]


def slot_of(row: Row[Any]) -> Slot:
    """A row as a `Slot`."""
    return Slot(
        newsletter=row.name,
        at=row.at,
        by_clock=bool(row.by_clock),
        outcome=SlotOutcome(row.outcome) if row.outcome else None,
        why=row.why,
        edition=row.edition,
    )
