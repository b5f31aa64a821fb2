"""The notice: who, what, where, licence, changes; the same facts in each format and language."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from markdown_it import MarkdownIt

from publisher.licensing.licences import parse_licence
from publisher.licensing.notices import Changes, Notice, Person, notice_html, notice_markdown, notice_text
from publisher.licensing.words import EN, ES, WORDS, join_names, words_for


def a_notice(licence: str = "CC-BY-NC-4.0", **changes: Any) -> Notice:  # noqa: ANN401 - fields of the notice
    """The notice of "The gold route"."""
    found = parse_licence(licence)
    assert found is not None
    notice = Notice(
        title="The gold route",
        url="https://news.example.org/gold-route/",
        authors=(Person(name="Jane Doe"), Person(name="Ana Ruiz")),
        organisation="Example Observatory",
        organisation_url="https://news.example.org/",
        year=2026,
        rights_holder="Example Observatory",
        licence=found,
        language="en",
        published=date(2026, 3, 5),
        changes=Changes(),
    )
    return replace(notice, **changes)


def test_the_notice_in_plain_text_names_everything_with_bare_addresses() -> None:
    assert notice_text(a_notice()) == (
        "“The gold route” (https://news.example.org/gold-route/) by Jane Doe and Ana Ruiz, "
        "Example Observatory (https://news.example.org/), © 2026 Example Observatory. "
        "Licensed under Attribution-NonCommercial 4.0 International (CC BY-NC 4.0) "
        "(https://creativecommons.org/licenses/by-nc/4.0/). "
        "Provided as is, without warranty. Republished without changes."
    )


def test_the_notice_in_html_links_the_original_the_organisation_and_the_licence() -> None:
    html = notice_html(a_notice())

    assert '“<a href="https://news.example.org/gold-route/">The gold route</a>” by Jane Doe and Ana Ruiz' in html
    assert '<a href="https://news.example.org/">Example Observatory</a>, © 2026 Example Observatory.' in html
    assert '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">' in html


def test_the_notice_speaks_the_articles_language() -> None:
    text = notice_text(a_notice(language="es-MX", title="La ruta del oro"))

    assert text.startswith("«La ruta del oro» (https://news.example.org/gold-route/) por Jane Doe y Ana Ruiz")
    assert "Publicado bajo la licencia Atribución-NoComercial 4.0 Internacional" in text
    assert text.endswith("Se ofrece tal cual, sin garantías. Republicado sin cambios.")


def test_a_language_without_words_gets_the_english_ones() -> None:
    assert words_for("ar") is EN


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (Changes(kind="edited", partner="El Día"), "Edited by El Día; the original is at the link above."),
        (Changes(kind="translated", partner="El Día", from_language="Spanish"), "Translated by El Día from Spanish."),
    ],
)
def test_a_changed_version_says_so(changes: Changes, sentence: str) -> None:
    assert notice_text(a_notice(changes=changes)).endswith(sentence)


def test_in_the_newsrooms_own_feed_nobody_republished() -> None:
    assert notice_text(a_notice(changes=None)).endswith("without warranty.")


def test_cc0_claims_no_copyright() -> None:
    text = notice_text(a_notice("CC0-1.0"))

    assert "©" not in text
    assert "CC0 1.0 Universal" in text
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in text


def test_a_hostile_title_stays_text_in_every_format() -> None:
    title = '</a><script>alert("x")</script> [click](javascript:x) & {authors} *star*'
    notice = a_notice(title=title)

    shown = MarkdownIt("commonmark").render(notice_markdown(notice))

    assert "<script>" not in notice_html(notice)
    assert f"“{title}”" in notice_text(notice)
    assert "<script>" not in shown
    assert 'href="javascript:' not in shown
    assert "*star*" in shown


def test_a_notice_without_authors_names_the_organisation() -> None:
    assert "(https://news.example.org/gold-route/), Example Observatory" in notice_text(a_notice(authors=()))


def test_spanish_joins_before_an_i_sound_with_e() -> None:
    assert join_names(["Ana", "Inés"], ES) == "Ana e Inés"
    assert join_names(["Ana", "Hierónimo"], ES) == "Ana y Hierónimo"
    assert join_names(["Ana", "Ben", "Chidi"], EN) == "Ana, Ben and Chidi"


@pytest.mark.parametrize("language", WORDS)
def test_every_language_fills_the_same_holes(language: str) -> None:
    words = WORDS[language]

    assert "{partner}" in words.edited
    assert "{partner}" in words.translated
    assert "{language}" in words.translated
    assert "{organisation}" in words.withdrawn_sentence
