"""Makes the edition of a slot and writes it down: items, reasons, fragments, variants. Never sends.

open (one row per newsletter and slot) ─► choose ─► render, outside any transaction ─► store in one
"""

import secrets
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from publisher.compose.choose import Choice, Rules, choose_items
from publisher.compose.digest import DigestMaker, in_reading_order, preheader_of, subject_of
from publisher.compose.keep import keep_articles, rules_for_keeping, with_former
from publisher.compose.schedule import send_by
from publisher.model.article import Article
from publisher.model.edition import (
    OPEN_TO_EDIT,
    Arrangement,
    Edition,
    EditionItem,
    EditionState,
    Fragment,
    LeftOutItem,
    SlotOutcome,
    edition_tag,
)
from publisher.model.errors import UsageError
from publisher.render.fragments import BYTE_WARN, fit_items, render_fragments
from publisher.render.headers import ListFacts, envelope_headers
from publisher.settings import NewsletterSettings, Settings
from publisher.store import articles, editions, house, items, slots
from publisher.store.engine import Store, Tx

NO_ROOM = "no room: the letter would be over {size} KB"


def new_mark() -> str:
    """A random mark for a cut's hole tokens, so that no text can hold one."""
    return secrets.token_hex(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """What composing needs at hand."""

    settings: Settings
    store: Store
    templates: Sequence[Path]
    mark: Callable[[], str] = new_mark

    def rules(self, name: str) -> NewsletterSettings:
        """A newsletter's settings; raises `UsageError` for a name that is not configured."""
        if name not in self.settings.newsletters:
            known = ", ".join(self.settings.newsletters) or "none yet"
            raise UsageError(f"There is no newsletter {name!r} in {self.settings.file}; there is: {known}.")
        return self.settings.newsletters[name]

    def list_id(self, name: str) -> str:
        """The List-Id that a newsletter gets at first use."""
        return f"{name}.{self.settings.newsroom.host}"


def compose_edition(composer: Composer, name: str, slot: datetime, *, by_clock: bool, now: datetime) -> Edition:
    """The edition of a slot: made if nobody made it yet, else as it is.

    `by_clock`: the slot is one of the schedule's, so that the edition goes by itself at its time. Raises
    `WrongStateError` while another edition of the newsletter is open.
    """
    settings = composer.rules(name)
    zone = composer.settings.zone(name)
    values = {
        "tag": edition_tag(name, slot),
        "state": EditionState.REVIEW if settings.review == "required" else EditionState.COMPOSED,
        "reason": None,
        "composed_at": now,
        "goes_at": goes_at(settings, slot, by_clock=by_clock, now=now),
        "send_by": max(send_by(settings.schedule, zone, slot, settings.send_by), now + timedelta(minutes=1)),
        "archive": "",
    }
    with composer.store.begin() as tx:
        newsletter = editions.ensure_newsletter(tx, name, list_id=composer.list_id(name))
        # Only the clock's own look makes a slot the clock's: one composed ahead must not move where it goes on.
        slots.open_slot(tx, newsletter, slot, by_clock=False)
        edition, is_new = editions.open_edition(tx, newsletter, slot, values)
        if is_new:
            editions.change_edition(tx, edition.id, archive=archive_of(tx, edition, slot.astimezone(zone)))
            slots.tie_slot(tx, newsletter, slot, edition.id)
    if not is_new and (edition.cut or edition.state not in OPEN_TO_EDIT):
        return edition
    return arrange_edition(composer, edition.id, now=now)


def goes_at(settings: NewsletterSettings, slot: datetime, *, by_clock: bool, now: datetime) -> datetime | None:
    """From when an edition is sent without a person's word: a late composing keeps its full review."""
    if settings.review == "required" or not by_clock:
        return None
    if isinstance(settings.review, timedelta):
        return max(slot, now + settings.review)
    return slot


def archive_of(tx: Tx, edition: Edition, local: datetime) -> str:
    """The edition's folder in the web archive: dated in the newsletter's zone, `-2` for a second one of a day."""
    folder = f"editions/{edition.newsletter}/{local:%Y-%m-%d}"
    taken = editions.count_archives(tx, folder)
    return f"{folder}-{taken + 1}" if taken else folder


def arrange_edition(composer: Composer, number: int, *, now: datetime) -> Edition:
    """Renders an edition that is not frozen, anew; ends it as skipped when there is too little in it.

    It chooses only once, when it is composed: after that nothing enters by itself, only what a person pins.
    """
    with composer.store.read() as tx:
        edition = editions.get_edition(tx, number)
        newsletter = editions.newsletter_of(tx, number)
        is_first = not items.has_carried(tx, newsletter)
        rules = rules_of(composer, edition.newsletter, arrangement=edition.arrangement, is_first=is_first)
        choice = choose_again(tx, edition, rules) if edition.cut else choose_first(tx, newsletter, edition, rules)
        wanted = {item.article for item in choice.items}
        found = articles.read_numbers(tx, wanted)
    if not choice.languages:
        return skip_edition(composer.store, edition, choice, rules)
    main = choice.languages[0]
    maker = DigestMaker(settings=composer.settings, edition=edition, mark=composer.mark(), main_language=main)
    drafts = [fitting_draft(composer, maker, choice.items, found, language) for language in choice.languages]
    fitting = {item.article for one in drafts for item in one.items}
    choice = without_crowded_out(choice, fitting)
    with composer.store.begin() as tx:
        current = editions.get_edition(tx, number)
        if current.state not in OPEN_TO_EDIT:  # somebody froze it meanwhile
            return current
        editions.drop_cuts(tx, number)
        editions.store_items(tx, number, choice.items, choice.left_out)
        store_content(tx, composer, maker, drafts, now=now)
        if not edition.is_custom:
            editions.change_edition(tx, number, subject=drafts[0].subject, preheader=drafts[0].preheader)
        return editions.get_edition(tx, number)


def choose_first(tx: Tx, newsletter: int, edition: Edition, rules: Rules) -> Choice:
    """What an edition is composed from: all that its newsletter has not carried."""
    return choose_items(candidates(tx, newsletter, rules), rules, slot=edition.slot)


def choose_again(tx: Tx, edition: Edition, rules: Rules) -> Choice:
    """What a composed edition keeps, with what a person pinned."""
    placed, left_out = editions.list_items(tx, edition.id), editions.list_left_out(tx, edition.id)
    kept = keep_articles(candidates(tx, editions.newsletter_of(tx, edition.id), rules), placed, rules)
    choice = choose_items(kept, rules_for_keeping(rules, placed), slot=edition.slot)
    return with_former(choice, placed, left_out, articles.read_numbers(tx, [item.article for item in placed]))


def rules_of(composer: Composer, name: str, *, arrangement: Arrangement, is_first: bool) -> Rules:
    """The newsletter's rules for choosing."""
    settings = composer.rules(name)
    languages = settings.select.languages or composer.settings.newsroom.languages
    return Rules(
        languages=tuple(languages),
        kinds=settings.select.kinds,
        sections=frozenset(settings.select.sections),
        countries=frozenset(settings.select.countries),
        topics=frozenset(settings.select.topics),
        blocks=settings.blocks,
        minimum=settings.minimum,
        maximum=settings.maximum,
        max_age=settings.max_age,
        is_first=is_first,
        arrangement=arrangement,
    )


def candidates(tx: Tx, newsletter: int, rules: Rules) -> Iterator[Article]:
    """What the newsletter has not carried, newest first, a page at a time."""
    numbers = [number for number, _ in items.list_candidates(tx, newsletter, kinds=rules.kinds)]
    for start in range(0, len(numbers), articles.PAGE):
        page = numbers[start : start + articles.PAGE]
        found = articles.read_numbers(tx, page)
        yield from (found[number] for number in page if number in found)


def skip_edition(store: Store, edition: Edition, choice: Choice, rules: Rules) -> Edition:
    """Ends an edition that has too little in it, with the number written down; its items stay for the next."""
    found = ", ".join(f"{count} in {language}" for language, count in choice.counts.items())
    why = f"too little is new: {found}; the minimum is {rules.minimum}"
    with store.begin() as tx:
        if editions.move_edition(tx, edition.id, to=EditionState.SKIPPED, among=sorted(OPEN_TO_EDIT), reason=why):
            editions.drop_cuts(tx, edition.id)  # only now: somebody may have frozen it meanwhile
            editions.store_items(tx, edition.id, choice.items, choice.left_out)
            slots.close_slot(tx, edition.id, SlotOutcome.SKIPPED, why)
        return editions.get_edition(tx, edition.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An edition in one language, rendered."""

    language: str
    subject: str
    preheader: str
    items: tuple[EditionItem, ...]
    fragments: tuple[Fragment, ...]


def fitting_draft(
    composer: Composer, maker: DigestMaker, items: Sequence[EditionItem], found: Mapping[int, Article], language: str
) -> Draft:
    """One language of an edition, short enough to be shown whole: what was chosen last is left out of a longer one.

    Raises `UsageError` where there is no room for a single article.
    """
    chosen = [item for item in items if item.language == language]
    while True:
        one = draft(composer, maker, chosen, found, language)
        place = {item.article: item.position for item in chosen}
        in_order_of_choice = sorted(one.fragments, key=lambda part: place.get(part.article or 0, -1))
        fitting = fit_items(in_order_of_choice)
        if fitting == len(chosen):
            return one
        if not fitting:
            raise UsageError(
                f"Edition {maker.edition.id} ({language}) is over {BYTE_WARN // 1000} KB before its first article, and"
                " mail clients cut such a letter off. Shorten its note (`publisher edit`), the newsletter's appeal or"
                " your own templates."
            )
        chosen = chosen[:fitting]


def without_crowded_out(choice: Choice, fitting: Container[int]) -> Choice:
    """The choice less what the letters have no room for; that stays new."""
    crowded = [item for item in choice.items if item.article not in fitting]
    why = NO_ROOM.format(size=BYTE_WARN // 1000)
    return replace(
        choice,
        items=tuple(item for item in choice.items if item.article in fitting),
        left_out=(*choice.left_out, *(LeftOutItem(article=one.article, title=one.title, why=why) for one in crowded)),
    )


def draft(
    composer: Composer, maker: DigestMaker, chosen: Sequence[EditionItem], found: Mapping[int, Article], language: str
) -> Draft:
    """Renders one language of an edition: templates and inlining run here."""
    edition = maker.edition
    first = in_reading_order(chosen, composer.rules(edition.newsletter).blocks)
    # what a person wrote is in the edition's first language; the others keep their own words
    is_custom = edition.is_custom and language == maker.main_language
    subject = (is_custom and edition.subject) or subject_of(composer.rules(edition.newsletter).title[language], first)
    preheader = (is_custom and edition.preheader) or preheader_of(first, found[first[0].article].summary)
    digest = maker.make(language, subject=subject, preheader=preheader, items=[(i, found[i.article]) for i in chosen])
    fragments = tuple(render_fragments(digest, folders=composer.templates))
    return Draft(language=language, subject=subject, preheader=preheader, items=tuple(chosen), fragments=fragments)


def store_content(tx: Tx, composer: Composer, maker: DigestMaker, drafts: Sequence[Draft], *, now: datetime) -> None:
    """Writes a new cut: its fragments and a variant for each language."""
    fragments: list[Fragment] = []
    variants: list[editions.NewVariant] = []
    for one in drafts:
        start = len(fragments)
        fragments += one.fragments
        places = tuple(range(start, len(fragments)))
        variants.append(
            editions.NewVariant(language=one.language, subject=one.subject, preheader=one.preheader, fragments=places)
        )
    values = {
        "edition": maker.edition.id,
        "mark": maker.mark,
        "sender": composer.settings.provider.from_,
        "headers": [list(header) for header in envelope_headers(list_facts(tx, composer, maker))],
        "at": now,
        "frozen_at": None,
    }
    editions.store_cut(tx, values, fragments, variants)


def list_facts(tx: Tx, composer: Composer, maker: DigestMaker) -> ListFacts:
    """What the header fields of an edition are made from."""
    edition, settings = maker.edition, composer.settings
    return ListFacts(
        edition=edition.tag,
        newsletter=edition.newsletter,
        list_id=editions.list_id_of(tx, editions.newsletter_of(tx, edition.id)),
        list_title=settings.newsletters[edition.newsletter].title[settings.newsroom.languages[0]],
        sender_id=house.get_store_id(tx),
        mark=maker.mark,
        reply_to=settings.provider.reply_to,
        archive_url=f"{settings.newsroom.public_url}/{edition.archive}/",
    )
