"""Titles, names and captions as plain text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.gather.cleaning.characters import clean_characters, clean_text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AT&amp;T, R&D &amp; the &ldquo;War&rdquo; &#8212; caf&eacute;", "AT&T, R&D & the “War” — café"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp;amp;#38;amp; Jerry", "Tom & Jerry"),
        ("Tom &" + "amp;" * 500 + " Jerry", "Tom & Jerry"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_entities_are_decoded_until_nothing_changes(written: str, meant: str) -> None:
    assert clean_text(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("The <em>Zetas</em>, the <b onclick=\"x('>')\">Gulf</b>", "The Zetas, the Gulf"),
        ("Tom &amp;amp; Jerry &amp;lt;b&amp;gt;", "Tom & Jerry"),
        ("One<br>two<p>three</p>four", "One two three four"),
        ("A <!-- <b> --> comment", "A comment"),
        ("An <o:p></o:p>office tag", "An office tag"),
    ],
)
def test_tags_are_dropped(written: str, meant: str) -> None:
    assert clean_text(written) == meant


@pytest.mark.parametrize("text", ["5 < 6", "C++ <3", "a > b < c", "x <y", "<", "1 <- 2", "Title with ]]> in it"])
def test_what_only_looks_like_a_tag_stays(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "written",
    [
        'The <script>alert("title")</script> Gulf',
        "The &lt;STYLE&gt;b{}&lt;/style &gt; Gulf",
        "The <svg><b>x</b></svg>Gulf",
    ],
)
def test_what_is_inside_of_a_script_is_dropped_with_it(written: str) -> None:
    assert clean_text(written) == "The Gulf"


def test_a_script_that_is_not_closed_takes_nothing_with_it() -> None:
    assert clean_text("How &lt;script&gt; works") == "How works"


@pytest.mark.parametrize(
    "text", ["*|MERGE|*", "{{ 7*7 }}", "%recipient.name%", "{% raw %} ${jndi:ldap://x} %s %(name)s {{unsubscribe}}"]
)
def test_placeholders_of_other_systems_stay_as_written(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("Headline\twith a tab and\na newline", "Headline with a tab and a newline"),
        ("Subject\r\nBcc: victim@example.org\r\n\r\nbody", "Subject Bcc: victim@example.org body"),
        ("  a\u00a0 \u2028b\u3000c\x0bd\x85e ", "a b c d e"),
    ],
)
def test_whitespace_of_every_kind_becomes_single_spaces(written: str, line: str) -> None:
    assert clean_text(written) == line


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Invoice \u202efdp.exe\u202c found", "Invoice fdp.exe found"),
        ("Invoice &#x202E;fdp.exe", "Invoice fdp.exe"),
        ("a\u2066b\u2069c", "abc"),
        ("zero\u200bwidth\ufeff and so\u00adft", "zerowidth and soft"),
        ("bell\x07 \x1b[31mred &#7;", "bell [31mred"),
        ("non\ufffe\uffffcharacter", "noncharacter"),
        ("lone \ud83d half", "lone half"),
    ],
)
def test_invisible_and_forbidden_characters_are_removed(written: str, seen: str) -> None:
    assert clean_text(written) == seen


def test_a_surrogate_pair_becomes_its_character() -> None:
    assert clean_characters("\ud83d\udea8") == "🚨"


@pytest.mark.parametrize(
    "text",
    [
        "🚨 🇲🇽 👩🏽\u200d🚒 👨\u200d👩\u200d👧\u200d👦 ✊🏿",
        "الجريمة المنظمة: تحليل 2024",
        'פשע "במקסיקו" (חלק 1)',
        "می\u200cخواهم",  # noqa: RUF001 - Persian
        "a\u200fb",
        "Cafe\u0301",
    ],
)
def test_emoji_and_other_scripts_stay_whole(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "hostile",
    ["<a" * 200_000, "&amp" * 100_000, "&" + "amp;" * 200_000, "<script>" * 100_000, '<a"' * 200_000, "<!--" * 200_000],
)
def test_no_title_takes_long(hostile: str) -> None:
    assert len(clean_text(hostile)) <= len(hostile)


@settings(deadline=None)  # a busy machine is no fault
@given(st.text() | st.text(alphabet="&<>amp;lt#38!-/b \"'script"))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert "\n" not in once


@pytest.mark.parametrize("digits", ["9" * 5000, "x" + "f" * 5000, "0" * 5000 + "65", "99999999"])
def test_a_reference_to_no_character_is_read_and_nothing_is_raised(digits: str) -> None:
    assert clean_text(f"Gold &#{digits}; route").startswith("Gold ")
