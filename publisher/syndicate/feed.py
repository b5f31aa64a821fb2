"""A feed as data: what every format says, before any of them says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from publisher.licensing.licences import Licence
from publisher.licensing.notices import Person

#: The year of every feed's tag URI: a constant, so that ids never change.
FEED_YEAR = 2026
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
FORMAT_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
#: The formats that have archive documents: JSON Feed knows only pages that shift (`next_url`).
ARCHIVE_FORMATS = ("rss", "atom")
#: RFC 4946: an entry that must not inherit the feed's licence points here.
UNSPECIFIED = "http://purl.org/atompub/license#unspecified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A term of an entry; `scheme` is the address of its kind."""

    term: str  #: the slug
    scheme: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryImage:
    """The picture that may leave with an entry."""

    url: str
    media_type: str | None
    width: int | None
    height: int | None
    alt: str
    caption: str
    credit: str
    rights: str  #: in words


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRight:
    """Whether a picture of an article may be republished."""

    url: str
    republishable: bool
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Another article of the same work."""

    language: str  #: RFC 5646 tag
    url: str
    title: str
    is_original: bool = False  #: the one that the others are translated from


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySource:
    """The feed that an entry was taken from (RFC 4287 section 4.2.11)."""

    id: str
    title: str
    url: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as feeds carry it."""

    id: str
    url: str
    title: str
    language: str
    published: datetime
    updated: datetime
    summary: str  #: plain
    content_html: str | None  #: None: the feed carries summaries, or the text is not ours to give
    authors: tuple[Person, ...]
    organisation: Person  #: who published it first
    attribution: str  #: `By Jane Doe, Example Newsroom`
    categories: tuple[Category, ...]
    licence: Licence | None
    rights: str  #: the copyright line
    rights_holder: str
    image: EntryImage | None = None
    media: tuple[MediaRight, ...] = ()
    kit_url: str | None = None  #: only while it may be republished
    corrections: tuple[tuple[date, str], ...] = ()
    translations: tuple[Translation, ...] = ()
    source: EntrySource | None = None
    withdrawn: "Withdrawal | None" = None

    @property
    def byline(self) -> tuple[Person, ...]:
        """The authors; without any, the organisation: a reader would take the feed's own author for another's text."""
        return self.authors or (self.organisation,)

    @property
    def licence_url(self) -> str:
        """The licence's address, and where there is none the one that says so."""
        return self.licence.url if self.licence else UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An article that was taken back: a tombstone in Atom, a stand-in elsewhere."""

    at: datetime
    by: str
    comment: str
    url: str  #: of the page that explains


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePlace:
    """Where a document stands in the archive of its feed (RFC 5005 section 4). Addresses are without extension."""

    month: str | None  #: `YYYY-MM`, in UTC; None: the subscription document
    current: str  #: of the subscription document
    previous: str | None = None  #: of the newest archive before it
    next: str | None = None  #: of the oldest archive after it; of the subscription document always None

    def links(self, form: str) -> list[tuple[str, str]]:
        """Relations and addresses in one format, but `self`; the subscription document is current itself."""
        named = [("prev-archive", self.previous), ("next-archive", self.next)]
        current = [("current", self.current)] if self.month else []
        return [(rel, f"{address}.{form}") for rel, address in (*current, *named) if address]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One list of articles, in whatever format."""

    id: str
    title: str
    description: str
    path: str  #: under `public/`, without extension: `feeds/country/mexico`
    home_url: str  #: its page for people
    self_urls: Mapping[str, str]  #: by format
    language: str
    licence: Licence | None  #: only when every entry has it
    rights: str
    updated: datetime
    organisation: str
    organisation_url: str
    about_url: str  #: what the JSON extension means
    hubs: tuple[str, ...]
    entries: tuple[Entry, ...]  #: newest first
    archive: ArchivePlace | None = None  #: None: a feed without archive documents
