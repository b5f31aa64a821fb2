"""Batches: every change of state says from where, is fenced by its attempt, and never loses or doubles a reader."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from publisher.model.delivery import Batch, BatchState, DeliveryState
from publisher.model.edition import EditionState
from publisher.model.subscriber import SuppressionReason
from publisher.store import batches, editions, ledger, subscribers
from publisher.store.batches import CLAIM_LEASE, WRITE_MARGIN, Ending
from publisher.store.engine import Store, Tx
from publisher.store.schema import attempt, batch, delivery
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY
from tests.store.store_builders import (
    DEADLINE,
    HOUR,
    LATER,
    SEND_BY,
    Sending,
    a_cut,
    a_sending,
    begin,
    claim,
    state_of,
    withdraw,
)

MOMENT = timedelta(microseconds=1)
OVERDUE = FRIDAY + DEADLINE + WRITE_MARGIN


@pytest.fixture
def sending(tx: Tx) -> Sending:
    """An edition that is being sent to Ana, Ben and Chidi in two batches."""
    return a_sending(tx, ANA, BEN, CHIDI, items=["gold-route"])


@pytest.fixture
def written(tx: Tx, sending: Sending) -> Batch:
    """The batch of Ana and Ben, which somebody has begun to write."""
    mine = claim(tx, sending.edition)
    assert begin(tx, mine)
    return mine


def deliveries(tx: Tx, number: int) -> list[DeliveryState]:
    """The states of a batch's deliveries."""
    query = select(delivery.c.state).where(delivery.c.batch == number)
    return [DeliveryState(state) for state in tx.execute(query.order_by(delivery.c.subscriber)).scalars()]


def attempts(tx: Tx, number: int) -> list[Any]:
    """The attempts at a batch."""
    return list(tx.execute(select(attempt).where(attempt.c.batch == number).order_by(attempt.c.number)))


def put(tx: Tx, number: int, state: BatchState) -> None:
    """Puts a batch into a state, by force."""
    tx.execute(update(batch).where(batch.c.id == number).values(state=state))


def test_batches_are_claimed_one_by_one_until_there_is_none(tx: Tx, sending: Sending) -> None:
    first, second = claim(tx, sending.edition), claim(tx, sending.edition)

    assert batches.claim_batch(tx, sending.edition, now=FRIDAY) is None
    assert first.id < second.id
    assert {(one.state, one.attempt, one.lease_until) for one in (first, second)} == {
        (BatchState.CLAIMED, 1, FRIDAY + CLAIM_LEASE)
    }
    assert not batches.has_ready(tx, sending.edition, now=FRIDAY)


@pytest.mark.parametrize("state", sorted(set(EditionState) - {EditionState.SENDING}))
def test_nothing_is_claimed_of_an_edition_that_is_not_being_sent(tx: Tx, sending: Sending, state: EditionState) -> None:
    editions.change_edition(tx, sending.edition, state=state)

    assert batches.claim_batch(tx, sending.edition, now=FRIDAY) is None


@pytest.mark.parametrize(("now", "is_taken"), [(SEND_BY - MOMENT, True), (SEND_BY, False)])
def test_nothing_is_claimed_after_send_by(tx: Tx, sending: Sending, now: datetime, *, is_taken: bool) -> None:
    assert (batches.claim_batch(tx, sending.edition, now=now) is not None) == is_taken


def test_a_batch_waits_as_long_as_its_provider_asked_and_the_next_is_taken_before_it(tx: Tx, written: Batch) -> None:
    batches.make_ready(tx, written.id, written.attempt, words="429", not_before=LATER)

    assert claim(tx, written.edition).id > written.id
    assert batches.claim_batch(tx, written.edition, now=LATER - MOMENT) is None
    assert not batches.has_ready(tx, written.edition, now=LATER - MOMENT)
    assert batches.has_ready(tx, written.edition, now=LATER)
    assert claim(tx, written.edition, LATER).id == written.id


