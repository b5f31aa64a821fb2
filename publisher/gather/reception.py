"""Reception: what a source says is weighed against the store, and written down as what it is.

    new                      → stored at once
    a change, a withdrawal   → a proposal, which is taken over at the end of the visit if it is proven (`take_over`)
    doubtful                 → a proposal that waits for a person
    as it is stored          → nothing, and what was proposed is forgotten: a state that came and went is a flap

Only the source that leads an article changes or withdraws it; a richer one of the same owner takes the lead (R18).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import assert_never

from publisher.gather.cleaning.clean import plain_text
from publisher.gather.decide import Changed, are_alike, decide, is_declared, keep_dates
from publisher.gather.differences import differences
from publisher.gather.digests import Digests, digests_of, normal_words
from publisher.gather.identity import Anothers, Doubtful, Moved, Owners, Same
from publisher.gather.packing import pack
from publisher.gather.rights import rights_of
from publisher.gather.source import Gone, Missing, Refusal, Seen, nothing_more
from publisher.gather.take_over import FLAP_MEMORY, RESTLESS_LOOKS, narrow
from publisher.gather.text_rights import mark_rights
from publisher.model.article import Article, RevisionKind, SourceArticle, Status
from publisher.settings import Settings, SourceSettings
from publisher.store.articles import get_article
from publisher.store.engine import Store, Tx
from publisher.store.known import (
    Known,
    add_key,
    count_keys,
    find_known,
    note_flap,
    note_look,
    was_first_state,
    was_state,
)
from publisher.store.proposals import Proposal, What, drop_proposals, find_proposals, list_absences, propose
from publisher.store.revisions import State, add_article, add_revision
from publisher.store.sources import save_refusals

#: So many flaps within `FLAP_MEMORY`, and an article is unstable: what its source does not declare has to last a day.
UNSTABLE = 3
STABLE_AGAIN = timedelta(hours=24)
#: A feed may make a new id at each look; the address finds the article all the same.
MANY_KEYS = 20

Heard = Seen | Gone | Missing | Refusal


@dataclass(slots=True)
class Tally:
    """What was heard so far."""

    new: int = 0
    retold: int = 0  #: told more fully than before
    looked_at: int = 0
    refused: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where an event is weighed: in which transaction, when, and what was proposed for its key before."""

    tx: Tx
    now: datetime
    before: Proposal | None


