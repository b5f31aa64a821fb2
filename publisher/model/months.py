"""The months that archive documents are cut by (RFC 5005), in UTC: which one an article is in, and when one is over.

A month is `YYYY-MM`; as text, months are in the order of time. Only months that are over have a document: a reader
fetches an archive once and never looks again, so what came later in an open month would be lost to it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime


def archive_month(published: datetime, first_stored: datetime, *, is_first_gather: bool) -> str:
    """The month of an article: of the CMS date in its source's first gather, of first storing afterwards.

    Asked once, when the article is first stored, and kept: a CMS changes its dates, and an article may get another
    source. What is put in later with an old date comes into the current month, so that a reader who has read the old
    months gets it, and they need not be written anew.
    """
    # A date in the future would open a month that is not there yet.
    return month_of(min(published, first_stored) if is_first_gather else first_stored)


def month_of(moment: datetime) -> str:
    """The month of a moment, in UTC."""
    day = moment.astimezone(UTC)
    return f"{day.year:04}-{day.month:02}"


def month_end(month: str) -> datetime:
    """The first moment after a month."""
    year, number = (int(part) for part in month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def is_over(month: str, *, now: datetime) -> bool:
    """Whether a month has ended, so that its document may be written."""
    return month_end(month) <= now


def neighbours(month: str, months: Sequence[str]) -> tuple[str | None, str | None]:
    """The month with a document before this one, and the one after it; `months` in any order, `month` may be in it."""
    before = max((one for one in months if one < month), default=None)
    after = min((one for one in months if one > month), default=None)
    return before, after
