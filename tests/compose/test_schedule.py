"""When editions are due: wall clock in the newsletter's zone, instants in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from publisher.compose.schedule import next_slot, send_by, slots_between, slots_due

NEW_YORK, BOGOTA = ZoneInfo("America/New_York"), ZoneInfo("America/Bogota")


def utc(text: str) -> datetime:
    """A moment from its ISO form."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_weekly_slot_is_an_instant_of_sending() -> None:
    found = slots_between(["0 7 * * fri"], BOGOTA, after=utc("2026-03-01"), until=utc("2026-03-14"))

    assert found == [utc("2026-03-06T12:00"), utc("2026-03-13T12:00")]


def test_seven_in_the_morning_stays_seven_over_a_change_of_summer_time() -> None:
    found = slots_between(["0 7 * * *"], NEW_YORK, after=utc("2026-03-07"), until=utc("2026-03-09T23:00"))

    assert [slot.astimezone(NEW_YORK).hour for slot in found] == [7, 7, 7]
    assert [slot.hour for slot in found] == [12, 11, 11]


def test_an_hour_that_does_not_exist_is_sent_at_the_next_that_does() -> None:
    found = slots_between(["30 2 * * *"], NEW_YORK, after=utc("2026-03-08T05:00"), until=utc("2026-03-08T12:00"))

    assert found == [utc("2026-03-08T07:30")]


def test_an_hour_that_comes_twice_is_sent_once() -> None:
    found = slots_between(["30 1 * * *"], NEW_YORK, after=utc("2026-11-01T04:00"), until=utc("2026-11-01T12:00"))

    assert found == [utc("2026-11-01T05:30")]


def test_a_list_of_schedules_is_one_schedule() -> None:
    found = slots_between(
        ["0 7 * * mon", "0 19 * * mon"], BOGOTA, after=utc("2026-03-02"), until=utc("2026-03-03T06:00")
    )

    assert found == [utc("2026-03-02T12:00"), utc("2026-03-03T00:00")]


def test_send_by_is_capped_to_the_interval() -> None:
    slot = utc("2026-03-06T12:00")

    assert send_by(["0 7 * * *"], BOGOTA, slot, timedelta(days=3)) == utc("2026-03-07T12:00")
    assert send_by(["0 7 * * fri"], BOGOTA, slot, timedelta(hours=24)) == utc("2026-03-07T12:00")


def test_of_missed_slots_only_the_newest_is_worked() -> None:
    slots = [utc(f"2026-03-0{day}T12:00") for day in (2, 3, 4)]

    due = slots_due(slots, send_by_of_newest=utc("2026-03-05T12:00"), now=utc("2026-03-04T13:00"))

    assert (due.missed, due.newest, due.is_late) == (tuple(slots[:2]), slots[2], False)


def test_the_newest_slot_is_late_after_its_send_by() -> None:
    slot = utc("2026-03-04T12:00")

    assert slots_due([slot], send_by_of_newest=utc("2026-03-05T12:00"), now=utc("2026-03-05T12:00")).is_late


def test_a_year_of_slots_has_every_week_once() -> None:
    found = slots_between(["0 7 * * fri"], NEW_YORK, after=utc("2026-01-01"), until=utc("2026-12-31"))

    assert len(found) == 52


def test_an_impossible_date_never_comes() -> None:
    assert next_slot(["0 7 31 2 *"], BOGOTA, after=utc("2026-01-01")) is None
