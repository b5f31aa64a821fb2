"""JSON Feed 1.0 and 1.1, and our own feeds read back in every format."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.gather.feed.article import FeedReading, to_article
from publisher.gather.feed.document import FeedDocument, NotAFeedError
from publisher.gather.feed.events import Taken, events_of
from publisher.gather.feed.parse import parse_feed
from publisher.gather.rights import Rights
from publisher.gather.source import Seen
from publisher.model.article import Article, Correction, ImageRights, SourceArticle
from publisher.settings import SourceOptions
from publisher.syndicate.atom import render_atom
from publisher.syndicate.feed import Feed
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.rss import render_rss
from tests.builders import FRIDAY
from tests.licensing.article_builders import a_correction, a_withdrawn_article, an_article, an_image
from tests.syndicate.house_builders import a_feed

URL = "https://partner.example.org/feed.json"
BY = "https://creativecommons.org/licenses/by/4.0/"
ITEM: dict[str, Any] = {
    "id": "1",
    "url": "https://partner.example.org/1/",
    "title": "The gold route",
    "content_html": "<p>The gold leaves the river at night.</p>",
    "date_published": "2026-03-06T07:00:00-05:00",
}


def a_document(*items: Any, version: str = "1.1", **fields: Any) -> FeedDocument:  # noqa: ANN401 - of the format
    """A JSON Feed with these items, read."""
    feed = {"version": f"https://jsonfeed.org/version/{version}", "title": "Partner", "items": items} | fields
    return parse_feed(json.dumps(feed).encode(), url=URL, headers={"Content-Type": "application/feed+json"})


def a_reading(document: FeedDocument) -> FeedReading:
    """What is needed to read a document's entries."""
    return FeedReading(
        feed=document.feed,
        url=URL,
        options=SourceOptions(),
        rights=Rights(licence=None, whence="", holder="", own=frozenset()),
        language="en",
        now=FRIDAY,
        first_seen=lambda _: None,
    )


def articles(document: FeedDocument) -> list[SourceArticle]:
    """The articles of a document; a refusal fails."""
    found = [to_article(entry, a_reading(document)) for entry in document.entries]
    assert all(isinstance(one, SourceArticle) for one in found), found
    return [one for one in found if isinstance(one, SourceArticle)]


def test_an_item_says_all_that_other_formats_do() -> None:
    item = ITEM | {
        "summary": "Short.",
        "language": "es",
        "date_modified": "2026-03-07T12:00:00Z",
        "authors": [{"name": "Ana Ruiz"}, {"name": "Ben Ito"}],
        "tags": ["Gold", "Peru"],
        "image": "https://partner.example.org/a.jpg",
        "attachments": [{"url": "https://partner.example.org/b.png", "mime_type": "image/png"}, {"url": "x.mp3"}],
    }

    article = articles(a_document(item))[0]

    assert (article.key, article.title, article.language, article.summary) == ("1", "The gold route", "es", "Short.")
    assert (article.published, article.content_html) == (FRIDAY, ITEM["content_html"])
    assert [author.name for author in article.authors] == ["Ana Ruiz", "Ben Ito"]
    assert [topic.name for topic in article.topics] == ["Gold", "Peru"]
    assert [image.url[-5:] for image in article.images] == ["a.jpg", "b.png"]


def test_version_1_0_has_one_author_and_text_may_be_plain() -> None:
    item = {key: value for key, value in ITEM.items() if key != "content_html"}
    item |= {"id": 7, "content_text": "5 < 6\n\nSecond", "author": {"name": "Ana Ruiz"}}

    article = articles(a_document(item, version="1"))[0]

    assert (article.key, article.content_html) == ("7", "<p>5 &lt; 6</p><p>Second</p>")
    assert [author.name for author in article.authors] == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{}", "no JSON Feed"),
        ("[]", "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "cut', "breaks off"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "breaks off"),
        ('{"version": 1.1 nonsense}', "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('{"version": ' + "9" * 5000 + "}", "is no JSON"),
    ],
)
def test_what_is_no_json_feed_is_named(body: str, words: str) -> None:
    with pytest.raises(NotAFeedError, match=words):
        parse_feed(body.encode(), url=URL, headers={})


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ITEM, "_republish", "media"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ITEM, "authors", "tags", "image", "attachments", "_republish"]), anything))
def test_parts_of_another_type_are_as_good_as_not_there(item: dict[str, Any]) -> None:
    document = a_document(item, {**ITEM, "id": "2"}, hubs=item, authors=item, next_url=item)

    assert [one for one in document.entries if one["own_id"] == "2"]


def test_an_item_that_a_newer_page_had_is_not_heard_again() -> None:
    taken = Taken(keys={"1"})
    older = a_document(ITEM | {"title": "Old"}, ITEM | {"id": "2"})

    events = list(events_of(older, a_reading(older), taken, lambda _: None))

    assert [event.article.key for event in events if isinstance(event, Seen)] == ["2"]


# Our own feeds, read back


def read_back(body: bytes) -> FeedDocument:
    """A feed of ours as a partner's gathering reads it."""
    return parse_feed(body, url="https://follow.example.org/feeds/all", headers={})


def ours() -> tuple[Article, Feed]:
    """An article of ours in a feed."""
    image = an_image(is_main=True, rights=ImageRights.OWN, credit="Ana Ruiz / The Desk")
    article = an_article(1, images=(image,), corrections=(a_correction(),))
    return article, a_feed(article)


@pytest.mark.parametrize("render", [render_rss, render_atom, render_json_feed])
def test_what_we_write_is_read_back_with_its_rights(render: Any) -> None:  # noqa: ANN401 - one of three functions
    article, feed = ours()

    found = articles(read_back(render(feed)))[0]

    assert (found.key, found.title, found.url) == (article.uri, article.title, article.url)
    assert (found.licence, found.published) == (article.licence, article.published)
    assert [author.name for author in found.authors] == [author.name for author in article.authors]


def test_the_extension_of_our_json_feed_is_read_back() -> None:
    article, feed = ours()

    found = articles(read_back(render_json_feed(feed)))[0]

    assert found.rights_holder == article.rights_holder
    assert [one.credit for one in found.images if one.is_main] == ["Ana Ruiz / The Desk"]
    assert found.corrections == tuple(
        Correction(date=one.date, text=one.text) for one in sorted(article.corrections, key=lambda one: one.date)
    )


@pytest.mark.parametrize("render", [render_atom, render_json_feed])
def test_what_we_withdrew_is_read_back_as_gone(render: Any) -> None:  # noqa: ANN401 - one of two functions
    article = a_withdrawn_article()

    document = read_back(render(a_feed(article)))

    assert [(one.key, one.at) for one in document.tombstones] == [(article.uri, article.withdrawn_at)]
    assert not list(events_of(document, a_reading(document), Taken(), lambda _: None))


def test_what_may_not_be_republished_now_stays_so() -> None:
    item = ITEM | {"_republish": {"license": BY, "republishable": False}}

    article = articles(a_document(item))[0]

    assert (article.licence, article.no_republish) == (BY, True)


def test_a_correction_without_a_day_is_none() -> None:
    corrections = [{"date": "2026-03-07", "text": "12 tons"}, {"date": "soon", "text": "x"}, {"text": "y"}, 5]

    article = articles(a_document(ITEM | {"_republish": {"corrections": corrections}}))[0]

    assert article.corrections == (Correction(date=date(2026, 3, 7), text="12 tons"),)
