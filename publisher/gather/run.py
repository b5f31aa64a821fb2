"""The run: each source is asked for what changed, and what it says is written down.

    source ── events ──► decide ──► store, a hundred at a time ──► at the end: cursor, health, refusals

No transaction is open while the network is asked. Whatever ends a run early, what was written holds and the cursor is
the old one: the next run meets the same events, finds most of them unchanged, and nothing is lost or stored twice.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

import structlog

from publisher.gather.decide import Changed, New, Unchanged, decide, keep_dates, state_digest, words_digest
from publisher.gather.fetch import Fetcher, HostTurns
from publisher.gather.source import Gone, Reached, Refusal, Seen, Source, Visit
from publisher.gather.sources import make_source
from publisher.model.article import Status
from publisher.model.clock import Clock, stamp
from publisher.model.errors import NotFoundError, PublisherError, SourceError
from publisher.settings import Settings, SourceSettings
from publisher.store.articles import (
    Known,
    State,
    add_article,
    add_revision,
    find_known,
    get_article,
    list_known,
    withdraw_article,
)
from publisher.store.engine import Store, Tx
from publisher.store.sources import list_refusals, load_state, save_failure, save_refusals, save_success

log = structlog.get_logger()

#: Raised when articles are read in another way than before, so that everything is looked at once more.
READER = 1
IN_ONE_GO = 100  #: events in one write transaction
LONGEST_HOLD = timedelta(hours=24)  #: however long a server asks to be left alone

Progress = Callable[[str, int], None]  #: source, and how many of its items were looked at so far


class GatherStatus(StrEnum):
    """How a source fared."""

    OK = "ok"
    FAILED = "failed"
    HELD = "held"  #: not asked: it had said when to come again


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What one source brought."""

    id: str
    status: GatherStatus
    new: int = 0
    changed: int = 0  #: restored ones too
    unchanged: int = 0  #: public, and as they were
    withdrawn: int = 0
    refused: tuple[Refusal, ...] = ()  #: all that stand, those of earlier runs too
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherReport:
    """What a run brought, source by source."""

    sources: tuple[SourceReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every source was read to its end."""
        return all(one.status is GatherStatus.OK for one in self.sources)


def gather_all(
    settings: Settings,
    store: Store,
    *,
    clock: Clock,
    only: Collection[str] = (),
    full: bool = False,
    progress: Progress | None = None,
) -> GatherReport:
    """Gathers the sources, or those named, each on its own: what fails fails alone.

    Raises `NotFoundError` for a source that is not configured, `ConfigurationError` for one that cannot be made, both
    before anything is asked; and `StoreError`.
    """
    ids = [source.id for source in settings.sources]
    for name in only:
        if name not in ids:
            raise NotFoundError("source", name)
    turns = HostTurns()  # one for all: two sources may well be at the same host
    chosen = [
        (source, fetcher, make_source(source, settings, fetcher))
        for source in settings.sources
        if source.id in only or not only
        for fetcher in [fetcher_for(source, settings, turns)]
    ]
    reports = []
    for source, fetcher, reader in chosen:
        with fetcher, store.only_gatherer(source.id):
            visitor = _Visitor(source, settings, store, clock, progress)
            reports.append(visitor.gather(reader, full=full))
    return GatherReport(sources=tuple(reports))


def gather_source(settings: Settings, store: Store, source: str, *, clock: Clock, full: bool = False) -> SourceReport:
    """Gathers one source."""
    return gather_all(settings, store, clock=clock, only=[source], full=full).sources[0]


def fetcher_for(source: SourceSettings, settings: Settings, turns: HostTurns | None = None) -> Fetcher:
    """The guarded client of a source, which says who we are and where to complain."""
    about = f"newsroom-publisher (+{settings.newsroom.url}; {settings.newsroom.contact})"
    agent = about.encode("ascii", "ignore").decode()
    return Fetcher(agent, private_hosts=source.private_hosts, source_url=source.url, turns=turns)


@dataclass(slots=True)
class _Tally:
    """What was written so far."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    looked_at: int = 0
    refused: set[str] = field(default_factory=set)


class _Visitor:
    """One source and the store, for one run: holds the events that wait to be written."""

    def __init__(
        self, source: SourceSettings, settings: Settings, store: Store, clock: Clock, progress: Progress | None
    ) -> None:
        self._id = source.id
        self._host = settings.newsroom.host
        self._read_with = read_with(source, settings)
        self._store = store
        self._clock = clock
        self._progress = progress
        self._waiting: list[Seen | Gone | Refusal] = []
        self._tally = _Tally()

    def gather(self, reader: Source, *, full: bool) -> SourceReport:
        """Reads the source to its end, or as far as it goes."""
        now = self._clock.now()
        with self._store.read() as tx:
            state = load_state(tx, self._id)
        if state.try_again_at and now < state.try_again_at:
            until = f"it asked to be left alone until {stamp(state.try_again_at)}"
            return self._report(GatherStatus.HELD, f"{until} ({state.error})" if state.error else until)
        # A cursor says "nothing changed since" only of articles that are still read in the same way.
        is_as_before = state.cursor.get("read_with") == self._read_with
        visit = Visit(
            cursor=state.cursor["at"] if is_as_before else {},
            full=full or not is_as_before,
            now=now,
            find=self._find,
            known=self._known,
        )
        try:
            reached = self._listen(reader, visit)
        except SourceError as error:
            return self._failed(str(error), error.try_again_at)
        except PublisherError:  # the store's, or the configuration's: not this source's fault
            raise
        except Exception as error:
            log.exception("source.broken", source=self._id)
            return self._failed(f"an error of ours, not of the source: {type(error).__name__}: {error}", None)
        self._finish(reached)
        return self._report(GatherStatus.OK, None)

    def _listen(self, reader: Source, visit: Visit) -> Reached:
        """Takes the events, and writes them down in small transactions."""
        reached = None
        try:
            for event in reader.changes(visit):
                if isinstance(event, Reached):
                    reached = event
                    continue
                self._waiting.append(event)
                self._tally.looked_at += 1
                if len(self._waiting) >= IN_ONE_GO:
                    self._write()
        finally:  # what a source said before it failed holds
            self._write()
        if reached is None:
            raise RuntimeError(f"{type(reader).__name__} ended without saying where it is")
        return reached

    def _write(self) -> None:
        """Writes down the events that wait."""
        events, self._waiting = self._waiting, []
        if not events:
            return
        now = self._clock.now()
        refused = [event for event in events if isinstance(event, Refusal)]
        taken = [event.article.key if isinstance(event, Seen) else event.key for event in events]
        with self._store.begin() as tx:
            counts = [self._apply(tx, event, now) for event in events]
            save_refusals(tx, self._id, refused, taken=taken, now=now)
        self._tally.new += counts.count("new")
        self._tally.changed += counts.count("changed")
        self._tally.withdrawn += counts.count("withdrawn")
        self._tally.refused |= {one.key for one in refused}
        if self._progress:
            self._progress(self._id, self._tally.looked_at)

    def _apply(self, tx: Tx, event: Seen | Gone | Refusal, now: datetime) -> str:
        """Writes one event down, and says what it was."""
        match event:
            case Seen():
                return self._apply_seen(tx, event, now)
            case Gone():
                known = find_known(tx, self._id, event.key)
                if known is None or known.status is not Status.PUBLIC:
                    return ""
                withdraw_article(tx, known.number, why=event.why, now=now)
                log.info("article.withdrawn", source=self._id, article=known.number, why=event.why)
                return "withdrawn"
            case Refusal():
                return ""
            case _:
                assert_never(event)

    def _apply_seen(self, tx: Tx, event: Seen, now: datetime) -> str:
        found = event.article
        known = find_known(tx, self._id, found.key)
        decision = decide(known, found)
        state = State(found=found, digest=state_digest(found), words=words_digest(found))
        match decision:
            case Unchanged():
                return ""
            case New():
                add_article(tx, self._id, state, host=self._host, now=now)
                return "new"
            case Changed(kind=kind):
                number = known.number if known else 0
                # The digests stay those of the source's own words, or the next visit would see a change again.
                if found.corrections and not event.dated:
                    kept = keep_dates(found, get_article(tx, number).corrections)
                    state = State(found=kept, digest=state.digest, words=state.words)
                add_revision(tx, self._id, number, state, kind=kind, now=now)
                return "changed"
            case _:
                assert_never(decision)

    def _finish(self, reached: Reached) -> None:
        """Writes down where the source is: from here on the events before count as read."""
        now = self._clock.now()
        cursor = {"read_with": self._read_with, "at": dict(reached.cursor)}
        with self._store.begin() as tx:
            # After a part only, an earlier refusal may be of something that was not looked at.
            if reached.whole:
                void = [one.key for one in list_refusals(tx, self._id) if one.key not in self._tally.refused]
                save_refusals(tx, self._id, [], taken=void, now=now)
            save_success(tx, self._id, cursor=cursor, now=now)

    def _failed(self, error: str, try_again_at: datetime | None) -> SourceReport:
        now = self._clock.now()
        # A mistaken or hostile `Retry-After` of a year must not silence a source for good.
        again = min(try_again_at, now + LONGEST_HOLD) if try_again_at else None
        with self._store.begin() as tx:
            save_failure(tx, self._id, error=error, try_again_at=again, now=now)
        return self._report(GatherStatus.FAILED, error)

    def _report(self, status: GatherStatus, error: str | None) -> SourceReport:
        public = sum(one.status is Status.PUBLIC for one in self._known())
        with self._store.read() as tx:
            refused = tuple(list_refusals(tx, self._id))
        tally = self._tally
        report = SourceReport(
            id=self._id,
            status=status,
            new=tally.new,
            changed=tally.changed,
            unchanged=max(0, public - tally.new - tally.changed),
            withdrawn=tally.withdrawn,
            refused=refused,
            error=error,
        )
        counts = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "withdrawn")}
        log.info("source.gathered", source=self._id, status=status, **counts, refused=len(refused), error=error)
        return report

    def _find(self, key: str) -> Known | None:
        with self._store.read() as tx:
            return find_known(tx, self._id, key)

    def _known(self) -> Iterator[Known]:
        """All that is stored, page by page; what waits is written first, or it would look unknown."""
        self._write()
        after = ""
        while True:
            with self._store.read() as tx:
                page = list_known(tx, self._id, after=after)
            if not page:
                return
            yield from page
            after = page[-1].key


def read_with(source: SourceSettings, settings: Settings) -> str:
    """A digest of all settings that decide how articles are read: when it is another, everything is read again."""
    parts = (READER, source.model_dump_json(exclude={"every", "on_failure"}), settings.licence.model_dump_json())
    newsroom = settings.newsroom.model_dump_json(include={"name", "languages", "timezone", "public_url"})
    return hashlib.sha256("\n".join([*map(str, parts), newsroom]).encode()).hexdigest()[:16]