def test_workers_that_claim_at_one_moment_never_hold_one_batch(store: Store) -> None:
    with store.begin() as tx:
        edition = a_sending(tx, *(f"reader{number}@example.org" for number in range(24)), size=1).edition

    def claim_all(_: int) -> list[int]:
        found: list[int] = []
        while True:
            with store.begin() as tx:
                mine = batches.claim_batch(tx, edition, now=FRIDAY)
            if mine is None:
                return found
            found.append(mine.id)

    with ThreadPoolExecutor(6) as pool:
        claimed = [number for one in pool.map(claim_all, range(6)) for number in one]

    assert (len(claimed), len(set(claimed))) == (24, 24)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_a_worker_on_postgresql_takes_the_next_batch_while_another_is_just_taking_one(store: Store) -> None:
    with store.begin() as tx:
        edition = a_sending(tx, ANA, BEN, size=1).edition

    with store.begin() as one, store.begin() as two:
        two.exec_driver_sql("SET LOCAL lock_timeout = '2s'")

        assert claim(one, edition).id < claim(two, edition).id


def test_beginning_is_written_down_with_the_account_and_a_lease_longer_than_the_exchange(
    tx: Tx, written: Batch
) -> None:
    found = batches.get_batch(tx, written.id)
    (begun,) = attempts(tx, written.id)

    assert found is not None
    assert (found.state, found.wrote_at, found.lease_until) == (BatchState.WRITING, FRIDAY, OVERDUE)
    assert (begun.number, begun.account, begun.wrote_at, begun.ended_at) == (1, "outbox", FRIDAY, None)
    assert deliveries(tx, written.id) == [DeliveryState.PENDING] * 2


def change_state(tx: Tx, sending: Sending) -> None:
    editions.change_edition(tx, sending.edition, state=EditionState.HALTED)


def end_time(tx: Tx, sending: Sending) -> None:
    editions.change_edition(tx, sending.edition, send_by=FRIDAY)


def let_leave(tx: Tx, sending: Sending) -> None:
    subscribers.take_out(tx, sending.newsletter, [sending.readers[BEN]], now=FRIDAY)


def suppress(tx: Tx, _: Sending) -> None:
    subscribers.suppress(tx, f"key of {ANA}", SuppressionReason.COMPLAINED, now=FRIDAY)


def erase(tx: Tx, sending: Sending) -> None:
    subscribers.erase(tx, sending.readers[ANA], now=FRIDAY)


def withdraw_item(tx: Tx, sending: Sending) -> None:
    withdraw(tx, *sending.articles)


def lose_lease(tx: Tx, _: Sending) -> None:
    batches.sweep(tx, now=FRIDAY + CLAIM_LEASE)


def lose_to_another(tx: Tx, sending: Sending) -> None:
    lose_lease(tx, sending)
    claim(tx, sending.edition)


def move_to_newer_cut(tx: Tx, sending: Sending) -> None:
    a_cut(tx, sending.edition)
    ledger.move_to_cut(tx, sending.edition, editions.get_edition(tx, sending.edition).cut or 0, by_old={})


VETOES = [
    change_state,
    end_time,
    let_leave,
    suppress,
    erase,
    withdraw_item,
    lose_lease,
    lose_to_another,
    move_to_newer_cut,
]


@pytest.mark.parametrize("veto", VETOES)
def test_the_last_look_lets_nothing_go_that_must_not(
    tx: Tx, sending: Sending, veto: Callable[[Tx, Sending], None]
) -> None:
    mine = claim(tx, sending.edition)

    veto(tx, sending)

    assert not begin(tx, mine)
    assert attempts(tx, mine.id) == []
    assert state_of(tx, mine.id) is not BatchState.WRITING


def test_what_concerns_others_does_not_hold_a_batch_back(tx: Tx, sending: Sending) -> None:
    mine = claim(tx, sending.edition)
    subscribers.take_out(tx, sending.newsletter, [sending.readers[CHIDI]], now=FRIDAY)
    subscribers.suppress(tx, "key of somebody else", SuppressionReason.MANUAL, now=FRIDAY)

    assert begin(tx, mine)


def test_an_attempt_begins_once(tx: Tx, written: Batch) -> None:
    assert not begin(tx, written)


