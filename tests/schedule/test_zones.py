"""The book through changes of the clocks, of the zone and of the timetable: a time is one slot, and none is lost."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from publisher.model.edition import EditionState, SlotOutcome
from tests.builders import ANA, FRIDAY
from tests.house import House
from tests.ticking import DAY, HOUR, MINUTE, WEEK, all_editions, book, look_at

NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnights in New York


def at_each(house: House, start: datetime, *, hours: int, step: timedelta = HOUR / 2) -> None:
    """Looks again and again."""
    moment = start
    while moment <= start + hours * HOUR:
        look_at(house, moment)
        moment += step


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("cron", ["0 0 * * *", "30 1 * * *", "30 2 * * *", "0 3 * * *"])
def test_a_daily_letter_has_one_slot_a_day_through_a_change_of_the_clocks(
    sqlite_house: House, change: datetime, cron: str
) -> None:
    house = sqlite_house
    house.configure(schedule=cron, timezone="America/New_York")

    at_each(house, change - 2 * HOUR, hours=52, step=HOUR)

    days = [at.astimezone(NEW_YORK).date() for at, _ in book(house)]
    assert len(days) == len(set(days))
    assert [later - earlier for earlier, later in pairwise(days)] == [DAY] * (len(days) - 1)
    assert len(days) >= 2


def test_the_hour_that_comes_twice_sends_one_letter(sqlite_house: House) -> None:
    house = sqlite_house
    house.configure(schedule="30 1 * * *", timezone="America/New_York")
    house.subscribe(ANA)
    house.publish(published=AUTUMN - HOUR)
    look_at(house, AUTUMN - HOUR)

    for hour in (1, 2):
        look_at(house, AUTUMN + hour * HOUR + 31 * MINUTE)
        house.publish(f"after{hour}", published=AUTUMN)

    assert book(house) == [(AUTUMN + timedelta(hours=1, minutes=30), SlotOutcome.SENT)]


def test_a_change_of_the_zone_counts_after_the_last_slot_and_makes_no_second_letter_of_the_day(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    house.configure(timezone="America/Los_Angeles")  # 07:00 there is 15:00 UTC, three hours after 07:00 in Bogotá
    house.publish("another")
    at_each(house, FRIDAY + MINUTE, hours=12)
    look_at(house, FRIDAY + WEEK)
    look_at(house, FRIDAY + WEEK + 2 * HOUR)  # 07:00 in Los Angeles, whose clocks were changed meanwhile

    assert [at for at, _ in book(house)] == [FRIDAY, FRIDAY + WEEK + 2 * HOUR]


def test_a_change_to_a_zone_further_east_never_acts_backwards(sqlite_house: House) -> None:
    house = sqlite_house
    look_at(house, FRIDAY - HOUR)

    house.configure(timezone="Europe/Madrid")  # 07:00 there was six hours ago
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY + DAY)

    assert book(house) == []


def test_an_open_slot_keeps_its_time_when_the_timetable_is_changed(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)

    house.configure(review="2h", schedule="0 9 * * fri")
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_review_that_is_longer_than_the_absence_still_gives_the_editor_all_of_it(sqlite_house: House) -> None:
    house = sqlite_house
    house.configure(review="4h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - DAY)

    look_at(house, FRIDAY - HOUR)  # back from an outage, with an hour to go
    look_at(house, FRIDAY + MINUTE)
    still = all_editions(house)[0].state
    look_at(house, FRIDAY + 3 * HOUR)

    assert (still, all_editions(house)[0].state) == (EditionState.COMPOSED, EditionState.SENT)


def test_a_letter_every_hour_is_late_when_the_next_one_is_due(sqlite_house: House) -> None:
    house = sqlite_house
    house.configure(schedule="0 * * * *", send_by="24h")
    look_at(house, FRIDAY - MINUTE)

    look_at(house, FRIDAY + HOUR - MINUTE)
    in_time = book(house)
    look_at(house, FRIDAY + 3 * HOUR + MINUTE)

    assert in_time == [(FRIDAY, SlotOutcome.SKIPPED)]
    assert [outcome for _, outcome in book(house)[1:]] == [SlotOutcome.MISSED, SlotOutcome.MISSED, SlotOutcome.SKIPPED]


def test_a_newsletter_that_is_taken_out_of_the_configuration_and_put_back_fills_its_book_with_what_it_missed(
    sqlite_house: House,
) -> None:
    house = sqlite_house
    look_at(house, FRIDAY - HOUR)
    settings = house.publisher.settings

    house.publisher.__dict__["settings"] = settings.model_copy(update={"newsletters": {}})
    look_at(house, FRIDAY + HOUR)
    house.publisher.__dict__["settings"] = settings
    look_at(house, FRIDAY + WEEK)

    assert [outcome for _, outcome in book(house)] == [SlotOutcome.MISSED, SlotOutcome.SKIPPED]
