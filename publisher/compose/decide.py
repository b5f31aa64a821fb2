"""The editor's decisions: change, hold, cancel, resume; and what has to hold before an edition may go.

Each decision is one move that says from which states it is possible; `WrongStateError` names them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from publisher.compose.edition import Composer, arrange_edition
from publisher.compose.recut import recut_edition
from publisher.model.article import Article, Status
from publisher.model.edition import OPEN_TO_EDIT, Arrangement, Edition, EditionItem, EditionState, SlotOutcome
from publisher.model.errors import UsageError, WrongStateError
from publisher.store import articles, batches, editions, items, slots
from publisher.store.engine import Store, Tx

UNSENT = (*sorted(OPEN_TO_EDIT), EditionState.FROZEN)
RUNNING = (EditionState.SENDING, EditionState.HALTED, EditionState.LATE)
#: How long a person's word to send is good for, where `send_by` has passed.
BY_HAND = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a person wants changed; None leaves it."""

    subject: str | None = None
    preheader: str | None = None
    note: str | None = None
    pin: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


def edit_edition(composer: Composer, number: int, changes: Changes, *, now: datetime) -> Edition:
    """Changes an edition that is not frozen and renders it anew."""
    with composer.store.begin() as tx:
        edition = editions.get_edition(tx, number)
        if edition.state not in OPEN_TO_EDIT:
            raise WrongStateError(f"Edition {number}", edition.state, sorted(OPEN_TO_EDIT))
        values: dict[str, object] = {"arrangement": arranged(tx, edition.arrangement, changes)}
        if changes.subject is not None or changes.preheader is not None:
            values |= {"is_custom": 1}
            values |= {"subject": edition.subject if changes.subject is None else changes.subject}
            values |= {"preheader": edition.preheader if changes.preheader is None else changes.preheader}
        if changes.note is not None:
            values |= {"note": changes.note}
        editions.change_edition(tx, number, **values)
    try:
        return arrange_edition(composer, number, now=now)
    except UsageError:  # what makes no letter is not kept, or approving would send another than was asked for
        before = {name: getattr(edition, name) for name in values}
        with composer.store.begin() as tx:
            editions.change_edition(tx, number, **before | as_stored(edition))
        raise


def as_stored(edition: Edition) -> dict[str, object]:
    """Those values of an edition that the store keeps in another shape."""
    return {"arrangement": asdict(edition.arrangement), "is_custom": int(edition.is_custom)}


def arranged(tx: Tx, arrangement: Arrangement, changes: Changes) -> dict[str, list[int]]:
    """The arrangement by hand, with the newest word on each article."""
    pin, drop, order = (numbers_of(tx, references) for references in (changes.pin, changes.drop, changes.order))
    pinned = [number for number in arrangement.pinned if number not in drop and number not in pin]
    dropped = [number for number in arrangement.dropped if number not in pin and number not in drop]
    return {
        "pinned": [*pin, *pinned],
        "dropped": [*dropped, *drop],
        "order": order or list(arrangement.order),
    }


def numbers_of(tx: Tx, references: Sequence[str]) -> list[int]:
    """The numbers of articles; raises `NotFoundError` for a reference that means none."""
    return [articles.get_article(tx, reference).number for reference in references]


def hold_edition(store: Store, number: int, *, why: str = "held by hand") -> Edition:
    """Stops an edition where it is: nothing of it goes until `resume`; what is on its way ends."""
    with store.begin() as tx:
        edition = editions.get_edition(tx, number)
        to = EditionState.HALTED if edition.state in {EditionState.SENDING, EditionState.FROZEN} else EditionState.HELD
        move(tx, edition, to=to, among=(*UNSENT, EditionState.SENDING), why=why)
        slots.close_slot(tx, number, SlotOutcome(to.value), why)
        return editions.get_edition(tx, number)


def cancel_edition(store: Store, number: int, *, now: datetime) -> Edition:
    """Ends an edition for good. Its articles are new again if nobody has got it; a batch in doubt counts as got."""
    with store.begin() as tx:
        edition = editions.get_edition(tx, number)
        move(tx, edition, to=EditionState.CANCELLED, among=(*UNSENT, *RUNNING), why="cancelled by hand")
        if not batches.is_with_provider(tx, number):
            items.release_items(tx, editions.newsletter_of(tx, number), number, now=now)
        slots.close_slot(tx, number, SlotOutcome.CANCELLED, "cancelled by hand")
        return editions.get_edition(tx, number)


