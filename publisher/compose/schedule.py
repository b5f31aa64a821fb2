"""When editions are due: cron in the newsletter's zone, as UTC instants of sending. Pure.

    cron ─► wall-clock times, without any zone ─► in the zone ─► UTC

A local time that does not exist is sent as much later as the clocks were put forward; one that comes twice, only the
first time.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

LIMIT = 1000
A_DAY = timedelta(days=1)  #: no clock was ever put forward further


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a look at the clock finds for one newsletter."""

    missed: tuple[datetime, ...]  #: older slots, which nobody works any more
    newest: datetime | None  #: the one slot to work
    is_late: bool = False  #: it is past its `send_by`: nothing goes by itself


def slots_between(schedule: Sequence[str], zone: ZoneInfo, *, after: datetime, until: datetime) -> list[datetime]:
    """All sending times of a schedule in (after, until], in order, at most 1,000."""
    found = {slot for expression in schedule for slot in slots_of(expression, zone, after=after, until=until)}
    return sorted(found)[:LIMIT]


def slots_of(expression: str, zone: ZoneInfo, *, after: datetime, until: datetime) -> Iterator[datetime]:
    """The sending times of one cron expression in (after, until], in order, each once, at most 1,000."""
    ahead: list[datetime] = []
    last, limit = after, LIMIT
    start = after.astimezone(zone).replace(tzinfo=UTC) - put_forward(zone, after)
    for wall in wall_times(expression, start):
        slot = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        heapq.heappush(ahead, slot)
        # what follows may come earlier only as far as an hour that does not exist was pushed behind the next one
        sure = slot - put_forward(zone, slot)
        while ahead and ahead[0] <= sure:
            slot = heapq.heappop(ahead)
            if slot > until or not limit:
                return
            if slot > last:
                last, limit = slot, limit - 1
                yield slot


def wall_times(expression: str, start: datetime) -> Iterator[datetime]:
    """What a clock on the wall shows when a cron expression fires, from `start` on, in order, written as UTC.

    Not in the zone itself: there APScheduler 3.11 leaves out times within a day of a change of the clocks, midnight of
    the Monday after it for one.
    """
    trigger = CronTrigger.from_crontab(expression, timezone=UTC)
    wall = trigger.get_next_fire_time(None, start)
    while wall is not None:
        yield wall
        wall = trigger.get_next_fire_time(None, wall + timedelta(seconds=1))


def put_forward(zone: ZoneInfo, moment: datetime) -> timedelta:
    """How far the clocks are put forward within a day of a moment; zero on nearly all days."""
    before, after = ((moment + days).astimezone(zone).utcoffset() for days in (-A_DAY, A_DAY))
    return max((after or timedelta(0)) - (before or timedelta(0)), timedelta(0))


def next_slot(schedule: Sequence[str], zone: ZoneInfo, *, after: datetime) -> datetime | None:
    """The first sending time after a moment; None for a schedule that never comes."""
    nexts = [next(slots_of(one, zone, after=after, until=after + timedelta(days=1500)), None) for one in schedule]
    return min((slot for slot in nexts if slot is not None), default=None)


def send_by(schedule: Sequence[str], zone: ZoneInfo, slot: datetime, span: timedelta) -> datetime:
    """Until when an edition may go by itself: `send_by`, capped to the interval to the next slot."""
    following = next_slot(schedule, zone, after=slot)
    return min(slot + span, following) if following else slot + span


def slots_due(slots: Sequence[datetime], *, send_by_of_newest: datetime | None, now: datetime) -> Due:
    """Of the slots since the last one only the newest is worked, before its `send_by`; older ones are missed."""
    if not slots or send_by_of_newest is None:
        return Due(missed=(), newest=None)
    return Due(missed=tuple(slots[:-1]), newest=slots[-1], is_late=now >= send_by_of_newest)
