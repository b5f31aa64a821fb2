"""JSON Feed 1.1 with `_republish` as a JSON Schema: read off the specification, in our own words.

Closed where the format is: an item has no field that the format or our page on feeds does not name.
"""

import json
from typing import Any

import jsonschema

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
URL: Schema = {"type": "string", "pattern": r"^https?://[^\s/]"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
AUTHORS: Schema = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {"name": {"type": "string", "minLength": 1}, "url": URL},
    },
}


def maybe(schema: Schema) -> Schema:
    """Null, or as said."""
    return {"anyOf": [schema, {"type": "null"}]}


def a_list(of: Schema) -> Schema:
    """Any number of them."""
    return {"type": "array", "items": of}


def an_object(**keys: Schema) -> Schema:
    """All of these keys and no other; the names in an extension hold no dot."""
    return {
        "type": "object",
        "required": list(keys),
        "additionalProperties": False,
        "properties": keys,
        "propertyNames": {"pattern": "^[^.]+$"},
    }


REPUBLISH = an_object(
    license=maybe(URL),
    spdx=maybe(TEXT),
    attribution=TEXT,
    canonical=URL,
    republishable={"type": "boolean"},
    kit=maybe(URL),
    rights_holder=TEXT,
    rights=TEXT,
    media=a_list(an_object(url=URL, republishable={"type": "boolean"}, credit={"type": "string"})),
    translations=a_list(an_object(language=TEXT, url=URL, title=TEXT, original={"type": "boolean"})),
    source=maybe(an_object(title=TEXT, url=URL)),
    corrections=a_list(an_object(date={"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, text=TEXT)),
    withdrawn=maybe(TIME),
)
ITEM: Schema = {
    "type": "object",
    "required": ["id", "url", "title", "date_published", "date_modified", "authors", "_republish"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": URL,
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "image": URL,
        "date_published": TIME,
        "date_modified": TIME,
        "authors": AUTHORS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "language": {"type": "string"},
        "_republish": REPUBLISH,
    },
}
FEED: Schema = {
    "type": "object",
    "required": ["version", "title", "items", "home_page_url", "feed_url"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": URL,
        "feed_url": URL,
        "description": {"type": "string"},
        "language": {"type": "string"},
        "authors": AUTHORS,
        "hubs": a_list(an_object(type={"const": "WebSub"}, url=URL)),
        "items": {"type": "array", "items": ITEM},
        "_republish": an_object(about=URL, license=maybe(URL)),
    },
}


def check_json_feed(data: bytes) -> None:
    """Raises `jsonschema.ValidationError` for what is no JSON Feed 1.1 with our extension."""
    jsonschema.validate(json.loads(data), FEED)
