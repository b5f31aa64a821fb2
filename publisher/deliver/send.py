"""Sends what is still to send of an edition: safe to stop and to repeat anywhere, on any machine.

Each worker takes a batch, renders it while it is `claimed`, and hands it to the provider, whose `begin` marks it
`writing` just before the first byte. What is not known after that is `unknown`, and never sent again blindly.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from publisher.deliver.mailer import Claim, Content, Mailer, claim_next, load_content, render_batch
from publisher.deliver.record import halt_unbuilt, record_outcomes
from publisher.model.delivery import BatchState, DeliveryState
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.model.errors import WrongStateError
from publisher.store import batches, editions, items, ledger, slots
from publisher.store.engine import Store, Tx

log = structlog.get_logger()

#: How long a look at the store is worth while batches of others, or a provider's wait, are under way.
POLL = timedelta(seconds=0.1)
#: Workers beyond the requests that may be open at once: their batches are rendered while others wait for answers.
RENDER_AHEAD = 2
TO_SEND = (EditionState.FROZEN, EditionState.SENDING, EditionState.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """How an edition stands after a send."""

    edition: int
    state: EditionState
    accepted: int
    rejected: int
    unknown: int  #: with those in batches that somebody has begun to write
    pending: int
    left_out: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class Stop:
    """A word that reaches all workers: claim nothing new."""

    event: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> bool:
        """Whether it was said."""
        return self.event.is_set()


def send_edition(
    mailer: Mailer, number: int, *, stop: Stop, progress: Callable[[int], None] = lambda _: None
) -> SendReport:
    """Sends until nothing can be sent now; does not wait for batches in doubt.

    Raises `WrongStateError` for an edition that is not frozen, or was ended.
    """
    started = time.monotonic()
    with mailer.store.begin() as tx:
        batches.sweep(tx, now=mailer.clock.now())
        edition = editions.get_edition(tx, number)
        if edition.state is EditionState.SENT:
            return report(mailer.store, number, 0.0)
        if not editions.move_edition(tx, number, to=EditionState.SENDING, among=TO_SEND, reason=None):
            raise WrongStateError(f"Edition {number}", edition.state, ["frozen", "sending", "late"])
        slots.close_slot(tx, number, None, None)
    run = Run(mailer, number, stop)
    workers = mailer.provider.limits.concurrency + RENDER_AHEAD
    with ThreadPoolExecutor(workers, thread_name_prefix="send") as pool:
        done = [pool.submit(work, run, progress) for _ in range(workers)]
    for one in done:
        one.result()
    finish(mailer, number)
    return report(mailer.store, number, time.monotonic() - started)


class Run:
    """One sending under way: the cuts, each loaded once for all workers, and the requests that may be open at once."""

    def __init__(self, mailer: Mailer, edition: int, stop: Stop) -> None:
        self.mailer = mailer
        self.edition = edition
        self.stop = stop
        self.lanes = threading.Semaphore(mailer.provider.limits.concurrency)
        # One renders at a time: the first is on its way before the next is done, instead of all being done at once.
        self.rendering = threading.Lock()
        self._lock = threading.Lock()
        self._loaded: dict[int, Content] = {}

    def content(self, cut: int) -> Content:
        """The content of a cut."""
        with self._lock:
            if cut not in self._loaded:
                self._loaded[cut] = load_content(self.mailer.store, self.edition, cut)
            return self._loaded[cut]


def work(run: Run, progress: Callable[[int], None]) -> None:
    """One worker: takes batches until there is none to take and none to wait for."""
    while not run.stop():
        claim = claim_next(run.mailer, run.edition)
        if claim is not None:
            send_claim(run, claim)
            progress(len(claim.readers))
        elif not wait_for_more(run.mailer, run.edition, run.stop):
            return


def send_claim(run: Run, claim: Claim) -> None:
    """Renders a claimed batch, hands it over and writes down what was answered."""
    mailer, batch, content = run.mailer, claim.batch, run.content(claim.batch.cut)
    provider = mailer.provider

    def begin() -> bool:
        now = mailer.clock.now()
        with mailer.store.begin() as tx:
            return batches.begin_writing(
                tx, batch, account=provider.account, deadline=provider.limits.deadline, now=now
            )

    try:
        with run.rendering:
            rendered = render_batch(mailer, content, claim)
        with run.lanes:
            if run.stop():
                give_back(mailer, claim)
                return
            outcomes = provider.send(rendered, begin=begin)
    except ValueError as error:  # it cannot be built: so it would be for every batch, again and again
        log.exception("batch.not_built", edition=batch.edition, batch=batch.id)
        halt_unbuilt(mailer, claim, str(error))
        return
    record_outcomes(mailer, content, claim, outcomes)


def give_back(mailer: Mailer, claim: Claim) -> None:
    """Gives back a batch that was claimed and is not to be sent now."""
    with mailer.store.begin() as tx:
        batches.release_claim(tx, claim.batch)


def wait_for_more(mailer: Mailer, edition_id: int, stop: Stop) -> bool:
    """Waits a little while a batch may become ready again; False when none will by itself."""
    with mailer.store.read() as tx:
        edition = editions.get_edition(tx, edition_id)
        counts = batches.count_batches(tx, edition_id)
    is_sending = edition.state is EditionState.SENDING and mailer.clock.now() < edition.send_by
    if not is_sending or not (counts.get(BatchState.READY) or counts.get(BatchState.CLAIMED)):
        return False
    stop.event.wait(POLL.total_seconds())
    now = mailer.clock.now()
    with mailer.store.read() as tx:
        is_overdue = batches.has_overdue(tx, now=now)
    if is_overdue:
        with mailer.store.begin() as tx:
            batches.sweep(tx, now=now)
    return True


def finish(mailer: Mailer, number: int) -> Edition:
    """Ends an edition whose every batch is settled: `sent`, in the book `failed` if the provider took nobody.

    Where everybody was left out since the freeze it is `skipped`, and its articles are new again. One that is past its
    `send_by` with readers still waiting is `late`: nothing goes by itself any more.
    """
    now = mailer.clock.now()
    with mailer.store.begin() as tx:
        edition = editions.get_edition(tx, number)
        counts = batches.count_batches(tx, number)
        if edition.state is not EditionState.SENDING:
            return edition
        if not any(counts.get(state) for state in batches.UNSETTLED):
            close(tx, edition, now=now)
        elif counts.get(BatchState.READY) and now >= edition.send_by:
            why = "not all of it left before its send_by; `publisher send` sends the rest"
            editions.move_edition(tx, number, to=EditionState.LATE, among=[EditionState.SENDING], reason=why)
            slots.close_slot(tx, number, SlotOutcome.LATE, why)
        return editions.get_edition(tx, number)


def close(tx: Tx, edition: Edition, *, now: datetime) -> None:
    """Ends an edition of which nothing is left to send, by what became of its copies."""
    states = ledger.count_deliveries(tx, edition.id)
    outcome, to, why = SlotOutcome.SENT, EditionState.SENT, None
    if not states.get(DeliveryState.ACCEPTED):
        outcome, why = SlotOutcome.FAILED, "the provider took nobody"
        if not states.get(DeliveryState.REJECTED):
            outcome, to, why = SlotOutcome.SKIPPED, EditionState.SKIPPED, "nobody was left to send it to"
            items.release_items(tx, editions.newsletter_of(tx, edition.id), edition.id, now=now)
    editions.move_edition(tx, edition.id, to=to, among=[EditionState.SENDING], reason=why)
    slots.close_slot(tx, edition.id, outcome, why)


def report(store: Store, number: int, seconds: float) -> SendReport:
    """How an edition stands."""
    with store.read() as tx:
        edition = editions.get_edition(tx, number)
        states = ledger.count_deliveries(tx, number)
        begun = batches.count_writing(tx, number)  # by another sender, alive or dead: in doubt as far as we know
    return SendReport(
        edition=number,
        state=edition.state,
        accepted=states.get(DeliveryState.ACCEPTED, 0),
        rejected=states.get(DeliveryState.REJECTED, 0),
        unknown=states.get(DeliveryState.UNKNOWN, 0) + begun,
        pending=states.get(DeliveryState.PENDING, 0) - begun,
        left_out=states.get(DeliveryState.LEFT_OUT, 0),
        seconds=round(seconds, 3),
    )
