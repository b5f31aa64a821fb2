"""What hubs are owed: one row for a hub and a feed, settled by no answer but one to the newest change."""

from datetime import timedelta

import pytest

from publisher.store.engine import Store, Tx
from publisher.store.pings import (
    LEASE,
    PATIENCE,
    QUIET,
    Owed,
    Ping,
    claim_ping,
    drop_hub,
    drop_ping,
    forget_told,
    list_owed,
    repeat_ping,
    settle_ping,
    want_pings,
)
from tests.builders import FRIDAY

HUB, OTHER_HUB = "https://hub.example.net/", "https://other.example.net/"
ALL, STORIES = "https://follow.example.org/feeds/all.rss", "https://follow.example.org/feeds/section/stories.rss"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def claimed(tx: Tx, *topics: str, hub: str = HUB) -> Ping:
    """The claimed ping of feeds that changed just now."""
    want_pings(tx, [hub], topics or [ALL], now=FRIDAY)
    one = claim_ping(tx, hub, now=FRIDAY)
    assert one is not None
    return one


def owed(tx: Tx) -> list[tuple[str, int]]:
    """The hubs, and how many feeds they are not told of."""
    return [(one.hub, one.topics) for one in list_owed(tx)]


def test_a_change_is_owed_to_each_hub_for_each_feed(tx: Tx) -> None:
    want_pings(tx, [HUB, OTHER_HUB], [ALL, STORIES], now=FRIDAY)

    assert list_owed(tx) == [
        Owed(hub=HUB, topics=2, due_at=FRIDAY, error=None),
        Owed(hub=OTHER_HUB, topics=2, due_at=FRIDAY, error=None),
    ]


@pytest.mark.parametrize(("hubs", "topics"), [([], [ALL]), ([HUB], [])])
def test_without_hubs_or_changes_nothing_is_owed(tx: Tx, hubs: list[str], topics: list[str]) -> None:
    want_pings(tx, hubs, topics, now=FRIDAY)

    assert owed(tx) == []


def test_changes_before_a_hub_was_told_are_told_once_and_not_later_for_that(tx: Tx) -> None:
    want_pings(tx, [HUB], [ALL], now=FRIDAY)
    want_pings(tx, [HUB], [ALL], now=FRIDAY + HOUR)

    assert list_owed(tx) == [Owed(hub=HUB, topics=1, due_at=FRIDAY, error=None)]


def test_a_ping_that_was_taken_is_owed_no_more(tx: Tx) -> None:
    settle_ping(tx, claimed(tx), now=FRIDAY)

    assert owed(tx) == []


def test_a_change_while_the_hub_is_told_of_an_older_one_is_told_a_minute_later(tx: Tx) -> None:
    one = claimed(tx)
    want_pings(tx, [HUB], [ALL], now=FRIDAY + SECOND)

    settle_ping(tx, one, now=FRIDAY + SECOND)

    assert [one.due_at for one in list_owed(tx)] == [FRIDAY + SECOND + QUIET]


def test_a_change_within_the_minute_after_a_telling_waits_and_one_after_it_does_not(tx: Tx) -> None:
    settle_ping(tx, claimed(tx, ALL), now=FRIDAY)
    settle_ping(tx, claimed(tx, STORIES), now=FRIDAY)

    want_pings(tx, [HUB], [ALL], now=FRIDAY + SECOND)
    soon = [one.due_at for one in list_owed(tx)]
    want_pings(tx, [HUB], [STORIES], now=FRIDAY + HOUR)

    assert soon == [FRIDAY + SECOND + QUIET]
    assert claim_ping(tx, HUB, now=FRIDAY + SECOND) is None


def test_what_was_told_is_forgotten_when_its_minute_is_over(tx: Tx) -> None:
    settle_ping(tx, claimed(tx), now=FRIDAY)

    forget_told(tx, HUB, now=FRIDAY + SECOND)
    want_pings(tx, [HUB], [ALL], now=FRIDAY + SECOND)  # the row that is left makes it wait
    forget_told(tx, HUB, now=FRIDAY + HOUR)

    assert [one.due_at for one in list_owed(tx)] == [FRIDAY + SECOND + QUIET]


