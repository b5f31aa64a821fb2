"""Brings `public/` up to date with the store.

Order: assets, pages and kits, feeds, indexes; removals the other way round. So nobody is led to a page that is not
there yet, or not there any more.

What is due is read from the store: articles that changed since the last build (`store.unbuilt`), those for which time
did (an embargo ended), and the feeds that such an article is or was in. Settings and templates are in no article: a
change of them makes everything due, as `full` does. A build that has nothing to do looks at a part of what stands
instead (`audit`): whatever differs is healed and reported.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import structlog

from publisher.model.errors import FilesError
from publisher.model.months import month_of
from publisher.render.environment import read_source, template_environment
from publisher.settings import Settings
from publisher.shipped import shipped_folder
from publisher.store.articles import is_image_shown
from publisher.store.due import (
    Built,
    Touched,
    finish_building,
    load_built,
    save_built,
    start_building,
    touched_by_changes,
)
from publisher.store.engine import Store, Tx
from publisher.store.files import count_files, source_revision
from publisher.store.pings import want_pings
from publisher.store.unbuilt import mark_passed
from publisher.syndicate.archive import build_archive
from publisher.syndicate.audit import audit
from publisher.syndicate.feed_files import (
    STAND_IN,
    Moment,
    Progress,
    files_of_vanished,
    is_touched,
    plan_all,
    vanished_files,
    write_feed,
    write_feed_list,
    write_indexes,
    write_news_sitemap,
)
from publisher.syndicate.feeds import FeedPlan
from publisher.syndicate.files import clear_unfinished
from publisher.syndicate.house import House, KitId, house_of
from publisher.syndicate.hubs import is_topic
from publisher.syndicate.kits import build_kits
from publisher.syndicate.month_files import write_months
from publisher.syndicate.pages import ASSETS, Site, render_asset
from publisher.syndicate.writer import Made, News, PublicWriter, made_text

log = structlog.get_logger()

Media = Iterable[tuple[str, Path]]  #: paths below `public/`, and the file of each
#: Without these somebody took `public/` away, and all of it is made anew.
LANDMARKS = ("index.html", "feeds/index.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did; a `.gz` is not counted apart."""

    written: int
    unchanged: int  #: files that stand as they stood
    removed: int
    seconds: float
    feeds: tuple[str, ...] = ()  #: addresses of the feeds whose bytes changed, for their hubs


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The feeds after a build."""

    plans: str  #: digest of the list of all
    changed: tuple[str, ...]  #: addresses of those whose bytes changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one build has to do."""

    moment: Moment
    fingerprint: str
    everything: bool
    touched: Touched  #: by the articles that changed
    before: Built  #: the last build, or one that made nothing

    @property
    def is_idle(self) -> bool:
        """Whether nothing that is built from articles can have changed."""
        return not (self.everything or self.is_new_month or self.touched.articles)

    @property
    def is_new_month(self) -> bool:
        """Whether a month ended since the last build: each feed may have a new archive document."""
        return month_of(self.before.at) != month_of(self.moment.now)

    def is_due(self, plan: FeedPlan) -> bool:
        """Whether a feed may be another one now."""
        return self.everything or self.is_new_month or (not self.is_idle and is_touched(plan, self.touched))


def build_public(  # noqa: PLR0913 - all but the first three are optional
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    media: Media = (),
    full: bool = False,
    progress: Progress | None = None,
    kit_id: KitId | None = None,
) -> BuildReport:
    """Builds what the public reads, as far as it is due; one builder at a time, others wait.

    `media` are pictures that lie with us, by path; those that a public article shows are copied.
    A second build from the same store writes nothing. Raises `FilesError` when `public/` cannot be written, and
    `ConfigurationError` for a template at fault; what stood there before still stands.
    """
    started = time.monotonic()
    site = open_site(settings, kit_id)
    with store.only_builder():
        task = start(site, settings, store, now=now, full=full)
        writer = PublicWriter(settings.public, store, tell=hub_news(site.house, now))
        clear_unfinished(settings.public)
        feeds = build(site, writer, task, media, progress or (lambda _what, _done: None))
        last = Built(
            fingerprint=task.fingerprint, at=now, plans=feeds.plans, audited=task.before.audited + task.is_idle
        )
        clear_unfinished(settings.public)
        # Written last: what a build that broke off did not come to is due again.
        with store.begin() as tx:
            finish_building(tx)
            save_built(tx, last)
            unchanged = count_files(tx) - writer.written
    seconds = round(time.monotonic() - started, 3)
    return BuildReport(
        written=writer.written, unchanged=unchanged, removed=writer.removed, seconds=seconds, feeds=feeds.changed
    )


