"""The words of pages: every language fills the same holes."""

import re

import pytest

from publisher.syndicate.page_words import LANGUAGES, ROWS, page_words, spoken_language


@pytest.mark.parametrize("key", ROWS)
def test_every_language_has_the_same_holes(key: str) -> None:
    holes = {frozenset(re.findall(r"\{\w+\}", words)) for words in ROWS[key]}

    assert len(ROWS[key]) == len(LANGUAGES)
    assert len(holes) == 1 or key == "may_credit"


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert (spoken_language("ar"), spoken_language("pt-BR")) == ("en", "pt")
    assert page_words("ar")["home"] == "Home"
