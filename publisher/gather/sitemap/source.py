"""A sitemap: a list of addresses, each of which is asked for its article (`sitemap_article`).

    the maps that may have changed ─► addresses that are new or have another `lastmod` ─► robots.txt ─► the pages
      └─► stored addresses that no map lists any more: asked, fifty a visit; only 404 or 410 speaks against an article

A page that fails is named, and asked again at the next visit; five in a row, and it is the site that fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from urllib3.util import parse_url

from publisher.gather.fetching.addresses import origin
from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError, Response, TooLargeError
from publisher.gather.pages.page import NotAPageError, read_page
from publisher.gather.rights import rights_of
from publisher.gather.sitemap.article import PageReading, is_at, key_of, to_article
from publisher.gather.sitemap.due import Due, due_pages, listed_places, remembered
from publisher.gather.sitemap.maps import Maps, read_maps
from publisher.gather.sitemap.memory import MapMemory, Memory, address_mark, cursor_of, read_memory
from publisher.gather.sitemap.options import check_options, is_wanted
from publisher.gather.sitemap.parse import MAX_BYTES as MAX_MAP_BYTES
from publisher.gather.sitemap.parse import Listed
from publisher.gather.sitemap.robots import Robots, UnknownRulesError
from publisher.gather.source import Event, Missing, Reached, Refusal, Seen, Source, Visit
from publisher.model.addresses import host_of
from publisher.model.article import Status
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings, read_secret

PAGE_TYPES = ("text/html", "application/xhtml+xml")
MAX_PAGE_BYTES = 10_000_000
OK, NOT_FOUND, GONE, TOO_MANY = 200, 404, 410, 429
MAX_VANISHED = 50  #: addresses that are listed no longer, or were not there, asked in one visit
IN_A_ROW = 5
#: What may well be a page under a wrong name.
MAY_BE_A_PAGE = re.compile(r"is (?:of no stated type|text/|application/octet-stream|packed)")


@dataclass(slots=True)
class _Tour:
    """What one visit has learnt so far."""

    visit: Visit
    now: Memory
    robots: Robots
    watched: frozenset[str]
    listed: frozenset[bytes]  #: all addresses of the sitemap
    paths: tuple[str, ...]  #: those to be read; empty for all
    asked: set[bytes] = field(default_factory=set)
    failed: set[bytes] = field(default_factory=set)  #: to be asked again at the next visit
    taken: set[str] = field(default_factory=set)  #: keys
    in_a_row: int = 0  #: pages that failed, one after the other
    forbidden: int = 0
    elsewhere: int = 0


class Sitemap:
    """One site's sitemap; holds the settings, asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        check_options(source, settings.file)
        self._source = source
        self._settings = settings
        self._fetcher = fetcher
        self._site = host_of(source.url)

    def changes(self, visit: Visit) -> Iterator[Event]:
        """The pages that are new or changed, then those that are listed no longer."""
        now = read_memory(visit.cursor)
        before = Memory(turn=now.turn) if visit.full else read_memory(visit.cursor)
        maps = self._maps(before, visit)
        # Where there is no cursor, a first visit broke off, perhaps: it goes on behind what is stored.
        find = nothing_stored if visit.again or (visit.full and visit.cursor) else visit.find
        due = due_pages(maps, before, self._source.options.paths, find)
        now.turn, now.pages = due.turn, {url: now.pages[url] for url in due.watched if url in now.pages}
        robots, places = Robots(self._fetcher), listed_places(maps)
        paths = self._source.options.paths
        tour = _Tour(visit=visit, now=now, robots=robots, watched=due.watched, listed=places, paths=paths)
        for address, why in maps.failed.items():
            yield Refusal(key=address[:1000], url=address[:1000], title="", reason=f"this part of the sitemap {why}")
        for listed in (*due.pages, *due.again):
            yield from self._ask(listed, tour)
        if not before.maps:  # of a few new pages none says anything of the others
            self._check_access(due, tour)
        yield from self._ask_vanished(maps, tour)
        now.maps = remembered(maps, frozenset(tour.failed))
        yield Reached(
            cursor=cursor_of(now),
            whole=visit.full and not (maps.cut or maps.failed or tour.failed or due.left_out),
            same=not tour.asked and not maps.failed and all(one.pages is None for one in maps.read),
            listed=lambda key: address_mark(key) in places,
            note="; ".join(filter(None, [*maps.notes, left_out_note(due.left_out)])),
        )

    def _maps(self, before: Memory, visit: Visit) -> Maps:
        def get(url: str, known: MapMemory) -> Response:
            return self._get(url, max_bytes=MAX_MAP_BYTES, etag=known.etag, last_modified=known.last_modified)

        try:
            return read_maps(self._source.id, self._source.url, before, get)
        except FetchError as error:
            raise self._failure(error, visit) from error

    def _ask(self, listed: Listed, tour: _Tour) -> Iterator[Event]:
        """Asks for one page and says what came of it."""
        tour.asked.add(address_mark(listed.url))
        try:
            if fault := self._fault_of_address(listed.url, tour):
                yield refused(listed, fault)
                return
            etag, last_modified = tour.now.pages.get(listed.url, [None, None])
            response = self._get(
                listed.url, accept=PAGE_TYPES, max_bytes=MAX_PAGE_BYTES, etag=etag, last_modified=last_modified
            )
        except RefusedAddressError as error:
            yield refused(listed, f"is not fetched: {error.what}")
        except TooLargeError as error:
            yield refused(listed, f"its page {error.what}")
        except UnknownRulesError as error:
            yield self._without_rules(listed, error.error, tour)
        except FetchError as error:
            if error.status != OK:
                yield self._failed(listed, error, tour)
            elif MAY_BE_A_PAGE.match(error.what):  # else it is a PDF or a picture, which is no article
                yield refused(listed, f"its page {error.what}")
        else:
            yield from self._take(response, listed, tour)

    def _fault_of_address(self, url: str, tour: _Tour) -> str:
        """Why an address may not be asked; empty when it may."""
        if not is_at(url, self._site):
            tour.elsewhere += 1
            return "is at another site than the sitemap"
        if not tour.robots.allows(url):
            tour.forbidden += 1
            return "robots.txt of its site asks us not to read it"
        return ""

    def _take(self, response: Response, listed: Listed, tour: _Tour) -> Iterator[Event]:
        """An answer, whatever its status, as an event."""
        if response.status in {NOT_FOUND, GONE}:
            tour.in_a_row = 0
            tour.now.missing = [*(url for url in tour.now.missing if url != listed.url), listed.url]
            yield Missing(key=key_of(listed.url), why=f"its page answers {response.status}")
            return
        if response.status != OK and not response.not_modified:
            error = FetchError(listed.url, f"answers {response.status}", status=response.status)
            yield self._failed(listed, error, tour)
            return
        tour.in_a_row = 0
        tour.now.missing = [url for url in tour.now.missing if url != listed.url]
        if response.not_modified:
            return
        event = self._event(response, listed, tour)
        if listed.url in tour.watched and address_mark(listed.url) not in tour.failed:
            tour.now.pages[listed.url] = [response.headers.get("ETag"), response.headers.get("Last-Modified")]
        if event:
            yield once(event, listed, tour)
        elif is_public(listed.url, tour.visit):
            yield refused(listed, "does not say any more that it is an article; what is stored of it stays")

    def _event(self, response: Response, listed: Listed, tour: _Tour) -> Seen | Refusal | None:
        """What the page is: an article, one that cannot be taken, or none."""
        reading = PageReading(
            site=self._site,
            options=self._source.options,
            rights=rights_of(self._source, self._settings),
            languages=self._settings.newsroom.languages,
            zone=ZoneInfo(self._settings.newsroom.timezone),
            now=tour.visit.now,
        )
        try:
            page = read_page(response.body, response.url, response.headers)
        except NotAPageError as error:  # a slip of the server, perhaps, with which the page has no other `lastmod`
            tour.failed.add(address_mark(listed.url))
            return refused(listed, str(error))
        event = to_article(page, listed, reading)
        if isinstance(event, Refusal) and not page.is_ended:  # what it lacks may stand in the part that did not come
            tour.failed.add(address_mark(listed.url))
        return event

    def _without_rules(self, listed: Listed, error: FetchError, tour: _Tour) -> Refusal:
        """A page of which nobody says whether we may read it; or the end of the visit, where no page could be read."""
        if error.retry_after or origin(parse_url(listed.url)) == origin(parse_url(self._source.url)):
            what = f"{error}, so that nobody knows which pages we may read"
            again = tour.visit.now + error.retry_after if error.retry_after else None
            raise SourceError(self._source.id, what, try_again_at=again)
        tour.failed.add(address_mark(listed.url))
        return refused(listed, f"is not read: robots.txt of its site {error.what}")

    def _failed(self, listed: Listed, error: FetchError, tour: _Tour) -> Refusal:
        """A page that did not come, named; or the end of the visit, where it is the site that does not answer."""
        if error.status == TOO_MANY or error.retry_after:
            raise self._failure(error, tour.visit)
        tour.failed.add(address_mark(listed.url))
        tour.in_a_row += 1
        if tour.in_a_row >= IN_A_ROW and not self._is_site_up(tour):
            what = f"{self._source.url}: {IN_A_ROW} pages in a row did not come, the last of them {error.url}"
            raise SourceError(self._source.id, f"{what}: {error.what}")
        return refused(listed, f"its page {error.what}")

    def _is_site_up(self, tour: _Tour) -> bool:
        """Whether the site still gives its sitemap, so that it is the pages that are broken."""
        tour.in_a_row = 0
        try:
            return self._get(self._source.url, max_bytes=MAX_MAP_BYTES, etag=None, last_modified=None).status == OK
        except FetchError:
            return False

    def _check_access(self, due: Due, tour: _Tour) -> None:
        """A site that lets us read none of its pages is a fault of the source, not of each page."""
        count = len(due.pages) + len(due.again)
        if count and tour.forbidden == count:
            what = f"robots.txt of its site asks us not to read any of {count} pages; ask the site"
            raise SourceError(self._source.id, f"{self._source.url}: {what}, or take the source out.")
        if count and tour.elsewhere == count:
            what = f"all its {count} pages are at another site than {self._site}; give the sitemap's address there"
            raise SourceError(self._source.id, f"{self._source.url}: {what}.")

    def _ask_vanished(self, maps: Maps, tour: _Tour) -> Iterator[Event]:
        """Asks for pages that were not there last time, and stored ones that no complete map lists any more."""
        listed = listed_places(maps)
        tour.now.asked -= listed
        waiting = [url for url in tour.now.missing if address_mark(url) not in tour.asked]
        if maps.is_complete:
            waiting += self._unlisted(listed | tour.now.asked | tour.asked | set(map(address_mark, waiting)), tour)
        for url in waiting[:MAX_VANISHED]:
            if address_mark(url) not in listed and not is_public(url, tour.visit):
                tour.now.missing = [one for one in tour.now.missing if one != url]
                continue
            yield from self._ask(Listed(url=url), tour)
            if address_mark(url) not in tour.failed and url not in tour.now.missing:
                tour.now.asked.add(address_mark(url))

    def _unlisted(self, places: set[bytes] | frozenset[bytes], tour: _Tour) -> list[str]:
        """The keys, which are addresses, of stored articles that are not at any of these places."""
        public = (one.key for one in tour.visit.known() if one.status is Status.PUBLIC)
        return [key for key in public if address_mark(key) not in places]

    def _get(
        self, url: str, *, max_bytes: int, etag: str | None, last_modified: str | None, accept: tuple[str, ...] = ()
    ) -> Response:
        options, auth = self._source.options, None
        # A sitemap names what it likes: the password is for the site that it was given for.
        if options.user and options.password and origin(parse_url(url)) == origin(parse_url(self._source.url)):
            key = f"sources.{self._source.id}.options.password"
            auth = options.user, read_secret(options.password, folder=self._settings.folder, key=key)
        return self._fetcher.get(
            url, accept=accept, auth=auth, max_bytes=max_bytes, etag=etag, last_modified=last_modified
        )

    def _failure(self, error: FetchError, visit: Visit) -> SourceError:
        again = visit.now + error.retry_after if error.retry_after else None
        return SourceError(self._source.id, str(error), try_again_at=again)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A sitemap; raises `ConfigurationError` for options that mean nothing to it."""
    return Sitemap(source, settings, fetcher)


def refused(listed: Listed, reason: str) -> Refusal:
    """A page that is refused by what is known of its address alone."""
    return Refusal(key=key_of(listed.url), url=listed.url[:1000], title="", reason=reason)


def once(event: Seen | Refusal, listed: Listed, tour: _Tour) -> Seen | Refusal:
    """The event, unless it has the key of another page: of one that the sitemap lists too, or of one before it."""
    key = event.article.key if isinstance(event, Seen) else event.key
    is_listed = address_mark(key) in tour.listed and is_wanted(key, tour.paths)
    is_others = is_listed and address_mark(key) != address_mark(listed.url)
    if key not in tour.taken and not is_others:
        tour.taken.add(key)
        return event
    url, title = (event.article.url, event.article.title) if isinstance(event, Seen) else (event.url, event.title)
    own = key_of(listed.url) if is_others else f"{key} (again)"
    return Refusal(
        key=own, url=listed.url[:1000], title=title, reason=f"another page has the same address: {url[:200]}"
    )


def is_public(url: str, visit: Visit) -> bool:
    """Whether an article is stored under this address, and public."""
    known = visit.find(key_of(url))
    return known is not None and known.status is Status.PUBLIC


def nothing_stored(_key: str) -> None:
    """Finds nothing, so that all is read anew."""


def left_out_note(count: int) -> str:
    """What a person should know of a sitemap that was too long for the first visit."""
    return f"{count:,} older pages were not read; name those to take in `paths`" if count else ""
