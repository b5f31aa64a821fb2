"""Sources: where each one is, how it fares, and what it gave that could not be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from publisher.store.engine import Tx
from publisher.store.schema import refusal, source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Where a source is, and how its last tries went."""

    id: str
    cursor: dict[str, Any]  #: the source module's own notes
    last_try: datetime | None = None
    last_success: datetime | None = None
    error: str | None = None  #: of the last try, in words; None when it went well
    try_again_at: datetime | None = None
    failures: int = 0  #: in a row
    note: str | None = None  #: what a person should know of the last visit, though it went well
    held_why: str | None = None  #: what waits for a person, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An item that could not be taken, kept where a person sees it."""

    key: str
    url: str
    title: str
    reason: str


def load_state(tx: Tx, name: str) -> SourceState:
    """A source's state; an empty one for a source that was never tried."""
    row = tx.execute(select(source).where(source.c.id == name)).one_or_none()
    return SourceState(**row._asdict()) if row else SourceState(id=name, cursor={})


def save_success(
    tx: Tx, name: str, *, cursor: dict[str, Any], now: datetime, note: str | None = None, held_why: str | None = None
) -> None:
    """Writes down that a source was gathered to the end, and where it is now."""
    fine = {"last_try": now, "last_success": now, "error": None, "try_again_at": None, "failures": 0}
    save(tx, name, fine | {"cursor": cursor, "note": note, "held_why": held_why})


def save_failure(
    tx: Tx, name: str, *, error: str, try_again_at: datetime | None, now: datetime, held_why: str | None = None
) -> None:
    """Writes down that a source could not be gathered; its cursor stays."""
    failures = load_state(tx, name).failures + 1
    what = {"last_try": now, "error": error, "try_again_at": try_again_at, "failures": failures}
    save(tx, name, what | {"held_why": held_why})


def save_held(tx: Tx, name: str, why: str | None) -> None:
    """Writes down what of a source waits for a person, in words; None for nothing."""
    save(tx, name, {"held_why": why})


def save(tx: Tx, name: str, values: dict[str, Any]) -> None:
    """Inserts or updates a source's row."""
    if tx.execute(update(source).where(source.c.id == name).values(values)).rowcount == 0:
        tx.execute(insert(source).values({"id": name, "cursor": {}} | values))


def save_refusals(tx: Tx, name: str, refused: Sequence[Refusal], *, taken: Sequence[str] = (), now: datetime) -> None:
    """Keeps what was refused, by key, and forgets refusals of keys that were taken after all. Repeating is harmless."""
    keys = [one.key for one in refused] + list(taken)
    tx.execute(delete(refusal).where(refusal.c.source == name, refusal.c.key.in_(keys)))
    unique = {one.key: one for one in refused}
    rows = [
        {"source": name, "key": key, "url": one.url, "title": one.title, "reason": one.reason, "at": now}
        for key, one in unique.items()
    ]
    if rows:
        tx.execute(insert(refusal), rows)


def list_refusals(tx: Tx, name: str) -> list[Refusal]:
    """What a source gave that could not be taken."""
    rows = tx.execute(select(refusal).where(refusal.c.source == name).order_by(refusal.c.key))
    return [Refusal(key=row.key, url=row.url, title=row.title, reason=row.reason) for row in rows]
