"""Settings: `config/newsroom.toml` read into one validated, frozen object.

Every fault is named by file, key and cure, and all faults are reported at once. Secrets stand in the file only as
references (`env:NAME`, `file:PATH`) and are looked up when they are used. Relative paths start at the newsroom's
folder: the one that holds `config/`, or, for a file elsewhere, the file's own.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from publisher.model.article import ImageRights, Kind, Scope
from publisher.model.errors import ConfigurationError
from publisher.settings_faults import fault_texts
from publisher.settings_values import (
    Cron,
    Hub,
    Language,
    Listen,
    Mailbox,
    Name,
    Plain,
    Review,
    SecretReference,
    Span,
    StoreUrl,
    Url,
    Zone,
    check_some,
    listed,
)

#: Environment variables that are ours; any other `PUBLISHER_*` is a misspelling worth a word.
KNOWN_VARIABLES = frozenset({"PUBLISHER_CONFIG", "PUBLISHER_LOG"})


#: Fields of `Settings` that loading sets, not the file.
OURS = frozenset({"file", "folder"})


class Section(BaseModel):
    """A table of the file: frozen, and nothing in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NewsroomSettings(Section):
    """Who publishes."""

    name: Plain
    url: Url
    public_url: Url
    languages: Annotated[tuple[Language, ...], AfterValidator(check_some)] = ("en",)
    timezone: Zone = "UTC"
    postal_address: Plain
    contact: Plain
    once_days: int = Field(default=30, ge=0)
    corrections_for: Span = timedelta(days=400)

    @property
    def host(self) -> str:
        """The host of the newsroom's own site, without port: the authority of tag URIs."""
        return urlsplit(self.url).hostname or ""


class WebSettings(Section):
    """Where the built-in server listens."""

    listen: Listen = "127.0.0.1:8080"


class StoreSettings(Section):
    """Where the store is."""

    url: StoreUrl = "sqlite:///var/publisher.db"


class SourceKind(StrEnum):
    """The kinds of source that can be gathered."""

    WORDPRESS = "wordpress"
    GHOST = "ghost"
    FEED = "feed"
    SITEMAP = "sitemap"
    FOLDER = "folder"


class SourceOptions(Section):
    """How a source's fields are read; see docs/sources.md."""

    types: tuple[str, ...] = ("posts",)
    updates: tuple[str, ...] = ()
    section: str = ""
    countries: str = ""
    topics: str = ""
    language: str = ""
    byline: str = ""
    licence: str = ""
    credit: str = ""
    correction: str = ""
    translation_of: str = ""
    no_republish: str = ""
    embargo: str = ""
    drop: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    key: SecretReference | None = None
    user: str | None = None
    password: SecretReference | None = None


class OnFailure(StrEnum):
    """What a source's failure at freezing does to an edition."""

    HOLD = "hold"
    DROP = "drop"
    TRUST = "trust"


class SourceSettings(Section):
    """Where articles come from."""

    id: Name
    kind: SourceKind
    url: str = Field(min_length=1)
    every: Span = timedelta(minutes=5)
    private_hosts: frozenset[str] = frozenset()
    on_failure: OnFailure = OnFailure.HOLD
    licence: str | None = None
    rights_holder: str | None = None
    options: SourceOptions = SourceOptions()

    @field_validator("url")
    @classmethod
    def _url_fits_the_kind(cls, url: str, info: ValidationInfo) -> str:
        """Only a folder is a path; everything else is an address."""
        kind = info.data.get("kind", SourceKind.FOLDER)  # a wrong kind is told by itself
        if kind is not SourceKind.FOLDER and not is_address(url):
            raise ValueError(f"{url!r} must be an http or https address for a {kind} source")
        return url


CounterLevel = Literal["off", "host", "page"]


