"""The ledger: who gets what, once. One row per edition and subscriber, for the whole audience, with reasons.

Written in chunks while the edition is `freezing`, a state that nobody acts on; resumed by the key after a crash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from publisher.model.delivery import BatchState, DeliveryState, LeftOut, Packing
from publisher.model.subscriber import Reader, SubscriptionState
from publisher.store.engine import Tx
from publisher.store.schema import address, batch, delivery, edition, subscriber, subscription, suppression
from publisher.store.upsert import missing

CHUNK = 25_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How a freeze sorts readers: the variant of each language, and the languages that have none this time."""

    edition: int
    newsletter: int
    variants: Mapping[str, int]  #: by language tag
    default: str  #: the language of readers who chose none that the newsroom writes in
    languages: Sequence[str]  #: that the newsroom writes in
    not_for: Sequence[str] = ()  #: languages that this newsletter does not carry


def write_ledger(tx: Tx, audience: Audience, *, after: int) -> int | None:
    """Writes a delivery for each of the next 25,000 readers by id, left-out ones with their reason; gives the last id.

    None when there were no more. Nobody acts on it before `frozen`. Safe to repeat: (edition, subscriber) is the key,
    a row that is there stays.
    """
    last = last_of_chunk(tx, audience.newsletter, after)
    if last is None:
        return None
    variant = case(
        *[(language_of(audience) == tag, cast(number, Integer)) for tag, number in audience.variants.items()],
        else_=null(),
    )
    reason = reason_of(audience)
    rows = joined_readers(
        select(
            literal(audience.edition),
            subscription.c.subscriber,
            case((reason.is_(None), variant), else_=null()),
            case((reason.is_(None), literal(DeliveryState.PENDING)), else_=literal(DeliveryState.LEFT_OUT)),
            cast(reason, Text),
        )
    ).where(
        true(),
        subscription.c.newsletter == audience.newsletter,
        subscription.c.subscriber > after,
        subscription.c.subscriber <= last,
    )
    tx.execute(missing(tx, delivery).from_select(["edition", "subscriber", "variant", "state", "left_out"], rows))
    return last


def count_audience(tx: Tx, audience: Audience) -> tuple[int, dict[str, int]]:
    """How many readers would get the edition if it were frozen now, and for each reason how many not."""
    why = reason_of(audience).label("why")
    found = joined_readers(select(why)).where(subscription.c.newsletter == audience.newsletter).subquery()
    counts = {row[0]: row[1] for row in tx.execute(select(found.c.why, func.count()).group_by(found.c.why))}
    return counts.pop(None, 0), counts


def joined_readers(query: Select[Any]) -> Select[Any]:
    """The tables that decide who gets an edition."""
    return (
        query.select_from(subscription)
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .join(address, address.c.subscriber == subscription.c.subscriber)
        .outerjoin(suppression, suppression.c.key == address.c.suppression_key)
    )


def reason_of(audience: Audience) -> ColumnElement[Any]:
    """Why a reader is left out; null for one who is not."""
    language = language_of(audience)
    return case(
        (suppression.c.key.is_not(None), literal(LeftOut.SUPPRESSED)),
        (subscription.c.state == SubscriptionState.UNSUBSCRIBED, literal(LeftOut.UNSUBSCRIBED)),
        (subscription.c.state == SubscriptionState.PENDING, literal(LeftOut.PENDING)),
        (subscription.c.state == SubscriptionState.PAUSED, literal(LeftOut.PAUSED)),
        (language.in_(list(audience.not_for)), literal(LeftOut.LANGUAGE)),
        (language.not_in(list(audience.variants)), literal(LeftOut.NOTHING_NEW)),
        else_=null(),
    )


def last_of_chunk(tx: Tx, newsletter_id: int, after: int) -> int | None:
    """The id of the last reader of the next chunk."""
    ids = (
        select(subscription.c.subscriber.label("id"))
        .where(subscription.c.newsletter == newsletter_id, subscription.c.subscriber > after)
        .order_by(subscription.c.subscriber)
        .limit(CHUNK)
        .subquery()
    )
    last = tx.execute(select(func.max(ids.c.id))).scalar_one_or_none()
    return None if last is None else int(last)


def language_of(audience: Audience) -> ColumnElement[str]:
    """The newsroom's language that a reader is written to in: hers, exactly or by its first part, else the default."""
    said = func.lower(func.coalesce(subscriber.c.language, audience.default))
    exact = [(said == tag.lower(), literal(tag)) for tag in audience.languages]
    by_start = [(said.like(f"{tag.lower()}-%"), literal(tag)) for tag in audience.languages]
    return case(*exact, *by_start, else_=literal(audience.default))


