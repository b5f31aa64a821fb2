"""What would change, in words for the person who decides."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from publisher.gather.differences import differences
from publisher.model.article import Article, Correction, SourceTerm, Status
from publisher.store.articles import get_article
from publisher.store.engine import Store
from publisher.store.revisions import add_article
from tests.builders import FRIDAY, a_source_article, a_state

LONG = "gold " * 40


@pytest.fixture
def stored(sqlite_store: Store) -> Article:
    """The gold route, as it is stored."""
    with sqlite_store.begin() as tx:
        return get_article(tx, add_article(tx, "site", a_state(), host="news.example.org", now=FRIDAY))


def test_the_same_differs_in_nothing(stored: Article) -> None:
    assert differences(stored, a_source_article()) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"licence": None}, "licence: CC BY-NC 4.0 → none"),
        ({"rights_holder": "AP"}, "rights holder: “Example Observatory” → “AP”"),
        ({"no_republish": True}, "may not be republished"),
        ({"embargo_until": FRIDAY}, "embargo: none → “2026-03-06T12:00:00Z”"),
        ({"title": "Another route"}, "title: “The gold route” → “Another route”"),
        ({"title": LONG}, f"title: “The gold route” → “{LONG[:59]}…”"),
        ({"authors": ()}, "byline: “Jane Doe” → none"),
        ({"corrections": (Correction(date=date(2026, 3, 6), text="It was two."),)}, "correction: “It was two.”"),
        ({"content_html": "<p>The gold leaves at dawn.</p>"}, "text: 7 → 5 words, other from word 4 on: “at dawn”"),
        ({"content_html": "<p>The gold leaves the river at</p>"}, "text: 7 → 6 words, its end is gone"),
        ({"content_html": "<p>The <em>gold</em> leaves the river at night.</p>"}, "markup of the text"),
        ({"url": "https://x.org/"}, "address: “https://news.example.org/investigations/gold-route/” → “https://x.org/”"),
        ({"published": FRIDAY}, "published: “2026-03-05T15:00:00Z” → “2026-03-06T12:00:00Z”"),
        ({"language": "es"}, "language: “en” → “es”"),
        ({"countries": ()}, "countries: “Colombia” → none"),
        ({"topics": (SourceTerm(name="Gold", key="1"),)}, "topics: none → “Gold”"),
        ({"section": None}, "section: “Investigations” → none"),
        ({"summary": "Other."}, "summary"),
    ],
)  # fmt: skip
def test_each_thing_that_differs_is_told(stored: Article, changes: dict[str, Any], words: str) -> None:
    assert differences(stored, a_source_article(**changes)) == (words,)


def test_the_weightiest_is_told_first(stored: Article) -> None:
    told = differences(stored, a_source_article(licence=None, title="Another", summary="Other."))

    assert [one.partition(":")[0] for one in told] == ["licence", "title", "summary"]


def test_an_article_that_comes_back_is_public_again(stored: Article) -> None:
    assert differences(replace(stored, status=Status.WITHDRAWN), a_source_article()) == ("public again",)
