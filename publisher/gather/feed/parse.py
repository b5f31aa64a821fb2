"""Reading a feed: bytes to a `FeedDocument`, by what they are and not by what the server calls them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from publisher.gather.feed.document import FeedDocument, NotAFeedError
from publisher.gather.feed.json import parse_json
from publisher.gather.feed.text import read_text
from publisher.gather.feed.xml import parse_xml

PAGE = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
BEGINNING = 1024
#: Feeds are served as all of these.
TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "text/html",
    "text/plain",
)
#: And, by servers that know no better, as these, which are not asked for.
ODD_TYPES = ("", "application/octet-stream", "application/x-rss+xml", "application/rss", "text/json", "text/rss")


def parse_feed(body: bytes, *, url: str, headers: Mapping[str, str]) -> FeedDocument:
    """The feed and its entries; raises `NotAFeedError`."""
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in TYPES + ODD_TYPES:
        raise NotAFeedError(f"is {media_type}, no feed; is the address right?")
    found = read_text(body, headers)
    if not found.text.strip():
        raise NotAFeedError("is empty")
    if found.text.lstrip().startswith(("{", "[")):
        document = parse_json(found.text)
    elif PAGE.search(found.text[:BEGINNING]):
        raise NotAFeedError("is a web page, no feed; the page's source may name the feed's address")
    else:
        document = parse_xml(found.text, url=url)
    return replace(document, notes=(*found.notes, *document.notes))
