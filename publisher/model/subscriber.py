"""Subscribers and their subscriptions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubscriptionState(StrEnum):
    """Whether a subscription may be written to."""

    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    PAUSED = "paused"


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLine:
    """One checked line of a reader file."""

    email: str  #: as typed, trimmed, domain in IDNA
    name: str = ""
    language: str | None = None
    sections: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    frequency: str = ""
    subscribed_at: datetime | None = None
    consent: str = ""
    state: SubscriptionState = SubscriptionState.PENDING
    suppressed: SuppressionReason | None = None  #: the line says the address bounced or complained


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber as one newsletter's delivery needs her."""

    id: int
    public_id: bytes  #: 16 random bytes, in tokens
    address: str
    since: datetime  #: of this subscription
