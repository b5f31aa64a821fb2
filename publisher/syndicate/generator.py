"""A feedgen generator, set up from a `Feed`: one object for each format, since each has its own self link.

feedgen makes RFC 822 times by switching the locale of the whole process to C and back; other threads see it, and
after a race it stays. Its two uses are replaced here, once, by the standard library's function.
"""

import html
from email.utils import format_datetime
from typing import Any

import feedgen.entry
import feedgen.feed
from feedgen.feed import FeedGenerator

from publisher.syndicate.feed import Entry, Feed

feedgen.feed.formatRFC2822 = format_datetime
feedgen.entry.formatRFC2822 = format_datetime

GENERATOR = "Newsroom Publisher"


def start_generator(feed: Feed) -> Any:  # noqa: ANN401 - feedgen has no types
    """The generator with everything that both XML formats share, and no entries."""
    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.description)
    generator.description(feed.description)
    generator.language(feed.language)
    generator.rights(feed.rights)
    generator.updated(feed.updated)  # the defaults are "now": other bytes on each run
    generator.lastBuildDate(feed.updated)
    generator.author(name=feed.organisation, uri=feed.organisation_url)
    generator.generator(GENERATOR)
    generator.link(href=feed.home_url, rel="alternate")  # the last href becomes the RSS channel's link
    return generator


def add_entry(generator: Any, entry: Entry) -> Any:  # noqa: ANN401 - feedgen has no types
    """Appends an entry with what both formats share; feedgen's own order is newest last."""
    added = generator.add_entry(order="append")
    added.guid(entry.id, permalink=False)
    added.title(entry.title)
    added.link(href=entry.url, rel="alternate")
    added.published(entry.published)
    added.updated(entry.updated)
    return added


def rss_description(summary: str) -> str:
    """A plain summary as RSS readers take it: as HTML, in which a bare `&` is an error."""
    return html.escape(summary, quote=False)
