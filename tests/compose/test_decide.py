"""The editor's decisions: each says from where it is possible, and "stop" means stop until a person says otherwise."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import (
    Changes,
    cancel_edition,
    edit_edition,
    hold_edition,
    refresh_edition,
    resume_edition,
)
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.model.errors import NotFoundError, WrongStateError
from publisher.store import editions
from publisher.store.engine import Store
from tests.builders import ANA, FRIDAY
from tests.composing import items_of, letters_of
from tests.house import House
from tests.ticking import DAY, HOUR, MINUTE, all_editions, book, look, look_at

State = EditionState
Decision = Callable[[House, int], object]
DECISIONS: dict[str, Decision] = {
    "hold": lambda house, number: hold_edition(house.store, number),
    "cancel": lambda house, number: cancel_edition(house.store, number, now=house.clock.now()),
    "resume": lambda house, number: resume_edition(house.publisher.composer, number, now=house.clock.now()),
    "edit": lambda house, number: edit_edition(
        house.publisher.composer, number, Changes(subject="Gold"), now=house.clock.now()
    ),
}
#: From which state each decision leads where; from any other it is refused, and names what would do.
POSSIBLE = {
    "hold": {
        **dict.fromkeys((State.COMPOSED, State.REVIEW, State.HELD), State.HELD),
        **dict.fromkeys((State.FROZEN, State.SENDING), State.HALTED),
    },
    "cancel": dict.fromkeys(set(State) - {State.FREEZING, State.SENT, State.SKIPPED, State.CANCELLED}, State.CANCELLED),
    "resume": {State.HELD: State.REVIEW, State.HALTED: State.REVIEW, State.LATE: State.REVIEW},
    "edit": {state: state for state in (State.COMPOSED, State.REVIEW, State.HELD)},
}


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    made = House(sqlite_store, tmp_path)
    made.subscribe(ANA)
    made.publish()
    return made


def put(house: House, edition: Edition, state: EditionState) -> None:
    """Puts an edition into a state, as if it had come there."""
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=state, among=list(State))


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_leads_from_each_state_where_it_may_and_changes_nothing_elsewhere(
    house: House, decision: str
) -> None:
    edition = house.compose()

    for state in State:
        put(house, edition, state)
        wanted = POSSIBLE[decision].get(state)
        with nullcontext() if wanted else pytest.raises(WrongStateError, match=f"Edition 1 is {state}; this needs it"):
            DECISIONS[decision](house, edition.id)
        assert house.edition(edition.id).state is (wanted or state)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_on_an_edition_that_there_is_not_names_it(house: House, decision: str) -> None:
    with pytest.raises(NotFoundError, match="There is no edition 99"):
        DECISIONS[decision](house, 99)


def test_an_approved_edition_that_was_held_and_resumed_still_waits_for_its_slot(house: House) -> None:
    house.configure(review="2h")
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)
    number = all_editions(house)[0].id
    house.publisher.freeze(number)

    hold_edition(house.store, number)
    resumed = resume_edition(house.publisher.composer, number, now=house.clock.now())
    look_at(house, FRIDAY - MINUTE)
    before = house.outbox(resumed)
    look_at(house, FRIDAY)

    assert (resumed.state, before) == (State.FROZEN, {})
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_an_edition_that_was_being_sent_goes_on_at_once_when_it_is_resumed(house: House) -> None:
    edition, _ = house.publisher.freeze(house.compose().id)
    put(house, edition, State.SENDING)
    hold_edition(house.store, edition.id)

    resume_edition(house.publisher.composer, edition.id, now=FRIDAY + MINUTE)
    look_at(house, FRIDAY + MINUTE)

    assert house.edition(edition.id).state is State.SENT


def test_a_held_edition_does_not_go_by_itself_however_long(house: House) -> None:
    look_at(house, FRIDAY - HOUR)
    house.configure(review="2h")
    look_at(house, FRIDAY - HOUR)
    edition = all_editions(house)[0]

    hold_edition(house.store, edition.id)
    for hours in range(-1, 48, 7):
        look_at(house, FRIDAY + hours * HOUR)

    assert house.edition(edition.id).state is State.HELD
    assert house.outbox(edition) == {}


def test_a_persons_word_after_send_by_is_good_for_a_day(house: House) -> None:
    edition, _ = house.publisher.freeze(house.compose().id)
    hold_edition(house.store, edition.id)
    house.clock.moment = edition.send_by + HOUR

    resumed = resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    look(house)

    assert resumed.send_by == house.clock.now() + DAY
    assert house.edition(edition.id).state is State.SENT


def test_a_late_edition_is_not_resumed_while_a_later_one_is_open(house: House) -> None:
    first = house.compose()
    put(house, first, State.LATE)
    house.compose(FRIDAY + timedelta(days=7))

    with pytest.raises(WrongStateError, match="Edition 2 of weekly is composed"):
        resume_edition(house.publisher.composer, first.id, now=house.clock.now())


def test_an_edition_is_edited_by_number_address_or_tag_uri(house: House) -> None:
    other = house.publish("other", published=FRIDAY - DAY)
    edition = house.compose()
    before = items_of(house, edition)

    for reference in (str(other), "https://news.example.org/investigations/other/"):
        edit_edition(house.publisher.composer, edition.id, Changes(pin=(reference,)), now=FRIDAY)

    assert (before, items_of(house, edition)) == ([1, other], [other, 1])


def test_an_edit_that_names_an_unknown_article_changes_nothing(house: House) -> None:
    edition = house.compose()

    with pytest.raises(NotFoundError, match="There is no article 77"):
        edit_edition(house.publisher.composer, edition.id, Changes(subject="Gold", drop=("77",)), now=FRIDAY)

    assert house.edition(edition.id).subject == "The week: The gold route"


def test_a_note_is_plain_text_and_stands_before_the_articles(house: House) -> None:
    edition = house.compose()

    edit_edition(
        house.publisher.composer,
        edition.id,
        Changes(note="Dear <b>readers</b> & friends,\n\nthis week: gold."),
        now=FRIDAY,
    )

    letter = letters_of(house, edition)["en"]
    assert "Dear &lt;b&gt;readers&lt;/b&gt; &amp; friends," in letter.html
    assert letter.text.index("Dear <b>readers</b> & friends,") < letter.text.index("The gold route", 200)


def test_refreshing_what_has_not_changed_renders_nothing_anew(house: House) -> None:
    edition = house.compose()

    same, changes = refresh_edition(house.publisher.composer, edition.id, now=FRIDAY)

    assert (same.cut, changes) == (edition.cut, [])
