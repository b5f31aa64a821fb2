"""Readings add up by article, day and place; nobody can fill the store by inventing places."""

import pytest

from publisher.store import readings
from publisher.store.engine import Tx
from publisher.store.readings import OTHERS, Place, Seen, add_readings, count_readings, list_places

FRIDAY, SATURDAY = "2026-03-06", "2026-03-07"
PARTNER, OTHER = "partner.example.com/gold", "other.example.com"


def seen(referrer: str = PARTNER, *, article: int = 41, day: str = FRIDAY) -> Seen:
    """A reading of "The gold route" on a partner's page."""
    return Seen(article=article, day=day, referrer=referrer)


def test_readings_add_up_over_days_and_places_most_first(tx: Tx) -> None:
    add_readings(tx, {seen(): 3, seen(OTHER): 4})
    add_readings(tx, {seen(): 2, seen(day=SATURDAY): 1})

    assert count_readings(tx, 41) == 10
    assert list_places(tx, 41) == [
        Place(referrer=PARTNER, count=6, first=FRIDAY, last=SATURDAY),
        Place(referrer=OTHER, count=4, first=FRIDAY, last=FRIDAY),
    ]


def test_articles_are_counted_apart(tx: Tx) -> None:
    add_readings(tx, {seen(): 3, seen(article=42): 1})

    assert (count_readings(tx, 41), count_readings(tx, 42), count_readings(tx, 43)) == (3, 1, 0)
    assert list_places(tx, 43) == []


def test_places_over_the_limit_count_together_and_known_ones_as_before(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "MOST_PLACES", 2)
    add_readings(tx, {seen("a.example"): 1, seen("b.example"): 1})

    add_readings(
        tx, {seen("c.example"): 2, seen("d.example"): 3, seen("a.example"): 4, seen("c.example", article=42): 1}
    )

    places = [(one.referrer, one.count) for one in list_places(tx, 41)]
    assert places == [(OTHERS, 5), ("a.example", 5), ("b.example", 1)]
    assert [one.referrer for one in list_places(tx, 42)] == ["c.example"]


def test_nothing_is_no_reading(tx: Tx) -> None:
    add_readings(tx, {})

    assert count_readings(tx, 41) == 0
