"""A feed that was read, whatever its format: the feed, its entries, and what it says was deleted.

Feed and entries are mappings with feedparser's names (`title`, `links`, `content`, ...), which the reader of JSON Feed
writes too. Names of our own in an entry:

| name          | holds                                                                        |
|---------------|------------------------------------------------------------------------------|
| `own_id`      | `guid` or `id` letter for letter; feedparser would make an Atom id an address |
| `pictures`    | a list of `Picture`                                                          |
| `corrections` | pairs of day and text (JSON Feed's `_republish`)                             |
| `kept_back`   | true: may not be republished, says the feed itself                           |
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]


class NotAFeedError(ValueError):
    """The bytes are no feed that may be read; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture beside an entry, as the feed describes it; all but the address may be empty."""

    url: str
    media_type: str = ""
    width: str = ""
    height: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """The feed's own word that an entry was deleted (RFC 6721)."""

    key: str
    at: datetime | None  #: None: not said, or not to be read
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One document of a feed."""

    feed: Fields
    entries: Sequence[Fields]
    tombstones: tuple[Tombstone, ...] = ()
    is_complete: bool = False  #: it lists all that there is (RFC 5005 section 2)
    notes: tuple[str, ...] = ()  #: what had to be mended to read it, for the operator


def text_of(fields: Fields, name: str) -> str:
    """A field as text; feedparser gives None or a list where a feed is odd."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def maps_in(fields: Fields, name: str) -> list[Fields]:
    """A field that is a list of mappings; an empty one where it is something else."""
    value = fields.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def links_of(fields: Fields, *relations: str) -> Iterator[str]:
    """The addresses of the links with one of these relations, in order, as written."""
    for link in maps_in(fields, "links"):
        if link.get("rel") in relations and text_of(link, "href"):
            yield text_of(link, "href")
