"""What goes into an edition: decided from articles and rules alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from publisher.compose.choose import Rules, choose_items, marks_at_freezing, span_words
from publisher.model.article import Article, Kind, Scope, Status, Term
from publisher.model.edition import Arrangement, ItemState
from tests.builders import FRIDAY


def an_article(number: int, **changes: Any) -> Article:  # noqa: ANN401 - fields of the article
    """A public English story of yesterday."""
    values: dict[str, Any] = {
        "number": number,
        "uri": f"tag:news.example.org,2026-03-05:article/{number}",
        "source": "site",
        "key": str(number),
        "work_id": number,
        "status": Status.PUBLIC,
        "kind": Kind.STORY,
        "url": f"https://news.example.org/{number}/",
        "title": f"Story {number}",
        "language": "en",
        "content_html": "<p>Text.</p>",
        "summary": "Text.",
        "published": FRIDAY - timedelta(days=1),
        "updated": FRIDAY - timedelta(days=1),
        "first_stored": FRIDAY - timedelta(days=1),
        "revision": number,
    }
    return Article(**values | changes)


def some_rules(**changes: Any) -> Rules:  # noqa: ANN401 - fields of the rules
    """A bilingual newsletter that takes everything."""
    rules = Rules(
        languages=("en", "es"),
        kinds=(Kind.STORY, Kind.UPDATE),
        sections=frozenset(),
        countries=frozenset(),
        topics=frozenset(),
        blocks=("stories", "updates"),
        minimum=1,
        maximum=3,
        max_age=timedelta(days=14),
        is_first=False,
        arrangement=Arrangement(),
    )
    return replace(rules, **changes)


def chosen(articles: Sequence[Article], rules: Rules) -> list[int]:
    """The numbers of what is in, in order."""
    return [item.article for item in choose_items(articles, rules, slot=FRIDAY).items]


def test_the_newest_are_taken_up_to_the_maximum_and_the_rest_stays_new() -> None:
    articles = [an_article(number) for number in (5, 4, 3, 2, 1)]

    choice = choose_items(articles, some_rules(), slot=FRIDAY)

    assert [item.article for item in choice.items] == [5, 4, 3]
    assert [(one.article, one.why) for one in choice.left_out] == [
        (2, "over the maximum of 3"),
        (1, "over the maximum of 3"),
    ]
    assert marks_at_freezing(choice.left_out) == []


def test_the_first_edition_expires_what_is_over_its_maximum() -> None:
    articles = [an_article(number) for number in (5, 4, 3, 2)]

    choice = choose_items(articles, some_rules(is_first=True), slot=FRIDAY)

    assert [(number, state) for number, state, _ in marks_at_freezing(choice.left_out)] == [(2, ItemState.EXPIRED)]


def test_what_is_older_than_max_age_expires_and_is_named() -> None:
    old = an_article(1, published=FRIDAY - timedelta(days=15))

    choice = choose_items([an_article(2), old], some_rules(), slot=FRIDAY)

    assert [item.article for item in choice.items] == [2]
    assert choice.left_out[0].why == "too old: published more than 14 days before the slot"


def test_each_language_has_a_minimum_of_its_own() -> None:
    articles = [an_article(1), an_article(2), an_article(3, language="es")]

    choice = choose_items(articles, some_rules(minimum=2), slot=FRIDAY)

    assert choice.languages == ("en",)
    assert choice.counts == {"en": 2, "es": 1}
    assert [(one.article, one.why) for one in choice.left_out] == [(3, "fewer than 2 new in es")]


def test_a_translation_goes_to_the_readers_of_its_language_only() -> None:
    articles = [an_article(1), an_article(2, language="es", work_id=1)]

    items = choose_items(articles, some_rules(), slot=FRIDAY).items

    assert {(item.language, item.article) for item in items} == {("en", 1), ("es", 2)}


def test_updates_stand_in_a_block_of_their_own() -> None:
    articles = [an_article(2, kind=Kind.UPDATE), an_article(1)]

    blocks = {item.article: item.block for item in choose_items(articles, some_rules(), slot=FRIDAY).items}

    assert blocks == {2: "updates", 1: "stories"}


def test_a_block_that_is_not_configured_takes_nothing() -> None:
    articles = [an_article(2, kind=Kind.UPDATE), an_article(1)]

    assert chosen(articles, some_rules(blocks=("stories",))) == [1]


def test_a_newsletter_takes_only_the_sections_it_selects() -> None:
    section = Term(id=1, scope=Scope.SECTION, name="Analysis", slug="analysis")
    articles = [an_article(2, section=section), an_article(1)]

    assert chosen(articles, some_rules(sections=frozenset({"analysis"}))) == [2]


def test_a_person_pins_drops_and_orders() -> None:
    articles = [an_article(number) for number in (5, 4, 3, 2, 1)]
    arrangement = Arrangement(pinned=(1,), dropped=(5,), order=(3, 4))

    choice = choose_items(articles, some_rules(arrangement=arrangement, maximum=4), slot=FRIDAY)

    assert [item.article for item in choice.items] == [1, 3, 4, 2]
    assert marks_at_freezing(choice.left_out) == [(5, ItemState.EXCLUDED, "taken out by hand")]


def test_a_pinned_article_is_taken_however_old_it_is() -> None:
    old = an_article(1, published=FRIDAY - timedelta(days=400))

    assert chosen([old], some_rules(arrangement=Arrangement(pinned=(1,)))) == [1]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(minutes=90), "90 minutes"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(span: timedelta, told: str) -> None:
    assert span_words(span) == told
