"""What a post says of its own republishing: `no_republish` and `embargo`."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from publisher.gather.run import SourceReport
from publisher.gather.wordpress.fields import Post, Term
from publisher.gather.wordpress.republish import bounds_of, read_embargo
from publisher.gather.wordpress.terms import Tree
from publisher.settings import SourceOptions
from publisher.store.engine import Store
from tests.gather.gathering import Desk
from tests.gather.newsrooms import Piece, WordPressStandIn

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TERMS = [
    Term(id=2, name="News", slug="news", taxonomy="category", parent=0),
    Term(id=3, name="Agency copy", slug="agency-copy", taxonomy="category", parent=2),
    Term(id=4, name="Reuters", slug="reuters", taxonomy="category", parent=3),
    Term(id=5, name="No republish", slug="no-republish", taxonomy="post_tag", parent=None),
]
TREE = Tree(terms={term.id: term for term in TERMS if term.taxonomy == "category"})


def new_york() -> tzinfo:
    """A site's zone."""
    return NEW_YORK


def a_post(*ids: int, **meta: object) -> Post:
    """A post with these terms and fields."""
    terms = [term.model_dump() for term in TERMS if term.id in ids]
    return Post.model_validate({"id": 1, "meta": meta, "_embedded": {"wp:term": [terms]}})


@pytest.mark.parametrize(
    ("rule", "post", "kept_back"),
    [
        ("meta:keep", a_post(keep="1"), True),
        ("meta:keep", a_post(keep="no"), False),
        ("meta:keep", a_post(), False),
        ("tag:no-republish", a_post(2, 5), True),
        ("tag:no-republish", a_post(2), False),
        ("category:agency-copy", a_post(3), True),
        ("category:agency-copy", a_post(4), True),
        ("category:agency-copy", a_post(2), False),
        ("", a_post(3, 5, keep="1"), False),
    ],
)
def test_a_field_a_tag_or_a_category_keeps_back(rule: str, post: Post, *, kept_back: bool) -> None:
    bounds = bounds_of(post, SourceOptions(no_republish=rule), TREE, new_york)

    assert bounds.no_republish is kept_back


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-09T12:00:00Z",
        "2026-03-09T12:00:00z",
        "2026-03-09T13:00:00+01:00",
        "2026-03-09 08:00",
        "2026-03-09 08:00:00",
        "2026-03-09T08:00",
        "20260309080000",
        "1773057600",
        "1773057600000",
    ],
)
def test_a_time_is_read_as_people_and_plugins_write_it(text: str) -> None:
    assert read_embargo(text, new_york) == NOON


def test_a_day_begins_at_midnight_of_the_site() -> None:
    assert read_embargo("20260309", new_york) == read_embargo("2026-03-09", new_york) == NOON.replace(hour=4)


def test_local_time_follows_the_clock_of_the_site_in_summer_and_winter() -> None:
    winter, summer = (read_embargo(f"2026-{month}-07 08:00", new_york) for month in ("03", "04"))

    assert (winter, summer) == (datetime(2026, 3, 7, 13, tzinfo=UTC), datetime(2026, 4, 7, 12, tzinfo=UTC))


@pytest.mark.parametrize("text", ["soon", "08/03/2026", "0000-00-00 00:00:00", "2026-13-01", "123", "9" * 14])
def test_an_embargo_that_cannot_be_read_forbids_until_it_is_mended(text: str) -> None:
    bounds = bounds_of(a_post(until=text), SourceOptions(embargo="meta:until"), TREE, new_york)

    assert (bounds.no_republish, bounds.embargo_until) == (True, None)
    assert [text[:40] in note and "embargo" in note for note in bounds.notes] == [True]


def test_a_local_time_of_a_site_that_does_not_tell_its_zone_cannot_be_read() -> None:
    assert read_embargo("2026-03-09 08:00", lambda: None) is None
    assert read_embargo("2026-03-09T12:00:00Z", lambda: None) == NOON


def test_no_embargo_is_none() -> None:
    bounds = bounds_of(a_post(until=""), SourceOptions(embargo="meta:until"), TREE, new_york)

    assert (bounds.no_republish, bounds.embargo_until, bounds.notes) == (False, None, ())


@given(st.text() | st.from_regex(r"[\d:TZ +-]{1,30}"))
def test_any_text_is_a_time_in_utc_or_none(text: str) -> None:
    moment = read_embargo(text, new_york)

    assert moment is None or moment.tzinfo is UTC


# Over the wire


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """A site in New York with both fields."""
    site = WordPressStandIn(httpserver)
    site.options |= {"no_republish": "meta:keep", "embargo": "meta:until", "licence": "meta:licence"}
    return site


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def gathered(desk: Desk, site: WordPressStandIn, meta: dict[str, Any]) -> SourceReport:
    """The report of a run after a post with these fields was published."""
    site.publish(Piece(key=9, fields={"meta": meta}))
    return desk.gather()


def test_both_are_stored(desk: Desk, site: WordPressStandIn) -> None:
    gathered(desk, site, {"keep": "yes", "until": "2026-03-09 08:00", "licence": ""})

    article = desk.article("9")
    assert (article.no_republish, article.embargo_until) == (True, NOON)


def test_a_field_that_no_post_shows_is_named_in_the_note(desk: Desk, site: WordPressStandIn) -> None:
    first = gathered(desk, site, {"until": "", "licence": ""})
    second = desk.gather()

    assert [("keep" in str(one.note), "until" in str(one.note)) for one in (first, second)] == [(True, False)] * 2


def test_the_note_is_gone_when_a_post_shows_the_field(desk: Desk, site: WordPressStandIn) -> None:
    gathered(desk, site, {"until": "", "licence": ""})
    site.publish(Piece(key=10, fields={"meta": {"keep": "", "until": "", "licence": ""}}))

    assert not desk.gather().note
