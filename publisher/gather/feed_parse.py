"""Reading RSS and Atom: bytes to entries, by feedparser, which is kept from everything but the bytes.

feedparser opens what looks like a file or an address, so it is given a stream; it repairs what is broken, so a feed
that breaks off in the middle is refused before its last entry is taken for whole.
"""

import io
import re
from collections.abc import Mapping

import feedparser

#: ASCII letters of the markup, in whatever width they come: UTF-16 puts a zero beside each.
DOCTYPE = re.compile(rb"<!DOCTYPE\s[^>\[]*\[|<!ENTITY", re.IGNORECASE)
ROOT_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:rss|feed|RDF|channel)\s*>", re.IGNORECASE)
PAGE = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
BEGINNING = 1024
ENDING = 4096


class NotAFeedError(ValueError):
    """The bytes are no feed that may be read; the text says why."""


def parse_feed(body: bytes, *, url: str, headers: Mapping[str, str]) -> feedparser.FeedParserDict:
    """The feed and its entries; raises `NotAFeedError`."""
    ascii_body = body.replace(b"\0", b"")
    if DOCTYPE.search(ascii_body):
        raise NotAFeedError("declares entities of its own in a DOCTYPE; such a feed is not read")
    known = {"content-location": url, "content-type": headers.get("Content-Type", "application/xml")}
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=known, sanitize_html=False)
    except Exception as error:  # feedparser lets whatever its parsers raise come through
        raise NotAFeedError(f"cannot be read ({type(error).__name__}: {error})") from error
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeedError(what_it_is(ascii_body))
    if parsed.bozo and not ROOT_END.search(ascii_body[-ENDING:]):
        raise NotAFeedError("breaks off in the middle")
    return parsed


def what_it_is(body: bytes) -> str:
    """What came in the place of a feed."""
    if not body.strip():
        return "is empty"
    if PAGE.search(body[:BEGINNING]):
        return "is a web page, no feed; its head may name the feed's address"
    return "is no RSS or Atom feed"
