"""The feed of a WordPress that gives its REST API to nobody: what it shows is gathered until the API is back.

    feed of the last time, else /feed/, else the one that the home page names ─► entries ─► post ids ─► articles
                                          └─ the first time, and when all is wanted: its older pages (`paged=2`) too

The guid of an entry (`https://news.example.org/?p=7`) holds the post's id, which is its key by the API too, so nothing
comes twice when the API is back. A feed tells less than the API: what the API told of an article stands until the API
tells otherwise, and where a post's own word about republishing cannot be heard, nothing is permitted.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from publisher.gather.feed.article import FeedReading, body_of, categories, key_of, to_article
from publisher.gather.feed.document import FeedDocument, Fields, NotAFeedError, text_of
from publisher.gather.feed.parse import TYPES, parse_feed
from publisher.gather.fetching.fetch import Fetcher, FetchError, Response
from publisher.gather.pages.licence import fetch_page_licence
from publisher.gather.rights import choose_licence, rights_of
from publisher.gather.source import Event, Gone, Reached, Refusal, Seen, Visit
from publisher.gather.wordpress.api import RestOffError
from publisher.gather.wordpress.feed_address import id_in, id_of_page, later_page, linked_feed
from publisher.model.article import Kind, SourceArticle
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceOptions, SourceSettings
from publisher.store.terms import slug_of

MAX_BYTES = 10_000_000
MAX_PAGES = 50
MAX_REMEMBERED = 500
OK = 200
#: What stands in the place of a text that is behind a password.
PASSWORD_FORM = "post-password-form"  # noqa: S105 - a class in HTML
NOTE = "its REST API is off: only what its feed shows is gathered, and nothing is withdrawn"


class FeedInstead:
    """The feed of one WordPress site; asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        self._source = source
        self._settings = settings
        self._fetcher = fetcher
        self._rights = rights_of(source, settings)

    def changes(self, visit: Visit, error: RestOffError) -> Iterator[Event]:
        """The entries of the feed, if it changed; raises `SourceError`, with `error`'s words, when there is no feed."""
        memory: dict[str, Any] = dict(visit.cursor.get("feed", {}))
        fed = set(visit.cursor.get("fed", ()))
        is_first = visit.full or not memory
        try:
            response = self._find_feed({} if is_first else memory, visit)
        except SourceError as worse:
            words = f"{error} Nor can its feed be read: {worse}"
            raise SourceError(self._source.id, words, try_again_at=worse.try_again_at) from worse
        note = f"{NOTE} ({error})"
        if response.not_modified:
            yield Reached(cursor=visit.cursor, same=True, note=note)
            return
        known_ids: dict[str, int] = memory.get("ids", {})
        for document in self._pages(response, visit, limit=MAX_PAGES if is_first else 1):
            for entry in document.entries:
                yield from self._take(entry, document, visit, fed, known_ids)
        headers, ids = response.headers, dict(list(known_ids.items())[-MAX_REMEMBERED:])
        memory = {"url": response.url, "etag": headers.get("ETag"), "last_modified": headers.get("Last-Modified")}
        cursor = {**visit.cursor, "feed": {**memory, "ids": ids}, "fed": sorted(fed)}
        yield Reached(cursor=cursor, note=note)

    def _take(
        self, entry: Fields, document: FeedDocument, visit: Visit, fed: set[int], known_ids: dict[str, int]
    ) -> Iterator[Event]:
        """An entry as an event, unless the API knows better."""
        id_ = self._id_of(entry, known_ids)
        if id_ is None:
            reason = "its number cannot be told from the feed, so it would come twice when the REST API is back"
            yield Refusal(key=key_of(entry), url=text_of(entry, "link"), title=text_of(entry, "title"), reason=reason)
            return
        known = visit.find(str(id_))
        if PASSWORD_FORM in body_of(entry)[0]:
            if known:
                yield Gone(key=str(id_), why="is behind a password now")
            return
        if known and visit.cursor.get("types") and id_ not in fed:
            return
        found = to_article(entry, self._reading(document, visit))
        if isinstance(found, Refusal):
            yield replace(found, key=str(id_))
            return
        fed.add(id_)
        yield Seen(article=self._guarded(replace(found, key=str(id_)), entry), dated=False)

    def _id_of(self, entry: Fields, known_ids: dict[str, int]) -> int | None:
        """The id of an entry's post, by its guid, else by its page, which is asked until it tells."""
        link = text_of(entry, "link")
        found = id_in(key_of(entry), self._source.url) or known_ids.get(link)
        if found is None and (found := id_of_page(self._fetcher, link, self._source.url)):
            known_ids[link] = found
        return found

    def _guarded(self, found: SourceArticle, entry: Fields) -> SourceArticle:
        """The article, with nothing permitted that its own fields might forbid."""
        options, notes = self._source.options, list(found.notes)
        if options.updates and any(self._is_update(name) for name in categories(entry)):
            found = replace(found, kind=Kind.UPDATE)
        if options.language and ":" in options.language:
            notes.append(f"its language cannot be told from the feed: taken as {found.language}")
        if options.no_republish or options.embargo:
            notes.append("whether it may be republished cannot be told from the feed: not until the REST API is back")
            found = replace(found, no_republish=True)
        if options.licence:
            licence, why = self._licence(found.url)
            found = replace(found, licence=licence, licence_why=why)
        return replace(found, notes=tuple(notes))

    def _licence(self, url: str) -> tuple[str | None, str]:
        if self._source.options.licence != "link":
            return None, "its own licence cannot be told from the feed"
        try:
            return choose_licence(fetch_page_licence(self._fetcher, url), "rel=license of its page", self._rights)
        except FetchError as error:
            raise self._failed(error, None) from error

    def _is_update(self, category: str) -> bool:
        """Whether a category or tag is one of the updates; what lies below such a category, a feed does not tell."""
        rules = [rule.partition(":") for rule in self._source.options.updates]
        return any(what in {"category", "tag"} and slug_of(category) == slug for what, _, slug in rules)

    def _reading(self, document: FeedDocument, visit: Visit) -> FeedReading:
        options, own = self._source.options, self._settings.newsroom.languages[0]
        return FeedReading(
            feed=document.feed,
            url=self._source.url,
            options=feed_options(options, own),
            rights=self._rights,
            language=own,
            now=visit.now,
            first_seen=lambda _: None,
        )

    def _find_feed(self, memory: dict[str, Any], visit: Visit) -> Response:
        """The feed, or word that it is as before; raises `SourceError`."""
        home = f"{self._source.url.rstrip('/')}/"
        url = memory.get("url") or f"{home}feed/"
        response = self._get(url, visit, etag=memory.get("etag"), last_modified=memory.get("last_modified"))
        if response.not_modified or is_feed(response):
            return response
        page = self._get(home, visit)
        linked = linked_feed(page.body, page.url) if page.status == OK else None
        if linked and linked != url and is_feed(response := self._get(linked, visit)):
            return response
        raise SourceError(self._source.id, f"{url} is none, and {home} names none.")

    def _pages(self, response: Response, visit: Visit, *, limit: int) -> Iterator[FeedDocument]:
        """The feed, then its older pages, as far as they bring anything."""
        url, seen = response.url, set[str]()
        for number in range(2, limit + 2):
            document = parse_feed(response.body, url=response.url, headers=response.headers)
            keys = {key_of(entry) for entry in document.entries}
            if keys <= seen:
                return
            seen |= keys
            yield document
            if number > limit:
                return
            response = self._get(later_page(url, number), visit)
            if not is_feed(response):  # WordPress says 404 after the last page, and shows an empty feed
                return

    def _get(self, url: str, visit: Visit, *, etag: str | None = None, last_modified: str | None = None) -> Response:
        headers = {"Accept": ", ".join(TYPES)}
        try:
            return self._fetcher.get(url, headers=headers, max_bytes=MAX_BYTES, etag=etag, last_modified=last_modified)
        except FetchError as error:
            raise self._failed(error, visit) from error

    def _failed(self, error: FetchError, visit: Visit | None) -> SourceError:
        again = visit.now + error.retry_after if visit and error.retry_after else None
        return SourceError(self._source.id, str(error), try_again_at=again)


def is_feed(response: Response) -> bool:
    """Whether a feed came that can be read."""
    if response.status != OK:
        return False
    try:
        parse_feed(response.body, url=response.url, headers=response.headers)
    except NotAFeedError:
        return False
    return True


def feed_options(options: SourceOptions, language: str) -> SourceOptions:
    """The options, as far as a feed can tell what they ask for.

    Its one list of categories and tags says section and topics only where no category stands for anything else.
    """
    prefix = options.countries if options.countries.startswith("tag-prefix:") else ""
    is_plain = options.countries in {"", "none", prefix} and not options.no_republish.startswith(("category:", "tag:"))
    return SourceOptions(
        section="category" if is_plain and options.section in {"", "category"} else "none",
        topics="" if is_plain and options.topics in {"", "tag"} else "none",
        countries=prefix,
        language=options.language if options.language and ":" not in options.language else language,
        drop=options.drop,
    )
