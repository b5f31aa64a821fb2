"""WordPress, by its REST API; by its feed while that is off.

    probe: newest change, how many, newest date      as at the last visit, and compared today? → nothing to do
      ├─► read, newest change first, back to the last visit
      │     └─► compare all ids with the store, if the numbers do not add up, at the first visit, daily, and when asked
      │           ├─► ids that are not stored: fetched
      │           └─► stored ones that are not listed: asked for one by one; only WordPress's own word withdraws
      └─ kept out ─► the feed (`wordpress_feed`)

The key of an article is its post id: ids are unique over all types, so a stored key needs no type to be asked for,
and `translation_of` is a key as it stands. What is listed and not stored (refused, or behind a password) is in the
cursor, or it would be missed at every visit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from publisher.gather.fetching.fetch import Fetcher
from publisher.gather.source import Event, Reached, Source, Visit
from publisher.gather.times import read_time
from publisher.gather.wordpress.api import RestOffError, WordPressApi
from publisher.gather.wordpress.compare import compare
from publisher.gather.wordpress.feed import FeedInstead
from publisher.gather.wordpress.options import check_options
from publisher.gather.wordpress.probe import Mark, adds_up, is_done, is_same, is_unsettled, probe, read_before
from publisher.gather.wordpress.tour import Tour
from publisher.model.clock import stamp
from publisher.settings import Settings, SourceSettings, read_secret

COMPARE_EVERY = timedelta(days=1)


class WordPress:
    """One WordPress site; holds the settings, asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        check_options(source, settings.file)
        self._source = source
        self._settings = settings
        self._fetcher = fetcher

    def changes(self, visit: Visit) -> Iterator[Event]:
        """What changed since the last visit."""
        api = self._api(visit.now)
        try:
            marks = self._probe(api, visit)
        except RestOffError as error:
            yield from FeedInstead(self._source, self._settings, self._fetcher).changes(visit, error)
            return
        tour, odd, before = Tour(self._source, self._settings, self._fetcher, api, visit), False, marks_of(visit)
        for base, mark in marks.items():
            old = before.get(base)
            if old is None or not is_same(old, mark):
                tour.fresh = 0 if old else None
                yield from read_since(tour, base, old or {}, mark)
                odd = odd or old is None or not adds_up(old, mark, fresh=tour.fresh or 0, seen=tour.seen)
            else:
                mark["read"] = old["read"]
        compared = read_time(visit.cursor.get("compared", ""))
        due = visit.full or compared is None or visit.now - compared >= COMPARE_EVERY
        if odd or due:
            yield from compare(tour, retry=due)
            compared = visit.now
        yield self._reached(tour, marks, compared)

    def _probe(self, api: WordPressApi, visit: Visit) -> dict[str, Mark]:
        """How each type stands; raises `RestOffError`."""
        before, turn = marks_of(visit), visit.cursor.get("turn", 0)
        types = enumerate(self._source.options.types)
        return {base: probe(api, base, before.get(base), latest=place == turn) for place, base in types}

    def _reached(self, tour: Tour, marks: dict[str, Mark], compared: datetime | None) -> Reached:
        """The end, with what a person should know."""
        hidden = tour.hidden()
        cursor = {
            "types": marks,
            "turn": (tour.visit.cursor.get("turn", 0) + 1) % len(marks),
            "skipped": sorted(tour.skipped),
            "gone": sorted(tour.gone),
            "hidden": hidden,
            "note": tour.note,
            "compared": compared.isoformat() if compared else "",
        }
        cure = "show it (show_in_rest), then gather with --full"
        notes = [f"no post shows the field {key} in the REST API: {cure}" for key in hidden]
        note = "; ".join(filter(None, [*notes, tour.note]))
        return Reached(cursor=cursor, whole=tour.visit.full, note=note)

    def _api(self, now: datetime) -> WordPressApi:
        options, auth = self._source.options, None
        if options.user and options.password:
            key = f"sources.{self._source.id}.options.password"
            auth = options.user, read_secret(options.password, folder=self._settings.folder, key=key)
        return WordPressApi(self._source.id, self._source.url, self._fetcher, auth, now)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A WordPress source; raises `ConfigurationError` for options that mean nothing to it."""
    return WordPress(source, settings, fetcher)


def marks_of(visit: Visit) -> dict[str, Mark]:
    """How the types stood at the last visit; nothing when all is to be looked at."""
    marks: dict[str, Mark] = {} if visit.full else dict(visit.cursor.get("types", {}))
    return marks


def read_since(tour: Tour, base: str, old: Mark, mark: Mark) -> Iterator[Event]:
    """Everything that changed since the old mark, newest first; everything there is without one.

    What was read in the overlap and has the same time of change still is passed over: blocks such as "latest posts"
    make a post look different whenever another one is published.
    """
    since, read = read_before(old)
    query = {"orderby": "modified", "order": "desc"}
    if since:  # WordPress 5.7; an older one gives all, and we stop by ourselves
        query["modified_after"] = stamp(since)
    for items, broken in tour.fetch(base, query):
        changed = {post.id: read_time(post.modified_gmt) for post in items}
        late = [post for post in items if not (since and (moment := changed[post.id]) and moment < since)]
        new = [post for post in late if read.get(str(post.id)) != post.modified_gmt]
        mark["read"] |= {str(post.id): post.modified_gmt for post in late if is_done(post, mark)}
        yield from tour.take(base, (new, broken), frozenset(post.id for post in new if is_unsettled(post, old)))
        if len(late) < len(items):
            return
