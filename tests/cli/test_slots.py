"""Slots at the command line: one that is not due stays open, one that ended without an edition is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.model.edition import SlotOutcome
from publisher.store import editions, slots
from publisher.store.engine import SystemClock
from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import Newsroom

MISSED = datetime(2026, 2, 27, 12, tzinfo=UTC)
WHY = "the clock was not running; a later slot has come"


@pytest.fixture
def future() -> str:
    """A slot that is not due for years."""
    return f"{SystemClock().now() + timedelta(days=2000):%Y-%m-%dT12:00:00Z}"


def end_a_slot(newsroom: Newsroom, outcome: SlotOutcome) -> None:
    """Writes a slot into the book that ended without an edition."""
    store = newsroom.store()
    with store.begin() as tx:
        number = editions.get_number(tx, "weekly")
        slots.open_slot(tx, number, MISSED, by_clock=True)
        slots.end_slot(tx, number, MISSED, outcome, WHY)
    store.close()


def test_a_slot_that_is_not_due_and_has_too_little_stays_open(newsroom: Newsroom, future: str) -> None:
    shown = newsroom.done("compose", "weekly", "--slot", future)
    document = newsroom.done("compose", "weekly", "--slot", future, "--json").document

    assert "too little new so far: 0 of 1 in en, 0 of 1 in es; the slot stays open" in shown.out
    assert (document["id"], document["state"], document["outcome"]) == (None, None, None)
    assert (document["slot"], document["reason"].partition(":")[0]) == (future, "too little new so far")
    assert newsroom.done("editions", "--json").document == {"editions": []}


def test_its_document_has_all_keys_of_an_edition(newsroom: Newsroom, future: str) -> None:
    document = newsroom.done("compose", "weekly", "--slot", future, "--json").document

    check_shape("edition", document | {"id": 0, "state": "composed"})


def test_a_slot_that_is_due_is_judged_and_skipped(newsroom: Newsroom) -> None:
    newsroom.change_config("minimum = 1", "minimum = 9")

    document = newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z", "--json").document

    assert (document["state"], document["outcome"]) == ("skipped", "skipped")


@pytest.mark.parametrize("outcome", [SlotOutcome.MISSED, SlotOutcome.LATE])
def test_a_slot_that_ended_without_an_edition_is_listed_among_the_editions(
    composed: Newsroom, outcome: SlotOutcome
) -> None:
    end_a_slot(composed, outcome)

    document = composed.done("editions", "--json").document
    shown = composed.done("editions").out

    check_shape("editions", document)
    assert document["editions"][1] == {
        "id": None,
        "newsletter": "weekly",
        "slot": "2026-02-27T12:00:00Z",
        "state": None,
        "outcome": outcome.value,
        "reason": WHY,
        "subject": "",
    }
    assert [one["id"] for one in document["editions"]] == [1, None]
    assert [line.split()[0] for line in shown.splitlines() if "weekly" in line] == ["1", "-"]
    assert "2026-02-27 12:00Z" in shown


def test_a_book_of_missed_slots_alone_is_no_empty_list(newsroom: Newsroom) -> None:
    end_a_slot(newsroom, SlotOutcome.MISSED)

    assert "missed" in newsroom.done("editions").out


def test_a_slot_that_waits_for_its_edition_is_not_listed(newsroom: Newsroom) -> None:
    store = newsroom.store()
    with store.begin() as tx:
        slots.open_slot(tx, editions.get_number(tx, "weekly"), MISSED, by_clock=True)
    store.close()

    assert newsroom.done("editions", "--json").document == {"editions": []}
