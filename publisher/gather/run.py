"""The run: each source is asked for what changed, and what it says is written down.

    source ── events ──► reception ──► store, a hundred at a time ──► at the end: what is proven, cursor, health

No transaction is open while the network is asked. Whatever ends a run early, what was written holds and the cursor is
the old one: the next run meets the same events, finds most of them unchanged, and nothing is lost or stored twice.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog

from publisher.gather.fetching.fetch import Fetcher, HostTurns
from publisher.gather.pushing import note_hub
from publisher.gather.reception import Heard, Reception
from publisher.gather.source import Reached, Refusal, Source, Visit
from publisher.gather.sources import make_source
from publisher.gather.take_over import Ending, Taken, take_over
from publisher.model.clock import Clock, stamp
from publisher.model.errors import NotFoundError, PublisherError, SourceError
from publisher.settings import Settings, SourceSettings
from publisher.store.engine import Store
from publisher.store.known import Known, count_source, find_known, list_known
from publisher.store.proposals import Proposal, What, count_proposals, count_waiting, list_held
from publisher.store.sources import list_refusals, load_state, save_failure, save_refusals, save_success

log = structlog.get_logger()

#: Raised when articles are read in another way than before, so that everything is looked at once more.
READER = 3
IN_ONE_GO = 100  #: events in one write transaction
SHOWN = 100  #: of what waits for a person
MOST_LOOKS = 6  #: at everything, when it is read in another way than before
LONGEST_HOLD = timedelta(hours=24)  #: however long a server asks to be left alone

Progress = Callable[[str, int], None]  #: source, and how many of its items were looked at so far


class GatherStatus(StrEnum):
    """How a source fared."""

    OK = "ok"
    FAILED = "failed"
    HELD = "held"  #: not asked, since it had said when to come again; or what it says waits for a person


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
    waiting: int = 0  #: changes that are not proven yet: they count when they are seen once more
    held: tuple[Proposal, ...] = ()  #: the first of what waits for a person
    note: str | None = None  #: what a person should know, though it went well
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
            house = House(settings=settings, store=store, clock=clock, progress=progress)
            reports.append(gather_from(reader, source, house, full=full))
    return GatherReport(sources=tuple(reports))


def gather_source(settings: Settings, store: Store, source: str, *, clock: Clock, full: bool = False) -> SourceReport:
    """Gathers one source."""
    return gather_all(settings, store, clock=clock, only=[source], full=full).sources[0]


def fetcher_for(source: SourceSettings, settings: Settings, turns: HostTurns | None = None) -> Fetcher:
    """The guarded client of a source, which says who we are and where to complain."""
    about = f"newsroom-publisher (+{settings.newsroom.url}; {settings.newsroom.contact})"
    agent = about.encode("ascii", "ignore").decode()
    return Fetcher(agent, private_hosts=source.private_hosts, source_url=source.url, turns=turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where a source is gathered into."""

    settings: Settings
    store: Store
    clock: Clock
    progress: Progress | None = None


def gather_from(reader: Source, source: SourceSettings, house: House, *, full: bool = False) -> SourceReport:
    """Gathers what one source says."""
    return _Visitor(source, house).gather(reader, full=full)


