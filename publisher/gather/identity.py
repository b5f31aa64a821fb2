"""Identity: which stored article an item is, when its key is not known (R18).

| the item                                                       | is                                               |
|----------------------------------------------------------------|--------------------------------------------------|
| at the address of an article of this source, same title or time | that article: its key changed                    |
| at the address of an article of the same owner, at his own site | that article: it comes from two sources          |
| another's, at our own site's address                           | refused: another's source brings none of ours    |
| another's, at the address of an article that is here already   | refused: it is here already                      |
| from a feed or pages: same time and title, or the same text    | that article: its address changed                |
| from a feed or pages: same title, same beginning, another time | held: a person says whether it is the same        |
| anything else                                                  | a new article                                    |

The two last but one hold only where the stored article is not listed beside the item: two at once are two articles.
Merging asks for proof (the address is at the owner's own site) and never crosses owners.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.gather.cleaning.clean import plain_text
from publisher.gather.digests import Digests, normal_words, title_digest
from publisher.gather.rights import OWN_KINDS
from publisher.model.addresses import address_key, host_of
from publisher.model.article import SourceArticle
from publisher.settings import Settings, SourceKind, SourceSettings
from publisher.store.engine import Tx
from publisher.store.known import Twin, find_at_address, find_by_time, find_by_title

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The kinds whose keys are addresses or what a feed makes of them; a CMS's own numbers never change.
LOOSE_KEYS = frozenset({SourceKind.FEED, SourceKind.SITEMAP, SourceKind.FOLDER})
#: How much a kind knows of an article: the richest of several sources leads.
RICHNESS = {
    SourceKind.WORDPRESS: 3,
    SourceKind.GHOST: 3,
    SourceKind.FOLDER: 3,
    SourceKind.SITEMAP: 2,
    SourceKind.FEED: 1,
}
OPENING = 30  #: words of a text's beginning


@dataclass(frozen=True, slots=True)
class Same:
    """It is a stored article under another key."""

    number: int


@dataclass(frozen=True, slots=True)
class Moved:
    """It is a stored article at another address, unless that one is listed as well."""

    number: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may be a stored article; only a person knows."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Anothers:
    """It is not to be taken."""

    why: str


Identity = Same | Moved | Doubtful | Anothers | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a source is, and at which sites his articles stand."""

    name: str
    is_us: bool
    hosts: frozenset[str]
    rank: tuple[int, int]  #: the greater one leads


class Owners:
    """All configured sources by whose they are."""

    def __init__(self, settings: Settings) -> None:
        self._owners: Mapping[str, Owner] = {
            one.id: owner_of(one, settings, place) for place, one in enumerate(settings.sources)
        }
        self.our_hosts = frozenset[str]().union(*(one.hosts for one in self._owners.values() if one.is_us))
        self._us = settings.newsroom.name

    def of(self, source: str) -> Owner | None:
        """The owner of a source; None for one that is no longer configured."""
        return self._owners.get(source)

    def leads(self, source: str, other: str) -> bool:
        """Whether a source knows an article better than the other one, or the other one is no longer configured."""
        mine, theirs = self.of(source), self.of(other)
        return theirs is None or (mine is not None and mine.rank > theirs.rank)

    def identify(self, tx: Tx, source: SourceSettings, found: SourceArticle, digests: Digests) -> Identity:
        """Which stored article this is; None for a new one."""
        owner = self._owners[source.id]
        host = host_of(found.url)
        if not owner.is_us and host in self.our_hosts and host not in owner.hosts:
            return Anothers(
                f"its address is at {self._us}'s own site; another's source does not bring our own articles"
            )
        for twin in find_at_address(tx, address_key(found.url)):
            if not looks_same(twin, found):
                continue
            if twin.source == source.id or (self._is_same_owner(source.id, twin.source) and host in owner.hosts):
                return Same(twin.number)
            return Anothers(f"is here already, as article {twin.number} from source {twin.source}")
        return find_moved(tx, source.id, found, digests) if source.kind in LOOSE_KEYS else None

    def _is_same_owner(self, source: str, other: str) -> bool:
        mine, theirs = self.of(source), self.of(other)
        return theirs is None or (mine is not None and mine.name == theirs.name)


def owner_of(source: SourceSettings, settings: Settings, place: int) -> Owner:
    """Whose a source is: by its rights holder, its kind, or because it is at the newsroom's own site."""
    site = host_of(source.url)
    is_ours = source.kind in OWN_KINDS or site == host_of(settings.newsroom.url)
    name = source.rights_holder or (settings.rights_holder if is_ours else f"source {source.id}")
    is_us = name.casefold() == settings.rights_holder.casefold()
    hosts = {site, host_of(settings.newsroom.url)} if is_us else {site}
    return Owner(name=name.casefold(), is_us=is_us, hosts=frozenset(hosts - {""}), rank=(RICHNESS[source.kind], -place))


def looks_same(twin: Twin, found: SourceArticle) -> bool:
    """Whether two items at one address are one: a live blog has many entries at the same."""
    return twin.published == found.published or normal_words(twin.title) == normal_words(found.title)


def find_moved(tx: Tx, source: str, found: SourceArticle, digests: Digests) -> Identity:
    """An article of this source that has another key and another address now."""
    text = "-".join(digests.words.split("-")[1:2])
    for twin in find_by_time(tx, source, found.published):
        is_text_same = twin.words.split("-")[1:2] == [text]
        if is_text_same or (is_exact(found) and normal_words(twin.title) == normal_words(found.title)):
            return Moved(twin.number)
    for twin in find_by_title(tx, source, title_digest(found.title)):
        if opening(twin.content_html) == opening(found.content_html):
            when = f"{twin.published:%Y-%m-%d}"
            return Doubtful(
                twin.number, f"has title and beginning of article {twin.number} of {when}, at another address"
            )
    return None


def is_exact(found: SourceArticle) -> bool:
    """Whether its time is one of a clock: what a source only dates has midnight, like all else of that day."""
    return (found.published.hour, found.published.minute, found.published.second) != (0, 0, 0)


def opening(html: str) -> str:
    """How a text begins."""
    return " ".join(normal_words(plain_text(html)).split()[:OPENING])
