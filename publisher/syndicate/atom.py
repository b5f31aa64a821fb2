"""Atom 1.0 (RFC 4287) with tombstones (RFC 6721) and licence links (RFC 4946), by feedgen and its extensions."""

from typing import Any

from publisher.syndicate.extensions import AtomEntry, AtomFeed
from publisher.syndicate.feed import Entry, Feed
from publisher.syndicate.generator import add_entry, start_generator


def render_atom(feed: Feed) -> bytes:
    """The feed as Atom; a withdrawn article is a tombstone and nothing else."""
    generator = start_generator(feed)
    generator.register_extension("ours", AtomFeed, AtomEntry, atom=True, rss=False)
    generator.ours.feed = feed
    for entry in feed.entries:
        if entry.withdrawn is None:
            _add(generator, entry)
    return bytes(generator.atom_str(pretty=True, encoding="utf-8"))


def _add(generator: Any, entry: Entry) -> None:  # noqa: ANN401 - feedgen has no types
    """Adds one entry."""
    added = add_entry(generator, entry)
    for person in entry.byline:
        added.author(name=person.name, **({"uri": person.url} if person.url else {}))
    if entry.summary or not entry.content_html:  # one of both must be there
        added.summary(entry.summary or entry.title)
    if entry.content_html:
        added.content(entry.content_html, type="html")
    added.rights(entry.rights)
    for category in entry.categories:
        added.category(term=category.term, scheme=category.scheme, label=category.label)
    added.ours.entry = entry
