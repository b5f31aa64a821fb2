"""Damaged feeds: nothing that was stored is lost, what is right is taken, and the operator reads why."""

import socket
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.fetching import fetch
from publisher.gather.run import GatherStatus, SourceReport
from publisher.store.engine import Store
from tests.gather.damage_table import Damage, Where, printed, send
from tests.gather.damages import EVERYTHING, GOLD, GOOD, page
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import FeedStandIn

PAGE = Path(__file__).parents[2] / "docs" / "damage.md"
SECONDS = 1.0


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> FeedStandIn:
    """The feed; a fetch may take a second instead of thirty."""
    monkeypatch.setattr(fetch, "Limits", partial(fetch.Limits, total_seconds=SECONDS))
    site = FeedStandIn(httpserver)
    site.options = {}
    return site


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: FeedStandIn) -> Desk:
    """The desk that gathers from it, and has one story."""
    desk = Desk(sqlite_store, tmp_path, site)
    site.answering = send(GOOD)
    assert counts(desk.gather()) == {"new": 1}
    return desk


every_damage = pytest.mark.parametrize("damage", EVERYTHING, ids=lambda damage: damage.name)


@every_damage
def test_a_damaged_feed_costs_nothing_and_says_why(
    desk: Desk, site: FeedStandIn, monkeypatch: pytest.MonkeyPatch, damage: Damage
) -> None:
    site.answering = damage.serve
    source = site.source()
    if damage.looked_up:
        url = source.url.replace("localhost", "feeds.example.org")
        source = source.model_copy(update={"url": url, "private_hosts": frozenset()})
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (damage.looked_up, site.server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    report = desk.gather(source=source)

    assert {one.title for one in desk.articles().values()} == {GOLD, *damage.adds}
    said = damage.says.replace("{url}", source.url).replace("{total}", f"{SECONDS:g}")
    assert said in where_it_says(desk, report, damage)
    assert (report.status is GatherStatus.FAILED) == (damage.where is Where.FAILED)


@every_damage
def test_looking_at_the_same_damage_again_changes_nothing(desk: Desk, site: FeedStandIn, damage: Damage) -> None:
    if damage.looked_up:
        pytest.skip("needs another name server; it changes nothing the first time")
    site.answering = damage.serve
    desk.gather()
    desk.clock.moment = desk.clock.moment.replace(month=12)  # whatever the server asked for is over

    report = desk.gather(full=True)

    assert counts(report) == counts(replace(report, new=0, withdrawn=0, changed=0))
    assert len(desk.articles()) == 1 + len(damage.adds)


def where_it_says(desk: Desk, report: SourceReport, damage: Damage) -> set[str]:
    """All that stands where the message is to be read."""
    match damage.where:
        case Where.FAILED:
            return {str(report.error)}
        case Where.REFUSED:
            return {one.reason for one in report.refused}
        case Where.SOURCE:
            return {str(report.note)}
        case Where.ARTICLE:
            return {note for one in desk.articles().values() if one.title == damage.adds[0] for note in one.notes}
        case Where.LICENCE:
            return {one.licence_why for one in desk.articles().values()}
        case Where.NOWHERE | Where.PASSED | Where.GONE:
            return {report.note or "", *(one.reason for one in report.refused), report.error or ""}


# The page that people read


@every_damage
def test_every_damage_stands_on_the_page(damage: Damage) -> None:
    assert printed(damage) in PAGE.read_text()


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text() == page()