class Reception:
    """One source's words on their way into the store, for one visit."""

    def __init__(self, source: SourceSettings, settings: Settings, store: Store, *, began: datetime) -> None:
        self._source = source
        self._owners = Owners(settings)
        self._rights = rights_of(source, settings)
        self._host = settings.newsroom.host
        self._store = store
        self._began = began
        self._met: dict[int, str] = {}  # articles that were seen at this visit, and under which key
        self._is_listed: Callable[[str], bool] = nothing_more
        self._later: list[Seen] = []  # which article they are is known when all was seen
        self.tally = Tally()

    def take(self, events: Sequence[Heard], *, now: datetime) -> None:
        """Writes some events down, in one transaction."""
        keys = [key_of(event) for event in events]
        refused: list[Refusal] = []
        with self._store.begin() as tx:
            proposed = find_proposals(tx, self._source.id, keys)
            for event in events:
                refusal = self._take(event, At(tx=tx, now=now, before=proposed.get(key_of(event))))
                refused += [refusal] if refusal else []
            names = {one.key for one in refused}
            save_refusals(tx, self._source.id, refused, taken=[key for key in keys if key not in names], now=now)
        self.tally.refused |= names
        self.tally.looked_at += len(events)

    def close(self, is_listed: Callable[[str], bool], *, now: datetime) -> None:
        """At the end of the visit: takes what may be a stored article at another address.

        `is_listed`: whether the source still lists a key that it did not show at this visit.
        """
        self._is_listed = is_listed
        with self._store.begin() as tx:
            for seen in self._later:
                at = At(
                    tx=tx, now=now, before=find_proposals(tx, self._source.id, [seen.article.key]).get(seen.article.key)
                )
                self._take_unknown(seen, digests_of(seen.article), at)
            # What is seen under another key is not gone from where it was: it moved.
            moved = [one.key for one in list_absences(tx, self._source.id) if self._is_moved(one)]
            drop_proposals(tx, self._source.id, moved)
        self._later = []

    def _is_moved(self, absence: Proposal) -> bool:
        """Whether an article that is said to be gone was seen under another key, at this visit."""
        return self._met.get(absence.article or 0, absence.key) != absence.key

    def _take(self, event: Heard, at: At) -> Refusal | None:
        match event:
            case Seen():
                return self._take_seen(event, at)
            case Gone() | Missing():
                self._take_absence(event, at)
                return None
            case Refusal():
                return event
            case _:
                assert_never(event)

    def _take_absence(self, event: Gone | Missing, at: At) -> None:
        """An article that the public may or can no longer see, if this source speaks for it, under its present key."""
        known = find_known(at.tx, self._source.id, event.key)
        if known is None or known.status is not Status.PUBLIC or not known.is_led_by(self._source.id):
            return
        if known.source_key == event.key:
            what = What.WITHDRAWAL if isinstance(event, Gone) else What.MISSING
            one = self._proposal(event.key, what, at, article=known.number)
            self._propose(replace(one, why=event.why, declared=what is What.WITHDRAWAL), known, at)

    def _take_seen(self, seen: Seen, at: At) -> Refusal | None:
        seen = replace(seen, article=mark_rights(seen.article, self._rights))
        found, digests = seen.article, digests_of(seen.article)
        known = find_known(at.tx, self._source.id, found.key)
        if known is None:
            match self._owners.identify(at.tx, self._source, found, digests):
                case None:
                    self._add(found, digests, at)
                case Same(number=number):
                    known = self._know_as(found.key, number, at)
                case Moved() | Doubtful():
                    self._later.append(seen)
                case Anothers(why=why):
                    return Refusal(key=found.key, url=found.url, title=found.title, reason=why)
        if known:
            self._weigh(seen, digests, known, at)
        return None

    def _take_unknown(self, seen: Seen, digests: Digests, at: At) -> None:
        """An item that looks like a stored article at another address: two that are listed side by side are two."""
        found = seen.article
        match self._owners.identify(at.tx, self._source, found, digests):
            case Same(number=number) | Moved(number=number) if not self._is_there(number, at):
                if known := self._know_as(found.key, number, at):
                    self._weigh(seen, digests, known, at)
            case Doubtful(number=number, why=why) if not self._is_there(number, at):
                one = self._proposal(found.key, What.CONFLICT, at, article=number)
                one = replace(one, why=why, declared=True, held=True)
                self._propose(replace(one, state=pack(found, digests), digest=digests.steady), None, at)
            case _:
                self._add(found, digests, at)

    def _is_there(self, number: int, at: At) -> bool:
        """Whether the source shows or lists an article, at this visit."""
        return number in self._met or self._is_listed(get_article(at.tx, number).key)

    def _add(self, found: SourceArticle, digests: Digests, at: At) -> None:
        state = State(found=found, digest=digests.whole, words=digests.words, steady=digests.steady)
        self._met[add_article(at.tx, self._source.id, state, host=self._host, now=at.now)] = found.key
        self.tally.new += 1

    def _know_as(self, key: str, number: int, at: At) -> Known | None:
        """An article under one more key; a feed that makes a new id at each look is found by the address alone."""
        if count_keys(at.tx, self._source.id, number) < MANY_KEYS:
            add_key(at.tx, self._source.id, key, number)
        article = get_article(at.tx, number)
        return find_known(at.tx, article.source, article.key)

    def _weigh(self, seen: Seen, digests: Digests, known: Known, at: At) -> None:
        """A known article: what its source says of it now against what is stored."""
        self._met[known.number] = seen.article.key
        takes_lead = not known.is_led_by(self._source.id)
        if takes_lead and not self._owners.leads(self._source.id, known.source):
            return
        old = cache(partial(get_article, at.tx, known.number))
        declared = seen.declared or takes_lead or is_declared(known, seen.article, digests)
        decision = decide(
            known,
            seen.article,
            digests,
            declared=declared,
            old_text=lambda: (old().title, plain_text(old().content_html)),
        )
        if takes_lead and known.status is Status.PUBLIC:  # who speaks for it is no change of what it says
            decision = Changed(RevisionKind.MINOR)
        if isinstance(decision, Changed) and seen.retold and known.status is Status.PUBLIC:
            self._retell(seen.article, digests, known, at)
        elif isinstance(decision, Changed):
            self._change(seen, digests, known, decision, old, at)
        else:
            self._as_stored(seen.article, known, at)

    def _retell(self, found: SourceArticle, digests: Digests, known: Known, at: At) -> None:
        """Takes over what the source could not tell before: nobody edited anything."""
        state = State(found=found, digest=digests.whole, words=digests.words, steady=digests.steady)
        add_revision(at.tx, self._source.id, known.number, state, kind=RevisionKind.MINOR, now=at.now)
        drop_proposals(at.tx, self._source.id, [found.key])
        self.tally.retold += 1

    def _change(
        self, seen: Seen, digests: Digests, known: Known, decision: Changed, old: Callable[[], Article], at: At
    ) -> None:
        """Proposes a change, or that a person looks at what may be another article."""
        found, kind = seen.article, decision.kind
        one = self._proposal(found.key, What.CHANGE, at, article=known.number)
        is_proven = decision.proven or kind is RevisionKind.RESTORED
        one = replace(one, why="; ".join(differences(old(), found)), declared=is_proven)
        if title_of(known.words) != title_of(digests.words) and is_another(found, old()):
            why = f"title, text and date are all others than those of article {known.number}, which had this key"
            one = replace(one, what=What.CONFLICT, why=why, held=True, declared=True)
        is_return = one.what is What.CHANGE and not decision.proven and was_state(at.tx, known.number, digests.whole)
        kept = found if seen.dated or not found.corrections else keep_dates(found, old().corrections)
        # What came back to what it was is no news; its first state is the one to keep.
        kind = RevisionKind.MINOR if is_return else kind
        is_first = is_return and was_first_state(at.tx, known.number, digests.whole)
        one = replace(one, kind=kind, state=pack(kept, digests), digest=digests.steady)
        self._propose(one, replace(known, flaps=0) if is_first else known, at)
        if is_return:  # and it tells what is to be expected of this article
            note_flap(at.tx, known.number, flaps=max(UNSTABLE, known.flaps), now=at.now)
        if one.what is What.CHANGE and not decision.proven:
            narrow(at.tx, one, now=at.now)

    def _as_stored(self, found: SourceArticle, known: Known, at: At) -> None:
        """The source says what the store says."""
        if at.before:
            self._note_flap(known, at)
            drop_proposals(at.tx, self._source.id, [found.key])
        if found.modified != known.modified:
            note_look(at.tx, known.number, modified=found.modified)

    def _proposal(self, key: str, what: What, at: At, *, article: int) -> Proposal:
        return Proposal(source=self._source.id, key=key, what=what, article=article, first_at=at.now, last_at=at.now)

    def _propose(self, one: Proposal, known: Known | None, at: At) -> None:
        """Writes a proposal down, or once more what was proposed before."""
        before, waits = at.before, is_unstable(known, at.now) and not one.declared
        if before is None or before.digest != one.digest or before.what not in {one.what, What.IGNORED}:
            self._note_flap(known, at)
            propose(at.tx, replace(one, visits=0 if waits else 1))
        elif before.what is not What.IGNORED:
            visits = before.visits + (before.last_at < self._began)
            if waits:
                visits = RESTLESS_LOOKS if before.first_at <= at.now - STABLE_AGAIN else 0
            held, declared = before.held or one.held, before.declared or one.declared
            # What differs is told as it was before anything was narrowed.
            one = replace(one, why=before.why) if one.what is before.what is What.CHANGE else one
            propose(at.tx, replace(one, first_at=before.first_at, visits=visits, held=held, declared=declared))

    def _note_flap(self, known: Known | None, at: At) -> None:
        """What was proposed at an earlier visit, undeclared, is not so any more."""
        before = at.before
        if known is None or before is None or before.what is not What.CHANGE or before.declared:
            return
        if before.last_at < self._began:
            is_recent = known.flapped_at is not None and known.flapped_at > at.now - FLAP_MEMORY
            note_flap(at.tx, known.number, flaps=known.flaps + 1 if is_recent else 1, now=at.now)


def key_of(event: Heard) -> str:
    """The key that an event is about."""
    return event.article.key if isinstance(event, Seen) else event.key


def title_of(words: str) -> str:
    """The part of a `words` that is the title's."""
    return words.partition("-")[0]


def is_unstable(known: Known | None, now: datetime) -> bool:
    """Whether an article's states come and go."""
    return bool(known and known.flaps >= UNSTABLE and known.flapped_at and known.flapped_at > now - FLAP_MEMORY)


def is_another(found: SourceArticle, stored: Article) -> bool:
    """Whether title, date and text are all others: the source gave an article's key to another one."""
    if stored.published == found.published or normal_words(stored.title) == normal_words(found.title):
        return False
    return not are_alike(plain_text(stored.content_html), plain_text(found.content_html))
