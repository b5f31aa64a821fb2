"""What partners read: what was corrected or withdrawn, where to look, what is asked; in the article's language."""

import html
import re
from string import Formatter
from typing import Any

import pytest

from publisher.model.article import RevisionKind
from publisher.model.edition import Letter
from publisher.store.notices import Notice, NoticeState
from publisher.syndicate.partner_notices import build_letter
from publisher.syndicate.partner_words import ROWS, WORDS, partner_words
from tests.licensing.article_builders import BY_ND, NOW, a_correction, a_withdrawn_article, an_article
from tests.store.partner_builders import DAILY, DESK
from tests.syndicate.house_builders import a_house

KIT = "https://follow.example.org/republish/41/"


def a_notice(kind: RevisionKind) -> Notice:
    """A notice to the Daily."""
    return Notice(
        id=7,
        partner=DAILY,
        email=DESK,
        article=41,
        revision=41,
        kind=kind,
        state=NoticeState.WAITING,
        made_at=NOW,
        tries=0,
    )


def corrected(*texts: str, **changes: Any) -> Letter:  # noqa: ANN401 - fields of the article
    """The message of a correction."""
    corrections = [a_correction(text) for text in texts]
    return build_letter(a_notice(RevisionKind.CORRECTION), an_article(**changes), corrections, a_house(), now=NOW)


def withdrawn(**changes: Any) -> Letter:  # noqa: ANN401 - fields of the article
    """The message of a withdrawal."""
    article = a_withdrawn_article(**changes)
    return build_letter(a_notice(RevisionKind.WITHDRAWAL), article, [], a_house(), now=NOW)


def words_of(page: str) -> str:
    """The words of a page, spaces collapsed."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])).split())


def test_a_correction_says_what_was_corrected_and_where_the_corrected_text_is() -> None:
    letter = corrected("The river is the Atrato.")

    assert letter.subject == "Correction: The gold route"
    for text in (letter.text, letter.html):
        assert "Correction (March 6, 2026): The river is the Atrato." in text
        assert KIT in text
    assert DAILY in words_of(letter.html)


def test_a_correction_without_words_is_told_all_the_same() -> None:
    assert "- The text of the article was corrected." in corrected().text


def test_a_corrected_article_without_a_kit_is_told_by_its_own_address() -> None:
    letter = corrected("x", licence=None)

    assert KIT not in letter.text
    assert "it may not be republished anew" in " ".join(letter.text.split())


def test_a_withdrawal_leads_to_its_explanation_and_repeats_nothing_of_the_text() -> None:
    letter = withdrawn()

    assert letter.subject == "Withdrawn: The gold route"
    assert KIT in letter.text
    assert "leaves the river" not in letter.text + letter.html
    assert "The copy that you took keeps its licence." in letter.text


@pytest.mark.parametrize(
    ("licence", "there", "not_there"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "Say what you changed.", "commercial"),
        (BY_ND, "Share it unchanged", "Say what you changed."),
    ],
)
def test_the_conditions_are_those_of_the_articles_licence(licence: str, there: str, not_there: str) -> None:
    text = corrected("x", licence=licence).text

    assert licence in text
    assert there in text
    assert not_there not in text


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("es", "Corrección: La ruta", "Corrección (6 de marzo de 2026): El río es el Atrato."),
        ("pt-BR", "Correção: La ruta", "Correção (6 de março de 2026): El río es el Atrato."),
        ("fr", "Correction : La ruta", "Correction (6 mars 2026) : El río es el Atrato."),
        ("de", "Correction: La ruta", "Correction (March 6, 2026): El río es el Atrato."),
    ],
)
def test_a_message_speaks_the_articles_language(language: str, subject: str, said: str) -> None:
    letter = corrected("El río es el Atrato.", language=language, title="La ruta")

    assert (letter.subject, said in letter.text) == (subject, True)
    assert letter.html.startswith(f'<!DOCTYPE html>\n<html lang="{letter.language}">')


def test_both_parts_say_the_same() -> None:
    letter = corrected("One.", "Two.")

    text = re.sub(r"^- ", "", letter.text.partition("\n-- \n")[0], flags=re.MULTILINE)

    assert words_of(letter.html) == " ".join(text.split())


def test_markup_in_a_title_or_a_correction_stays_text() -> None:
    letter = corrected("<script>alert(1)</script>", title="Gold & <b>mercury</b>\nBcc: x@example.com")

    assert "<script>" not in letter.html
    assert "\n" not in letter.subject
    assert "&lt;b&gt;" in letter.html


def test_a_long_title_is_cut_in_the_subject_alone() -> None:
    title = "long " * 60

    letter = corrected("x", title=title)

    assert len(letter.subject) < 180
    assert title.strip() in words_of(letter.html)


@pytest.mark.parametrize("language", WORDS)
def test_each_language_fills_the_same_holes_as_english(language: str) -> None:
    def holes(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert {key: holes(text) for key, text in WORDS[language].items()} == {
        key: holes(row[0]) for key, row in ROWS.items()
    }
    assert partner_words(f"{language}-XX") is WORDS[language]
