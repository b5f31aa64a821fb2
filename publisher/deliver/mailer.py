"""What sending needs at hand, and the rendering of one batch: everything from the store, nothing decided here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from publisher.deliver.provider import Provider
from publisher.model.clock import Clock
from publisher.model.delivery import Batch, Envelope, Limits, Packing, Recipient, RenderedBatch, attempt_id
from publisher.model.edition import Edition, Hole, Letter
from publisher.model.subscriber import Reader
from publisher.store import batches, editions, ledger
from publisher.store.editions import Cut
from publisher.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class HoleFacts:
    """What the personal values of an edition are made from, besides the reader."""

    edition: int
    newsletter: int
    issued: datetime  #: the freeze: a retry makes the same tokens


#: Given what an edition's values share, gives what fills a reader's holes in a language: always the same values.
Holes = Callable[[HoleFacts], Callable[[Reader, str], Mapping[Hole, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Sending, assembled."""

    store: Store
    store_id: str
    provider: Provider
    clock: Clock  #: the store's: leases and marks are written in it
    holes: Holes
    mailbox: str  #: ours: control messages go there


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What all batches of one cut share; loaded once."""

    edition: Edition
    cut: Cut
    facts: HoleFacts
    letters: Mapping[int, Letter] = field(repr=False)

    @property
    def envelope(self) -> Envelope:
        """What every message carries."""
        return Envelope(
            sender=self.cut.sender,
            headers=self.cut.headers,
            date=self.facts.issued,
            tag=self.edition.tag,
            mark=self.cut.mark,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A batch that is ours for a minute, with its readers."""

    batch: Batch
    readers: Sequence[tuple[Reader, int]]  #: with the variant of each


def load_content(store: Store, edition_id: int, cut_id: int) -> Content:
    """Reads one cut of an edition."""
    with store.read() as tx:
        edition = editions.get_edition(tx, edition_id)
        cut = editions.get_cut(tx, cut_id)
        newsletter = editions.newsletter_of(tx, edition_id)
        letters = {number: editions.load_letter(tx, number) for number in editions.list_variants(tx, cut_id).values()}
    facts = HoleFacts(edition=edition_id, newsletter=newsletter, issued=cut.frozen_at or cut.at)
    return Content(edition=edition, cut=cut, facts=facts, letters=letters)


def claim_next(mailer: Mailer, edition_id: int) -> Claim | None:
    """Takes the next batch, less those who have left since; None when there is none to take now.

    One that is not as this provider takes them, made for another, is packed anew first: nothing of it was begun.
    """
    while True:
        now = mailer.clock.now()
        with mailer.store.read() as tx:  # idle workers ask often, and must not keep others from writing
            if not batches.has_ready(tx, edition_id, now=now):
                return None
        with mailer.store.begin() as tx:
            batch = batches.claim_batch(tx, edition_id, now=now)
            if batch is None:
                return None
            if not ledger.leave_out_the_gone(tx, batch.id):
                batches.drop_empty(tx, batch)
                continue
            readers = ledger.list_readers(tx, batch.id)
            packed = pack(readers, mailer.provider.limits)
            if len(packed) == 1:
                return Claim(batch=batch, readers=readers)
            batches.split_batch(tx, batch, packed, words="packed anew for another provider", refused={})


def pack(readers: Sequence[tuple[Reader, int]], limits: Limits) -> list[list[int]]:
    """Readers in as many groups as their batch has to be for this provider: by its limit, and by variant if it must."""
    groups: dict[object, list[list[int]]] = {}
    for reader, variant in readers:
        alike = groups.setdefault(variant if limits.packing is Packing.SHARED else None, [[]])
        if len(alike[-1]) == limits.recipients:
            alike.append([])
        alike[-1].append(reader.id)
    return [group for alike in groups.values() for group in alike]


def render_batch(mailer: Mailer, content: Content, claim: Claim) -> RenderedBatch:
    """Everything for one request."""
    batch, fill = claim.batch, mailer.holes(content.facts)
    recipients = tuple(
        Recipient(
            subscriber=reader.id,
            address=reader.address,
            variant=variant,
            holes=fill(reader, content.letters[variant].language),
        )
        for reader, variant in claim.readers
    )
    used = {variant for _, variant in claim.readers}
    return RenderedBatch(
        batch=batch.id,
        attempt=batch.attempt,
        attempt_id=attempt_id(store=mailer.store_id, batch=batch.id, attempt=batch.attempt),
        envelope=content.envelope,
        letters={number: letter for number, letter in content.letters.items() if number in used},
        recipients=recipients,
    )
