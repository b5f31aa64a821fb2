"""Batches and their attempts: every change of state is one statement that says from where.

    ready ─► claimed ─► writing ─► accepted | rejected | unknown | split
A claimed batch whose worker dies is ready again by its lease; a writing one becomes unknown, never ready.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, insert, or_, select, update

from publisher.model.article import Status
from publisher.model.delivery import Batch, BatchState, DeliveryState
from publisher.model.edition import EditionState
from publisher.store.engine import Tx
from publisher.store.ledger import has_gone_readers, make_batch, still_waiting
from publisher.store.schema import address, article, attempt, batch, delivery, edition, fragment, variant_item

CLAIM_LEASE = timedelta(seconds=60)
#: Over the adapter's own deadline, so that an overdue `writing` has certainly ended.
WRITE_MARGIN = timedelta(seconds=15)
#: How many times an edition's batches may be split in search of an address at fault.
SPLIT_BUDGET = 64
UNSETTLED = (BatchState.READY, BatchState.CLAIMED, BatchState.WRITING, BatchState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAttempt:
    """An attempt that may have left the house."""

    batch: int
    number: int
    account: str
    wrote_at: datetime
    ended_at: datetime | None  #: when its answer was lost; None for a worker that died
    lease_until: datetime | None  #: while it may still be under way
    state: BatchState
    recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended."""

    outcome: str  #: accepted | refused | not_now | unclear | not_sent
    words: str
    provider_id: str = ""


def claim_batch(tx: Tx, edition_id: int, *, now: datetime) -> Batch | None:
    """Takes the next ready batch of an edition for 60 s of rendering; None when there is none to take now."""
    pick = (
        select(batch.c.id)
        .join(edition, edition.c.id == batch.c.edition)
        .where(
            batch.c.edition == edition_id,
            batch.c.state == BatchState.READY,
            edition.c.state == EditionState.SENDING,
            edition.c.send_by > now,
            or_(batch.c.not_before.is_(None), batch.c.not_before <= now),
        )
        .order_by(batch.c.id)
        .limit(1)
    )
    if tx.dialect.name == "postgresql":
        pick = pick.with_for_update(skip_locked=True, of=batch)
    taken = (
        update(batch)
        .where(batch.c.id == pick.scalar_subquery(), batch.c.state == BatchState.READY)
        .values(state=BatchState.CLAIMED, attempt=batch.c.attempt + 1, lease_until=now + CLAIM_LEASE)
        .returning(batch)
    )
    row = tx.execute(taken).one_or_none()
    return batch_of(row) if row else None


def has_ready(tx: Tx, edition_id: int, *, now: datetime) -> bool:
    """Whether a batch could be claimed now: a look that keeps nobody from writing."""
    ready = and_(
        batch.c.edition == edition_id,
        batch.c.state == BatchState.READY,
        or_(batch.c.not_before.is_(None), batch.c.not_before <= now),
    )
    return tx.execute(select(batch.c.id).where(ready).limit(1)).first() is not None


def has_overdue(tx: Tx, *, now: datetime) -> bool:
    """Whether a lease has run out, so that a sweep has something to do."""
    return tx.execute(select(batch.c.id).where(batch.c.lease_until <= now).limit(1)).first() is not None


def begin_writing(tx: Tx, mine: Batch, *, account: str, deadline: timedelta, now: datetime) -> bool:
    """The last look, and the mark that the first byte is about to go; False: write nothing.

    True only if the claim is still ours, for the same cut, the edition is being sent and not too late, nobody in it has
    left or is suppressed, and no article in it was withdrawn.
    """
    is_sending = select(edition.c.id).where(
        edition.c.id == mine.edition, edition.c.state == EditionState.SENDING, edition.c.send_by > now
    )
    marked = (
        update(batch)
        .where(
            batch.c.id == mine.id,
            batch.c.attempt == mine.attempt,
            batch.c.cut == mine.cut,
            batch.c.state == BatchState.CLAIMED,
            is_sending.exists(),
        )
        .values(state=BatchState.WRITING, wrote_at=now, lease_until=now + deadline + WRITE_MARGIN)
    )
    if has_gone_readers(tx, mine.id) or has_withdrawn_items(tx, mine.id):
        return False
    if int(tx.execute(marked).rowcount) != 1:
        return False
    tx.execute(insert(attempt).values(batch=mine.id, number=mine.attempt, account=account, wrote_at=now))
    return True


def has_withdrawn_items(tx: Tx, batch_id: int) -> bool:
    """Whether an article in the batch was withdrawn after the freeze."""
    variants = select(delivery.c.variant).where(delivery.c.batch == batch_id).distinct()
    query = (
        select(article.c.number)
        .join(fragment, fragment.c.article == article.c.number)
        .join(variant_item, variant_item.c.fragment == fragment.c.id)
        .where(variant_item.c.variant.in_(variants), article.c.status == Status.WITHDRAWN)
        .limit(1)
    )
    return tx.execute(query).first() is not None


