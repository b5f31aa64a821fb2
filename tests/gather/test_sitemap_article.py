"""Pages as articles: which are taken, under which address, and which are not."""

from datetime import UTC, datetime

import pytest

from publisher.gather.sitemap.article import to_article
from publisher.gather.sitemap.parse import Listed
from publisher.gather.source import Refusal
from publisher.model.article import Kind
from tests.gather.page_samples import URL, a_news_page, a_page, article, reading, refused, taken

PLAIN = (
    "<html><head>{head}</head><body><h1>About us</h1><p>We are a newsroom of nine people, since 2009.</p></body></html>"
)
NEWS = Listed(url=URL, is_news=True, published="2026-03-06T12:00:00Z", language="es")
#: A front page: several articles, none of them its own.
TEASERS = (
    '<script type="application/ld+json">[{"@type":"NewsArticle","headline":"A"},{"@type":"NewsArticle","headline":"B"}]'
    '</script><meta property="article:published_time" content="2026-03-06">'
)
EN, ES = "https://news.example.org/en/gold/", "https://news.example.org/es/oro/"


def canonical(url: str) -> str:
    """A page with this canonical address."""
    return a_news_page(head=f'<link rel="canonical" href="{url}">')


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("https://news.example.org/2026/gold/", "https://news.example.org/2026/gold/"),
        ("/2026/gold/?utm_source=x&p=7#top", "https://news.example.org/2026/gold/?p=7"),
        ("https://www.news.example.org/gold/", "https://www.news.example.org/gold/"),
        ("https://es.news.example.org/gold/", "https://es.news.example.org/gold/"),
        ("", URL),
        ("javascript:alert(1)", URL),
        ("https://news.example.org/", URL),  # a theme's mistake, by which all articles would be one
    ],
)
def test_the_key_is_the_canonical_address(said: str, key: str) -> None:
    assert article(canonical(said)).key == key


@pytest.mark.parametrize("said", ["https://partner.example.com/gold/", "https://notnews.example.org/gold/"])
def test_what_stands_elsewhere_first_is_anothers_article(said: str) -> None:
    assert refused(canonical(said)) == f"is another's article: its canonical address is {said}"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (a_news_page('"isAccessibleForFree":false'), "paying readers"),
        (a_news_page('"isAccessibleForFree":"False"'), "paying readers"),
        (a_news_page('"isAccessibleForFree":"http://schema.org/False"'), "paying readers"),
        (a_news_page('"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false}'), "paying readers"),
        (a_news_page(head='<meta property="article:content_tier" content="locked">'), "paying readers"),
        (a_news_page(head='<meta name="robots" content="noindex, follow">'), "noindex"),
        (a_news_page('"@type":"AdvertiserContentArticle"'), "advertiser"),
        (a_news_page('"headline":""'), "no title"),
        (a_news_page('"datePublished":"yesterday"'), "that can be read ('yesterday')"),
        (a_news_page('"datePublished":"0000-00-00"'), "that can be read"),
        (a_news_page('"datePublished":null'), "no date"),
        (a_news_page(body="<p> </p>"), "has no text"),
    ],
)
def test_what_claims_to_be_an_article_and_cannot_be_taken_is_refused_with_the_reason(page: str, words: str) -> None:
    assert words in refused(page)


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<meta property="og:type" content="website"><meta property="article:published_time" content="2026-03-06">',
        TEASERS,
    ],
)
def test_what_does_not_claim_to_be_an_article_is_passed_over(head: str) -> None:
    assert taken(PLAIN.format(head=head)) is None


def test_what_a_news_sitemap_lists_claims_to_be_an_article_and_has_its_date_and_language() -> None:
    found = article(PLAIN.format(head=""), NEWS)

    assert (found.published.isoformat(), found.language) == ("2026-03-06T12:00:00+00:00", "es")


def test_the_lastmod_is_a_change_and_never_a_publication() -> None:
    listed = Listed(url=URL, lastmod=article(a_news_page()).published)

    assert "no date" in refused(a_news_page('"datePublished":""'), listed)
    assert article(a_news_page(), listed).modified == listed.lastmod


@pytest.mark.parametrize(
    ("alternates", "original"),
    [
        ((("en", EN), ("es", URL)), EN),
        ((("en", URL), ("es", ES)), None),
        ((("en", EN), ("es", ES), ("fr", URL), ("x-default", ES)), ES),
        ((("en", EN), ("es", URL), ("x-default", URL)), None),
        ((("en", EN), ("es", URL), ("x-default", "https://news.example.org/")), EN),
        ((("es", URL), ("fr", "https://news.example.org/fr/")), None),
        ((("en", "https://partner.example.com/en/"), ("es", URL)), None),
    ],
)
def test_the_original_is_the_default_of_all_languages_else_the_newsrooms_first(
    alternates: tuple[tuple[str, str], ...], original: str | None
) -> None:
    assert article(a_news_page(), Listed(url=URL, alternates=alternates)).translation_of == original


