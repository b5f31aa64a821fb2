"""Settings: `config/newsroom.toml` read into one validated, frozen object.

Every fault is named by file, key and cure, and all faults are reported at once. Secrets stand in the file only as
references (`env:NAME`, `file:PATH`) and are looked up when they are used. Relative paths start at the newsroom's
folder: the one that holds `config/`, or, for a file elsewhere, the file's own.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from publisher.model.article import Kind, Scope
from publisher.model.errors import ConfigurationError

SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NAME = re.compile(r"[a-z0-9-]+")
MAILBOX = re.compile(r"([^<>]*<)?([^\s<>@,;]+@[^\s<>@,;]+)(?(1)>)")
SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)")
#: Environment variables that are ours; any other `PUBLISHER_*` is a misspelling worth a word.
KNOWN_VARIABLES = frozenset({"PUBLISHER_CONFIG", "PUBLISHER_LOG"})


def read_span(text: object) -> object:
    """Turns `30m`, `24h`, `14d`, `0h` into a timedelta; leaves anything else for pydantic to refuse."""
    if not isinstance(text, str):
        return text
    found = re.fullmatch(r"(\d+)\s*([smhd])", text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no span of time; write a whole number with s, m, h or d, as in 30m")
    return timedelta(seconds=int(found[1]) * SPANS[found[2]])


def check_url(url: str) -> str:
    """An absolute http or https address with a host and without user, query or fragment, final slash dropped."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(f"{url!r} is no address of a site; write it as https://news.example.org")
    return url.rstrip("/")


def check_zone(name: str) -> str:
    """The name of a time zone that this machine knows."""
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; use an IANA name such as America/Bogota")
    return name


def check_language(tag: str) -> str:
    """An RFC 5646 language tag."""
    if not LANGUAGE.fullmatch(tag):
        raise ValueError(f"{tag!r} is no language tag; use one such as en or es-MX")
    return tag


def check_name(name: str) -> str:
    """A name that stands in addresses and files."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} may hold only a-z, 0-9 and -")
    return name


def check_secret(reference: str) -> str:
    """A secret, given by reference only."""
    if not SECRET.fullmatch(reference):
        raise ValueError('a secret is given by reference only: "env:NAME" or "file:PATH"')
    return reference


def check_plain(text: str) -> str:
    """Text for a header or a page: not empty, no control, bidi or line-separator characters."""
    if not text.strip():
        raise ValueError("is empty")
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text):
        raise ValueError("holds control characters")
    return text


def check_mailbox(text: str) -> str:
    """One mailbox, bare or with a name before it."""
    if not MAILBOX.fullmatch(text):
        raise ValueError(f"{text!r} is no mailbox; write it as Name <digest@mail.example.org>")
    return text


Span = Annotated[timedelta, BeforeValidator(read_span)]
Url = Annotated[str, AfterValidator(check_url)]
Zone = Annotated[str, AfterValidator(check_zone)]
Language = Annotated[str, AfterValidator(check_language)]
Name = Annotated[str, AfterValidator(check_name)]
SecretReference = Annotated[str, AfterValidator(check_secret)]
Plain = Annotated[str, AfterValidator(check_plain)]
Mailbox = Annotated[str, AfterValidator(check_plain), AfterValidator(check_mailbox)]


class Section(BaseModel):
    """A table of the file: frozen, and nothing in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NewsroomSettings(Section):
    """Who publishes."""

    name: Plain
    url: Url
    public_url: Url
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
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

    listen: str = Field(default="127.0.0.1:8080", pattern=r"^.+:\d{1,5}$")


class StoreSettings(Section):
    """Where the store is."""

    url: str = Field(default="sqlite:///var/publisher.db", pattern=r"^(sqlite:///|postgresql(\+psycopg)?://).+")


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

    @model_validator(mode="after")
    def _url_fits_the_kind(self) -> Self:
        """Only a folder is a path; everything else is an address."""
        if self.kind is not SourceKind.FOLDER and urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError(f"url {self.url!r} must be an http or https address for a {self.kind} source")
        return self


class LicenceSettings(Section):
    """What the newsroom's own articles are under, and what it asks of partners."""

    default: str = "all-rights-reserved"
    rights_holder: str = ""
    own_credits: tuple[str, ...] = ()
    embargo: Span = timedelta(0)
    requests: tuple[Literal["link-top", "link-bottom", "notify", "canonical", "noindex"], ...] = (
        "link-top",
        "link-bottom",
    )


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