class LicenceSettings(Section):
    """What the newsroom's own articles are under, and what it asks of partners."""

    default: str = "all-rights-reserved"
    rights_holder: str = ""
    own_credits: tuple[str, ...] = ()
    credits: Mapping[str, ImageRights] = {}
    embargo: Span = timedelta(0)
    requests: tuple[Literal["link-top", "link-bottom", "notify", "canonical", "noindex"], ...] = (
        "link-top",
        "link-bottom",
    )
    counter: CounterLevel = "off"


class ProviderKind(StrEnum):
    """The mail providers."""

    OUTBOX = "outbox"
    SMTP = "smtp"
    MAILGUN = "mailgun"
    SES = "ses"
    POSTMARK = "postmark"
    RESEND = "resend"
    BREVO = "brevo"
    MAILJET = "mailjet"
    SENDGRID = "sendgrid"
    SPARKPOST = "sparkpost"


#: What a kind of provider cannot do without.
NEEDED: Mapping[ProviderKind | None, tuple[str, ...]] = {
    ProviderKind.MAILGUN: ("domain", "api_key"),
    ProviderKind.SMTP: ("host",),
}


class ProviderSettings(Section):
    """Who carries the mail."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    kind: ProviderKind = ProviderKind.OUTBOX
    from_: Mailbox = Field(alias="from")
    url: Url | None = None
    domain: str | None = Field(default=None, validate_default=True)
    region: str | None = None
    host: str | None = Field(default=None, validate_default=True)
    port: int | None = Field(default=None, ge=1, le=65535)
    user: str | None = None
    password: SecretReference | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    api_key: SecretReference | None = Field(default=None, validate_default=True)
    max_batch: int | None = Field(default=None, ge=1)
    concurrency: int | None = Field(default=None, ge=1, le=64)
    webhook_secret: SecretReference | None = None
    reply_to: Mailbox | None = None
    settle_after: Span | None = None

    @field_validator("domain", "host", "api_key")
    @classmethod
    def _is_there_where_its_kind_needs_it(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Names each key that this kind cannot do without."""
        kind = info.data.get("kind")
        if value is None and info.field_name in NEEDED.get(kind, ()):
            raise ValueError(f"is missing; {kind} needs it")
        return value


class Select(Section):
    """Which articles a newsletter takes; an empty list means all."""

    sections: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    kinds: tuple[Kind, ...] = (Kind.STORY, Kind.UPDATE)


BlockName = Literal["note", "stories", "updates", "appeal"]


class NewsletterSettings(Section):
    """A named, scheduled digest and its rules."""

    title: Mapping[Language, Plain]
    schedule: Annotated[tuple[Cron, ...], BeforeValidator(listed), AfterValidator(check_some)]
    send_by: Span = timedelta(hours=24)
    timezone: Zone | None = None
    review: Review = "none"
    maximum: int = Field(default=20, ge=1, le=200)
    minimum: int = Field(default=1, ge=1)
    max_age: Span = timedelta(days=14)
    personal: bool = False
    select: Select = Select()
    blocks: tuple[BlockName, ...] = ("note", "stories", "updates", "appeal")
    appeal: Mapping[Language, Plain] = Field(default_factory=dict)
    subject: Mapping[Language, Plain] = Field(default_factory=dict)

    @field_validator("minimum")
    @classmethod
    def _minimum_can_be_met(cls, minimum: int, info: ValidationInfo) -> int:
        """A minimum above the maximum could never be met."""
        maximum = info.data.get("maximum", minimum)
        if minimum > maximum:
            raise ValueError(f"{minimum} is above maximum ({maximum}), so that nothing would ever be sent")
        return minimum

    @field_validator("review")
    @classmethod
    def _review_ends_in_time(cls, review: object, info: ValidationInfo) -> object:
        """An edition whose review outlasts its time would always be late."""
        send_by = info.data.get("send_by")
        if isinstance(review, timedelta) and send_by is not None and review >= send_by:
            raise ValueError("must be shorter than send_by")
        return review


