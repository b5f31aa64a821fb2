"""What each newsletter has done with each article: its state decides what is new, never a date alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, insert, select, update

from publisher.model.article import Kind, Status
from publisher.model.edition import ItemState
from publisher.store.engine import Tx
from publisher.store.schema import article, edition_item, newsletter_item


def list_candidates(
    tx: Tx, newsletter_id: int, *, kinds: Sequence[Kind], limit: int = 2000
) -> list[tuple[int, ItemState]]:
    """Public articles that the newsletter has not used, excluded or expired, newest first, with the state of each."""
    joined = and_(newsletter_item.c.article == article.c.number, newsletter_item.c.newsletter == newsletter_id)
    state = newsletter_item.c.state
    query = (
        select(article.c.number, state)
        .outerjoin(newsletter_item, joined)
        .where(
            article.c.status == Status.PUBLIC,
            article.c.kind.in_(kinds),
            state.is_(None) | state.in_((ItemState.NEW, ItemState.HELD)),
        )
        .order_by(article.c.published.desc(), article.c.number.desc())
        .limit(limit)
    )
    return [(row.number, ItemState(row.state or ItemState.NEW)) for row in tx.execute(query)]


def has_carried(tx: Tx, newsletter_id: int) -> bool:
    """Whether the newsletter has used anything yet; its first edition takes what is young and expires the rest."""
    query = select(newsletter_item.c.article).where(
        newsletter_item.c.newsletter == newsletter_id, newsletter_item.c.state == ItemState.USED
    )
    return tx.execute(query.limit(1)).first() is not None


def mark_items(tx: Tx, newsletter_id: int, marks: Sequence[tuple[int, ItemState, str]], *, now: datetime) -> None:
    """Sets the state of articles for a newsletter, each with its why."""
    for number, state, why in marks:
        values: dict[str, Any] = {"state": state, "why": why, "at": now}
        mine = and_(newsletter_item.c.newsletter == newsletter_id, newsletter_item.c.article == number)
        if tx.execute(update(newsletter_item).where(mine).values(values)).rowcount == 0:
            tx.execute(insert(newsletter_item).values({"newsletter": newsletter_id, "article": number} | values))


def use_items(tx: Tx, newsletter_id: int, edition_id: int, *, now: datetime) -> None:
    """Marks all items of an edition used: done at freezing.

    A translation that comes later is not: only readers of its language get it, and they had not got the work.
    """
    in_it = select(edition_item.c.article).where(edition_item.c.edition == edition_id, edition_item.c.is_left_out == 0)
    numbers = list(tx.execute(in_it).scalars())
    mark_items(tx, newsletter_id, [(n, ItemState.USED, f"in edition {edition_id}") for n in numbers], now=now)
    mine = and_(newsletter_item.c.newsletter == newsletter_id, newsletter_item.c.article.in_(numbers))
    tx.execute(update(newsletter_item).where(mine).values(edition=edition_id))


def release_items(tx: Tx, newsletter_id: int, edition_id: int, *, now: datetime) -> None:
    """Makes the items of an edition new again: it was cancelled before anybody got it."""
    mine = and_(newsletter_item.c.newsletter == newsletter_id, newsletter_item.c.edition == edition_id)
    values = {"state": ItemState.NEW, "why": f"edition {edition_id} was cancelled", "edition": None, "at": now}
    tx.execute(update(newsletter_item).where(mine).values(values))