def test_a_claimed_batch_is_given_back_as_if_it_had_not_been_taken_and_a_written_one_is_not(
    tx: Tx, written: Batch
) -> None:
    second = claim(tx, written.edition)

    batches.release_claim(tx, second)
    batches.release_claim(tx, written)

    assert (state_of(tx, second.id), state_of(tx, written.id)) == (BatchState.READY, BatchState.WRITING)
    again = claim(tx, written.edition)
    assert (again.id, again.attempt) == (second.id, 2)
    batches.release_claim(tx, second)  # by one who does not know that it was given away
    assert state_of(tx, again.id) is BatchState.CLAIMED


def test_a_batch_that_nobody_is_left_in_ends_without_a_try(tx: Tx, sending: Sending) -> None:
    mine = claim(tx, sending.edition)

    batches.drop_empty(tx, mine)

    found = batches.get_batch(tx, mine.id)
    assert found is not None
    assert (found.state, found.recipients, found.lease_until) == (BatchState.SPLIT, 0, None)
    assert batches.count_splits(tx, sending.edition) == 0  # nothing of the budget for splitting


def test_the_sweep_gives_back_overdue_claims_and_puts_overdue_writes_in_doubt(tx: Tx, written: Batch) -> None:
    second = claim(tx, written.edition, FRIDAY + DEADLINE)

    early = batches.sweep(tx, now=OVERDUE - MOMENT)
    was_overdue = batches.has_overdue(tx, now=OVERDUE - MOMENT)
    due = batches.has_overdue(tx, now=OVERDUE)
    ended = [batches.sweep(tx, now=now) for now in (OVERDUE, FRIDAY + DEADLINE + CLAIM_LEASE, FRIDAY + HOUR)]

    assert (early, was_overdue, due, ended) == (0, False, True, [1, 1, 0])
    assert (state_of(tx, written.id), state_of(tx, second.id)) == (BatchState.UNKNOWN, BatchState.READY)
    assert (deliveries(tx, written.id), deliveries(tx, second.id)) == (
        [DeliveryState.UNKNOWN] * 2,
        [DeliveryState.PENDING],
    )


def test_what_is_in_doubt_is_never_claimed_again_by_itself(tx: Tx, written: Batch) -> None:
    batches.sweep(tx, now=OVERDUE)

    taken = claim(tx, written.edition, LATER)

    assert taken.id != written.id
    assert batches.claim_batch(tx, written.edition, now=LATER) is None


Answer = Callable[[Tx, int, int], bool]
ANSWERS: dict[BatchState, Answer] = {
    BatchState.ACCEPTED: lambda tx, number, of: batches.accept(tx, number, of, words="250"),
    BatchState.REJECTED: lambda tx, number, of: batches.reject(tx, number, of, words="550 no such user"),
    BatchState.UNKNOWN: lambda tx, number, of: batches.doubt(tx, number, of, words="time-out"),
    BatchState.READY: lambda tx, number, of: batches.make_ready(tx, number, of, words="429", not_before=None),
}
MEANS = {
    BatchState.ACCEPTED: DeliveryState.ACCEPTED,
    BatchState.REJECTED: DeliveryState.REJECTED,
    BatchState.UNKNOWN: DeliveryState.UNKNOWN,
    BatchState.READY: DeliveryState.PENDING,
}


@pytest.mark.parametrize("to", ANSWERS)
@pytest.mark.parametrize("state", [BatchState.WRITING, BatchState.UNKNOWN])
def test_an_answer_moves_its_batch_and_all_its_deliveries(
    tx: Tx, written: Batch, state: BatchState, to: BatchState
) -> None:
    put(tx, written.id, state)

    assert ANSWERS[to](tx, written.id, written.attempt)

    found = batches.get_batch(tx, written.id)
    assert found is not None
    assert (found.state, found.lease_until) == (to, None)
    assert deliveries(tx, written.id) == [MEANS[to]] * 2


@pytest.mark.parametrize("to", ANSWERS)
@pytest.mark.parametrize("state", [BatchState.READY, BatchState.ACCEPTED, BatchState.REJECTED, BatchState.SPLIT])
def test_a_late_answer_moves_nothing(tx: Tx, written: Batch, state: BatchState, to: BatchState) -> None:
    put(tx, written.id, state)

    assert not ANSWERS[to](tx, written.id, written.attempt)

    assert state_of(tx, written.id) is state
    assert deliveries(tx, written.id) == [DeliveryState.PENDING] * 2


