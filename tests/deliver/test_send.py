"""Sending: each reader once, whoever left gets nothing, and the edition's state tells the truth."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.model.delivery import Batch, BatchState, LeftOut
from publisher.model.edition import EditionState
from publisher.model.errors import WrongStateError
from publisher.model.subscriber import SubscriptionState
from publisher.store import batches, ledger
from publisher.store.engine import Store
from tests.builders import ANA, BEN, CHIDI, DOLORES
from tests.house import House


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_every_subscribed_reader_gets_the_edition_once(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])

    report = house.publisher.send(edition.id, by_hand=True)
    again = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted, again.accepted) == (EditionState.SENT, 2, 2)
    assert sorted(house.outbox(edition)) == [ANA, BEN]


def test_a_reader_who_left_after_the_freeze_gets_nothing(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])

    house.unsubscribe(BEN)
    report = house.publisher.send(edition.id, by_hand=True)

    assert sorted(house.outbox(edition)) == [ANA]
    assert (report.state, report.accepted, report.left_out) == (EditionState.SENT, 1, 1)


def test_those_left_out_are_in_the_ledger_with_the_reason(house: House) -> None:
    house.subscribe(CHIDI, state=SubscriptionState.PENDING)
    house.subscribe(DOLORES, state=SubscriptionState.UNSUBSCRIBED)

    edition = house.frozen_edition(audience=[ANA])

    with house.store.read() as tx:
        assert ledger.count_left_out(tx, edition.id) == {LeftOut.PENDING: 1, LeftOut.UNSUBSCRIBED: 1}


def test_a_reader_gets_the_language_that_she_reads(house: House) -> None:
    house.publish("la-ruta-del-oro", language="es", title="La ruta del oro", translation_of="gold-route")
    house.subscribe(ANA, language="es")
    house.subscribe("carla@example.org", language="es-MX")
    edition = house.frozen_edition(audience=[BEN])

    house.publisher.send(edition.id, by_hand=True)

    outbox = house.outbox(edition)
    assert b"La ruta del oro" in outbox[ANA]
    assert b"La ruta del oro" in outbox["carla@example.org"]
    assert b"The gold route" in outbox[BEN]


def test_an_edition_for_nobody_is_skipped_and_its_items_stay_new(house: House) -> None:
    edition = house.frozen_edition()

    house.subscribe(ANA)
    following = house.compose(edition.slot + timedelta(days=7))

    assert (edition.state, edition.reason) == (EditionState.SKIPPED, "nobody to send it to")
    assert following.state is EditionState.COMPOSED


def test_an_edition_that_was_cancelled_cannot_be_sent(house: House) -> None:
    from publisher.compose.decide import cancel_edition

    edition = house.frozen_edition(audience=[ANA])
    cancel_edition(house.store, edition.id, now=house.clock.now())

    with pytest.raises(WrongStateError, match="is cancelled"):
        house.publisher.send(edition.id, by_hand=True)


def test_an_article_withdrawn_after_the_freeze_halts_and_the_rest_goes_without_it(house: House) -> None:
    from publisher.compose.decide import resume_edition

    doomed = house.publish("doomed", title="A mistaken story")
    edition = house.frozen_edition(audience=[ANA])

    house.withdraw(doomed)
    halted = house.publisher.send(edition.id, by_hand=True)
    resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    sent = house.publisher.send(edition.id, by_hand=True)

    assert (halted.state, sent.state) == (EditionState.HALTED, EditionState.SENT)
    assert b"A mistaken story" not in house.outbox(edition)[ANA]
    assert b"The gold route" in house.outbox(edition)[ANA]


def test_nothing_goes_by_itself_after_send_by(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    house.clock.forward(timedelta(hours=25))
    late = house.publisher.send(edition.id, by_hand=False)
    by_hand = house.publisher.send(edition.id, by_hand=True)

    assert (late.state, late.accepted) == (EditionState.LATE, 0)
    assert (by_hand.state, by_hand.accepted) == (EditionState.SENT, 1)


def test_a_claimed_batch_whose_worker_died_is_ready_again_by_itself(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    claim(house, edition.id)

    house.clock.forward(batches.CLAIM_LEASE)
    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted) == (EditionState.SENT, 1)


def test_a_writing_batch_whose_worker_died_is_in_doubt_and_not_sent_again(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    claimed = claim(house, edition.id)
    begin(house, claimed)

    house.clock.forward(timedelta(minutes=30))
    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.unknown) == (EditionState.SENDING, 1)
    assert house.outbox(edition) == {}


def test_readers_in_a_batch_that_somebody_began_are_in_doubt_not_waiting(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    begin(house, claim(house, edition.id))

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.unknown, report.pending) == (1, 0)


def test_a_worker_that_wakes_after_its_batch_was_given_away_writes_nothing(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    sleeper = claim(house, edition.id)

    house.clock.forward(batches.CLAIM_LEASE)
    house.publisher.send(edition.id, by_hand=True)

    assert begin(house, sleeper) is False


def test_nobody_can_claim_a_batch_twice(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    claim(house, edition.id)

    with house.store.begin() as tx:
        assert batches.claim_batch(tx, edition.id, now=house.clock.now()) is None


def claim(house: House, edition: int) -> Batch:
    """A worker claims a batch of an edition that is being sent."""
    from publisher.store import editions

    with house.store.begin() as tx:
        editions.move_edition(tx, edition, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batch = batches.claim_batch(tx, edition, now=house.clock.now())
    assert batch is not None
    assert batch.state is BatchState.CLAIMED
    return batch


def begin(house: House, batch: Batch) -> bool:
    """The worker marks its batch as being written."""
    with house.store.begin() as tx:
        account = house.publisher.provider.account
        return batches.begin_writing(tx, batch, account=account, deadline=timedelta(minutes=1), now=house.clock.now())
