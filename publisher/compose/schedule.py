"""When editions are due: cron in the newsletter's zone, as UTC instants of sending. Pure.

A local time that does not exist is sent at the instant that cron gives; one that comes twice, only the first time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

LIMIT = 1000


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
    """The sending times of one cron expression in (after, until]."""
    trigger = CronTrigger.from_crontab(expression, timezone=zone)
    at, seen, limit = after.astimezone(UTC) + timedelta(seconds=1), None, LIMIT
    while limit and (local := trigger.get_next_fire_time(None, at)) is not None:
        slot = local.astimezone(UTC)
        if slot > until:
            return
        at = slot + timedelta(seconds=1)  # in UTC: aware + timedelta forgets the fold and would loop for ever
        if local.fold == 0 and slot != seen:
            seen = slot
            limit -= 1
            yield slot


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
