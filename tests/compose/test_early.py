"""Composing ahead of time: what is still published before the slot counts for it."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.early import find_shortage, lead_of
from publisher.model.edition import SlotOutcome
from publisher.store import editions, slots
from publisher.store.engine import Store
from tests.builders import ANA, FRIDAY
from tests.house import NEWSLETTER, House
from tests.ticking import HOUR, MINUTE, book, look_at

DAY = timedelta(days=1)


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    made = House(sqlite_store, tmp_path)
    made.clock.moment = FRIDAY - DAY
    return made


def words(house: House) -> str | None:
    """What Friday's slot lacks now."""
    found = find_shortage(house.publisher.composer, NEWSLETTER, FRIDAY, now=house.clock.now())
    return found.words if found else None


def test_a_slot_that_is_not_due_lacks_something_and_stays_open(house: House) -> None:
    house.configure(minimum=3)
    house.publish()

    told = words(house)

    assert told == "too little new so far: 1 of 3 in en, 0 of 3 in es; the slot stays open"
    with house.store.read() as tx:
        assert (editions.list_editions(tx), slots.list_slots(tx, house.newsletter)) == ([], [])


def test_a_slot_that_has_enough_lacks_nothing(house: House) -> None:
    house.publish()

    assert words(house) is None


@pytest.mark.parametrize(
    ("review", "hours", "is_due"), [("none", 1, False), ("none", 0, True), ("2h", 3, False), ("2h", 2, True)]
)
def test_a_slot_whose_time_to_be_composed_has_come_is_judged(
    house: House, review: str, hours: int, *, is_due: bool
) -> None:
    house.configure(review=review)
    house.clock.moment = FRIDAY - hours * HOUR

    assert (words(house) is None) is is_due


def test_an_edition_that_is_there_already_is_shown_whatever_it_lacks_now(house: House) -> None:
    number = house.publish()
    house.compose()

    house.withdraw(number)

    assert words(house) is None


def test_a_newsletter_that_was_never_used_lacks_everything(house: House) -> None:
    settings = house.publisher.settings
    rules = settings.newsletters[NEWSLETTER]
    composer = house.publisher.composer.__class__(
        settings=settings.model_copy(update={"newsletters": {"monthly": rules}}),
        store=house.store,
        templates=house.publisher.templates,
    )

    assert find_shortage(composer, "monthly", FRIDAY, now=house.clock.now()) is not None


def test_what_was_looked_at_too_early_is_sent_at_its_slot_all_the_same(house: House) -> None:
    house.subscribe(ANA)
    look_at(house, FRIDAY - DAY)
    told = words(house)

    house.publish()
    look_at(house, FRIDAY)

    assert told is not None
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_at_its_time_the_clock_ends_a_slot_with_too_little(house: House) -> None:
    look_at(house, FRIDAY - MINUTE)
    words(house)

    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SKIPPED)]


@pytest.mark.parametrize(("review", "lead"), [("none", 0), ("required", 0), ("90m", 90)])
def test_an_edition_is_composed_its_review_before_its_slot(house: House, review: str, lead: int) -> None:
    house.configure(review=review)

    assert lead_of(house.publisher.settings.newsletters[NEWSLETTER]) == timedelta(minutes=lead)
