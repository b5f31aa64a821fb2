"""Pictures in what others take: those that may not leave make room for a sentence."""

import pytest

from publisher.model.article import Image, ImageRights
from publisher.syndicate.images import republishable_body
from tests.licensing.article_builders import an_article, an_image

URL = "https://news.example.org/img/river.jpg"
GONE = "[Image not available for republication]"
BY = "https://creativecommons.org/licenses/by/4.0/"
FIGURE = f'<figure><a href="{URL}"><img src="{URL}" alt="a"></a><figcaption>The river.</figcaption></figure>'


@pytest.mark.parametrize("rights", [ImageRights.AGENCY, ImageRights.COURTESY, ImageRights.UNKNOWN])
def test_a_figure_that_may_not_leave_becomes_a_sentence(rights: ImageRights) -> None:
    body = republishable_body(an_article(content_html=f"<p>a</p>{FIGURE}<p>b</p>", images=(an_image(rights=rights),)))

    assert body == f"<p>a</p>\n<p><em>{GONE}</em></p>\n<p>b</p>"


def test_a_picture_without_a_record_does_not_leave() -> None:
    body = republishable_body(an_article(content_html='<p>a <img src="https://e.example.org/?x"> b</p>'))

    assert body == f"<p>a <em>{GONE}</em> b</p>"


@pytest.mark.parametrize(
    ("image", "caption"),
    [
        (an_image(), "The river. <small>Ana Ruiz / Example Observatory</small>"),
        (
            an_image(credit="B. Okri", rights=ImageRights.CC, licence=BY),
            f'The river. <small>B. Okri, <a rel="license" href="{BY}">CC BY 4.0</a></small>',
        ),
        (an_image(credit="", rights=ImageRights.PUBLIC_DOMAIN), "The river."),
    ],
)
def test_a_picture_that_may_leave_brings_its_credit(image: Image, caption: str) -> None:
    body = republishable_body(an_article(content_html=FIGURE, images=(image,)))

    assert f'<img src="{URL}" alt="a">' in body
    assert f"<figcaption>{caption}</figcaption>" in body


def test_a_credit_that_the_caption_holds_is_not_repeated() -> None:
    html = f'<figure><img src="{URL}" alt="a"><figcaption>Ana Ruiz / Example Observatory</figcaption></figure>'

    assert republishable_body(an_article(content_html=html, images=(an_image(),))).count("Ana Ruiz") == 1


def test_a_cc_picture_without_its_licence_does_not_leave() -> None:
    image = an_image(rights=ImageRights.CC, licence=None)

    assert URL not in republishable_body(an_article(content_html=FIGURE, images=(image,)))


def test_the_sentence_speaks_the_articles_language() -> None:
    body = republishable_body(an_article(language="es", content_html=FIGURE))

    assert body == "<p><em>[Imagen no disponible para republicación]</em></p>"


def test_code_and_quotations_of_works_keep_their_text() -> None:
    html = "<pre><code>a  b</code></pre><p><cite>C</cite> <time>D</time></p>"

    assert republishable_body(an_article(content_html=html)) == "<p>a  b</p>\n<p>C D</p>"