def cut_batches(tx: Tx, edition_id: int, *, size: int, packing: Packing, limit: int = 200) -> int:
    """Puts pending deliveries that have no batch into up to `limit` new ones, sorted by variant; gives how many.

    0: all are in one. With `shared` packing a batch holds one variant. Safe to repeat: what has a batch keeps it.
    """
    cut = tx.execute(select(edition.c.cut).where(edition.c.id == edition_id)).scalar_one()
    loose = and_(
        delivery.c.edition == edition_id, delivery.c.state == DeliveryState.PENDING, delivery.c.batch.is_(None)
    )
    query = select(delivery.c.subscriber, delivery.c.variant).where(loose)
    rows = tx.execute(query.order_by(delivery.c.variant, delivery.c.subscriber).limit(size * limit)).all()
    groups: list[list[int]] = []
    variant = None
    for row in rows:
        is_new_variant = packing is Packing.SHARED and row.variant != variant
        if not groups or is_new_variant or len(groups[-1]) == size:
            groups.append([])
        variant = row.variant
        groups[-1].append(row.subscriber)
    for readers in groups:
        make_batch(tx, edition_id, cut, readers)
    return len(groups)


def make_batch(
    tx: Tx, edition_id: int, cut: int, readers: Sequence[int], *, state: BatchState = BatchState.READY
) -> int:
    """Makes one batch of these readers' deliveries."""
    values = {"edition": edition_id, "cut": cut, "state": state, "recipients": len(readers), "attempt": 0}
    number = int(tx.execute(batch.insert().values(values).returning(batch.c.id)).scalar_one())
    theirs = and_(delivery.c.edition == edition_id, delivery.c.subscriber.in_(readers))
    tx.execute(update(delivery).where(theirs).values(batch=number))
    return number


def move_to_cut(tx: Tx, edition_id: int, cut: int, *, by_old: Mapping[int, int]) -> None:
    """Points all deliveries that still wait, and their batches, to a newer cut's variants.

    Claimed batches too: whoever rendered one from the older cut may not begin it any more (`begin_writing`).
    """
    for old, new in by_old.items():
        theirs = and_(still_waiting(edition_id), delivery.c.variant == old)
        tx.execute(update(delivery).where(theirs).values(variant=new))
    waiting = and_(batch.c.edition == edition_id, batch.c.state.in_((BatchState.READY, BatchState.CLAIMED)))
    tx.execute(update(batch).where(waiting).values(cut=cut))


def still_waiting(edition_id: int) -> ColumnElement[bool]:
    """Deliveries whose content may still change: pending, and in no batch that is being written at this moment."""
    begun = select(batch.c.id).where(batch.c.edition == edition_id, batch.c.state == BatchState.WRITING)
    return and_(
        delivery.c.edition == edition_id,
        delivery.c.state == DeliveryState.PENDING,
        or_(delivery.c.batch.is_(None), delivery.c.batch.not_in(begun)),
    )


def leave_out_variants(tx: Tx, edition_id: int, variants: Sequence[int]) -> None:
    """Takes out who still waits for a variant in which nothing is left."""
    theirs = and_(still_waiting(edition_id), delivery.c.variant.in_(list(variants)))
    values = {"state": DeliveryState.LEFT_OUT, "left_out": LeftOut.NOTHING_NEW, "batch": None}
    tx.execute(update(delivery).where(theirs).values(values))


def leave_out_the_gone(tx: Tx, batch_id: int) -> int:
    """Takes out of a claimed batch who left, was suppressed or erased since the freeze; gives how many stay."""
    gone = gone_readers(batch_id)
    for reason, condition in gone.items():
        theirs = and_(delivery.c.batch == batch_id, delivery.c.state == DeliveryState.PENDING, condition)
        tx.execute(update(delivery).where(theirs).values(state=DeliveryState.LEFT_OUT, left_out=reason, batch=None))
    query = select(func.count()).select_from(delivery).where(delivery.c.batch == batch_id)
    left = int(tx.execute(query).scalar_one())
    tx.execute(update(batch).where(batch.c.id == batch_id).values(recipients=left))
    return left


def has_gone_readers(tx: Tx, batch_id: int) -> bool:
    """Whether anybody in the batch must not be written to any more: part of the last look."""
    anybody = or_(*gone_readers(batch_id).values())
    query = select(delivery.c.subscriber).where(delivery.c.batch == batch_id, anybody).limit(1)
    return tx.execute(query).first() is not None


