"""A newsroom of which a test says, visit by visit, what its sources say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from publisher.gather.run import House, SourceReport, gather_from
from publisher.gather.source import Event, Reached, Seen, Visit
from publisher.model.article import Article, RevisionKind, SourceArticle
from publisher.settings import Settings, SourceSettings
from publisher.store.articles import list_articles, list_revisions
from publisher.store.engine import Store
from tests.builders import FRIDAY, a_source_article
from tests.gather.gathering import StandingClock

SITE = SourceSettings.model_validate({"id": "site", "kind": "feed", "url": "https://news.example.org/feed"})
CMS = SourceSettings.model_validate({"id": "cms", "kind": "wordpress", "url": "https://news.example.org"})
PARTNER = SourceSettings.model_validate(
    {"id": "partner", "kind": "feed", "url": "https://partner.example.net/feed", "rights_holder": "The Partner"}
)


@dataclass
class Script:
    """A source that says what it is told to."""

    events: Sequence[Event]
    same: bool = False

    def changes(self, visit: Visit) -> Iterator[Event]:  # noqa: ARG002 - the contract's
        """What it was told."""
        yield from self.events
        yield Reached(cursor={}, same=self.same)


@dataclass
class Newsroom:
    """A store, and a visit of some source each time it is told what that one says."""

    store: Store
    settings: Settings
    clock: StandingClock = field(default_factory=StandingClock)

    def hear(
        self, *said: SourceArticle | Event, source: SourceSettings = SITE, after: timedelta = timedelta(minutes=10)
    ) -> SourceReport:
        """One visit, some time after the one before."""
        self.clock.moment += after
        events = [Seen(article=one) if isinstance(one, SourceArticle) else one for one in said]
        house = House(settings=self.settings, store=self.store, clock=self.clock)
        return gather_from(Script(events), source, house)

    def unchanged(self) -> SourceReport:
        """A visit at which the source says that nothing changed at all."""
        self.clock.moment += timedelta(minutes=10)
        house = House(settings=self.settings, store=self.store, clock=self.clock)
        return gather_from(Script([], same=True), SITE, house)

    @property
    def articles(self) -> list[Article]:
        """All articles."""
        with self.store.read() as tx:
            return list_articles(tx)

    def kinds(self, number: int = 1) -> list[RevisionKind]:
        """The kinds of an article's revisions, oldest first."""
        with self.store.read() as tx:
            return [one.kind for one in list_revisions(tx, number)]


def gold(key: str = "gold", text: str = "The gold leaves the river at night.", **fields: object) -> SourceArticle:
    """An article of a source that does not say when it changed it."""
    values = {"key": key, "url": f"https://news.example.org/{key}/", "title": "The gold route", "modified": None}
    return replace(a_source_article(content_html=f"<p>{text}</p>"), **values | fields)  # type: ignore[arg-type]


def many(count: int, **fields: object) -> list[SourceArticle]:
    """So many articles, each with its own title, text and time."""
    return [
        gold(f"a{n}", f"Text of number {n}.", title=f"Number {n}", published=FRIDAY - timedelta(minutes=n), **fields)
        for n in range(count)
    ]
