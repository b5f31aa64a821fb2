"""Which feeds there are, what they are called, where they stand."""

from lxml import etree

from publisher.model.article import Kind, Scope
from publisher.syndicate.feeds import build_feed, plan_feeds
from publisher.syndicate.pages import render_feed_page, render_home
from tests.licensing.article_builders import NOW, a_term
from tests.syndicate.house_builders import a_house, a_site

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


def announced(page: str) -> list[tuple[str, str, str]]:
    """Type, address and title of each feed that a page announces to feed readers."""
    links = etree.HTML(page).iterfind(".//link[@rel='alternate']")
    return [(link.get("type", ""), link.get("href", ""), link.get("title", "")) for link in links]


def test_the_page_at_the_top_announces_everything_in_each_format_under_titles_of_their_own() -> None:
    page = render_home(a_site(), [], plan_feeds(a_house(), TERMS, ["en"]))

    assert announced(page) == [
        ("application/rss+xml", "https://follow.example.org/feeds/all.rss", "Example Observatory (RSS)"),
        ("application/atom+xml", "https://follow.example.org/feeds/all.atom", "Example Observatory (Atom)"),
        ("application/feed+json", "https://follow.example.org/feeds/all.json", "Example Observatory (JSON Feed)"),
    ]


def test_a_house_without_that_feed_announces_its_first() -> None:
    site = a_site(feeds={"scopes": ["updates", "section"], "formats": ["atom"]})

    page = render_home(site, [], plan_feeds(site.house, TERMS[2:3], []))

    assert [address for _, address, _ in announced(page)] == ["https://follow.example.org/feeds/updates.atom"]


def test_a_page_about_a_feed_announces_that_feed_alone() -> None:
    site = a_site()
    plan = next(one for one in plan_feeds(site.house, TERMS, []) if one.slug == "peru")

    page = render_feed_page(site, build_feed(plan, [], site.house, now=NOW), plan)

    assert [address.removeprefix("https://follow.example.org/") for _, address, _ in announced(page)] == [
        "feeds/country/peru.rss",
        "feeds/country/peru.atom",
        "feeds/country/peru.json",
    ]
