"""The republish kit: what a partner pastes carries credit, links, licence and corrections."""

import hashlib
import json
import re
from datetime import date, timedelta

import pytest

from publisher.model.article import Article, ImageRights, Scope
from publisher.model.errors import NotPermittedError
from publisher.syndicate.kit import FILES, build_kit
from publisher.syndicate.kit_page import render_kit_page
from publisher.syndicate.markup import parse_fragment, plain_text
from tests.licensing.article_builders import (
    NOW,
    a_correction,
    a_term,
    a_withdrawn_article,
    an_article,
    an_image,
)
from tests.syndicate.house_builders import a_house, a_site
from tests.syndicate.kit_builders import a_kit

NAMES = "a p h1 h2 h3 h4 h5 h6 em strong hr ul ol li figure figcaption img small"
TAGS = frozenset(NAMES.split())


def test_a_kit_has_its_files() -> None:
    assert set(a_kit().files) == set(FILES)


def test_the_fragment_is_in_the_order_that_partners_know() -> None:
    kit = a_kit(
        authors=(a_term(Scope.AUTHOR, "Jane Doe", url="https://news.example.org/jane/"),),
        corrections=(a_correction(),),
    )

    assert kit.files["article.html"] == (
        "<h1>The gold route</h1>\n"
        '<p>By <a rel="author" href="https://news.example.org/jane/">Jane Doe</a>, '
        '<a href="https://news.example.org/">Example Observatory</a></p>\n'
        "<p><em>This article was first published by "
        '<a href="https://news.example.org/investigations/gold-route-41/">Example Observatory</a>, '
        "March 5, 2026.</em></p>\n"
        "<p>How contraband metal becomes clean.</p>\n"
        "<p>The gold leaves the river at night.</p>\n"
        "<p><em>Correction (March 6, 2026): An earlier version misnamed the river.</em></p>\n"
        "<hr>\n"
        '<p>“<a href="https://news.example.org/investigations/gold-route-41/">The gold route</a>” by Jane Doe, '
        '<a href="https://news.example.org/">Example Observatory</a>, © 2026 Example Observatory. Licensed under '
        '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">'
        "Attribution-NonCommercial 4.0 International (CC BY-NC 4.0)</a>. "
        "Provided as is, without warranty. Republished without changes.</p>\n"
        '<p>Original: <a href="https://news.example.org/investigations/gold-route-41/">'
        "https://news.example.org/investigations/gold-route-41/</a> · "
        'Licence: <a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">'
        "https://creativecommons.org/licenses/by-nc/4.0/</a></p>\n"
    )


def test_the_fragment_holds_allowed_tags_alone() -> None:
    kit = a_kit(
        content_html='<p class="x" id="y" style="z">a <code>b</code></p><iframe src="https://e"></iframe><pre>c</pre>'
    )

    assert set(re.findall(r"<([a-z0-9]+)", kit.files["article.html"])) <= TAGS
    assert not re.search(r"\b(class|id|style)=", kit.files["article.html"])


def test_a_summary_that_the_text_begins_with_is_not_said_twice() -> None:
    kit = a_kit(summary="The gold leaves the river […]")

    assert kit.files["article.html"].count("The gold leaves the river") == 1


def test_the_text_is_title_byline_origin_body_notice() -> None:
    assert a_kit().files["article.txt"] == (
        "The gold route\n"
        "==============\n\n"
        "By Jane Doe and Ana Ruiz, Example Observatory\n\n"
        "This article was first published by Example Observatory:\n"
        "https://news.example.org/investigations/gold-route-41/\n\n"
        "How contraband metal becomes clean.\n\n"
        "The gold leaves the river at night.\n\n"
        "* * *\n\n" + a_kit().files["notice.txt"]
    )


@pytest.mark.parametrize("name", ["article.html", "article.txt", "article.md", "notice.html", "notice.txt"])
def test_both_links_and_the_licence_are_in_every_form(name: str) -> None:
    text = a_kit().files[name]

    assert "https://news.example.org/investigations/gold-route-41/" in text
    assert "https://news.example.org/" in text
    assert "https://creativecommons.org/licenses/by-nc/4.0/" in text


def test_version_and_checksum_stand_where_a_partner_looks() -> None:
    kit = a_kit()
    sha256 = hashlib.sha256(kit.files["article.html"].encode()).hexdigest()
    fields = json.loads(kit.files["article.json"])

    assert (fields["version"], fields["sha256"]) == ("41", sha256)
    assert sha256 in kit.files["LICENSE.txt"]
    page = render_kit_page(a_site(), kit)
    assert sha256 in page
    assert '<h2 id="version">Version</h2>' in page  # a number of ours tells a partner nothing; the date below it does


