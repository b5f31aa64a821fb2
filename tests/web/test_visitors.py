"""Who is counted: once a day for one thing, and not more than a person reads."""

from datetime import timedelta

import pytest

from publisher.web import visitors
from publisher.web.visitors import A_MINUTE, Visitors, network_of
from tests.builders import FRIDAY

ANA, BEN = "192.0.2.1", "192.0.2.2"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_visitor_is_new_once_a_day_for_one_thing() -> None:
    seen = Visitors()

    told = [seen.is_new(who, what, now=FRIDAY) for who, what in ((ANA, "1"), (ANA, "1"), (ANA, "2"), (BEN, "1"))]

    assert told == [True, False, True, True]
    assert seen.is_new(ANA, "1", now=FRIDAY + DAY)


def test_who_asks_more_often_than_a_person_is_not_new_until_the_next_minute() -> None:
    seen = Visitors()

    told = [seen.is_new(ANA, str(number), now=FRIDAY) for number in range(A_MINUTE + 5)]

    assert told == [True] * A_MINUTE + [False] * 5
    assert seen.is_new(BEN, "1", now=FRIDAY)
    assert seen.is_new(ANA, "one more", now=FRIDAY + MINUTE)


def test_no_address_is_kept_and_nothing_of_a_day_after_it() -> None:
    seen = Visitors()
    seen.is_new(ANA, "1", now=FRIDAY)
    kept, before = repr(vars(seen)), set(vars(seen)["_seen"])

    seen.is_new(ANA, "1", now=FRIDAY + DAY)

    after = set(vars(seen)["_seen"])
    assert ANA not in kept
    assert (len(before), len(after), before & after) == (1, 1, set())


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MOST_SEEN", 3)
    monkeypatch.setattr(visitors, "MOST_RATES", 3)
    seen = Visitors()

    told = [seen.is_new(f"192.0.2.{number}", "1", now=FRIDAY) for number in range(5)]
    for number in range(5):
        seen.is_new(ANA, str(number), now=FRIDAY + MINUTE)

    assert told == [True, True, True, False, False]
    assert len(vars(seen)["_seen"]) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_visitor(address: str, network: str) -> None:
    assert network_of(address) == network
