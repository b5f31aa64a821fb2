"""Deciding, purely: what a source's word means for the store."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from publisher.gather.decide import Changed, New, Unchanged, decide, keep_dates, state_digest, words_digest
from publisher.model.article import Correction, RevisionKind, SourceArticle, SourceTerm, Status
from publisher.store.articles import Known
from tests.builders import a_source_article

FOUND = a_source_article(content_html="<p>It was 1.5 tons of <em>gold</em>, they said.</p>")
TONS = Correction(date=date(2026, 3, 6), text="It was 15 tons.")
NAMES = Correction(date=date(2026, 3, 7), text="Her name is Jane.")


def known_of(found: SourceArticle, status: Status = Status.PUBLIC) -> Known:
    """What the store keeps of an article in that state."""
    return Known(number=7, key=found.key, status=status, digest=state_digest(found), words=words_digest(found))


def test_what_is_not_stored_is_new() -> None:
    assert decide(None, FOUND) == New()


def test_the_same_is_unchanged() -> None:
    assert decide(known_of(FOUND), FOUND) == Unchanged()


@pytest.mark.parametrize("changes", [{"modified": datetime(2026, 3, 9, tzinfo=UTC)}, {"notes": ("script removed",)}])
def test_hints_and_notes_are_no_change(changes: dict[str, Any]) -> None:
    assert decide(known_of(FOUND), replace(FOUND, **changes)) == Unchanged()


def test_what_was_withdrawn_and_is_there_again_is_restored() -> None:
    assert decide(known_of(FOUND, Status.WITHDRAWN), FOUND) == Changed(RevisionKind.RESTORED)


@pytest.mark.parametrize(
    "changes",
    [
        {"content_html": "<p>It was <strong>1.5</strong> tons of gold,</p> <p>they said.</p>"},
        {"content_html": "<p>It was 1.5 tons of gold, they said!</p>"},
        {"title": "The Gold Route"},
        {"summary": "Another summary."},
        {"section": SourceTerm(name="Analysis", key="analysis")},
        {"url": "https://news.example.org/moved/"},
    ],
)
def test_markup_terms_and_addresses_are_minor(changes: dict[str, Any]) -> None:
    assert decide(known_of(FOUND), replace(FOUND, **changes)) == Changed(RevisionKind.MINOR)


@pytest.mark.parametrize(
    "changes",
    [
        {"content_html": "<p>It was 15 tons of gold, they said.</p>"},
        {"title": "The silver route"},
        {"authors": (SourceTerm(name="Ana Ruiz", key="Ana Ruiz"),)},
        {"licence": None},
        {"licence": "https://creativecommons.org/licenses/by/4.0/"},
    ],
)
def test_words_byline_and_licence_are_substantive(changes: dict[str, Any]) -> None:
    assert decide(known_of(FOUND), replace(FOUND, **changes)) == Changed(RevisionKind.SUBSTANTIVE)


def test_a_correction_that_was_not_there_is_a_correction_whatever_else_changed() -> None:
    corrected = replace(FOUND, corrections=(TONS,), content_html="<p>It was 15 tons of gold, they said.</p>")

    assert decide(known_of(FOUND), corrected) == Changed(RevisionKind.CORRECTION)


def test_a_second_correction_is_one_too() -> None:
    once = replace(FOUND, corrections=(TONS,))

    assert decide(known_of(once), replace(once, corrections=(NAMES, TONS))) == Changed(RevisionKind.CORRECTION)


def test_a_correction_that_is_taken_back_is_substantive() -> None:
    corrected = replace(FOUND, corrections=(TONS,))

    assert decide(known_of(corrected), FOUND) == Changed(RevisionKind.SUBSTANTIVE)


def test_another_date_of_the_same_correction_is_minor() -> None:
    corrected = replace(FOUND, corrections=(TONS,))
    again = replace(FOUND, corrections=(replace(TONS, date=date(2026, 4, 1)),))

    assert decide(known_of(corrected), again) == Changed(RevisionKind.MINOR)


def test_a_correction_keeps_the_date_at_which_it_was_first_stored() -> None:
    found = replace(FOUND, corrections=(replace(TONS, date=date(2026, 4, 1)), NAMES))

    assert keep_dates(found, (TONS,)).corrections == (TONS, NAMES)