def test_the_pages_own_links_tell_its_languages_too() -> None:
    links = f'<link rel="alternate" hreflang="en" href="{EN}"><link rel="alternate" hreflang="es" href="{URL}">'

    assert article(a_news_page(head=links)).translation_of == EN


@pytest.mark.parametrize(
    ("rule", "is_update"),
    [
        ("section:about us", True),
        ("tag:Team", True),
        ("path:/gold-*", True),
        ("path:/gold-route", True),
        ("path:/about/*", False),
        ("section:team", False),
    ],
)
def test_updates_are_told_by_section_tag_or_path(rule: str, is_update: bool) -> None:  # noqa: FBT001 - a table
    page = a_news_page('"articleSection":"About us","keywords":"Team, Gold"')

    assert (article(page, updates=[rule]).kind is Kind.UPDATE) is is_update
    assert article(page, no_republish=rule).no_republish is is_update


@pytest.mark.parametrize(("value", "kept_back"), [("2026-03-08T00:00:00Z", False), ("soon", True)])
def test_an_embargo_that_cannot_be_read_holds_for_ever(value: str, kept_back: bool) -> None:  # noqa: FBT001 - a table
    found = article(a_news_page(head=f'<meta name="embargo" content="{value}">'), embargo="meta:embargo")

    assert (found.no_republish, found.embargo_until is None) == (kept_back, kept_back)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://news.example.org/", "leads to the front page"),
        ("https://partner.example.com/gold/", "leads to another site: https://partner.example.com/gold/"),
    ],
)
def test_where_an_address_leads_away_there_is_no_article(url: str, words: str) -> None:
    found = to_article(a_page(canonical(URL), url=url), Listed(url=URL), reading())

    assert isinstance(found, Refusal)
    assert words in found.reason


def test_what_a_news_sitemap_says_of_an_address_is_not_said_of_another_page() -> None:
    page = a_page(PLAIN.format(head=""), url="https://news.example.org/login/")

    assert to_article(page, NEWS, reading()) is None


def test_an_error_page_in_a_news_sitemap_is_no_article() -> None:
    page = PLAIN.format(head="<title>x</title>").replace("About us", "Page not found")

    assert refused(page, NEWS) == "looks like an error page (“Page not found”)"


def test_an_endless_title_is_a_text_in_the_wrong_place() -> None:
    page = a_news_page(f'"headline":"{"x" * 10_000}"')

    assert refused(page) == "its title is longer than 1,000 characters (10,000)"


def test_a_change_that_is_still_to_come_is_none() -> None:
    later = datetime(2037, 1, 1, tzinfo=UTC)
    page = a_news_page('"dateModified":"2037-01-01T00:00:00Z"')

    assert article(page, Listed(url=URL, lastmod=later)).modified is None


@pytest.mark.parametrize(
    ("attributes", "note"),
    [
        ("", "its language is not said: taken as en"),
        ('lang="English (US)"', "its language cannot be read ('English (US)'): taken as en"),
    ],
)
def test_a_language_that_is_a_guess_is_noted(attributes: str, note: str) -> None:
    assert note in article(a_news_page(html_attributes=attributes)).notes


def test_data_that_cannot_be_read_is_named() -> None:
    broken = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Gold",</script>'
    dated = '<meta property="article:published_time" content="2026-03-06T12:00:00Z"><title>Gold</title>'

    assert (
        refused(PLAIN.format(head=broken)) == "its JSON-LD cannot be read, and nothing else says that it is an article"
    )
    assert (
        "its JSON-LD cannot be read: taken from the rest of the page"
        in article(PLAIN.format(head=broken + dated)).notes
    )


def test_several_teasers_and_one_article_with_the_pages_address_are_one_article() -> None:
    teaser = '{"@type":"NewsArticle","headline":"Teaser","datePublished":"2026-01-01"}'
    own = f'{{"@type":"NewsArticle","headline":"Own","datePublished":"2026-03-06","url":"{URL}"}}'
    page = a_news_page().replace("<head>", f'<head><script type="application/ld+json">[{teaser},{own}]</script>')

    assert article(page).title == "Own"


def test_without_a_licence_nothing_may_be_republished() -> None:
    found = article(a_news_page())

    assert (found.licence, found.licence_why) == (None, "the source names no licence")
