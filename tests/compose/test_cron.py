"""Every cron that a newsroom may write, in every zone, through every change of the clocks: one slot for each time.

The oracle walks the wall clock minute by minute, knows nothing of cron libraries, and takes what a zone's table says.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.compose.schedule import next_slot, send_by, slots_between
from publisher.settings_values import check_schedule

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: Zones and the day before one of their changes: forward and back, of an hour, half an hour, two, and a whole day.
CHANGES = [
    ("America/New_York", "2026-03-07"),
    ("America/New_York", "2026-10-31"),
    ("Europe/Madrid", "2026-03-28"),
    ("Europe/Dublin", "2026-10-24"),
    ("America/Havana", "2026-03-07"),  # at midnight
    ("America/Santiago", "2026-09-05"),  # at midnight
    ("Africa/Casablanca", "2026-02-14"),  # backwards for a month
    ("Africa/Casablanca", "2026-03-21"),
    ("Australia/Lord_Howe", "2026-04-04"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-03"),
    ("Antarctica/Troll", "2026-03-28"),  # two hours
    ("Pacific/Apia", "2011-12-29"),  # a day that never was
    ("America/Bogota", "2026-03-07"),  # none
]


def fits(field: str, value: int, first: int, last: int) -> bool:
    """Whether a value is in a cron field of numbers."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        ends = [first, last] if span == "*" else [int(end) for end in span.split("-")]
        if ends[0] <= value <= ends[-1] and (value - ends[0]) % int(step or 1) == 0:
            return True
    return False


