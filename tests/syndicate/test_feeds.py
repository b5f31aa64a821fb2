"""Which feeds there are, what they are called, where they stand."""

from publisher.model.article import Kind, Scope
from publisher.syndicate.feeds import plan_feeds
from tests.licensing.article_builders import a_term
from tests.syndicate.house_builders import a_house

TERMS = [
    a_term(Scope.COUNTRY, "Peru", 1),
    a_term(Scope.COUNTRY, "Colombia", 2),
    a_term(Scope.SECTION, "Analysis", 3),
    a_term(Scope.AUTHOR, "Jane Doe", 4),
]


def test_feeds_are_listed_from_everything_to_languages() -> None:
    plans = plan_feeds(a_house(), TERMS, ["en", "es-MX"])

    assert [plan.path for plan in plans] == [
        "feeds/all",
        "feeds/updates",
        "feeds/section/analysis",
        "feeds/country/colombia",
        "feeds/country/peru",
        "feeds/author/jane-doe",
        "feeds/language/en",
        "feeds/language/es-mx",
    ]


def test_everything_holds_updates_and_a_term_holds_stories_alone() -> None:
    plans = {plan.path: plan for plan in plan_feeds(a_house(), TERMS, [])}

    assert plans["feeds/all"].kinds == (Kind.STORY, Kind.UPDATE)
    assert plans["feeds/updates"].kinds == (Kind.UPDATE,)
    assert plans["feeds/country/peru"].kinds == (Kind.STORY,)


def test_scopes_that_are_not_configured_have_no_feed() -> None:
    house = a_house(feeds={"scopes": ["all"]})

    assert [plan.path for plan in plan_feeds(house, [], ["en"])] == ["feeds/all"]


def test_different_feeds_have_different_titles() -> None:
    terms = [
        a_term(Scope.COUNTRY, "Georgia", 1),
        a_term(Scope.TOPIC, "Georgia", 2),
        a_term(Scope.AUTHOR, "Ana Ruiz", 3),
        a_term(Scope.AUTHOR, "Ana Ruiz", 4, slug="ana-ruiz-2"),
    ]

    titles = [plan.title for plan in plan_feeds(a_house(), terms, [])]

    assert "Example Observatory: Georgia (country)" in titles
    assert "Example Observatory: Georgia (topic)" in titles
    assert len(set(titles)) == len(titles)
