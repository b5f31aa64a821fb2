"""The bytes of a feed as text: what it is in, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.gather.feed.text import read_text

WORDS = "Año, corazón, «niña»"
OTHER = "it says that it is in {}, but it is in {}: read as that"


@pytest.mark.parametrize(
    ("written_in", "declared", "header", "note"),
    [
        ("utf-8", "utf-8", "", None),
        ("utf-8-sig", "utf-8", "", None),
        ("utf-8", "", "", None),
        ("utf-8", "utf-8", "iso-8859-1", None),
        ("utf-16", "utf-16", "", None),
        ("utf-16-le", "", "", None),
        ("utf-16-be", "utf-16", "", None),
        ("utf-32", "", "", None),
        ("latin-1", "iso-8859-1", "", None),
        ("latin-1", "", "iso-8859-1", None),
        ("latin-1", "utf-8", "", OTHER.format("utf-8", "windows-1252")),
        ("utf-8", "iso-8859-1", "", OTHER.format("iso-8859-1", "utf-8")),
        ("utf-8", "", "windows-1252", OTHER.format("windows-1252", "utf-8")),
        ("mac-roman", "macintosh", "", None),
        ("utf-8", "unicode_escape", "", None),
        ("utf-8", "nonsense-8", "", None),
    ],
)
def test_a_feed_is_read_in_the_encoding_that_it_is_in(
    written_in: str, declared: str, header: str, note: str | None
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    headers = {"Content-Type": f"application/xml; charset={header}"} if header else {}

    found = read_text(f"{declaration}<rss>{WORDS}</rss>".encode(written_in), headers)

    assert WORDS in found.text
    assert found.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("written_in", "words"),
    [("koi8-r", "Привет, мир"), ("shift_jis", "日本語"), ("gb18030", "新闻"), ("iso-2022-jp", "日本語")],
)
def test_other_scripts_are_read_where_the_feed_says_which(written_in: str, words: str) -> None:
    body = f'<?xml version="1.0" encoding="{written_in}"?><rss>{words}</rss>'.encode(written_in)

    assert words in read_text(body, {}).text


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    found = read_text("ñandú, árbol, maíz".encode() + b"\xff!", {})

    assert found.text == "ñandú, árbol, maíz\ufffd!"
    assert found.notes == ("some of its bytes are no characters: shown as \ufffd",)


def test_what_xml_forbids_is_taken_out_as_a_character_and_as_a_reference() -> None:
    found = read_text(b"a\x00\x0bb&#0;&#x1F;&#xD800;&#99999999999;&#233;&#x1F600;", {})

    assert found.text == "ab&#233;&#x1F600;"
    assert found.notes == ("characters that XML forbids were removed",)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_bytes_and_no_header_fail(body: bytes, header: str) -> None:
    found = read_text(body, {"Content-Type": header})

    assert "\x00" not in found.text
    found.text.encode()