def walls(cron: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The wall-clock minutes of a cron expression."""
    minute, hour, day, month, weekday = cron.split()
    wall = start
    while wall < end:
        is_day = fits(day, wall.day, 1, 31) and fits(month, wall.month, 1, 12)
        is_day = is_day and (weekday == "*" or DAYS[wall.weekday()] in weekday.split(","))
        if is_day and fits(hour, wall.hour, 0, 23) and fits(minute, wall.minute, 0, 59):
            yield wall
        wall += timedelta(minutes=1)


def expected(cron: str, zone: ZoneInfo, after: datetime, until: datetime) -> list[datetime]:
    """The instants: what comes twice only the first time, what does not exist as much later as the clock jumped."""
    margin = timedelta(days=1, hours=1)
    start = (after.astimezone(zone) - margin).replace(tzinfo=None, second=0, microsecond=0)
    end = (until.astimezone(zone) + margin).replace(tzinfo=None)
    instants = {wall.replace(tzinfo=zone).astimezone(UTC) for wall in walls(cron, start, end)}
    return sorted(slot for slot in instants if after < slot <= until)


@st.composite
def crons(draw: st.DrawFn) -> str:
    """A cron expression whose slots lie at night, where clocks are changed, or anywhere."""
    minute = draw(st.sampled_from(["0", "30", "15,45", "*/20", "59", "7"]))
    hour = draw(st.sampled_from(["0", "1", "2", "3", "23", "*/2", "0-3", "1,2,3", "*"]))
    day, weekday = draw(st.sampled_from([("*", "*"), ("1", "*"), ("*/2", "*"), ("*", "mon"), ("*", "sat,sun,mon")]))
    return f"{minute} {hour} {day} * {weekday}"


@given(cron=crons(), change=st.sampled_from(CHANGES))
@settings(max_examples=60, deadline=None)
@example(cron="*/20 2 * * *", change=("Australia/Lord_Howe", "2026-10-03"))  # what is pushed on comes between the rest
def test_each_time_of_a_cron_has_one_slot_through_a_change_of_the_clocks(cron: str, change: tuple[str, str]) -> None:
    zone, after = ZoneInfo(change[0]), datetime.fromisoformat(change[1]).replace(tzinfo=UTC)
    until = after + timedelta(days=3)

    found = slots_between([check_schedule(cron)], zone, after=after, until=until)

    assert found == expected(cron, zone, after, until)


@given(cron=crons(), change=st.sampled_from(CHANGES), minutes=st.integers(0, 3 * 1440))
@settings(max_examples=60, deadline=None)
@example(cron="30 2 * * *", change=("America/New_York", "2026-03-07"), minutes=1870)  # after 2:00 was pushed to 3:00
def test_slots_go_on_from_any_moment_as_if_there_had_been_no_stop(
    cron: str, change: tuple[str, str], minutes: int
) -> None:
    zone, after = ZoneInfo(change[0]), datetime.fromisoformat(change[1]).replace(tzinfo=UTC)
    middle, until = after + timedelta(minutes=minutes), after + timedelta(days=3)

    parts = [slots_between([cron], zone, after=a, until=b) for a, b in ((after, middle), (middle, until))]

    assert [*parts[0], *parts[1]] == slots_between([cron], zone, after=after, until=until)


@given(several=st.lists(crons(), min_size=1, max_size=3), change=st.sampled_from(CHANGES))
@settings(max_examples=40, deadline=None)
def test_slots_of_several_crons_are_strictly_increasing_and_the_next_is_the_first_of_them(
    several: list[str], change: tuple[str, str]
) -> None:
    zone, after = ZoneInfo(change[0]), datetime.fromisoformat(change[1]).replace(tzinfo=UTC)

    found = slots_between(several, zone, after=after, until=after + timedelta(days=40))

    assert all(earlier < later for earlier, later in pairwise(found))
    assert found[:1] == [next_slot(several, zone, after=after)][: len(found)]
    assert all(send_by(several, zone, a, timedelta(days=400)) == b for a, b in list(pairwise(found))[:5])


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Madrid", "Australia/Sydney", "America/Santiago"])
@pytest.mark.parametrize(("cron", "count"), [("0 0 * * *", 365), ("0 0 * * mon", 52), ("0 0 1 * *", 12)])
def test_a_year_of_midnights_has_all_of_them(zone: str, cron: str, count: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)) - timedelta(seconds=1)

    found = slots_between([cron], ZoneInfo(zone), after=start.astimezone(UTC), until=start + timedelta(days=365))

    assert len(found) == count


@pytest.mark.parametrize(
    ("cron", "dates"),
    [
        ("0 7 29 2 *", ["2028-02-29", "2032-02-29"]),
        ("0 7 31 * *", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("0 7 last * *", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("0 7 * feb wed", ["2026-02-04", "2026-02-11", "2026-02-18"]),
    ],
)
def test_dates_that_not_every_month_has_come_where_they_are(cron: str, dates: list[str]) -> None:
    after, found = datetime(2026, 1, 1, tzinfo=UTC), list[str]()

    for _ in dates:
        slot = next_slot([check_schedule(cron)], ZoneInfo("UTC"), after=after)
        assert slot
        found.append(f"{slot:%Y-%m-%d}")
        after = slot

    assert found == dates


def test_seconds_of_a_moment_do_not_hide_the_slot_of_its_minute() -> None:
    just_before = datetime(2026, 3, 6, 11, 59, 59, 999_999, tzinfo=UTC)
    slot = datetime(2026, 3, 6, 12, tzinfo=UTC)

    assert next_slot(["0 12 * * *"], ZoneInfo("UTC"), after=just_before) == slot
    assert next_slot(["0 12 * * *"], ZoneInfo("UTC"), after=slot) == slot + timedelta(days=1)


ODD = ["*", "0", "5", "59", "60", "-1", "1-5", "5-1", "*/0", "*/7", "mon", "L", "x", "1,,2", "٣"]


@given(st.lists(st.sampled_from(ODD), min_size=3, max_size=6))
@settings(deadline=None)
def test_what_is_no_cron_is_refused_in_words_that_repeat_it(fields: list[str]) -> None:
    text = " ".join(fields)
    try:
        check_schedule(text)
        why = repr(text)
    except ValueError as error:
        why = str(error)

    assert why.startswith(repr(text))
