"""The counter's address: one empty picture for everybody; what is counted is as little as the newsroom asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route

from publisher.audience.kit_ids import KitIds
from publisher.store.engine import Store
from publisher.store.readings import OTHERS, list_places
from publisher.web import counter as counting
from publisher.web.app import make_app
from publisher.web.counter import Counter
from tests.house import House
from tests.web.conftest import Answer, Client

PAGE = "https://partner.example.com/gold?reader=7#top"


class Counted:
    """A newsroom with its counter at a level, served, and the article that is counted."""

    def __init__(self, house: House, serve: Callable[..., Client], level: str) -> None:
        settings = house.publisher.settings
        licence = settings.licence.model_copy(update={"counter": level})
        publisher = replace(house.publisher, settings=settings.model_copy(update={"licence": licence}))
        self.house = house
        self.number = house.publish()
        self.counter = Counter(publisher)
        self.client = serve(Starlette(routes=[Route("/r/{kit}.gif", self.counter.answer)]))
        self.path = f"/r/{KitIds(publisher.secrets).of(self.number)}.gif"

    def ask(self, path: str = "", method: str = "GET", *, referer: str = "") -> Answer:
        """A browser asks for the picture, on a page that it names or not."""
        named = {"referer": referer} if referer else {}
        return self.client.ask(path or self.path, method, body=None, **named)

    def places(self) -> list[tuple[str, int]]:
        """Where the article was read."""
        self.counter.flush()
        with self.house.store.read() as tx:
            return [(one.referrer, one.count) for one in list_places(tx, self.number)]


@pytest.fixture
def counted(sqlite_store: Store, tmp_path: Path, serve: Callable[..., Client]) -> Callable[[str], Counted]:
    return lambda level: Counted(House(sqlite_store, tmp_path), serve, level)


Make = Callable[[str], Counted]


def wait_for_places(one: Counted) -> list[str]:
    """The places that are in the store before anybody asks for them to be brought there."""
    until = monotonic() + 10
    while monotonic() < until:
        with one.house.store.read() as tx:
            places = [place.referrer for place in list_places(tx, one.number)]
        if places:
            return places
        sleep(0.1)
    return []


@pytest.mark.parametrize("path", ["", "/r/unknown.gif", "/r/AAAAAAAAAAAAAAAAAAAAAAAA.gif", "/r/%00.gif"])
@pytest.mark.parametrize("level", ["off", "page"])
def test_everybody_gets_the_same_picture_unkept_and_without_a_cookie(counted: Make, level: str, path: str) -> None:
    answer = counted(level).ask(path, referer=PAGE)

    assert (answer.status, answer.headers["content-type"], len(answer.body)) == (200, "image/gif", 43)
    assert answer.body.startswith(b"GIF89a\x01\x00\x01\x00")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("level", "place"), [("host", "partner.example.com"), ("page", "partner.example.com/gold")])
def test_a_reading_is_counted_by_what_the_level_keeps(counted: Make, level: str, place: str) -> None:
    one = counted(level)

    one.ask(referer=PAGE)

    assert one.places() == [(place, 1)]


def test_nothing_is_counted_while_it_is_off(counted: Make) -> None:
    one = counted("off")

    one.ask(referer=PAGE)

    assert one.places() == []


def test_a_page_that_is_not_named_is_counted_as_unknown(counted: Make) -> None:
    one = counted("page")

    one.ask()

    assert one.places() == [("", 1)]


def test_an_id_that_is_not_ours_counts_nothing(counted: Make) -> None:
    one = counted("page")

    one.ask("/r/AAAAAAAAAAAAAAAAAAAAAAAA.gif", referer=PAGE)
    one.ask(f"/r/{one.number}.gif", referer=PAGE)

    assert one.places() == []


def test_a_question_for_the_head_alone_is_no_reading(counted: Make) -> None:
    one = counted("page")

    answer = one.ask(method="HEAD", referer=PAGE)

    assert (answer.status, one.places()) == (200, [])


def test_a_reader_is_counted_once_a_day_on_one_page(counted: Make) -> None:
    one = counted("page")

    for page in ("https://a.example/1", "https://a.example/1?again", "https://a.example/2"):
        one.ask(referer=page)

    assert one.places() == [("a.example/1", 1), ("a.example/2", 1)]


def test_who_asks_too_often_gets_the_picture_and_is_not_counted(counted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.web.visitors.A_MINUTE", 2)
    one = counted("page")

    statuses = [one.ask(referer=f"https://a.example/{number}").status for number in range(4)]

    assert (statuses, len(one.places())) == ([200] * 4, 2)


def test_counts_reach_the_store_by_themselves(counted: Make) -> None:
    one = counted("host")

    one.ask(referer=PAGE)

    assert wait_for_places(one) == ["partner.example.com"]


def test_a_store_that_is_away_keeps_no_reader_waiting_and_loses_no_count(counted: Make) -> None:
    one = counted("host")
    store = one.house.store
    with store.begin() as tx:
        tx.execute(text("ALTER TABLE reading RENAME TO away"))

    status = one.ask(referer=PAGE).status
    one.counter.flush()
    with store.begin() as tx:
        tx.execute(text("ALTER TABLE away RENAME TO reading"))

    assert (status, one.places()) == (200, [("partner.example.com", 1)])


def test_what_waits_for_the_store_is_bounded(counted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_WAITING", 1)
    one = counted("page")

    for number in range(3):
        one.ask(referer=f"https://a.example/{number}")

    assert one.places() == [(OTHERS, 2), ("a.example/0", 1)]


def test_the_whole_application_serves_it(sqlite_store: Store, tmp_path: Path, serve: Callable[..., Any]) -> None:
    house = House(sqlite_store, tmp_path)

    answer = serve(make_app(house.publisher)).ask("/r/anything.gif")

    assert (answer.status, len(answer.body)) == (200, 43)
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
