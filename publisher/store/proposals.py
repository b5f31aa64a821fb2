"""Proposals: what a source says and the store does not yet, because it is not proven or a person has to look.

One row for each key of a source. It goes when it is taken over, or when the source says what the store says.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from publisher.model.article import RevisionKind
from publisher.store.engine import Tx
from publisher.store.schema import proposal

PAGE = 200
#: Not to be found at its own place counts when it is said again so much later.
PROOF = timedelta(hours=1)
TWICE = 2


class What(StrEnum):
    """What would become of the article."""

    CHANGE = "change"
    WITHDRAWAL = "withdrawal"  #: the source's own word
    MISSING = "missing"  #: not found where it was; proven by a second look
    CONFLICT = "conflict"  #: it may be another article altogether: only a person knows
    IGNORED = "ignored"  #: a person said no to this very state


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a source says of one key."""

    source: str
    key: str
    what: What
    article: int | None = None  #: None for a key that is not stored
    kind: str | None = None  #: of the revision that it would be
    declared: bool = False  #: the source's own word, which counts at once; else it counts when it is seen twice
    state: dict[str, Any] | None = None  #: the article as the source gave it, packed
    digest: str = ""
    why: str = ""  #: for a person
    first_at: datetime
    last_at: datetime
    visits: int = 1  #: in a row that said the same
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ripe:
    """Which proposals of a source are proven: those that it declares, and changes that were seen often and long."""

    source: str
    what: What
    looks: int = TWICE  #: a change that counts was the same at so many visits in a row
    since: datetime  #: and at this moment already


def find_proposals(tx: Tx, source: str, keys: Collection[str]) -> dict[str, Proposal]:
    """The proposals for these keys, by key."""
    rows = tx.execute(select(proposal).where(proposal.c.source == source, proposal.c.key.in_(list(keys))))
    return {row.key: proposal_of(row) for row in rows}


def propose(tx: Tx, one: Proposal) -> None:
    """Writes a proposal in the place of whatever was proposed for its key."""
    drop_proposals(tx, one.source, [one.key])
    values = {column.name: getattr(one, column.name) for column in proposal.c}
    tx.execute(insert(proposal).values(values | {"declared": int(one.declared), "held": int(one.held)}))


def drop_proposals(tx: Tx, source: str, keys: Collection[str]) -> None:
    """Forgets what was proposed for these keys."""
    tx.execute(delete(proposal).where(proposal.c.source == source, proposal.c.key.in_(list(keys))))


def see_again(tx: Tx, source: str, *, before: datetime, now: datetime) -> None:
    """All is as it was at the last visit: what was proposed before this one is said once more."""
    waits = and_(proposal.c.source == source, proposal.c.held == 0, proposal.c.last_at < before)
    once_more = {"visits": proposal.c.visits + 1, "last_at": now}
    tx.execute(update(proposal).where(waits, proposal.c.what == What.CHANGE).values(once_more))


def is_ripe(ripe: Ripe) -> ColumnElement[bool]:
    """What is proven, and waits for nobody."""
    of_it = and_(proposal.c.source == ripe.source, proposal.c.what == ripe.what, proposal.c.held == 0)
    if ripe.what is not What.CHANGE:
        return of_it
    is_seen = and_(proposal.c.visits >= ripe.looks, proposal.c.first_at <= ripe.since)
    is_minor = and_(proposal.c.visits >= TWICE, proposal.c.kind == RevisionKind.MINOR)
    return and_(of_it, or_(proposal.c.declared == 1, is_minor, is_seen))


def count_ripe(tx: Tx, ripe: Ripe) -> int:
    """How many are proven."""
    return int(tx.execute(select(func.count()).select_from(proposal).where(is_ripe(ripe))).scalar_one())


def iter_ripe(tx: Tx, ripe: Ripe, *, after: str = "") -> Sequence[Proposal]:
    """A page of what is proven, by key."""
    query = select(proposal).where(is_ripe(ripe), proposal.c.key > after)
    return [proposal_of(row) for row in tx.execute(query.order_by(proposal.c.key).limit(PAGE))]


def ripen_missing(tx: Tx, source: str, *, now: datetime) -> None:
    """What was not found twice, far enough apart, is withdrawn."""
    missing = and_(proposal.c.source == source, proposal.c.what == What.MISSING, proposal.c.held == 0)
    proven = and_(missing, proposal.c.visits > 1, proposal.c.first_at <= now - PROOF)
    tx.execute(update(proposal).where(proven).values(what=What.WITHDRAWAL))


def hold_ripe(tx: Tx, ripe: Ripe) -> None:
    """What is proven waits for a person."""
    tx.execute(update(proposal).where(is_ripe(ripe)).values(held=1))


def list_absences(tx: Tx, source: str) -> list[Proposal]:
    """All articles that are said to be gone or were not found; a flood of them is held, and not here."""
    is_absence = proposal.c.what.in_((What.WITHDRAWAL, What.MISSING))
    rows = tx.execute(select(proposal).where(proposal.c.source == source, is_absence, proposal.c.held == 0))
    return [proposal_of(row) for row in rows]


def list_held(tx: Tx, source: str, *, after: str = "", limit: int = PAGE) -> list[Proposal]:
    """A page of what waits for a person, by key."""
    query = select(proposal).where(proposal.c.source == source, proposal.c.held == 1, proposal.c.key > after)
    return [proposal_of(row) for row in tx.execute(query.order_by(proposal.c.key).limit(limit))]


def iter_held(tx: Tx, source: str) -> Iterator[Proposal]:
    """All that waits for a person, page by page, in one transaction that may drop what it gives."""
    after = ""
    while page := list_held(tx, source, after=after):
        yield from page
        after = page[-1].key


def count_proposals(tx: Tx, source: str) -> dict[tuple[What, bool], int]:
    """How many there are, by what they are and whether they are held."""
    query = select(proposal.c.what, proposal.c.held, func.count()).where(proposal.c.source == source)
    rows = tx.execute(query.group_by(proposal.c.what, proposal.c.held)).all()
    return {(What(what), bool(held)): int(count) for what, held, count in rows}


def count_waiting(counts: Mapping[tuple[What, bool], int]) -> int:
    """Of such counts, those that are not proven yet; not what waits for a person, or what one said no to."""
    return sum(count for (what, is_held), count in counts.items() if not is_held and what is not What.IGNORED)


def proposal_of(row: Row[Any]) -> Proposal:
    """A row as a `Proposal`."""
    values = row._asdict()
    flags = {"what": What(row.what), "declared": bool(row.declared), "held": bool(row.held)}
    return Proposal(**values | flags)
