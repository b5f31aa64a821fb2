"""Feeds: what RSS and Atom say, and what they may not make us believe."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.model.article import Article, ImageRights, Kind, Status
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

    report = desk.gather_until_sure()

    assert site.answered[0] == 200
    assert set(site.asked[-len(site.answered) :]) == {"/feed"}
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
    "date",
    [
        "yesterday",
        "12/03/2026",
        "9999-12-31T00:00:00Z",
        "Mon, 99 Foo 2026 99:99:99 GMT",
        "0000-00-00",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_date_that_cannot_be_read_is_a_refusal(desk: Desk, site: FeedStandIn, date: str) -> None:
    site.publish(Piece(key=1, fields={"pubDate": date}))
    site.publish(Piece(key=2))

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert "no date that can be read" in report.refused[0].reason


@pytest.mark.parametrize(("hours", "title"), [(0, "The gold route"), (1, "Another version")])
def test_of_two_items_with_one_id_the_newer_holds_and_of_equals_the_first(
    desk: Desk, site: FeedStandIn, hours: int, title: str
) -> None:
    other = changed(Piece(key=1, title="Another version"), hours=hours)
    site.raw = site.rss([Piece(key=1), other], "").encode()
    desk.gather()

    report = desk.gather(full=True)

    assert (counts(report), report.refused) == ({"unchanged": 1}, ())
    assert desk.article("piece-1").title == title
    assert "stands twice in the feed under one id: the newer one is taken" in desk.article("piece-1").notes


def test_another_story_under_an_id_that_was_there_is_refused(desk: Desk, site: FeedStandIn) -> None:
    impostor = Piece(key=1, title="An impostor")
    site.raw = (
        site.rss([Piece(key=1), impostor], "").replace("/1/</link>", "/2/</link>").replace("/2/", "/1/", 1).encode()
    )

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert [(one.title, one.reason.partition(",")[0]) for one in report.refused] == [
        ("An impostor", "another entry has the same id")
    ]


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
        (b"\x00\x01garbage", "no RSS, Atom or JSON feed"),
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


# Older pages (RFC 5005)

DAY = "2026-03-0{}T12:00:00Z"


def entry(number: int, *, day: int = 5, title: str = "Story", more: str = "") -> str:
    """An entry of an Atom feed."""
    return (
        f"<entry><id>urn:x:{number}</id><title>{title} {number}</title><updated>{DAY.format(day)}</updated>"
        f"<link href='https://partner.example.org/{number}/'/><content type='html'>Text {number}</content>{more}"
        "</entry>"
    )


def atom(*parts: str, older: str = "", relation: str = "prev-archive") -> bytes:
    """An Atom feed of these parts."""
    link = f"<link rel='{relation}' href='{older}'/>" if older else ""
    names = (
        "xmlns='http://www.w3.org/2005/Atom' xmlns:fh='http://purl.org/syndication/history/1.0' "
        "xmlns:at='http://purl.org/atompub/tombstones/1.0'"
    )
    return f"<feed {names}><id>urn:x</id><title>Partner</title>{link}{''.join(parts)}</feed>".encode()


def titles(desk: Desk) -> set[str]:
    """The titles of all that is stored and public."""
    return {one.title for one in desk.articles().values() if one.status is Status.PUBLIC}


@pytest.mark.parametrize("relation", ["prev-archive", "next"])
def test_archives_are_followed_and_do_not_override_what_is_newer(desk: Desk, site: FeedStandIn, relation: str) -> None:
    site.raw = atom(entry(1, title="New"), older="/feed/2", relation=relation)
    site.pages = {
        "2": atom(entry(1, day=6, title="Old"), entry(2), older="/feed/3", relation=relation),
        "3": atom(entry(3), older="/feed/2", relation=relation),
    }

    desk.gather()

    assert titles(desk) == {"New 1", "Story 2", "Story 3"}
    assert site.asked == ["/feed", "/feed/2", "/feed/3"]


def test_a_chain_without_an_end_is_left_where_it_brings_nothing_new(desk: Desk, site: FeedStandIn) -> None:
    def answer(request: Request) -> Response:
        number = int(request.args.get("page", 1))
        return Response(atom(entry(1), older=f"/feed?page={number + 1}"), content_type="application/atom+xml")

    site.answering = answer

    assert counts(desk.gather()) == {"new": 1}
    assert len(site.asked) == 2


def test_a_chain_that_makes_up_entries_is_left_after_so_many_pages(
    desk: Desk, site: FeedStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Request) -> Response:
        number = int(request.args.get("page", 1))
        return Response(atom(entry(number), older=f"/feed?page={number + 1}"), content_type="application/atom+xml")

    site.answering = answer
    monkeypatch.setattr("publisher.gather.feed.source.MAX_PAGES", 5)

    report = desk.gather()

    assert (counts(report), report.status) == ({"new": 5}, GatherStatus.OK)
    assert report.note == "only its newest 5 pages were read; there are more"


def test_another_hosts_archive_is_not_followed(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom(entry(1), older="http://127.0.0.2/feed")

    report = desk.gather()

    assert (counts(report), report.status) == ({"new": 1}, GatherStatus.OK)
    assert site.asked == ["/feed"]


@pytest.mark.parametrize("page", [b"", b"<html>gone</html>"])
def test_an_archive_that_is_not_there_is_noted_and_the_rest_holds(desk: Desk, site: FeedStandIn, page: bytes) -> None:
    site.raw = atom(entry(1), older="/feed/2")
    site.pages = {"2": page}

    report = desk.gather()

    assert (counts(report), report.status) == ({"new": 1}, GatherStatus.OK)
    assert "its older pages were read up to" in str(report.note)


def test_a_refusal_on_an_older_page_stays_visible(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom(entry(1), older="/feed/2")
    site.pages = {"2": atom(entry(2).replace("<title>Story 2</title>", ""))}
    desk.gather()
    site.raw = atom(entry(1), entry(3), older="/feed/2")

    report = desk.gather()

    assert [one.key for one in report.refused] == ["urn:x:2"]


# What is gone


def tombstone(number: int, when: str) -> str:
    """A deleted entry of Atom."""
    return (
        f"<at:deleted-entry ref='urn:x:{number}' when='{when}'><at:comment>A mistake</at:comment>"
        f"<link href='https://partner.example.org/gone/'/></at:deleted-entry>"
    )


def test_a_tombstone_withdraws_what_was_stored(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom(entry(1), entry(2))
    desk.gather()
    site.raw = atom(tombstone(1, DAY.format(6)), tombstone(9, DAY.format(6)), entry(2))

    report = desk.gather()

    assert (counts(report), titles(desk)) == ({"unchanged": 1, "withdrawn": 1}, {"Story 2"})


@pytest.mark.parametrize(("when", "kept"), [(4, {"Story 1"}), (5, set()), (6, set())])
def test_a_tombstone_holds_against_an_entry_that_is_not_newer(
    desk: Desk, site: FeedStandIn, when: int, kept: set[str]
) -> None:
    site.raw = atom(entry(1, day=5))
    desk.gather()
    site.raw = atom(tombstone(1, DAY.format(when)), entry(1, day=5))

    desk.gather()

    assert titles(desk) == kept


def test_a_tombstone_older_than_what_is_stored_does_nothing(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom(entry(1, day=5))
    desk.gather()
    site.raw = atom(tombstone(1, DAY.format(4)), entry(2))

    desk.gather()

    assert titles(desk) == {"Story 1", "Story 2"}


@pytest.mark.parametrize(("when", "words"), [("", "not when"), ("2031-01-01T00:00:00Z", "in the future")])
def test_a_tombstone_without_a_true_time_is_not_believed(desk: Desk, site: FeedStandIn, when: str, words: str) -> None:
    site.raw = atom(entry(1), entry(2))
    desk.gather()
    site.raw = atom(tombstone(1, when), entry(2))

    report = desk.gather()

    assert titles(desk) == {"Story 1", "Story 2"}
    assert words in report.refused[0].reason


def test_what_a_complete_feed_lacks_is_withdrawn_when_it_lacks_it_twice(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom("<fh:complete/>", entry(1), entry(2), entry(3))
    desk.gather()
    site.raw = atom("<fh:complete/>", entry(2), entry(3))

    first, second = desk.gather(), desk.gather()

    assert "withdrawn" not in counts(first)
    assert counts(second) == {"unchanged": 2, "withdrawn": 1}


@pytest.mark.parametrize(
    "raw",
    [
        atom("<fh:complete/>"),
        atom("<fh:complete/>", entry(2), older="/feed/2"),
        atom(entry(2)),
        atom("<fh:complete/>", entry(2), "<b>").replace(b"<b>", b"<b></i></b>"),
    ],
    ids=["empty", "paged", "not complete", "broken"],
)
def test_what_a_feed_lacks_is_not_missing_otherwise(desk: Desk, site: FeedStandIn, raw: bytes) -> None:
    site.raw = atom("<fh:complete/>", entry(1), entry(2))
    desk.gather()
    site.raw = raw
    site.pages = {"2": atom(entry(3))}

    desk.gather(full=True)
    desk.gather(full=True)

    assert {"Story 1", "Story 2"} <= titles(desk)


# Without a date


def test_what_has_no_date_has_the_time_when_it_was_first_seen_for_good(desk: Desk, site: FeedStandIn) -> None:
    site.publish(Piece(key=1, fields={"pubDate": ""}))
    desk.gather()
    first = desk.article("piece-1")
    site.publish(Piece(key=2))

    reports = [desk.gather(), desk.gather(full=True)]

    assert first.published == desk.clock.moment - timedelta(hours=2)
    assert "no date: the time when it was first seen" in first.notes
    assert [counts(report) for report in reports] == [{"new": 1, "unchanged": 1}, {"unchanged": 2}]
    assert desk.article("piece-1").published == first.published


# Addresses


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ("", "https://partner.example.org/1/a.jpg"),
        ("xml:base='https://cdn.example.org/x/'", "https://cdn.example.org/x/a.jpg"),
    ],
)
def test_relative_addresses_are_the_articles_unless_the_feed_says_whose(
    desk: Desk, site: FeedStandIn, attributes: str, address: str
) -> None:
    site.raw = (
        site.rss([Piece(key=1, body="<p>Text</p><img src='a.jpg'>")], "")
        .replace("<content:encoded>", f"<content:encoded {attributes}>")
        .encode()
    )

    desk.gather()

    assert [image.url for image in desk.article("piece-1").images] == [address]


def test_an_id_is_kept_letter_for_letter(desk: Desk, site: FeedStandIn) -> None:
    site.raw = atom(entry(1)).replace(b"urn:x:1", b"post/1")

    desk.gather()

    assert set(desk.articles()) == {"post/1"}


# Pictures with words of their own


def test_the_words_and_the_licence_of_a_picture_are_not_the_entrys(desk: Desk, site: FeedStandIn) -> None:
    picture = (
        "<media:content url='https://partner.example.org/a.jpg' medium='image'><media:title>Boats</media:title>"
        f"<media:description>At dawn</media:description><media:license href='{BY}'>CC BY</media:license>"
        "</media:content>"
        "<media:content url='https://partner.example.org/b.jpg' type='image/jpeg'><media:credit>AP</media:credit>"
        f"<media:license>{BY}</media:license></media:content><description>A summary.</description>"
    )

    article = stored(desk, site, picture)

    first, second = article.images
    assert (article.licence, article.summary) == (None, "A summary.")
    assert (first.alt, first.caption, first.licence, first.rights) == ("Boats", "At dawn", BY, ImageRights.CC)
    assert (second.credit, second.licence, second.rights) == ("AP", None, ImageRights.AGENCY)
