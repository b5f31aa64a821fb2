"""Fragments: rendered once, cut where parts meet, sound in any selection, the same bytes every time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model.edition import Form, Fragment, Hole, hole_token
from publisher.model.errors import ConfigurationError
from publisher.render.digest import DigestBlock
from publisher.render.fragments import BYTE_MAX, BYTE_WARN, assemble_letter, fit_items, render_fragments
from publisher.render.text import WORD_JOINER
from tests.render.digest_builders import (
    FOLDERS,
    MARK,
    a_digest,
    a_full_digest,
    an_item,
    fragments_of,
    html_of,
    letter_of,
    text_of,
)
from tests.render.html_reading import mso_faults, tag_faults, texts, values

FRAGMENTS = fragments_of(a_full_digest())
HOSTILE = ["{{ 7*7 }}", "<script>alert(1)</script>", "%recipient.email%", f"<!--cut {MARK[:-1]}x-->", "a'\"b&amp;c"]


def joined(fragments: list[Fragment]) -> str:
    """The HTML of a selection."""
    return assemble_letter(fragments, variant=1, language="en", subject="s", preheader="p").html


@st.composite
def selections(draw: st.DrawFn) -> list[Fragment]:
    """OPEN [NOTE] { HEADING ITEM* }* [APPEAL] CLOSE, with any items in any order."""
    by_form = {form: [part for part in FRAGMENTS if part.form is form] for form in Form}
    chosen = [*by_form[Form.OPEN], *draw(st.sampled_from([[], by_form[Form.NOTE]]))]
    for heading in draw(st.permutations(by_form[Form.HEADING])):
        items = [part for part in by_form[Form.ITEM] if part.block == heading.block]
        chosen += [heading, *draw(st.permutations(items))[: draw(st.integers(0, len(items)))]]
    return [*chosen, *draw(st.sampled_from([[], by_form[Form.APPEAL]])), *by_form[Form.CLOSE]]


def test_a_digest_gives_its_fragments_in_the_order_of_the_letter() -> None:
    forms = [(part.form, part.block, part.article, part.revision) for part in FRAGMENTS]

    assert forms == [
        (Form.OPEN, "", None, None),
        (Form.NOTE, "", None, None),
        (Form.HEADING, "stories", None, None),
        (Form.ITEM, "stories", 1, 10),
        (Form.ITEM, "stories", 2, 20),
        (Form.ITEM, "stories", 3, 30),
        (Form.HEADING, "updates", None, None),
        (Form.ITEM, "updates", 4, 40),
        (Form.APPEAL, "", None, None),
        (Form.CLOSE, "", None, None),
    ]


def test_every_fragment_names_the_language_of_the_digest() -> None:
    parts = fragments_of(a_digest(an_item(language="ar"), language="es"))

    assert {part.language for part in parts} == {"es"}


@pytest.mark.parametrize("nothing", ["", " \n\n "])
def test_without_a_note_and_an_appeal_there_are_no_fragments_for_them(nothing: str) -> None:
    parts = fragments_of(a_digest(note=nothing, appeal=nothing))

    assert [part.form for part in parts] == [Form.OPEN, Form.HEADING, Form.ITEM, Form.CLOSE]


@settings(deadline=None)
@given(selections())
def test_any_selection_joins_to_a_sound_document(selection: list[Fragment]) -> None:
    html = joined(selection)

    assert tag_faults(html) == []
    assert mso_faults(html) == []
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->")
    assert len(texts(html, "//h1")) == 1


@settings(deadline=None)
@given(selections())
def test_any_selection_shows_its_items_in_its_order_in_both_parts(selection: list[Fragment]) -> None:
    letter = assemble_letter(selection, variant=1, language="en", subject="s", preheader="p")
    headings = texts(letter.html, "//h2")

    places = [letter.text.find(heading) for heading in headings]

    assert -1 not in places
    assert len(headings) == sum(part.form in {Form.HEADING, Form.ITEM} for part in selection)


def test_a_letter_is_its_fragments_one_after_the_other() -> None:
    letter = assemble_letter(FRAGMENTS, variant=7, language="en", subject="The gold route", preheader="Four shipments")

    assert letter.html == "".join(part.html for part in FRAGMENTS)
    assert letter.text == "".join(part.text for part in FRAGMENTS)
    assert (letter.variant, letter.subject, letter.preheader) == (7, "The gold route", "Four shipments")


def test_the_same_digest_gives_the_same_bytes() -> None:
    assert fragments_of(a_full_digest()) == fragments_of(a_full_digest())


def test_no_boundary_mark_is_left_in_a_letter() -> None:
    assert "<!--cut" not in letter_of(a_full_digest()).html


@pytest.mark.parametrize("hole", [Hole.UNSUBSCRIBE, Hole.PREFERENCES, Hole.SINCE])
def test_holes_survive_inlining_in_both_parts(hole: Hole) -> None:
    letter = letter_of(a_full_digest())

    assert letter.html.count(hole_token(hole, MARK)) == 1
    assert letter.text.count(hole_token(hole, MARK)) == 1


def test_what_is_personal_stands_only_at_the_end() -> None:
    holed = [part.form for part in FRAGMENTS if f"_{MARK}__" in part.html + part.text]

    assert holed == [Form.CLOSE]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_reads_as_written(title: str) -> None:
    item = an_item(title=title)

    assert title in texts(html_of(item), "//h2/a")
    assert title in text_of(item).replace(WORD_JOINER, "")


@pytest.mark.parametrize("field", ["title", "subject", "preheader", "note", "appeal"])
@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_word_of_the_editor_is_text_too(field: str, words: str) -> None:
    changes: dict[str, Any] = {field: words}

    html = html_of(**changes)

    assert tag_faults(html) == []
    assert texts(html, "//script") == []
    assert "49" not in "".join(texts(html, "//body"))


def test_control_and_bidi_characters_are_dropped() -> None:
    item = an_item(title="Gold\x00 \u202eroute\x1b[31m\r\nTwo")

    assert texts(html_of(item), "//h2/a") == ["Gold route[31m Two"]
    assert "Gold route[31m Two\n" in text_of(item)


def test_an_address_that_is_none_of_the_web_is_refused() -> None:
    with pytest.raises(ValueError, match="no web address"):
        html_of(an_item(url="javascript:alert(1)"))


def test_a_newsroom_overrides_one_template_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "heading.html").write_text('<h2 class="heading">Ours: {{ block.title }}</h2>\n')

    parts = render_fragments(a_digest(), folders=(tmp_path, *FOLDERS))

    assert [texts(part.html, "//h2") for part in parts if part.form is Form.HEADING] == [["Ours: Stories"]]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% if %}", "heading.html:1"),
        ("{{ nobody_knows }}", "'nobody_knows' is undefined"),
        (f"<!--cut {MARK}-->", "makes 7 parts instead of 6"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_a_cure(tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "heading.html").write_text(source)

    with pytest.raises(ConfigurationError, match=words):
        render_fragments(a_digest(), folders=(tmp_path, *FOLDERS))


def test_a_missing_folder_of_templates_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"templates/email/letter\.html"):
        render_fragments(a_digest(), folders=(tmp_path,))


def test_only_the_first_story_of_the_first_block_is_the_lead() -> None:
    html = html_of(an_item(1), an_item(2))

    assert values(html, "//h2[contains(@class, 'lead')]/a/@href") == [an_item(1).article.url]


def test_a_letter_that_opens_with_updates_has_no_lead() -> None:
    updates = DigestBlock(name="updates", items=(an_item(1),))

    html = letter_of(replace(a_digest(), blocks=(updates,))).html

    assert texts(html, "//h2[contains(@class, 'lead')]") == []


def test_a_block_may_bring_its_own_heading() -> None:
    block = DigestBlock(name="stories", items=(an_item(),), title="{newsroom} & friends")

    assert texts(letter_of(replace(a_digest(), blocks=(block,))).html, "//h2")[0] == "{newsroom} & friends"


def test_items_fit_while_their_bytes_do() -> None:
    parts = fragments_of(a_digest(*(an_item(n) for n in range(1, 6))))
    size = len(joined(list(parts)).encode())
    last = len(next(part.html for part in reversed(parts) if part.form is Form.ITEM).encode())

    assert fit_items(parts) == 5
    assert fit_items(parts, limit=size) == 5
    assert fit_items(parts, limit=size - 1) == 4
    assert fit_items(parts, limit=size - last - 1) == 3
    assert fit_items(parts, limit=0) == 0


def test_the_bounds_stay_under_the_size_at_which_messages_are_clipped() -> None:
    assert BYTE_WARN < BYTE_MAX < 102 * 1024