class ProviderSettings(Section):
    """Who carries the mail."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    kind: ProviderKind = ProviderKind.OUTBOX
    from_: Mailbox = Field(alias="from")
    url: Url | None = None
    domain: str | None = None
    region: str | None = None
    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    user: str | None = None
    password: SecretReference | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    api_key: SecretReference | None = None
    max_batch: int | None = Field(default=None, ge=1)
    concurrency: int | None = Field(default=None, ge=1, le=64)
    webhook_secret: SecretReference | None = None
    reply_to: Mailbox | None = None
    settle_after: Span | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        """Names each key that this kind cannot do without."""
        needed = {ProviderKind.MAILGUN: ("domain", "api_key"), ProviderKind.SMTP: ("host",)}.get(self.kind, ())
        missing = [key for key in needed if getattr(self, key) is None]
        if missing:
            raise ValueError(f"{self.kind} needs {' and '.join(missing)}")
        return self


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
    schedule: tuple[str, ...] = Field(min_length=1)
    send_by: Span = timedelta(hours=24)
    timezone: Zone | None = None
    review: Span | Literal["none", "required"] = "none"
    minimum: int = Field(default=1, ge=1)
    maximum: int = Field(default=20, ge=1, le=200)
    max_age: Span = timedelta(days=14)
    personal: bool = False
    select: Select = Select()
    blocks: tuple[BlockName, ...] = ("note", "stories", "updates", "appeal")
    appeal: Mapping[Language, Plain] = Field(default_factory=dict)
    subject: Mapping[Language, Plain] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_schedule_is_a_list_of_one(cls, data: Any) -> Any:  # noqa: ANN401 - the raw table, not yet validated
        """`schedule` and `title` may be one text; `review` may be a word."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(data.get("schedule"), str):
            data["schedule"] = (data["schedule"],)
        return data

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        """A minimum above the maximum could never be met."""
        if self.minimum > self.maximum:
            raise ValueError(f"minimum ({self.minimum}) is above maximum ({self.maximum})")
        if isinstance(self.review, timedelta) and self.review >= self.send_by:
            raise ValueError("review must be shorter than send_by")
        for expression in self.schedule:
            check_schedule(expression)
        return self


def check_schedule(expression: str) -> None:
    """Five cron fields, weekdays by name, not day of month and weekday together; raises `ValueError` with the cure."""
    fields = expression.split()
    if len(fields) != 5:  # noqa: PLR2004 - cron has five fields
        raise ValueError(f"schedule {expression!r} needs five fields: minute hour day month weekday")
    day, weekday = fields[2], fields[4]
    if re.search(r"\d|#", weekday):
        raise ValueError(
            f"schedule {expression!r}: write weekdays by name (mon, tue, ...); numbers differ between crons"
        )
    if day != "*" and weekday != "*":
        raise ValueError(
            f"schedule {expression!r}: day of month and weekday together mean different things in different crons"
        )
    from apscheduler.triggers.cron import CronTrigger  # slow to import, and needed by newsrooms with newsletters only

    try:
        CronTrigger.from_crontab(expression)
    except ValueError as error:
        raise ValueError(f"schedule {expression!r}: {error}") from error


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
    hub: tuple[str, ...] = ()


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

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        """What only shows when two tables are read together."""
        faults = []
        ids = [source.id for source in self.sources]
        faults += [f"sources: the id {twice!r} is used twice" for twice in sorted({i for i in ids if ids.count(i) > 1})]
        if self.provider.kind is not ProviderKind.OUTBOX and not self.newsroom.public_url.startswith("https://"):
            faults.append(
                "newsroom.public_url must be https: mail programs follow one-click links only there (RFC 8058)"
            )
        for name, newsletter in self.newsletters.items():
            missing = set(self.newsroom.languages) - set(newsletter.title)
            if missing:
                faults.append(f"newsletters.{name}.title has no text for {', '.join(sorted(missing))}")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def load_settings(file: Path) -> Settings:
    """Reads and validates a configuration file; raises `ConfigurationError` with every fault."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError([f"{file}: there is no such file. `publisher init DIR` makes a newsroom."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{file}: cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{file}: is no valid TOML: {error}"]) from error
    folder = file.parent.parent if file.parent.name == "config" else file.parent
    try:
        return Settings(**raw, file=file, folder=folder)
    except ValidationError as error:
        raise ConfigurationError([fault_text(file, fault) for fault in error.errors()]) from error
    except TypeError as error:  # a table named `file` or `folder`
        raise ConfigurationError([f"{file}: {error}"]) from error


def fault_text(file: Path, fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """One fault as `FILE: KEY: what, and the cure`."""
    key = ".".join(str(part) for part in fault["loc"])
    words = {
        "missing": "is missing; it has no default",
        "extra_forbidden": "is not a known key; see docs/configuration.md for those there are",
    }.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))
    got = fault.get("input")
    shown = (
        f" (it is {got!r})"
        if isinstance(got, (str, int, float, bool)) and fault["type"] not in {"value_error", "extra_forbidden"}
        else ""
    )
    return f"{file}: {key}: {words}{shown}" if key else f"{file}: {words}"


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
