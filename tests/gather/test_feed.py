"""Feeds: what RSS and Atom say, and what they may not make us believe."""

from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.run import GatherStatus
from publisher.model.article import Article, ImageRights, Kind
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import FeedStandIn, Piece, changed, pieces

BY = "https://creativecommons.org/licenses/by/4.0/"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es">
<title>Partner</title><id>urn:x</id><updated>2026-03-06T12:00:00Z</updated><author><name>The Desk</name></author>
<entry><id>urn:x:1</id><title type="html">La &lt;i&gt;ruta&lt;/i&gt;</title><link href="https://partner.example.org/1/"/>
<updated>2026-03-06T12:00:00Z</updated><published>2026-03-05T07:00:00-05:00</published>
<link rel="license" href="{licence}"/><category term="gold" label="Gold"/><summary>Corto.</summary>
<content type="html">&lt;p&gt;Texto largo&lt;/p&gt;</content></entry></feed>"""
ENTITIES = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.fixture
def site(httpserver: HTTPServer) -> FeedStandIn:
    """The feed."""
    return FeedStandIn(httpserver)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: FeedStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def stored(desk: Desk, site: FeedStandIn, xml: str = "", **fields: Any) -> Article:  # noqa: ANN401 - fields of a piece
    """The article that an item with this XML in it becomes."""
    site.publish(Piece(key=1, fields={"xml": xml}, **fields))
    report = desk.gather()
    assert report.status is GatherStatus.OK, report.error
    return desk.article("piece-1")


def test_a_feed_that_did_not_change_is_not_read_again(desk: Desk, site: FeedStandIn) -> None:
    site.publish(Piece(key=1))
    desk.gather()

    report = desk.gather()

    assert site.answered == [200, 304]
    assert counts(report) == {"unchanged": 1}


def test_older_pages_are_read_the_first_time_only(desk: Desk, site: FeedStandIn) -> None:
    for piece in pieces(45):
        site.publish(piece)
    desk.gather()
    site.publish(changed(site.pieces[1], title="Another"))
    site.answered.clear()

    report = desk.gather()

    assert site.answered == [200]
    assert counts(report) == {"changed": 1, "unchanged": 44}


def test_atom_says_all_that_rss_does(desk: Desk, site: FeedStandIn) -> None:
    site.raw = ATOM.format(licence=BY).encode()
    site.options = {"section": "category"}

    desk.gather()

    article = desk.article("urn:x:1")
    assert (article.title, article.language, article.summary) == ("La ruta", "es", "Corto.")
    assert article.content_html == "<p>Texto largo</p>"
    assert article.published.isoformat() == "2026-03-05T12:00:00+00:00"
    assert (article.licence, article.licence_why) == (BY, "the entry's licence")
    assert article.section is not None
    assert (article.section.name, [author.name for author in article.authors]) == ("Gold", ["The Desk"])


@pytest.mark.parametrize(
    ("item", "channel", "licence"),
    [
        (f"<creativeCommons:license>{BY}</creativeCommons:license>", "", BY),
        (f"<atom:link rel='license' href='{BY}'/>", "", BY),
        (f"<dc:rights>{BY}</dc:rights>", "", BY),
        ("", f"<creativeCommons:license>{BY_SA}</creativeCommons:license>", BY_SA),
        (f"<atom:link rel='license' href='{BY}'/>", f"<atom:link rel='license' href='{BY_SA}'/>", BY),
        ("<dc:rights>(c) 2026 Partner</dc:rights>", "", None),
        ("<atom:link rel='license' href='https://partner.example.org/terms'/>", "", None),
        (f"<atom:link rel='license' href='{BY}'/><atom:link rel='license' href='{BY_SA}'/>", "", None),
        ("", "", None),
    ],
)
def test_only_an_explicit_licence_counts_and_never_our_default(
    desk: Desk, site: FeedStandIn, item: str, channel: str, licence: str | None
) -> None:
    site.channel = channel

    assert stored(desk, site, item).licence == licence


def test_what_the_sources_own_table_says_holds(desk: Desk, site: FeedStandIn) -> None:
    site.publish(Piece(key=1))
    source = site.source().model_copy(update={"licence": "cc-by-4.0", "rights_holder": "The Partner"})

    desk.gather(source=source)

    article = desk.article("piece-1")
    assert (article.licence, article.licence_why) == (BY, "the licence of source site")
    assert article.rights_holder == "The Partner"


def test_another_setting_makes_everything_be_read_again(desk: Desk, site: FeedStandIn) -> None:
    site.publish(Piece(key=1))
    desk.gather()

    report = desk.gather(source=site.source().model_copy(update={"licence": "cc-by-4.0"}))

    assert counts(report) == {"changed": 1}


def test_categories_are_section_topics_countries_and_updates(desk: Desk, site: FeedStandIn) -> None:
    site.options |= {"section": "category", "countries": "tag-prefix:country-", "updates": ["category:About us"]}
    names = ("News", "country-Peru", "Gold", "About us", "Gold")

    article = stored(desk, site, "".join(f"<category>{name}</category>" for name in names))

    assert article.section is not None
    assert (article.section.name, article.kind) == ("News", Kind.UPDATE)
    assert [term.name for term in article.countries] == ["Peru"]
    assert [term.name for term in article.topics] == ["Gold", "About us"]


def test_pictures_beside_an_item_come_with_their_credit(desk: Desk, site: FeedStandIn) -> None:
    picture = "<media:content url='https://partner.example.org/a.jpg' medium='image' width='800' height='600'/>"

    main = stored(desk, site, picture + "<media:credit>Reuters</media:credit>").images[0]

    assert (main.url, main.width, main.is_main) == ("https://partner.example.org/a.jpg", 800, True)
    assert (main.credit, main.rights) == ("Reuters", ImageRights.AGENCY)


@pytest.mark.parametrize(
    "date", ["yesterday", "", "Mon, 99 Foo 2026 99:99:99 GMT", "0000-00-00", "0001-01-01T00:00:00Z"]
)
def test_a_date_that_cannot_be_read_is_a_refusal(desk: Desk, site: FeedStandIn, date: str) -> None:
    site.publish(Piece(key=1, fields={"pubDate": date}))
    site.publish(Piece(key=2))

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert "no date that can be read" in report.refused[0].reason


def test_of_two_items_with_one_id_the_first_holds(desk: Desk, site: FeedStandIn) -> None:
    first, second = Piece(key=1), Piece(key=1, title="An impostor")
    site.raw = site.rss([first, second], "").encode()
    desk.gather()

    report = desk.gather(full=True)

    assert (counts(report), desk.article("piece-1").title) == ({"unchanged": 1}, "The gold route")
    assert "same id" in report.refused[0].reason


def test_only_a_summary_is_noted(desk: Desk, site: FeedStandIn) -> None:
    date = "<pubDate>Fri, 06 Mar 2026 12:00:00 GMT</pubDate>"
    item = f"<item><title>T</title><link>https://partner.example.org/1/</link>{date}"
    site.raw = f"<rss version='2.0'><channel>{item}<description>Short.</description></item></channel></rss>".encode()

    desk.gather()

    article = desk.article("https://partner.example.org/1/")
    assert (article.content_html, article.published) == ("Short.", FRIDAY)
    assert "only a summary in the feed" in article.notes


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"<!doctype html><html><body>Moved</body></html>", "web page"),
        (b"\x00\x01garbage", "no RSS or Atom"),
        (f"<?xml version='1.0'?>{ENTITIES}<rss version='2.0'/>".encode(), "DOCTYPE"),
        (f"<?xml version='1.0'?>{ENTITIES}<rss version='2.0'/>".encode("utf-16"), "DOCTYPE"),
        (b"<rss version='2.0'><channel><item><title>A</title><description>cut", "breaks off"),
    ],
)
def test_what_is_no_feed_is_named_and_changes_nothing(desk: Desk, site: FeedStandIn, raw: bytes, words: str) -> None:
    site.publish(Piece(key=1))
    desk.gather()
    site.raw = raw

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert words in str(report.error)
    assert counts(report) == {"unchanged": 1}


def test_a_feed_with_a_slip_in_its_xml_is_read_all_the_same(desk: Desk, site: FeedStandIn) -> None:
    site.raw = site.rss([Piece(key=1)], "").replace("The gold route", "Gold & silver").encode()

    assert counts(desk.gather()) == {"new": 1}
