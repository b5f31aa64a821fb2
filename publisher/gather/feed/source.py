"""A feed, RSS, Atom or JSON Feed: what it lists is taken, what it no longer lists is left alone.

    conditional GET ── 304 ──► all is as it was
         └─ 200 ─► document ─► events ─► at the first visit and when all is wanted: its older pages (RFC 5005) too

A feed is a window, so it never withdraws by absence, unless it says that it is complete: then what it lacks is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from publisher.gather.cleaning.links import absolute_url
from publisher.gather.cleaning.selectors import refuse_selectors
from publisher.gather.feed.article import FeedReading, key_of
from publisher.gather.feed.document import FeedDocument, Fields, NotAFeedError, links_of
from publisher.gather.feed.events import Taken, events_of
from publisher.gather.feed.parse import TYPES, parse_feed
from publisher.gather.fetching.errors import without_secrets
from publisher.gather.fetching.fetch import Fetcher, FetchError, Response
from publisher.gather.push import find_hub
from publisher.gather.rights import rights_of
from publisher.gather.source import Event, Missing, Reached, Source, Visit
from publisher.model.article import Status
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings, read_secret

MAX_BYTES = 10_000_000
MAX_PAGES = 200  #: a newsroom's archive by month over sixteen years
MAX_TRIES = 4  #: of visits that read older pages once more, because one could not be read
OK = 200
OLDER = ("prev-archive", "next")
VALIDATORS = {"etag": "ETag", "last_modified": "Last-Modified"}
WHAT_TO_DO = {
    401: "asks for a name and a password (401): set `user` and `password` in the source's options",
    403: "is not shown to us (403): ask its publisher, or see whether `user` and `password` are right",
    404: "is not there (404): if the feed has moved, change the source's `url`",
    410: "has ended, says its server (410): take the source out, or change its `url`",
}


@dataclass(slots=True)
class Walk:
    """A visit on its way through the documents of a feed."""

    taken: Taken = field(default_factory=Taken)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True  #: all pages were read
    is_broken: bool = False  #: an older page could not be read
    is_lacking: bool = False  #: something is missing, and has to be seen to be once more


class Feed:
    """One feed; holds the settings, asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        self._source = source
        self._settings = settings
        self._fetcher = fetcher

    def changes(self, visit: Visit) -> Iterator[Event]:
        """The entries of the feed, if it changed."""
        cursor = {} if visit.full else visit.cursor
        first = self._get(self._source.url, visit, etag=cursor.get("etag"), last_modified=cursor.get("last_modified"))
        if first.not_modified:
            yield Reached(cursor=visit.cursor, same=True)
            return
        walk = Walk()
        document = self._parsed(first)
        walk.notes += document.notes
        yield from self._hear(document, first.url, visit, walk)
        # A feed that was read before has nothing new on its older pages, if they could be read.
        tries = int(cursor.get("tries", 0))
        if cursor and not 0 < tries < MAX_TRIES:
            walk.is_whole = older_page(document.feed, first.url) is None
        else:
            yield from self._hear_older(document, first.url, visit, walk)
        yield from self._hear_what_is_missing(document, visit, walk)
        yield self._reached(first, document.feed, walk, tries)

    def _hear(self, document: FeedDocument, url: str, visit: Visit, walk: Walk) -> Iterator[Event]:
        """The events of one document."""
        reading = FeedReading(
            feed=document.feed,
            url=url,
            options=self._source.options,
            rights=rights_of(self._source, self._settings),
            language=self._settings.newsroom.languages[0],
            now=visit.now,
            first_seen=lambda key: known.published if (known := visit.find(key)) else None,
        )
        yield from events_of(document, reading, walk.taken, visit.find)

    def _hear_older(self, document: FeedDocument, url: str, visit: Visit, walk: Walk) -> Iterator[Event]:
        """The events of the older pages on the same host, as far as they bring anything."""
        asked = {self._source.url, url}
        host = urlsplit(url).netloc
        for _ in range(MAX_PAGES - 1):
            older = older_page(document.feed, url)
            if older is None or older in asked:
                return
            asked.add(older)
            heard = len(walk.taken.keys)
            try:
                response = self._get(older, visit, is_older=True)
                document, url = self._document(response), response.url
            except NotAFeedError as error:
                walk.is_whole, walk.is_broken = False, True
                walk.notes.append(f"its older pages were read up to {without_secrets(older)}, which {error}")
                return
            if urlsplit(url).netloc != host:
                return
            yield from self._hear(document, url, visit, walk)
            if len(walk.taken.keys) == heard:  # a chain that never ends shows the same for ever
                return
        walk.is_whole = False
        walk.notes.append(f"only its newest {MAX_PAGES} pages were read; there are more")

    def _hear_what_is_missing(self, document: FeedDocument, visit: Visit, walk: Walk) -> Iterator[Missing]:
        """What a feed lacks that says of itself that it is complete (RFC 5005 section 2)."""
        if not document.is_complete or older_page(document.feed, self._source.url):
            return
        if not document.entries:
            walk.notes.append("it says that it is complete, and lists nothing: not believed")
            return
        listed = walk.taken.keys | {key_of(entry) for entry in document.entries}
        for known in visit.known():
            if known.status is Status.PUBLIC and known.key not in listed:
                walk.is_lacking = True
                yield Missing(key=known.key, why="no longer in the feed, which says that it is complete")

    def _reached(self, first: Response, feed: Fields, walk: Walk, tries: int) -> Reached:
        cursor: dict[str, Any] = {name: first.headers.get(header) for name, header in VALIDATORS.items()}
        is_again = walk.is_broken and tries + 1 < MAX_TRIES
        if walk.is_lacking or is_again:  # "not modified" would not say it again
            cursor = dict.fromkeys(VALIDATORS)
        cursor |= {"tries": tries + 1} if is_again else {}
        note = "; ".join(dict.fromkeys(walk.notes))[:1000]
        return Reached(cursor=cursor, whole=walk.is_whole, hub=find_hub(first.headers, feed, first.url), note=note)

    def _get(
        self,
        url: str,
        visit: Visit,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        is_older: bool = False,
    ) -> Response:
        """Asks for a document; raises `SourceError`, and `NotAFeedError` where only an older page is not there."""
        try:
            response = self._fetcher.get(
                url,
                headers={"Accept": ", ".join(TYPES)},
                auth=self._auth(),
                max_bytes=MAX_BYTES,
                etag=etag,
                last_modified=last_modified,
            )
        except FetchError as error:
            again = visit.now + error.retry_after if error.retry_after else None
            raise SourceError(self._source.id, str(error), try_again_at=again) from error
        if response.status == OK or response.not_modified:
            return response
        what = WHAT_TO_DO.get(response.status, f"answers {response.status}")
        if is_older:
            raise NotAFeedError(what)
        raise SourceError(self._source.id, f"{without_secrets(url)}: {what}")

    def _parsed(self, response: Response) -> FeedDocument:
        try:
            return self._document(response)
        except NotAFeedError as error:
            raise SourceError(self._source.id, f"{without_secrets(response.url)}: {error}") from error

    def _document(self, response: Response) -> FeedDocument:
        return parse_feed(response.body, url=response.url, headers=response.headers)

    def _auth(self) -> tuple[str, str] | None:
        options = self._source.options
        if not (options.user and options.password):
            return None
        key = f"sources.{self._source.id}.options.password"
        return options.user, read_secret(options.password, folder=self._settings.folder, key=key)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A feed; raises `ConfigurationError` for selectors that cannot be used."""
    refuse_selectors(source, settings.file)
    return Feed(source, settings, fetcher)


def older_page(feed: Fields, url: str) -> str | None:
    """The address of the page with older entries (RFC 5005 sections 3, 4); another host's is not followed."""
    for href in links_of(feed, *OLDER):
        older = absolute_url(href, url)
        if older and urlsplit(older).netloc == urlsplit(url).netloc:
            return older
    return None
