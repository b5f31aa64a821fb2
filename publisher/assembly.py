"""The one place that ties it together: settings → store, provider, clock → the functions that the ways in call.

Nothing is made at import. A `Publisher` is open until `close`; what only sending needs is made when sending asks.
"""

import base64
import secrets as random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from publisher.audience.kit_ids import KitIds
from publisher.audience.secrets import Secrets, load_secrets, make_secrets
from publisher.audience.tokens import Purpose, Signer
from publisher.compose.decide import allow_by_hand, is_unsent_late, refresh_edition, resume_edition
from publisher.compose.edition import Composer
from publisher.compose.freeze import Cutting, freeze_edition
from publisher.deliver.mailer import HoleFacts, Holes, Mailer
from publisher.deliver.provider import Provider, ProviderConfig
from publisher.deliver.providers import PROVIDERS
from publisher.deliver.send import SendReport, Stop, send_edition
from publisher.gather.folder.media import media_files
from publisher.model.clock import Clock
from publisher.model.edition import OPEN_TO_EDIT, Edition, EditionState, Hole
from publisher.model.errors import ConfigurationError, FilesError
from publisher.model.subscriber import Reader
from publisher.render.languages import long_date
from publisher.settings import ProviderSettings, Settings, load_settings, read_secret
from publisher.shipped import shipped_folder
from publisher.store import editions, house
from publisher.store.engine import Store, StoreClock, SystemClock
from publisher.store.migrate import check_step, current_step, migrate
from publisher.syndicate.build import BuildReport, build_archive_only, build_public
from publisher.syndicate.house import KitId


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """One newsroom's publisher, assembled."""

    settings: Settings
    store: Store
    clock: Clock

    @cached_property
    def secrets(self) -> Secrets:
        """The house's own secrets; made for a new newsroom, never anew for one that has readers."""
        return load_secrets(self.settings.var)

    @cached_property
    def templates(self) -> tuple[Path, ...]:
        """Template folders, the newsroom's own first."""
        return self.settings.folder / "templates", shipped_folder("templates")

    @cached_property
    def composer(self) -> Composer:
        """Composing, assembled."""
        return Composer(settings=self.settings, store=self.store, templates=self.templates)

    @cached_property
    def provider(self) -> Provider:
        """The mail provider."""
        return make_provider(self.settings.provider, self.settings)

    @cached_property
    def unsubscribing(self) -> Signer:
        """Signs and reads the tokens of one-click links."""
        return Signer(self.secrets, Purpose.UNSUBSCRIBE)

    @property
    def kit_id(self) -> KitId | None:
        """What stands for an article in its kit's counter; None where that is off: no secret is read for nothing."""
        return None if self.settings.licence.counter == "off" else KitIds(self.secrets).of

    @cached_property
    def mailer(self) -> Mailer:
        """Sending, assembled."""
        with self.store.read() as tx:
            store_id = house.get_store_id(tx)
        return Mailer(
            store=self.store,
            store_id=store_id,
            provider=self.provider,
            clock=StoreClock(self.store, self.clock),
            holes=hole_maker(self.settings, self.secrets, self.unsubscribing),
            mailbox=mailbox_of(self.settings),
        )

    @property
    def cutting(self) -> Cutting:
        """How the provider wants its batches."""
        limits = self.provider.limits
        return Cutting(size=limits.recipients, packing=limits.packing)

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def freeze(self, number: int) -> tuple[Edition, list[str]]:
        """Freezes an edition, refreshed once more before; gives what changed since it was composed, in words."""
        edition, changes = refresh_edition(self.composer, number, now=self.now())
        if edition.state in {*OPEN_TO_EDIT, EditionState.FREEZING}:
            edition = freeze_edition(self.store, self.settings, number, self.cutting, now=self.now())
        return edition, changes

    def send(
        self, number: int, *, by_hand: bool, stop: Stop | None = None, progress: Callable[[int], None] = lambda _: None
    ) -> SendReport:
        """Freezes if need be and sends what is still to send; `by_hand`: a person said so, whatever the hour."""
        with self.store.read() as tx:
            edition = editions.get_edition(tx, number)
        if by_hand and is_unsent_late(edition):
            resume_edition(self.composer, number, now=self.now())
        edition, _ = self.freeze(number)
        if by_hand:
            with self.store.begin() as tx:
                allow_by_hand(tx, editions.get_edition(tx, number), now=self.now())
        if edition.state in {EditionState.SKIPPED, EditionState.SENT}:
            return report_of(self.store, edition.id)
        try:
            build_archive_only(self.settings, self.store)
        except FilesError as error:  # its mails name those pages, so that they come first
            said = "Nothing was sent yet" if edition.state is EditionState.FROZEN else "Nothing more was sent"
            raise FilesError(f"{error} {said}: when that is mended, `publisher send {number}` goes on.") from error
        return send_edition(self.mailer, number, stop=stop or Stop(), progress=progress)

    def build(
        self, *, full: bool = False, progress: Callable[[str, int], None] = lambda _what, _done: None
    ) -> BuildReport:
        """Brings `public/` up to date, pictures of folder sources with it."""
        media = (
            (path.as_posix(), file)
            for source in self.settings.sources
            for path, file in media_files(self.settings, source)
        )
        return build_public(
            self.settings,
            self.store,
            now=self.now(),
            media=media,
            full=full,
            progress=progress,
            kit_id=self.kit_id,
        )

    def close(self) -> None:
        """Lets everything go."""
        if "provider" in self.__dict__:
            self.provider.close()
        self.store.close()


