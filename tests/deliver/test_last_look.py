"""The last look, just before the first byte: whatever changed in the world since the freeze counts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from publisher.compose.decide import cancel_edition, hold_edition
from publisher.model.delivery import Accepted, BatchState, DeliveryState, LeftOut, Outcome
from publisher.model.edition import EditionState, SlotOutcome
from publisher.model.subscriber import SubscriptionState, SuppressionReason
from publisher.store import slots, subscribers
from publisher.store.engine import Store
from publisher.store.schema import address, subscription
from tests.builders import ANA, BEN, CHIDI, FRIDAY
from tests.composing import item_states
from tests.deliver.scripted import Scripted

Change = Callable[[Scripted], object]


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> Scripted:
    return Scripted(sqlite_store, tmp_path)


def suppress(house: Scripted) -> None:
    """Ben's address is put on the suppression list."""
    with house.store.begin() as tx:
        key = house.publisher.secrets.suppression_key(BEN)
        subscribers.suppress(tx, key, SuppressionReason.COMPLAINED, now=FRIDAY)


def erase(house: Scripted) -> None:
    """Ben has himself erased."""
    with house.store.begin() as tx:
        subscribers.erase(tx, subscribers.find_subscriptions(tx, BEN)[0].subscriber, now=FRIDAY)


def pause(house: Scripted) -> None:
    """Ben pauses."""
    with house.store.begin() as tx:
        number = subscribers.find_subscriptions(tx, BEN)[0].subscriber
        tx.execute(
            update(subscription).where(subscription.c.subscriber == number).values(state=SubscriptionState.PAUSED)
        )


OUT: dict[str, Change] = {
    "left": lambda house: house.unsubscribe(BEN),
    "suppressed": suppress,
    "erased": erase,
    "paused": pause,
}


@pytest.mark.parametrize("change", OUT)
@pytest.mark.parametrize("when", ["before the claim", "between the claim and the first byte"])
def test_a_reader_who_is_out_since_the_freeze_gets_nothing_and_the_others_do(
    house: Scripted, change: str, when: str
) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    if when == "before the claim":
        OUT[change](house)
    else:
        house.provider.before_begin = [lambda: OUT[change](house)]

    report = house.publisher.send(edition.id, by_hand=True)

    assert house.provider.taken == [(ANA,)]
    assert (report.state, report.accepted, report.left_out) == (EditionState.SENT, 1, 1)


@pytest.mark.parametrize(("change", "reason"), [("left", LeftOut.UNSUBSCRIBED), ("suppressed", LeftOut.SUPPRESSED)])
def test_the_ledger_says_why_she_got_nothing(store: Store, tmp_path: Path, change: str, reason: LeftOut) -> None:
    house = Scripted(store, tmp_path)
    edition = house.frozen_edition(audience=[ANA, BEN])
    OUT[change](house)

    house.send(edition.id)

    assert house.fates(BEN) == [(DeliveryState.LEFT_OUT, reason)]


@pytest.mark.parametrize("change", OUT)
def test_an_edition_that_everybody_left_is_skipped_not_failed_and_its_articles_are_new(
    house: Scripted, change: str
) -> None:
    edition = house.frozen_edition(audience=[BEN])
    OUT[change](house)

    state = house.send(edition.id)

    with house.store.read() as tx:
        line = slots.find_slot(tx, edition.id)
    assert line
    assert (state, line.outcome, line.why) == (
        EditionState.SKIPPED,
        SlotOutcome.SKIPPED,
        "nobody was left to send it to",
    )
    assert (house.provider.begun, [str(one) for one in item_states(house).values()]) == ([], ["new"])


def test_an_address_that_was_changed_since_the_freeze_is_the_one_that_is_written_to(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        tx.execute(update(address).values(email="ana.new@example.org", email_lower="ana.new@example.org"))

    house.send(edition.id)

    assert house.provider.taken == [("ana.new@example.org",)]


STOPPED: dict[str, tuple[Change, EditionState]] = {
    "held": (lambda house: hold_edition(house.store, 1), EditionState.HALTED),
    "cancelled": (lambda house: cancel_edition(house.store, 1, now=FRIDAY), EditionState.CANCELLED),
    "withdrawn": (lambda house: house.withdraw(1), EditionState.HALTED),
}


@pytest.mark.parametrize("change", STOPPED)
def test_a_word_that_comes_between_the_claim_and_the_first_byte_stops_it(house: Scripted, change: str) -> None:
    edition = house.frozen_edition(audience=[ANA])
    stop, state = STOPPED[change]
    house.provider.before_begin = [lambda: stop(house)]

    assert house.send(edition.id) is state
    assert house.provider.begun == []
    assert [one.state for one in house.batches(edition.id)] == [BatchState.READY]


def test_a_send_by_that_passes_between_the_claim_and_the_first_byte_stops_it(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.before_begin = [lambda: setattr(house.clock, "moment", edition.send_by)]

    report = house.publisher.send(edition.id, by_hand=False)

    assert (report.state, house.provider.begun) == (EditionState.LATE, [])


def test_a_word_that_comes_after_the_first_byte_lets_what_is_on_its_way_end(house: Scripted) -> None:
    house.limit(recipients=1)
    edition = house.frozen_edition(audience=[ANA, BEN, CHIDI])
    house.provider.judge = lambda _: stop_and_accept(house)

    state = house.send(edition.id)

    assert state is EditionState.HALTED
    assert house.provider.taken == [(ANA,)]
    assert [fate for fate, _ in house.fates(ANA)] == [DeliveryState.ACCEPTED]


def test_an_edition_cancelled_in_the_middle_goes_to_nobody_else_and_keeps_its_articles(house: Scripted) -> None:
    house.limit(recipients=1)
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.provider.before_begin = [lambda: None, lambda: cancel_edition(house.store, edition.id, now=FRIDAY)]

    state = house.send(edition.id)

    assert (state, house.provider.taken) == (EditionState.CANCELLED, [(ANA,)])
    assert [str(one) for one in item_states(house).values()] == ["used"]


def stop_and_accept(house: Scripted) -> Outcome:
    """A person says stop while a request is under way; the provider takes it all the same."""
    hold_edition(house.store, 1)
    return Accepted()
