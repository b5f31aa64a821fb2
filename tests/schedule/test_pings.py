"""Hubs are told of the feeds that changed, over real HTTP; one that fails keeps nobody waiting and loses nothing."""

import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.assembly import Publisher
from publisher.deliver.send import Stop
from publisher.gather.fetching.fetch import Limits, RefusedAddressError
from publisher.schedule import pings
from publisher.schedule.jobs import InlineJobs
from publisher.schedule.pings import HubReport, hub_client, start_pings, tell_hubs
from publisher.schedule.tick import tick
from publisher.settings import FeedSettings
from publisher.store.engine import Store
from publisher.store.pings import Owed, list_owed, want_pings
from tests.house import House

ALL, STORIES = "https://follow.example.org/feeds/all.rss", "https://follow.example.org/feeds/section/stories.rss"
MINUTE = timedelta(minutes=1)


class Hub:
    """A hub that answers as a test says: statuses in turn, the last one for ever."""

    def __init__(self, server: HTTPServer, path: str = "/hub") -> None:
        self.url = f"http://{server.host}:{server.port}{path}"
        self.statuses = [204]
        self.headers: dict[str, str] = {}
        self.forms: list[dict[str, list[str]]] = []
        server.expect_request(path, method="POST").respond_with_handler(self._answer)

    @property
    def topics(self) -> list[str]:
        """The feeds that it heard of, each time."""
        return [one["hub.url"][0] for one in self.forms]

    def _answer(self, request: Request) -> Response:
        self.forms.append(parse_qs(request.get_data(as_text=True)))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return Response("", status, headers=self.headers)


@pytest.fixture
def hub(httpserver: HTTPServer) -> Hub:
    return Hub(httpserver)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a hub that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hub"


def configured(house: House, *hubs: str) -> Publisher:
    """The newsroom with these hubs."""
    settings = house.publisher.settings.model_copy(update={"feeds": FeedSettings(hub=hubs)})
    return Publisher(settings=settings, store=house.store, clock=house.clock)


def change(publisher: Publisher, *topics: str) -> None:
    """Feeds change, as a build writes it down."""
    with publisher.store.begin() as tx:
        want_pings(tx, publisher.settings.feeds.hub, topics, now=publisher.now())


def owed(publisher: Publisher) -> Sequence[Owed]:
    """What the hubs are not told yet."""
    with publisher.store.read() as tx:
        return list_owed(tx)


def test_a_hub_is_told_once_of_each_feed_that_changed(house: House, hub: Hub) -> None:
    publisher = configured(house, hub.url)
    change(publisher, ALL, STORIES)

    for _ in range(2):
        tick(publisher, stop=Stop())

    assert hub.forms == [
        {"hub.mode": ["publish"], "hub.url": [topic], "hub.topic": [topic]} for topic in (ALL, STORIES)
    ]
    assert owed(publisher) == []


def test_two_builds_before_the_hub_is_back_are_one_ping(sqlite_house: House, hub: Hub) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses = [503, 204]
    change(publisher, ALL)
    tell_hubs(publisher)
    change(publisher, ALL)

    sqlite_house.clock.forward(MINUTE)
    tell_hubs(publisher)
    sqlite_house.clock.forward(MINUTE)
    tell_hubs(publisher)

    assert hub.topics == [ALL, ALL]  # the one that failed, and the one for both changes
    assert owed(publisher) == []


def test_a_hub_that_fails_three_times_is_asked_ever_later_and_then_told(sqlite_house: House, hub: Hub) -> None:
    publisher, asked = configured(sqlite_house, hub.url), []
    hub.statuses = [503, 500, 429, 202]
    change(publisher, ALL)

    for minute in range(10):
        before = len(hub.forms)
        tell_hubs(publisher)
        asked += [minute] * (len(hub.forms) - before)
        sqlite_house.clock.forward(MINUTE)

    assert asked == [0, 1, 3, 7]
    assert owed(publisher) == []


def test_a_hub_that_is_down_is_asked_once_for_all_its_feeds(sqlite_house: House, hub: Hub) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses = [503]
    change(publisher, ALL, STORIES)

    report = tell_hubs(publisher)

    assert report == [HubReport(hub=hub.url, told=0, error=f"{hub.url}: answered 503 SERVICE UNAVAILABLE")]
    assert hub.topics == [ALL]
    assert [one.topics for one in owed(publisher)] == [2]


def test_a_hub_that_says_when_is_asked_then(sqlite_house: House, hub: Hub) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses, hub.headers = [429], {"Retry-After": "3600"}
    change(publisher, ALL)

    tell_hubs(publisher)

    assert [one.due_at for one in owed(publisher)] == [sqlite_house.clock.now() + timedelta(hours=1)]


