"""What stands in a body but is no part of the article; and what a source's rules leave out."""

import pytest

from publisher.gather.cleaning.clean import clean_html

PAGE = "https://news.example.org/gold/route"


def cleaned(html: str) -> str:
    return clean_html(html, PAGE).html


@pytest.mark.parametrize(
    ("unseen", "note"),
    [
        ('<p style="display:none">spam <a href="https://spam.example/">x</a></p>', "hidden text removed"),
        ("<div hidden><p>x</p></div>", "hidden text removed"),
        ('<h2 class="screen-reader-text">Share this</h2>', "text for screen readers removed"),
        ('<p class="lead sr-only">x</p>', "text for screen readers removed"),
        (
            (
                '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li><a href="https://f.example">F</a></li>'
                "</ul></div>"
            ),
            "buttons to share removed",
        ),
        ('<div class="newsletter-signup"><h3>Sign up</h3><p>Every week.</p></div>', "box to subscribe removed"),
        ('<div id="mc_embed_signup"><h2>Subscribe</h2></div>', "box to subscribe removed"),
        ('<i class="material-icons">share</i>', "icon removed"),
        ('<iframe src="https://c.example/" width="1" height="1"></iframe>', "hidden frame removed"),
    ],
)
def test_what_a_reader_of_the_article_is_not_meant_to_read_is_removed(unseen: str, note: str) -> None:
    result = clean_html(f"<p>before</p>{unseen}<p>after</p>", PAGE)

    assert result.html == "<p>before</p><p>after</p>"
    assert result.notes == (note,)


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ('<div hidden="until-found"><p>x</p></div>', "<p>x</p>"),
        ("<details><summary>More</summary><p>x</p></details>", "<p>More</p><p>x</p>"),
        ('<p aria-hidden="true">A pull quote</p>', "<p>A pull quote</p>"),
        ('<p style="display:block">x</p>', "<p>x</p>"),
        ('<p class="shared">x</p>', "<p>x</p>"),
    ],
)
def test_what_a_browser_shows_in_the_end_stays(html: str, seen: str) -> None:
    assert cleaned(html) == seen


@pytest.mark.parametrize(
    "icon",
    [
        '<i class="fa fa-share" aria-hidden="true"></i>',
        '<span aria-hidden="true">→</span>',
        '<a class="anchor" href="#h" aria-hidden="true">#</a>',
        '<span class="screen-reader-text"> (opens in a new tab)</span>',
    ],
)
def test_icons_and_spoken_words_leave_the_line_that_they_stand_in(icon: str) -> None:
    assert cleaned(f"<h2>The route{icon}</h2>") == "<h2>The route</h2>"


def test_the_labels_of_a_form_go_with_it() -> None:
    assert cleaned("<p>x</p><form><label>Mail</label><input></form><label>Name</label>") == "<p>x</p>"


def test_boxes_are_left_out_by_the_rules_of_their_source() -> None:
    html = '<p>a</p><aside class="related big"><h3>c</h3></aside><p>b</p><ad-slot data-x>d</ad-slot><div id="n">e</div>'

    result = clean_html(html, PAGE, drop=(".related, #n", "ad-slot[data-x]"))

    assert result.html == "<p>a</p><p>b</p>"
    assert result.notes == ("box left out by the source's rules (3)",)


def test_our_own_box_around_a_body_is_not_what_a_rule_means() -> None:
    assert clean_html("<p>a</p><div><p>b</p></div>", PAGE, drop=("div > p",)).html == "<p>a</p>"


def test_rules_are_applied_once_to_what_the_source_wrote() -> None:
    assert clean_html("<p>a</p><p>b</p><p>c</p>", PAGE, drop=("p:first-child",)).html == "<p>b</p><p>c</p>"


def test_a_rule_that_is_no_selector_is_refused_aloud() -> None:
    with pytest.raises(ValueError, match=r"\.related\["):
        clean_html("<p>x</p>", PAGE, drop=(".related[",))
