"""What a sitemap's cursor remembers: every address that was listed, with the `lastmod` it was read at, in eight bytes.

Five bytes tell addresses apart, three their times: 50,000 pages are half a megabyte of JSON, 1,000 eleven kilobytes.
A collision (one in ten million at 50,000 pages) hides one change until the next.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publisher.gather.sitemap.parse import Listed
from publisher.model.addresses import address_key

ADDRESS, TIME = 5, 3
MAX_MISSING = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MapMemory:
    """One sitemap at the last visit."""

    etag: str | None = None
    last_modified: str | None = None
    lastmod: str | None = None  #: what the index said of it
    is_news: bool = False
    is_index: bool = False
    read: frozenset[bytes] = frozenset()  #: marks of what it listed and what is done with


@dataclass(slots=True)
class Memory:
    """The cursor, taken apart."""

    maps: dict[str, MapMemory] = field(default_factory=dict)
    asked: set[bytes] = field(default_factory=set)  #: addresses that are listed no longer, and are there
    missing: list[str] = field(default_factory=list)  #: addresses that were not there, to be asked again
    pages: dict[str, list[str | None]] = field(default_factory=dict)  #: validators of pages without `lastmod`
    turn: int = 0  #: how far the pages without `lastmod` were gone through


def address_mark(url: str) -> bytes:
    """What tells an address from others."""
    return hashlib.sha256((address_key(url) or url).encode("utf-8", "replace")).digest()[:ADDRESS]


def mark(listed: Listed) -> bytes:
    """What tells an address at one state from others."""
    moment = listed.lastmod.isoformat() if listed.lastmod else listed.published
    return address_mark(listed.url) + hashlib.sha256(moment.encode("utf-8", "replace")).digest()[:TIME]


def read_memory(cursor: Mapping[str, Any]) -> Memory:
    """What the last visit left; an empty memory at the first."""
    return Memory(
        maps={url: map_memory(one) for url, one in cursor.get("maps", {}).items()},
        asked=set(pieces(cursor.get("asked", ""), ADDRESS)),
        missing=list(cursor.get("missing", [])),
        pages=dict(cursor.get("pages", {})),
        turn=int(cursor.get("turn", 0)),
    )


def cursor_of(memory: Memory) -> dict[str, Any]:
    """The memory as JSON."""
    return {
        "maps": {url: map_json(one) for url, one in memory.maps.items()},
        "asked": packed(memory.asked),
        "missing": memory.missing[-MAX_MISSING:],
        "pages": memory.pages,
        "turn": memory.turn,
    }


def map_memory(one: Mapping[str, Any]) -> MapMemory:
    """One map out of the cursor."""
    names = ("etag", "last_modified", "lastmod", "is_news", "is_index")
    return MapMemory(**{name: one[name] for name in names}, read=frozenset(pieces(one["read"], ADDRESS + TIME)))


def map_json(one: MapMemory) -> dict[str, Any]:
    """One map for the cursor."""
    names = ("etag", "last_modified", "lastmod", "is_news", "is_index")
    return {name: getattr(one, name) for name in names} | {"read": packed(one.read)}


def packed(marks: Iterable[bytes]) -> str:
    """Marks as text, in an order that does not vary."""
    return base64.b64encode(b"".join(sorted(marks))).decode("ascii")


def pieces(text: str, size: int) -> list[bytes]:
    """Marks out of text; none where it is damaged, so that all is read again."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return []
    return [raw[start : start + size] for start in range(0, len(raw), size)]
