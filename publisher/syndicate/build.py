"""Brings `public/` up to date with the store.

Order: assets, pages and kits, feeds, indexes; removals the other way round. So nobody is led to a page that is not
there yet, or not there any more. A kit is rendered again when its article has a new revision, or when settings or
templates changed; everything else is rendered each time and written when its bytes differ. `full` renders all.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from publisher.model.article import Article, Kind, Scope
from publisher.model.errors import FilesError
from publisher.render.environment import read_source, template_environment
from publisher.settings import Settings
from publisher.shipped import shipped_folder
from publisher.store.articles import is_image_shown, list_languages, list_newest, list_terms
from publisher.store.engine import Store
from publisher.store.files import list_files, source_revision
from publisher.syndicate import sitemap
from publisher.syndicate.archive import build_archive
from publisher.syndicate.atom import render_atom
from publisher.syndicate.entries import build_entry
from publisher.syndicate.feed import Feed
from publisher.syndicate.feeds import BEGINNING, FeedPlan, build_feed, plan_feeds
from publisher.syndicate.house import house_of
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.kits import build_kits
from publisher.syndicate.opml import render_opml
from publisher.syndicate.pages import ASSETS, ITEMS, Site, render_asset, render_feed_list, render_feed_page, render_home
from publisher.syndicate.rss import render_rss
from publisher.syndicate.writer import Made, PublicWriter

RENDERERS: dict[str, Callable[[Feed], bytes]] = {"rss": render_rss, "atom": render_atom, "json": render_json_feed}
STAND_IN = timedelta(days=30)  #: so long a withdrawn article's stand-in stays in feeds
BOTH = (Kind.STORY, Kind.UPDATE)
FEW = 100
Media = Iterable[tuple[str, Path]]  #: paths below `public/`, and the file of each
Progress = Callable[[str, int], None]  #: what is being built, and how many of it are done


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did; a `.gz` is not counted apart."""

    written: int
    unchanged: int
    removed: int
    seconds: float
    feeds: tuple[str, ...] = ()  #: addresses of the feeds whose bytes changed, for their hubs


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The feeds of one build."""

    plans: tuple[FeedPlan, ...]
    changed: tuple[str, ...]  #: addresses
    updated: datetime


def build_public(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    media: Media = (),
    full: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds everything that the public reads; one builder at a time, others wait.

    `media` are pictures that lie with us, by path; those that a public article shows are copied.
    A second build from the same store writes nothing. Raises `FilesError` when `public/` cannot be written, and
    `ConfigurationError` for a template at fault; what stood there before still stands.
    """
    started = time.monotonic()
    site = open_site(settings)
    tell = progress or (lambda _what, _done: None)
    with store.only_builder():
        mark = fingerprint(site, settings)
        memory = settings.var / "build.sha256"
        # Templates and settings are in no revision: a change of them makes every kit stale at once.
        everything = full or not memory.is_file() or memory.read_text().strip() != mark
        with store.read() as tx:
            revision = source_revision(tx)
        writer = PublicWriter(settings.public, store)
        writer.write({path: _made(render_asset(site, path), revision) for path in ASSETS})
        copy_media(site, writer, media, revision)
        leftovers = build_kits(site, writer, now=now, everything=everything, progress=tell)
        writer.flush()
        feeds = build_feeds(site, writer, revision, now=now, progress=tell)
        writer.flush()
        build_archive(store, writer)
        build_indexes(site, writer, revision, feeds, now=now)
        writer.flush()
        writer.remove(list(_vanished_feeds(writer, feeds.plans, site.house.formats)))
        writer.remove(leftovers)
        # Written last: a build that broke off is done again from the start.
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(f"{mark}\n")
    seconds = round(time.monotonic() - started, 3)
    return BuildReport(
        written=writer.written,
        unchanged=writer.unchanged,
        removed=writer.removed,
        seconds=seconds,
        feeds=feeds.changed,
    )


def build_archive_only(settings: Settings, store: Store) -> None:
    """Writes the archive's pages alone: before an edition goes, since its mails name them."""
    with store.only_builder():
        build_archive(store, PublicWriter(settings.public, store))


def copy_media(site: Site, writer: PublicWriter, media: Media, revision: int) -> None:
    """Copies the pictures that public articles show; one of an article that is not public yet stays where it is."""
    for path, file in media:
        with writer.store.read() as tx:
            is_shown = is_image_shown(tx, site.house.address(quote(path)))
        if is_shown:
            try:
                writer.write({path: Made(data=file.read_bytes(), revision=revision)})
            except OSError as error:
                raise FilesError(f"{file} cannot be read: {error.strerror}. Let this user read it.") from error
    writer.flush()


