"""What a document of a feed says, entry by entry: seen, gone, or refused. Pure but for the look into the store.

| the document holds                                         | it means                                             |
|------------------------------------------------------------|------------------------------------------------------|
| two entries with one id                                    | the newer one; of equally new ones the first         |
| ... with another link *and* another title                  | the same, and the other is refused                   |
| an entry that a newer document had                         | nothing: older pages do not override newer ones      |
| a tombstone, and an entry that changed after it            | the entry lives                                      |
| a tombstone of an entry that was stored and is not newer   | gone, by the source's own word (RFC 6721)            |
| a tombstone without a time, or with one that lies ahead    | refused                                              |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.feed.article import FeedReading, key_of, to_article
from publisher.gather.feed.document import FeedDocument, Fields, Tombstone, text_of
from publisher.gather.feed.times import modified_of, published_of
from publisher.gather.source import Event, Gone, Refusal, Seen
from publisher.store.known import Known

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: How far a clock may be ahead of ours.
AHEAD = timedelta(hours=1)
TWICE = "stands twice in the feed under one id: the newer one is taken"


@dataclass(slots=True)
class Taken:
    """What was heard in newer documents of the same feed."""

    keys: set[str] = field(default_factory=set)


def events_of(
    document: FeedDocument, reading: FeedReading, taken: Taken, find: Callable[[str], Known | None]
) -> Iterator[Event]:
    """The events of one document; what they are about is added to `taken`."""
    graves: dict[str, Tombstone] = {}
    for stone in document.tombstones:
        if stone.key and stone.key not in taken.keys:
            graves[stone.key] = max(graves.get(stone.key, stone), stone, key=lambda one: one.at or EPOCH)
    for key, entries in by_key(document).items():
        if key and key in taken.keys:
            continue
        newest = max(entries, key=moment_of)
        if key in graves and buries(graves[key], newest, reading.now):
            continue
        graves.pop(key, None)
        taken.keys.add(key)
        yield read_entry(newest, reading, is_double=len(entries) > 1)
        yield from impostors(newest, entries, key)
    for key, stone in graves.items():
        taken.keys.add(key)
        yield from buried(stone, find(key), reading.now)


def by_key(document: FeedDocument) -> dict[str, list[Fields]]:
    """The entries under their keys, in the order of the feed; one without a key is alone."""
    found: dict[str, list[Fields]] = {}
    for entry in document.entries:
        found.setdefault(key_of(entry), []).append(entry)
    return found


def read_entry(entry: Fields, reading: FeedReading, *, is_double: bool) -> Seen | Refusal:
    """An entry as an event."""
    found = to_article(entry, reading)
    if isinstance(found, Refusal):
        return found
    return Seen(article=replace(found, notes=(*found.notes, TWICE)) if is_double else found)


def impostors(newest: Fields, entries: list[Fields], key: str) -> Iterator[Refusal]:
    """Those entries that are another story under the same id."""
    for one in entries:
        title, link = clean_text(text_of(one, "title")), text_of(one, "link")
        if title != clean_text(text_of(newest, "title")) and link != text_of(newest, "link"):
            reason = "another entry has the same id, and is newer or stands before it; the feed's maker must mend that"
            yield Refusal(key=f"{key} (again)", url=link[:1000], title=title[:1000], reason=reason)


def moment_of(entry: Fields) -> datetime:
    """When an entry changed last, for comparing."""
    return modified_of(entry) or published_of(entry).at or EPOCH


def buries(stone: Tombstone, entry: Fields, now: datetime) -> bool:
    """Whether a tombstone holds against an entry of the same document."""
    return stone.at is not None and moment_of(entry) <= stone.at <= now + AHEAD


def buried(stone: Tombstone, known: Known | None, now: datetime) -> Iterator[Gone | Refusal]:
    """What a tombstone says of an article that is stored."""
    if known is None:
        return
    reason = ""
    if stone.at is None:
        reason = "the feed says that it was deleted, but not when: not believed"
    elif stone.at > now + AHEAD:
        reason = f"the feed says that it was deleted in the future, at {stone.at:%Y-%m-%dT%H:%M:%SZ}: not believed"
    if reason:
        yield Refusal(key=stone.key, url="", title="", reason=reason)
    elif stone.at and stone.at >= (known.modified or EPOCH):
        yield Gone(key=stone.key, why=stone.why)
