"""Pings: which hubs are still to be told of which feeds (WebSub, as a publisher).

    a feed's bytes change ─► wanted (one row for a hub and a feed) ─► claimed ─► done | again, ever later | dropped

A row whose hub knows of the newest change stays for a minute, so that a feed which changes often is told once a minute.
Every statement is safe to repeat: a hub that is told twice fetches twice, and nothing else happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, or_, select, update

from publisher.store.columns import Instant
from publisher.store.engine import Tx
from publisher.store.schema import ping
from publisher.store.upsert import dialect_insert

#: Changes of one feed within this time are told together.
QUIET = timedelta(minutes=1)
#: A claim ends by itself; longer than any one request to a hub may take.
LEASE = timedelta(minutes=1)
#: So long after the newest change a hub is still told of it.
PATIENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A hub to be told now that a feed changed."""

    hub: str
    topic: str  #: the feed's address
    tries: int  #: in vain, before this one
    changes: int  #: which the hub will know of when it has taken this


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a hub is not told yet."""

    hub: str
    topics: int
    due_at: datetime  #: the first of them
    error: str | None  #: what it answered last, in words


def want_pings(tx: Tx, hubs: Sequence[str], topics: Sequence[str], *, now: datetime) -> None:
    """Writes down that these feeds changed, for each hub; belongs in the transaction that records their new bytes.

    A ping that is owed already stays due when it was: one telling covers all changes before it.
    """
    rows = [
        {"hub": hub, "topic": topic, "due_at": now, "made_at": now, "tries": 0, "changes": 1}
        for hub in hubs
        for topic in sorted(set(topics))  # one order for all, so that two writers never wait for each other
    ]
    if not rows:
        return
    due = case((ping.c.asked_at > now - QUIET, literal(now + QUIET, Instant)), else_=literal(now, Instant))
    renewed = {"due_at": func.coalesce(ping.c.due_at, due), "made_at": now, "changes": ping.c.changes + 1}
    wanted = dialect_insert(tx, ping).on_conflict_do_update(index_elements=["hub", "topic"], set_=renewed)
    tx.execute(wanted, rows)


def list_owed(tx: Tx) -> list[Owed]:
    """What each hub is not told yet."""
    rows = tx.execute(
        select(ping.c.hub, func.count().label("topics"), func.min(ping.c.due_at), func.max(ping.c.error))
        .where(ping.c.due_at.is_not(None))
        .group_by(ping.c.hub)
        .order_by(ping.c.hub)
    )
    return [Owed(hub=hub, topics=topics, due_at=due_at, error=error) for hub, topics, due_at, error in rows]


def claim_ping(tx: Tx, hub: str, *, now: datetime) -> Ping | None:
    """Takes a hub's next due ping for as long as a request may take; None when there is none to take now.

    Feeds that were asked for longest ago come first: one that its hub always fails for keeps no other one waiting.
    """
    pick = (
        select(ping.c.topic)
        .where(ping.c.hub == hub, ping.c.due_at <= now)
        .order_by(ping.c.asked_at.asc().nulls_first(), ping.c.topic)
        .limit(1)
    )
    if tx.dialect.name == "postgresql":
        pick = pick.with_for_update(skip_locked=True)
    taken = (
        update(ping)
        .where(ping.c.hub == hub, ping.c.topic == pick.scalar_subquery(), ping.c.due_at <= now)
        .values(due_at=now + LEASE, asked_at=now)
        .returning(ping.c.hub, ping.c.topic, ping.c.tries, ping.c.changes)
    )
    row = tx.execute(taken).one_or_none()
    return Ping(**row._asdict()) if row else None


def settle_ping(tx: Tx, one: Ping, *, now: datetime) -> None:
    """The hub took it. What changed since it was asked is told as soon as the minute is over."""
    due = case((ping.c.changes > one.changes, literal(now + QUIET, Instant)), else_=None)
    tx.execute(update(ping).where(_is(one)).values(due_at=due, tries=0, error=None))


def repeat_ping(tx: Tx, one: Ping, *, wait: timedelta, why: str, now: datetime) -> list[str]:
    """The hub did not take it now: nothing of this hub's is due before `wait` is over.

    Gives the feeds that were dropped: those that would then be told of a change from over two days ago.
    """
    due = now + wait
    in_vain = one.tries + 1
    tries = case((ping.c.tries > in_vain, ping.c.tries), else_=in_vain)
    others = and_(ping.c.hub == one.hub, ping.c.due_at < due)  # they would fail as this one did
    tx.execute(update(ping).where(or_(_is(one), others)).values(due_at=due, tries=tries, error=why))
    too_old = and_(ping.c.hub == one.hub, ping.c.due_at == due, ping.c.made_at < due - PATIENCE)
    return sorted(tx.execute(delete(ping).where(too_old).returning(ping.c.topic)).scalars())


def drop_ping(tx: Tx, one: Ping) -> None:
    """The hub will never take it; a change since then is told as if it were the first."""
    tx.execute(delete(ping).where(_is(one), ping.c.changes == one.changes))


def drop_hub(tx: Tx, hub: str) -> int:
    """Owes a hub nothing any more; gives how many feeds it was not told of."""
    return tx.execute(delete(ping).where(ping.c.hub == hub)).rowcount


def forget_told(tx: Tx, hub: str, *, now: datetime) -> None:
    """Lets go of the rows that are owed nothing and whose minute is over."""
    told = and_(ping.c.hub == hub, ping.c.due_at.is_(None), ping.c.asked_at <= now - QUIET)
    tx.execute(delete(ping).where(told))


def _is(one: Ping) -> ColumnElement[bool]:
    return and_(ping.c.hub == one.hub, ping.c.topic == one.topic)