@pytest.mark.parametrize("to", ANSWERS)
def test_an_answer_to_an_older_attempt_moves_nothing(tx: Tx, written: Batch, to: BatchState) -> None:
    batches.make_ready(tx, written.id, written.attempt, words="not in the log", not_before=None)
    second = claim(tx, written.edition)
    begin(tx, second)

    assert not ANSWERS[to](tx, written.id, written.attempt)
    assert state_of(tx, second.id) is BatchState.WRITING


def test_an_answer_leaves_alone_who_was_left_out(tx: Tx, sending: Sending) -> None:
    mine = claim(tx, sending.edition)
    subscribers.take_out(tx, sending.newsletter, [sending.readers[ANA]], now=FRIDAY)
    ledger.leave_out_the_gone(tx, mine.id)
    begin(tx, mine)

    batches.accept(tx, mine.id, mine.attempt, words="250")

    assert ledger.count_deliveries(tx, sending.edition) == {"left_out": 1, "accepted": 1, "pending": 1}


def test_how_an_attempt_ended_is_kept_also_where_it_comes_too_late_to_matter(tx: Tx, written: Batch) -> None:
    batches.doubt(tx, written.id, written.attempt, words="time-out")
    batches.make_ready(tx, written.id, written.attempt, words="not in the log", not_before=None)
    begin(tx, claim(tx, written.edition))

    ending = Ending(outcome="accepted", words="250 queued", provider_id="q7")
    batches.end_attempt(tx, written.id, written.attempt, ending, now=LATER)

    first, second = attempts(tx, written.id)
    assert (first.outcome, first.words, first.provider_id, first.ended_at) == ("accepted", "250 queued", "q7", LATER)
    assert (second.ended_at, state_of(tx, written.id)) == (None, BatchState.WRITING)


def test_a_split_moves_everyone_to_new_batches_and_ends_the_parent_for_good(tx: Tx) -> None:
    sending = a_sending(tx, ANA, BEN, CHIDI, DOLORES, size=4)
    mine = claim(tx, sending.edition)
    begin(tx, mine)
    ana, ben, chidi, dolores = sending.readers.values()

    moved = batches.split_batch(tx, mine, [[ana], [chidi, dolores]], words="1 refused", refused={ben: "550 no user"})

    parent, *parts, alone = batches.list_batches(tx, sending.edition)
    assert (moved, parent.state, parent.words, deliveries(tx, parent.id)) == (True, BatchState.SPLIT, "1 refused", [])
    assert [(one.state, one.recipients, one.attempt) for one in parts] == [
        (BatchState.READY, 1, 0),
        (BatchState.READY, 2, 0),
    ]
    assert [deliveries(tx, one.id) for one in parts] == [[DeliveryState.PENDING], [DeliveryState.PENDING] * 2]
    assert (alone.state, alone.words, deliveries(tx, alone.id)) == (
        BatchState.REJECTED,
        "550 no user",
        [DeliveryState.REJECTED],
    )
    assert {one.cut for one in (*parts, alone)} == {parent.cut}
    assert batches.count_splits(tx, sending.edition) == 1


def test_a_refusal_that_comes_while_its_batch_is_in_doubt_frees_the_others(tx: Tx, written: Batch) -> None:
    ana, ben = tx.execute(select(delivery.c.subscriber).where(delivery.c.batch == written.id)).scalars()
    batches.sweep(tx, now=OVERDUE)

    assert batches.split_batch(tx, written, [[ben]], words="1 refused", refused={ana: "550 no user"})

    *_, waiting, alone = batches.list_batches(tx, written.edition)
    assert deliveries(tx, waiting.id) == [DeliveryState.PENDING]
    assert deliveries(tx, alone.id) == [DeliveryState.REJECTED]


