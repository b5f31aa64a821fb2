"""JSON Feed 1.1, with the extension `_republish` for what the format has no field for."""

import json
from typing import Any

from publisher.licensing.licences import spdx_id
from publisher.model.clock import stamp
from publisher.syndicate.feed import Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


def render_json_feed(feed: Feed) -> bytes:
    """The feed as JSON. A withdrawn article is a stand-in: the format has no tombstones."""
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.self_urls["json"],
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.organisation, "url": feed.organisation_url}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        "_republish": {"about": feed.about_url, "license": feed.licence.url if feed.licence else None},
        "items": [_item(entry) for entry in feed.entries],
    }
    # An empty list says nothing; `items` alone is required even when empty.
    text = json.dumps({key: value for key, value in document.items() if value != []} | {"items": document["items"]},
                      ensure_ascii=False, indent=1)  # fmt: skip
    return f"{text}\n".encode()


def _item(entry: Entry) -> dict[str, Any]:
    """One item; `content_html` or `content_text` must be there."""
    content = (
        {"content_html": entry.content_html} if entry.content_html else {"content_text": entry.summary or entry.title}
    )
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        **content,
        "summary": entry.summary,
        "image": entry.image.url if entry.image else None,
        "date_published": stamp(entry.published),
        "date_modified": stamp(entry.updated),
        "authors": [
            {"name": person.name} | ({"url": person.url} if person.url else {}) for person in entry.byline
        ],
        "tags": [category.label for category in entry.categories],
        "language": entry.language,
    }  # fmt: skip
    return {key: value for key, value in item.items() if value not in (None, [], "")} | {"_republish": _rights(entry)}


def _rights(entry: Entry) -> dict[str, Any]:
    """What others may do with it, and how to do it right."""
    return {
        "license": entry.licence.url if entry.licence else None,
        "spdx": spdx_id(entry.licence) if entry.licence else None,
        "attribution": entry.attribution,
        "canonical": entry.url,
        "republishable": entry.kit_url is not None,
        "kit": entry.kit_url,
        "rights_holder": entry.rights_holder,
        "rights": entry.rights,
        "media": [{"url": one.url, "republishable": one.republishable, "credit": one.credit} for one in entry.media],
        "translations": [
            {"language": one.language, "url": one.url, "title": one.title, "original": one.is_original}
            for one in entry.translations
        ],
        "source": {"title": entry.source.title, "url": entry.source.url} if entry.source else None,
        "corrections": [{"date": day.isoformat(), "text": text} for day, text in entry.corrections],
        "withdrawn": stamp(entry.withdrawn.at) if entry.withdrawn else None,
    }