def gone_readers(batch_id: int) -> dict[LeftOut, ColumnElement[bool]]:
    """For each reason, the deliveries of a batch that it takes out."""
    newsletter = select(edition.c.newsletter).join(batch, batch.c.edition == edition.c.id).where(batch.c.id == batch_id)
    suppressed = select(address.c.subscriber).join(suppression, suppression.c.key == address.c.suppression_key)
    subscribed = select(subscription.c.subscriber).where(
        subscription.c.newsletter == newsletter.scalar_subquery(), subscription.c.state == SubscriptionState.SUBSCRIBED
    )
    here = select(delivery.c.subscriber).where(delivery.c.batch == batch_id)
    suppressed = suppressed.where(address.c.subscriber.in_(here))
    subscribed = subscribed.where(subscription.c.subscriber.in_(here))
    reachable = select(address.c.subscriber).where(address.c.subscriber.in_(here))
    return {
        LeftOut.SUPPRESSED: delivery.c.subscriber.in_(suppressed),
        LeftOut.UNSUBSCRIBED: or_(delivery.c.subscriber.not_in(subscribed), delivery.c.subscriber.not_in(reachable)),
    }


def list_readers(tx: Tx, batch_id: int) -> list[tuple[Reader, int]]:
    """The readers of a batch with the variant of each, by id; the address is read now, not at the freeze."""
    query = (
        select(delivery.c.subscriber, delivery.c.variant, subscriber.c.public_id, address.c.email, subscription.c.since)
        .join(edition, edition.c.id == delivery.c.edition)
        .join(subscriber, subscriber.c.id == delivery.c.subscriber)
        .join(address, address.c.subscriber == delivery.c.subscriber)
        .join(
            subscription,
            and_(subscription.c.newsletter == edition.c.newsletter, subscription.c.subscriber == delivery.c.subscriber),
        )
        .where(delivery.c.batch == batch_id)
        .order_by(delivery.c.subscriber)
    )
    return [
        (Reader(id=number, public_id=public_id, address=email, since=since), variant)
        for number, variant, public_id, email, since in tx.execute(query)
    ]


def count_deliveries(tx: Tx, edition_id: int) -> dict[str, int]:
    """How many deliveries are in each state."""
    query = select(delivery.c.state, func.count()).where(delivery.c.edition == edition_id).group_by(delivery.c.state)
    return {row[0]: row[1] for row in tx.execute(query)}


def count_left_out(tx: Tx, edition_id: int) -> dict[str, int]:
    """How many were left out for each reason."""
    query = select(delivery.c.left_out, func.count()).where(
        delivery.c.edition == edition_id, delivery.c.left_out.is_not(None)
    )
    return {row[0]: row[1] for row in tx.execute(query.group_by(delivery.c.left_out))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A reader whom the provider refused."""

    address: str  #: as it is now
    words: str  #: the provider's own


def list_rejected(tx: Tx, edition_id: int, *, limit: int = 100) -> list[Rejection]:
    """The readers of an edition whom the provider refused, by address; one who was erased since has none."""
    query = (
        select(address.c.email, func.coalesce(delivery.c.words, batch.c.words, "").label("words"))
        .select_from(delivery)
        .join(address, address.c.subscriber == delivery.c.subscriber)
        .outerjoin(batch, batch.c.id == delivery.c.batch)
        .where(delivery.c.edition == edition_id, delivery.c.state == DeliveryState.REJECTED)
        .order_by(address.c.email)
        .limit(limit)
    )
    return [Rejection(address=row.email, words=row.words) for row in tx.execute(query)]


def find_variant(tx: Tx, edition_id: int, subscriber_id: int) -> int | None:
    """The variant that a reader was put down for at the freeze; None for one who is left out or not in the ledger."""
    mine = and_(delivery.c.edition == edition_id, delivery.c.subscriber == subscriber_id)
    return tx.execute(select(delivery.c.variant).where(mine)).scalar_one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the ledger says of one reader and one edition."""

    edition: int
    newsletter_slot: datetime
    state: DeliveryState
    left_out: LeftOut | None
    batch: int | None
    batch_state: BatchState | None
    words: str | None


def list_stories(tx: Tx, subscriber_id: int, *, edition_id: int | None = None) -> list[Story]:
    """What became of one reader's copies, newest edition first."""
    query = (
        select(delivery, edition.c.slot, batch.c.state.label("batch_state"), batch.c.words.label("batch_words"))
        .join(edition, edition.c.id == delivery.c.edition)
        .outerjoin(batch, batch.c.id == delivery.c.batch)
        .where(delivery.c.subscriber == subscriber_id)
        .order_by(edition.c.slot.desc())
        .limit(100)
    )
    if edition_id is not None:
        query = query.where(delivery.c.edition == edition_id)
    return [
        Story(
            edition=row.edition,
            newsletter_slot=row.slot,
            state=DeliveryState(row.state),
            left_out=LeftOut(row.left_out) if row.left_out else None,
            batch=row.batch,
            batch_state=BatchState(row.batch_state) if row.batch_state else None,
            words=row.words or row.batch_words,
        )
        for row in tx.execute(query)
    ]
