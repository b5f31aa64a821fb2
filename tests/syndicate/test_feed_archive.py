"""Archive documents by month (RFC 5005): what is in them, what they lead to, and that their bytes stay."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.article import Article
from publisher.model.months import archive_month, is_over, month_end, neighbours
from publisher.syndicate.atom import render_atom
from publisher.syndicate.feed import Feed
from publisher.syndicate.feeds import archive_paths, build_archive_feed, build_feed
from publisher.syndicate.house import House
from publisher.syndicate.rss import render_rss
from tests.licensing.article_builders import NOW, a_withdrawn_article, an_article
from tests.syndicate.feed_checks import faults_of
from tests.syndicate.house_builders import a_house, a_plan
from tests.syndicate.test_feed_formats import texts

Render = Callable[[Feed], bytes]
XML = [render_rss, render_atom]
MONTHS = ("2026-01", "2025-11", "2026-02")
ALL = "https://follow.example.org/feeds/all"
FEBRUARY = datetime(2026, 2, 10, 8, 0, tzinfo=UTC)


def a_february(number: int = 41, **changes: object) -> Article:
    """An article of February 2026."""
    return an_article(number, **{"published": FEBRUARY, "updated": FEBRUARY} | changes)


def an_archive(
    *articles: Article, month: str = "2026-02", months: tuple[str, ...] = MONTHS, house: House | None = None
) -> Feed:
    """The document of a month in the feed of everything."""
    return build_archive_feed(a_plan(), month, articles, house or a_house(), months=months)


def links(data: bytes) -> dict[str, str]:
    """The links of a document by relation."""
    path = "/a:feed/a:link/@{0}|/rss/channel/a:link/@{0}"
    return dict(zip(texts(data, path.format("rel")), texts(data, path.format("href")), strict=True))


@pytest.mark.parametrize(("render", "form"), [(render_rss, "rss"), (render_atom, "atom")])
def test_an_archive_says_that_it_is_one_and_where_it_stands(render: Render, form: str) -> None:
    data = render(an_archive(a_february(), month="2026-01"))

    assert len(texts(data, "/a:feed/fh:archive|/rss/channel/fh:archive")) == 1
    assert {rel: href for rel, href in links(data).items() if rel not in {"alternate", "license"}} == {
        "self": f"{ALL}/2026-01.{form}",
        "current": f"{ALL}.{form}",
        "prev-archive": f"{ALL}/2025-11.{form}",
        "next-archive": f"{ALL}/2026-02.{form}",
    }


@pytest.mark.parametrize("render", XML)
def test_the_chain_ends_at_both_ends(render: Render) -> None:
    first, last = (links(render(an_archive(a_february(), month=month))) for month in ("2025-11", "2026-02"))

    assert ("prev-archive" in first, "next-archive" in first) == (False, True)
    assert ("prev-archive" in last, "next-archive" in last) == (True, False)


@pytest.mark.parametrize(("render", "form"), [(render_rss, "rss"), (render_atom, "atom")])
def test_the_feed_leads_to_its_newest_archive_and_is_none(render: Render, form: str) -> None:
    data = render(build_feed(a_plan(), [an_article()], a_house(), now=NOW, newest_archive="2026-02"))

    assert links(data)["prev-archive"] == f"{ALL}/2026-02.{form}"
    assert not {"current", "next-archive"} & set(links(data))
    assert texts(data, "//fh:archive") == []


@pytest.mark.parametrize("render", XML)
def test_a_feed_without_archives_leads_to_none(render: Render) -> None:
    data = render(build_feed(a_plan(), [an_article()], a_house(), now=NOW))

    assert not {"prev-archive", "current"} & set(links(data))


def test_a_house_of_json_alone_has_no_archives() -> None:
    house = a_house(feeds={"formats": ["json"]})

    assert archive_paths(a_plan(), "2026-02", house) == ()
    assert build_feed(a_plan(), [], house, now=NOW, newest_archive="2026-02").archive is None


def test_a_month_has_a_file_in_each_xml_format() -> None:
    plan = a_plan(scope="country", slug="peru")

    assert archive_paths(plan, "2026-02", a_house()) == (
        "feeds/country/peru/2026-02.rss",
        "feeds/country/peru/2026-02.atom",
    )


def test_an_archive_is_a_part_of_the_same_feed() -> None:
    archive = an_archive(a_february())

    assert archive.id == build_feed(a_plan(), [], a_house(), now=NOW).id
    assert archive.path == "feeds/all/2026-02"
    assert archive.home_url == f"{ALL}/"


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_archive_has_no_faults(form: str) -> None:
    archive = an_archive(a_february(), a_withdrawn_article(42))

    data = {"rss": render_rss, "atom": render_atom}[form](archive)

    assert faults_of(data, form) == []
    assert faults_of(data.replace(b'rel="current"', b'rel="up"'), form) == ["no link current"]


def test_a_withdrawn_article_stays_in_the_archive_as_what_it_became() -> None:
    gone = a_withdrawn_article(at=NOW - timedelta(days=4000), updated=NOW - timedelta(days=4000))

    archive = an_archive(gone)

    assert texts(render_atom(archive), "//at:deleted-entry/@ref") == [gone.uri]
    assert texts(render_rss(archive), "//item/title") == ["Withdrawn: The gold route"]


@pytest.mark.parametrize("render", XML)
@given(seed=st.integers())
def test_the_order_of_gathering_leaves_the_bytes_alone(render: Render, seed: int) -> None:
    articles = [a_february(number, published=FEBRUARY + timedelta(hours=number // 2)) for number in range(6)]
    shuffled = random.Random(seed).sample(articles, len(articles))  # noqa: S311 - not for secrets

    assert render(an_archive(*shuffled)) == render(an_archive(*articles))


@pytest.mark.parametrize("render", XML)
def test_months_that_are_no_neighbours_leave_the_bytes_alone(render: Render) -> None:
    before = render(an_archive(a_february(), month="2026-01"))

    after = render(an_archive(a_february(), month="2026-01", months=(*MONTHS, "2026-03", "2026-04", "2019-07")))

    assert before == after


@pytest.mark.parametrize(
    ("until", "is_named"),
    [(datetime(2026, 3, 1, tzinfo=UTC), True), (datetime(2026, 3, 1, 0, 0, 1, tzinfo=UTC), False)],
)
def test_a_kit_is_named_only_when_the_embargo_ended_within_the_month(until: datetime, *, is_named: bool) -> None:
    archive = an_archive(a_february(embargo_until=until))

    assert ("republish/41/" in render_atom(archive).decode()) is is_named


def test_an_archive_pings_no_hub() -> None:
    assert b"hub.example.net" not in render_atom(an_archive(a_february()))


@pytest.mark.parametrize(
    ("published", "first_stored", "is_first_gather", "month"),
    [
        ("2019-07-31T23:59:59Z", "2026-03-06T12:00:00Z", True, "2019-07"),
        ("2019-07-31T23:59:59Z", "2026-03-06T12:00:00Z", False, "2026-03"),
        ("2026-01-31T23:58:00Z", "2026-02-01T00:03:00Z", False, "2026-02"),
        ("2026-05-01T00:00:00Z", "2026-03-06T12:00:00Z", True, "2026-03"),  # a date that is still to come
        ("2026-01-31T20:00:00-05:00", "2026-03-06T12:00:00Z", True, "2026-02"),  # in UTC
    ],
)
def test_the_month_of_an_article(published: str, first_stored: str, *, is_first_gather: bool, month: str) -> None:
    moments = datetime.fromisoformat(published), datetime.fromisoformat(first_stored)

    assert archive_month(*moments, is_first_gather=is_first_gather) == month


@given(st.datetimes(min_value=datetime(1, 2, 1), max_value=datetime(9998, 12, 31)))  # noqa: DTZ001 - made aware below
def test_every_month_ends_right_after_its_last_moment(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    month = archive_month(aware, aware, is_first_gather=False)

    assert archive_month(month_end(month), month_end(month), is_first_gather=False) > month
    assert is_over(month, now=month_end(month))
    assert not is_over(month, now=month_end(month) - timedelta(microseconds=1))
    assert aware < month_end(month)


def test_a_month_is_over_by_utc() -> None:
    bogota = timezone(timedelta(hours=-5))

    assert is_over("2026-02", now=datetime(2026, 2, 28, 19, 0, tzinfo=bogota))


def test_neighbours_are_the_months_with_documents_whatever_lies_between() -> None:
    assert neighbours("2026-01", ["2026-04", "2019-07", "2026-01", "2020-12"]) == ("2020-12", "2026-04")
    assert neighbours("2026-01", []) == (None, None)
