"""Which pages of a sitemap are to be asked, and what is remembered afterwards. Pure.

| an address                                        | is asked                                                    |
|---------------------------------------------------|-------------------------------------------------------------|
| new, or with another `lastmod`                    | now; at the first visit the newest `MAX_PAGES` of them only |
| stored, and not newer than that (a visit broke off)| no                                                         |
| without `lastmod`                                 | the first `UNDATED` of them at each visit, others in turn   |
| failed at the last visit                          | now                                                         |
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from publisher.gather.sitemap.article import key_of
from publisher.gather.sitemap.maps import Map, Maps, newest_first
from publisher.gather.sitemap.memory import ADDRESS, MapMemory, Memory, address_mark, mark
from publisher.gather.sitemap.options import is_wanted
from publisher.gather.sitemap.parse import Listed
from publisher.model.article import Status
from publisher.store.known import Known

MAX_PAGES = 5_000
UNDATED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The pages of one visit."""

    pages: tuple[Listed, ...]  #: new or changed, newest first
    again: tuple[Listed, ...] = ()  #: without a date, so that only asking tells
    watched: frozenset[str] = frozenset()  #: addresses whose validators are kept
    turn: int = 0
    left_out: int = 0  #: new ones that are too many


def due_pages(maps: Maps, memory: Memory, paths: Sequence[str], find: Callable[[str], Known | None]) -> Due:
    """What to ask in this visit; `find` gives what is stored under a key."""
    found: dict[bytes, Listed] = {}
    undated: dict[bytes, Listed] = {}
    fresh = set()
    for one in maps.read:
        known = memory.maps.get(one.url)
        for listed in one.pages or ():
            place = address_mark(listed.url)
            if not is_wanted(listed.url, paths):
                continue
            if listed.lastmod is None:
                undated.setdefault(place, listed)
            # A news map says more of a page than another one that lists it too.
            if (known is None or mark(listed) not in known.read) and (place not in found or listed.is_news):
                found[place] = listed
                fresh |= {place} if known is None and not listed.is_news else set()
    newest = sorted(found, key=lambda place: newest_first(found[place]))
    too_many = set() if paths else set([place for place in newest if place in fresh][MAX_PAGES:])
    pages = [found[place] for place in newest if place not in too_many]
    old = [listed for place, listed in undated.items() if place not in found]
    again, turn = in_turn(old, memory.turn)
    return Due(
        pages=tuple(page for page in pages if address_mark(page.url) not in fresh or not is_stored(page, find)),
        again=again,
        watched=frozenset(page.url for page in list(undated.values())[:UNDATED]),
        turn=turn,
        left_out=len(too_many),
    )


def in_turn(pages: Sequence[Listed], turn: int) -> tuple[tuple[Listed, ...], int]:
    """The first pages, and as many of the rest from `turn` on; and where to go on next time."""
    first, rest = pages[:UNDATED], pages[UNDATED:]
    start = turn if turn < len(rest) else 0
    return (*first, *rest[start : start + UNDATED]), start + UNDATED if rest else 0


def is_stored(listed: Listed, find: Callable[[str], Known | None]) -> bool:
    """Whether an article is stored as it was at its `lastmod` or later: a visit that broke off had come so far."""
    if listed.lastmod is None:
        return False
    known = find(key_of(listed.url))
    return bool(
        known and known.status is Status.PUBLIC and known.modified is not None and known.modified >= listed.lastmod
    )


def marks_of(one: Map) -> frozenset[bytes]:
    """What a map lists, as marks."""
    return one.now.read if one.pages is None else frozenset(map(mark, one.pages))


def listed_places(maps: Maps) -> frozenset[bytes]:
    """All addresses that the maps list, in this visit or as remembered."""
    return frozenset(each[:ADDRESS] for one in maps.read for each in marks_of(one))


def remembered(maps: Maps, failed: frozenset[bytes]) -> dict[str, MapMemory]:
    """The maps for the next visit; one with a page that failed, or without dates, is read again then."""
    kept: dict[str, MapMemory] = {}
    for one in maps.read:
        marks = frozenset(each for each in marks_of(one) if each[:ADDRESS] not in failed)
        is_dated = all(page.lastmod for page in one.pages or ())
        is_done = is_dated and len(marks) == len(marks_of(one))
        kept[one.url] = replace(one.now, read=marks) if is_done else MapMemory(is_news=one.now.is_news, read=marks)
    for url, index in maps.indexes.items():
        kept[url] = MapMemory(is_index=True) if maps.failed else index
    return kept
