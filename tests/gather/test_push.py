"""WebSub as a subscriber: finding hubs, asking them, answering their question, and judging what they send."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.feed.parse import parse_feed
from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError
from publisher.gather.push import (
    Confirmed,
    Denied,
    Hub,
    NotOurs,
    Subscription,
    answer_intent,
    find_hub,
    header_links,
    is_from_hub,
    subscription_form,
)
from tests.builders import FRIDAY

URL = "https://news.example.org/feed"
HUB = "https://hub.example.net/"
FOUND = Hub(hubs=(HUB,), topic=URL)
ASKED = Subscription(hub=HUB, topic=URL, callback="https://follow.example.org/hooks/websub/x7", secret="s3cret")
QUESTION = {"hub.mode": "subscribe", "hub.topic": URL, "hub.challenge": "c4", "hub.lease_seconds": "864000"}

# Finding the hub

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link rel="hub" href="{HUB}"/>
<link rel="self" href="{URL}"/></feed>"""
RSS = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>
<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="/feed"/></channel></rss>"""
JSON = f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "{URL}", "items": [],
"hubs": [{{"type": "rssCloud", "url": "https://other.example.net/"}}, {{"type": "WebSub", "url": "{HUB}"}}]}}"""


@pytest.mark.parametrize("body", [ATOM, RSS, JSON])
def test_a_hub_is_found_in_every_format(body: str) -> None:
    document = parse_feed(body.encode(), url=URL, headers={})

    assert find_hub({}, document.feed, URL) == FOUND


@pytest.mark.parametrize(
    "header",
    [
        f'<{HUB}>; rel="hub", <{URL}>; rel="self"',
        f"<{URL}>;rel=self;type=x,<{HUB}>;rel=HUB",
        f'</feed>; title="a, b; rel=hub"; rel="self", <{HUB}>; rel="prefetch hub"',
        f'<{HUB}>; rel="hub"; rel="self", <{URL}>; rel="self"',
    ],
)
def test_the_header_is_looked_at_first(header: str) -> None:
    feed = {"links": [{"rel": "hub", "href": "https://old.example.net/"}, {"rel": "self", "href": URL}]}

    assert find_hub({"Link": header}, feed, URL) == FOUND


@pytest.mark.parametrize(
    "header", ["", f'<{HUB}>; rel="hub"', f'<{URL}>; rel="self"', '<javascript:x>; rel="hub self"']
)
def test_without_a_hub_and_a_name_there_is_nothing_to_subscribe_to(header: str) -> None:
    assert find_hub({"Link": header}, {}, URL) is None


@given(st.text(max_size=300))
def test_no_header_breaks_the_search(header: str) -> None:
    assert all(isinstance(relation, str) for relation, _ in header_links(header))


# Asking


def test_a_request_says_all_that_a_hub_needs() -> None:
    assert subscription_form(ASKED) == {
        "hub.mode": "subscribe",
        "hub.topic": URL,
        "hub.callback": ASKED.callback,
        "hub.lease_seconds": "864000",
        "hub.secret": "s3cret",
    }


def test_an_end_is_asked_for_in_the_same_way() -> None:
    assert subscription_form(replace(ASKED, wanted=False))["hub.mode"] == "unsubscribe"


@pytest.mark.parametrize(
    ("changes", "words"), [({"hub": "http://hub.example.net/"}, "https only"), ({"secret": "é" * 100}, "199")]
)
def test_a_secret_goes_nowhere_that_it_may_not(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        subscription_form(replace(ASKED, **changes))


# The hub's question


def test_what_we_asked_for_is_confirmed_with_the_challenge() -> None:
    answer = answer_intent(QUESTION, ASKED, now=FRIDAY)

    assert answer == Confirmed(challenge="c4", ends_at=FRIDAY + timedelta(days=10))


@pytest.mark.parametrize(
    ("changes", "subscription", "words"),
    [
        ({}, None, "no subscription"),
        ({"hub.topic": URL + "2"}, ASKED, "topic"),
        ({"hub.mode": "unsubscribe"}, ASKED, "we asked to subscribe"),
        ({}, replace(ASKED, wanted=False), "we asked to unsubscribe"),
        ({"hub.challenge": ""}, ASKED, "no challenge"),
    ],
)
def test_what_we_did_not_ask_for_is_not_confirmed(
    changes: dict[str, str], subscription: Subscription | None, words: str
) -> None:
    answer = answer_intent(QUESTION | changes, subscription, now=FRIDAY)

    assert isinstance(answer, NotOurs)
    assert words in answer.why


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [
        ("", timedelta(days=10)),
        ("-5", timedelta(days=10)),
        ("0", timedelta(minutes=5)),
        ("3600", timedelta(hours=1)),
        ("99999999999", timedelta(days=30)),
        ("9" * 40, timedelta(days=10)),
    ],
)
def test_a_lease_is_kept_within_bounds(seconds: str, lease: timedelta) -> None:
    answer = answer_intent(QUESTION | {"hub.lease_seconds": seconds}, ASKED, now=FRIDAY)

    assert isinstance(answer, Confirmed)
    assert answer.ends_at == FRIDAY + lease


