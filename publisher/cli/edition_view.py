"""One edition as a person looks at it: content, audience, how its copies went; and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from publisher.assembly import Publisher
from publisher.cli.printing import count_words, moment_words, say, show_pairs, show_table
from publisher.compose.freeze import audience_of
from publisher.model.delivery import Batch
from publisher.model.edition import (
    OPEN_TO_EDIT,
    Edition,
    EditionItem,
    EditionState,
    LeftOutItem,
    SlotOutcome,
)
from publisher.store import batches, editions, ledger, slots
from publisher.store.engine import Tx
from publisher.store.ledger import Rejection

SHOWN = 10  # articles that were left out; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """Everything that `publisher edition` shows."""

    edition: Edition
    outcome: SlotOutcome | None
    items: Sequence[EditionItem]
    left_out: Sequence[LeftOutItem]
    eligible: int  #: who gets it; before the freeze, who would get it now
    readers_left_out: Mapping[str, int]
    deliveries: Mapping[str, int]
    batches: Sequence[Batch]
    rejected: Sequence[Rejection] = ()  #: the first 100


def load_view(publisher: Publisher, number: int) -> EditionView:
    """Reads an edition with all that hangs on it."""
    with publisher.store.read() as tx:
        edition = editions.get_edition(tx, number)
        slot = slots.find_slot(tx, number)
        deliveries = ledger.count_deliveries(tx, number)
        eligible, left_out = count_readers(tx, publisher, edition, deliveries)
        return EditionView(
            edition=edition,
            outcome=slot.outcome if slot else None,
            items=editions.list_items(tx, number),
            left_out=editions.list_left_out(tx, number),
            eligible=eligible,
            readers_left_out=left_out,
            deliveries=deliveries,
            batches=batches.list_batches(tx, number),
            rejected=ledger.list_rejected(tx, number),
        )


def count_readers(
    tx: Tx, publisher: Publisher, edition: Edition, deliveries: Mapping[str, int]
) -> tuple[int, Mapping[str, int]]:
    """From the ledger where there is one; else as a freeze would sort the readers now."""
    if deliveries:
        left_out = ledger.count_left_out(tx, edition.id)
        return sum(deliveries.values()) - sum(left_out.values()), left_out
    if edition.state not in OPEN_TO_EDIT or edition.newsletter not in publisher.settings.newsletters:
        return 0, {}
    return ledger.count_audience(tx, audience_of(publisher.store, publisher.settings, edition.id))


def show_edition(publisher: Publisher, view: EditionView) -> None:
    """Prints an edition, and what to do next."""
    edition = view.edition
    is_configured = edition.newsletter in publisher.settings.newsletters
    zone = (
        publisher.settings.zone(edition.newsletter) if is_configured else ZoneInfo(publisher.settings.newsroom.timezone)
    )
    because = f", {edition.reason}" if edition.reason else ""
    say(f"Edition {edition.id} of {edition.newsletter}: {edition.state}{because}")
    show_pairs(
        (
            ("Slot", moment_words(edition.slot, zone)),
            ("Subject", edition.subject),
            ("Preheader", edition.preheader),
            ("Readers", readers_words(view)),
            ("Copies", counts_words(view.deliveries)),
            ("Batches", batches_words(view.batches)),
        )
    )
    if view.items:
        items = sorted(view.items, key=lambda item: item.language)  # as each reader gets them, in order
        rows = [(one.article, one.language, one.block, one.title) for one in items]
        show_table(("Article", "Lang.", "Block", "Title"), rows, wide="Title")
    for line in rejected_words(view.rejected, view.deliveries.get("rejected", 0)):
        say(line)
    show_left_out(view.left_out)
    goes = f"goes by itself {moment_words(edition.goes_at, zone)}" if edition.goes_at else ""
    say(next_step(edition, goes))


def show_left_out(left_out: Sequence[LeftOutItem]) -> None:
    """Prints what was looked at and is not in it, by reason; the first titles only, so that the next step is seen."""
    reasons: dict[str, list[LeftOutItem]] = {}
    for one in left_out:
        reasons.setdefault(one.why, []).append(one)
    shown = 0
    for why, some in reasons.items():
        say(f"Left out, {why}: {count_words(len(some), 'article')}.")
        for one in some[: SHOWN - shown]:
            say(f"  {one.article:<5} {one.title}")
            shown += 1
    if len(left_out) > shown:
        say(f"  ... and {len(left_out) - shown:,} more; `--json` shows all.")


def rejected_words(rejected: Sequence[Rejection], count: int) -> list[str]:
    """Whom the provider refused, each with its words; empty where nobody was."""
    if not count:
        return []
    lines = [f"The provider rejected {count_words(count, 'reader')}:"]
    lines += [f"  {one.address}: {one.words or 'it gave no reason'}" for one in rejected]
    if count > len(rejected):
        lines.append(f"  ... and {count - len(rejected):,} more.")
    return lines


def counts_words(counts: Mapping[str, int]) -> str:
    """`12 accepted, 2 left out`."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(counts.items()))


def readers_words(view: EditionView) -> str:
    """Who gets it, and how many not for which reason."""
    if not view.deliveries and view.edition.state not in OPEN_TO_EDIT:
        return ""  # nobody was asked for: it ended before
    gets = "get it" if view.deliveries else "would get it now"
    if view.edition.state is EditionState.CANCELLED:
        gets = "were to get it"
    reasons = counts_words(view.readers_left_out)
    return f"{view.eligible:,} {gets}" + (f"; left out: {reasons}" if reasons else "")


def batches_words(found: Sequence[Batch]) -> str:
    """How many batches are in which state; those in doubt by number."""
    states: dict[str, list[int]] = {}
    for one in found:
        states.setdefault(one.state, []).append(one.id)
    return ", ".join(
        f"{len(ids):,} {state}" + (f" ({', '.join(map(str, ids))})" if state == "unknown" else "")
        for state, ids in sorted(states.items())
    )


def next_step(edition: Edition, goes: str) -> str:
    """What a person can do with an edition in its state."""
    number = edition.id
    match edition.state:
        case EditionState.COMPOSED | EditionState.REVIEW:
            by_itself = f"It {goes}, if `publisher run` is running. " if goes else "It does not go by itself. "
            return (
                f"{by_itself}Look at it with `publisher preview {number} --out DIR`; then `publisher approve {number}`"
                f" and `publisher send {number}`, or `publisher hold {number}`."
            )
        case EditionState.FREEZING | EditionState.FROZEN | EditionState.SENDING | EditionState.LATE:
            return f"`publisher send {number}` sends what is still to send."
        case EditionState.HELD:
            return f"Nothing of it goes until `publisher resume {number}`; `publisher cancel {number}` ends it."
        case EditionState.HALTED:
            return f"Mend the reason, then `publisher resume {number}`; `publisher cancel {number}` ends it."
        case EditionState.SENT | EditionState.SKIPPED | EditionState.CANCELLED:
            return f"It is closed. `publisher compose {edition.newsletter}` makes the next one."
        case _:
            assert_never(edition.state)
