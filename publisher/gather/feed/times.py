"""The times of an entry: by the standards, by feedparser's knowledge of odd feeds, or in words of some language.

Nothing is guessed: "12/03/2026" is two days, "yesterday" is none that stays.
"""

import calendar
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from publisher.gather.feed.document import Fields, text_of
from publisher.gather.times import in_range, read_time
from publisher.model.markup import names

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_YEAR = 2200  #: what lies beyond is a "never" of some database: 9999-12-31
#: In the order of looking: when it came out, when it was changed, when it was made.
NAMES = ("published", "updated", "created")
#: Zones that feedparser knows; it takes any other for UTC.
ZONES = names("ut utc gmt z adt ast at edt est et cdt cst ct mdt mst mt pdt pst pt met mest am pm")
ZONE = re.compile(r"\d[\d:.]*\s*\(?([A-Za-z]{2,5})\)?$")
WITHOUT_ZONE = re.compile(r"(?:^|[T\s])\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
FRENCH_HOUR = re.compile(r"\b(\d{1,2}) ?h ?(\d{2})\b")
#: A date in words has a year, and letters enough for the name of a month.
IN_WORDS = re.compile(r"(?=.*(?<!\d)\d{4}(?!\d))(?=.*[^\W\d_]{3})", re.DOTALL)
LONGEST = 80  #: characters; what is longer is no date
LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "ca", "nl", "pl", "ru", "uk", "tr", "id", "ar")
STRICT = {
    "PARSERS": ["absolute-time"],
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "RETURN_AS_TIMEZONE_AWARE": True,
    "TIMEZONE": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When an entry came out, as far as it says."""

    at: datetime | None
    said: str = ""  #: what stands there; empty where nothing does
    notes: tuple[str, ...] = ()


def published_of(entry: Fields, language: str = "") -> Dated:
    """The time of publication, else of the last change; `at` is None where neither is there or can be read."""
    said = {name: text_of(entry, name).strip() for name in NAMES if name in entry}
    for name, text in said.items():
        at, notes = read(entry, name, language)
        if at is not None:
            return Dated(at=at, said=text, notes=(*missing(said, name), *notes))
    return Dated(at=None, said=next(filter(None, said.values()), ""))


def modified_of(entry: Fields, language: str = "") -> datetime | None:
    """The time of the last change."""
    return read(entry, "updated", language)[0]


def missing(said: dict[str, str], taken: str) -> Iterator[str]:
    """What is noted where another time than that of publication is taken."""
    if taken == "published":
        return
    text = said.get("published", "")
    why = f"its date of publication cannot be read ({text[:40]!r})" if text else "no date of publication"
    yield f"{why}: that of the last change is taken"


def read(entry: Fields, name: str, language: str) -> tuple[datetime | None, tuple[str, ...]]:
    """One time of an entry in UTC, and how it was read where that was not plain."""
    # `get` would find one where there is none: feedparser passes `published` off as `updated`.
    text = text_of(entry, name).strip() if name in entry else ""
    if not text or len(text) > LONGEST:
        return None, ()
    notes = ("its date names no time zone: read as UTC",) if WITHOUT_ZONE.search(text) else ()
    zone = ZONE.search(text)
    is_strange = zone is not None and zone[1].lower() not in ZONES
    if not is_strange and (at := sane(read_time(text)) or sane(known(entry, name))):
        return at, notes
    if at := sane(in_words(text, language.partition("-")[0].lower())):
        return at, (f"its date is in words ({text!r}): read as {at:%Y-%m-%dT%H:%M:%SZ}", *notes)
    if is_strange and (at := sane(known(entry, name))):
        return at, (f"its time zone is not known ({text!r}): read as UTC",)
    return None, ()


def known(entry: Fields, name: str) -> datetime | None:
    """What feedparser made of it; not where it made a date of "12", or another day of the 30th of February."""
    parsed = entry.get(f"{name}_parsed") if f"{name}_parsed" in entry else None
    text = text_of(entry, name).strip()
    if not isinstance(parsed, time.struct_time) or re.fullmatch(r"[\d.-]*", text):
        return None
    try:
        moment = EPOCH + timedelta(seconds=calendar.timegm(parsed))
        written = ISO_DAY.match(text)
        day = datetime.fromisoformat(f"{written[0]}T00:00:00Z") if written else moment
        return moment if abs(moment - day) < timedelta(days=2) else None
    except (ValueError, OverflowError):
        return None


def sane(moment: datetime | None) -> datetime | None:
    """The moment, unless it is a zero or a "never" of some database."""
    return in_range(moment) if moment and moment.year < LAST_YEAR else None


@lru_cache(maxsize=4096)
def in_words(text: str, language: str) -> datetime | None:
    """A date such as "12 de marzo de 2026" or "mar., 12 mars 2026"; the entry's own language is tried first."""
    if not IN_WORDS.match(text):
        return None
    from dateparser import parse  # its tables of languages take a tenth of a second, and few feeds need them

    first = [language] if language in LANGUAGES else []
    for one in dict.fromkeys((*first, *LANGUAGES)):
        try:
            found = parse(FRENCH_HOUR.sub(r"\1:\2", text), languages=[one], settings=STRICT)
        except (ValueError, OverflowError, RecursionError, re.error):
            continue
        if found is not None:
            return found.astimezone(UTC)
    return None
