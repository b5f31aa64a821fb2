"""Where an article's kit was read, for `publisher article`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from publisher.cli.printing import count_words

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.store.readings import Place

SHOWN = 5  #: places in the line for people


def find_readings(publisher: "Publisher", number: int) -> tuple[int, Sequence["Place"]]:
    """How often an article's kit was read, and where, most first."""
    from publisher.store.readings import count_readings, list_places

    with publisher.store.read() as tx:
        return count_readings(tx, number), list_places(tx, number)


def readings_shape(total: int, places: Sequence["Place"]) -> dict[str, Any]:
    """The readings as JSON; the 100 places with most of them."""
    rows = [{"referrer": one.referrer, "count": one.count, "first": one.first, "last": one.last} for one in places]
    return {"total": total, "places": rows}


def readings_words(total: int, places: Sequence["Place"]) -> str:
    """The readings in a line."""
    shown = ", ".join(f"{one.referrer or 'unknown page'} {one.count:,}" for one in places[:SHOWN])
    more = ", ..." if len(places) > SHOWN else ""
    return f"{count_words(total, 'time')}: {shown}{more}"
