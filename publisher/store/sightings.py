"""How a source fares, counted over what it brought."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from publisher.store.engine import Tx
from publisher.store.schema import article

WEEK = timedelta(days=7)
MONTH = timedelta(days=28)
FEW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much a source brings, and how regularly."""

    week: int  #: articles published in the last seven days
    month: int  #: in the 28 days before them
    newest: tuple[datetime, ...]  #: when the newest ones were published, newest first


def pace_of(tx: Tx, source: str, *, now: datetime) -> Pace:
    """The pace of what a source leads."""
    since, before = now - WEEK, now - WEEK - MONTH
    of_it = (article.c.source == source, article.c.published <= now)
    counts = select(
        func.count().filter(article.c.published > since),
        func.count().filter(article.c.published.between(before, since)),
    ).where(*of_it, article.c.published > before)
    week, month = tx.execute(counts).one()
    newest = select(article.c.published).where(*of_it).order_by(article.c.published.desc()).limit(FEW)
    return Pace(week=week, month=month, newest=tuple(tx.execute(newest).scalars()))


def count_unstable(tx: Tx, source: str, *, flaps: int, since: datetime) -> int:
    """How many of a source's articles come and go."""
    query = select(func.count()).where(
        article.c.source == source, article.c.flaps >= flaps, article.c.flapped_at > since
    )
    return int(tx.execute(query).scalar_one())
