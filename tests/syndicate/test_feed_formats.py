"""What all three formats say of the same feed, read back by readers that are not ours."""

import json
import locale
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publisher.model.article import ImageRights, Scope
from publisher.syndicate.atom import render_atom
from publisher.syndicate.entries import translations_of
from publisher.syndicate.feed import UNSPECIFIED, Feed
from publisher.syndicate.feeds import build_feed
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.rss import render_rss
from tests.licensing.article_builders import (
    BY_NC,
    BY_ND,
    NOW,
    PUBLISHED,
    a_correction,
    a_term,
    a_withdrawn_article,
    an_article,
    an_image,
)
from tests.syndicate.house_builders import a_feed, a_house, a_plan

Render = Callable[[Feed], bytes]
XML = [render_rss, render_atom]
ALL = [*XML, render_json_feed]
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cc": "http://backend.userland.com/creativeCommonsRssModule",
    "media": "http://search.yahoo.com/mrss/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "fh": "http://purl.org/syndication/history/1.0",
}


def read(data: bytes) -> Any:  # noqa: ANN401 - feedparser has no types
    """What an independent reader makes of a feed."""
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def title_of(data: bytes) -> str:
    """The title of the first entry, in whatever format."""
    if data.startswith(b"{"):
        return str(json.loads(data)["items"][0]["title"])
    return texts(data, "//item/title|//a:entry/a:title")[0]


def texts(data: bytes, path: str) -> list[str]:
    """The texts, or attribute values, at an XPath."""
    found: Any = etree.fromstring(data).xpath(path, namespaces=NAMES)
    return [str(getattr(one, "text", one)) for one in found]


@pytest.mark.parametrize("render", XML)
def test_an_independent_reader_reads_back_what_was_written(render: Render) -> None:
    article = an_article(title="Gold & mercury", summary="One plain sentence.", url="https://news.example.org/?a=1&b=2")

    entry = read(render(a_feed(article))).entries[0]

    assert (entry.id, entry.link, entry.title) == (article.uri, article.url, article.title)
    assert entry.summary == article.summary
    assert article.content_html in entry.content[0].value
    assert [author.name for author in entry.authors] == ["Jane Doe", "Ana Ruiz"]
    assert entry.published_parsed[:6] == PUBLISHED.timetuple()[:6]
    assert [(tag.label or tag.term) for tag in entry.tags] == ["Investigations", "Colombia"]


@pytest.mark.parametrize("render", ALL)
def test_two_renderings_are_the_same_bytes(render: Render) -> None:
    articles = [an_article(1), an_article(2, language="ar"), a_withdrawn_article(3)]

    assert render(a_feed(*articles)) == render(a_feed(*articles, now=NOW + timedelta(hours=1)))


@pytest.mark.parametrize("render", ALL)
def test_the_order_given_is_the_order_written(render: Render) -> None:
    data = render(a_feed(an_article(3), an_article(1), an_article(2)))

    assert [data.index(f"article/{number}".encode()) for number in (3, 1, 2)] == sorted(
        data.index(f"article/{number}".encode()) for number in (3, 1, 2)
    )


@pytest.mark.parametrize("render", XML)
def test_control_characters_do_not_stop_a_feed(render: Render) -> None:
    article = an_article(title="A\x0bB\x00", summary="C\x1fD\ufffe", content_html="<p>E\x08F ]]> G</p>")

    entry = read(render(a_feed(article))).entries[0]

    assert (entry.title, entry.summary) == ("AB", "CD")
    assert "<p>EF ]]&gt; G</p>" in entry.content[0].value


@pytest.mark.parametrize("render", XML)
@given(title=st.text(), summary=st.text(), url_tail=st.text(string.ascii_letters + "&?=%<>'\"", max_size=20))
def test_no_text_breaks_the_xml(render: Render, title: str, summary: str, url_tail: str) -> None:
    article = an_article(title=title, summary=summary, url=f"https://news.example.org/{url_tail}")

    root = etree.fromstring(render(a_feed(article)))

    assert root.tag.endswith(("rss", "feed"))


def test_dates_are_made_without_touching_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "setlocale", lambda *_: pytest.fail("the locale belongs to the whole process"))

    assert texts(render_rss(a_feed(an_article())), "//pubDate") == ["Thu, 05 Mar 2026 15:00:00 +0000"]