def build_archive_only(settings: Settings, store: Store) -> None:
    """Writes the archive's pages alone: before an edition goes, since its mails name them."""
    with store.only_builder():
        build_archive(store, PublicWriter(settings.public, store), everything=False)


def start(site: Site, settings: Settings, store: Store, *, now: datetime, full: bool) -> Task:
    """Finds out what is due."""
    mark = fingerprint(site, settings)
    with store.begin() as tx:
        last = load_built(tx)
        if last:
            mark_passed(tx, since=last.at, now=now, embargo=site.house.embargo, stand_in=STAND_IN)
        start_building(tx)
        touched = touched_by_changes(tx)
        moment = Moment(revision=source_revision(tx), now=now)
    is_there = all((settings.public / name).is_file() for name in LANDMARKS)
    before = last or Built(fingerprint="", at=now)
    everything = full or before.fingerprint != mark or not is_there
    return Task(moment=moment, fingerprint=mark, everything=everything, touched=touched, before=before)


def build(site: Site, writer: PublicWriter, task: Task, media: Media, tell: Progress) -> Feeds:
    """Writes and removes what is due, in the order that leads nobody astray."""
    moment, house = task.moment, site.house
    writer.write({path: made_text(render_asset(site, path), moment.revision) for path in ASSETS})
    copy_media(site, writer, media, moment.revision)
    leftovers = build_kits(site, writer, now=moment.now, everything=task.everything, progress=tell)
    writer.flush()
    changed: list[str] = []
    plans = plan_all(site, writer.store)
    due = [plan for plan in plans if task.is_due(plan)]
    for done, plan in enumerate(due, start=1):  # one feed in memory at a time, each from its own short read
        touched = None if task.everything else task.touched.months
        months = write_months(site, writer, plan, touched, revision=moment.revision, now=moment.now)
        changed += write_feed(site, writer, plan, moment, newest_archive=months.newest)
        leftovers += months.leftovers
        tell("feeds", done)
    writer.flush()
    build_archive(writer.store, writer, everything=task.everything)
    if task.is_idle:
        audit(site, writer, plans, moment, turn=task.before.audited)
    else:
        write_indexes(site, writer, plans, moment)
    feeds = Feeds(plans=hashlib.sha256(repr(plans).encode()).hexdigest(), changed=tuple(sorted(changed)))
    if task.everything or feeds.plans != task.before.plans:
        write_feed_list(site, writer, plans, moment)
    write_news_sitemap(site, writer, moment)
    writer.flush()
    vanished = (
        vanished_files(writer, plans, house.formats)
        if task.everything
        else files_of_vanished(writer, plans, task.touched)
    )
    writer.remove(list(vanished))
    writer.remove(leftovers)
    return feeds


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


def open_site(settings: Settings, kit_id: KitId | None = None) -> Site:
    """The house and its templates, the newsroom's own first; `kit_id` names the counters of kits."""
    folders = (settings.folder / "templates", shipped_folder("templates"))
    return Site(house=house_of(settings, kit_id), templates=template_environment(folders), folders=folders)


def hub_news(house: House, now: datetime) -> News:
    """Owes the hubs a word of each feed whose bytes changed."""

    def tell(tx: Tx, paths: Sequence[str]) -> None:
        topics = [house.address(path) for path in paths if is_topic(path, house.formats)]
        want_pings(tx, house.hubs, topics, now=now)

    return tell


def fingerprint(site: Site, settings: Settings) -> str:
    """Changes with whatever a page is made from besides articles: settings, templates, our own version."""
    parts = [version("newsroom-publisher")]
    parts.append(settings.model_dump_json(include={"newsroom", "licence", "feeds"}))
    parts.append(json.dumps([[source.id, source.kind, source.url] for source in settings.sources]))
    names = sorted(name for name in site.templates.list_templates() if name.startswith("web/"))
    parts += [read_source(site.folders, name) for name in names]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
