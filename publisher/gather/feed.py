"""A feed, RSS or Atom: what it lists is taken, what it no longer lists is left alone.

    conditional GET ── 304 ──► nothing changed
         └─ 200 ─► parsed ─► entries ─► at the first visit and when all is wanted: its older pages (RFC 5005) too

A feed is a window, so it never withdraws by absence. Its entries are bound by their own licences (`feed_article`).
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from feedparser import FeedParserDict

from publisher.gather.clean import clean_text
from publisher.gather.feed_article import FeedReading, Fields, key_of, text_of, to_article
from publisher.gather.feed_parse import NotAFeedError, parse_feed
from publisher.gather.fetch import Fetcher, FetchError, Response
from publisher.gather.fetch_errors import without_secrets
from publisher.gather.links import absolute_url
from publisher.gather.rights import rights_of
from publisher.gather.source import Event, Reached, Refusal, Seen, Source, Visit
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings, read_secret

#: Feeds are served as all of these; what it really is, parsing tells.
ACCEPT = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "text/html",
    "text/plain",
)
MAX_BYTES = 10_000_000
MAX_PAGES = 50
OK = 200
OLDER = frozenset({"next", "prev-archive"})


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
            yield Reached(cursor=visit.cursor)
            return
        taken: set[str] = set()
        # A feed that was read before has nothing new on its older pages.
        for page in self._pages(first, visit, limit=1 if cursor else MAX_PAGES):
            yield from self._take(page, visit, taken)
        cursor = {"etag": first.headers.get("ETag"), "last_modified": first.headers.get("Last-Modified")}
        yield Reached(cursor=cursor, whole=True)

    def _pages(self, response: Response, visit: Visit, *, limit: int) -> Iterator[tuple[str, FeedParserDict]]:
        """The feed, then its older pages on the same host, each with its address."""
        asked = {self._source.url, response.url}
        parsed = self._parsed(response)
        yield response.url, parsed
        for _ in range(limit - 1):
            older = older_page(parsed.feed, response.url)
            if older is None or older in asked:
                return
            asked.add(older)
            response = self._get(older, visit)
            parsed = self._parsed(response)
            yield response.url, parsed

    def _take(self, page: tuple[str, FeedParserDict], visit: Visit, taken: set[str]) -> Iterator[Event]:
        """Turns entries into events; of two with one id the first holds, or they would take turns at every visit."""
        url, parsed = page
        reading = FeedReading(
            feed=parsed.feed,
            url=url,
            options=self._source.options,
            rights=rights_of(self._source, self._settings),
            language=self._settings.newsroom.languages[0],
            now=visit.now,
        )
        for entry in parsed.entries:
            key = key_of(entry)
            if key and key in taken:
                title = clean_text(text_of(entry, "title"))
                reason = "another entry before it has the same id"
                yield Refusal(key=f"{key} (again)", url=text_of(entry, "link"), title=title, reason=reason)
                continue
            taken.add(key)
            event = to_article(entry, reading)
            yield event if isinstance(event, Refusal) else Seen(article=event)

    def _get(self, url: str, visit: Visit, *, etag: str | None = None, last_modified: str | None = None) -> Response:
        try:
            response = self._fetcher.get(
                url, accept=ACCEPT, auth=self._auth(), max_bytes=MAX_BYTES, etag=etag, last_modified=last_modified
            )
        except FetchError as error:
            again = visit.now + error.retry_after if error.retry_after else None
            raise SourceError(self._source.id, str(error), try_again_at=again) from error
        if response.status != OK and not response.not_modified:
            raise SourceError(self._source.id, f"{without_secrets(url)}: answers {response.status}")
        return response

    def _parsed(self, response: Response) -> FeedParserDict:
        try:
            return parse_feed(response.body, url=response.url, headers=response.headers)
        except NotAFeedError as error:
            raise SourceError(self._source.id, f"{without_secrets(response.url)}: {error}") from error

    def _auth(self) -> tuple[str, str] | None:
        options = self._source.options
        if not (options.user and options.password):
            return None
        key = f"sources.{self._source.id}.options.password"
        return options.user, read_secret(options.password, folder=self._settings.folder, key=key)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A feed."""
    return Feed(source, settings, fetcher)


def older_page(feed: Fields, url: str) -> str | None:
    """The address of the page with older entries (RFC 5005 sections 3, 4); another host's is not followed."""
    for link in feed.get("links") or []:
        older = absolute_url(text_of(link, "href"), url) if link.get("rel") in OLDER else None
        if older and urlsplit(older).netloc == urlsplit(url).netloc:
            return older
    return None
