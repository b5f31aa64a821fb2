"""Ghost, by its Content API.

    probe: newest changes, how many      as at the last visit, and settled? → nothing to do
      └─► read what changed since then, compare all ids with the store if the numbers do not add up
    which posts are marked `no_republish`      as at the last visit? → nothing to do
    everything, at the first visit, daily, and when asked: tags and authors change without a word
      └─► stored ones that are not listed: asked for one by one; only Ghost's own word withdraws

The key of an article is its post id, unique over posts and pages. What is listed and not stored (refused, for members
only) is in the cursor, or it would be missed at every visit.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from publisher.gather.fetching.fetch import Fetcher
from publisher.gather.ghost.api import GhostApi, ids_in
from publisher.gather.ghost.marks import adds_up, is_same, probe, probe_marked, standing_of
from publisher.gather.ghost.options import check_options
from publisher.gather.ghost.tour import Tour
from publisher.gather.source import Event, Gone, Reached, Source, Visit
from publisher.gather.times import read_time
from publisher.model.article import Status
from publisher.model.errors import ConfigurationError, SourceError
from publisher.settings import Settings, SourceSettings, read_secret

READ_ALL_EVERY = timedelta(days=1)
#: So many articles that vanish at once, all there were: rather a site that was set up anew.
ALL_AT_ONCE = 10


class Ghost:
    """One Ghost site; holds the settings, asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        check_options(source, settings.file)
        self._source = source
        self._settings = settings
        self._fetcher = fetcher
        self._bases = tuple(dict.fromkeys(source.options.types))

    def changes(self, visit: Visit) -> Iterator[Event]:
        """What changed since the last visit."""
        before = visit.cursor
        skipped = set(before.get("skipped", ()))
        tour = Tour(
            api=self._api(visit.now),
            visit=visit,
            source=self._source,
            settings=self._settings,
            fetcher=self._fetcher,
            bases=self._bases,
            skipped=skipped,
            was_skipped=frozenset(skipped),
        )
        marks = {base: probe(tour.api, base) for base in self._bases}
        marked = probe_marked(tour.api, self._source.options.no_republish)
        read_all = read_time(before.get("read_all", ""))
        is_due = read_all is None or visit.now - read_all >= READ_ALL_EVERY or marks.keys() != before["types"].keys()
        is_whole = visit.full or is_due
        if is_whole or read_all is None:
            yield from self._read_all(tour)
            read_all = visit.now
        else:
            yield from self._read_changes(tour, before["types"], marks)
            yield from self._read_marked(tour, before["marked"], marked)
        cursor = {"types": marks, "marked": marked, "skipped": sorted(tour.skipped), "read_all": read_all.isoformat()}
        yield Reached(cursor=cursor, whole=is_whole)

    def _read_all(self, tour: Tour) -> Iterator[Event]:
        """Everything there is."""
        for base in self._bases:
            yield from tour.read(base, {})
        yield from self._leave(tour, frozenset(tour.seen))

    def _read_changes(self, tour: Tour, before: dict[str, Any], marks: dict[str, Any]) -> Iterator[Event]:
        """What changed since the old marks, and what came or went in another way."""
        is_odd = False
        for base, mark in marks.items():
            if is_same(before[base], mark):
                continue
            tour.fresh = 0
            yield from tour.read(base, {"filter": before[base]["filter"]} if before[base]["filter"] else {})
            is_odd = is_odd or not adds_up(before[base], mark, tour.fresh)
        if is_odd:
            yield from self._compare(tour)

    def _read_marked(self, tour: Tour, before: dict[str, Any], marked: dict[str, Any]) -> Iterator[Event]:
        """Posts that got or lost the mark `no_republish`: a tag does not move the time of change, and cannot wait."""
        if marked == before or "posts" not in self._bases:
            return
        if marked["filter"]:
            yield from tour.read("posts", {"filter": marked["filter"]})
        yield from tour.read_ids("posts", set(before["ids"]) - set(marked["ids"]))

    def _compare(self, tour: Tour) -> Iterator[Event]:
        """All ids of the site against all keys of the store."""
        listed = {
            id_: base
            for base in self._bases
            for piece in tour.api.pieces(base, {"fields": "id"})
            for id_ in ids_in(piece.items)
        }
        public = {known.key for known in tour.visit.known() if known.status is Status.PUBLIC}
        waiting = listed.keys() - tour.seen - tour.skipped - public
        for base in self._bases:
            yield from tour.read_ids(base, {id_ for id_ in waiting if listed[id_] == base})
        yield from self._leave(tour, frozenset(listed))

    def _leave(self, tour: Tour, listed: frozenset[str]) -> Iterator[Event]:
        """What is stored and not listed: asked for one by one; only a clear answer is an answer."""
        vanished = [one.key for one in tour.visit.known() if one.status is Status.PUBLIC and one.key not in listed]
        if not listed and len(vanished) > ALL_AT_ONCE:
            what = (
                f"{self._source.url} has no posts any more, where it had {len(vanished)}: it may have been set up anew"
            )
            raise SourceError(self._source.id, f"{what}. They stay as they are.")
        unclear = []
        for key in vanished:
            standing = standing_of(tour.api, self._bases, key)
            if standing.gone:
                yield Gone(key=key, why=standing.why)
            elif standing.base:
                yield from tour.read_ids(standing.base, {key})
            else:
                unclear.append(f"{key} ({standing.why})")
        # Their refusals would stand for ever otherwise: nothing else will ever speak of them.
        for key in tour.skipped - listed:
            yield Gone(key=key, why="no longer listed")
        tour.skipped &= listed
        if unclear:
            what = f"{self._source.url} no longer lists {len(unclear)} of its posts and does not say why"
            raise SourceError(self._source.id, f"{what}: {', '.join(unclear[:5])}. They stay as they are.")

    def _api(self, now: datetime) -> GhostApi:
        where = f"sources.{self._source.id}.options.key"
        key = read_secret(self._source.options.key or "", folder=self._settings.folder, key=where)
        if ":" in key:  # such a key may write; it must not stand in an address
            what = "is an Admin API key, with which one may write; give the Content API key that stands beside it"
            raise ConfigurationError([f"{where}: {what}."])
        return GhostApi(self._source.id, self._source.url, self._fetcher, key, now)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A Ghost source; raises `ConfigurationError` for options that mean nothing to it."""
    return Ghost(source, settings, fetcher)
