"""Words and languages: whole tables, honest fall-backs, CLDR's facts."""

from dataclasses import asdict
from datetime import date
from string import Formatter

import pytest

from publisher.render.languages import direction, join_names, language_name, long_date
from publisher.render.words import WORDS, words


def holes(text: str) -> set[str]:
    """The names that a text wants filled."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_fills_the_same_holes_as_english(language: str) -> None:
    ours = {name: holes(text) for name, text in asdict(WORDS[language]).items()}

    assert ours == {name: holes(text) for name, text in asdict(WORDS["en"]).items()}


@pytest.mark.parametrize("language", WORDS)
def test_no_text_is_empty(language: str) -> None:
    assert all(text.strip() == text != "" for text in asdict(WORDS[language]).values())


@pytest.mark.parametrize(("tag", "read"), [("es-MX", "Leer"), ("PT-br", "Ler"), ("de", "Read"), ("", "Read")])
def test_words_go_by_the_primary_subtag_and_fall_back_to_english(tag: str, read: str) -> None:
    assert words(tag).read == f"{read}: {{title}}"


@pytest.mark.parametrize(
    ("tag", "wanted"), [("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("ckb", "rtl"), ("es", "ltr"), ("xx-YY", "ltr")]
)
def test_direction_goes_by_the_language(tag: str, wanted: str) -> None:
    assert direction(tag) == wanted


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("en", "March 6, 2026"),
        ("es-MX", "6 de marzo de 2026"),
        ("pt", "6 de março de 2026"),
        ("fr", "6 mars 2026"),
        ("es-ZZ", "6 de marzo de 2026"),
        ("xx", "March 6, 2026"),
    ],
)
def test_dates_are_written_out_in_the_language(tag: str, wanted: str) -> None:
    assert long_date(date(2026, 3, 6), tag) == wanted


@pytest.mark.parametrize(("tag", "wanted"), [("ar", "árabe"), ("es-MX", "español (México)"), ("xx", "xx")])
def test_a_language_is_named_in_the_readers_own(tag: str, wanted: str) -> None:
    assert language_name(tag, within="es") == wanted


@pytest.mark.parametrize(
    ("names", "wanted"), [([], ""), (["Ana"], "Ana"), (["Ana", "Ben"], "Ana y Ben"), (["A", "B", "C"], "A, B y C")]
)
def test_names_are_joined_as_people_say_them(names: list[str], wanted: str) -> None:
    assert join_names(names, "es") == wanted
