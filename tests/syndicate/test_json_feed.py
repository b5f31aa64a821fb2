"""JSON Feed 1.1: a schema of our own, read off the specification."""

import json
from typing import Any

import jsonschema

from publisher.model.article import ImageRights
from publisher.syndicate.json_feed import render_json_feed
from tests.licensing.article_builders import a_correction, a_withdrawn_article, an_article, an_image
from tests.syndicate.house_builders import a_feed

URL = {"type": "string", "pattern": "^https?://"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
AUTHORS = {"type": "array", "items": {"type": "object", "required": ["name"], "additionalProperties": False,
                                      "properties": {"name": {"type": "string"}, "url": URL}}}  # fmt: skip
ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["id", "url", "title"],
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
        "_republish": {"type": "object", "propertyNames": {"pattern": "^[^.]+$"}},
    },
}
FEED: dict[str, Any] = {
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
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {"type": "array", "items": ITEM},
        "_republish": {"type": "object", "required": ["about"], "propertyNames": {"pattern": "^[^.]+$"}},
    },
}


def test_a_feed_with_everything_in_it_obeys_the_format() -> None:
    feed = a_feed(
        an_article(1, images=(an_image(is_main=True),), corrections=(a_correction(),)),
        an_article(2, source="partner", rights_holder="Partner", licence=None),
        a_withdrawn_article(3),
    )

    jsonschema.validate(json.loads(render_json_feed(feed)), FEED)


def test_an_empty_feed_obeys_the_format() -> None:
    jsonschema.validate(json.loads(render_json_feed(a_feed())), FEED)


def test_a_partner_learns_what_may_be_done_with_each_picture() -> None:
    article = an_article(images=(an_image(), an_image("https://e.example.org/x.jpg", rights=ImageRights.AGENCY)))

    rights = json.loads(render_json_feed(a_feed(article)))["items"][0]["_republish"]

    assert [one["republishable"] for one in rights["media"]] == [True, False]
    assert rights["kit"] == "https://follow.example.org/republish/41/"
