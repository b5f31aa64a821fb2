"""Sources: where each one is, how it fares, and what of it could not be taken."""

from datetime import timedelta

from publisher.store.engine import Tx
from publisher.store.sources import (
    Refusal,
    list_refusals,
    load_state,
    save_failure,
    save_held,
    save_refusals,
    save_success,
)
from tests.builders import FRIDAY

LATER = FRIDAY + timedelta(hours=1)


def a_refusal(key: str, reason: str = "no title") -> Refusal:
    return Refusal(key=key, url=f"https://news.example.org/{key}/", title=key.title(), reason=reason)


def keys(tx: Tx, name: str = "site") -> list[str]:
    return [one.key for one in list_refusals(tx, name)]


def test_a_source_that_was_never_tried_has_nothing_to_remember(tx: Tx) -> None:
    state = load_state(tx, "site")

    assert (state.id, state.cursor, state.last_try, state.last_success, state.error) == ("site", {}, None, None, None)


def test_a_source_is_found_again_where_it_was_left(tx: Tx) -> None:
    save_success(tx, "site", cursor={"at": {"newest": "2026-03-06", "count": 3}}, now=FRIDAY)
    save_success(tx, "partner", cursor={"etag": '"é"'}, now=LATER)

    site, partner = load_state(tx, "site"), load_state(tx, "partner")

    assert (site.cursor, site.last_try, site.last_success) == (
        {"at": {"newest": "2026-03-06", "count": 3}},
        FRIDAY,
        FRIDAY,
    )
    assert partner.cursor == {"etag": '"é"'}


def test_a_source_that_fails_stays_where_it_was_with_the_words_and_the_time_to_come_again(tx: Tx) -> None:
    again = LATER + timedelta(hours=3)
    save_success(tx, "site", cursor={"at": 1}, now=FRIDAY)

    save_failure(tx, "site", error="it answers 503", try_again_at=again, now=LATER)
    state = load_state(tx, "site")

    assert (state.cursor, state.last_success, state.last_try) == ({"at": 1}, FRIDAY, LATER)
    assert (state.error, state.try_again_at) == ("it answers 503", again)


def test_a_source_that_fails_at_its_first_try_is_remembered_too(tx: Tx) -> None:
    save_failure(tx, "site", error="no such host", try_again_at=None, now=FRIDAY)

    state = load_state(tx, "site")

    assert (state.cursor, state.error, state.last_success) == ({}, "no such host", None)


def test_a_success_clears_the_error_and_the_hold(tx: Tx) -> None:
    save_failure(tx, "site", error="it answers 503", try_again_at=LATER, now=FRIDAY)
    save_success(tx, "site", cursor={}, now=LATER)

    state = load_state(tx, "site")

    assert (state.error, state.try_again_at, state.last_try) == (None, None, LATER)


def test_what_was_refused_is_listed_with_its_reason_until_it_is_taken(tx: Tx) -> None:
    save_refusals(tx, "site", [a_refusal("b"), a_refusal("a")], now=FRIDAY)
    assert list_refusals(tx, "site") == [a_refusal("a"), a_refusal("b")]

    save_refusals(tx, "site", [], taken=["a"], now=LATER)
    assert keys(tx) == ["b"]


def test_the_newest_reason_counts_also_within_one_word_of_the_source(tx: Tx) -> None:
    save_refusals(tx, "site", [a_refusal("a", "no date")], now=FRIDAY)
    save_refusals(tx, "site", [a_refusal("a", "no text"), a_refusal("a", "no title")], now=LATER)

    assert [one.reason for one in list_refusals(tx, "site")] == ["no title"]


def test_a_source_speaks_of_its_own_keys_only(tx: Tx) -> None:
    save_refusals(tx, "site", [a_refusal("a")], now=FRIDAY)
    save_refusals(tx, "partner", [a_refusal("a")], now=FRIDAY)

    save_refusals(tx, "partner", [], taken=["a"], now=LATER)

    assert (keys(tx, "site"), keys(tx, "partner")) == (["a"], [])


def test_failures_are_counted_in_a_row_until_a_success(tx: Tx) -> None:
    counts = []
    for _ in range(2):
        save_failure(tx, "site", error="it answers 503", try_again_at=None, now=FRIDAY)
        counts.append(load_state(tx, "site").failures)
    save_success(tx, "site", cursor={}, now=LATER)

    assert [*counts, load_state(tx, "site").failures] == [1, 2, 0]


def test_what_waits_for_a_person_is_said_until_nothing_does(tx: Tx) -> None:
    save_success(tx, "site", cursor={"at": 1}, now=FRIDAY, note="a post was skipped", held_why="40 articles vanished")
    held = load_state(tx, "site")

    save_held(tx, "site", None)

    state = load_state(tx, "site")
    assert (held.held_why, held.note) == ("40 articles vanished", "a post was skipped")
    assert (state.held_why, state.note, state.cursor) == (None, "a post was skipped", {"at": 1})