class _Visitor:
    """One source and the store, for one run: holds the events that wait to be written."""

    def __init__(self, source: SourceSettings, house: House) -> None:
        settings, store, clock = house.settings, house.store, house.clock
        self._id = source.id
        self._reading = read_with(source, settings)
        self._store = store
        self._clock = clock
        self._progress = house.progress
        self._waiting: list[Heard] = []
        self._looks = 0
        self._began = clock.now()
        self._reception = Reception(source, settings, store, began=self._began)

    def gather(self, reader: Source, *, full: bool) -> SourceReport:
        """Reads the source to its end, or as far as it goes."""
        with self._store.read() as tx:
            state = load_state(tx, self._id)
        if state.try_again_at and self._began < state.try_again_at:
            until = f"it asked to be left alone until {stamp(state.try_again_at)}"
            return self._report(GatherStatus.HELD, error=f"{until} ({state.error})" if state.error else until)
        # A cursor says "nothing changed since" only of articles that are still read in the same way.
        before, self._looks = str(state.cursor.get("read_with", "")), int(state.cursor.get("looks", 0))
        is_as_before = before == self._reading
        visit = Visit(
            cursor=state.cursor["at"] if is_as_before else {},
            full=full or not is_as_before,
            now=self._began,
            find=self._find,
            known=self._known,
            again=before not in {"", self._reading},
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
        return self._finish(reached, before)

    def _listen(self, reader: Source, visit: Visit) -> Reached:
        """Takes the events, and writes them down in small transactions."""
        reached = None
        try:
            for event in reader.changes(visit):
                if isinstance(event, Reached):
                    reached = event
                    continue
                self._waiting.append(event)
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
        if events:
            self._reception.take(events, now=self._clock.now())
            if self._progress:
                self._progress(self._id, self._reception.tally.looked_at)

    def _finish(self, reached: Reached, before: str) -> SourceReport:
        """Takes over what is proven, then writes down where the source is: the events before count as read."""
        self._reception.close(reached.listed, now=self._clock.now())
        taken = take_over(self._store, self._id, self._ending(before, reached), now=self._clock.now)
        now = self._clock.now()
        cursor: dict[str, Any] = {"read_with": self._reading, "at": dict(reached.cursor)}
        with self._store.begin() as tx:
            # What is read in another way is no edit that the source declares: everything is looked at once more.
            is_waiting = (What.CHANGE, False) in count_proposals(tx, self._id)
            if before not in {"", self._reading} and is_waiting and self._looks < MOST_LOOKS:
                cursor |= {"read_with": before, "looks": self._looks + 1}
            # After a part only, an earlier refusal may be of something that was not looked at.
            if reached.whole:
                void = [one.key for one in list_refusals(tx, self._id) if one.key not in self._reception.tally.refused]
                save_refusals(tx, self._id, [], taken=void, now=now)
            note_hub(tx, self._id, reached.hub)
            save_success(tx, self._id, cursor=cursor, note=reached.note or None, held_why=taken.held_why, now=now)
        if taken.held_why:
            cure = f"Look at `publisher held {self._id}`, then say what to do with `publisher release {self._id}`."
            return self._report(GatherStatus.HELD, taken, error=f"{taken.held_why}. {cure}", note=reached.note)
        return self._report(GatherStatus.OK, taken, note=reached.note)

    def _ending(self, before: str, reached: Reached | None = None) -> Ending:
        """How this visit ended, if it came to its end; `before`: how articles were read at the last one."""
        reader, _, settings = before.rpartition(":")
        is_ours = settings in {"", self._reading.rpartition(":")[2]} or not reader
        return Ending(
            began=self._began,
            same=bool(reached and reached.same),
            quiet=bool(before) and before != self._reading and is_ours,
            why_many="" if is_ours else "its settings changed",
        )

    def _failed(self, error: str, try_again_at: datetime | None) -> SourceReport:
        """Writes down that the source failed; what it said before that holds, as far as it is proven."""
        with self._store.read() as tx:
            before = str(load_state(tx, self._id).cursor.get("read_with", ""))
        self._reception.close(lambda _: True, now=self._clock.now())  # what it did not come to may well be there
        taken = take_over(self._store, self._id, self._ending(before), now=self._clock.now)
        now = self._clock.now()
        # A mistaken or hostile `Retry-After` of a year must not silence a source for good.
        again = min(try_again_at, now + LONGEST_HOLD) if try_again_at else None
        with self._store.begin() as tx:
            save_failure(tx, self._id, error=error, try_again_at=again, held_why=taken.held_why, now=now)
        return self._report(GatherStatus.FAILED, taken, error=error)

    def _report(
        self, status: GatherStatus, taken: Taken | None = None, *, error: str | None = None, note: str = ""
    ) -> SourceReport:
        with self._store.read() as tx:
            public = count_source(tx, self._id)
            refused = tuple(list_refusals(tx, self._id))
            held = tuple(list_held(tx, self._id, limit=SHOWN))
            waiting = count_waiting(count_proposals(tx, self._id))
        taken, new = taken or Taken(), self._reception.tally.new
        changed = taken.changed + self._reception.tally.retold
        counts = {"new": new, "changed": changed, "withdrawn": taken.withdrawn}
        counts["unchanged"] = max(0, public - new - changed)
        log.info("source.gathered", source=self._id, status=status, **counts, refused=len(refused), error=error)
        return SourceReport(
            id=self._id,
            status=status,
            **counts,
            refused=refused,
            waiting=waiting,
            held=held,
            note=note or None,
            error=error,
        )

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
    """How articles are read, as `{our reader}:{digest of all settings that decide}`: if it is another, all are read."""
    parts = (source.model_dump_json(exclude={"every", "on_failure"}), settings.licence.model_dump_json())
    newsroom = settings.newsroom.model_dump_json(include={"name", "languages", "timezone", "public_url"})
    settled = "\n".join([*parts, newsroom])
    return f"{READER}:{hashlib.sha256(settled.encode()).hexdigest()[:16]}"
