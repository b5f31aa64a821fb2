"""Deciding what a source's word means for the store: nothing, a new article, or a revision and of which kind. Pure.

| the stored article  | what differs                          | decision             |
|---------------------|---------------------------------------|----------------------|
| is not there        |                                       | new                  |
| was withdrawn       | anything, or nothing                  | changed: restored    |
| is public           | nothing                               | unchanged            |
|                     | a correction that was not there       | changed: correction  |
|                     | words or licence                      | changed: substantive |
|                     | markup, terms, pictures, an address   | changed: minor       |

An edit that only may be a flap or a slip (R17) is not told apart here yet; where it will be, is `kind_of_change`.
"""

import dataclasses
import hashlib
import json
import re
import unicodedata
from datetime import date, datetime

from publisher.gather.clean import plain_text
from publisher.model.article import Correction, RevisionKind, SourceArticle, Status
from publisher.store.articles import Known

#: What is no state of the article: hints of the source, and what we noted while cleaning.
NOT_STATE = frozenset({"modified", "notes"})
#: A typographic apostrophe is one all the same; a soft hyphen is nothing.
ONE_SPELLING = {0x2019: "'", 0x00AD: None}
#: A word, with what stands inside of it: 1.5, l'État, 20:30.
WORD = re.compile(r"\w+(?:[.,:'/-]\w+)*")


@dataclasses.dataclass(frozen=True, slots=True)
class Unchanged:
    """The store says the same already."""


@dataclasses.dataclass(frozen=True, slots=True)
class New:
    """The store has nothing under this key."""


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """The store needs a revision."""

    kind: RevisionKind


Decision = Unchanged | New | Changed


def decide(known: Known | None, found: SourceArticle) -> Decision:
    """What to do about an article that a source shows now."""
    if known is None:
        return New()
    if known.status is Status.WITHDRAWN:
        return Changed(RevisionKind.RESTORED)
    if known.digest == state_digest(found):
        return Unchanged()
    return Changed(kind_of_change(known.words, words_digest(found)))


def kind_of_change(before: str, after: str) -> RevisionKind:
    """How two `words_digest`s differ; both belong to one article, whose state did change."""
    if before == after:
        return RevisionKind.MINOR
    old, new = (set(filter(None, digest.rpartition(".")[2].split("-"))) for digest in (before, after))
    return RevisionKind.CORRECTION if new - old else RevisionKind.SUBSTANTIVE


def state_digest(found: SourceArticle) -> str:
    """A digest of all that the source says of the article."""
    state = {name: value for name, value in dataclasses.asdict(found).items() if name not in NOT_STATE}
    return digest_of(json.dumps(state, sort_keys=True, ensure_ascii=False, default=printed))


def words_digest(found: SourceArticle) -> str:
    """Digests of what readers and partners care about: `{title, text, byline}.{licence}.{correction-correction...}`.

    Only words count, so that a change of markup, quotes or letter case is none. The date of a correction does not.
    """
    text = [found.title, plain_text(found.content_html), *(author.name for author in found.authors)]
    corrections = sorted(digest_of(normal_words(one.text)) for one in found.corrections)
    words = digest_of("\n".join(map(normal_words, text)))
    return f"{words}.{digest_of(found.licence or '')}.{'-'.join(corrections)}"


def keep_dates(found: SourceArticle, stored: tuple[Correction, ...]) -> SourceArticle:
    """The article with the stored dates of those corrections that it has already."""
    dates = {normal_words(one.text): one.date for one in stored}
    kept = tuple(
        dataclasses.replace(one, date=dates.get(normal_words(one.text), one.date)) for one in found.corrections
    )
    return dataclasses.replace(found, corrections=kept)


def normal_words(text: str) -> str:
    """The words of a text in one spelling, parted by single spaces."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold().translate(ONE_SPELLING)))


def digest_of(text: str) -> str:
    """128 bits of SHA-256: no one gains by a collision, and a row stays short."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def printed(value: object) -> str:
    """Dates for JSON."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be digested")
