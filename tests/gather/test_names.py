"""Bylines, language tags and times: the small texts that every source writes in its own way."""

from zoneinfo import ZoneInfo

import pytest

from publisher.gather.names import author_terms, language_tag, split_byline
from publisher.gather.times import read_time


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("Ana Ruiz, Ben Ito and Chidi Eze", ["Ana Ruiz", "Ben Ito", "Chidi Eze"]),
        ("Ana Ruiz, Ben Ito, and Chidi Eze", ["Ana Ruiz", "Ben Ito", "Chidi Eze"]),
        ("Ana Ruiz y Ben Ito", ["Ana Ruiz", "Ben Ito"]),
        ("Ana Ruiz &amp;amp; Ben Ito", ["Ana Ruiz", "Ben Ito"]),
        ("Por: Ana Ruiz; Ben Ito", ["Ana Ruiz", "Ben Ito"]),
        ("Ana Ruiz, Ana Ruiz", ["Ana Ruiz"]),
        ("Sandy Andrews, Yves Eymard", ["Sandy Andrews", "Yves Eymard"]),
        ("<em>Ana Ruiz</em> <ana@example.org>", ["Ana Ruiz"]),
        (" , ; ", []),
        ("", []),
    ],
)
def test_a_byline_is_names_each_once(byline: str, names: list[str]) -> None:
    assert [author.name for author in split_byline(byline)] == names


def test_a_name_of_the_cms_is_not_parted() -> None:
    assert [author.name for author in author_terms(["Tom & Jerry", "The Data Desk, Bogotá"])] == [
        "Tom & Jerry",
        "The Data Desk, Bogotá",
    ]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("es_mx", "es-MX"),
        ("pt-br", "pt-BR"),
        ("zh-Hant", "zh-Hant"),
        ("English", None),
        ("", None),
        ("e", None),
    ],
)
def test_a_language_tag_is_one_or_none(written: str, tag: str | None) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    ("written", "zone", "read"),
    [
        ("2026-03-06T12:00:00", None, "2026-03-06T12:00:00+00:00"),
        ("2026-03-06T07:00:00-05:00", None, "2026-03-06T12:00:00+00:00"),
        ("2026-03-06 07:00", "America/Bogota", "2026-03-06T12:00:00+00:00"),
        ("2026-03-06", "America/Bogota", "2026-03-06T05:00:00+00:00"),
        ("1968-10-02T00:00:00z", None, "1968-10-02T00:00:00+00:00"),
    ],
)
def test_a_time_is_read_as_utc(written: str, zone: str | None, read: str) -> None:
    moment = read_time(written, ZoneInfo(zone) if zone else None)

    assert moment is not None
    assert moment.isoformat() == read


@pytest.mark.parametrize(
    "written", ["", "soon", "0000-00-00T00:00:00", "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "2026-02-30"]
)
def test_a_zero_date_is_no_time(written: str) -> None:
    assert read_time(written) is None
