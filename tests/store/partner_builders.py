"""Partners and what they took, straight in the store."""

from collections.abc import Sequence

from publisher.store import partners
from publisher.store.articles import read_numbers
from publisher.store.engine import Tx
from publisher.store.notices import Notice, NoticeState, list_open, notice_query
from publisher.store.partners import CopyForm, Partner
from tests.builders import FRIDAY

DAILY, RADIO = "The Example Daily", "Radio Example"
DESK = "desk@daily.example.net"


def a_partner(tx: Tx, name: str = DAILY, *, languages: Sequence[str] = (), email: str | None = DESK) -> Partner:
    """A partner whose token is its name."""
    added = partners.add_partner(tx, name, token=name, languages=languages, email=email, now=FRIDAY)
    assert added is not None
    return added


def take(tx: Tx, one: Partner, *numbers: int) -> None:
    """The partner takes articles as they are now."""
    partners.record_copies(tx, one.id, read_numbers(tx, numbers).values(), form=CopyForm.FEED, now=FRIDAY)


def all_notices(tx: Tx) -> list[tuple[str, int, str, NoticeState]]:
    """Every notice: partner, article, kind, state."""
    return [(row.partner, row.article, row.kind, NoticeState(row.state)) for row in tx.execute(notice_query())]


def the_notice(tx: Tx) -> Notice:
    """The one that is open."""
    (found,) = list_open(tx)
    return found
