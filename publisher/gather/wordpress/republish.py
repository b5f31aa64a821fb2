"""Whether a post may be republished, and from when, by its own word: the options `no_republish` and `embargo`.

What is said and cannot be read forbids: a slip of the pen must not give away what was to be kept back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from publisher.gather.times import in_range
from publisher.gather.wordpress.api import WordPressApi
from publisher.gather.wordpress.fields import Post, embedded_terms
from publisher.gather.wordpress.meta import is_ticked, key_of, read_meta
from publisher.gather.wordpress.terms import Tree, is_filed_under
from publisher.settings import SourceOptions

#: What field plugins store: 20260308, 20260308120000, and seconds or milliseconds since 1970.
DIGITS = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
SECONDS, MILLISECONDS = {9, 10}, 13

Zone = Callable[[], tzinfo | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a post says of its republishing."""

    no_republish: bool = False
    embargo_until: datetime | None = None
    notes: tuple[str, ...] = ()


def bounds_of(post: Post, options: SourceOptions, tree: Tree, zone: Zone) -> Bounds:
    """Reads both options; `zone` is the site's, asked for only where a time names none."""
    terms = [term for group in embedded_terms(post) for term in group]
    key = key_of(options.no_republish)
    kept_back = is_ticked(post, key) if key else is_filed_under(terms, options.no_republish, tree)
    text = read_meta(post, key_of(options.embargo)) if options.embargo else ""
    if not text:
        return Bounds(no_republish=kept_back)
    until = read_embargo(text, zone)
    if until is None:
        note = f"its embargo cannot be read (“{text[:40]}”): not to be republished until it is mended"
        return Bounds(no_republish=True, notes=(note,))
    return Bounds(no_republish=kept_back, embargo_until=until)


def read_embargo(text: str, zone: Zone) -> datetime | None:
    """A time as people and field plugins write it, in UTC; without an offset it is the site's own; None: unreadable."""
    try:
        if text.isascii() and text.isdecimal():
            return in_range(read_digits(text, zone))
        moment = datetime.fromisoformat(re.sub(r"(?<=\d)z$", "Z", text))
        return in_range(moment.astimezone(UTC) if moment.tzinfo else at_site(moment, zone))
    except (ValueError, OverflowError):
        return None


def read_digits(text: str, zone: Zone) -> datetime:
    """A time of digits only; raises `ValueError`."""
    if len(text) in SECONDS:
        return datetime.fromtimestamp(int(text), UTC)
    if len(text) == MILLISECONDS:
        return datetime.fromtimestamp(int(text) // 1000, UTC)
    return at_site(datetime.strptime(text, DIGITS.get(len(text), "no such form")), zone)  # noqa: DTZ007 - see below


def at_site(moment: datetime, zone: Zone) -> datetime:
    """A local time of the site in UTC; raises `ValueError` when nobody can tell its zone."""
    where = zone()
    if where is None:
        raise ValueError("the site does not tell its time zone")
    return moment.replace(tzinfo=where).astimezone(UTC)


def fetch_zone(api: WordPressApi) -> tzinfo | None:
    """The site's time zone, which its index names; None where the index is closed."""
    answer = api.get("/", {"_fields": "timezone_string,gmt_offset"})
    fields = answer.data if isinstance(answer.data, dict) else {}
    try:
        return ZoneInfo(str(fields["timezone_string"]))
    except (KeyError, ValueError, OSError):  # `ZoneInfoNotFoundError` is a `KeyError`; a site may have an offset only
        pass
    try:
        return timezone(timedelta(hours=float(fields["gmt_offset"])))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
