"""Sources: what gathering needs of every kind of one, and what a source says.

A source is asked for changes since its cursor and answers with events, in any order; the last one is `Reached`. It is
believed in what it says, never in what it leaves out: only `Gone`, the CMS's own word, or `Missing`, said twice an hour
apart, withdraws an article.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from publisher.gather.push import Hub
from publisher.model.article import SourceArticle
from publisher.store.known import Known
from publisher.store.sources import Refusal

__all__ = ["Event", "Gone", "Missing", "Reached", "Refusal", "Seen", "Source", "Visit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An article as it is at the source now; it may be just as it is stored."""

    article: SourceArticle
    dated: bool = True  #: false where the source does not say when it corrected: the date that is stored first holds
    declared: bool = False  #: the source's own word that this is its state now, however `modified` stands
    retold: bool = False  #: it was read in another, poorer way before: what differs is nobody's edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The public may no longer see an article, by the source's own word."""

    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An article that is not there at its own address (404, 410), or not listed where all are listed.

    One look proves nothing; a second one an hour later does.
    """

    key: str
    why: str


def nothing_more(_key: str) -> bool:
    """Of a source that reads all that it lists."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The end: where the source is now."""

    cursor: Mapping[str, Any]  #: what JSON can hold; read by nobody but the source
    whole: bool = False  #: everything was looked at, so earlier refusals that did not come again are void
    same: bool = (
        False  #: the source says that all is as it was at the last visit (304): what was seen then is seen again
    )
    listed: Callable[[str], bool] = nothing_more  #: whether a key is still listed, though it was not read at this visit
    hub: Hub | None = None  #: who tells of changes, where the source named somebody at this visit
    note: str = (
        ""  #: what a person should know of this visit: "its REST API is off: only what its feed shows is gathered"
    )


#: `Refusal`: an item that cannot be taken, with the reason for a person; what is stored under its key stays.
Event = Seen | Gone | Missing | Refusal | Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One look at a source: since when, and what is known of it."""

    cursor: Mapping[str, Any]  #: of the last visit that came to its end; empty at the first
    full: bool  #: look at everything, whatever the cursor says
    now: datetime
    find: Callable[[str], Known | None]  #: what is stored under a key
    known: Callable[[], Iterator[Known]]  #: all that is stored of this source, withdrawn ones too
    again: bool = False  #: articles are read in another way than before: what is stored is to be read once more


class Source(Protocol):
    """A place where articles come from."""

    def changes(self, visit: Visit) -> Iterator[Event]:
        """What changed since the visit's cursor; safe to break off and to repeat.

        Raises `SourceError` when the source cannot be read to the end; what came before holds.
        """
        ...
