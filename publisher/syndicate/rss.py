"""RSS 2.0, by feedgen and its extensions."""

import re
from typing import Any

from publisher.syndicate.extensions import RssEntry, RssFeed
from publisher.syndicate.feed import Entry, Feed
from publisher.syndicate.generator import add_entry, rss_description, start_generator

TTL_MINUTES = 60
PLAIN = re.compile(rb"(<(?!content:encoded|description)[\w:]+(?: [^<>]*)?>)([^<]*&[^<]*)(</)")


def render_rss(feed: Feed) -> bytes:
    """The feed as RSS. A withdrawn article is a stand-in: RSS has no tombstones."""
    generator = start_generator(feed)
    generator.ttl(TTL_MINUTES)
    generator.register_extension("ours", RssFeed, RssEntry, atom=False, rss=True)
    generator.ours.feed = feed
    for entry in feed.entries:
        _add(generator, entry)
    return PLAIN.sub(_numbered, generator.rss_str(pretty=True, encoding="utf-8"))


def _add(generator: Any, entry: Entry) -> None:  # noqa: ANN401 - feedgen has no types
    """Adds one item; the summary always, since content alone would become the description."""
    added = add_entry(generator, entry)
    added.description(rss_description(entry.summary or entry.title))
    if entry.content_html:
        added.content(entry.content_html, type="html")
    for category in entry.categories:
        added.category(term=category.term, scheme=category.scheme, label=category.label)
    if entry.source:
        added.source(url=entry.source.url, title=entry.source.title)
    # The extension writes what it finds here when the feed is rendered.
    added.ours.entry = entry


def _numbered(found: re.Match[bytes]) -> bytes:
    """Writes `&` and `<` of plain text as numbers: readers that decode twice then do not see markup (RSS Profile)."""
    return found[1] + found[2].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;") + found[3]
