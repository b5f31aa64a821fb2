"""When slots fall, and from when a changed timetable counts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from publisher.model.edition import SlotOutcome
from publisher.schedule.book import plan_lines
from publisher.schedule.timetable import Timetable, change_counts_from, parse_timetable, shortest_interval

DAY = timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("cron", ["30 1 * * *", "30 2 * * *"])
def test_a_year_of_daily_slots_has_one_a_day_through_both_clock_changes(cron: str) -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=(cron,))

    lines = plan_lines(timetable, after=NEW_YEAR, now=NEW_YEAR + 365 * DAY, lead=timedelta(0), span=DAY)

    assert len({line.at.astimezone(NEW_YORK).date() for line in lines}) == len(lines) == 365
    assert {later.at - earlier.at for earlier, later in pairwise(lines)} <= {timedelta(hours=h) for h in (23, 24, 25)}


def test_of_the_slots_that_passed_only_the_newest_is_open() -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=("0 7 * * *",))

    lines = plan_lines(timetable, after=NEW_YEAR, now=NEW_YEAR + 17 * DAY, lead=timedelta(0), span=DAY)

    assert [line.outcome for line in lines] == [*([SlotOutcome.MISSED] * 16), None]


def test_the_newest_slot_is_late_after_its_send_by() -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=("0 7 * * *",))

    lines = plan_lines(timetable, after=NEW_YEAR, now=NEW_YEAR + 2 * DAY, lead=timedelta(0), span=timedelta(hours=3))

    assert [line.outcome for line in lines] == [SlotOutcome.MISSED, SlotOutcome.LATE]


def test_only_the_next_slot_is_opened_for_review() -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=("0 * * * *",))

    lines = plan_lines(timetable, after=NEW_YEAR, now=NEW_YEAR, lead=timedelta(hours=5), span=DAY)

    assert [(line.at, line.outcome) for line in lines] == [(NEW_YEAR + timedelta(hours=1), None)]


def test_after_a_long_absence_a_look_books_a_thousand_missed_slots_and_the_next_goes_on() -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=("* * * * *",))

    lines = plan_lines(timetable, after=NEW_YEAR, now=NEW_YEAR + DAY, lead=timedelta(0), span=DAY)

    assert (len(lines), {line.outcome for line in lines}) == (1000, {SlotOutcome.MISSED})


def test_a_timetable_is_read_as_it_was_written() -> None:
    timetable = Timetable(zone=NEW_YORK, schedule=("0 7 * * mon-fri", "0 9 * * sat"))

    assert parse_timetable(timetable.text) == timetable
    assert shortest_interval(timetable, after=NEW_YEAR) == timedelta(hours=24)  # Friday 7 to Saturday 9 is longer


def test_a_new_timetable_counts_after_the_last_slot_and_half_its_shortest_interval() -> None:
    moved = Timetable(zone=ZoneInfo("America/Bogota"), schedule=("30 7 * * *",))

    counts_from = change_counts_from(moved, last=NEW_YEAR, now=NEW_YEAR + timedelta(minutes=5))

    assert counts_from == NEW_YEAR + timedelta(hours=12)