@pytest.mark.parametrize("render", ALL)
def test_nothing_active_leaves_with_the_content(render: Render) -> None:
    hostile = '<p onclick="x()">a<script>x()</script><a href="javascript:x()">b</a><img src="/rel.png" alt=""></p>'

    data = render(a_feed(an_article(content_html=hostile))).decode()

    assert not any(word in data for word in ("onclick", "x()", "javascript:", "/rel.png"))


@pytest.mark.parametrize("render", ALL)
@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("]]><b>bold</b> & <script>", "]]>bold &"),
        ("5 < 6 > 4, C++ <3 and &lt;b>", "5 < 6 > 4, C++ <3 and &lt;b>"),
        ("<i></i>", "https://news.example.org/investigations/gold-route-41/"),
    ],
)
def test_a_title_is_text_without_tags(render: Render, title: str, shown: str) -> None:
    data = render(a_feed(an_article(title=title)))

    assert title_of(data) == shown


def test_the_ids_are_tag_uris_that_no_title_or_slug_can_move() -> None:
    feed = a_feed(an_article())

    assert feed.id == "tag:news.example.org,2026:feed/all"
    assert texts(render_rss(feed), "//guid[@isPermaLink='false']") == [an_article().uri]


def test_each_format_names_its_own_address_and_the_page_for_people() -> None:
    feed = a_feed(an_article())

    assert texts(render_rss(feed), "//channel/a:link[@rel='self']/@href") == [
        "https://follow.example.org/feeds/all.rss"
    ]
    assert texts(render_rss(feed), "/rss/channel/link") == ["https://follow.example.org/feeds/all/"]
    assert texts(render_atom(feed), "/a:feed/a:link[@rel='self']/@href") == [
        "https://follow.example.org/feeds/all.atom"
    ]
    assert texts(render_atom(feed), "/a:feed/a:link[@rel='alternate']/@href") == [
        "https://follow.example.org/feeds/all/"
    ]
    assert texts(render_rss(feed), "//a:link[@rel='hub']/@href") == ["https://hub.example.net/"]
    assert json.loads(render_json_feed(feed))["hubs"] == [{"type": "WebSub", "url": "https://hub.example.net/"}]


def test_the_feeds_time_is_that_of_its_newest_change() -> None:
    feed = a_feed(an_article(1, updated=NOW - timedelta(hours=2)), an_article(2))

    assert texts(render_atom(feed), "/a:feed/a:updated") == ["2026-03-06T10:00:00Z"]
    assert texts(render_rss(feed), "//lastBuildDate") == ["Fri, 06 Mar 2026 10:00:00 +0000"]


def test_a_correction_is_visible_and_moves_updated_but_not_published() -> None:
    article = an_article(updated=NOW, corrections=(a_correction(),))

    entry = read(render_atom(a_feed(article))).entries[0]

    assert (
        "<p><em>Correction (March 6, 2026): An earlier version misnamed the river.</em></p>" in entry.content[0].value
    )
    assert (entry.published, entry.updated) == ("2026-03-05T15:00:00Z", "2026-03-06T12:00:00Z")


def test_a_correction_that_the_text_already_shows_is_not_shown_twice() -> None:
    article = an_article(content_html="<p>An earlier version misnamed the river.</p>", corrections=(a_correction(),))

    assert render_atom(a_feed(article)).decode().count("misnamed the river") == 1


def test_a_licensed_entry_says_so_in_each_format() -> None:
    feed = a_feed(an_article())

    assert texts(render_rss(feed), "//item/cc:license") == [BY_NC]
    assert texts(render_rss(feed), "//item/dcterms:license") == [BY_NC]
    assert texts(render_rss(feed), "//item/dcterms:rightsHolder") == ["Example Observatory"]
    assert texts(render_atom(feed), "//a:entry/a:link[@rel='license']/@href") == [BY_NC]
    rights = json.loads(render_json_feed(feed))["items"][0]["_republish"]
    assert (rights["license"], rights["spdx"], rights["republishable"]) == (BY_NC, "CC-BY-NC-4.0", True)
    assert rights["attribution"] == "By Jane Doe and Ana Ruiz, Example Observatory"


