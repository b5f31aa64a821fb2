"""The timetable that the clock goes by for one newsletter, kept in the store, so that a change of it is seen.

A change never acts on the past, nor on a slot that is open already: it counts after the last slot and half the new
timetable's shortest interval, so that moving 07:00 to 07:30 after 07:00 went makes no second edition of the day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from publisher.compose.schedule import slots_between

#: Enough to meet the shortest interval of any cron expression that a newsroom writes.
LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When a newsletter is sent."""

    zone: ZoneInfo
    schedule: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is stored: the zone, then one cron expression a line."""
        return "\n".join([self.zone.key, *self.schedule])


def parse_timetable(text: str) -> Timetable:
    """Reads a stored timetable."""
    zone, *schedule = text.split("\n")
    return Timetable(zone=ZoneInfo(zone), schedule=tuple(schedule))


def change_counts_from(new: Timetable, *, last: datetime | None, now: datetime) -> datetime:
    """After which moment a new timetable counts."""
    if last is None:
        return now
    return max(now, last, last + shortest_interval(new, after=now) / 2)


def shortest_interval(timetable: Timetable, *, after: datetime) -> timedelta:
    """The shortest time between two slots to come; zero where there are not two."""
    slots = slots_between(timetable.schedule, timetable.zone, after=after, until=after + LOOK_AHEAD)
    return min((later - earlier for earlier, later in pairwise(slots)), default=timedelta(0))
