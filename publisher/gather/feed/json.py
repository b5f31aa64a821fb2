"""JSON Feed 1.0 and 1.1, with our own extension `_republish`, written in feedparser's names.

A part that is of another type than the format says is as good as not there; a number is a good id all the same
("coerce it", JSON Feed section "Suggestions for Publishers").
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from publisher.gather.feed.document import FeedDocument, Fields, NotAFeedError, Picture, Tombstone, text_of
from publisher.gather.times import read_time

VERSIONS = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1")
OURS = "_republish"
MAX_ENTRIES = 20_000


def parse_json(text: str) -> FeedDocument:
    """The feed in a text; raises `NotAFeedError`."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(why_not(text, error)) from error
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith(VERSIONS):
        raise NotAFeedError("is JSON, but no JSON Feed: its `version` does not say so")
    items = maps(document.get("items"))[:MAX_ENTRIES]
    surplus = len(maps(document.get("items"))) - len(items)
    return FeedDocument(
        feed=feed_of(document),
        entries=[entry_of(item, document) for item in items if not withdrawn(item)],
        tombstones=tuple(tombstone_of(item) for item in items if withdrawn(item)),
        notes=(f"only its first {MAX_ENTRIES:,} entries were read, of {MAX_ENTRIES + surplus:,}",) if surplus else (),
    )


def why_not(text: str, error: Exception) -> str:
    """Why a text is no JSON: one that was cut is told from one that never was any."""
    if isinstance(error, json.JSONDecodeError) and error.pos >= len(text.rstrip()) - 1:
        return "breaks off in the middle; it is read again at the next visit"
    if isinstance(error, json.JSONDecodeError) and "Unterminated" in error.msg:
        return "breaks off in the middle; it is read again at the next visit"
    return f"is no JSON ({str(error)[:120] or type(error).__name__})"


def feed_of(document: Fields) -> Fields:
    """What the feed says of itself."""
    links = [("alternate", "home_page_url"), ("self", "feed_url"), ("next", "next_url")]
    pairs = [(rel, text_of(document, name)) for rel, name in links]
    pairs += [("hub", text_of(hub, "url")) for hub in maps(document.get("hubs")) if hub.get("type") == "WebSub"]
    pairs.append(("license", text_of(ours(document), "license")))
    return {
        "title": text_of(document, "title"),
        "link": text_of(document, "home_page_url"),
        "language": text_of(document, "language"),
        "authors": authors_of(document),
        "links": links_of(pairs),
    }


def entry_of(item: Fields, document: Fields) -> Fields:
    """An item as an entry."""
    own = ours(item)
    language = text_of(item, "language") or text_of(document, "language")
    content = {"value": text_of(item, "content_html"), "type": "text/html", "language": language}
    if not content["value"]:
        content |= {"value": text_of(item, "content_text"), "type": "text/plain"}
    return {
        "own_id": key_of(item),
        "link": text_of(item, "url") or text_of(item, "external_url"),
        "title": text_of(item, "title"),
        "content": [content] if content["value"].strip() else [],
        "summary": text_of(item, "summary"),
        "published": text_of(item, "date_published"),
        "updated": text_of(item, "date_modified"),
        "authors": authors_of(item),
        "tags": [{"term": tag} for tag in items_of(item, "tags") if isinstance(tag, str)],
        "links": links_of([("license", text_of(own, "license"))]),
        "rights": text_of(own, "rights"),
        "dcterms_rightsholder": text_of(own, "rights_holder"),
        "pictures": list(pictures_of(item)),
        "corrections": list(corrections_of(own)),
        "kept_back": own.get("republishable") is False and bool(text_of(own, "license")),
    }


def key_of(item: Fields) -> str:
    """The item's id; numbers count as texts."""
    value = item.get("id")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else text_of(item, "id").strip()


def withdrawn(item: Fields) -> bool:
    """Whether our extension says that the item only stands for one that was withdrawn."""
    return bool(text_of(ours(item), "withdrawn"))


def tombstone_of(item: Fields) -> Tombstone:
    """The format has no tombstones; our extension has."""
    at = read_time(text_of(ours(item), "withdrawn"))
    return Tombstone(key=key_of(item), at=at, why="the feed says that it was withdrawn")


def authors_of(fields: Fields) -> list[Fields]:
    """The authors; version 1.0 had only one."""
    several = maps(fields.get("authors"))
    return [{"name": text_of(one, "name")} for one in several or maps([fields.get("author")])]


def pictures_of(item: Fields) -> Iterator[Picture]:
    """The main picture, the banner and attached ones; credits stand in our extension."""
    credited = {text_of(one, "url"): text_of(one, "credit") for one in maps(ours(item).get("media"))}
    found = [(text_of(item, name), "") for name in ("image", "banner_image")]
    found += [(text_of(one, "url"), text_of(one, "mime_type")) for one in maps(item.get("attachments"))]
    for number, (url, media_type) in enumerate(found):
        if url and (number < 2 or media_type.startswith("image/")):  # noqa: PLR2004 - image and banner
            yield Picture(url=url, media_type=media_type, credit=credited.get(url, ""))


def corrections_of(own: Fields) -> Iterator[tuple[date, str]]:
    """The corrections that our extension names."""
    for one in maps(own.get("corrections")):
        day = read_time(text_of(one, "date"))
        if day and text_of(one, "text").strip():
            yield day.date(), text_of(one, "text")


def ours(fields: Fields) -> Fields:
    """Our extension; an empty one where it is not there."""
    found = fields.get(OURS)
    return found if isinstance(found, Mapping) else {}


def links_of(pairs: list[tuple[str, str]]) -> list[Fields]:
    """Links by relation and address, without the empty ones."""
    return [{"rel": rel, "href": href} for rel, href in pairs if href]


def items_of(fields: Fields, name: str) -> list[Any]:
    """A field that is a list."""
    value = fields.get(name)
    return value if isinstance(value, list) else []


def maps(value: object) -> list[Fields]:
    """The mappings of a list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