def test_an_own_article_without_a_licence_goes_out_in_full_and_inherits_none() -> None:
    feed = a_feed(an_article(licence=None, licence_why="all-rights-reserved"))

    assert "leaves the river" in render_rss(feed).decode()
    assert texts(render_rss(feed), "//cc:license|//dcterms:license") == []
    assert texts(render_atom(feed), "//a:entry/a:link[@rel='license']/@href") == [UNSPECIFIED]
    assert texts(render_atom(feed), "//a:entry/a:rights") == ["© 2026 Example Observatory. All rights reserved."]
    assert json.loads(render_json_feed(feed))["items"][0]["_republish"]["republishable"] is False


@pytest.mark.parametrize(
    ("licences", "of_feed"),
    [((BY_NC, BY_NC), [BY_NC]), ((BY_NC, None), []), ((BY_NC, BY_ND), []), ((BY_ND, BY_ND), [])],
)
def test_the_feed_has_the_default_licence_only_when_every_entry_has_it(
    licences: tuple[str | None, ...], of_feed: list[str]
) -> None:
    feed = a_feed(*(an_article(number, licence=licence) for number, licence in enumerate(licences)))

    assert texts(render_rss(feed), "/rss/channel/cc:license") == of_feed
    assert texts(render_atom(feed), "/a:feed/a:link[@rel='license']/@href") == of_feed


@pytest.mark.parametrize("render", XML)
def test_a_foreign_article_without_a_licence_gives_its_summary_alone(render: Render) -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=None, url="https://partner.example.com/1")

    data = render(a_feed(article)).decode()

    assert "leaves the river" not in data
    assert article.summary in data


def test_a_foreign_article_names_the_feed_it_came_from() -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=BY_ND, url="https://partner.example.com/1")
    feed = a_feed(article)

    assert texts(render_rss(feed), "//item/source/@url") == ["https://partner.example.com/feed.xml"]
    assert texts(render_atom(feed), "//a:source/a:link[@rel='self']/@href") == ["https://partner.example.com/feed.xml"]
    assert texts(render_atom(feed), "//a:source/a:title") == ["Partner"]
    assert "leaves the river" in render_rss(feed).decode()


def test_a_withdrawn_article_is_a_tombstone_in_atom() -> None:
    article = a_withdrawn_article()

    data = render_atom(a_feed(article))

    assert texts(data, "//a:entry") == []
    assert texts(data, "//at:deleted-entry/@ref") == [article.uri]
    assert texts(data, "//at:deleted-entry/@when") == ["2026-03-06T12:00:00Z"]
    assert texts(data, "//at:deleted-entry/a:link/@href") == ["https://follow.example.org/republish/41/"]
    assert texts(data, "/a:feed/a:updated") == ["2026-03-06T12:00:00Z"]


@pytest.mark.parametrize("render", [render_rss, render_json_feed])
def test_a_withdrawn_article_is_a_stand_in_elsewhere(render: Render) -> None:
    data = render(a_feed(a_withdrawn_article(content_html="<p>The false words.</p>"))).decode()

    assert "Withdrawn: The gold route" in data
    assert "The false words." not in data
    assert "https://follow.example.org/republish/41/" in data
    assert "CC BY" not in data


def test_only_a_main_picture_that_may_leave_goes_with_an_entry() -> None:
    own = an_article(1, images=(an_image(is_main=True, width=1200, height=800),))
    agency = an_article(2, images=(an_image(is_main=True, rights=ImageRights.AGENCY),))

    data = render_rss(a_feed(own, agency))

    assert texts(data, "//item[1]/media:content/@url") == ["https://news.example.org/img/river.jpg"]
    assert texts(data, "//item[1]/media:content/media:credit") == ["Ana Ruiz / Example Observatory"]
    assert texts(data, "//item[2]/media:content") == []


def test_an_entry_in_another_language_says_so() -> None:
    feed = a_feed(an_article(language="es-MX"))

    assert texts(render_atom(feed), "//a:entry/@xml:lang") == ["es-MX"]
    assert texts(render_rss(feed), "//item/dc:language") == ["es-MX"]


def test_categories_name_their_scheme() -> None:
    article = an_article(topics=(a_term(Scope.TOPIC, "Gold"),))

    data = render_atom(a_feed(article))

    assert texts(data, "//a:category[@term='gold']/@scheme") == ["https://follow.example.org/feeds/#by-topic"]


def test_a_feed_of_summaries_has_no_content() -> None:
    house = a_house(feeds={"content": "summary"})

    data = render_atom(a_feed(an_article(), house=house))

    assert texts(data, "//a:content") == []
    assert texts(data, "//a:summary") == [an_article().summary]


