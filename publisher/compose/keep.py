"""What a composed edition keeps when it is made anew: an editor saw it, so nothing enters by itself. Pure.

    composed ── changed, withdrawn, edited ──► the same items as they are now, in the same order, less what had to go

Only a pin adds. What is published meanwhile stays new for the next edition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from publisher.compose.choose import Choice, Rules, left
from publisher.model.article import Article, Status
from publisher.model.edition import EditionItem, LeftOutItem

WITHDRAWN = "withdrawn since it was composed"
NO_LONGER_FITS = "it no longer fits this newsletter"


def rules_for_keeping(rules: Rules, placed: Sequence[EditionItem]) -> Rules:
    """A newsletter's rules where age and number were judged already, when the edition was composed."""
    return replace(rules, minimum=1, kept=frozenset(item.article for item in placed))


def keep_articles(found: Iterable[Article], placed: Sequence[EditionItem], rules: Rules) -> list[Article]:
    """Of all candidates those that the edition has, in its order, and those that a person named."""
    place_of = {item.article: item.position for item in placed}
    named = {*place_of, *rules.arrangement.pinned, *rules.arrangement.dropped}
    mine = [article for article in found if article.number in named]
    return sorted(mine, key=lambda article: place_of.get(article.number, len(place_of)))


def with_former(
    choice: Choice, placed: Sequence[EditionItem], left_out: Sequence[LeftOutItem], stored: Mapping[int, Article]
) -> Choice:
    """The choice with the reasons written down before, and one for each item that had to go."""
    told = {item.article for item in choice.items} | {one.article for one in choice.left_out}
    gone = [
        left(article, WITHDRAWN if article.status is not Status.PUBLIC else NO_LONGER_FITS)
        for article in (stored[item.article] for item in placed)
        if article.number not in told
    ]
    told |= {one.article for one in gone}
    former = [one for one in left_out if one.article not in told]
    return replace(choice, left_out=(*choice.left_out, *gone, *former))