def resume_edition(composer: Composer, number: int, *, now: datetime) -> Edition:
    """Lets a held or halted edition go on: to review where it was not frozen, else to sending.

    One that was approved and whose time has not come waits for it again, as if it had not been held.
    What was withdrawn meanwhile stays behind. A person's word: `send_by` is moved where it has passed. A late edition
    that was never frozen is arranged anew: its items stayed new, and a later one may have carried them.
    """
    with composer.store.begin() as tx:
        edition = editions.get_edition(tx, number)
        among = (EditionState.HELD, EditionState.HALTED, EditionState.LATE)
        to = state_after_resuming(tx, edition, now=now)
        if edition.state is EditionState.HALTED:
            recut_edition(tx, composer, edition, now=now)
        is_reopened = is_unsent_late(edition)
        other = editions.find_open_edition(tx, editions.newsletter_of(tx, number)) if is_reopened else None
        if other:
            raise WrongStateError(f"Edition {other.id} of {other.newsletter}", other.state, ["sent", "cancelled"])
        move(tx, edition, to=to, among=among, why=None)
        slots.close_slot(tx, number, None, None)
        allow_by_hand(tx, replace(edition, state=to), now=now)
        resumed = editions.get_edition(tx, number)
    return arrange_edition(composer, number, now=now) if is_reopened else resumed


def state_after_resuming(tx: Tx, edition: Edition, *, now: datetime) -> EditionState:
    """Where an edition goes on that was held, halted or late."""
    if edition.frozen_at is None:
        return EditionState.REVIEW
    is_early = now < (edition.goes_at or edition.slot) and not batches.has_begun(tx, edition.id)
    return EditionState.FROZEN if is_early else EditionState.SENDING


def is_unsent_late(edition: Edition) -> bool:
    """Whether an edition missed its time before it was frozen, so that it has neither ledger nor batches."""
    return edition.state is EditionState.LATE and edition.frozen_at is None


def allow_by_hand(tx: Tx, edition: Edition, *, now: datetime) -> None:
    """A person said "send": an edition past its `send_by` may go for a day more."""
    if edition.send_by <= now:
        editions.change_edition(tx, edition.id, send_by=now + BY_HAND)


def move(tx: Tx, edition: Edition, *, to: EditionState, among: Sequence[EditionState], why: str | None) -> None:
    """Changes the state or raises `WrongStateError`."""
    if not editions.move_edition(tx, edition.id, to=to, among=among, reason=why):
        raise WrongStateError(f"Edition {edition.id}", edition.state, list(among))


def refresh_edition(composer: Composer, number: int, *, now: datetime) -> tuple[Edition, list[str]]:
    """Renders an edition anew where its articles changed since it was composed; gives what changed, in words.

    The same articles in the same order: nothing else enters. The last moment at which that is possible: approving
    freezes.
    """
    with composer.store.read() as tx:
        edition = editions.get_edition(tx, number)
        placed = editions.list_items(tx, number)
        now_stored = articles.read_numbers(tx, [item.article for item in placed])
        before = subjects_of(tx, edition)
    if edition.state not in OPEN_TO_EDIT or all(is_unchanged(now_stored[item.article], item) for item in placed):
        return edition, []
    refreshed = arrange_edition(composer, number, now=now)
    with composer.store.read() as tx:
        after = subjects_of(tx, refreshed)
        now_placed = {item.article for item in editions.list_items(tx, number)}
        reasons = {one.article: one.why for one in editions.list_left_out(tx, number)}
    changes = [
        change_words(item, now_stored[item.article], reasons.get(item.article))
        for item in placed
        if item.article not in now_placed or not is_unchanged(now_stored[item.article], item)
    ]
    added = now_placed - {item.article for item in placed}
    changes += [f"article {one}, pinned by hand, came in" for one in sorted(added)]
    return refreshed, changes + [
        f"its subject ({language}) changed with its first article: {subject}"
        for language, subject in after.items()
        if before.get(language, subject) != subject
    ]


def is_unchanged(article: Article, item: EditionItem) -> bool:
    """Whether an item's article is still as it was composed."""
    return article.status is Status.PUBLIC and article.revision == item.revision


def change_words(item: EditionItem, article: Article, why_out: str | None) -> str:
    """What became of an item, after "Since it was composed"."""
    if article.status is not Status.PUBLIC:
        return f"article {item.article} was withdrawn and is out: {item.title}"
    if why_out:
        return f"article {item.article} is out ({why_out}): {item.title}"
    return f"article {item.article} was changed at its source: {article.title}"


def subjects_of(tx: Tx, edition: Edition) -> dict[str, str]:
    """The subject in each language of an edition; empty for one without content."""
    variants = editions.list_variants(tx, edition.cut) if edition.cut else {}
    return {language: editions.load_letter(tx, number).subject for language, number in variants.items()}