def test_a_hub_that_takes_no_connections_is_told_later(sqlite_house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    publisher = configured(sqlite_house, f"http://127.0.0.1:{port}/hub")
    change(publisher, ALL)

    report = tell_hubs(publisher)[0]

    assert "does not take connections" in str(report.error)
    assert [one.topics for one in owed(publisher)] == [1]


def test_a_hub_that_says_nothing_is_told_later(
    sqlite_house: House, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pings, "LIMITS", Limits(read_seconds=0.2, total_seconds=0.5))
    publisher = configured(sqlite_house, silent)
    change(publisher, ALL)

    report = tell_hubs(publisher)[0]

    assert "said nothing" in str(report.error)
    assert [one.topics for one in owed(publisher)] == [1]


def test_of_two_hubs_the_one_that_works_is_told_and_the_other_owed(
    house: House, hub: Hub, httpserver: HTTPServer
) -> None:
    broken = Hub(httpserver, "/broken")
    broken.statuses = [500]
    publisher = configured(house, broken.url, hub.url)
    change(publisher, ALL, STORIES)

    start_pings(publisher, InlineJobs(), Stop())

    assert hub.topics == [ALL, STORIES]
    assert [(one.hub, one.topics) for one in owed(publisher)] == [(broken.url, 2)]


@pytest.mark.parametrize("status", [400, 404, 410, 302])
def test_a_refusal_is_final_and_the_next_change_is_told_anew(sqlite_house: House, hub: Hub, status: int) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses = [status, 204]
    change(publisher, ALL)
    refused = tell_hubs(publisher)[0]
    after = owed(publisher)

    change(publisher, ALL)
    tell_hubs(publisher)

    assert (refused.error, after) == (f"{hub.url}: answered {status}", [])
    assert hub.topics == [ALL, ALL]


def test_a_refusal_of_one_feed_keeps_no_other_from_being_told(sqlite_house: House, hub: Hub) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses = [400, 204]
    change(publisher, ALL, STORIES)

    report = tell_hubs(publisher)[0]

    assert (hub.topics, report.told) == ([ALL, STORIES], 1)


def test_a_hub_that_is_down_for_two_days_is_given_up_with_a_line_in_the_log(
    sqlite_house: House, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = configured(sqlite_house, hub.url)
    hub.statuses = [503]
    change(publisher, ALL)

    for _ in range(50):
        tell_hubs(publisher)
        sqlite_house.clock.forward(timedelta(hours=1))

    assert owed(publisher) == []
    assert "pings.dropped" in capsys.readouterr().out
    assert len(hub.forms) < 20


def test_what_was_owed_when_a_process_ended_is_told_by_the_next(store: Store, tmp_path: Path, hub: Hub) -> None:
    change(configured(House(store, tmp_path), hub.url), ALL)

    tick(configured(House(store, tmp_path), hub.url), stop=Stop())

    assert hub.topics == [ALL]


def test_a_hub_that_is_not_configured_any_more_is_not_asked(sqlite_house: House, hub: Hub) -> None:
    change(configured(sqlite_house, hub.url), ALL)
    publisher = configured(sqlite_house)

    tell_hubs(publisher)

    assert (hub.forms, owed(publisher)) == ([], [])


def test_nothing_is_started_when_everything_ends(sqlite_house: House, hub: Hub) -> None:
    publisher, stop = configured(sqlite_house, hub.url), Stop()
    change(publisher, ALL)
    stop.event.set()

    start_pings(publisher, InlineJobs(), stop)

    assert (hub.forms, len(owed(publisher))) == ([], 1)


@pytest.mark.parametrize("status", [307, 308])
def test_a_hubs_redirect_into_the_house_is_not_followed(sqlite_house: House, hub: Hub, status: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside:
        publisher = configured(sqlite_house, hub.url)
        hub.statuses, hub.headers = [status], {"Location": f"http://127.0.0.1:{inside.getsockname()[1]}/"}
        change(publisher, ALL)
        inside.settimeout(0.3)

        report = tell_hubs(publisher)[0]

        assert report.error is not None
        with pytest.raises(TimeoutError):
            inside.accept()


@pytest.mark.parametrize("url", ["http://127.0.0.1:{other}/", "http://localhost:{port}/", "http://127.0.0.1/"])
def test_nothing_else_of_the_house_is_open_to_a_hubs_client(sqlite_house: House, url: str) -> None:
    place, newsroom = "http://127.0.0.1:{port}/hub", sqlite_house.publisher.settings.newsroom

    with hub_client(place.format(port=9001), newsroom) as client, pytest.raises(RefusedAddressError):
        client.post_form(url.format(port=9001, other=9002), {})