def test_an_end_that_is_confirmed_has_no_lease() -> None:
    answer = answer_intent(QUESTION | {"hub.mode": "unsubscribe"}, replace(ASKED, wanted=False), now=FRIDAY)

    assert answer == Confirmed(challenge="c4", ends_at=None)


def test_a_hub_may_say_no() -> None:
    denied = {"hub.mode": "denied", "hub.topic": URL, "hub.reason": "too many"}

    assert answer_intent(denied, ASKED, now=FRIDAY) == Denied(why="too many")


# Pushes


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_with_our_signature_is_the_hubs(method: str) -> None:
    body = "ñ".encode("latin-1")
    signature = hmac.new(b"s3cret", body, getattr(hashlib, method)).hexdigest()

    assert is_from_hub(body, f"{method}={signature}", "s3cret")
    assert is_from_hub(body, f"{method}={signature.upper()}", "s3cret")
    assert not is_from_hub(body + b" ", f"{method}={signature}", "s3cret")
    assert not is_from_hub(body, f"{method}={signature}", "another")


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "md5=" + "0" * 32, "sha256=" + "0" * 64, "sha256=" + "é" * 64, "0" * 64]
)
def test_a_push_without_our_signature_is_nobodys(signature: str) -> None:
    assert not is_from_hub(b"x", signature, "s3cret")


def test_without_a_secret_no_push_is_believed() -> None:
    assert not is_from_hub(b"x", "sha256=" + hmac.new(b"", b"x", "sha256").hexdigest(), "")


# Posting it


@pytest.fixture
def fetcher(httpserver: HTTPServer) -> Iterator[Fetcher]:
    with Fetcher("ExamplePublisher/1.0", private_hosts=frozenset({f"{httpserver.host}:{httpserver.port}"})) as fetcher:
        yield fetcher


def test_a_form_is_posted_and_the_answer_is_a_value(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/hub", method="POST").respond_with_data("", status=202)

    answer = fetcher.post_form(httpserver.url_for("/hub"), subscription_form(ASKED))

    request = httpserver.log[0][0]
    assert answer.status == 202
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.get_data(as_text=True))["hub.callback"] == [ASKED.callback]


@pytest.mark.parametrize("status", [307, 308])
def test_a_form_follows_within_its_origin_only(httpserver: HTTPServer, fetcher: Fetcher, status: int) -> None:
    received: list[bytes] = []

    def there(request: Request) -> Response:
        received.append(request.get_data())
        return Response("", 202)

    httpserver.expect_request("/hub").respond_with_data("", status=status, headers={"Location": "/there"})
    httpserver.expect_request("/there", method="POST").respond_with_handler(there)

    assert fetcher.post_form(httpserver.url_for("/hub"), {"a": "1"}).status == 202
    assert received == [b"a=1"]


def test_a_form_is_not_carried_to_another_origin(httpserver: HTTPServer) -> None:
    elsewhere = f"http://127.0.0.1:{httpserver.port}/"
    httpserver.expect_request("/hub").respond_with_data("", status=307, headers={"Location": elsewhere})
    named = frozenset({f"{name}:{httpserver.port}" for name in ("localhost", "127.0.0.1")})

    with Fetcher("x", private_hosts=named) as fetcher, pytest.raises(FetchError, match="not followed"):
        fetcher.post_form(httpserver.url_for("/hub"), {"a": "1"})

    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [301, 302, 303])
def test_another_redirect_is_an_answer_like_any_other(httpserver: HTTPServer, fetcher: Fetcher, status: int) -> None:
    httpserver.expect_request("/hub").respond_with_data("", status=status, headers={"Location": "/there"})

    assert fetcher.post_form(httpserver.url_for("/hub"), {"a": "1"}).status == status
    assert len(httpserver.log) == 1


def test_a_form_is_not_posted_to_a_private_address(httpserver: HTTPServer) -> None:
    with (
        Fetcher("x", source_url=httpserver.url_for("/")) as fetcher,
        pytest.raises(RefusedAddressError, match="not on the public internet"),
    ):
        fetcher.post_form(httpserver.url_for("/hub"), {"a": "1"})

    assert httpserver.log == []