def test_a_ping_is_taken_by_one_and_by_another_when_that_one_died(tx: Tx) -> None:
    claimed(tx)

    assert claim_ping(tx, HUB, now=FRIDAY) is None
    assert claim_ping(tx, HUB, now=FRIDAY + LEASE) == Ping(hub=HUB, topic=ALL, tries=0, changes=1)


def test_a_hub_that_does_not_answer_is_left_alone_for_all_its_feeds(tx: Tx) -> None:
    one = claimed(tx, ALL, STORIES)

    repeat_ping(tx, one, wait=2 * MINUTE, why="answered 503", now=FRIDAY)

    assert claim_ping(tx, HUB, now=FRIDAY + 2 * MINUTE - SECOND) is None
    assert list_owed(tx) == [Owed(hub=HUB, topics=2, due_at=FRIDAY + 2 * MINUTE, error="answered 503")]


def test_another_hub_is_not_concerned(tx: Tx) -> None:
    want_pings(tx, [OTHER_HUB], [ALL], now=FRIDAY)

    repeat_ping(tx, claimed(tx), wait=MINUTE, why="answered 503", now=FRIDAY)

    assert claim_ping(tx, OTHER_HUB, now=FRIDAY) is not None


def test_tries_in_vain_are_counted_until_one_is_not(tx: Tx) -> None:
    repeat_ping(tx, claimed(tx), wait=MINUTE, why="answered 503", now=FRIDAY)
    again = claim_ping(tx, HUB, now=FRIDAY + MINUTE)
    assert again is not None
    settle_ping(tx, again, now=FRIDAY + MINUTE)
    want_pings(tx, [HUB], [ALL], now=FRIDAY + HOUR)
    after = claim_ping(tx, HUB, now=FRIDAY + HOUR)

    assert again.tries == 1
    assert after is not None
    assert after.tries == 0


def test_a_feed_that_always_fails_keeps_no_other_one_waiting(tx: Tx) -> None:
    repeat_ping(tx, claimed(tx, ALL, STORIES), wait=MINUTE, why="answered 500", now=FRIDAY)

    second = claim_ping(tx, HUB, now=FRIDAY + MINUTE)

    assert second is not None
    assert second.topic == STORIES


def test_a_long_wait_of_one_feed_is_not_made_the_others(tx: Tx) -> None:
    repeat_ping(tx, claimed(tx, ALL), wait=6 * HOUR, why="answered 500", now=FRIDAY)
    other = claimed(tx, STORIES)

    repeat_ping(tx, other, wait=MINUTE, why="answered 503", now=FRIDAY)

    again = [claim_ping(tx, HUB, now=FRIDAY + MINUTE) for _ in range(2)]
    assert [one and one.topic for one in again] == [STORIES, None]


def test_a_change_is_dropped_after_two_days_and_a_newer_one_is_not(tx: Tx) -> None:
    claimed(tx, ALL, STORIES)
    late = FRIDAY + PATIENCE
    want_pings(tx, [HUB], [STORIES], now=late)
    one = claim_ping(tx, HUB, now=late)
    assert one is not None

    dropped = repeat_ping(tx, one, wait=MINUTE, why="answered 503", now=late)

    assert (dropped, owed(tx)) == ([ALL], [(HUB, 1)])


def test_what_a_hub_refuses_is_dropped_and_a_later_change_is_not(tx: Tx) -> None:
    refused, changed = claimed(tx, ALL), claimed(tx, STORIES)
    want_pings(tx, [HUB], [STORIES], now=FRIDAY + SECOND)

    drop_ping(tx, refused)
    drop_ping(tx, changed)

    assert owed(tx) == [(HUB, 1)]


def test_a_hub_that_is_none_of_ours_any_more_is_owed_nothing(tx: Tx) -> None:
    want_pings(tx, [HUB, OTHER_HUB], [ALL, STORIES], now=FRIDAY)

    assert drop_hub(tx, HUB) == 2
    assert owed(tx) == [(OTHER_HUB, 2)]


def test_a_change_that_comes_while_an_answer_is_written_down_is_not_lost(store: Store) -> None:
    with store.begin() as tx:
        one = claimed(tx)
    with store.begin() as tx:
        want_pings(tx, [HUB], [ALL], now=FRIDAY + SECOND)
    with store.begin() as tx:
        settle_ping(tx, one, now=FRIDAY + SECOND)

    with store.read() as tx:
        assert owed(tx) == [(HUB, 1)]
