"""Reading a cleaned body: words, summary, pictures."""

import pytest

from publisher.gather.cleaning.body import BodyImage, images_in, plain_text, summarise

SENTENCE = "Prosecutors seized twelve boats near the Darién Gap. "  # 53 characters


def test_the_words_of_a_body_come_in_one_line_parted_where_blocks_are() -> None:
    html = "<h2>Gold</h2><p>The <em>ro</em>ute,\n a <a href='https://example.org'>map</a>.</p><ul><li>One</li><li>Two</li></ul>"

    assert plain_text(html) == "Gold The route, a map. One Two"


def test_words_around_line_breaks_and_pictures_keep_their_order() -> None:
    assert plain_text('a<br>b <img src="https://example.org/x.jpg" alt="not words"> c') == "a b c"


@pytest.mark.parametrize("html", ["", " ", "<hr>"])
def test_a_body_without_words_has_none(html: str) -> None:
    assert plain_text(html) == ""
    assert summarise(html) == ""


def test_a_short_body_is_its_own_summary() -> None:
    assert summarise("<p>All of it.</p>") == "All of it."


def test_a_summary_ends_after_a_sentence() -> None:
    assert summarise(f"<p>{SENTENCE * 4}</p>", max_chars=120) == (SENTENCE * 2).strip() + " …"


def test_a_summary_without_a_sentence_end_in_its_second_half_ends_after_a_word() -> None:
    html = "<p>Short. And then one sentence that goes on and on, without an end</p>"

    assert summarise(html, max_chars=52) == "Short. And then one sentence that goes on and on…"


@pytest.mark.parametrize("max_chars", range(20, 60))
def test_a_summary_is_never_longer_than_asked_for(max_chars: int) -> None:
    assert len(summarise(f"<p>{SENTENCE * 2}</p>", max_chars=max_chars)) <= max_chars


def test_a_quotation_mark_belongs_to_the_sentence_before_it() -> None:
    html = f"<p>“We saw nothing at all.” {SENTENCE}</p>"

    assert summarise(html, max_chars=40) == "“We saw nothing at all.” …"


def test_a_sentence_in_chinese_ends_without_a_space() -> None:
    assert summarise("<p>墨西哥有组织犯罪。分析报告说明了很多问题</p>", max_chars=15) == "墨西哥有组织犯罪。 …"


def test_a_number_with_a_point_is_no_sentence_end() -> None:
    assert summarise("<p>It is worth US$40.5 million or more</p>", max_chars=21) == "It is worth US$40.5…"


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("x" * 40, "xxxxxxxxx…"),
        ("yyyyyyyy👩🏽\u200d🚒zzzzz", "yyyyyyyy…"),
        ("yyyyyyyy🇲🇽zzzzz", "yyyyyyyy…"),
        ("yyyyyyyye\u0301zzzzz", "yyyyyyyy…"),
    ],
)
def test_a_word_that_is_too_long_is_cut_between_whole_characters(text: str, summary: str) -> None:
    assert summarise(f"<p>{text}</p>", max_chars=10) == summary


def test_headlines_captions_and_tables_are_not_told_in_a_summary() -> None:
    html = (
        "<figure><img src='https://example.org/x.jpg'><figcaption>A convoy</figcaption></figure><h2>Analysis</h2>"
        "<table><tr><td>1,234</td></tr></table><p>The story.</p>"
    )

    assert summarise(html) == "The story."


def test_a_body_of_nothing_but_a_caption_is_summarised_by_it() -> None:
    assert summarise("<figure><figcaption>A convoy</figcaption></figure>") == "A convoy"


def test_a_picture_comes_with_its_figures_caption_and_size() -> None:
    html = (
        '<p>x</p><figure><img src="https://example.org/x.jpg" alt="Convoy &amp; dogs" width="1600" height="900">'
        "<figcaption>At night.  <em>Photo: Ana</em></figcaption> tail</figure>"
    )

    assert images_in(html) == [
        BodyImage(
            url="https://example.org/x.jpg",
            alt="Convoy & dogs",
            caption="At night. Photo: Ana",
            width=1600,
            height=900,
        )
    ]


def test_each_picture_of_a_gallery_has_its_own_caption_and_else_the_gallerys() -> None:
    html = (
        "<figure><figure><img src='https://example.org/1.jpg'><figcaption>One</figcaption></figure>"
        "<figure><img src='https://example.org/2.jpg'></figure><figcaption>All</figcaption></figure>"
    )

    assert [image.caption for image in images_in(html)] == ["One", "All"]


def test_a_picture_outside_of_figures_has_no_caption_and_perhaps_no_size() -> None:
    image = images_in('<p><img src="https://example.org/x.jpg" width="0"></p>')[0]

    assert (image.alt, image.caption, image.width, image.height) == ("", "", None, None)
