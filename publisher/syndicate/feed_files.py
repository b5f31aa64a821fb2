"""The files of feeds, their pages for people, and what leads to everything else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.model.article import Article, Kind, Scope
from publisher.store.articles import list_languages, list_newest, list_siblings, list_terms, newest_change
from publisher.store.due import Touched
from publisher.store.engine import Store
from publisher.store.files import iter_files
from publisher.syndicate import sitemap
from publisher.syndicate.atom import render_atom
from publisher.syndicate.entries import build_entry, translations_of
from publisher.syndicate.feed import Feed
from publisher.syndicate.feeds import BEGINNING, FeedPlan, build_feed, plan_feeds
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.month_files import document
from publisher.syndicate.opml import render_opml
from publisher.syndicate.pages import ITEMS, Site, render_feed_list, render_feed_page, render_home
from publisher.syndicate.rss import render_rss
from publisher.syndicate.writer import Made, PublicWriter, made_text

RENDERERS: dict[str, Callable[[Feed], bytes]] = {"rss": render_rss, "atom": render_atom, "json": render_json_feed}
STAND_IN = timedelta(days=30)  #: so long a withdrawn article's stand-in stays in feeds
BOTH = (Kind.STORY, Kind.UPDATE)
FEW = 100
OPML_FORMATS = {"rss", "atom"}  #: OPML knows no JSON Feed
Progress = Callable[[str, int], None]  #: what is being built, and how many of it are done


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What all files of one build are made from: the store's newest revision, and the present."""

    revision: int
    now: datetime


def plan_all(site: Site, store: Store) -> list[FeedPlan]:
    """Every feed that there is to be."""
    scopes = [Scope(name) for name in site.house.scopes if name in set(Scope)]
    with store.read() as tx:
        terms = [term for scope in scopes for term in list_terms(tx, scope)]
        return plan_feeds(site.house, terms, list_languages(tx, kinds=(Kind.STORY,)))


def is_touched(plan: FeedPlan, touched: Touched) -> bool:
    """Whether a changed article is or was in a feed; one of the same name may have to be told apart from now on."""
    if not plan.slug:
        return True
    if plan.language:
        return plan.language.lower() in touched.languages
    return any(plan.term == one.id or plan.name.casefold() == one.name.casefold() for one in touched.terms)


def write_feed(
    site: Site, writer: PublicWriter, plan: FeedPlan, moment: Moment, *, newest_archive: str | None
) -> list[str]:
    """Writes one feed, its page for people first; gives the addresses of the documents whose bytes changed."""
    house = site.house
    articles = articles_of(plan, writer.store, limit=house.items, now=moment.now)
    with writer.store.read() as tx:
        works = [*articles, *list_siblings(tx, articles)]
    translations = {one.number: translations_of(one, works) for one in articles}
    feed = build_feed(plan, articles, house, now=moment.now, translations=translations, newest_archive=newest_archive)
    files = {f"{plan.path}/index.html": made_text(render_feed_page(site, feed, plan), moment.revision)}
    files |= {
        f"{plan.path}.{form}": Made(data=RENDERERS[form](feed), revision=moment.revision) for form in house.formats
    }
    return [house.address(path) for path in writer.write(files) if not path.endswith(".html")]


def write_indexes(site: Site, writer: PublicWriter, plans: list[FeedPlan], moment: Moment) -> None:
    """Writes what leads to everything else."""
    house = site.house
    with writer.store.read() as tx:
        newest = list_newest(tx, kinds=BOTH, limit=ITEMS)
        updated = newest_change(tx) or BEGINNING
    entries = [build_entry(article, house, now=moment.now) for article in newest]
    files = {
        "robots.txt": made_text(sitemap.render_robots(house), moment.revision),
        "index.html": made_text(render_home(site, entries, plans), moment.revision),
    }
    if OPML_FORMATS & set(house.formats):
        opml = render_opml(house, plans, updated=updated)
        files = {"feeds/opml.xml": Made(data=opml, revision=moment.revision)} | files
    writer.write(files)


def write_feed_list(site: Site, writer: PublicWriter, plans: list[FeedPlan], moment: Moment) -> None:
    """Writes the page that lists all feeds; some thousand of them take a while."""
    writer.write({"feeds/index.html": made_text(render_feed_list(site, plans), moment.revision)})


def write_news_sitemap(site: Site, writer: PublicWriter, moment: Moment) -> None:
    """Writes the sitemap of the last two days, which time alone changes."""
    with writer.store.read() as tx:
        newest = list_newest(tx, kinds=BOTH, limit=FEW)
        if len(newest) == FEW and newest[-1].published > moment.now - sitemap.AGE:  # a busy day
            newest = list_newest(tx, kinds=BOTH, limit=sitemap.LIMIT)
    document = sitemap.render_news_sitemap(newest, site.house, now=moment.now)
    writer.write({"sitemap-news.xml": Made(data=document, revision=moment.revision)})


def articles_of(plan: FeedPlan, store: Store, *, limit: int, now: datetime) -> list[Article]:
    """The newest articles of a feed, with those withdrawn lately."""
    with store.read() as tx:
        return list_newest(
            tx,
            kinds=plan.kinds,
            limit=limit,
            language=plan.language,
            term=plan.term,
            withdrawn_since=now - STAND_IN,
        )


def vanished_files(writer: PublicWriter, plans: list[FeedPlan], formats: tuple[str, ...]) -> Iterator[str]:
    """Files of feeds that are no more: their term has no public story, or a scope or format is not wanted now."""
    wanted = {f"{plan.path}.{form}" for plan in plans for form in formats} | {"feeds/index.html"}
    wanted |= {f"{plan.path}/index.html" for plan in plans}
    wanted |= {"feeds/opml.xml"} if OPML_FORMATS & set(formats) else set()
    archived = {plan.path for plan in plans} if OPML_FORMATS & set(formats) else set()
    for one in iter_files(writer.store, "feeds/"):
        if one.path not in wanted and not (one.path.rpartition("/")[0] in archived and document(one.path)):
            yield one.path


def files_of_vanished(writer: PublicWriter, plans: list[FeedPlan], touched: Touched) -> Iterator[str]:
    """The same, of terms and languages alone whose last public story is gone since the last build."""
    paths = {f"feeds/{one.scope}/{one.slug}" for one in touched.terms}
    paths |= {f"feeds/language/{tag}" for tag in touched.languages}
    for path in paths - {plan.path for plan in plans}:
        yield from (one.path for one in iter_files(writer.store, f"{path}."))
        yield from (one.path for one in iter_files(writer.store, f"{path}/"))
