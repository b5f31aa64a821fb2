"""A feed's hub, over real HTTP: it is asked, it asks back, and its signed word makes us fetch at once."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from starlette.types import ASGIApp
from werkzeug import Request, Response

from publisher.assembly import Publisher, assembled
from publisher.gather.run import gather_all
from publisher.schedule.gathering import ask_for_pushes, gather_hinted
from publisher.schedule.jobs import InlineJobs
from publisher.store.articles import list_articles
from publisher.store.pushes import Push, find_push, list_hinted
from publisher.web.app import make_app
from tests.cli.newsrooms import CONFIG
from tests.gather.gathering import StandingClock
from tests.web.conftest import Client

SECOND = (
    "<item><title>Silver</title><link>{home}/2</link><guid>2</guid><pubDate>Fri, 06 Mar 2026 13:00:00 GMT</pubDate>"
    "<description>Silver stays.</description></item>"
)
FIRST = SECOND.replace("Silver", "Gold").replace("2", "1", 2)


class FeedWithHub:
    """A feed that names a hub, and that hub."""

    def __init__(self, server: HTTPServer) -> None:
        self.home = f"http://{server.host}:{server.port}"
        self.host = f"{server.host}:{server.port}"
        self.items = FIRST
        self.asked: list[dict[str, list[str]]] = []
        self.answers = 202
        server.expect_request("/feed").respond_with_handler(self.feed)
        server.expect_request("/hub", method="POST").respond_with_handler(self.hub)

    def feed(self, _: Request) -> Response:
        links = f'<{self.home}/hub>; rel="hub", <{self.home}/feed>; rel="self"'
        body = f"<rss version='2.0'><channel><title>F</title>{self.items.format(home=self.home)}</channel></rss>"
        return Response(body, content_type="application/rss+xml", headers={"Link": links})

    def hub(self, request: Request) -> Response:
        self.asked.append(parse_qs(request.get_data(as_text=True)))
        return Response("", self.answers)


@pytest.fixture
def feed(httpserver: HTTPServer) -> FeedWithHub:
    return FeedWithHub(httpserver)


@pytest.fixture
def publisher(feed: FeedWithHub, tmp_path: Path) -> Iterator[Publisher]:
    """A newsroom that gathered the feed once."""
    source = f'[[sources]]\nid = "partner"\nkind = "feed"\nurl = "{feed.home}/feed"\nprivate_hosts = ["{feed.host}"]\n'
    file = tmp_path / "config" / "newsroom.toml"
    file.parent.mkdir()
    start, end = CONFIG.index("[[sources]]"), CONFIG.index("[licence]")
    file.write_text(CONFIG[:start] + source + CONFIG[end:])
    with assembled(file, clock=StandingClock()) as publisher:
        gather_all(publisher.settings, publisher.store, clock=publisher.clock)
        yield publisher


def push_of(publisher: Publisher) -> Push:
    """What is known of the hub."""
    with publisher.store.read() as tx:
        found = find_push(tx, "partner")
    assert found is not None
    return found


def hinted(publisher: Publisher) -> list[str]:
    """The sources that are to be fetched at once."""
    with publisher.store.read() as tx:
        return list_hinted(tx)


def signature(push: Push, body: bytes) -> str:
    """What the hub signs a push with."""
    return "sha256=" + hmac.new(push.secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_hub_is_asked_once_with_our_address_and_a_secret(publisher: Publisher, feed: FeedWithHub) -> None:
    for _ in range(2):
        ask_for_pushes(publisher, publisher.settings.sources[0])

    push = push_of(publisher)
    assert [one["hub.callback"] for one in feed.asked] == [[f"http://127.0.0.1:8080/push/{push.token}"]]
    assert (feed.asked[0]["hub.topic"], feed.asked[0]["hub.secret"]) == ([f"{feed.home}/feed"], [push.secret])


def test_a_hub_that_refuses_is_noted_in_words(publisher: Publisher, feed: FeedWithHub) -> None:
    feed.answers = 500

    ask_for_pushes(publisher, publisher.settings.sources[0])

    assert "its hub cannot be asked" in str(push_of(publisher).note)


def test_our_address_answers_the_hubs_question_and_no_other(
    publisher: Publisher, feed: FeedWithHub, serve: Callable[[ASGIApp], Client]
) -> None:
    push, client = push_of(publisher), serve(make_app(publisher))
    question = f"hub.mode=subscribe&hub.topic={feed.home}/feed&hub.challenge=abc&hub.lease_seconds=864000"

    right = client.ask(f"/push/{push.token}?{question}")
    wrong = client.ask(f"/push/{push.token}?{question.replace('/feed', '/other')}")
    unknown = client.ask(f"/push/nobody?{question}")

    assert (right.status, right.text, wrong.status, unknown.status) == (200, "abc", 404, 404)
    assert push_of(publisher).ends_at is not None


def test_a_signed_push_makes_us_fetch_at_once(
    publisher: Publisher, feed: FeedWithHub, serve: Callable[[ASGIApp], Client]
) -> None:
    push, client, body = push_of(publisher), serve(make_app(publisher)), b"x" * 200_000
    clock = publisher.clock
    assert isinstance(clock, StandingClock)
    clock.moment += timedelta(seconds=5)
    feed.items += SECOND

    answer = client.ask(f"/push/{push.token}", "POST", body=body, x_hub_signature=signature(push, body))
    clock.moment += timedelta(minutes=1)  # a visit that was just made is not repeated at once
    gather_hinted(publisher, InlineJobs())

    with publisher.store.read() as tx:
        assert (answer.status, [one.title for one in list_articles(tx)]) == (202, ["Gold", "Silver"])
    assert hinted(publisher) == []


@pytest.mark.parametrize("sent", ["", "sha256=00", "md5=00"])
def test_a_push_that_is_not_signed_is_answered_alike_and_does_nothing(
    publisher: Publisher, serve: Callable[[ASGIApp], Client], sent: str
) -> None:
    client = serve(make_app(publisher))

    answer = client.ask(f"/push/{push_of(publisher).token}", "POST", body=b"x", x_hub_signature=sent)

    assert (answer.status, hinted(publisher)) == (202, [])


def test_a_push_to_an_address_that_we_never_gave_is_gone(
    publisher: Publisher, serve: Callable[[ASGIApp], Client]
) -> None:
    assert serve(make_app(publisher)).ask("/push/nobody", "POST", body=b"x").status == 410
