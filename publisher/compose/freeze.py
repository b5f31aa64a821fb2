"""Freezing: the content is closed, the audience written down, the batches cut.

From here sending is a pure function of the store.

    composed | review | held ─► freezing (nobody acts on it; whoever comes next resumes it) ─► frozen | skipped
"""

import time
from dataclasses import dataclass
from datetime import datetime

from publisher.compose.choose import marks_at_freezing
from publisher.model.delivery import DeliveryState, Packing
from publisher.model.edition import OPEN_TO_EDIT, Edition, EditionState, SlotOutcome
from publisher.model.errors import WrongStateError
from publisher.settings import Settings
from publisher.store import editions, items, ledger, slots
from publisher.store.engine import Store

#: Between chunks, so that other writers get their turn.
PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """How the provider wants its batches."""

    size: int
    packing: Packing


def freeze_edition(store: Store, settings: Settings, number: int, cutting: Cutting, *, now: datetime) -> Edition:
    """Closes an edition and writes its ledger; safe to repeat, and resumed where a crash left it.

    Raises `WrongStateError` for an edition that is past freezing or was never composed.
    """
    with store.only_freezer():
        close_content(store, number, now=now)
        write_audience(store, audience_of(store, settings, number), cutting)
        return open_for_sending(store, number, now=now)


def close_content(store: Store, number: int, *, now: datetime) -> None:
    """Marks the edition `freezing`, its items used, and those that never compete again expired."""
    with store.begin() as tx:
        edition = editions.get_edition(tx, number)
        if edition.state is EditionState.FREEZING:
            return
        newsletter = editions.newsletter_of(tx, number)
        if edition.cut is None or not editions.move_edition(
            tx, number, to=EditionState.FREEZING, among=sorted(OPEN_TO_EDIT), reason=None
        ):
            raise WrongStateError(f"Edition {number}", edition.state, sorted(OPEN_TO_EDIT))
        editions.freeze_cut(tx, edition.cut, now=now)
        items.mark_items(tx, newsletter, marks_at_freezing(editions.list_left_out(tx, number)), now=now)
        items.use_items(tx, newsletter, number, now=now)


def audience_of(store: Store, settings: Settings, number: int) -> ledger.Audience:
    """How this edition sorts its readers."""
    with store.read() as tx:
        edition = editions.get_edition(tx, number)
        newsletter = editions.newsletter_of(tx, number)
        variants = editions.list_variants(tx, edition.cut or 0)
    languages = settings.newsroom.languages
    carried = settings.newsletters[edition.newsletter].select.languages or languages
    return ledger.Audience(
        edition=number,
        newsletter=newsletter,
        variants=variants,
        default=languages[0],
        languages=languages,
        not_for=[language for language in languages if language not in carried],
    )


def write_audience(store: Store, audience: ledger.Audience, cutting: Cutting) -> None:
    """Writes the ledger and cuts the batches, a chunk a transaction."""
    after: int | None = 0
    while after is not None:
        with store.begin() as tx:
            after = ledger.write_ledger(tx, audience, after=after)
        time.sleep(PAUSE_SECONDS)
    limit = max(1, ledger.CHUNK // cutting.size)
    made = limit
    while made:
        with store.begin() as tx:
            made = ledger.cut_batches(tx, audience.edition, size=cutting.size, packing=cutting.packing, limit=limit)


def open_for_sending(store: Store, number: int, *, now: datetime) -> Edition:
    """Ends the freezing: `frozen`, or `skipped` when there is nobody to send to; its items are then new again."""
    with store.begin() as tx:
        if ledger.count_deliveries(tx, number).get(DeliveryState.PENDING):
            editions.move_edition(
                tx, number, to=EditionState.FROZEN, among=[EditionState.FREEZING], frozen_at=now, approved_at=now
            )
        elif editions.move_edition(
            tx, number, to=EditionState.SKIPPED, among=[EditionState.FREEZING], reason="nobody to send it to"
        ):
            items.release_items(tx, editions.newsletter_of(tx, number), number, now=now)
            slots.close_slot(tx, number, SlotOutcome.SKIPPED, "nobody to send it to")
        return editions.get_edition(tx, number)
