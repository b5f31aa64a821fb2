"""What is missing from the lists of a WordPress: asked for, in part where it is much, and never taken for granted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.run import GatherStatus
from publisher.gather.wordpress.compare import SAMPLE, sample_of
from publisher.model.article import Status
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import Piece, WordPressStandIn, pieces

MANY = 80  #: of 100: more than are asked for one by one


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """A site with a hundred posts."""
    site = WordPressStandIn(httpserver)
    for piece in pieces(100):
        site.publish(piece)
    return site


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> Desk:
    """The desk that gathered them."""
    desk = Desk(sqlite_store, tmp_path, site)
    desk.gather()
    site.asked.clear()
    return desk


def singles(site: WordPressStandIn) -> list[str]:
    """The posts that were asked for alone."""
    return [path.partition("?")[0].rpartition("/")[2] for path in site.asked if "/posts/" in path]


def public(desk: Desk) -> int:
    """How many are public still."""
    return sum(article.status is Status.PUBLIC for article in desk.articles().values())


# How many are asked for


@pytest.mark.parametrize(
    ("missing", "stored", "asked"),
    [(0, 100, 0), (50, 100, 50), (51, 100, SAMPLE), (250, 5000, 250), (251, 5000, SAMPLE), (5000, 5000, SAMPLE)],
)
def test_so_many_are_asked_for(missing: int, stored: int, asked: int) -> None:
    assert len(sample_of([str(id_) for id_ in range(missing)], stored)) == asked


def test_a_sample_is_spread_over_all_ages() -> None:
    sample = [int(key) for key in sample_of([str(id_) for id_ in range(1, 1001)], 1000)]

    assert (min(sample), max(sample), len(set(sample))) == (1, 951, SAMPLE)


# What the answers mean


def test_few_that_are_missing_are_each_asked_for(desk: Desk, site: WordPressStandIn) -> None:
    for key in range(1, 6):
        site.withdraw(key)

    report = desk.gather()

    assert counts(report) == {"unchanged": 95, "withdrawn": 5}
    assert sorted(singles(site)[:1] + singles(site)[2:]) == ["1", "2", "3", "4", "5"]


def test_a_post_that_is_listed_is_the_control(desk: Desk, site: WordPressStandIn) -> None:
    site.withdraw(1)

    desk.gather()

    assert singles(site) == ["1", "2"]


def test_a_site_that_says_of_all_posts_that_they_are_not_there_is_not_believed(
    desk: Desk, site: WordPressStandIn
) -> None:
    site.unlisted |= {1, 2}
    site.closed = (401, "rest_forbidden")

    report = desk.gather()

    assert (report.status, public(desk)) == (GatherStatus.FAILED, 100)
    assert "does not show it to one who asks for it alone" in str(report.error)


def test_of_very_many_a_sample_is_asked_for_and_all_wait_for_a_person(desk: Desk, site: WordPressStandIn) -> None:
    for key in range(1, MANY + 1):
        site.withdraw(key)

    report = desk.gather()

    assert len(singles(site)) == SAMPLE + 1
    assert (report.status, public(desk)) == (GatherStatus.HELD, 100)
    assert f"{MANY} withdrawals" in str(report.error)


def test_very_many_that_come_back_before_anybody_looked_wait_no_longer(desk: Desk, site: WordPressStandIn) -> None:
    whole = dict(site.pieces)
    for key in range(1, MANY + 1):
        site.withdraw(key)
    desk.gather()
    site.pieces = whole

    report = desk.gather()

    assert (report.status, report.held, counts(report)) == (GatherStatus.OK, (), {"unchanged": 100})


def test_very_many_that_are_only_hidden_from_lists_stay_and_that_is_said(desk: Desk, site: WordPressStandIn) -> None:
    site.unlisted |= set(range(1, MANY + 1))

    reports = [desk.gather(), desk.gather()]

    words = f"no longer lists {MANY} of its posts, but shows all {SAMPLE}"
    assert [(one.status, words in str(one.note)) for one in reports] == [(GatherStatus.OK, True)] * 2
    assert public(desk) == 100


def test_very_many_of_which_only_some_are_gone_are_a_riddle_for_a_person(desk: Desk, site: WordPressStandIn) -> None:
    site.unlisted |= set(range(1, MANY + 1))
    site.withdraw(1)

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert f"of {SAMPLE} asked for, 1 are gone" in str(report.error)
    assert public(desk) == 99


# When it is seen at all


def test_a_post_that_takes_the_place_of_another_is_seen_by_its_date(desk: Desk, site: WordPressStandIn) -> None:
    site.withdraw(100)
    site.publish(Piece(key=101, published=FRIDAY, modified=FRIDAY - timedelta(days=40)))

    assert counts(desk.gather()) == {"new": 1, "unchanged": 99, "withdrawn": 1}


@pytest.fixture
def two_types(httpserver: HTTPServer, site: WordPressStandIn) -> Callable[[], int]:
    """Makes the site have a second type; counts how often either was asked for."""
    site.options |= {"types": ["posts", "org-updates"]}
    other = WordPressStandIn(httpserver)
    httpserver.expect_request("/wp-json/wp/v2/org-updates").respond_with_handler(other.list)
    other.publish(Piece(key=901))
    return lambda: len(site.asked) + len(other.asked)


def test_a_visit_with_nothing_new_asks_once_for_each_type_and_once_for_a_date(
    two_types: Callable[[], int], sqlite_store: Store, tmp_path: Path, site: WordPressStandIn
) -> None:
    desk = Desk(sqlite_store, tmp_path, site)
    desk.gather()
    before = two_types()

    desk.gather()

    assert two_types() - before == 3


def test_the_date_of_each_type_is_asked_for_in_turn(
    two_types: Callable[[], int], sqlite_store: Store, tmp_path: Path, site: WordPressStandIn
) -> None:
    desk = Desk(sqlite_store, tmp_path, site)
    desk.gather()
    site.asked.clear()

    desk.gather()
    desk.gather()

    assert two_types() > 0
    assert ["orderby=date" in path for path in site.asked].count(True) == 1


def test_what_was_withdrawn_comes_back_by_the_list(desk: Desk, site: WordPressStandIn) -> None:
    site.withdraw(1)
    desk.gather()
    site.publish(replace(next(pieces(1))))

    assert counts(desk.gather()) == {"changed": 1, "unchanged": 99}
