"""The text part: plain, narrow, complete."""

import re
from datetime import date

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.article import Correction, ImageRights
from publisher.render.text import RULE, wrap
from tests.render.digest_builders import (
    BY_NC,
    OBSERVATORY,
    PUBLIC,
    a_digest,
    a_full_digest,
    an_image,
    an_item,
    letter_of,
    text_of,
)
from tests.render.html_reading import texts, values

LETTER = letter_of(a_full_digest())
LONG_URL = f"https://www.example.org/{'very-long-' * 12}path"


def columns(line: str) -> int:
    """How wide a line is on a terminal."""
    return wcwidth.wcswidth(line)


def test_a_short_letter_reads_like_one() -> None:
    assert text_of(an_item(), appeal="", note="").partition("You receive")[0] == (
        "The week\n"
        "Example Observatory, March 6, 2026\n"
        "\n"
        "This newsletter in your browser:\n"
        f"{PUBLIC}/editions/weekly/2026-03-06/\n"
        "\n"
        f"{RULE}\n"
        "Stories\n"
        "\n"
        "\n"
        "Investigation · Colombia\n"
        "The gold route\n"
        "By Ana Reyes, March 5, 2026\n"
        "\n"
        "Export declarations name mines that closed years ago. We followed four\n"
        "shipments to a refinery.\n"
        "\n"
        "https://www.example.org/investigations/gold-route-1/\n"
        "\n"
        "Source: Example Observatory\n"
        "Licence: CC BY-NC 4.0\n"
        "https://creativecommons.org/licenses/by-nc/4.0/\n"
        "\n"
        "Republish: The gold route\n"
        f"{PUBLIC}/republish/1/\n"
        "\n"
        f"{RULE}\n"
    )


def test_lines_are_at_most_72_columns_but_for_addresses() -> None:
    wide = [line for line in LETTER.text.splitlines() if columns(line) > 72 and "://" not in line]

    assert wide == []


def test_rules_are_60_hyphens() -> None:
    assert set(re.findall(r"^-+$", LETTER.text, flags=re.MULTILINE)) == {"-" * 60}


def test_every_heading_of_the_html_is_there() -> None:
    missing = [heading for heading in texts(LETTER.html, "//h1 | //h2") if heading not in LETTER.text]

    assert missing == []


def test_every_link_of_the_html_is_there_on_a_line_of_its_own() -> None:
    lines = LETTER.text.splitlines()
    links = [href for href in values(LETTER.html, "//a/@href") if not href.startswith("mailto:")]

    assert [href for href in links if href not in lines] == []


def test_most_words_of_the_html_are_there() -> None:
    shown = set(re.findall(r"\w{3,}", " ".join(texts(LETTER.html, "//div[@role='article']")).lower()))
    written = set(re.findall(r"\w{3,}", LETTER.text.lower()))

    assert len(shown & written) / len(shown) > 0.9


def test_there_is_no_markup_and_no_filler() -> None:
    assert re.findall(r"<[a-z/!]|&[a-z#0-9]+;|[\u2007\ufeff\u034f\u200b]", LETTER.text) == []


def test_it_says_why_how_to_stop_and_who_sends() -> None:
    foot = LETTER.text.rpartition(RULE)[2]

    assert "You receive The week because you subscribed to it on __since_k3v9q2m7__." in foot
    assert "Unsubscribe from The week:\n__unsubscribe_k3v9q2m7__\n" in foot
    assert "Change your preferences:\n__preferences_k3v9q2m7__\n" in foot
    assert OBSERVATORY.postal_address in foot.replace("\n", " ")
    assert OBSERVATORY.contact in foot


def test_the_licence_of_the_edition_is_there() -> None:
    assert f"Licence of this newsletter: CC BY-NC 4.0\n{BY_NC.url}\n" in LETTER.text


def test_without_a_licence_all_rights_are_reserved() -> None:
    text = text_of(an_item(item={"licence": None}), licence=None)

    assert text.count("© Example Observatory. All rights reserved.") == 2


def test_an_item_of_another_outlet_names_it() -> None:
    assert "Original: Example Radio\n" in text_of(an_item(rights_holder="Example Radio"))


def test_corrections_and_reasons_are_there() -> None:
    note = Correction(date=date(2026, 3, 4), text="The year is 2019.")

    text = text_of(an_item(item={"corrections": (note,), "why": "You follow Colombia."}))

    assert "Correction, March 4, 2026: The year is 2019.\n" in text
    assert "You follow Colombia.\n" in text


def test_the_credit_and_licence_of_a_picture_are_owed_here_too() -> None:
    cc = an_image(rights=ImageRights.CC, credit="Ben Ito", licence="https://creativecommons.org/licenses/by/4.0/")
    named, unnamed = text_of(an_item(images=(cc,), item={"image_licence": BY_NC})), text_of(an_item(images=(cc,)))

    assert f"Picture: Ben Ito (CC BY-NC 4.0)\n{BY_NC.url}\n" in named
    assert f"Picture: Ben Ito (licence of this picture)\n{cc.licence}\n" in unnamed


def test_an_appeal_names_where_to_answer_it() -> None:
    assert "Support Example Observatory:\nhttps://www.example.org/support\n" in text_of(appeal=a_digest().appeal)


@pytest.mark.parametrize("text", [f"See {LONG_URL} for all.", LONG_URL])
def test_addresses_are_never_broken(text: str) -> None:
    assert LONG_URL in wrap(text)


def test_wide_characters_count_twice() -> None:
    lines = wrap("金" * 100)

    assert [columns(line) for line in lines] == [72, 72, 56]


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"]) | st.just(" "), max_size=400))
def test_wrapping_loses_nothing_but_spaces(text: str) -> None:
    assert "".join(wrap(text)).replace(" ", "") == text.replace(" ", "")
