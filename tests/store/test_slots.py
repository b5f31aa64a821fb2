"""The slot book: every sending time stands in it once, and how it ended."""

from datetime import timedelta

import pytest

from publisher.model.edition import EditionState, SlotOutcome
from publisher.store import slots
from publisher.store.engine import Tx
from tests.builders import FRIDAY
from tests.store.store_builders import a_newsletter, an_edition

WEEK = timedelta(days=7)


@pytest.fixture
def weekly(tx: Tx) -> int:
    """A newsletter with an empty book."""
    return a_newsletter(tx)


def book(tx: Tx, newsletter: int) -> list[tuple[int, SlotOutcome | None, str | None]]:
    """The lines of the book: weeks from Friday, outcome and why."""
    return [((one.at - FRIDAY) // WEEK, one.outcome, one.why) for one in slots.list_slots(tx, newsletter)]


def an_edition_in_its_slot(tx: Tx, newsletter: int, week: int = 0) -> int:
    """An edition that the book names; closed, so that another may be opened."""
    slot = FRIDAY + week * WEEK
    slots.open_slot(tx, newsletter, slot, by_clock=True)
    number = an_edition(tx, newsletter, slot, state=EditionState.CANCELLED).id
    slots.tie_slot(tx, newsletter, slot, number)
    return number


def test_a_slot_stands_in_the_book_once_and_stays_as_it_was_written_first(tx: Tx, weekly: int) -> None:
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True, missed="the program was not running")
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True)
    slots.open_slot(tx, weekly, FRIDAY - WEEK, by_clock=True)
    slots.open_slot(tx, weekly, FRIDAY - WEEK, by_clock=True, missed="too late to miss it")

    assert book(tx, weekly) == [(-1, None, None), (0, SlotOutcome.MISSED, "the program was not running")]


def test_a_slot_belongs_to_its_newsletter(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True)
    slots.open_slot(tx, alerts, FRIDAY, by_clock=True)

    slots.end_slot(tx, alerts, FRIDAY, SlotOutcome.LATE, "down")

    assert book(tx, weekly) == [(0, None, None)]
    assert {one.newsletter for one in slots.list_slots(tx, alerts)} == {"alerts"}


def test_the_newest_slot_of_the_clock_is_the_one_that_the_clock_goes_on_from(tx: Tx, weekly: int) -> None:
    assert slots.last_clock_slot(tx, weekly) is None
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True)
    slots.open_slot(tx, weekly, FRIDAY - WEEK, by_clock=True)
    slots.open_slot(tx, weekly, FRIDAY + WEEK, by_clock=False)

    assert slots.last_clock_slot(tx, weekly) == FRIDAY


def test_a_slot_made_by_hand_becomes_the_clocks_when_the_clock_comes_to_it_and_never_the_other_way(
    tx: Tx, weekly: int
) -> None:
    for by_clock in (False, True, False):
        slots.open_slot(tx, weekly, FRIDAY, by_clock=by_clock)

    assert slots.last_clock_slot(tx, weekly) == FRIDAY


def test_an_open_slot_without_an_edition_ends_once(tx: Tx, weekly: int) -> None:
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True)

    ended = [slots.end_slot(tx, weekly, FRIDAY, SlotOutcome.LATE, why) for why in ("first", "second")]

    assert ended == [True, False]
    assert book(tx, weekly) == [(0, SlotOutcome.LATE, "first")]


def test_a_slot_that_has_an_edition_by_now_is_not_ended_over_it(tx: Tx, weekly: int) -> None:
    an_edition_in_its_slot(tx, weekly)

    assert not slots.end_slot(tx, weekly, FRIDAY, SlotOutcome.LATE, "down")
    assert book(tx, weekly) == [(0, None, None)]


def test_a_slot_ends_with_its_edition_and_opens_again_with_it(tx: Tx, weekly: int) -> None:
    first, second = an_edition_in_its_slot(tx, weekly), an_edition_in_its_slot(tx, weekly, week=1)

    slots.close_slot(tx, first, SlotOutcome.HALTED, "article 3 was withdrawn")
    halted = book(tx, weekly)
    slots.close_slot(tx, first, None, None)

    assert halted == [(0, SlotOutcome.HALTED, "article 3 was withdrawn"), (1, None, None)]
    assert book(tx, weekly) == [(0, None, None), (1, None, None)]
    found = slots.find_slot(tx, second)
    assert found is not None
    assert (found.at, found.edition, found.by_clock, found.newsletter) == (FRIDAY + WEEK, second, True, "weekly")


def test_an_edition_without_a_slot_has_no_line(tx: Tx, weekly: int) -> None:
    slots.open_slot(tx, weekly, FRIDAY, by_clock=True)

    assert slots.find_slot(tx, an_edition(tx, weekly).id) is None


def test_due_are_the_open_slots_without_an_edition_up_to_a_moment_oldest_first(tx: Tx, weekly: int) -> None:
    an_edition_in_its_slot(tx, weekly)
    for week in (3, 1, 2):
        slots.open_slot(tx, weekly, FRIDAY + week * WEEK, by_clock=True)
    slots.open_slot(tx, weekly, FRIDAY - WEEK, by_clock=True, missed="down")
    slots.open_slot(tx, a_newsletter(tx, "alerts"), FRIDAY, by_clock=False)

    due = slots.list_due_slots(tx, until=FRIDAY + 2 * WEEK)

    assert [(one.newsletter, (one.at - FRIDAY) // WEEK) for one in due] == [
        ("alerts", 0),
        ("weekly", 1),
        ("weekly", 2),
    ]


def test_slots_that_ended_without_an_edition_are_listed_newest_first(tx: Tx, weekly: int) -> None:
    slots.close_slot(tx, an_edition_in_its_slot(tx, weekly), SlotOutcome.SENT, None)
    slots.open_slot(tx, weekly, FRIDAY + WEEK, by_clock=True)
    for week in (-2, -3, -1):
        slots.open_slot(tx, weekly, FRIDAY + week * WEEK, by_clock=True, missed="down")

    ended = slots.list_ended_without_edition(tx, limit=2)

    assert [(one.at - FRIDAY) // WEEK for one in ended] == [-1, -2]


def test_a_newsletter_has_no_timetable_before_the_clocks_first_look(tx: Tx, weekly: int) -> None:
    assert slots.find_timetable(tx, weekly) is None
    assert slots.find_timetable(tx, 10**9) is None


def test_of_two_who_change_a_timetable_the_one_who_saw_the_old_one_wins(tx: Tx, weekly: int) -> None:
    first = slots.change_timetable(tx, weekly, was=None, to="0 7 * * fri", since=FRIDAY)
    blind = slots.change_timetable(tx, weekly, was=None, to="0 9 * * fri", since=FRIDAY)
    second = slots.change_timetable(tx, weekly, was="0 7 * * fri", to="0 8 * * fri", since=FRIDAY + WEEK)
    stale = slots.change_timetable(tx, weekly, was="0 7 * * fri", to="0 9 * * fri", since=FRIDAY)

    assert (first, blind, second, stale) == (True, False, True, False)
    assert slots.find_timetable(tx, weekly) == ("0 8 * * fri", FRIDAY + WEEK)
