"""Looks at the clock, and the book as a test reads it."""

from datetime import datetime, timedelta

from publisher.deliver.send import Stop
from publisher.model.edition import Edition, SlotOutcome
from publisher.schedule.tick import tick
from publisher.store import editions, slots
from tests.house import House

WEEK, DAY, HOUR, MINUTE = timedelta(days=7), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def look(house: House) -> None:
    """One look at the clock, to its end."""
    tick(house.publisher, stop=Stop())


def look_at(house: House, moment: datetime) -> None:
    """One look at a moment."""
    house.clock.moment = moment
    look(house)


def book(house: House) -> list[tuple[datetime, SlotOutcome | None]]:
    """The slots and how they ended."""
    with house.store.read() as tx:
        return [(line.at, line.outcome) for line in slots.list_slots(tx, house.newsletter)]


def whys(house: House) -> list[str | None]:
    """The words of the book."""
    with house.store.read() as tx:
        return [line.why for line in slots.list_slots(tx, house.newsletter)]


def all_editions(house: House) -> list[Edition]:
    """All editions, oldest first."""
    with house.store.read() as tx:
        return list(reversed(editions.list_editions(tx)))
