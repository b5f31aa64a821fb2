"""Subscribers, their addresses and subscriptions, and the addresses that must not be written to.

"Out" always wins: nothing here brings back one who left or is suppressed, but a confirmation by the reader herself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, insert, select, update

from publisher.model.errors import NotFoundError
from publisher.model.subscriber import ReaderLine, SubscriptionState, SuppressionReason
from publisher.store.engine import Tx
from publisher.store.schema import address, newsletter, subscriber, subscription, suppression
from publisher.store.upsert import insert_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReader:
    """A checked line with what only the audience can make: a random id and the keyed hash of the address."""

    line: ReaderLine
    public_id: bytes
    suppression_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """One subscription as a person looks at it."""

    subscriber: int
    public_id: bytes
    email: str
    name: str
    language: str | None
    newsletter: str
    state: SubscriptionState
    since: datetime
    consent: str
    choices: dict[str, Any]
    suppressed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did with a page of lines."""

    added: int
    kept: int  #: were subscribed already, or are out and stay out
    left: int  #: were told to be out


def store_readers(tx: Tx, newsletter_id: int, readers: Sequence[NewReader], *, now: datetime) -> Imported:
    """Stores a page of readers with their subscriptions; safe to repeat. A line that says "out" takes out."""
    lines = {one.line.email.lower(): one for one in readers}
    ids = ids_by_address(tx, list(lines))
    new = [one for key, one in lines.items() if key not in ids]
    ids |= insert_subscribers(tx, new, now=now)
    there = select(subscription.c.subscriber).where(
        subscription.c.newsletter == newsletter_id, subscription.c.subscriber.in_(list(ids.values()))
    )
    known = set(tx.execute(there).scalars())
    fresh = [
        subscription_values(newsletter_id, ids[k], r.line, now=now) for k, r in lines.items() if ids[k] not in known
    ]
    if fresh:
        tx.execute(insert(subscription), fresh)
    confirm_pending(tx, newsletter_id, [one for key, one in lines.items() if ids[key] in known], ids, now=now)
    out = [ids[key] for key, one in lines.items() if one.line.state is SubscriptionState.UNSUBSCRIBED]
    left = take_out(tx, newsletter_id, out, now=now)
    suppressed = [one for one in lines.values() if one.line.suppressed]
    insert_missing(
        tx, suppression, [{"key": one.suppression_key, "reason": one.line.suppressed, "at": now} for one in suppressed]
    )
    return Imported(added=len(fresh), kept=len(lines) - len(fresh) - left, left=left)


def confirm_pending(
    tx: Tx, newsletter_id: int, readers: Sequence[NewReader], ids: dict[str, int], *, now: datetime
) -> None:
    """Subscribes readers who were waiting for a confirmation that a line now vouches for; never one who is out."""
    for one in readers:
        if one.line.state is SubscriptionState.SUBSCRIBED:
            waiting = and_(
                subscription.c.newsletter == newsletter_id,
                subscription.c.subscriber == ids[one.line.email.lower()],
                subscription.c.state == SubscriptionState.PENDING,
            )
            values = {"state": SubscriptionState.SUBSCRIBED, "changed_at": now, "consent": one.line.consent}
            tx.execute(update(subscription).where(waiting).values(values))


def ids_by_address(tx: Tx, addresses: Sequence[str]) -> dict[str, int]:
    """The ids of known lower-case addresses."""
    query = select(address.c.email_lower, address.c.subscriber).where(address.c.email_lower.in_(addresses))
    return {row.email_lower: row.subscriber for row in tx.execute(query)}


def insert_subscribers(tx: Tx, readers: Sequence[NewReader], *, now: datetime) -> dict[str, int]:
    """Stores new subscribers with their addresses; gives their ids by lower-case address."""
    if not readers:
        return {}
    people = [
        {"public_id": one.public_id, "name": one.line.name, "language": one.line.language, "made_at": now}
        for one in readers
    ]
    statement = insert(subscriber).returning(subscriber.c.id, sort_by_parameter_order=True)
    numbers = list(tx.execute(statement, people).scalars())
    rows = [
        {
            "subscriber": number,
            "email": one.line.email,
            "email_lower": one.line.email.lower(),
            "suppression_key": one.suppression_key,
        }
        for number, one in zip(numbers, readers, strict=True)
    ]
    tx.execute(insert(address), rows)
    return {one.line.email.lower(): number for number, one in zip(numbers, readers, strict=True)}


def subscription_values(newsletter_id: int, number: int, line: ReaderLine, *, now: datetime) -> dict[str, Any]:
    """A new subscription's row."""
    return {
        "newsletter": newsletter_id,
        "subscriber": number,
        "state": line.state,
        "since": line.subscribed_at or now,
        "changed_at": now,
        "consent": line.consent,
        "choices": {
            "sections": list(line.sections),
            "countries": list(line.countries),
            "topics": list(line.topics),
            "frequency": line.frequency,
        },
    }


