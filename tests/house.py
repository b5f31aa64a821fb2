"""A whole newsroom for a test: the real store, composer, mailer and outbox, with a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.assembly import Publisher
from publisher.audience.secrets import make_secrets
from publisher.compose.edition import compose_edition
from publisher.model.edition import Edition
from publisher.settings import NewsletterSettings, Settings, SourceSettings
from publisher.store import editions, revisions, subscribers
from publisher.store.engine import Store
from tests.builders import FRIDAY, a_reader, a_state

NEWSLETTER = "weekly"


@dataclass(slots=True)
class FixedClock:
    """A clock that only a test moves."""

    moment: datetime = FRIDAY

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment

    def forward(self, span: timedelta) -> None:
        """Lets time pass."""
        self.moment += span


def some_settings(folder: Path, **provider: Any) -> Settings:  # noqa: ANN401 - keys of [provider]
    """Example Observatory, with one bilingual newsletter."""
    return Settings.model_validate(
        {
            "newsroom": {
                "name": "Example Observatory",
                "url": "https://news.example.org",
                "public_url": "https://follow.example.org",
                "languages": ["en", "es"],
                "timezone": "America/Bogota",
                "postal_address": "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia",
                "contact": "desk@news.example.org",
            },
            "licence": {"default": "https://creativecommons.org/licenses/by-nc/4.0/"},
            "provider": {"kind": "outbox", "from": "Example Observatory <digest@mail.example.org>"} | provider,
            "newsletters": {
                NEWSLETTER: {
                    "title": {"en": "The week", "es": "La semana"},
                    "schedule": "0 7 * * fri",
                    "minimum": 1,
                    "maximum": 5,
                }
            },
            "file": folder / "config" / "newsroom.toml",
            "folder": folder,
        }
    )


def a_publisher(settings: Settings, store: Store, clock: FixedClock) -> Publisher:
    """A publisher that goes by this clock in everything."""
    publisher = Publisher(settings=settings, store=store, clock=clock)
    # the store's own clock on PostgreSQL is the database's, which no test can move
    publisher.__dict__["mailer"] = replace(publisher.mailer, clock=clock)
    return publisher


class House:
    """Everything of Example Observatory."""

    def __init__(self, store: Store, folder: Path, **provider: Any) -> None:  # noqa: ANN401 - keys of [provider]
        self.clock = FixedClock()
        self.store = store
        make_secrets(folder / "var")
        self.publisher = a_publisher(some_settings(folder, **provider), store, self.clock)
        with store.begin() as tx:
            self.newsletter = editions.ensure_newsletter(tx, NEWSLETTER, list_id="weekly.news.example.org")

    def configure(self, *, sources: Sequence[dict[str, Any]] = (), **newsletter: Any) -> None:  # noqa: ANN401 - keys of [newsletters.weekly]
        """Starts the house anew with other sources, or other rules of the newsletter."""
        old = self.publisher.settings
        rules = NewsletterSettings.model_validate(old.newsletters[NEWSLETTER].model_dump() | newsletter)
        found = tuple(SourceSettings.model_validate(source) for source in sources)
        changes = {"newsletters": {NEWSLETTER: rules}, "sources": found or old.sources}
        self.publisher = a_publisher(old.model_copy(update=changes), self.store, self.clock)

    def publish(self, key: str = "gold-route", **changes: Any) -> int:  # noqa: ANN401 - fields of the article
        """Stores an article; gives its number."""
        with self.store.begin() as tx:
            return revisions.add_article(
                tx, "site", a_state(key, **changes), host="news.example.org", now=self.clock.now()
            )

    def withdraw(self, number: int) -> None:
        """Withdraws an article, as gathering does."""
        with self.store.begin() as tx:
            revisions.withdraw_article(tx, number, why="404 rest_post_invalid_id", now=self.clock.now())

    def subscribe(self, *emails: str, **changes: Any) -> None:  # noqa: ANN401 - fields of the reader's line
        """Subscribes readers to the newsletter."""
        readers = [
            subscribers.NewReader(
                line=one.line,
                public_id=one.public_id,
                suppression_key=self.publisher.secrets.suppression_key(one.line.email),
            )
            for one in (a_reader(email, **changes) for email in emails)
        ]
        with self.store.begin() as tx:
            subscribers.store_readers(tx, self.newsletter, readers, now=self.clock.now())

    def unsubscribe(self, email: str) -> None:
        """A reader leaves, as by one click."""
        with self.store.begin() as tx:
            one = subscribers.find_subscriptions(tx, email)[0]
            subscribers.unsubscribe(tx, self.newsletter, one.public_id, now=self.clock.now())

    def compose(self, slot: datetime = FRIDAY) -> Edition:
        """Composes the edition of a slot."""
        return compose_edition(self.publisher.composer, NEWSLETTER, slot, by_clock=True, now=self.clock.now())

    def frozen_edition(self, audience: Sequence[str] = ()) -> Edition:
        """An edition with one article, frozen for an audience."""
        if audience:
            self.subscribe(*audience)
        self.publish()
        edition, _ = self.publisher.freeze(self.compose().id)
        return edition

    def edition(self, number: int) -> Edition:
        """An edition as it is stored now."""
        with self.store.read() as tx:
            return editions.get_edition(tx, number)

    def outbox(self, edition: Edition) -> dict[str, bytes]:
        """What lies in the outbox for an edition, by the address in To."""
        found = {}
        for file in (self.publisher.settings.var / "outbox" / edition.tag).glob("*.eml"):
            raw = file.read_bytes()
            to = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"to:"))
            found[to.decode().split(":", 1)[1].strip()] = raw
        return found
