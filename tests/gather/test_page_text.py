"""The main text of a page: what is kept of it, what is left out, and that nothing stops us."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.gather.pages.page import NotAPageError, read_page
from publisher.gather.sitemap.article import to_article
from publisher.gather.sitemap.parse import Listed
from publisher.gather.source import Refusal, Seen
from publisher.licensing.licences import parse_licence
from tests.gather.page_samples import DRUPAL, STATIC, URL, WORDPRESS, a_news_page, article, reading, refused

NEWS = Listed(url=URL, is_news=True, published="2026-03-06")
EVERY_PAGE = pytest.mark.parametrize("page", [WORDPRESS, DRUPAL, STATIC])


def outcome(body: bytes) -> object:
    """What becomes of any bytes at all."""
    try:
        return to_article(read_page(body, URL, {}), NEWS, reading())
    except NotAPageError as error:
        return str(error)


@EVERY_PAGE
@pytest.mark.parametrize(
    "kept",
    [
        "nobody at the port has ever asked",
        "<h2>The first buyer</h2>",
        '<a href="https://records.example.net/1">court records</a>',
        "<figcaption>At dawn. (Photo: Example Observatory)</figcaption>",
        'width="800"',
        "<td>12</td>",
        "<sup>",
        "<ol>",
        "as far as the customs office",
    ],
)
def test_the_story_keeps_its_form(page: str, kept: str) -> None:
    assert kept in article(page).content_html


@EVERY_PAGE
@pytest.mark.parametrize("gone", ["Home", "All rights reserved", "Share this", "Great article", "Related", "By Jane"])
def test_what_stands_around_the_story_goes(page: str, gone: str) -> None:
    assert gone not in article(page).content_html


def test_boxes_go_by_the_sources_rules() -> None:
    promo = '<div class="promo"><p>Give us money for more of this.</p></div>'

    found = article(a_news_page(body=f"<p>The gold leaves the river at night, they say.</p>{promo}"), drop=[".promo"])

    assert found.content_html == "<p>The gold leaves the river at night, they say.</p>"


def test_a_short_line_between_paragraphs_is_not_lost() -> None:
    long = "<p>The gold leaves the river at night, in boats without lights, and nobody asks for a paper.</p>"

    assert "<p>Why?</p>" in article(a_news_page(body=f"{long}<p>Why?</p>{long.replace('gold', 'silver')}")).content_html


@pytest.mark.parametrize("hidden", ["hidden", 'style="display:none"', 'aria-hidden="true"'])
def test_what_readers_do_not_see_is_no_text(hidden: str) -> None:
    body = f"<p>The gold leaves the river at night.</p><p {hidden}>Buy cheap watches here, very cheap.</p>"

    assert "watches" not in article(a_news_page(body=body)).content_html


def test_a_page_without_markup_gives_the_plain_text_in_its_data() -> None:
    found = article(a_news_page('"articleBody":"One & two.\\n\\nThree."', body=""))

    assert found.content_html.replace("\n", "") == "<p>One &amp; two.</p><p>Three.</p>"
    assert "only the plain text in its page's data" in found.notes


def test_navigation_is_never_taken_for_a_story() -> None:
    menu = '<ul><li><a href="/a">Menu</a></li><li><a href="/b">Contact us</a></li></ul>'

    assert refused(a_news_page(body="").replace("<article></article>", menu)) == "has no text"


def test_a_text_of_a_hundred_thousand_elements_is_refused() -> None:
    assert "elements" in refused(a_news_page(body="<b>x</b>" * 100_000))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><body><article><p>The gold leaves", "breaks off in the middle"),
        ("<html><head><title>The gold", "breaks off in the middle"),
        (
            f"<html><body><article>{'<div>' * 300}The gold leaves{'</div>' * 300}</article></body></html>",
            "nested too deep",
        ),
        ("", "nothing in it"),
    ],
)
def test_a_page_that_did_not_come_whole_is_named(body: str, words: str) -> None:
    assert words in str(outcome(body.encode()))


@pytest.mark.parametrize(
    "body", ["<article><p>The gold</article>", "<article><p>The gold</body>", "<div><p>The gold", "The gold"]
)
def test_a_page_need_not_say_where_it_ends(body: str) -> None:
    assert not isinstance(outcome(f"<html><body>{body}".encode()), str)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=1500))
def test_whatever_comes_is_an_article_none_or_named(body: bytes) -> None:
    assert isinstance(outcome(body), Seen | Refusal | str | None)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([WORDPRESS, DRUPAL, STATIC]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8), st.booleans()), max_size=6),
)
def test_a_damaged_page_is_an_article_none_or_named(page: str, edits: list[tuple[float, bytes, bool]]) -> None:
    body = bytearray(page.encode())
    for share, piece, is_inserted in edits:
        place = int(share * len(body))
        body[place : place + (0 if is_inserted else len(piece))] = piece

    found = outcome(bytes(body))

    assert isinstance(found, Seen | Refusal | str | None)
    if isinstance(found, Seen):
        assert found.article.licence is None or parse_licence(found.article.licence)
        assert found.article.published < datetime(9999, 1, 1, tzinfo=UTC)


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(
        [
            "<p>",
            "<h2>x</h2>",
            "<td>x",
            "<div>",
            "<a href=/x>y</a>",
            "<!--",
            "&lt;",
            "<b><i>x</i></b>",
            "<script>",
            "x ",
            "<ul><li>",
        ]
    )
)
def test_a_megabyte_of_anything_takes_less_than_two_seconds(piece: str) -> None:
    outcome(b"<p>warm: the library is slow to import")
    start = time.process_time()

    outcome(a_news_page(body=piece * (1_000_000 // len(piece))).encode())

    assert time.process_time() - start < 2
