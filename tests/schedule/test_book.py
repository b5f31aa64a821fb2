"""The slot book tells the truth: one line a slot, whatever stopped, was late, stood in the way or was changed."""

import pytest

from publisher.compose.decide import cancel_edition
from publisher.compose.edition import compose_edition
from publisher.model.edition import SlotOutcome
from tests.builders import ANA, FRIDAY
from tests.house import NEWSLETTER, House
from tests.ticking import DAY, HOUR, MINUTE, WEEK, all_editions, book, look_at, whys


def test_nothing_that_was_before_the_clocks_first_look_is_caught_up(house: House) -> None:
    house.publish()

    look_at(house, FRIDAY + MINUTE)

    assert book(house) == []


def test_after_a_restart_two_slots_later_the_newest_is_worked_and_the_other_missed(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)  # stopped right after its start

    look_at(house, FRIDAY + WEEK + HOUR)

    assert book(house) == [(FRIDAY, SlotOutcome.MISSED), (FRIDAY + WEEK, SlotOutcome.SENT)]
    assert whys(house)[0] == "the clock was not running; a later slot has come"


def test_a_slot_that_is_found_after_its_send_by_is_late_and_has_no_edition(house: House) -> None:
    house.publish()
    look_at(house, FRIDAY - HOUR)

    look_at(house, FRIDAY + 2 * DAY)

    assert (book(house), all_editions(house)) == ([(FRIDAY, SlotOutcome.LATE)], [])


def test_a_year_of_slots_has_a_year_of_lines_in_the_book(sqlite_house: House) -> None:
    house = sqlite_house
    house.configure(schedule="30 2 * * *", timezone="America/New_York")
    look_at(house, FRIDAY - WEEK)

    for days in range(366):
        look_at(house, FRIDAY + days * DAY)

    assert len(book(house)) == 372
    assert {outcome for _, outcome in book(house)} == {SlotOutcome.MISSED, SlotOutcome.SKIPPED}
    assert [outcome for _, outcome in book(house)].count(SlotOutcome.MISSED) == 6  # between the first two looks


def test_an_edition_with_too_little_in_it_is_skipped_and_the_book_says_how_little(house: House) -> None:
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SKIPPED)]
    assert "the minimum is 1" in str(whys(house)[0])


def test_an_open_edition_keeps_the_next_slot_waiting_until_it_ends(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    blocking = compose_edition(
        house.publisher.composer, NEWSLETTER, FRIDAY - HOUR, by_clock=False, now=house.clock.now()
    )

    look_at(house, FRIDAY)
    waiting = book(house)
    cancel_edition(house.store, blocking.id, now=house.clock.now())
    look_at(house, FRIDAY + HOUR)

    assert waiting[1:] == [(FRIDAY, None)]
    assert book(house)[1:] == [(FRIDAY, SlotOutcome.SENT)]


def test_a_slot_behind_an_open_edition_is_missed_and_the_book_names_it(house: House) -> None:
    house.publish()
    look_at(house, FRIDAY - HOUR)
    blocking = compose_edition(
        house.publisher.composer, NEWSLETTER, FRIDAY - HOUR, by_clock=False, now=house.clock.now()
    )
    look_at(house, FRIDAY)

    look_at(house, FRIDAY + DAY)

    assert book(house)[1:] == [(FRIDAY, SlotOutcome.MISSED)]
    assert f"edition {blocking.id}," in str(whys(house)[1])


@pytest.mark.parametrize("cron", ["30 7 * * fri", "0 7 * * fri,sat"])
def test_a_schedule_that_is_changed_after_its_slot_makes_no_second_edition(house: House, cron: str) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)
    house.publish("another")

    house.configure(schedule=cron)
    look_at(house, FRIDAY + MINUTE)
    look_at(house, FRIDAY + HOUR)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_schedule_that_is_changed_does_not_fill_the_past_with_missed_slots(house: House) -> None:
    look_at(house, FRIDAY - WEEK + HOUR)
    house.configure(schedule="0 * * * *")

    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert [at for at, _ in book(house)] == [FRIDAY]


def test_what_was_missed_under_the_old_schedule_is_booked_before_the_new_one_counts(house: House) -> None:
    look_at(house, FRIDAY - HOUR)
    house.configure(schedule="0 9 * * mon")

    look_at(house, FRIDAY + 2 * WEEK)

    assert [at for at, _ in book(house)] == [FRIDAY, FRIDAY + WEEK, FRIDAY + 2 * WEEK]