def report_of(store: Store, number: int) -> SendReport:
    """How an edition stands that needs no sending."""
    from publisher.deliver.send import report

    return report(store, number, 0.0)


def new_store_id() -> str:
    """Eight random base32 characters."""
    return base64.b32encode(random.token_bytes(5)).decode().lower()


def assemble(file: Path, *, clock: Clock | None = None, is_migrating: bool = False) -> Publisher:
    """Opens a newsroom's publisher. A new SQLite store gets its tables at first use; any other is migrated by hand.

    Raises `ConfigurationError` and `StoreError`.
    """
    settings = load_settings(file)
    store = Store(settings.store.url, settings.folder)
    the_clock = clock or SystemClock()
    step = current_step(store)
    if is_migrating or (step is None and store.is_sqlite):
        migrate(store, store_id=new_store_id(), now=the_clock.now())
    else:
        check_step(store)
    if step is None:
        make_secrets(settings.var)
    return Publisher(settings=settings, store=store, clock=the_clock)


@contextmanager
def assembled(file: Path, *, clock: Clock | None = None) -> Iterator[Publisher]:
    """A publisher for the length of a command."""
    publisher = assemble(file, clock=clock)
    try:
        yield publisher
    finally:
        publisher.close()


def make_provider(configured: ProviderSettings, settings: Settings) -> Provider:
    """The adapter for the configured provider; raises `ConfigurationError` for one that is not built yet."""
    if configured.kind not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise ConfigurationError([f"{settings.file}: provider.kind: {configured.kind} is not built yet; use {known}"])

    def secret(key: str, reference: str | None) -> Callable[[], str]:
        def look_up() -> str:
            if reference is None:
                return ""
            return read_secret(reference, folder=settings.folder, key=f"{settings.file}: provider.{key}")

        return look_up

    config = ProviderConfig(
        kind=configured.kind,
        url=configured.url,
        domain=configured.domain,
        host=configured.host,
        port=configured.port,
        user=configured.user,
        tls=configured.tls,
        max_batch=configured.max_batch,
        settle_after=configured.settle_after,
        concurrency=configured.concurrency,
        folder=settings.var / "outbox",
        api_key=secret("api_key", configured.api_key),
        password=secret("password", configured.password),
    )
    return PROVIDERS[configured.kind](config)


def hole_maker(settings: Settings, secrets: Secrets, unsubscribing: Signer) -> Holes:
    """What fills readers' holes: the same reader and edition, the same values."""
    base = settings.newsroom.public_url
    preferences = Signer(secrets, Purpose.PREFERENCES)
    host = settings.provider.from_.rpartition("@")[2].strip(" >")

    def holes(facts: HoleFacts) -> Callable[[Reader, str], Mapping[Hole, str]]:
        to_leave = unsubscribing.for_edition(facts.newsletter, facts.issued)
        to_choose = preferences.for_edition(facts.newsletter, facts.issued)

        def fill(reader: Reader, language: str) -> Mapping[Hole, str]:
            return {
                Hole.UNSUBSCRIBE: f"{base}/u/{to_leave(reader.public_id)}",
                Hole.PREFERENCES: f"{base}/preferences/{to_choose(reader.public_id)}",
                Hole.SINCE: long_date(reader.since.date(), language),
                Hole.MESSAGE_ID: f"e{facts.edition}.{secrets.message_digest(facts.edition, reader.public_id)}@{host}",
            }

        return fill

    return holes


def mailbox_of(settings: Settings) -> str:
    """Our own mailbox, where control messages go: the sender's address."""
    return settings.provider.from_.rpartition("<")[2].strip(" >")
