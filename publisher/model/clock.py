"""The clock as the house sees it: something that says what time it is, passed in by hand."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


def stamp(moment: datetime) -> str:
    """A moment as it is printed everywhere: `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339, UTC, whole seconds)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """Reads an RFC 3339 time with a zone; raises `ValueError` for one without."""
    moment = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write it as 2026-03-06T12:00:00Z")
    return moment.astimezone(UTC)
