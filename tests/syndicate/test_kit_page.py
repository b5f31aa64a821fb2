"""The page of a kit: what a partner may do, what is asked for, and the text to take, with or without a script."""

import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from lxml import html as lxml_html

from publisher.syndicate.build import open_site
from publisher.syndicate.house import house_of
from publisher.syndicate.kit import FILES
from publisher.syndicate.kit_page import render_kit_page
from publisher.syndicate.page_words import ROWS
from publisher.syndicate.pages import render_withdrawn_page
from tests.licensing.article_builders import BY_NC, a_withdrawn_article, an_article
from tests.syndicate.house_builders import a_site, some_settings
from tests.syndicate.kit_builders import a_kit

REQUESTS = ["link-top", "link-bottom", "notify", "canonical", "noindex"]
#: Forms of *tú* in the Spanish words, and of the verbs that would go with it.
INFORMAL = (
    r"\b(tú|tus?|te|ti|contigo|puedes|sigue|copia una|mantén|pon|nombra|comparte|indica qué|cuéntanos|escríbenos)\b"
)


def a_page(language: str = "en", **licence: Any) -> str:  # noqa: ANN401 - keys of [licence]
    """The page of "The gold route" in a house with these settings."""
    settings = some_settings(licence={"default": BY_NC} | licence)
    house = house_of(settings, lambda number: f"id-of-{number}")
    return render_kit_page(replace(open_site(settings), house=house), a_kit(house, language=language))


def boxes(page: str) -> dict[str, str]:
    """The text of each box by its id."""
    return {box.get("id", ""): box.text or "" for box in lxml_html.fromstring(page).iter("textarea")}


def links(page: str) -> list[etree._Element]:
    """The links of the page."""
    return list(lxml_html.fromstring(page).iter("a"))


def test_the_page_keeps_conditions_and_requests_apart() -> None:
    page = render_kit_page(a_site(), a_kit(licence="https://creativecommons.org/licenses/by-nc-nd/4.0/"))
    conditions, requests = page.split("Requests of the house")

    assert "Not for commercial use." in conditions
    assert "no translations" in conditions
    assert "Keep the link to the original at the top." in requests


def test_the_page_is_kept_out_of_search_and_points_to_the_article() -> None:
    page = render_kit_page(a_site(), a_kit())

    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="{an_article().url}">' in page
    assert '<link rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">' in page


def test_the_page_speaks_the_articles_language() -> None:
    page = render_kit_page(a_site(), a_kit(language="es", title="La ruta del oro"))

    assert '<html lang="es" dir="ltr">' in page
    assert "Condiciones de la licencia" in page


def test_a_hostile_title_cannot_break_out_of_the_page() -> None:
    page = render_kit_page(a_site(), a_kit(title='</textarea><script>alert("x")</script>{{ house }}'))

    assert "<script>alert" not in page
    assert len(boxes(page)) == page.count("</textarea>") == 4


def test_pages_hold_no_inline_script_or_style() -> None:
    page = render_kit_page(a_site(), a_kit())

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page)


def test_canonical_and_noindex_are_two_choices() -> None:
    found = boxes(a_page())

    assert found["take-canonical"] == f'<link rel="canonical" href="{an_article().url}">'
    assert found["take-noindex"] == '<meta name="robots" content="noindex">'
    assert "recommended" in a_page()
    assert "only if you want" in a_page()


def test_all_can_be_taken_without_a_script() -> None:
    page = a_page()
    kit = a_kit()

    assert [one.get("href") for one in links(page) if "download" in one.attrib] == ["article.html", "notice.html"]
    assert "click into a box, select all of it, and copy" in page
    assert page.count("<button") == page.count(' type="button" hidden ')  # the script shows them
    assert boxes(page)["take-html"] == kit.files["article.html"].strip()


def test_every_file_says_what_it_is_for() -> None:
    page = a_page("fr")

    assert [one.get("href") for one in links(page) if one.get("href") == one.text] == list(FILES)
    assert "le crédit en texte brut" in page


def test_whom_to_tell_is_a_link() -> None:
    page = a_page(requests=REQUESTS)

    assert 'Tell us where you published it: <a href="mailto:desk@news.example.org">desk@news.example.org</a>' in page


@pytest.mark.parametrize(
    ("language", "level", "said"),
    [
        ("en", "host", "on which site the article is read; it sets no cookie, and you may take it out."),
        ("en", "page", "on which page the article is read"),
        ("es", "page", "en qué página se lee el artículo; no pone cookies, y usted puede quitarla."),
        ("pt", "host", "em que site o artigo é lido"),
        ("fr", "page", "sur quelle page l’article est lu"),  # noqa: RUF001 - the apostrophe that French is printed with
    ],
)
def test_partners_are_told_of_the_counter(language: str, level: str, said: str) -> None:
    assert said in a_page(language, counter=level)


def test_of_no_counter_nothing_is_told() -> None:
    assert "invisible" not in a_page()


@pytest.mark.parametrize("key", ROWS)
def test_spanish_says_usted(key: str) -> None:
    assert not re.search(INFORMAL, ROWS[key][1], re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "has been withdrawn and may no longer be taken from here. If you have republished it"),
        ("es-MX", "Si lo republicó, indíquelo en su página o retírelo."),
        ("pt", "Se você o republicou, avise na página ou retire-o."),
        ("fr", "signalez-le sur votre page ou retirez-le."),
    ],
)
def test_the_page_of_a_withdrawn_article_says_what_to_do_and_whom_to_ask(language: str, said: str) -> None:
    page = render_withdrawn_page(a_site(), a_withdrawn_article(language=language))

    assert said in page
    assert 'href="mailto:desk@news.example.org"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "leaves the river" not in page
