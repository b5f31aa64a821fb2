"""Health: how each source fares, in words, and when it is asked next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from publisher.gather.reception import UNSTABLE
from publisher.gather.take_over import FLAP_MEMORY
from publisher.model.clock import stamp
from publisher.settings import SourceSettings
from publisher.store.engine import Store
from publisher.store.proposals import count_proposals, count_waiting
from publisher.store.sightings import Pace, count_unstable, pace_of
from publisher.store.sources import SourceState, list_refusals, load_state

#: A source that fails again and again is asked ever more seldom, but so often at least.
SELDOM = timedelta(hours=6)
MOST_DOUBLINGS = 16
ENOUGH = 10  #: articles from which a habit is read
PATIENCE = 3  #: usual gaps until a silence is worth a word
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source fares."""

    id: str
    kind: str
    state: SourceState
    next_try: datetime | None  #: None: at once
    per_day: float  #: articles a day, over the last week
    usual_per_day: float  #: over the four weeks before
    refused: int
    waiting: int  #: changes that are not proven yet
    held: int  #: that wait for a person
    warnings: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look."""
        return not (self.state.error or self.state.held_why or self.held or self.warnings)


def health_of(store: Store, source: SourceSettings, *, now: datetime) -> SourceHealth:
    """How a source fares now."""
    with store.read() as tx:
        state = load_state(tx, source.id)
        pace = pace_of(tx, source.id, now=now)
        counts = count_proposals(tx, source.id)
        refused = len(list_refusals(tx, source.id))
        unstable = count_unstable(tx, source.id, flaps=UNSTABLE, since=now - FLAP_MEMORY)
    return SourceHealth(
        id=source.id,
        kind=source.kind,
        state=state,
        next_try=next_try(state, source.every),
        per_day=pace.week / 7,
        usual_per_day=pace.month / 28,
        refused=refused,
        waiting=count_waiting(counts),
        held=sum(count for (_, held), count in counts.items() if held),
        warnings=warnings_of(state, pace, unstable, now=now),
    )


def warnings_of(state: SourceState, pace: Pace, unstable: int, *, now: datetime) -> tuple[str, ...]:
    """What is odd about a source though it answers."""
    found = [state.note or "", silence(pace, now=now) or ""]
    if unstable:
        found.append(f"{unstable:,} of its articles come and go in different states; they stay as they came")
    return tuple(filter(None, found))


def silence(pace: Pace, *, now: datetime) -> str | None:
    """In words, that a source is silent for longer than its habit; None while it is not."""
    if len(pace.newest) < ENOUGH:
        return None
    gaps = sorted(newer - older for newer, older in pairwise(pace.newest))
    usual = gaps[int(0.9 * (len(gaps) - 1))]
    quiet_for = now - pace.newest[0]
    if quiet_for <= max(PATIENCE * usual, gaps[-1], DAY):
        return None
    return (
        f"nothing new for {spelt(quiet_for)} (since {stamp(pace.newest[0])}); "
        f"nine times in ten it has something within {spelt(usual)}"
    )


def spelt(span: timedelta) -> str:
    """A span as people say it."""
    if span < timedelta(hours=2):
        return f"{max(1, span // timedelta(minutes=1))} minutes"
    return f"{span // timedelta(hours=1)} hours" if span < 2 * DAY else f"{span.days} days"


def next_try(state: SourceState, every: timedelta) -> datetime | None:
    """When the clock asks a source again: after its interval, later each time it fails, never when it asked not to.

    None for a source that was never tried. The clock spreads its visits a little around these moments.
    """
    if state.last_try is None:
        return None
    pause = min(every * (1 << min(state.failures, MOST_DOUBLINGS)), max(every, SELDOM))
    moment = state.last_try + pause
    return max(moment, state.try_again_at) if state.try_again_at else moment