def withdrawn_items(tx: Tx, edition_id: int) -> list[int]:
    """The withdrawn articles that readers who are still waiting would get."""
    waiting = select(delivery.c.variant).where(still_waiting(edition_id))
    query = (
        select(article.c.number)
        .distinct()
        .join(fragment, fragment.c.article == article.c.number)
        .join(variant_item, variant_item.c.fragment == fragment.c.id)
        .where(variant_item.c.variant.in_(waiting), article.c.status == Status.WITHDRAWN)
        .order_by(article.c.number)
    )
    return list(tx.execute(query).scalars())


def release_claim(tx: Tx, mine: Batch) -> None:
    """Gives a claimed batch back, as if it had not been taken."""
    ours = and_(batch.c.id == mine.id, batch.c.attempt == mine.attempt, batch.c.state == BatchState.CLAIMED)
    tx.execute(update(batch).where(ours).values(state=BatchState.READY, lease_until=None))


def drop_empty(tx: Tx, mine: Batch) -> None:
    """Ends a claimed batch whose readers have all left."""
    ours = and_(batch.c.id == mine.id, batch.c.attempt == mine.attempt, batch.c.state == BatchState.CLAIMED)
    tx.execute(update(batch).where(ours).values(state=BatchState.SPLIT, recipients=0, lease_until=None))


def end_attempt(tx: Tx, batch_id: int, number: int, ending: Ending, *, now: datetime) -> None:
    """Writes down how an attempt ended, whatever has become of its batch since: a late answer is evidence."""
    mine = and_(attempt.c.batch == batch_id, attempt.c.number == number)
    values = {"ended_at": now, "outcome": ending.outcome, "words": ending.words, "provider_id": ending.provider_id}
    tx.execute(update(attempt).where(mine).values(values))


