"""Releasing: a person's word on what a source said and what nobody could prove (R17, R18)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from publisher.gather.packing import unpack
from publisher.gather.take_over import change, withdraw
from publisher.model.article import RevisionKind
from publisher.model.errors import PublisherError
from publisher.store.engine import Store, Tx
from publisher.store.known import add_key
from publisher.store.proposals import Proposal, What, count_proposals, drop_proposals, list_held, propose
from publisher.store.revisions import add_article
from publisher.store.sources import save_held


class Word(StrEnum):
    """What a person says of what is held."""

    ANNOUNCE = "announce"  #: take it over; feeds say that the articles were updated
    SILENTLY = "silently"  #: take it over, and tell nobody
    IGNORE = "ignore"  #: leave the articles as they are
    SAME = "same"  #: a doubtful one is the article that it looks like
    NEW = "new"  #: a doubtful one is an article of its own


#: What can be said of what; a doubtful one needs an answer of its own.
OF_DOUBTS = frozenset({Word.SAME, Word.NEW, Word.IGNORE})
OF_FLOODS = frozenset({Word.ANNOUNCE, Word.SILENTLY, Word.IGNORE})


class WrongWordError(PublisherError):
    """A word that does not fit what is held."""


def release(
    store: Store, source: str, word: Word, *, keys: Collection[str] = (), host: str, now: datetime
) -> dict[str, int]:
    """Does with what is held what a person says; gives how many of which.

    Without `keys`, with all that the word fits. Raises `WrongWordError` for a key that is not held, and where the word
    does not fit it.
    """
    done: dict[str, int] = {}
    after, found = "", set[str]()
    while True:
        with store.begin() as tx:
            page = list_held(tx, source, after=after)
            for one in page:
                if (keys and one.key not in keys) or not fits(one, word, is_named=one.key in keys):
                    continue
                found.add(one.key)
                act(tx, one, word, host=host, now=now)
                done[one.what] = done.get(one.what, 0) + 1
        if not page:
            break
        after = page[-1].key
    if missing := [key for key in keys if key not in found]:
        raise WrongWordError(f"{missing[0]} is not held. `publisher held {source}` lists what is.")
    with store.begin() as tx:
        if not any(held and what is not What.CONFLICT for what, held in count_proposals(tx, source)):
            save_held(tx, source, None)
    return done


def fits(one: Proposal, word: Word, *, is_named: bool) -> bool:
    """Whether a word can be said of what is held; raises `WrongWordError` where it was named and cannot."""
    words = OF_DOUBTS if one.what is What.CONFLICT else OF_FLOODS
    if word not in words and is_named:
        raise WrongWordError(f"{one.key}: {one.why or one.what}. Say one of: {', '.join(sorted(words))}.")
    return word in words


def act(tx: Tx, one: Proposal, word: Word, *, host: str, now: datetime) -> None:
    """Does one of them."""
    if word is Word.IGNORE:
        propose(tx, replace(one, what=What.IGNORED, held=False))
    elif word is Word.NEW:
        add_article(tx, one.source, unpack(one.state or {}), host=host, now=now)
        drop_proposals(tx, one.source, [one.key])
    elif word is Word.SAME:
        add_key(tx, one.source, one.key, one.article or 0)
        change(tx, replace(one, kind=one.kind or RevisionKind.MINOR), quiet=False, now=now, is_capped=False)
    elif one.what is What.WITHDRAWAL:
        withdraw(tx, one, now=now)
    else:
        change(tx, one, quiet=word is Word.SILENTLY, now=now, is_capped=False)
