"""JSON Feed 1.1 and its extension `_republish`."""

import json
from typing import Any

import jsonschema
import pytest

from publisher.model.article import ImageRights
from publisher.syndicate.json_feed import render_json_feed
from tests.licensing.article_builders import BY_NC, a_correction, a_withdrawn_article, an_article, an_image
from tests.syndicate.house_builders import a_feed, a_house
from tests.syndicate.json_feed_schema import check_json_feed


def test_a_feed_with_everything_in_it_obeys_the_format() -> None:
    feed = a_feed(
        an_article(1, images=(an_image(is_main=True),), corrections=(a_correction(),)),
        an_article(2, source="partner", rights_holder="Partner", licence=None),
        a_withdrawn_article(3),
    )

    check_json_feed(render_json_feed(feed))


def test_an_empty_feed_obeys_the_format() -> None:
    check_json_feed(render_json_feed(a_feed()))


def test_a_partner_learns_what_may_be_done_with_each_picture() -> None:
    article = an_article(images=(an_image(), an_image("https://e.example.org/x.jpg", rights=ImageRights.AGENCY)))

    rights = json.loads(render_json_feed(a_feed(article)))["items"][0]["_republish"]

    assert [one["republishable"] for one in rights["media"]] == [True, False]
    assert rights["kit"] == "https://follow.example.org/republish/41/"


@pytest.mark.parametrize(
    ("of_item", "of_rights"),
    [
        ({"content_html": None}, {}),
        ({"url": "javascript:x()"}, {}),
        ({"authors": []}, {}),
        ({"date_published": "2026-03-05"}, {}),
        ({"author": {"name": "Jane Doe"}}, {}),  # of version 1.0
        ({}, {"license": "CC BY"}),
        ({}, {"a.dot": "x"}),
    ],
)
def test_the_schema_refuses(of_item: dict[str, Any], of_rights: dict[str, Any]) -> None:
    document = json.loads(render_json_feed(a_feed(an_article())))
    item = document["items"][0]
    item["_republish"] |= of_rights
    document["items"] = [{key: value for key, value in (item | of_item).items() if value is not None}]

    with pytest.raises(jsonschema.ValidationError):
        check_json_feed(json.dumps(document).encode())


def test_an_item_without_words_of_its_own_has_content_all_the_same() -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=None, summary="")

    data = render_json_feed(a_feed(article, house=a_house(feeds={"content": "summary"})))

    check_json_feed(data)
    assert json.loads(data)["items"][0]["content_text"] == "The gold route"


def test_anothers_text_says_where_it_is_from() -> None:
    article = an_article(source="partner", rights_holder="Partner", licence=BY_NC, url="https://partner.example.com/1")

    rights = json.loads(render_json_feed(a_feed(article)))["items"][0]["_republish"]

    assert rights["source"] == {"title": "Partner", "url": "https://partner.example.com/feed.xml"}


def test_a_credit_that_is_no_text_does_not_stop_a_feed() -> None:
    article = an_article(images=(an_image(credit="A\ud800 Person"), an_image("javascript:x()")))

    rights = json.loads(render_json_feed(a_feed(article)))["items"][0]["_republish"]

    assert [one["credit"] for one in rights["media"]] == ["A Person"]
