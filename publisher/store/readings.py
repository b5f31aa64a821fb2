"""Readings: how often the counters of kits were shown, by article, day and the place that showed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, cast, func, select

from publisher.store.engine import Tx
from publisher.store.schema import reading
from publisher.store.upsert import dialect_insert

#: Places of one article that are told apart; who invents more does not fill the store.
MOST_PLACES = 1000
#: Stands for all places over that number.
OTHERS = "(others)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is counted together."""

    article: int
    day: str  #: YYYY-MM-DD, UTC
    referrer: str  #: host, or host and path; empty: it was not sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article was read."""

    referrer: str
    count: int
    first: str  #: the first and the last day, YYYY-MM-DD
    last: str


def add_readings(tx: Tx, counted: Mapping[Seen, int]) -> None:
    """Adds to the counts; a place that would be one too many counts for `OTHERS`."""
    known = {number: _known_places(tx, number) for number in {one.article for one in counted}}
    sums: dict[Seen, int] = {}
    for one, count in counted.items():
        places = known[one.article]
        if one.referrer not in places and len(places) >= MOST_PLACES:
            kept = Seen(article=one.article, day=one.day, referrer=OTHERS)
        else:
            kept = one
            places.add(one.referrer)
        sums[kept] = sums.get(kept, 0) + count
    _add(tx, sums)


def count_readings(tx: Tx, article: int) -> int:
    """How often an article was read elsewhere."""
    total = select(func.coalesce(func.sum(reading.c.count), 0)).where(reading.c.article == article)
    return int(tx.execute(total).scalar_one())


def list_places(tx: Tx, article: int, *, limit: int = 100) -> Sequence[Place]:
    """Where an article was read, most first."""
    total = cast(func.sum(reading.c.count), Integer)
    rows = tx.execute(
        select(reading.c.referrer, total, func.min(reading.c.day), func.max(reading.c.day))
        .where(reading.c.article == article)
        .group_by(reading.c.referrer)
        .order_by(total.desc(), reading.c.referrer)
        .limit(limit)
    )
    return [Place(referrer=referrer, count=count, first=first, last=last) for referrer, count, first, last in rows]


def _known_places(tx: Tx, article: int) -> set[str]:
    places = select(reading.c.referrer).where(reading.c.article == article, reading.c.referrer != OTHERS).distinct()
    return set(tx.execute(places).scalars())


def _add(tx: Tx, sums: Mapping[Seen, int]) -> None:
    added = dialect_insert(tx, reading)
    summed = added.on_conflict_do_update(
        index_elements=["article", "day", "referrer"], set_={"count": reading.c.count + added.excluded.count}
    )
    # in one order, so that two web servers never wait for each other
    rows = [
        {"article": one.article, "day": one.day, "referrer": one.referrer, "count": count}
        for one, count in sorted(sums.items(), key=_order)
    ]
    if rows:
        tx.execute(summed, rows)


def _order(item: tuple[Seen, int]) -> tuple[int, str, str]:
    return item[0].article, item[0].day, item[0].referrer
