"""Settles batches in doubt by asking the provider, or shows them, with the exact names, to a person.

Found in the provider's log: accepted, at any time. Not found counts as "not sent" only when the exchange is over, the
log had time to catch up (`settle_after`), and the same query shows something of ours that was accepted later (R4): a
later batch, or a control message to our own mailbox. Anything less stays in doubt.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from publisher.deliver.control import CONTROL_TAG, Verdict, send_control
from publisher.deliver.mailer import Mailer, load_content
from publisher.deliver.send import finish
from publisher.model.clock import stamp
from publisher.model.delivery import Accepted, Attempt, BatchState, NotSent, Settled, Unclear, attempt_id
from publisher.model.errors import NotFoundError, WrongStateError
from publisher.store import batches, editions
from publisher.store.batches import Ending, WrittenAttempt

log = structlog.get_logger()

#: How long a settling waits for its own control message to show in the log.
CONTROL_PATIENCE = timedelta(seconds=10)
POLL_SECONDS = 0.5
#: A log that shows a control message later than this lags; then it is looked at once more.
PROMPT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledBatch:
    """A batch that is in doubt no more."""

    batch: int
    verdict: str  #: `accepted` or `not-sent`
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """A batch that stays in doubt, with everyone in it."""

    batch: int
    recipients: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReport:
    """What a settling did."""

    settled: tuple[SettledBatch, ...]
    open: tuple[OpenBatch, ...]


def settle_batches(
    mailer: Mailer, *, edition_id: int | None = None, tell: Callable[[str], None] = lambda _: None
) -> SettleReport:
    """Asks for every batch in doubt; waits out leases of batches that may still be under way (75 s at most)."""
    still_open: list[OpenBatch] = []
    settled = wait_for_leases(mailer, edition_id, tell)
    touched = [one.batch for one in settled]
    with mailer.store.begin() as tx:
        batches.sweep(tx, now=mailer.clock.now())
        doubts = batches.list_in_doubt(tx, edition_id=edition_id)
    for doubt in doubts:
        verdict = ask(mailer, doubt)
        if isinstance(verdict, Unclear):
            with mailer.store.read() as tx:
                names = tuple(batches.list_addresses(tx, doubt.batch))
            still_open.append(OpenBatch(batch=doubt.batch, recipients=names, why=verdict.words))
        else:
            settled.append(apply_verdict(mailer, doubt, verdict))
    for number in editions_of(mailer, [*touched, *(one.batch for one in doubts)]):
        finish(mailer, number)
    return SettleReport(settled=tuple(settled), open=tuple(still_open))


def wait_for_leases(mailer: Mailer, edition_id: int | None, tell: Callable[[str], None]) -> list[SettledBatch]:
    """Waits until no batch can be under way any more, unless the log already shows it; gives those that it showed."""
    told = False
    settled: list[SettledBatch] = []
    while True:
        now = mailer.clock.now()
        with mailer.store.read() as tx:
            doubts = batches.list_in_doubt(tx, edition_id=edition_id)
        writing = [
            one for one in doubts if one.state is BatchState.WRITING and one.lease_until and one.lease_until > now
        ]
        found = {one.batch: settle_if_found(mailer, one) for one in writing}
        settled += [done for done in found.values() if done]
        hidden = [one for one in writing if not found[one.batch]]
        if not hidden:
            return settled
        if not told:
            until = max(one.lease_until for one in hidden if one.lease_until)
            what = "1 batch" if len(hidden) == 1 else f"{len(hidden):,} batches"
            tell(f"{what} may still be under way; waiting until {stamp(until)} at most")
            told = True
        time.sleep(POLL_SECONDS * 4)


def settle_if_found(mailer: Mailer, doubt: WrittenAttempt) -> SettledBatch | None:
    """Marks a batch accepted that the log already shows: presence is proof at any time."""
    if doubt.account != mailer.provider.account or not mailer.provider.limits.can_settle:
        return None
    found = mailer.provider.settle(question(mailer, doubt), now=mailer.clock.now())
    return apply_verdict(mailer, doubt, found) if isinstance(found, Accepted) else None


def ask(mailer: Mailer, doubt: WrittenAttempt) -> Settled:
    """What became of one attempt, as far as it can be proven now."""
    limits = mailer.provider.limits
    if doubt.account != mailer.provider.account:
        return Unclear(words=f"it went through {doubt.account}; configure that account again to settle it there")
    if not limits.can_settle:
        return Unclear(words="this provider keeps no log that can be asked; decide it by hand")
    now = mailer.clock.now()
    found = mailer.provider.settle(question(mailer, doubt), now=now)
    if isinstance(found, Accepted):
        return found
    trustworthy = doubt.wrote_at + limits.settle_after
    if now < trustworthy:
        return Unclear(words=f"not in the provider's log, which may lag; ask again after {stamp(trustworthy)}")
    if isinstance(found, Unclear):
        return ask_with_control(mailer, doubt)
    return found


def ask_with_control(mailer: Mailer, doubt: WrittenAttempt) -> Settled:
    """Sends a control message and asks until the log shows it: then absence of the attempt is proof."""
    with mailer.store.read() as tx:
        batch = batches.get_batch(tx, doubt.batch)
    if batch is None:
        return Unclear(words="the batch is gone")
    content = load_content(mailer.store, batch.edition, batch.cut)
    if send_control(mailer, content, next(iter(content.letters))) is not Verdict.PASSED:
        return Unclear(words="the provider took no control message, so its log proves nothing; ask again later")
    sent = mailer.clock.now()
    found: Settled = Unclear(words="")
    while isinstance(found, Unclear) and mailer.clock.now() < sent + CONTROL_PATIENCE:
        found = mailer.provider.settle(question(mailer, doubt), now=mailer.clock.now())
        if isinstance(found, Unclear):
            time.sleep(POLL_SECONDS)
    lag = mailer.clock.now() - sent
    if isinstance(found, NotSent) and lag > PROMPT:  # a log that lags may show things out of order
        time.sleep(lag.total_seconds())
        found = mailer.provider.settle(question(mailer, doubt), now=mailer.clock.now())
    if isinstance(found, Unclear):
        return Unclear(words="the provider's log does not show our control message yet; ask again later")
    return found


def question(mailer: Mailer, doubt: WrittenAttempt) -> Attempt:
    """An attempt as the adapter asks for it."""
    with mailer.store.read() as tx:
        batch = batches.get_batch(tx, doubt.batch)
        edition = editions.get_edition(tx, batch.edition if batch else 0)
        addresses = tuple(batches.list_addresses(tx, doubt.batch))
    return Attempt(
        batch=doubt.batch,
        number=doubt.number,
        attempt_id=attempt_id(store=mailer.store_id, batch=doubt.batch, attempt=doubt.number),
        tag=edition.tag,
        account=doubt.account,
        wrote_at=doubt.wrote_at,
        over_at=over_at(mailer, doubt),
        addresses=addresses,
        control_tag=CONTROL_TAG,
    )


def over_at(mailer: Mailer, doubt: WrittenAttempt) -> datetime:
    """When the exchange had certainly ended: its answer was lost then, or its deadline had passed."""
    return doubt.ended_at or doubt.wrote_at + mailer.provider.limits.deadline + batches.WRITE_MARGIN


def apply_verdict(mailer: Mailer, doubt: WrittenAttempt, verdict: Accepted | NotSent) -> SettledBatch:
    """Writes down what was proven."""
    if isinstance(verdict, Accepted):
        return settle_as(mailer, doubt, is_accepted=True, how="found in the provider's log")
    return settle_as(mailer, doubt, is_accepted=False, how=verdict.words)


def settle_as(mailer: Mailer, doubt: WrittenAttempt, *, is_accepted: bool, how: str) -> SettledBatch:
    """Moves a batch out of doubt: accepted, or ready to be sent again."""
    ending = Ending(outcome="accepted" if is_accepted else "not_sent", words=how)
    with mailer.store.begin() as tx:
        if is_accepted:
            batches.accept(tx, doubt.batch, doubt.number, words=how)
        else:
            batches.make_ready(tx, doubt.batch, doubt.number, words=how, not_before=None)
        batches.end_attempt(tx, doubt.batch, doubt.number, ending, now=mailer.clock.now())
    log.info("batch.settled", batch=doubt.batch, attempt=doubt.number, outcome=ending.outcome)
    return SettledBatch(batch=doubt.batch, verdict="accepted" if is_accepted else "not-sent", how=how)


def decide_by_hand(mailer: Mailer, batch_id: int, *, is_accepted: bool) -> SettledBatch:
    """Settles a batch by a person's word; raises `WrongStateError` for one that is not in doubt."""
    with mailer.store.read() as tx:
        batch = batches.get_batch(tx, batch_id)
        doubts = [one for one in batches.list_in_doubt(tx) if one.batch == batch_id]
    if batch is None:
        raise NotFoundError("batch", batch_id)
    if not doubts or doubts[0].state is not BatchState.UNKNOWN:
        raise WrongStateError(f"Batch {batch_id}", batch.state, ["unknown"])
    done = settle_as(mailer, doubts[0], is_accepted=is_accepted, how="decided by hand")
    finish(mailer, batch.edition)
    return done


def editions_of(mailer: Mailer, numbers: Sequence[int]) -> list[int]:
    """The editions that these batches belong to."""
    with mailer.store.read() as tx:
        found = [batches.get_batch(tx, number) for number in numbers]
    return sorted({batch.edition for batch in found if batch})
