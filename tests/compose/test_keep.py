"""After composing nothing enters an edition by itself: whoever approves it sends what she saw."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.compose.decide import Changes, edit_edition
from publisher.model.article import RevisionKind
from publisher.model.edition import Edition, EditionState
from publisher.store import revisions
from publisher.store.engine import Store
from tests.builders import ANA, FRIDAY, a_state
from tests.composing import items_of, letters_of
from tests.house import House
from tests.ticking import HOUR, MINUTE, all_editions, look_at


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    made = House(sqlite_store, tmp_path)
    made.subscribe(ANA)
    return made


def change(house: House, number: int, key: str, **changes: Any) -> None:  # noqa: ANN401 - fields of the article
    """An article is changed at its source."""
    with house.store.begin() as tx:
        kind = RevisionKind.CORRECTION
        revisions.add_revision(tx, "site", number, a_state(key, **changes), kind=kind, now=house.clock.now())


def compose_two(house: House) -> tuple[Edition, int, int]:
    """An edition of two articles; the first one leads."""
    lead = house.publish("lead", title="What leads")
    second = house.publish("second", title="What follows", published=FRIDAY - timedelta(days=1))
    return house.compose(), lead, second


def test_what_comes_after_composing_does_not_enter_when_another_article_was_changed(house: House) -> None:
    edition, lead, second = compose_two(house)

    house.publish("late", title="Late arrival", published=FRIDAY)
    change(house, second, "second", title="What follows, corrected", published=FRIDAY - timedelta(days=1))
    frozen, changes = house.publisher.freeze(edition.id)

    assert items_of(house, frozen) == [lead, second]
    assert frozen.subject == edition.subject
    assert changes == [f"article {second} was changed at its source: What follows, corrected"]
    assert "What follows, corrected" in letters_of(house, frozen)["en"].html


def test_nothing_takes_the_place_of_what_was_withdrawn_and_a_new_subject_is_told(house: House) -> None:
    edition, lead, second = compose_two(house)

    house.publish("late", title="Late arrival", published=FRIDAY)
    house.withdraw(lead)
    frozen, changes = house.publisher.freeze(edition.id)

    assert items_of(house, frozen) == [second]
    assert changes == [
        f"article {lead} was withdrawn and is out: What leads",
        "its subject (en) changed with its first article: The week: What follows",
    ]


def test_the_subject_follows_the_title_that_it_came_from_and_that_is_told(house: House) -> None:
    edition, lead, _ = compose_two(house)

    change(house, lead, "lead", title="What leads, corrected")
    frozen, changes = house.publisher.freeze(edition.id)

    assert frozen.subject == "The week: What leads, corrected"
    assert changes[-1] == "its subject (en) changed with its first article: The week: What leads, corrected"


def test_a_changed_date_moves_nothing(house: House) -> None:
    edition, lead, second = compose_two(house)

    change(house, second, "second", title="What follows", published=FRIDAY)
    change(house, lead, "lead", title="What leads", published=FRIDAY - timedelta(days=400))
    frozen, _ = house.publisher.freeze(edition.id)

    assert items_of(house, frozen) == [lead, second]


def test_fewer_than_the_minimum_are_still_an_edition_once_it_is_composed(house: House) -> None:
    house.configure(minimum=2)
    edition, lead, second = compose_two(house)

    house.withdraw(lead)
    frozen, _ = house.publisher.freeze(edition.id)

    assert (frozen.state, items_of(house, frozen)) == (EditionState.FROZEN, [second])


@pytest.mark.parametrize("changes", [Changes(subject="Gold"), Changes(drop=("2",)), Changes(order=("3", "1"))])
def test_only_a_pin_lets_an_edit_add_an_article(house: House, changes: Changes) -> None:
    edition, lead, second = compose_two(house)
    late = house.publish("late", title="Late arrival", published=FRIDAY)

    edit_edition(house.publisher.composer, edition.id, changes, now=FRIDAY)
    before = items_of(house, edition)
    edit_edition(house.publisher.composer, edition.id, Changes(pin=(str(late),)), now=FRIDAY)

    assert late not in before
    assert items_of(house, edition) == [late, *before]
    assert {lead, second} >= set(before)


def test_what_was_not_let_in_is_new_for_the_next_edition(house: House) -> None:
    edition, _, second = compose_two(house)
    late = house.publish("late", title="Late arrival", published=FRIDAY)
    change(house, second, "second", title="Corrected")
    house.publisher.send(edition.id, by_hand=True)

    following = house.compose(FRIDAY + timedelta(days=7))

    assert items_of(house, following) == [late]


def test_the_clock_sends_what_it_composed_for_review(house: House) -> None:
    house.configure(review="2h")
    look_at(house, FRIDAY - 3 * HOUR)
    number = house.publish("lead", title="What leads")
    look_at(house, FRIDAY - 2 * HOUR)

    house.publish("late", title="Late arrival", published=FRIDAY - HOUR)
    change(house, number, "lead", title="What leads, corrected")
    look_at(house, FRIDAY + MINUTE)

    edition = all_editions(house)[0]
    assert (edition.state, items_of(house, edition)) == (EditionState.SENT, [number])
