"""Editions: what goes out for one newsletter and slot, from composing to its last cut."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class EditionState(StrEnum):
    """Where an edition is. Nobody acts on `freezing`: it is resumed, by whoever comes next."""

    COMPOSED = "composed"
    REVIEW = "review"
    FREEZING = "freezing"
    FROZEN = "frozen"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    HALTED = "halted"
    CANCELLED = "cancelled"
    LATE = "late"


#: States in which an edition still wants something; at most one such edition per newsletter.
OPEN_STATES = frozenset(
    {
        EditionState.COMPOSED,
        EditionState.REVIEW,
        EditionState.FREEZING,
        EditionState.FROZEN,
        EditionState.SENDING,
        EditionState.HELD,
        EditionState.HALTED,
    }
)
#: States of a content that may still be changed.
OPEN_TO_EDIT = frozenset({EditionState.COMPOSED, EditionState.REVIEW, EditionState.HELD})


class SlotOutcome(StrEnum):
    """How a slot ended; None in the book while it is open."""

    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    HALTED = "halted"
    CANCELLED = "cancelled"
    LATE = "late"
    MISSED = "missed"
    FAILED = "failed"


class ItemState(StrEnum):
    """What a newsletter has done with an article."""

    NEW = "new"
    HELD = "held"
    USED = "used"
    EXCLUDED = "excluded"
    EXPIRED = "expired"


class Form(StrEnum):
    """What a fragment is."""

    OPEN = "open"  #: from the doctype to the head of the digest
    NOTE = "note"
    HEADING = "heading"  #: the heading of a block
    ITEM = "item"
    APPEAL = "appeal"
    CLOSE = "close"  #: the foot, to the last tag


class Hole(StrEnum):
    """What is personal in a frozen message; filled last, by the provider's adapter."""

    UNSUBSCRIBE = "unsubscribe"  #: https address of the one-click page
    PREFERENCES = "preferences"
    SINCE = "since"  #: day of the subscription, in words
    MESSAGE_ID = "messageid"  #: without angle brackets


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionItem:
    """An article's place in an edition."""

    article: int
    revision: int
    work_id: int
    title: str
    language: str
    block: str  #: `stories` or `updates`
    position: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutItem:
    """An article that was looked at and is not in the edition, and why."""

    article: int
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What a person changed by hand, as article numbers."""

    pinned: tuple[int, ...] = ()  #: first, in this order
    dropped: tuple[int, ...] = ()
    order: tuple[int, ...] = ()  #: after the pinned; what is not named follows in the usual order


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One row of the editions, without its items."""

    id: int
    newsletter: str
    slot: datetime  #: UTC: when it is due to be sent
    tag: str  #: `weekly20260306t1200z`; the mark at the provider, the same after a rebuild
    state: EditionState
    reason: str | None
    subject: str
    preheader: str
    note: str  #: editor's note, plain paragraphs
    arrangement: Arrangement
    archive: str  #: its folder under `public/`: `editions/weekly/2026-03-06`
    composed_at: datetime
    goes_at: datetime | None  #: from when it is sent without a person's word; None: never by itself
    send_by: datetime
    approved_at: datetime | None = None
    frozen_at: datetime | None = None
    cut: int | None = None  #: the cut that counts now
    is_custom: bool = False  #: a person wrote the subject or the preheader


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One piece rendered once; `html` and `text` hold tokens for what is personal (`hole_token`)."""

    form: Form
    language: str
    block: str = ""
    article: int | None = None
    revision: int | None = None
    html: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A variant as its readers get it, before what is personal is put in."""

    variant: int  #: id in the store; 0 for one that is not stored (a preview)
    language: str
    subject: str
    preheader: str
    html: str
    text: str


def edition_tag(newsletter: str, slot: datetime) -> str:
    """The edition's mark at the provider: letters and digits only, the same for ever.

    >>> edition_tag("weekly", datetime(2026, 3, 6, 12, tzinfo=UTC))
    'weekly20260306t1200z'
    """
    name = "".join(c for c in newsletter.lower() if c.isascii() and c.isalnum())
    moment = slot.astimezone(UTC)
    seconds = f"{moment:%S}" if moment.second else ""
    return f"{name}{moment:%Y%m%dt%H%M}{seconds}z"


def hole_token(hole: Hole, mark: str) -> str:
    """The token that stands for a personal value; `mark` is random per cut, so that no text can hold one."""
    return f"__{hole}_{mark}__"
