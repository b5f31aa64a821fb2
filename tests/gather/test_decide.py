"""Deciding, purely: what a source's word means for the store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from publisher.gather.cleaning.clean import plain_text
from publisher.gather.decide import (
    Changed,
    Decision,
    New,
    Unchanged,
    are_alike,
    decide,
    is_declared,
    is_misspelt,
    keep_dates,
)
from publisher.gather.digests import digests_of
from publisher.model.article import Correction, Image, ImageRights, RevisionKind, SourceArticle, SourceTerm, Status
from publisher.store.known import Known
from tests.builders import FRIDAY, a_source_article

TEXT = "<p>It was 1.5 tons of <em>gold</em>, they said to the prosecutor in the morning.</p>"
FOUND = a_source_article(content_html=TEXT, modified=FRIDAY)
TONS = Correction(date=date(2026, 3, 6), text="It was 15 tons.")
NAMES = Correction(date=date(2026, 3, 7), text="Her name is Jane.")
MINOR, SUBSTANTIVE, CORRECTION = RevisionKind.MINOR, RevisionKind.SUBSTANTIVE, RevisionKind.CORRECTION


def known_of(found: SourceArticle, status: Status = Status.PUBLIC) -> Known:
    """What the store keeps of an article in that state."""
    own = digests_of(found)
    return Known(
        number=7,
        key=found.key,
        status=status,
        digest=own.whole,
        words=own.words,
        steady=own.steady,
        modified=found.modified,
        source="site",
        source_key=found.key,
    )


def decided(before: SourceArticle, now: SourceArticle, *, declared: bool = True) -> Decision:
    """What is done about a stored article in another state."""
    texts = (before.title, plain_text(before.content_html))
    return decide(known_of(before), now, digests_of(now), declared=declared, old_text=lambda: texts)


def written(text: str) -> SourceArticle:
    """The article with this text."""
    return replace(FOUND, content_html=f"<p>{text}</p>")


def test_what_is_not_stored_is_new() -> None:
    assert decide(None, FOUND, digests_of(FOUND), declared=False, old_text=lambda: ("", "")) == New()


def test_the_same_is_unchanged() -> None:
    assert decided(FOUND, FOUND) == Unchanged()


@pytest.mark.parametrize("changes", [{"modified": datetime(2026, 3, 9, tzinfo=UTC)}, {"notes": ("script removed",)}])
def test_hints_and_notes_are_no_change(changes: dict[str, Any]) -> None:
    assert decided(FOUND, replace(FOUND, **changes)) == Unchanged()


def test_what_was_withdrawn_and_is_there_again_is_restored() -> None:
    known = known_of(FOUND, Status.WITHDRAWN)

    assert decide(known, FOUND, digests_of(FOUND), declared=False, old_text=lambda: ("", "")) == Changed(
        RevisionKind.RESTORED
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"content_html": TEXT.replace("em>", "strong>")},
        {"content_html": TEXT.replace("morning.", "morning!")},
        {"title": "The Gold Route"},
        {"summary": "Another summary."},
        {"section": SourceTerm(name="Analysis", key="analysis")},
        {"url": "https://news.example.org/moved/"},
    ],
)
def test_markup_terms_and_addresses_are_minor(changes: dict[str, Any]) -> None:
    assert decided(FOUND, replace(FOUND, **changes)) == Changed(MINOR)


@pytest.mark.parametrize(
    "changes",
    [
        {"content_html": TEXT.replace("1.5", "15")},
        {"content_html": TEXT.replace("gold", "golden dust")},
        {"title": "The silver route"},
        {"authors": (SourceTerm(name="Ana Ruiz", key="Ana Ruiz"),)},
        {"licence": None},
        {"licence": "https://creativecommons.org/licenses/by/4.0/"},
    ],
)
def test_words_byline_and_licence_are_substantive(changes: dict[str, Any]) -> None:
    assert decided(FOUND, replace(FOUND, **changes)) == Changed(SUBSTANTIVE)


@pytest.mark.parametrize(
    ("before", "after"),
    [("prosecutor", "prosecuter"), ("recieve", "receive"), ("goverment", "government"), ("Medellin", "Medellín")],
)
def test_a_slip_of_the_pen_is_minor(before: str, after: str) -> None:
    assert decided(written(f"They said to the {before}."), written(f"They said to the {after}.")) == Changed(MINOR)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("million", "billion"),
        ("legal", "illegal"),
        ("now guilty", "not guilty"),
        ("2019", "2018"),
        ("is guilty", "is not guilty"),
        ("accused", "acquitted"),
        ("Ana Ruiz", "Ana Diaz"),
    ],
)
def test_a_word_that_means_something_else_is_no_slip(before: str, after: str) -> None:
    assert decided(written(f"He was {before}, they said."), written(f"He was {after}, they said.")) == Changed(
        SUBSTANTIVE
    )


def test_many_slips_are_an_edit() -> None:
    wrong, right = ("prosecuter goverment adress recieve", "prosecutor government address receive")

    assert decided(written(wrong), written(right)) == Changed(SUBSTANTIVE)


@pytest.mark.parametrize(("one", "other"), [("trial", "trail"), ("cats", "bats"), ("gold", "cold"), ("1234", "1243")])
def test_what_is_a_slip_and_what_is_another_word(one: str, other: str) -> None:
    assert is_misspelt(one, other) is (one == "trial")


def test_an_undeclared_edit_of_the_text_is_not_proven_by_one_look() -> None:
    assert decided(FOUND, written("It was 15 tons."), declared=False) == Changed(SUBSTANTIVE, proven=False)


def test_an_undeclared_headline_is_minor_for_headlines_are_tried_out() -> None:
    assert decided(FOUND, replace(FOUND, title="The silver route"), declared=False) == Changed(MINOR, proven=False)


def test_fields_that_no_template_renders_are_proven_by_one_look() -> None:
    changed = replace(FOUND, topics=(SourceTerm(name="Mercury", key="mercury"),))

    assert decided(FOUND, changed, declared=False) == Changed(MINOR)


def picture(url: str, width: int | None = None) -> Image:
    return Image(
        url=url, alt="", caption="", credit="", licence=None, rights=ImageRights.UNKNOWN, rights_why="", width=width
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Gold.</p><p>3 hours ago</p>", "<p>Gold.</p><p>4 hours ago</p>"),
        ("<p>Oro. Hace 59 minutos</p>", "<p>Oro. Hace 1 hora</p>"),
        (
            '<p>Gold.</p><img src="https://a.example.net/a.jpg?Expires=1&amp;Signature=x" alt="" width="900">',
            '<p>Gold.</p><img src="https://b.example.net/a.jpg?Expires=2&amp;Signature=y" alt="" width="1200">',
        ),
    ],
)
def test_what_is_another_at_every_look_is_no_change(before: str, after: str) -> None:
    one = replace(FOUND, content_html=before, images=(picture("https://a.example.net/a.jpg?sig=1", 900),))
    other = replace(FOUND, content_html=after, images=(picture("https://b.example.net/a.jpg?sig=2", 1200),))

    assert decided(one, other, declared=False) == Unchanged()


def test_a_correction_that_was_not_there_is_a_correction_whatever_else_changed() -> None:
    corrected = replace(FOUND, corrections=(TONS,), content_html=TEXT.replace("1.5", "15"))

    assert decided(FOUND, corrected) == Changed(CORRECTION)


def test_a_second_correction_is_one_too() -> None:
    once = replace(FOUND, corrections=(TONS,))

    assert decided(once, replace(once, corrections=(NAMES, TONS))) == Changed(CORRECTION)


def test_a_correction_that_is_taken_back_is_substantive() -> None:
    assert decided(replace(FOUND, corrections=(TONS,)), FOUND) == Changed(SUBSTANTIVE)


def test_another_date_of_the_same_correction_is_minor() -> None:
    corrected = replace(FOUND, corrections=(TONS,))
    again = replace(FOUND, corrections=(replace(TONS, date=date(2026, 4, 1)),))

    assert decided(corrected, again) == Changed(MINOR)


@pytest.mark.parametrize(
    ("changes", "is_so"),
    [
        ({"modified": FRIDAY + timedelta(hours=1)}, True),
        ({"modified": FRIDAY}, False),
        ({"modified": None}, False),
        ({"corrections": (TONS,)}, True),
        ({"content_html": "<p>Other.</p>"}, False),
    ],
)
def test_a_source_declares_a_change_by_its_time_or_a_correction(changes: dict[str, Any], *, is_so: bool) -> None:
    now = replace(FOUND, **changes)

    assert is_declared(known_of(FOUND), now, digests_of(now)) is is_so


def test_a_correction_keeps_the_date_at_which_it_was_first_stored() -> None:
    found = replace(FOUND, corrections=(replace(TONS, date=date(2026, 4, 1)), NAMES))

    assert keep_dates(found, (TONS,)).corrections == (TONS, NAMES)


def test_versions_of_a_text_are_alike_and_two_texts_are_not() -> None:
    gold = "The dredges return to the river whenever patrols withdraw, fishermen of the village report."
    ships = "A container vessel carried eleven tons of cocaine through Guayaquil, according to customs officers."

    assert are_alike(gold, gold.replace("fishermen of the village", "villagers"))
    assert not are_alike(gold, ships)
