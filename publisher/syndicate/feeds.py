"""Which feeds there are, and each of them as data.

| scope                             | holds                | address                       |
|-----------------------------------|----------------------|-------------------------------|
| `all`                             | stories and updates  | `feeds/all.*`                 |
| `updates`                         | updates              | `feeds/updates.*`             |
| `section country topic author`    | stories of the term  | `feeds/{scope}/{slug}.*`      |
| `language`                        | stories in it        | `feeds/language/{tag}.*`      |
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from publisher.licensing.licences import Licence
from publisher.licensing.names import short_name
from publisher.model.article import Article, Kind, Term
from publisher.model.months import month_end, neighbours
from publisher.syndicate.entries import build_entry
from publisher.syndicate.feed import ARCHIVE_FORMATS, FEED_YEAR, ArchivePlace, Entry, Feed, Translation
from publisher.syndicate.house import House, language_name
from publisher.syndicate.markup import clean_text, is_web_address
from publisher.syndicate.page_words import page_words

#: `updated` of a feed without entries: any fixed moment will do, the present one would change on each building.
BEGINNING = datetime(FEED_YEAR, 1, 1, tzinfo=UTC)
NONE: Mapping[int, Sequence[Translation]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """A feed that is to be: where, and which articles."""

    scope: str
    slug: str  #: empty for `all` and `updates`
    name: str  #: `Mexico`; of `all`, nothing
    title: str
    kinds: tuple[Kind, ...]
    language: str | None = None  #: only articles in it
    term: int | None = None  #: only articles that have it

    @property
    def path(self) -> str:
        """Where it stands under `public/`, without extension."""
        return f"feeds/{self.scope}/{self.slug}" if self.slug else f"feeds/{self.scope}"


def plan_feeds(house: House, terms: Sequence[Term], languages: Sequence[str]) -> list[FeedPlan]:
    """The feeds of the configured scopes, in the order of pages: everything, updates, then by scope and name."""
    words = page_words(house.language)
    plans = []
    if "all" in house.scopes:
        plans.append(_plan("all", "", "", house.name, (Kind.STORY, Kind.UPDATE)))
    if "updates" in house.scopes:
        plans.append(_plan("updates", "", words["updates"], f"{house.name}: {words['updates']}", (Kind.UPDATE,)))
    for term in sorted(terms, key=lambda one: (house.scopes.index(one.scope), one.name.casefold(), one.slug)):
        name = clean_text(term.name)
        plan = _plan(term.scope, term.slug, name, f"{house.name}: {name}", (Kind.STORY,))
        plans.append(replace(plan, term=term.id))
    if "language" in house.scopes:
        for tag in sorted({one.lower(): one for one in languages}.values()):
            name = language_name(tag)
            plan = _plan("language", tag.lower(), name, f"{house.name}: {name}", (Kind.STORY,))
            plans.append(replace(plan, language=tag))
    return _told_apart(plans, house)


def build_feed(
    plan: FeedPlan,
    articles: Sequence[Article],
    house: House,
    *,
    now: datetime,
    translations: Mapping[int, Sequence[Translation]] = NONE,
    newest_archive: str | None = None,
) -> Feed:
    """The feed of these articles, newest first; nothing in it but they and the house decide its bytes.

    `translations` are of articles, by number; `newest_archive` is the last month of this feed that has a document.
    An article without a web address has no place in a feed.
    """
    feed = _feed(
        plan,
        [
            build_entry(article, house, now=now, translations=translations.get(article.number, ()))
            for article in articles
            if _has_place(article)
        ],
        house,
    )
    if newest_archive is None or not archive_forms(house):
        return feed
    here = house.address(plan.path)
    return replace(feed, archive=ArchivePlace(month=None, current=here, previous=f"{here}/{newest_archive}"))


def build_archive_feed(
    plan: FeedPlan, month: str, articles: Sequence[Article], house: House, *, months: Sequence[str]
) -> Feed:
    """The archive document of a month that is over: all its articles, withdrawn ones for ever as stand-ins.

    `months` are those of this feed that have a document. The bytes are decided by the articles and the months around:
    they change when an article does, and once more when the next month gets its document. So there are no translations
    in it, which come later, and a kit is named only if the embargo ended within the month.
    """
    ordered = sorted(articles, key=lambda one: (one.published, one.number), reverse=True)
    end = month_end(month)
    feed = _feed(plan, [build_entry(article, house, now=end) for article in ordered if _has_place(article)], house)
    here = house.address(plan.path)
    before, after = (f"{here}/{one}" if one else None for one in neighbours(month, months))
    return replace(
        feed,
        path=f"{plan.path}/{month}",
        self_urls={form: f"{here}/{month}.{form}" for form in archive_forms(house)},
        hubs=(),  # nothing is published here that a subscriber could wait for
        archive=ArchivePlace(month=month, current=here, previous=before, next=after),
    )


def archive_forms(house: House) -> tuple[str, ...]:
    """The formats that the house has archive documents in."""
    return tuple(form for form in house.formats if form in ARCHIVE_FORMATS)


def archive_paths(plan: FeedPlan, month: str, house: House) -> tuple[str, ...]:
    """The files of one month under `public/`."""
    return tuple(f"{plan.path}/{month}.{form}" for form in archive_forms(house))


def _feed(plan: FeedPlan, entries: Sequence[Entry], house: House) -> Feed:
    """The feed of these entries, in their order."""
    updated = max((entry.updated for entry in entries), default=BEGINNING)
    words = page_words(house.language)
    description = words["about_" + plan.scope].format(name=plan.name, house=house.name)
    licence = _shared_licence(entries, house)
    return Feed(
        id=f"tag:{house.host},{FEED_YEAR}:feed/{plan.path.removeprefix('feeds/')}",
        title=plan.title,
        description=f"{description} {words['full' if house.full_text else 'summaries']}",
        path=plan.path,
        home_url=house.address(f"{plan.path}/"),
        self_urls={one: house.address(f"{plan.path}.{one}") for one in house.formats},
        language=plan.language or house.language,
        licence=licence,
        rights=_rights(licence, house, updated),
        updated=updated,
        organisation=house.name,
        organisation_url=f"{house.url}/",
        about_url=house.address("feeds/"),
        hubs=house.hubs,
        entries=tuple(entries),
    )


def _has_place(article: Article) -> bool:
    """Whether an article has an address that every format can carry."""
    return is_web_address(article.url) and clean_text(article.url) == article.url


def _plan(scope: str, slug: str, name: str, title: str, kinds: tuple[Kind, ...]) -> FeedPlan:
    return FeedPlan(scope=scope, slug=slug, name=name, title=title, kinds=kinds)


def _told_apart(plans: list[FeedPlan], house: House) -> list[FeedPlan]:
    """Different feeds have different titles: a country and a topic of one name say which they are."""
    words = page_words(house.language)
    often = Counter(plan.title for plan in plans)
    often_in_scope = Counter((plan.title, plan.scope) for plan in plans)
    named = []
    for plan in plans:
        what = words[f"one_{plan.scope}"] if plan.slug else ""
        # The slug is all that tells them apart, and it is kept for ever.
        if often_in_scope[plan.title, plan.scope] > 1:  # two people of one name
            what = f"{what} {plan.slug}"
        named.append(replace(plan, title=f"{plan.title} ({what})") if what and often[plan.title] > 1 else plan)
    return named


def _shared_licence(entries: Sequence[Entry], house: House) -> Licence | None:
    """The default licence, if each entry that is still there has it: an entry without would seem to inherit it."""
    there = [entry for entry in entries if entry.withdrawn is None]
    # RFC 4946 section 3: an entry without its own licence link has the feed's.
    has_all = bool(there) and all(entry.licence == house.licence for entry in entries)
    return house.licence if has_all and house.licence and house.licence.is_open else None


def _rights(licence: Licence | None, house: House, updated: datetime) -> str:
    """The feed's copyright line; the year is that of its newest change."""
    words = page_words(house.language)
    terms = words["unless"].format(licence=short_name(licence)) if licence else words["each_says"]
    return f"© {updated.astimezone(house.zone).year} {house.rights_holder}. {terms}"
