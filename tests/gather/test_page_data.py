"""What pages say of their articles: JSON-LD, microdata, OpenGraph, and the order in which they are believed."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.gather.pages.data import MAX_TERMS, is_error_page, published_of, title_of
from publisher.gather.pages.json import json_ld_nodes, read_loosely
from publisher.gather.pages.page import read_page
from publisher.gather.pages.rights import is_locked, licence_of
from publisher.model.article import ImageRights
from tests.gather.page_samples import ARABIC, DRUPAL, STATIC, URL, WORDPRESS, a_news_page, a_page, article

UTC_ZONE = ZoneInfo("UTC")
BY = "https://creativecommons.org/licenses/by/4.0/"
BY_ND = "https://creativecommons.org/licenses/by-nd/4.0/"


def test_wordpress_with_a_graph() -> None:
    found = article(WORDPRESS, section="", countries="tag-prefix:country-")

    assert (found.title, found.language, found.published.isoformat()) == (
        "La ruta del oro & más",
        "es-MX",
        "2026-03-06T12:00:00+00:00",
    )
    assert [(one.name, one.url) for one in found.authors] == [
        ("Ana Ruiz", "https://news.example.org/author/ana/"),
        ("Ben Ito", "https://news.example.org/author/ben/"),
    ]
    assert found.section is not None
    assert (found.section.name, [one.name for one in found.countries]) == ("Investigations", ["Peru"])
    assert [one.name for one in found.topics] == ["Gold"]


def test_the_picture_that_data_and_text_share_is_one_with_the_words_of_both() -> None:
    main = article(WORDPRESS).images[0]

    assert len(article(WORDPRESS).images) == 1
    assert (main.is_main, main.width, main.alt) == (True, 1200, "A river")
    assert (main.credit, main.rights) == ("Reuters", ImageRights.AGENCY)


def test_drupal_with_microdata() -> None:
    found = article(DRUPAL)

    assert (found.title, [one.name for one in found.authors]) == ("The gold route", ["Jane Doe"])
    assert (found.licence, found.licence_why) == (BY, "the licence in its page's data")
    assert found.section is not None
    assert found.section.name == "Rivers"


def test_a_page_with_no_more_than_opengraph() -> None:
    found = article(STATIC)

    assert (found.title, [one.name for one in found.authors]) == ("The gold route", ["Jane Doe", "Ben Ito"])
    # a day without an hour begins where the newsroom is
    assert found.published.isoformat() == "2026-03-06T05:00:00+00:00"
    assert (found.licence, found.licence_why) == (BY_ND, "rel=license of its page")
    assert found.images[0].url == "https://news.example.org/img/river.jpg"


def test_a_page_that_runs_from_right_to_left_stays_so() -> None:
    found = article(ARABIC)

    assert (found.language, found.title) == ("ar", "طريق الذهب")
    assert found.content_html.startswith('<p dir="rtl">')
    assert '<p dir="ltr" lang="en">' in found.content_html


@pytest.mark.parametrize(
    ("head", "h1", "title"),
    [
        ('<meta property="og:title" content="Graph"><title>T</title>', "Heading", "Graph"),
        ("<title>Title - Example</title>", "Heading", "Heading"),
        ('<meta property="og:site_name" content="Example"><title>Title - Example</title>', "", "Title"),
        ('<meta property="og:site_name" content="Example"><title>Example | Title</title>', "", "Title"),
        ('<meta property="og:site_name" content="Example"><title>Example</title>', "", ""),
        ("", "", ""),
    ],
)
def test_the_title_is_the_first_that_there_is_less_the_sites_name(head: str, h1: str, title: str) -> None:
    assert title_of(a_page(f"<html><head>{head}</head><body><h1>{h1}</h1><p>x</p></body></html>")) == title


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('<!-- {"a": 1} -->', {"a": 1}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ('/* <![CDATA[ */ {"a": 1} /* ]]> */', {"a": 1}),
        ('{"a": 1}; window.x = 2', {"a": 1}),
        ('{"a": "one\ntwo"}', {"a": "one\ntwo"}),
        ('{"a": [1, 2,], }', {"a": [1, 2]}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        ('{"a": ', None),
        ("", None),
        ("[" * 100_000, None),
        ('{"a": ' + "9" * 5000 + "}", None),
    ],
)
def test_json_ld_is_read_as_pages_carry_it(script: str, value: object) -> None:
    assert read_loosely(script) == value


@given(st.text(max_size=300))
def test_no_script_makes_reading_fail(script: str) -> None:
    assert isinstance(json_ld_nodes([script, f'{{"@graph":[{script}]}}']), list)


@pytest.mark.parametrize(
    ("data", "head", "licence"),
    [
        (f'"license":"{BY}"', f'<link rel="license" href="{BY_ND}">', BY),
        (f'"license":{{"@type":"CreativeWork","url":"{BY}"}}', "", BY),
        ("", f'<link rel="license" href="{BY_ND}"><meta name="dcterms.license" content="{BY}">', BY_ND),
        ("", f'<meta name="dcterms.license" content="{BY}">', BY),
        ("", f'<meta name="dc.rights" content="{BY}">', BY),
        ("", '<meta name="dc.rights" content="(c) 2026 Example">', ""),
        ('"copyrightNotice":"© 2026 Example. All rights reserved."', "", "all-rights-reserved"),
        ("", "", ""),
        (f'"license":["{BY}","{BY_ND}"]', "", f"{BY}, {BY_ND}"),
        ('"license":"https://news.example.org/terms"', "", "https://news.example.org/terms"),
    ],
)
def test_the_licence_is_the_first_that_is_said(data: str, head: str, licence: str) -> None:
    assert licence_of(a_page(a_news_page(data, head=head)))[0] == licence


@pytest.mark.parametrize(
    ("data", "rights"),
    [
        ('"creditText":"Example Observatory"', ImageRights.OWN),
        (f'"creditText":"Ben Ito","license":"{BY}"', ImageRights.CC),
        ('"copyrightHolder":{"@type":"Organization","name":"Getty Images"}', ImageRights.AGENCY),
        ('"creditText":"Example Observatory","acquireLicensePage":"https://news.example.org/buy"', ImageRights.UNKNOWN),
        ('"caption":"A river"', ImageRights.UNKNOWN),
    ],
)
def test_a_pictures_rights_are_those_in_its_data(data: str, rights: ImageRights) -> None:
    image = f'"image":{{"@type":"ImageObject","url":"/main.jpg",{data}}}'

    assert article(a_news_page(image)).images[0].rights is rights


def test_a_declared_correction_comes_with_its_own_date() -> None:
    data = '"correction":[{"@type":"CorrectionComment","text":"It was 12 tons.","datePublished":"2026-03-08"}]'

    found = article(a_news_page(data)).corrections

    assert [(one.date.isoformat(), one.text) for one in found] == [("2026-03-08", "It was 12 tons.")]


UNREAD = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Gold",{}</script>'


@pytest.mark.parametrize(
    ("broken", "licence"),
    [(f'"license":"{BY}"', "(cannot be read)"), ('"url":"/a"', BY_ND), ("'usageInfo': 1", "(cannot be read)")],
)
def test_a_licence_in_data_that_cannot_be_read_is_not_known(broken: str, licence: str) -> None:
    page = a_page(f'{UNREAD.format(broken)}<link rel="license" href="{BY_ND}"><p>Text</p>')

    assert licence_of(page)[0] == licence


@pytest.mark.parametrize(
    ("broken", "is_for_payers"),
    [
        ('"isAccessibleForFree": false', True),
        ('"isAccessibleForFree":"http://schema.org/False"', True),
        ('"isAccessibleForFree":true', False),
        ("", False),
    ],
)
def test_a_lock_in_data_that_cannot_be_read_holds(broken: str, is_for_payers: bool) -> None:  # noqa: FBT001 - a table
    assert is_locked(a_page(f"{UNREAD.format(broken)}<p>Text</p>")) is is_for_payers


@pytest.mark.parametrize(
    ("data", "meta", "at", "notes"),
    [
        ("2026-03-06T12:00:00Z", "2020-01-01T00:00:00Z", "2026-03-06T12:00:00+00:00", 0),
        ("6 de marzo de 2026", "2026-03-06T12:00:00Z", "2026-03-06T12:00:00+00:00", 1),
        ("9999-12-31", "2026-03-06T12:00:00Z", "2026-03-06T12:00:00+00:00", 1),
    ],
)
def test_the_date_is_the_first_that_can_be_read(data: str, meta: str, at: str, notes: int) -> None:
    head = f'<meta property="article:published_time" content="{meta}">'

    found = published_of(a_page(a_news_page(f'"datePublished":"{data}"', head=head)), "", UTC_ZONE)

    assert (found.at and found.at.isoformat(), len(found.notes)) == (at, notes)


def test_no_byline_has_more_than_fifty_authors() -> None:
    names = ", ".join(f"Jane Doe {number}" for number in range(5000))

    assert len(article(a_news_page(f'"author":"{names}"')).authors) == MAX_TERMS


def test_a_broken_byte_does_not_make_another_encoding_of_the_rest() -> None:
    page = read_page("<title>Bogotá \xff</title>".encode().replace(b"\xc3\xbf", b"\xff") + "á".encode() * 5, URL, {})

    assert title_of(page) == "Bogotá \ufffd"


@pytest.mark.parametrize(
    ("title", "is_error"),
    [
        ("404", True),
        ("Error 404: Page not found", True),
        ("Página no encontrada", True),
        ("Oops! That page can\u2019t be found.", True),
        ("410 people who were not found", False),
        ("Not found in the river: the gold of 2024", False),
        ("Page", False),
    ],
)
def test_an_error_page_is_told_by_its_whole_title(title: str, is_error: bool) -> None:  # noqa: FBT001 - a table
    assert is_error_page(a_page(f"<h1>{title}</h1>"), title) is is_error


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Bogotá</title>".encode(), "text/html"),
        ("<title>Bogotá</title>".encode(), "text/html; charset=iso-8859-1"),
        ("<title>Bogotá</title>".encode(), "text/html; charset=windows-1251"),
        ("<title>Bogotá</title>".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ('<meta charset="windows-1252"><title>Bogotá</title>'.encode("cp1252"), "text/html"),
        ("<title>Bogotá</title>".encode("cp1252"), "text/html; charset=utf-8"),
        ("<title>Bogotá</title>".encode("utf-16"), "text/html"),
        ("<title>Bogotá</title>".encode(), "text/html; charset=no-such-thing"),
        ("<title>Bogotá</title>".encode(), "text/html; charset=punycode"),
        ('<?xml version="1.0" encoding="ascii"?><title>Bogotá</title>'.encode(), "text/html"),
    ],
)
def test_characters_come_out_whatever_the_page_says_of_them(body: bytes, content_type: str) -> None:
    assert title_of(read_page(body, "https://news.example.org/a", {"Content-Type": content_type})) == "Bogotá"
