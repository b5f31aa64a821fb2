"""The times of entries: by the standards, in words, and those that are none."""

from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.gather.feed.times import Dated, published_of
from tests.builders import FRIDAY

MIDNIGHT = datetime(2026, 3, 6, tzinfo=UTC)


def dated(text: str, language: str = "en") -> Dated:
    """What an entry with this date says."""
    entry = feedparser.FeedParserDict(published=text, published_parsed=feedparser.datetimes._parse_date(text))  # noqa: SLF001 - what feedparser itself does with it
    return published_of(entry, language)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 06 Mar 2026 12:00:00 GMT",
        "Fri, 06 Mar 2026 07:00:00 -0500",
        "Fri, 6 Mar 26 12:00 +0000",
        "Fri, 06 Mar 2026 07:00:00 EST",
        "2026-03-06T12:00:00Z",
        "2026-03-06T07:00:00-05:00",
        "2026-03-06T12:00:00.123456789Z",
    ],
)
def test_a_standard_date_is_read_without_a_word(text: str) -> None:
    found = dated(text)

    assert found.at is not None
    assert (found.at.replace(microsecond=0), found.notes) == (FRIDAY, ())


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("6 de marzo de 2026", "es", MIDNIGHT),
        ("Vie, 06 mar 2026 07:00:00 -0500", "es", FRIDAY),
        ("ven., 6 mars 2026", "fr", MIDNIGHT),
        ("6. März 2026 12:00 Uhr", "de", FRIDAY),
        ("6 de março de 2026 às 12h00", "pt", FRIDAY),
        ("March 6, 2026 7:00 am EST", "en", FRIDAY),
        ("пятница, 6 марта 2026, 12:00", "ru", FRIDAY),
        ("6 de marzo de 2026", "xx", MIDNIGHT),
        ("Fri, 06 Mar 2026 13:00:00 CET", "en", FRIDAY),
        ("Fri, 06 Mar 2026 07:00:00 COT", "es", FRIDAY),
    ],
)
def test_a_date_in_words_is_read_and_noted(text: str, language: str, moment: datetime) -> None:
    found = dated(text, language)

    assert found.at == moment
    assert f"its date is in words ({text!r}): read as {moment:%Y-%m-%dT%H:%M:%SZ}" in found.notes


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("2026-03-06T12:00:00", "its date names no time zone: read as UTC"),
        ("2026-03-06 12:00:00", "its date names no time zone: read as UTC"),
        ("Fri, 06 Mar 2026 12:00:00 XQZ", "its time zone is not known ('Fri, 06 Mar 2026 12:00:00 XQZ'): read as UTC"),
    ],
)
def test_a_zone_that_is_not_said_or_not_known_is_utc_and_noted(text: str, note: str) -> None:
    assert dated(text) == Dated(at=FRIDAY, said=text, notes=(note,))


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "3 hours ago",
        "12/03/2026",
        "12",
        "2026",
        "March 2026",
        "1772798400",
        "2026-02-30T10:00:00Z",
        "2026-03-06T12:00:00+99:99",
        "Mon, 99 Foo 2026 99:99:99 GMT",
        "0000-00-00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "6 de marzo de 2026 " * 10,
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert dated(text) == Dated(at=None, said=text.strip())


@given(st.text(max_size=60))
def test_no_text_fails_or_becomes_an_absurd_date(text: str) -> None:
    found = dated(text)

    assert found.at is None or 1000 <= found.at.year < 2200
