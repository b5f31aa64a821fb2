"""What a digest is made of: everything that one edition says in one language, before any template sees it.

`compose` fills a `Digest` for each cut and language; `publisher.render.fragments` turns it into fragments. Nothing
here is personal: what differs between readers stands as hole tokens that carry the cut's `mark`.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from publisher.model.article import Article, Correction

#: Blocks with names of their own; `updates` is set lighter, without pictures.
STORIES, UPDATES = "stories", "updates"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceLine:
    """A licence as a reader sees it."""

    short: str  #: `CC BY-NC 4.0`
    name: str  #: in the digest's language
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """An article's place in a digest."""

    article: Article
    why: str = ""  #: why the reader gets it, for the reader and in the digest's language; empty: not said
    corrections: tuple[Correction, ...] = ()  #: those that this edition tells of
    licence: LicenceLine | None = None  #: None: all rights reserved
    image_licence: LicenceLine | None = None  #: of the main picture
    republish_url: str | None = None  #: the kit's page; None: not republishable


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestBlock:
    """A part of the edition with a heading of its own."""

    name: str  #: `stories` or `updates`
    items: tuple[DigestItem, ...]
    title: str = ""  #: the heading; empty: the language's own word for the block


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The newsroom, as its readers meet it."""

    name: str
    url: str  #: its own site
    public_url: str  #: where our pages are
    postal_address: str
    contact: str  #: an address of mail or web, or words


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One edition in one language."""

    newsroom: Sender
    title: str  #: of the newsletter, in the language
    language: str  #: RFC 5646 tag
    slot: datetime  #: UTC
    zone: ZoneInfo  #: the newsletter's: its days are the days that readers see
    subject: str
    preheader: str
    note: str = ""  #: plain paragraphs, parted by empty lines
    appeal: str = ""  #: plain; an https address at its end becomes the button
    blocks: tuple[DigestBlock, ...] = ()
    web_url: str  #: this edition's page in the archive
    feeds_url: str  #: the index of the feeds
    licence: LicenceLine | None = None  #: of the edition itself
    mark: str  #: of the cut's hole tokens