def take_out(tx: Tx, newsletter_id: int, numbers: Sequence[int], *, now: datetime) -> int:
    """Ends subscriptions at once; gives how many were not ended before. Repeating changes nothing."""
    if not numbers:
        return 0
    ended = (
        update(subscription)
        .where(
            subscription.c.newsletter == newsletter_id,
            subscription.c.subscriber.in_(numbers),
            subscription.c.state != SubscriptionState.UNSUBSCRIBED,
        )
        .values(state=SubscriptionState.UNSUBSCRIBED, changed_at=now)
    )
    return int(tx.execute(ended).rowcount)


def unsubscribe(tx: Tx, newsletter_id: int, public_id: bytes, *, now: datetime) -> bool:
    """Ends one subscription by the reader's public id; False for one who is unknown, erased or was out already."""
    number = tx.execute(select(subscriber.c.id).where(subscriber.c.public_id == public_id)).scalar_one_or_none()
    return number is not None and take_out(tx, newsletter_id, [number], now=now) > 0


def find_language(tx: Tx, public_id: bytes) -> str | None:
    """The language that a reader chose; None for one who chose none, is unknown or erased."""
    return tx.execute(select(subscriber.c.language).where(subscriber.c.public_id == public_id)).scalar_one_or_none()


def find_subscriptions(tx: Tx, email: str) -> list[Subscribed]:
    """All subscriptions of an address; raises `NotFoundError` for an unknown one."""
    found = [
        subscribed(row) for row in tx.execute(subscribed_query().where(address.c.email_lower == email.strip().lower()))
    ]
    if not found:
        raise NotFoundError("subscriber", email)
    return found


def list_subscriptions(tx: Tx, newsletter_id: int, *, after: int = 0, limit: int = 1000) -> list[Subscribed]:
    """A page of one newsletter's subscriptions by subscriber."""
    query = subscribed_query().where(subscription.c.newsletter == newsletter_id, subscription.c.subscriber > after)
    return [subscribed(row) for row in tx.execute(query.order_by(subscription.c.subscriber).limit(limit))]


def subscribed_query() -> Select[Any]:
    """Subscriptions with the reader, her address and its suppression."""
    return (
        select(
            subscription,
            subscriber.c.public_id,
            subscriber.c.name,
            subscriber.c.language,
            address.c.email,
            newsletter.c.name.label("newsletter_name"),
            suppression.c.reason.label("suppressed"),
        )
        .join(subscriber, subscriber.c.id == subscription.c.subscriber)
        .join(address, address.c.subscriber == subscription.c.subscriber)
        .join(newsletter, newsletter.c.id == subscription.c.newsletter)
        .outerjoin(suppression, suppression.c.key == address.c.suppression_key)
    )


def subscribed(row: Any) -> Subscribed:  # noqa: ANN401 - a row of `subscribed_query`
    """A row as `Subscribed`."""
    return Subscribed(
        subscriber=row.subscriber,
        public_id=row.public_id,
        email=row.email,
        name=row.name,
        language=row.language,
        newsletter=row.newsletter_name,
        state=SubscriptionState(row.state),
        since=row.since,
        consent=row.consent,
        choices=row.choices,
        suppressed=row.suppressed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """An address that must not be written to."""

    key: str
    reason: SuppressionReason
    at: datetime
    email: str | None  #: where a subscriber with this address is stored


def find_suppression(tx: Tx, key: str) -> Suppressed | None:
    """Whether, why and since when an address must not be written to."""
    row = tx.execute(suppressed_query().where(suppression.c.key == key)).one_or_none()
    return suppressed_of(row) if row else None


def list_suppressions(tx: Tx, *, after: str = "", limit: int = 1000) -> list[Suppressed]:
    """A page of the suppression list by key."""
    query = suppressed_query().where(suppression.c.key > after).order_by(suppression.c.key).limit(limit)
    return [suppressed_of(row) for row in tx.execute(query)]


def suppressed_query() -> Select[Any]:
    """The suppression list with the addresses that are still stored."""
    joined = suppression.outerjoin(address, address.c.suppression_key == suppression.c.key)
    return select(suppression, address.c.email).select_from(joined)


def suppressed_of(row: Any) -> Suppressed:  # noqa: ANN401 - a row of `suppressed_query`
    """A row as `Suppressed`."""
    return Suppressed(key=row.key, reason=SuppressionReason(row.reason), at=row.at, email=row.email)


def suppress(tx: Tx, key: str, reason: SuppressionReason, *, now: datetime) -> None:
    """Adds an address's keyed hash to those that must not be written to; the first reason stays."""
    insert_missing(tx, suppression, [{"key": key, "reason": reason, "at": now}])


def erase(tx: Tx, number: int, *, now: datetime) -> None:
    """Deletes a reader's address, name and language, ends her subscriptions, and suppresses the address by its hash."""
    key = tx.execute(select(address.c.suppression_key).where(address.c.subscriber == number)).scalar_one_or_none()
    if key is not None:
        suppress(tx, key, SuppressionReason.ERASED, now=now)
    tx.execute(delete(address).where(address.c.subscriber == number))
    tx.execute(update(subscriber).where(subscriber.c.id == number).values(name="", language=None))
    gone = and_(subscription.c.subscriber == number, subscription.c.state != SubscriptionState.UNSUBSCRIBED)
    tx.execute(
        update(subscription).where(gone).values(state=SubscriptionState.UNSUBSCRIBED, changed_at=now, consent="")
    )
