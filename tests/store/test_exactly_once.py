"""The ledger and its batches under workers that die, sleep and wake, readers who leave, and articles withdrawn.

A machine does at random what the house may do. It knows what really arrived, which the store does not, and asks after
every step: nobody gets a second copy, nobody who is out gets one, and the ledger tells what each was really sent.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from publisher.model.delivery import Batch, BatchState, DeliveryState
from publisher.model.edition import EditionState
from publisher.model.subscriber import SuppressionReason
from publisher.store import batches, editions, ledger, subscribers
from publisher.store.engine import Tx
from publisher.store.schema import batch, delivery, variant
from tests.builders import FRIDAY
from tests.store.store_builders import Sending, a_cut, a_sending, begin, withdraw

READERS = 7
FEW = 3  # who go out, so that others stay
GOT_NOTHING = {DeliveryState.LEFT_OUT, DeliveryState.REJECTED}
ENDED = GOT_NOTHING | {DeliveryState.ACCEPTED}
OPEN = {BatchState.READY, BatchState.CLAIMED, BatchState.WRITING}
MEANS = dict.fromkeys(OPEN, DeliveryState.PENDING) | {
    BatchState.ACCEPTED: DeliveryState.ACCEPTED,
    BatchState.REJECTED: DeliveryState.REJECTED,
    BatchState.UNKNOWN: DeliveryState.UNKNOWN,
}
PICK = st.sampled_from([0, 0, 1, 3])  # one of a list, counted from its end


@dataclass(slots=True)
class Worker:
    """One who claimed a batch: what it rendered, and what became of that."""

    batch: Batch
    copies: dict[int, int]  #: the variant of each reader
    items: frozenset[int]  #: the articles in these
    has_begun: bool = False
    has_arrived: bool = False  #: known to the provider only, until it answers
    is_answered: bool = False


@dataclass(slots=True)
class World:
    """What is true, whatever the store believes."""

    workers: list[Worker] = field(default_factory=list)
    out: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)

    def begun(self, *, unanswered: bool = False) -> list[Worker]:
        """Workers whose first byte went."""
        return [one for one in self.workers if one.has_begun and not (unanswered and one.is_answered)]

    def received(self) -> Counter[int]:
        """How many copies each reader really got."""
        return Counter(reader for one in self.begun() if one.has_arrived for reader in one.copies)


class House(RuleBasedStateMachine):
    """An edition of two articles for seven readers, in batches of two."""

    tx: Tx  #: given by the test, with the edition
    sending: Sending

    def __init__(self) -> None:
        super().__init__()
        self.undo = self.tx.begin_nested()
        self.edition, self.now, self.world = self.sending.edition, FRIDAY, World()
        self.is_halted = False

    @rule(goes_on=st.booleans(), arrives=st.booleans())
    def claim(self, *, goes_on: bool, arrives: bool) -> None:
        """A worker takes the next batch, renders it for those who have not left, and writes it soon or late."""
        mine = batches.claim_batch(self.tx, self.edition, now=self.now)
        if mine is None:
            return
        if not ledger.leave_out_the_gone(self.tx, mine.id):
            batches.drop_empty(self.tx, mine)
            return
        copies = {reader.id: number for reader, number in ledger.list_readers(self.tx, mine.id)}
        pieces = [piece for number in set(copies.values()) for piece in editions.list_fragments(self.tx, number)]
        items = frozenset(piece.article for piece in pieces if piece.article)
        self.world.workers.append(Worker(batch=mine, copies=copies, items=items))
        if goes_on:
            self.begin(0, arrives=arrives)

    @precondition(lambda self: self.world.workers)
    @rule(which=PICK, arrives=st.booleans())
    def begin(self, which: int, *, arrives: bool) -> None:
        """Any worker that ever claimed a batch, awake or asleep since, looks once more and writes."""
        worker = self.world.workers[-1 - which % len(self.world.workers)]
        if not begin(self.tx, worker.batch, self.now):
            return
        assert not worker.has_begun
        assert not self.world.out & worker.copies.keys(), "somebody who is out is written to"
        assert not self.world.withdrawn & worker.items, "a withdrawn article goes out"
        worker.has_begun, worker.has_arrived = True, arrives

    @precondition(lambda self: self.world.begun(unanswered=True))
    @rule(which=PICK, is_clear=st.booleans(), refuses=st.booleans())
    def answer(self, which: int, *, is_clear: bool, refuses: bool) -> None:
        """The answer to a request comes, soon or late: the truth, or nothing that can be read."""
        waiting = self.world.begun(unanswered=True)
        worker = waiting[-1 - which % len(waiting)]
        worker.is_answered = True
        number, attempt = worker.batch.id, worker.batch.attempt
        if not is_clear:
            batches.doubt(self.tx, number, attempt, words="time-out")
        elif worker.has_arrived:
            batches.accept(self.tx, number, attempt, words="250")
        elif refuses:
            self.refuse(worker)
        else:
            batches.make_ready(self.tx, number, attempt, words="429", not_before=self.now + timedelta(seconds=30))

    def refuse(self, worker: Worker) -> None:
        """The provider names one address; the others move to two new batches."""
        first, *others = worker.copies
        if not others:
            batches.reject(self.tx, worker.batch.id, worker.batch.attempt, words="550")
            return
        half = len(others) // 2
        parts = [part for part in (others[:half], others[half:]) if part]
        batches.split_batch(self.tx, worker.batch, parts, words="1 refused", refused={first: "550"})

    @precondition(lambda self: self.world.begun())
    @rule()
    def settle(self) -> None:
        """The provider's log is asked: presence proves at any time, absence once the exchange is certainly over."""
        for doubt in batches.list_in_doubt(self.tx):
            worker = next(
                one for one in self.world.begun() if (one.batch.id, one.batch.attempt) == (doubt.batch, doubt.number)
            )
            if worker.has_arrived:
                batches.accept(self.tx, doubt.batch, doubt.number, words="found")
            elif doubt.state is BatchState.UNKNOWN:
                batches.make_ready(self.tx, doubt.batch, doubt.number, words="not found", not_before=None)

    @precondition(lambda self: self.world.workers)
    @rule(seconds=st.sampled_from([31, 60, 75]))
    def wait(self, seconds: int) -> None:
        """Time passes, and overdue leases are ended."""
        self.now += timedelta(seconds=seconds)
        batches.sweep(self.tx, now=self.now)

    @precondition(lambda self: self.world.workers)
    @rule(which=PICK)
    def give_back(self, which: int) -> None:
        """A worker was told to stop, or to begin nothing."""
        batches.release_claim(self.tx, self.world.workers[-1 - which % len(self.world.workers)].batch)

    @precondition(lambda self: self.world.workers and len(self.world.out) < FEW)
    @rule(which=PICK, how=st.sampled_from(["leaves", "complains", "is erased"]), is_close=st.booleans())
    def lose_reader(self, which: int, how: str, *, is_close: bool) -> None:
        """A reader for whom a letter was rendered goes out in one of three ways, perhaps just before the last look."""
        worker = self.world.workers[-1 - which % len(self.world.workers)]
        number = next(iter(worker.copies))
        email = next(email for email, one in self.sending.readers.items() if one == number)
        self.world.out.add(number)
        if how == "leaves":
            subscribers.take_out(self.tx, self.sending.newsletter, [number], now=self.now)
        elif how == "complains":
            subscribers.suppress(self.tx, f"key of {email}", SuppressionReason.COMPLAINED, now=self.now)
        else:
            subscribers.erase(self.tx, number, now=self.now)
        if is_close:
            self.begin(which, arrives=True)

    @precondition(lambda self: self.world.workers and not self.world.withdrawn)
    @rule(which=st.integers(0, 1), recuts=st.booleans())
    def withdraw(self, which: int, *, recuts: bool) -> None:
        """An article is withdrawn at its source, and the others go without it, now or later."""
        self.world.withdrawn.add(self.sending.articles[which])
        withdraw(self.tx, self.sending.articles[which], now=self.now)
        if recuts:
            self.halt(goes_on=True)

    @precondition(lambda self: self.world.workers and not self.is_halted)
    @rule(goes_on=st.booleans())
    def halt(self, *, goes_on: bool) -> None:
        """Somebody, or something, stops the edition, and it goes on at once or later."""
        editions.move_edition(self.tx, self.edition, to=EditionState.HALTED, among=[EditionState.SENDING])
        self.is_halted = True
        if goes_on:
            self.resume()

    @precondition(lambda self: self.is_halted)
    @rule()
    def resume(self) -> None:
        """It goes on, without what was withdrawn."""
        self.is_halted = False
        if batches.withdrawn_items(self.tx, self.edition):
            kept = [number for number in self.sending.articles if number not in self.world.withdrawn]
            new = a_cut(self.tx, self.edition, items=kept)
            cut = editions.get_edition(self.tx, self.edition).cut or 0
            by_old = {number: new[language] for number, language in editions.list_all_variants(self.tx, self.edition)}
            ledger.move_to_cut(self.tx, self.edition, cut, by_old=by_old)
            ledger.leave_out_variants(self.tx, self.edition, [] if kept else list(new.values()))
        editions.move_edition(self.tx, self.edition, to=EditionState.SENDING, among=[EditionState.HALTED])

    @invariant()
    def nobody_gets_a_second_copy(self) -> None:
        """Whatever was sent again, slept through or settled."""
        assert max(self.world.received().values(), default=0) <= 1

    @invariant()
    def everyone_is_accounted_for(self) -> None:
        """One row for each reader, whose state follows from the batch that she is in, or from nothing."""
        query = select(delivery, batch.c.state.label("in_state"), batch.c.cut, variant.c.cut.label("of_cut"))
        query = query.outerjoin(batch, batch.c.id == delivery.c.batch).outerjoin(variant)
        rows = self.tx.execute(query.where(delivery.c.edition == self.edition)).all()
        assert len(rows) == READERS
        for row in rows:
            is_left_out = row.state == DeliveryState.LEFT_OUT
            assert is_left_out == (row.left_out is not None) == (row.batch is None)
            assert is_left_out or row.state == MEANS[BatchState(row.in_state)]
            assert is_left_out or row.cut == row.of_cut, "a batch and its readers are of different cuts"

    @invariant()
    def the_ledger_tells_what_was_really_sent(self) -> None:
        """Who was left out or rejected got nothing, who was accepted got one copy, of that variant."""
        arrived = {reader: n for one in self.world.begun() if one.has_arrived for reader, n in one.copies.items()}
        for row in self.tx.execute(select(delivery).where(delivery.c.edition == self.edition)):
            assert row.state != DeliveryState.ACCEPTED or row.subscriber in arrived
            assert row.state not in GOT_NOTHING or row.subscriber not in arrived
            assert row.variant == arrived.get(row.subscriber, row.variant)

    @invariant()
    def leases_are_held_by_those_at_work_only(self) -> None:
        """So that a sweep ends what is overdue, and nothing else."""
        for one in batches.list_batches(self.tx, self.edition):
            assert (one.lease_until is not None) == (one.state in {BatchState.CLAIMED, BatchState.WRITING})

    def teardown(self) -> None:
        """Once all goes well, everything ends: each reader got it, was refused, or was left out."""
        for _ in range(2 * READERS):
            self.wait(150)
            self.settle()
            self.halt(goes_on=True)
            self.claim(goes_on=True, arrives=True)
            while self.world.begun(unanswered=True):
                self.answer(0, is_clear=True, refuses=False)
            if set(ledger.count_deliveries(self.tx, self.edition)) <= ENDED:
                break
        else:
            pytest.fail("an edition does not come to its end")
        self.undo.rollback()


@pytest.mark.parametrize("kept_store", ["sqlite"], indirect=True)
def test_whatever_happens_every_reader_gets_the_edition_once_or_is_left_out_with_a_reason(tx: Tx) -> None:
    emails = [f"reader{number}@example.org" for number in range(READERS)]
    given = {"tx": tx, "sending": a_sending(tx, *emails, size=2, items=["gold-route", "ships"])}

    run_state_machine_as_test(
        type("GivenHouse", (House,), given),
        settings=settings(
            max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