def test_a_batch_that_was_settled_meanwhile_is_not_split(tx: Tx, written: Batch) -> None:
    batches.accept(tx, written.id, written.attempt, words="found in the log")

    assert not batches.split_batch(tx, written, [], words="refused", refused={})

    assert len(batches.list_batches(tx, written.edition)) == 2
    assert deliveries(tx, written.id) == [DeliveryState.ACCEPTED] * 2


def test_a_batch_that_is_packed_anew_for_another_provider_costs_nothing_of_the_budget(tx: Tx, sending: Sending) -> None:
    mine = claim(tx, sending.edition)
    ana, ben, _ = sending.readers.values()

    assert batches.split_batch(tx, mine, [[ana], [ben]], words="packed anew", refused={})

    assert batches.count_splits(tx, sending.edition) == 0


def test_in_doubt_are_unknown_and_begun_batches_with_the_attempt_to_ask_for(tx: Tx, written: Batch) -> None:
    batches.doubt(tx, written.id, written.attempt, words="time-out")
    batches.end_attempt(tx, written.id, 1, Ending(outcome="unclear", words="time-out"), now=LATER)
    second = claim(tx, written.edition)
    only_unknown = batches.list_in_doubt(tx)
    begin(tx, second)

    found = batches.list_in_doubt(tx, edition_id=written.edition)

    assert [one.batch for one in only_unknown] == [written.id]
    assert [(one.batch, one.number, one.state, one.recipients) for one in found] == [
        (written.id, 1, BatchState.UNKNOWN, 2),
        (second.id, 1, BatchState.WRITING, 1),
    ]
    assert [(one.account, one.wrote_at, one.ended_at) for one in found] == [
        ("outbox", FRIDAY, LATER),
        ("outbox", FRIDAY, None),
    ]
    assert batches.list_in_doubt(tx, edition_id=10**9) == []


def test_of_a_batch_that_was_tried_again_only_the_newest_attempt_is_in_doubt(tx: Tx, written: Batch) -> None:
    batches.make_ready(tx, written.id, written.attempt, words="not in the log", not_before=None)
    begin(tx, claim(tx, written.edition))

    assert [one.number for one in batches.list_in_doubt(tx)] == [2]


def test_a_person_who_must_decide_sees_the_exact_addresses(tx: Tx, written: Batch) -> None:
    assert batches.list_addresses(tx, written.id) == [ANA, BEN]


def test_batches_are_counted_by_state_and_begun_ones_by_reader(tx: Tx, written: Batch) -> None:
    assert batches.count_batches(tx, written.edition) == {BatchState.WRITING: 1, BatchState.READY: 1}
    assert batches.count_writing(tx, written.edition) == 2
    assert (batches.get_batch(tx, 10**9), batches.count_batches(tx, 10**9)) == (None, {})


def test_an_edition_has_begun_once_a_batch_was_taken_even_if_it_was_given_back(tx: Tx, sending: Sending) -> None:
    before = batches.has_begun(tx, sending.edition)
    batches.release_claim(tx, claim(tx, sending.edition))

    assert (before, batches.has_begun(tx, sending.edition)) == (False, True)


def test_withdrawn_items_are_those_that_somebody_would_still_get(tx: Tx, written: Batch, sending: Sending) -> None:
    assert batches.withdrawn_items(tx, written.edition) == []
    withdraw(tx, *sending.articles)
    while_others_wait = batches.withdrawn_items(tx, written.edition)

    last = claim(tx, written.edition)
    batches.move_batch(tx, last.id, last.attempt, to=BatchState.ACCEPTED)
    batches.mark_deliveries(tx, last.id, DeliveryState.ACCEPTED)

    assert while_others_wait == sending.articles
    assert batches.withdrawn_items(tx, written.edition) == []  # the other batch is being written: too late for it


def test_every_reader_is_accounted_for_whatever_became_of_the_batches(tx: Tx) -> None:
    sending = a_sending(tx, *(f"reader{number}@example.org" for number in range(9)), size=2)
    for answer in ANSWERS.values():
        mine = claim(tx, sending.edition)
        begin(tx, mine)
        answer(tx, mine.id, mine.attempt)

    assert Counter(ledger.count_deliveries(tx, sending.edition)) == {
        "accepted": 2,
        "rejected": 2,
        "unknown": 2,
        "pending": 3,
    }
