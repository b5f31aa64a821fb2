"""Marks of what `public/` does not show yet, made in the transaction of each change; `store.due` reads them.

Each marked article keeps the revision that `public/` shows, which tells what it has to leave. A mark is 0 while it is
built and counts up with each change: what changes once more meanwhile stays marked, and so does everything when a build
breaks off.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, select

from publisher.model.article import Status
from publisher.store.engine import Tx
from publisher.store.schema import article, revision, revision_term, unbuilt
from publisher.store.upsert import dialect_insert


def mark_unbuilt(tx: Tx, number: int) -> None:
    """An article is about to change: called while its row still names the old revision."""
    mark_where(tx, article.c.number == number)


def mark_term(tx: Tx, number: int) -> None:
    """A term was renamed: every article that has it changes."""
    has_it = select(revision_term.c.revision).where(revision_term.c.term == number)
    mark_where(tx, article.c.revision.in_(has_it))


def mark_passed(tx: Tx, *, since: datetime, now: datetime, embargo: timedelta, stand_in: timedelta) -> None:
    """What time alone changes between two moments: embargoes that end, stand-ins of withdrawn articles that go.

    `embargo` is the house's, from first publication; `stand_in` is how long a withdrawn article is still listed.
    """
    ended = select(revision.c.id).where(revision.c.embargo_until.between(since, now))
    changes: list[ColumnElement[bool]] = [
        article.c.revision.in_(ended),
        article.c.withdrawn_at.between(since - stand_in, now - stand_in),
    ]
    if embargo:
        is_over = article.c.published.between(since - embargo, now - embargo)
        changes.append(and_(article.c.status == Status.PUBLIC, is_over))
    for change in changes:  # each by an index of its own
        mark_where(tx, change)


def mark_where(tx: Tx, condition: ColumnElement[bool]) -> None:
    """Marks the articles of which this is true."""
    rows = select(article.c.number, func.nullif(article.c.revision, 0), literal(1)).where(condition)
    marked = dialect_insert(tx, unbuilt).from_select(["article", "built", "mark"], rows)
    tx.execute(marked.on_conflict_do_update(index_elements=["article"], set_={"mark": unbuilt.c.mark + 1}))
