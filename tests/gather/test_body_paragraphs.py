"""Paragraphs made of line breaks, and large first letters."""

import pytest

from publisher.gather.cleaning.clean import clean_html


def cleaned(html: str) -> str:
    return clean_html(html, "https://news.example.org/gold/route").html


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("<p>one<br><br>two</p>", "<p>one</p><p>two</p>"),
        ("<p>one<br>\n<br />&nbsp;<br>two<br>three</p>", "<p>one</p><p>two<br>three</p>"),
        (
            '<p dir="rtl" lang="ar">one<br><br><em>two</em></p>',
            '<p dir="rtl" lang="ar">one</p><p dir="rtl" lang="ar"><em>two</em></p>',
        ),
        (
            "one<br><br>two <em>x</em><br><br><br><p>three</p>four",
            "<p>one</p><p>two <em>x</em></p><p>three</p><p>four</p>",
        ),
        ("<div>one<br><br>two</div>", "<p>one</p><p>two</p>"),
        ("<blockquote>one<br><br>two</blockquote>", "<blockquote><p>one</p><p>two</p></blockquote>"),
        ("<p>one<br><br>two</p>three", "<p>one</p><p>two</p>three"),
    ],
)
def test_two_line_breaks_or_more_end_a_paragraph(written: str, paragraphs: str) -> None:
    assert cleaned(written) == paragraphs


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>one<br>two</p>", "<p>one<br>two</p>"),
        ("<p><br>one<br> </p>", "<p>one</p>"),
        ("<p>one</p><br><p>two</p><br><br>", "<p>one</p><p>two</p>"),
        ("<ul><li>one<br><br>two<br></li></ul>", "<ul><li>one<br><br>two</li></ul>"),
        ("one<br>two", "one<br>two"),
        ("<p>one\ntwo</p>", "<p>one\ntwo</p>"),
    ],
)
def test_a_single_break_stays_in_its_line_and_goes_where_it_breaks_none(written: str, kept: str) -> None:
    assert cleaned(written) == kept


@pytest.mark.parametrize(
    "spacer",
    ['<div style="height:100px" aria-hidden="true" class="wp-block-spacer"></div>', "<p>&nbsp;<br>&#8203;</p>"],
)
def test_what_only_makes_room_is_removed(spacer: str) -> None:
    assert cleaned(f"<p>a</p>{spacer}<p>b</p>") == "<p>a</p><p>b</p>"


@pytest.mark.parametrize(
    "letter",
    [
        '<p><span class="dropcap">T</span>he boats</p>',
        '<p><strong class="drop-cap">T</strong>he boats</p>',
        '<p class="has-drop-cap">The boats</p>',
        '<div class="theme_drop-cap">T</div>\n<p>he boats</p>',
        '<div><div class="dropcap">T</div> he boats</div>',
    ],
)
def test_a_large_first_letter_is_joined_to_its_word(letter: str) -> None:
    assert cleaned(letter) == "<p>The boats</p>"


def test_a_paragraph_of_that_class_is_no_letter() -> None:
    assert cleaned('<p class="dropcap">The boats</p><p>came.</p>') == "<p>The boats</p><p>came.</p>"
