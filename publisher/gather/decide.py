"""Deciding what a source's word means for the store: nothing, a new article, or a change and of which kind. Pure.

| the stored article  | what differs                                     | decision                                |
|---------------------|--------------------------------------------------|-----------------------------------------|
| is not there        |                                                  | new                                     |
| was withdrawn       | anything, or nothing                             | change: restored                        |
| is public           | nothing, or only what is another at every look   | unchanged                               |
|                     | a correction that was not there                  | change: correction                      |
|                     | words, byline or licence                         | change: substantive                     |
|                     | a slip of the pen, markup, terms, pictures       | change: minor                           |
|                     | the title alone, and the source does not say so  | change: minor (headlines are tried out) |

A change is proven when the source says that it changed the article, or when what changed is no rendered text; else it
has to be seen twice (R17). Which of the proven ones are taken over is decided at the end of the visit (`take_over`).
"""

import dataclasses
import difflib
from collections.abc import Callable
from dataclasses import dataclass

from publisher.gather.cleaning.clean import plain_text
from publisher.gather.digests import Digests, normal_words
from publisher.model.article import Correction, RevisionKind, SourceArticle, Status
from publisher.store.known import Known

MANY_WORDS = 4000  #: of what differs; more is no slip, and would take long to compare
SLIPS = 3  #: so many words at most
LONG = 4  #: letters of a word whose slip can be told from another word
#: Of all words of two texts: so few in common, and they tell of different things.
ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The store says the same already."""


@dataclass(frozen=True, slots=True)
class New:
    """The store has nothing under this key."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The store needs a revision, if this is proven."""

    kind: RevisionKind
    proven: bool = True  #: counts at once; else when it is seen twice


Decision = Unchanged | New | Changed
OldText = Callable[[], tuple[str, str]]  #: title and plain text as they are stored


def decide(
    known: Known | None, found: SourceArticle, digests: Digests, *, declared: bool, old_text: OldText
) -> Decision:
    """What to do about an article that a source shows now.

    `declared`: the source's own word that this is its state (`is_declared`). `old_text` gives title and plain text as
    they are stored; it is asked only where words differ.
    """
    if known is None:
        return New()
    if known.status is Status.WITHDRAWN:
        return Changed(RevisionKind.RESTORED)
    if known.digest == digests.whole:
        return Unchanged()
    if known.steady == digests.steady:
        # What only varies by the look, or is none of the state's words: taken over where the source says so.
        return Changed(RevisionKind.MINOR) if declared else Unchanged()
    kind = kind_of_change(known.words, digests.words, declared=declared, is_slip=lambda: is_slip(old_text(), found))
    is_body_same = known.steady.partition(".")[0] == digests.steady.partition(".")[0]
    return Changed(kind, proven=declared or is_body_same)


def is_declared(known: Known, found: SourceArticle, digests: Digests) -> bool:
    """Whether the source says itself that it changed the article: by its own time of change, or a new correction."""
    moved = bool(found.modified and known.modified and found.modified > known.modified)
    return moved or bool(corrections_in(digests.words) - corrections_in(known.words))


def kind_of_change(before: str, after: str, *, declared: bool, is_slip: Callable[[], bool]) -> RevisionKind:
    """How two `words` differ; both belong to one article, whose state did change."""
    old, new = corrections_in(before), corrections_in(after)
    if new - old:
        return RevisionKind.CORRECTION
    (old_words, old_licence, _), (new_words, new_licence, _) = before.split("."), after.split(".")
    old_rest, new_rest = (words.partition("-")[2] for words in (old_words, new_words))
    if old != new or old_licence != new_licence:
        return RevisionKind.SUBSTANTIVE
    if old_words == new_words or (old_rest == new_rest and not declared):
        return RevisionKind.MINOR
    is_byline_same = old_words.rpartition("-")[2] == new_words.rpartition("-")[2]
    return RevisionKind.MINOR if is_byline_same and is_slip() else RevisionKind.SUBSTANTIVE


def corrections_in(words: str) -> set[str]:
    """The corrections that a `words` names."""
    return set(filter(None, words.rpartition(".")[2].split("-")))


def is_slip(old: tuple[str, str], found: SourceArticle) -> bool:
    """Whether only a few words are spelt differently: one letter in a long word that has no digit."""
    before, after = (f"{title} {text}" for title, text in (old, (found.title, plain_text(found.content_html))))
    pairs = changed_words(normal_words(before).split(), normal_words(after).split())
    return pairs is not None and len(pairs) <= SLIPS and all(is_misspelt(one, other) for one, other in pairs)


def changed_words(before: list[str], after: list[str]) -> list[tuple[str, str]] | None:
    """The words that stand in each other's place; None where words were added, taken out, or too many differ."""
    if len(before) != len(after):
        return None
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    return pairs if len(pairs) <= MANY_WORDS else None


def is_misspelt(one: str, other: str) -> bool:
    """Whether two words are one letter apart, or two letters changed places; a first letter or a digit is no slip."""
    if min(len(one), len(other)) < LONG or one[0] != other[0] or not (one + other).isalpha():
        return False
    if sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2  # noqa: PLR2004 - two that changed places
    matched = sum(
        block.size for block in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    )
    return max(len(one), len(other)) - matched <= 1


def are_alike(one: str, other: str) -> bool:
    """Whether two texts share enough long words to be versions of one another."""
    first, second = ({word for word in normal_words(text).split() if len(word) > LONG} for text in (one, other))
    return len(first & second) >= ALIKE * max(1, min(len(first), len(second)))


def keep_dates(found: SourceArticle, stored: tuple[Correction, ...]) -> SourceArticle:
    """The article with the stored dates of those corrections that it has already."""
    dates = {normal_words(one.text): one.date for one in stored}
    kept = tuple(
        dataclasses.replace(one, date=dates.get(normal_words(one.text), one.date)) for one in found.corrections
    )
    return dataclasses.replace(found, corrections=kept)
