"""Gathering in a test: settings for one source, a run, and what is stored after it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.gather.run import SourceReport, gather_source
from publisher.model.article import Article, RevisionKind
from publisher.settings import Settings, SourceSettings
from publisher.store.articles import get_article, list_articles, list_revisions
from publisher.store.engine import Store
from publisher.store.known import find_known
from tests.builders import FRIDAY
from tests.gather.newsrooms import Newsroom

SOURCE = "site"


@dataclass(slots=True)
class StandingClock:
    """A clock that only a test moves."""

    moment: datetime = FRIDAY + timedelta(days=30)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment


class Desk:
    """A newsroom's own side: gathers one source into a store."""

    def __init__(self, store: Store, folder: Path, newsroom: Newsroom | None = None) -> None:
        self.store = store
        self.folder = folder
        self.newsroom = newsroom
        self.clock = StandingClock()
        self.licence: dict[str, Any] = {"default": "cc-by-nc-4.0"}

    def gather(self, *, full: bool = False, source: SourceSettings | None = None) -> SourceReport:
        """One run; an hour passes before it."""
        self.clock.moment += timedelta(hours=1)
        if source is None:
            assert self.newsroom is not None
            source = self.newsroom.source()
        settings = some_settings(self.folder, source, licence=self.licence)
        return gather_source(settings, self.store, SOURCE, clock=self.clock, full=full)

    def gather_until_sure(self) -> SourceReport:
        """One run, and another one where the source does not say itself that it changed something."""
        report = self.gather()
        return self.gather() if report.waiting else report

    def articles(self) -> dict[str, Article]:
        """All that is stored, by key."""
        with self.store.read() as tx:
            return {one.key: one for one in list_articles(tx)}

    def article(self, key: str) -> Article:
        """One article by its source's key."""
        with self.store.read() as tx:
            known = find_known(tx, SOURCE, key)
            assert known is not None
            return get_article(tx, known.number)

    def kinds(self, key: str) -> list[RevisionKind]:
        """The kinds of an article's revisions, oldest first."""
        number = self.article(key).number
        with self.store.read() as tx:
            return [one.kind for one in list_revisions(tx, number)]


def counts(report: SourceReport) -> dict[str, int]:
    """What a run brought, as numbers that are not zero."""
    names = ("new", "changed", "unchanged", "withdrawn")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def some_settings(folder: Path, *sources: SourceSettings, **tables: Any) -> Settings:  # noqa: ANN401 - tables of the file
    """Example Observatory with these sources."""
    values: dict[str, Any] = {
        "newsroom": {
            "name": "Example Observatory",
            "url": "https://news.example.org",
            "public_url": "https://follow.example.org",
            "languages": ["en", "es"],
            "timezone": "America/Bogota",
            "postal_address": "Calle 1 # 2-3, Bogotá, Colombia",
            "contact": "desk@news.example.org",
        },
        "provider": {"from": "Example Observatory <digest@mail.example.org>"},
        "file": folder / "config" / "newsroom.toml",
        "folder": folder,
    }
    settings = Settings.model_validate(values | tables)
    return settings.model_copy(update={"sources": tuple(sources)})


def without_time(report: SourceReport) -> SourceReport:
    """A report to compare: refusals aside."""
    return replace(report, refused=())
