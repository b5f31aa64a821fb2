"""Sitemaps: what they list, and what is not read."""

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.gather.sitemap.parse import MAX_ENTRIES, NotASitemapError, Sitemap, parse_sitemap

URL = "https://news.example.org/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
VALID = (
    f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS} {NEWS} {XHTML}><url><loc>https://news.example.org/a/</loc>'
    "<lastmod>2026-03-06T07:00:00-05:00</lastmod><news:news><news:publication><news:name>Example</news:name>"
    "<news:language>es</news:language></news:publication><news:publication_date>2026-03-06</news:publication_date>"
    '<news:title>La ruta</news:title></news:news><xhtml:link rel="alternate" hreflang="en" href="/en/a/"/>'
    "</url></urlset>"
).encode()


def parsed(body: bytes) -> Sitemap | str:
    """The sitemap, or why it is none."""
    try:
        return parse_sitemap(body, URL)
    except NotASitemapError as error:
        return str(error)


def test_a_page_comes_with_all_that_its_map_says() -> None:
    page = parse_sitemap(VALID, URL).pages[0]

    assert (page.url, page.lastmod) == ("https://news.example.org/a/", datetime(2026, 3, 6, 12, tzinfo=UTC))
    assert (page.published, page.language, page.is_news) == ("2026-03-06", "es", True)
    assert page.alternates == (("en", "https://news.example.org/en/a/"),)


def test_an_index_lists_maps_and_no_pages() -> None:
    body = f"<sitemapindex {NS}><sitemap><loc>/a.xml</loc><lastmod>2026-03-06</lastmod></sitemap></sitemapindex>"

    sitemap = parse_sitemap(body.encode(), URL)

    assert ([one.url for one in sitemap.maps], sitemap.pages) == (["https://news.example.org/a.xml"], ())


@pytest.mark.parametrize(
    "body",
    [
        VALID,
        gzip.compress(VALID),
        b"\xef\xbb\xbf" + VALID,
        VALID.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16"),
        VALID.replace(b"http://www.sitemaps.org", b"https://www.sitemaps.org"),
        VALID.replace(NS.encode(), b""),
    ],
)
def test_a_map_is_read_packed_in_any_width_and_with_a_slip_in_its_namespace(body: bytes) -> None:
    assert [page.url for page in parse_sitemap(body, URL).pages] == ["https://news.example.org/a/"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"<!doctype html><html><body>Not found</body></html>", "web page"),
        (VALID[:-20], "breaks off in the middle"),
        (VALID.replace(b"</url>", b"</wrl>"), "cannot be read as XML (Opening and ending tag mismatch"),
        (b"<rss version='2.0'/>", "root element is rss"),
        (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>', "DOCTYPE"),
        ('<!DOCTYPE urlset [<!ENTITY a "b">]><urlset/>'.encode("utf-16"), "DOCTYPE"),
        (gzip.compress(VALID)[:-20], "breaks off"),
        (gzip.compress(b" " * 60_000_000), "unpacks to more than"),
        (b"\x1f\x8bgarbage", "cannot be unpacked"),
        (b"<urlset>" + b"<url>" * 1000, "breaks off in the middle"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, words: str) -> None:
    assert words in str(parsed(body))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (VALID.replace(b"/a/</loc>", b"/a/?p=1&q=2</loc>"), "a “&” that should be “&amp;”, line 1"),
        (VALID.replace(b"La ruta", "Año".encode("latin-1")), "Invalid bytes in character encoding, line 1"),
        (VALID.replace(b"La ruta", b"El a&ntilde;o"), "Entity 'ntilde' not defined, line 1"),
    ],
)
def test_a_slip_in_one_entry_does_not_cost_the_others(body: bytes, words: str) -> None:
    sitemap = parse_sitemap(body.replace(b"</urlset>", b"<url><loc>/b</loc></url></urlset>"), URL)

    assert [page.url.partition("?")[0] for page in sitemap.pages] == [
        "https://news.example.org/a/",
        "https://news.example.org/b",
    ]
    assert sitemap.note.startswith("its XML is broken (")
    assert sitemap.note.endswith(f"{words}): mended while reading")


def test_no_more_than_the_protocol_allows_is_taken() -> None:
    body = f"<urlset {NS}>{'<url><loc>/a</loc></url>' * (MAX_ENTRIES + 7)}</urlset>"

    sitemap = parse_sitemap(body.encode(), URL)

    assert (len(sitemap.pages), sitemap.cut) == (MAX_ENTRIES, 7)


@pytest.mark.parametrize(
    "loc", ["javascript:alert(1)", "", "mailto:a@example.org", "https://u:p@example.org/", "x" * 3000]
)
def test_what_is_no_address_is_passed_over(loc: str) -> None:
    body = f"<urlset {NS}><url><loc>{loc}</loc></url><url><loc>/b</loc></url></urlset>"

    assert [page.url for page in parse_sitemap(body.encode(), URL).pages] == ["https://news.example.org/b"]


@given(st.binary(max_size=2000))
def test_whatever_comes_is_a_sitemap_or_named(body: bytes) -> None:
    assert isinstance(parsed(body), Sitemap | str)


@given(st.lists(st.tuples(st.integers(0, len(VALID) - 1), st.binary(max_size=6)), max_size=5))
def test_a_damaged_sitemap_is_one_or_named(edits: list[tuple[int, bytes]]) -> None:
    body = bytearray(VALID)
    for place, piece in edits:
        body[place : place + len(piece)] = piece

    assert isinstance(parsed(bytes(body)), Sitemap | str)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([b"<url>", b"<url><loc>/a</loc></url>", b"&amp;", b"<a b='c'/>", b"\x00", b"]]>", b"<news>"]))
def test_a_megabyte_of_anything_takes_less_than_two_seconds(piece: bytes) -> None:
    start = time.process_time()

    parsed(b"<urlset>" + piece * (1_000_000 // len(piece)) + b"</urlset>")

    assert time.process_time() - start < 2