def move_batch(tx: Tx, batch_id: int, number: int, *, to: BatchState, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Ends an attempt's hold on its batch, if it still has it; False: somebody settled it meanwhile."""
    held = and_(
        batch.c.id == batch_id,
        batch.c.attempt == number,
        batch.c.state.in_((BatchState.WRITING, BatchState.UNKNOWN, BatchState.CLAIMED)),
    )
    return int(tx.execute(update(batch).where(held).values(state=to, lease_until=None, **values)).rowcount) == 1


def accept(tx: Tx, batch_id: int, number: int, *, words: str) -> bool:
    """Marks a batch and its deliveries accepted."""
    moved = move_batch(tx, batch_id, number, to=BatchState.ACCEPTED, words=words)
    if moved:
        mark_deliveries(tx, batch_id, DeliveryState.ACCEPTED)
    return moved


def doubt(tx: Tx, batch_id: int, number: int, *, words: str) -> bool:
    """Marks a batch and its deliveries unknown: it may have left, and no answer came."""
    moved = move_batch(tx, batch_id, number, to=BatchState.UNKNOWN, words=words)
    if moved:
        mark_deliveries(tx, batch_id, DeliveryState.UNKNOWN)
    return moved


def make_ready(tx: Tx, batch_id: int, number: int, *, words: str, not_before: datetime | None) -> bool:
    """Makes a batch ready again: it is certain that the attempt sent nothing."""
    moved = move_batch(tx, batch_id, number, to=BatchState.READY, words=words, not_before=not_before)
    if moved:
        mark_deliveries(tx, batch_id, DeliveryState.PENDING)
    return moved


def reject(tx: Tx, batch_id: int, number: int, *, words: str) -> bool:
    """Marks a batch of one and its delivery rejected."""
    moved = move_batch(tx, batch_id, number, to=BatchState.REJECTED, words=words)
    if moved:
        mark_deliveries(tx, batch_id, DeliveryState.REJECTED, words=words)
    return moved


def mark_deliveries(tx: Tx, batch_id: int, state: DeliveryState, *, words: str | None = None) -> None:
    """Sets the state of all deliveries of a batch."""
    theirs = and_(delivery.c.batch == batch_id, delivery.c.state != DeliveryState.LEFT_OUT)
    tx.execute(update(delivery).where(theirs).values(state=state, words=words))


def split_batch(tx: Tx, mine: Batch, parts: Sequence[Sequence[int]], *, words: str, refused: Mapping[int, str]) -> bool:
    """Moves a batch's deliveries to new batches, one for each part and a rejected one for each refused reader.

    The parent ends as `split` in the same transaction, so that a crash can never leave both to be sent.
    """
    if not move_batch(tx, mine.id, mine.attempt, to=BatchState.SPLIT, words=words):
        return False
    mark_deliveries(tx, mine.id, DeliveryState.PENDING)
    for readers in parts:
        make_batch(tx, mine.edition, mine.cut, readers)
    for reader, said in refused.items():
        number = make_batch(tx, mine.edition, mine.cut, [reader], state=BatchState.REJECTED)
        tx.execute(update(batch).where(batch.c.id == number).values(words=said))
        mark_deliveries(tx, number, DeliveryState.REJECTED, words=said)
    return True


def sweep(tx: Tx, *, now: datetime) -> int:
    """Ends overdue leases: `claimed` falls back to ready, `writing` becomes unknown; gives how many were ended."""
    overdue = batch.c.lease_until <= now
    back = (
        update(batch)
        .where(batch.c.state == BatchState.CLAIMED, overdue)
        .values(state=BatchState.READY, lease_until=None)
    )
    ended = int(tx.execute(back).rowcount)
    lost = tx.execute(select(batch.c.id, batch.c.attempt).where(batch.c.state == BatchState.WRITING, overdue)).all()
    for row in lost:
        ended += doubt(tx, row.id, row.attempt, words="its worker ended before an answer came")
    return ended


def list_batches(tx: Tx, edition_id: int) -> list[Batch]:
    """All batches of an edition."""
    return [
        batch_of(row) for row in tx.execute(select(batch).where(batch.c.edition == edition_id).order_by(batch.c.id))
    ]


def get_batch(tx: Tx, number: int) -> Batch | None:
    """One batch."""
    row = tx.execute(select(batch).where(batch.c.id == number)).one_or_none()
    return batch_of(row) if row else None


def count_batches(tx: Tx, edition_id: int) -> dict[BatchState, int]:
    """How many batches of an edition are in each state."""
    query = select(batch.c.state, func.count()).where(batch.c.edition == edition_id).group_by(batch.c.state)
    return {BatchState(row[0]): row[1] for row in tx.execute(query)}


def count_writing(tx: Tx, edition_id: int) -> int:
    """How many readers are in batches that somebody has begun to write."""
    query = select(func.coalesce(func.sum(batch.c.recipients), 0))
    return int(tx.execute(query.where(batch.c.edition == edition_id, batch.c.state == BatchState.WRITING)).scalar_one())


def count_splits(tx: Tx, edition_id: int) -> int:
    """How many batches of an edition were split after an answer; one that nobody was left in, or too large, was not."""
    split = and_(batch.c.edition == edition_id, batch.c.state == BatchState.SPLIT)
    tried = and_(attempt.c.batch == batch.c.id, attempt.c.number == batch.c.attempt)
    return int(tx.execute(select(func.count()).select_from(batch).join(attempt, tried).where(split)).scalar_one())


def has_begun(tx: Tx, edition_id: int) -> bool:
    """Whether a batch of an edition was ever taken to be sent."""
    taken = and_(batch.c.edition == edition_id, batch.c.attempt > 0)
    return tx.execute(select(batch.c.id).where(taken).limit(1)).first() is not None


def is_with_provider(tx: Tx, edition_id: int) -> bool:
    """Whether a reader has got an edition, or may have: a batch that is being written counts."""
    there = (BatchState.WRITING, BatchState.ACCEPTED, BatchState.UNKNOWN)
    query = select(batch.c.id).where(batch.c.edition == edition_id, batch.c.state.in_(there))
    return tx.execute(query.limit(1)).first() is not None


def list_in_doubt(tx: Tx, *, edition_id: int | None = None) -> list[WrittenAttempt]:
    """Batches that are unknown, or still writing by somebody's word, with the attempt to ask for."""
    query = (
        select(attempt, batch.c.state, batch.c.lease_until, batch.c.recipients)
        .join(batch, and_(batch.c.id == attempt.c.batch, batch.c.attempt == attempt.c.number))
        .where(batch.c.state.in_((BatchState.UNKNOWN, BatchState.WRITING)))
        .order_by(batch.c.id)
    )
    if edition_id is not None:
        query = query.where(batch.c.edition == edition_id)
    return [
        WrittenAttempt(
            batch=row.batch,
            number=row.number,
            account=row.account,
            wrote_at=row.wrote_at,
            ended_at=row.ended_at,
            lease_until=row.lease_until,
            state=BatchState(row.state),
            recipients=row.recipients,
        )
        for row in tx.execute(query)
    ]


def list_addresses(tx: Tx, batch_id: int) -> list[str]:
    """The exact addresses in a batch, for the provider's log and for the person who must decide."""
    query = select(address.c.email).join(delivery, delivery.c.subscriber == address.c.subscriber)
    return list(tx.execute(query.where(delivery.c.batch == batch_id).order_by(address.c.email_lower)).scalars())


def batch_of(row: Row[Any]) -> Batch:
    """A row as a `Batch`."""
    return Batch(
        id=row.id,
        edition=row.edition,
        cut=row.cut,
        state=BatchState(row.state),
        recipients=row.recipients,
        attempt=row.attempt,
        lease_until=row.lease_until,
        wrote_at=row.wrote_at,
        words=row.words,
    )
