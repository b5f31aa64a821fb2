"""Reading the sitemaps of a site: the index, then those of its maps that may have changed.

conditional GET of the first map ── 304 ──► its list of maps as remembered
     └─ 200 ─► index? ─► each map: same `lastmod` as remembered → unchanged, else a conditional GET
            └► pages
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from publisher.gather.fetching.errors import without_secrets
from publisher.gather.fetching.fetch import FetchError, Response
from publisher.gather.sitemap.memory import MapMemory, Memory
from publisher.gather.sitemap.parse import Listed, NotASitemapError, Sitemap, parse_sitemap
from publisher.gather.times import read_time
from publisher.model.errors import SourceError

MAX_MAPS = 50
MAX_DEPTH = 3  #: an index in an index is against the protocol, and happens
MAX_PAGES = 50_000
OK, TOO_MANY = 200, 429
#: Maps of a CMS that list no articles: `post_tag-sitemap.xml`, `wp-sitemap-users-1.xml`.
OTHERS = re.compile(
    r"(?:^|[-_])(?:category|categories|post_tag|tags?|authors?|users|taxonomies)(?:[-_.\d]|$)", re.IGNORECASE
)

Get = Callable[[str, MapMemory], Response]  #: raises `FetchError`


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A sitemap in this visit."""

    url: str
    now: MapMemory  #: with its validators; `read` is filled in by the visit
    pages: tuple[Listed, ...] | None  #: None: it did not change


@dataclass(slots=True)
class Maps:
    """All sitemaps of a visit."""

    read: list[Map] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  #: address → why
    indexes: dict[str, MapMemory] = field(default_factory=dict)
    cut: bool = False  #: there are more than we read
    notes: list[str] = field(default_factory=list)  #: what was wrong with one and could be mended

    @property
    def is_complete(self) -> bool:
        """Whether what is not listed here is listed nowhere: nothing cut or failed, and more than a window of news."""
        return not self.failed and not self.cut and any(not one.now.is_news for one in self.read)


def read_maps(source: str, url: str, memory: Memory, get: Get) -> Maps:
    """The maps from the first on; one that fails among others is named and left out.

    Raises `FetchError` where the host asks to be left alone, `SourceError` where the first map is none.
    """
    maps = Maps()
    waiting = [(Listed(url=url), 0)]
    seen = {url}
    while waiting:
        listed, depth = waiting.pop(0)
        if len(maps.read) + len(maps.failed) >= MAX_MAPS:
            maps.cut = True
            break
        try:
            inner = list(_read_one(listed, memory, get, maps))
        except FetchError as error:
            if depth == 0 or error.retry_after or error.status == TOO_MANY:
                raise
            maps.failed[listed.url] = error.what
            continue
        except NotASitemapError as error:
            if depth == 0:
                raise SourceError(source, f"{without_secrets(url)}: {error}") from error
            maps.failed[listed.url] = str(error)
            continue
        maps.cut = maps.cut or bool(inner and depth >= MAX_DEPTH)
        if depth < MAX_DEPTH:
            fresh = [one for one in inner if one.url not in seen and not OTHERS.search(name_of(one.url))]
            seen |= {one.url for one in fresh}
            waiting += [(one, depth + 1) for one in sorted(fresh, key=newest_first)]
    return maps


def _read_one(listed: Listed, memory: Memory, get: Get, maps: Maps) -> Iterator[Listed]:
    """Reads one map into `maps`; gives the maps in it, if it is an index."""
    before = memory.maps.get(listed.url)
    lastmod = listed.lastmod.isoformat() if listed.lastmod else None
    if before and not before.is_index and lastmod and before.lastmod == lastmod:
        maps.read.append(Map(url=listed.url, now=before, pages=None))
        return
    response = get(listed.url, before or MapMemory())
    if before and response.not_modified:
        yield from _unchanged(listed, before, memory, maps)
        return
    if response.status != OK:
        raise NotASitemapError(f"answers {response.status}")
    found = parse_sitemap(response.body, response.url)
    now = MapMemory(
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        lastmod=lastmod,
        is_news=found.is_news,
        is_index=bool(found.maps),
    )
    maps.cut = maps.cut or bool(found.cut)
    maps.notes += [f"{without_secrets(listed.url)}: {found.note}"] if found.note else []
    if found.maps:
        maps.indexes[listed.url] = now
        yield from found.maps
    else:
        maps.read.append(Map(url=listed.url, now=now, pages=_within_limit(found, maps)))


def _unchanged(listed: Listed, before: MapMemory, memory: Memory, maps: Maps) -> Iterator[Listed]:
    """A map that is as it was. Maps in an index need not be, where it does not say when they changed."""
    if not before.is_index:
        maps.read.append(Map(url=listed.url, now=before, pages=None))
        return
    maps.indexes[listed.url] = before
    for url, one in memory.maps.items():
        if not one.is_index:
            yield Listed(url=url, lastmod=read_time(one.lastmod or ""))


def _within_limit(found: Sitemap, maps: Maps) -> tuple[Listed, ...]:
    room = MAX_PAGES - sum(len(one.pages or ()) for one in maps.read)
    maps.cut = maps.cut or len(found.pages) > room
    return found.pages[: max(0, room)]


def newest_first(listed: Listed) -> float:
    """A key to sort by; what does not say when it changed may have changed now."""
    return -listed.lastmod.timestamp() if listed.lastmod else float("-inf")


def name_of(url: str) -> str:
    """The file name of an address."""
    return urlsplit(url).path.rpartition("/")[2]