def open_site(settings: Settings) -> Site:
    """The house and its templates, the newsroom's own first."""
    folders = (settings.folder / "templates", shipped_folder("templates"))
    return Site(house=house_of(settings), templates=template_environment(folders), folders=folders)


def fingerprint(site: Site, settings: Settings) -> str:
    """Changes with whatever a page is made from besides articles: settings, templates, our own version."""
    parts = [version("newsroom-publisher")]
    parts.append(settings.model_dump_json(include={"newsroom", "licence", "feeds"}))
    parts.append(json.dumps([[source.id, source.kind, source.url] for source in settings.sources]))
    names = sorted(name for name in site.templates.list_templates() if name.startswith("web/"))
    parts += [read_source(site.folders, name) for name in names]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def build_feeds(site: Site, writer: PublicWriter, revision: int, *, now: datetime, progress: Progress) -> Feeds:
    """Writes each feed, its page for people first."""
    house = site.house
    scopes = [Scope(name) for name in house.scopes if name in set(Scope)]
    with writer.store.read() as tx:
        terms = [term for scope in scopes for term in list_terms(tx, scope)]
        plans = plan_feeds(house, terms, list_languages(tx))
    done, changed, updated = [], [], BEGINNING
    # One feed in memory at a time, each from its own short read.
    for plan in plans:
        articles = _articles_of(plan, writer.store, limit=house.items, now=now)
        if plan.language and not articles:
            continue  # a language that only updates are written in
        feed = build_feed(plan, articles, house, now=now)
        files = {f"{plan.path}/index.html": _made(render_feed_page(site, feed, plan), revision)}
        files |= {f"{plan.path}.{form}": Made(data=RENDERERS[form](feed), revision=revision) for form in house.formats}
        changed += [house.address(path) for path in writer.write(files) if not path.endswith(".html")]
        updated = max(updated, feed.updated)
        done.append(plan)
        progress("feeds", len(done))
    return Feeds(plans=tuple(done), changed=tuple(sorted(changed)), updated=updated)


def build_indexes(site: Site, writer: PublicWriter, revision: int, feeds: Feeds, *, now: datetime) -> None:
    """Writes what leads to everything else."""
    house = site.house
    with writer.store.read() as tx:
        newest = list_newest(tx, kinds=BOTH, limit=FEW)
        if len(newest) == FEW and newest[-1].published > now - sitemap.AGE:  # a busy day
            newest = list_newest(tx, kinds=BOTH, limit=sitemap.LIMIT)
    entries = [build_entry(article, house, now=now) for article in newest[:ITEMS]]
    files = {
        "feeds/index.html": _made(render_feed_list(site, feeds.plans), revision),
        "sitemap-news.xml": Made(data=sitemap.render_news_sitemap(newest, house, now=now), revision=revision),
        "robots.txt": _made(sitemap.render_robots(house), revision),
        "index.html": _made(render_home(site, entries, feeds.plans), revision),
    }
    if OPML_FORMATS & set(house.formats):
        opml = render_opml(house, feeds.plans, updated=feeds.updated)
        files = {"feeds/opml.xml": Made(data=opml, revision=revision)} | files
    writer.write(files)


OPML_FORMATS = {"rss", "atom"}  #: OPML knows no JSON Feed


def _articles_of(plan: FeedPlan, store: Store, *, limit: int, now: datetime) -> list[Article]:
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


def _vanished_feeds(writer: PublicWriter, plans: tuple[FeedPlan, ...], formats: tuple[str, ...]) -> Iterator[str]:
    """Files of feeds that are no more: their term has no public story, or a scope or format is not wanted now."""
    wanted = {f"{plan.path}.{form}" for plan in plans for form in formats} | {"feeds/index.html"}
    wanted |= {f"{plan.path}/index.html" for plan in plans}
    wanted |= {"feeds/opml.xml"} if OPML_FORMATS & set(formats) else set()
    # The list is read by key, so that no read stays open while files go.
    after = ""
    while True:
        with writer.store.read() as tx:
            page = list_files(tx, after=after)
        yield from (one.path for one in page if one.path.startswith("feeds/") and one.path not in wanted)
        if not page:
            return
        after = page[-1].path


def _made(text: str, revision: int) -> Made:
    return Made(data=text.encode(), revision=revision)
