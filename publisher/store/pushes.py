"""Pushes: the hub of each feed that has one, and what became of asking it to tell us of changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from publisher.store.engine import Tx
from publisher.store.schema import push, source


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One source's hub."""

    source: str
    hub: str
    topic: str  #: the feed's own name for itself
    token: str
    secret: str
    asked_at: datetime | None = None
    ends_at: datetime | None = None  #: of what the hub confirmed
    hinted_at: datetime | None = None
    note: str | None = None


def find_push(tx: Tx, name: str) -> Push | None:
    """The hub of a source."""
    row = tx.execute(select(push).where(push.c.source == name)).one_or_none()
    return Push(**row._asdict()) if row else None


def find_by_token(tx: Tx, token: str) -> Push | None:
    """The hub that knows an address of ours."""
    row = tx.execute(select(push).where(push.c.token == token)).one_or_none()
    return Push(**row._asdict()) if row else None


def save_push(tx: Tx, one: Push) -> None:
    """Writes a source's hub in the place of another one."""
    tx.execute(delete(push).where(push.c.source == one.source))
    tx.execute(insert(push).values({column.name: getattr(one, column.name) for column in push.c}))


def note_asked(tx: Tx, name: str, *, now: datetime, note: str | None) -> None:
    """Writes down that the hub was asked, and what went wrong, in words."""
    tx.execute(update(push).where(push.c.source == name).values(asked_at=now, note=note))


def note_answer(tx: Tx, name: str, *, ends_at: datetime | None, note: str | None) -> None:
    """Writes down what the hub said of our asking."""
    tx.execute(update(push).where(push.c.source == name).values(ends_at=ends_at, note=note))


def note_hint(tx: Tx, name: str, *, now: datetime) -> None:
    """Writes down that the hub told us of a change."""
    tx.execute(update(push).where(push.c.source == name).values(hinted_at=now))


def list_hinted(tx: Tx) -> list[str]:
    """The sources that were not tried since their hub told us of a change."""
    joined = push.join(source, source.c.id == push.c.source)
    is_new = or_(source.c.last_try.is_(None), push.c.hinted_at > source.c.last_try)
    return list(tx.execute(select(push.c.source).select_from(joined).where(is_new).order_by(push.c.source)).scalars())
