"""An edition goes at its time, waits for whom it must, and goes on after any stop."""

import pytest

from publisher.compose.edition import compose_edition
from publisher.model.edition import EditionState, SlotOutcome
from publisher.store import batches, editions
from tests.builders import ANA, BEN, FRIDAY
from tests.house import NEWSLETTER, House
from tests.ticking import DAY, HOUR, MINUTE, WEEK, all_editions, book, look, look_at


def test_an_edition_is_composed_before_its_slot_and_sent_at_it(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)

    look_at(house, FRIDAY - 2 * HOUR)
    states = [edition.state for edition in all_editions(house)]
    look_at(house, FRIDAY - MINUTE)
    still = [edition.state for edition in all_editions(house)]
    look_at(house, FRIDAY)

    assert (states, still) == ([EditionState.COMPOSED], [EditionState.COMPOSED])
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_late_composing_keeps_its_full_review(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - DAY)

    look_at(house, FRIDAY + HOUR)
    look_at(house, FRIDAY + 3 * HOUR - MINUTE)
    early = book(house)
    look_at(house, FRIDAY + 3 * HOUR)

    assert (early, book(house)) == ([(FRIDAY, None)], [(FRIDAY, SlotOutcome.SENT)])


def test_an_edition_that_must_be_approved_waits_for_it_and_then_goes(house: House) -> None:
    house.configure(review="required")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)
    look_at(house, FRIDAY + HOUR)
    waiting = all_editions(house)[0]

    house.publisher.freeze(waiting.id)
    look(house)

    assert waiting.state is EditionState.REVIEW
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_an_approved_edition_goes_at_its_slot_not_before(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)
    house.publisher.freeze(all_editions(house)[0].id)

    look(house)
    before = all_editions(house)[0].state
    look_at(house, FRIDAY)

    assert (before, all_editions(house)[0].state) == (EditionState.FROZEN, EditionState.SENT)


def test_an_edition_that_was_composed_by_hand_for_the_clocks_slot_goes_at_it(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    compose_edition(house.publisher.composer, NEWSLETTER, FRIDAY, by_clock=False, now=house.clock.now())

    look(house)
    before = all_editions(house)[0].state
    look_at(house, FRIDAY)

    assert before is EditionState.COMPOSED
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_an_edition_that_missed_its_time_is_late_and_goes_by_a_persons_word(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)  # stopped between composing and sending

    look_at(house, FRIDAY + DAY)
    late = all_editions(house)[0]
    report = house.publisher.send(late.id, by_hand=True)

    assert (late.state, book(house)[0]) == (EditionState.LATE, (FRIDAY, SlotOutcome.SENT))
    assert (report.state, report.accepted) == (EditionState.SENT, 1)


def test_a_late_edition_does_not_repeat_what_a_later_one_has_carried(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)
    look_at(house, FRIDAY + DAY)
    look_at(house, FRIDAY + WEEK - 2 * HOUR)
    look_at(house, FRIDAY + WEEK)

    late, later = all_editions(house)
    report = house.publisher.send(late.id, by_hand=True)

    assert (later.state, report.state) == (EditionState.SENT, EditionState.SKIPPED)


def test_a_freezing_that_was_cut_short_is_finished_and_sent(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    house.clock.moment = FRIDAY
    edition = house.compose()
    with house.store.begin() as tx:
        editions.freeze_cut(tx, edition.cut or 0, now=FRIDAY)
        editions.move_edition(tx, edition.id, to=EditionState.FREEZING, among=[EditionState.COMPOSED])

    look(house)
    look(house)

    assert house.edition(edition.id).state is EditionState.SENT


def test_a_composing_that_was_cut_short_is_done_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    with monkeypatch.context() as patched:
        patched.setattr("publisher.compose.edition.arrange_edition", end_here)
        look_at(house, FRIDAY)

    look_at(house, FRIDAY + 2 * MINUTE)
    look(house)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_sending_that_was_cut_short_goes_on(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batches.claim_batch(tx, edition.id, now=house.clock.now())  # by a worker that died

    look_at(house, FRIDAY + 2 * MINUTE)

    assert house.edition(edition.id).state is EditionState.SENT
    assert sorted(house.outbox(edition)) == [ANA, BEN]


def test_what_is_left_of_a_sending_after_send_by_stays(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])

    look_at(house, FRIDAY + DAY)

    assert (house.edition(edition.id).state, house.outbox(edition)) == (EditionState.LATE, {})


def end_here(*_: object, **__: object) -> None:
    """Stands for a process that ended."""
    raise KeyError("ended")
