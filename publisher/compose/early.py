"""Composing ahead of time: a slot whose time to be composed has not come is not ended for want of articles.

    now ── too little: nothing is written ──► slot - review ── too little: the slot ends as `skipped` ──►

What is still published before the slot counts for it, so whoever looks early may not take it from the readers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.compose.choose import choose_items
from publisher.compose.edition import Composer, candidates, rules_of
from publisher.model.edition import Arrangement
from publisher.settings import NewsletterSettings
from publisher.store import editions, items


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What a slot lacks as long as it is not due."""

    newsletter: str
    slot: datetime
    counts: Mapping[str, int]  #: new items, by language
    minimum: int

    @property
    def words(self) -> str:
        """For a person."""
        found = ", ".join(f"{count} of {self.minimum} in {language}" for language, count in self.counts.items())
        return f"too little new so far: {found}; the slot stays open"


def find_shortage(composer: Composer, name: str, slot: datetime, *, now: datetime) -> Shortage | None:
    """What an edition of this slot would lack; None where one can be made, is there, or is due to be judged.

    Looked at before anything of the edition is written down.
    """
    settings = composer.rules(name)
    if now >= slot - lead_of(settings):
        return None
    with composer.store.read() as tx:
        newsletter = editions.find_number(tx, name)
        is_first, is_there = True, False
        if newsletter is not None:
            is_first = not items.has_carried(tx, newsletter)
            is_there = bool(editions.find_open_edition(tx, newsletter) or editions.find_edition(tx, newsletter, slot))
        if is_there:
            return None
        rules = rules_of(composer, name, arrangement=Arrangement(), is_first=is_first)
        choice = choose_items(candidates(tx, newsletter or 0, rules), rules, slot=slot)
    if choice.languages:
        return None
    return Shortage(newsletter=name, slot=slot, counts=choice.counts, minimum=rules.minimum)


def lead_of(rules: NewsletterSettings) -> timedelta:
    """How long before its slot an edition is composed; one that must be approved, at the slot."""
    return rules.review if isinstance(rules.review, timedelta) else timedelta(0)
