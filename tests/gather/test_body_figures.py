"""Figures: captions of every theme, and credits marked in them."""

import pytest

from publisher.gather.cleaning.clean import clean_html, images_in

IMG = '<img src="https://x.example/a.jpg">'


def cleaned(html: str) -> str:
    return clean_html(html, "https://news.example.org/gold/route").html


def test_a_caption_of_an_older_theme_becomes_a_figures_caption() -> None:
    html = f'<div class="wp-caption alignleft">{IMG}<p class="wp-caption-text">At night</p></div>'

    assert cleaned(html) == f"<figure>{IMG}<figcaption>At night</figcaption></figure>"


def test_each_picture_of_an_older_gallery_has_its_own_caption() -> None:
    item = '<dl class="gallery-item"><dt class="gallery-icon">{}</dt><dd class="wp-caption-text">{}</dd></dl>'

    body = cleaned(f'<div class="gallery">{item.format(IMG, "One")}{item.format(IMG, "Two")}</div>')

    assert [image.caption for image in images_in(body)] == ["One", "Two"]
    assert "<dt" not in body


@pytest.mark.parametrize(
    "caption",
    [
        '<figcaption>At night <span class="image-credit"><b class="credit-label">Credit:</b> Ana</span></figcaption>',
        '<figcaption>At night<span class="image-credit">Credit: <span class="credit">Ana</span></span></figcaption>',
        '<figcaption>At night</figcaption><small class="credit">Credit: Ana</small>',
        '<figcaption>At night</figcaption><p class="wp-media-credit">Credit: Ana</p>',
        '<p class="photo-credit">Credit: Ana</p><figcaption>At night</figcaption>',
        '<figcaption>At night <a class="credit" href="https://ana.example/">Credit: Ana</a></figcaption>',
        "<figcaption>At night <small>Credit: Ana</small></figcaption>",
    ],
)
def test_a_credit_stands_marked_at_the_end_of_the_caption(caption: str) -> None:
    body = cleaned(f"<figure>{IMG}{caption}</figure>")

    assert body.count("<small>") == 1
    assert [(image.caption, image.credit) for image in images_in(body)] == [("At night Credit: Ana", "Credit: Ana")]


def test_a_credit_without_a_caption_makes_one() -> None:
    assert cleaned(f'<figure>{IMG}<div class="credit">AP</div></figure>') == (
        f"<figure>{IMG}<figcaption><small>AP</small></figcaption></figure>"
    )


def test_a_credit_outside_of_figures_is_a_paragraph_like_others() -> None:
    assert cleaned(f'<p>{IMG}</p><p class="credit">AP</p>') == f"<p>{IMG}</p><p>AP</p>"


def test_tables_keep_caption_scopes_and_spans() -> None:
    table = (
        '<figure><table><caption>Tons</caption><thead><tr><th scope="col">Year</th><th scope="colgroup" colspan="2">T'
        '</th></tr></thead><tbody><tr><th scope="row" rowspan="2">2025</th><td>1</td><td>2</td></tr></tbody></table>'
        "<figcaption>Source: EO</figcaption></figure>"
    )

    assert cleaned(table.replace("<table>", '<table class="has-fixed-layout" border="1" width="100%">')) == table


def test_footnotes_keep_their_links_both_ways() -> None:
    html = (
        '<p>A claim<sup data-fn="u1" class="fn"><a href="#u1" id="u1-link">1</a></sup>.</p>'
        '<ol class="wp-block-footnotes"><li id="u1">A source. '
        '<a href="#u1-link" aria-label="Jump to footnote reference 1">↩︎</a></li></ol>'
    )
    page = "https://news.example.org/gold/route"

    assert cleaned(html) == (
        f'<p>A claim<sup><a href="{page}#u1">1</a></sup>.</p><ol><li>A source. <a href="{page}#u1-link">↩︎</a></li></ol>'
    )


def test_lists_and_quotes_keep_their_own_direction_and_the_rest_gets_none() -> None:
    html = '<p>هذه</p><ul dir="rtl"><li>و</li></ul><blockquote dir="rtl" lang="ar"><p>و</p></blockquote>'

    assert cleaned(html) == html
