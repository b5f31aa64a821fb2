"""Taking over: at the end of a visit, what is proven becomes revisions and withdrawals, or waits for a person (R17).

    proven changes      few ─► revisions of their kind       many ─► held; what they narrow is narrowed at once
    proven withdrawals  few ─► withdrawn                     many ─► held: a short listing withdraws nothing

Many is over `limit_of`: 50, a twentieth of the source, ten times what it changes in a day. An article changes at most
six times a day; what comes more often waits for the next day, but for corrections.

A change that its source does not declare is proven when it was seen twice. Where states come and go (advertisements,
tried headlines), two looks may agree by chance: there one that counts has to be seen five times, over an hour.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from publisher.gather.packing import unpack
from publisher.licensing.licences import parse_licence, permission
from publisher.model.article import Article, RevisionKind, SourceArticle
from publisher.store.articles import get_article
from publisher.store.engine import Store, Tx
from publisher.store.known import count_changes, count_revisions, count_source
from publisher.store.proposals import (
    Proposal,
    Ripe,
    What,
    count_proposals,
    count_ripe,
    drop_proposals,
    hold_ripe,
    iter_ripe,
    ripen_missing,
    see_again,
)
from publisher.store.revisions import Restricted, add_revision, restrict_article, withdraw_article
from publisher.store.sightings import count_unstable

log = structlog.get_logger()

FEWEST = 50
SHARE = 20  #: a twentieth of the source
TIMES = 10  #: what it does in a day
HABIT = timedelta(days=28)
MOST_A_DAY = 6
DAY = timedelta(days=1)
FLAP_MEMORY = timedelta(days=7)
#: Where a state came and went within `FLAP_MEMORY`, what nobody declares is seen so often, over so long.
RESTLESS_LOOKS = 5
RESTLESS_TIME = timedelta(hours=1)
HELD_WORDS = ((What.CHANGE, "changes"), (What.WITHDRAWAL, "withdrawals"))
UNSEEN = "a change of its licence waits until a person looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a visit changed in the end."""

    changed: int = 0
    withdrawn: int = 0
    held_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a visit ended."""

    began: datetime
    same: bool = False  #: the source said that all is as it was
    quiet: bool = False  #: we read articles in another way than before: that is no news, however many differ
    why_many: str = ""  #: what explains many changes to a person


def take_over(store: Store, source: str, ending: Ending, *, now: Callable[[], datetime]) -> Taken:
    """Takes over what is proven, in small transactions; safe to break off and to repeat."""
    with store.begin() as tx:
        if ending.same:
            see_again(tx, source, before=ending.began, now=now())
        ripen_missing(tx, source, now=now())
        limit = limit_of(tx, source, now=now())
        changes = ripe_changes(tx, source, now=now())
        withdrawals = replace(changes, what=What.WITHDRAWAL)
        counts = {ripe.what: count_ripe(tx, ripe) for ripe in (changes, withdrawals)}
    changed = withdrawn = 0
    if ending.quiet or counts[What.CHANGE] <= limit:
        changed = each_ripe(store, changes, lambda tx, one: change(tx, one, quiet=ending.quiet, now=now()))
    else:
        each_ripe(store, changes, lambda tx, one: narrow(tx, one, now=now()))
        hold(store, changes)
    if counts[What.WITHDRAWAL] <= limit:
        withdrawn = each_ripe(store, withdrawals, lambda tx, one: withdraw(tx, one, now=now()))
    else:
        hold(store, withdrawals)
    return Taken(changed=changed, withdrawn=withdrawn, held_why=why_held(store, source, ending))


def limit_of(tx: Tx, source: str, *, now: datetime) -> int:
    """How many articles a source may change at once without a person's look."""
    habit = count_revisions(tx, source, since=now - HABIT) / HABIT.days
    return max(FEWEST, count_source(tx, source) // SHARE, int(TIMES * habit))


def ripe_changes(tx: Tx, source: str, *, now: datetime) -> Ripe:
    """Which of a source's changes are proven: more is asked of one whose states come and go."""
    if count_unstable(tx, source, flaps=1, since=now - FLAP_MEMORY):
        return Ripe(source=source, what=What.CHANGE, looks=RESTLESS_LOOKS, since=now - RESTLESS_TIME)
    return Ripe(source=source, what=What.CHANGE, since=now)


def each_ripe(store: Store, ripe: Ripe, act: Callable[[Tx, Proposal], bool]) -> int:
    """Acts on all that is proven, a page in a transaction; gives how often something was done."""
    done, after = 0, ""
    while True:
        with store.begin() as tx:
            page = iter_ripe(tx, ripe, after=after)
            done += sum(act(tx, one) for one in page)
        if not page:
            return done
        after = page[-1].key


def change(tx: Tx, one: Proposal, *, quiet: bool, now: datetime, is_capped: bool = True) -> bool:
    """Makes a revision of a proposed change; False where the article changed too often today."""
    number, state = one.article or 0, unpack(one.state or {})
    kind = RevisionKind(one.kind or RevisionKind.MINOR)
    is_often = is_capped and count_changes(tx, number, since=now - DAY) >= MOST_A_DAY
    if is_often and not quiet and kind is not RevisionKind.CORRECTION:
        narrow(tx, one, now=now)
        log.info("article.changes_too_often", source=one.source, article=number)
        return False
    if quiet and kind is not RevisionKind.RESTORED:
        kind = RevisionKind.MINOR
    add_revision(tx, one.source, number, state, kind=kind, now=now)
    drop_proposals(tx, one.source, [one.key])
    return True


def withdraw(tx: Tx, one: Proposal, *, now: datetime) -> bool:
    """Withdraws an article."""
    withdraw_article(tx, one.article or 0, why=one.why, now=now)
    drop_proposals(tx, one.source, [one.key])
    log.info("article.withdrawn", source=one.source, article=one.article, why=one.why)
    return True


def narrow(tx: Tx, one: Proposal, *, now: datetime) -> bool:
    """Narrows an article's licence to what is permitted before and after a change that waits; True if it did."""
    found, stored = unpack(one.state or {}).found, get_article(tx, one.article or 0)
    restricted = restrict(stored, found)
    before = (stored.licence, stored.no_republish, stored.embargo_until)
    if (restricted.licence, restricted.no_republish, restricted.embargo_until) == before:
        return False
    restrict_article(tx, stored.number, restricted, now=now)
    log.info("article.narrowed", source=one.source, article=stored.number, licence=restricted.licence)
    return True


def restrict(stored: Article, found: SourceArticle) -> Restricted:
    """What others may do by the stored state *and* by the one that waits."""
    licence, why = stored.licence, stored.licence_why
    if stored.licence != found.licence:
        if is_within(found.licence, stored.licence):
            licence, why = found.licence, found.licence_why
        elif not is_within(stored.licence, found.licence):
            licence, why = None, UNSEEN
    embargoes = [one for one in (stored.embargo_until, found.embargo_until) if one]
    return Restricted(
        licence=licence,
        why=why,
        no_republish=stored.no_republish or found.no_republish,
        embargo_until=max(embargoes, default=None),
    )


def is_within(narrow_one: str | None, wide_one: str | None) -> bool:
    """Whether a licence permits nothing that another one does not, on terms at least as strict."""
    inner, outer = permission(parse_licence(narrow_one or "")), permission(parse_licence(wide_one or ""))
    allowed = inner.share <= outer.share and inner.commercial <= outer.commercial and inner.adapt <= outer.adapt
    bound = not inner.share or (inner.attribution >= outer.attribution and inner.same_licence >= outer.same_licence)
    return allowed and bound


def hold(store: Store, ripe: Ripe) -> None:
    """What is proven waits for a person."""
    with store.begin() as tx:
        hold_ripe(tx, ripe)


def why_held(store: Store, source: str, ending: Ending) -> str | None:
    """What a person has to look at, in words; None if nothing waits that is more than a single doubt."""
    with store.read() as tx:
        counts = held_counts(tx, source)
        total = count_source(tx, source)
    parts = [f"{counts[what]:,} {words}" for what, words in HELD_WORDS if counts.get(what)]
    if not parts:
        return None
    after = f" since {ending.why_many}" if ending.why_many and counts.get(What.CHANGE) else ""
    return f"{' and '.join(parts)} of its {total:,} articles at once{after}; they wait for your look"


def held_counts(tx: Tx, source: str) -> dict[What, int]:
    """How many wait for a person, by what they are."""
    return {what: count for (what, held), count in count_proposals(tx, source).items() if held}
