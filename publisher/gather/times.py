"""The times that sources give: read as UTC, or not at all; odd ones are noted, not mended."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_YEAR_ONE = 1000  # what lies before is a zero date in disguise: 0000-00-00, -0001-11-30, year 1


def read_time(text: str, zone: ZoneInfo | None = None) -> datetime | None:
    """An RFC 3339 or ISO 8601 time; without an offset it is in `zone`, else UTC. None for what is none."""
    text = re.sub(r"(?<=\d)z$", "Z", text.strip())
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone or UTC)
        return in_range(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def in_range(moment: datetime) -> datetime | None:
    """The moment, unless it is the zero date of some database."""
    return moment if moment.year >= _YEAR_ONE else None


def time_notes(published: datetime, now: datetime) -> tuple[str, ...]:
    """What is odd about a time of publication."""
    return ("published in the future, says the source",) if published > now else ()
