"""Articles: what a source says (`SourceArticle`), and what the store holds (`Article`, at its current revision)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an article is."""

    STORY = "story"
    UPDATE = "update"  #: news of the organization itself


class Status(StrEnum):
    """Whether the public may see it."""

    PUBLIC = "public"
    WITHDRAWN = "withdrawn"


class RevisionKind(StrEnum):
    """How a revision differs from the one before; all but `minor` are significant and move `updated`."""

    FIRST = "first"
    MINOR = "minor"
    SUBSTANTIVE = "substantive"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    RESTORED = "restored"


class ImageRights(StrEnum):
    """Who may use an image; only `own`, `cc` and `public_domain` ever leave with a kit."""

    OWN = "own"
    CC = "cc"
    PUBLIC_DOMAIN = "public_domain"
    AGENCY = "agency"
    COURTESY = "courtesy"
    UNKNOWN = "unknown"


class Scope(StrEnum):
    """What a term says of an article."""

    SECTION = "section"
    COUNTRY = "country"
    TOPIC = "topic"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTerm:
    """A section, country, topic or author as the source names it."""

    name: str  #: plain text
    key: str  #: the source's own key for it (a term id, a slug), stable over renaming; the name where there is none
    slug: str | None = None  #: the source's own slug, a wish only: the store decides
    url: str | None = None  #: the page of it at the source, absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term as stored: its slug is kept for ever."""

    id: int
    scope: Scope
    name: str
    slug: str  #: `[a-z0-9-]`, at most 60 characters
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction that the source declared."""

    date: date
    text: str  #: plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article, with its rights and how they were decided."""

    url: str  #: absolute
    alt: str
    caption: str  #: plain
    credit: str  #: plain
    licence: str | None  #: canonical URL, of this picture
    rights: ImageRights
    rights_why: str  #: the rule that decided, in words
    width: int | None = None  #: CSS pixels, as the source says
    height: int | None = None
    is_main: bool = False  #: the picture that stands for the article
    media_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArticle:
    """What a source says of one article, cleaned: sanitised HTML, plain titles, absolute addresses, UTC times."""

    key: str  #: the source's own key, never changes
    url: str
    title: str
    kind: Kind
    language: str  #: RFC 5646 tag
    content_html: str
    summary: str  #: plain
    published: datetime
    modified: datetime | None = None  #: when the source last changed it; only a hint
    authors: tuple[SourceTerm, ...] = ()
    section: SourceTerm | None = None
    countries: tuple[SourceTerm, ...] = ()
    topics: tuple[SourceTerm, ...] = ()
    licence: str | None = None  #: canonical URL; None: none that permits republishing
    licence_why: str = ""  #: where the licence, or the lack of one, comes from
    rights_holder: str = ""
    images: tuple[Image, ...] = ()
    corrections: tuple[Correction, ...] = ()
    translation_of: str | None = None  #: the source's key of the original
    no_republish: bool = False
    embargo_until: datetime | None = None  #: partners may not republish before
    notes: tuple[str, ...] = ()  #: what cleaning did, for `publisher article`


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One stored state of an article, in a list of its history."""

    id: int
    at: datetime
    kind: RevisionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article at its current revision, as the rest of the house reads it."""

    number: int  #: never reused
    uri: str  #: tag URI (RFC 4151), made once
    source: str
    key: str
    work_id: int  #: the original's number; articles of one work are translations of each other
    status: Status
    kind: Kind
    url: str
    title: str
    language: str
    content_html: str
    summary: str
    published: datetime
    updated: datetime  #: time of the last significant revision
    first_stored: datetime
    revision: int  #: id of the current revision
    authors: tuple[Term, ...] = ()
    section: Term | None = None
    countries: tuple[Term, ...] = ()
    topics: tuple[Term, ...] = ()
    licence: str | None = None
    licence_why: str = ""
    rights_holder: str = ""
    images: tuple[Image, ...] = ()
    corrections: tuple[Correction, ...] = ()
    translation_of: int | None = None  #: number of the original, where it is stored
    no_republish: bool = False
    embargo_until: datetime | None = None
    withdrawn_at: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def main_image(self) -> Image | None:
        """The picture that stands for the article."""
        return next((image for image in self.images if image.is_main), None)


def article_uri(*, host: str, first_stored: datetime, number: int) -> str:
    """The article's tag URI (RFC 4151), made once at first storing; `host` without port."""
    return f"tag:{host},{first_stored:%Y-%m-%d}:article/{number}"