@pytest.mark.parametrize("render", ALL)
def test_an_empty_feed_is_a_feed(render: Render) -> None:
    assert b"Example Observatory" in render(a_feed())


def test_a_plain_summary_is_plain_for_readers_that_take_it_as_html() -> None:
    entry = read(render_rss(a_feed(an_article(summary="if a < b & c")))).entries[0]

    assert entry.summary == "if a &lt; b &amp; c"


@pytest.mark.parametrize("render", ALL)
def test_an_article_without_authors_is_its_organisations(render: Render) -> None:
    own = an_article(1, authors=())
    foreign = an_article(2, authors=(), source="partner", rights_holder="Partner", url="https://partner.example.com/1")

    names = bylines(render(a_feed(own, foreign)))

    assert names == [["Example Observatory"], ["Partner"]]


def bylines(data: bytes) -> list[list[str]]:
    """The authors of each entry, in whatever format."""
    if data.startswith(b"{"):
        return [[one["name"] for one in item["authors"]] for item in json.loads(data)["items"]]
    entries: Any = etree.fromstring(data).xpath("//item|//a:entry", namespaces=NAMES)
    return [[one.text for one in entry.xpath("dc:creator|a:author/a:name", namespaces=NAMES)] for entry in entries]


def test_an_unlicensed_item_says_in_rss_that_it_has_no_licence() -> None:
    data = render_rss(a_feed(an_article(1, licence=None), an_article(2), a_withdrawn_article(3)))

    assert texts(data, "//item[1]/a:link[@rel='license']/@href") == [UNSPECIFIED]
    assert texts(data, "//item[1]/dc:rights") == ["© 2026 Example Observatory. All rights reserved."]
    assert texts(data, "//item[2]/a:link[@rel='license']/@href") == []
    assert texts(data, "//item[3]/a:link[@rel='license']/@href") == [UNSPECIFIED]


def test_the_source_of_anothers_text_keeps_its_licence_and_its_address() -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=BY_ND, url="https://partner.example.com/1")

    data = render_atom(a_feed(article))

    assert texts(data, "//a:source/a:link[@rel='license']/@href") == [BY_ND]
    assert texts(data, "//a:source/a:rights") == ["© 2026 Partner. CC BY-ND 4.0"]
    assert texts(data, "//a:entry/a:link[@rel='via']/@href") == ["https://partner.example.com/feed.xml"]


def a_pair() -> Feed:
    """A feed with an original and its translation, each of which knows the other."""
    original = an_article(41)
    translated = an_article(
        42,
        language="es",
        title="La ruta del oro",
        url="https://news.example.org/es/oro/",
        work_id=41,
        translation_of=41,
    )
    work = [original, translated, an_article(43), a_withdrawn_article(44, work_id=41, language="pt")]
    pairs = {one.number: translations_of(one, work) for one in (original, translated)}
    return build_feed(a_plan(), [original, translated], a_house(), now=NOW, translations=pairs)


@pytest.mark.parametrize("render", XML)
def test_translations_are_related_links_with_their_language(render: Render) -> None:
    data = render(a_pair())

    assert texts(data, "//item|//a:entry") != []
    assert texts(data, "//a:link[@rel='related'][@hreflang]/@hreflang") == ["es", "en"]
    assert texts(data, "//a:link[@rel='related'][@hreflang='es']/@title") == ["La ruta del oro"]
    assert texts(data, "//a:link[@rel='related'][@hreflang='en']/@href") == [an_article(41).url]
    assert len(texts(data, "//a:entry/a:link[@rel='alternate']")) in {0, 2}  # of one entry, one


def test_a_translation_names_its_original() -> None:
    feed = a_pair()

    assert texts(render_rss(feed), "//item[1]/dcterms:isVersionOf") == []
    assert texts(render_rss(feed), "//item[2]/dcterms:isVersionOf") == [an_article(41).url]
    shown = [item["_republish"]["translations"] for item in json.loads(render_json_feed(feed))["items"]]
    assert [(one["language"], one["original"]) for pair in shown for one in pair] == [("es", False), ("en", True)]


def test_an_entry_without_words_of_its_own_has_a_summary_all_the_same() -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=None, summary="")

    data = render_atom(a_feed(article))

    assert texts(data, "//a:summary") == ["The gold route"]