class FeedSettings(Section):
    """Which feeds are written."""

    formats: tuple[Literal["rss", "atom", "json"], ...] = ("rss", "atom", "json")
    scopes: tuple[Literal["all", "section", "country", "topic", "author", "language", "updates"], ...] = (
        "all",
        *(scope.value for scope in Scope),
        "language",
        "updates",
    )
    content: Literal["full", "summary"] = "full"
    items: int = Field(default=50, ge=1, le=500)
    hub: tuple[Hub, ...] = ()


class Settings(Section):
    """Everything of one newsroom."""

    newsroom: NewsroomSettings
    web: WebSettings = WebSettings()
    store: StoreSettings = StoreSettings()
    sources: tuple[SourceSettings, ...] = ()
    licence: LicenceSettings = LicenceSettings()
    provider: ProviderSettings
    newsletters: Mapping[Name, NewsletterSettings] = Field(default_factory=dict)
    feeds: FeedSettings = FeedSettings()
    file: Path
    folder: Path

    @property
    def public(self) -> Path:
        """Where the public files go."""
        return self.folder / "public"

    @property
    def var(self) -> Path:
        """Store, outbox, secrets, journal."""
        return self.folder / "var"

    @property
    def rights_holder(self) -> str:
        """Who holds the rights of the newsroom's own articles."""
        return self.licence.rights_holder or self.newsroom.name

    def zone(self, newsletter: str) -> ZoneInfo:
        """The time zone of a newsletter's schedule."""
        return ZoneInfo(self.newsletters[newsletter].timezone or self.newsroom.timezone)


def is_address(text: str) -> bool:
    """Whether a text is an http or https address with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def load_settings(file: Path) -> Settings:
    """Reads and validates a configuration file; raises `ConfigurationError` with every fault."""
    raw = read_tables(file)
    folder = file.parent.parent if file.parent.name == "config" else file.parent
    ours = {name: f"{file}: {name}: is not a known key; see docs/configuration.md" for name in OURS & raw.keys()}
    tables = {name: value for name, value in raw.items() if name not in OURS}
    try:
        settings = Settings(**tables, file=file, folder=folder)
    except ValidationError as error:
        faults = fault_texts(file, tables, error.errors(), known_keys)
        raise ConfigurationError([*faults, *ours.values()]) from error
    faults = [*fault_texts(file, tables, (), known_keys), *ours.values()]
    if faults:
        raise ConfigurationError(faults)
    return settings


def read_tables(file: Path) -> dict[str, Any]:
    """What stands in the file, not yet validated; raises `ConfigurationError`."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError([f"{file}: there is no such file. `publisher init DIR` makes a newsroom."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{file}: cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{file}: is no valid TOML: {error}"]) from error


def known_keys(place: Sequence[Any]) -> list[str]:
    """The keys that may stand beside the last part of a place in the file."""
    here: type[BaseModel] = Settings
    for part in place[:-1]:
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        inner = find_table(fields[part].annotation) if part in fields else None
        here = inner or here  # the number of a source and the name of a newsletter stay in their table
    return [name for name in (field.alias or name for name, field in here.model_fields.items()) if name not in OURS]


def find_table(annotation: object) -> type[BaseModel] | None:
    """The table that a key's type names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := find_table(one))), None)


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """Every `PUBLISHER_*` variable that means nothing to us: most likely misspelt."""
    names = os.environ if environment is None else environment
    return sorted(name for name in names if name.startswith("PUBLISHER_") and name not in KNOWN_VARIABLES)


def read_secret(reference: str, *, folder: Path, key: str) -> str:
    """Looks a secret up; raises `ConfigurationError` naming `key` when it is not there."""
    kind, _, where = reference.partition(":")
    if kind == "env":
        value = os.environ.get(where, "")
        if not value:
            cure = f'{where} is not set. Put it in the environment, or use "file:PATH".'
            raise ConfigurationError([f"{key}: {cure}"])
        return value.strip()
    try:
        return (folder / where).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError([f"{key}: {folder / where} cannot be read: {error.strerror}."]) from error