def test_every_picture_is_listed_with_its_rights() -> None:
    kit = a_kit(
        images=(an_image(), an_image("https://news.example.org/x.jpg", rights=ImageRights.AGENCY, credit="AFP"))
    )

    images = json.loads(kit.files["article.json"])["images"]

    assert [(one["rights"], one["republishable"]) for one in images] == [("own", True), ("agency", False)]
    assert "Not for republication" in render_kit_page(a_site(), kit)


@pytest.mark.parametrize(
    "article",
    [
        an_article(licence=None),
        an_article(no_republish=True),
        a_withdrawn_article(),
        an_article(embargo_until=NOW + timedelta(days=1)),
    ],
)
def test_what_may_not_be_republished_has_no_kit(article: Article) -> None:
    with pytest.raises(NotPermittedError) as caught:
        build_kit(article, a_house(), now=NOW)

    assert caught.value.reasons


def test_right_to_left_text_says_so_on_each_block() -> None:
    html = a_kit(language="ar", title="طريق الذهب", summary="", content_html="<p>يغادر الذهب</p>").files["article.html"]

    assert '<h1 lang="ar" dir="rtl">طريق الذهب</h1>' in html
    assert '<p dir="rtl" lang="ar">يغادر الذهب</p>' in html
    assert '<p lang="en" dir="ltr">By Jane Doe' in html


def test_a_foreign_article_is_credited_to_its_own_house() -> None:
    kit = a_kit(source="partner", rights_holder="Partner News", url="https://partner.example.com/a/")

    assert '<a href="https://partner.example.com/">Partner News</a>, © 2026 Partner News.' in kit.files["notice.html"]
    assert "Example Observatory" not in kit.files["article.html"]


@pytest.mark.parametrize("holder", ["Partner\x0b News\x00", "Partner News\ud800"])
def test_what_no_page_can_hold_does_not_reach_a_kit_by_the_holders_name(holder: str) -> None:
    kit = a_kit(source="partner", rights_holder=holder, url="https://partner.example.com/a/")

    texts = "".join(kit.files.values())

    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", texts)
    assert "Partner News" in kit.files["notice.txt"]


@pytest.mark.parametrize("name", ["article.html", "article.txt", "article.md", "article.json"])
def test_corrections_are_in_every_form_newest_first(name: str) -> None:
    older, newer = a_correction("Older.", date(2026, 3, 5)), a_correction("Newer.", date(2026, 3, 6))

    text = a_kit(corrections=(older, newer)).files[name]

    assert 0 < text.index("Newer.") < text.index("Older.")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "[Image not available for republication]"),
        ("es", "[Imagen no disponible para republicación]"),
        ("pt-BR", "[Imagem não disponível para republicação]"),
        ("fr", "[Image non disponible pour republication]"),
        ("de", "[Image not available for republication]"),
    ],
)
def test_a_picture_that_may_not_leave_is_a_sentence_in_every_form(language: str, sentence: str) -> None:
    figure = '<figure><img src="https://news.example.org/x.jpg" alt="x"></figure>'
    files = a_kit(language=language, content_html=f"<p>a</p>{figure}").files

    assert sentence in files["article.html"]
    assert sentence in files["article.txt"]
    assert sentence in files["article.md"].replace("\\", "")
    assert "x.jpg" not in files["article.html"] + files["article.txt"] + files["article.md"]


@pytest.mark.parametrize("name", ["article.html", "article.txt", "article.md", "article.json"])
def test_an_embed_leaves_as_a_link(name: str) -> None:
    video = "https://www.youtube.com/watch?v=abcdefgh"

    text = a_kit(content_html=f'<p><a href="{video}">Video</a></p><iframe src="https://e"></iframe>').files[name]

    assert video in text
    assert "iframe" not in text


@pytest.mark.parametrize(
    ("language", "original", "licence"),
    [
        ("en", "Original: ", "Licence: "),
        ("es", "Original: ", "Licencia: "),
        ("pt", "Original: ", "Licença: "),
        ("fr", "Original : ", "Licence : "),
    ],
)
def test_the_credit_ends_with_addresses_that_can_be_read(language: str, original: str, licence: str) -> None:
    last = a_kit(language=language).files["notice.html"].splitlines()[-1]

    words = plain_text(parse_fragment(last))

    assert words == f"{original}{an_article().url} · {licence}https://creativecommons.org/licenses/by-nc/4.0/"


def test_what_is_nobodys_is_not_said_to_be_licensed() -> None:
    notice = a_kit(licence="https://creativecommons.org/publicdomain/zero/1.0/").files["notice.html"]

    assert "In the public domain: <a" in notice.splitlines()[-1]
    assert "Licence:" not in notice
