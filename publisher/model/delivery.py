"""Handing over: batches, what a provider is given, and what it can answer.

ready ─► claimed ─► writing ─► accepted
  ▲         │          ├─────► rejected   (a batch of one)
  └─────────┴──────────┤─────► unknown ─► accepted | ready (proven not sent)
                       └─────► split      (its deliveries moved to new batches)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from publisher.model.edition import Hole, Letter


class BatchState(StrEnum):
    """Where a batch is."""

    READY = "ready"
    CLAIMED = "claimed"
    WRITING = "writing"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    SPLIT = "split"


class DeliveryState(StrEnum):
    """How one reader's copy went; what the provider reports later is kept apart."""

    PENDING = "pending"
    LEFT_OUT = "left_out"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class LeftOut(StrEnum):
    """Why a reader of the audience gets nothing."""

    SUPPRESSED = "suppressed"
    UNSUBSCRIBED = "unsubscribed"
    PENDING = "pending"
    PAUSED = "paused"
    ALREADY_SERVED = "already_served"
    NOTHING_NEW = "nothing_new"
    LANGUAGE = "language"


class Packing(StrEnum):
    """What one request of a provider can hold."""

    SHARED = "shared"  #: one body for all its readers, with holes: a batch holds one variant
    WHOLE = "whole"  #: whole messages, of any variants


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a provider can take, and how it can be asked."""

    recipients: int  #: readers in one request
    packing: Packing
    deadline: timedelta  #: of a whole exchange, from `begin` to the answer
    concurrency: int  #: requests at once
    can_settle: bool  #: its log can clear an attempt whose answer was lost
    settle_after: timedelta  #: how long its log may lag; absence means nothing before


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One reader of a batch."""

    subscriber: int
    address: str  #: bare, no display name
    variant: int
    holes: Mapping[Hole, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every message of an edition carries; header values may hold hole tokens."""

    sender: str  #: `Example Observatory <digest@mail.example.org>`
    headers: tuple[tuple[str, str], ...]  #: in order; without From, To, Subject, Date, Message-ID and MIME fields
    date: datetime  #: the freeze
    tag: str
    mark: str  #: of the cut's hole tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedBatch:
    """Everything for one request. `attempt_id` is in every message of it (`{store id}b{batch}a{attempt}`)."""

    batch: int
    attempt: int
    attempt_id: str
    envelope: Envelope
    letters: Mapping[int, Letter]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt whose answer is not known, as it is asked for."""

    batch: int
    number: int
    attempt_id: str
    tag: str
    account: str
    wrote_at: datetime
    over_at: datetime  #: the exchange had certainly ended: what proves absence must have been accepted later
    addresses: tuple[str, ...]
    control_tag: str  #: the tag of control messages, looked for by the same query


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took it."""

    provider_id: str = ""


class Blame(StrEnum):
    """What a refusal is about."""

    ACCOUNT = "account"  #: key, plan, domain: the edition halts, nothing is burnt
    REQUEST = "request"  #: something in this request, not known what
    ADDRESS = "address"  #: this reader's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider clearly did not take it."""

    blame: Blame
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Clearly not taken, and may be tried again after `wait`; nothing was written, or it was refused for a while."""

    words: str
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """The request may have been read and no answer came."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBegun:
    """`begin` said no: the batch is not ours any more, or must not go; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Proven by the provider's own log: it never came in."""

    words: str


Outcome = Accepted | Refused | NotNow | Unclear | NotBegun
Outcomes = Mapping[int, Outcome]  #: by subscriber
Settled = Accepted | NotSent | Unclear


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One row of the batches."""

    id: int
    edition: int
    cut: int
    state: BatchState
    recipients: int
    attempt: int  #: 0 before the first claim
    lease_until: datetime | None = None
    wrote_at: datetime | None = None
    words: str | None = None  #: the provider's last answer


def attempt_id(*, store: str, batch: int, attempt: int) -> str:
    """The attempt's mark at the provider: letters and digits only."""
    return f"{store}b{batch}a{attempt}"
