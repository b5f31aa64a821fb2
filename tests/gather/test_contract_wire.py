"""What every kind of source must do when a visit does not come to its end, and what every server may try in vain."""

import errno
import gzip
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import pytest

from publisher.gather.fetching import fetch
from publisher.gather.health import health_of
from publisher.gather.run import GatherStatus, SourceReport
from publisher.model.article import RevisionKind, Status
from publisher.model.clock import stamp
from tests.gather.gathering import Desk, counts
from tests.gather.kinds import every_kind, every_kind_over_http, only_a_folder
from tests.gather.newsrooms import FolderStandIn, Newsroom, Piece, ServedNewsroom, pieces
from tests.gather.wire import Wire, cut, cut_unseen, endless, from_then_on, noting, says

MANY = 110  #: more than any kind gives in one answer

# Broken off in the middle


@every_kind
def test_a_visit_that_breaks_off_keeps_what_came_and_the_next_one_brings_the_rest(desk: Desk, site: Newsroom) -> None:
    publish_many(site)
    site.interrupt()
    broken = desk.gather()
    site.recover()

    report = desk.gather()

    assert_broke_off(broken)
    assert counts(report) == {"new": MANY - broken.new, "unchanged": broken.new}
    assert_whole(desk, site, report)


@every_kind_over_http
@pytest.mark.parametrize(
    "trouble", [says("<h1>Error</h1>", 500), says(status=429), cut_unseen], ids=["error", "too many", "cut unseen"]
)
def test_a_server_that_fails_in_the_middle_is_read_to_its_end_afterwards(
    desk: Desk, site: ServedNewsroom, trouble: Wire
) -> None:
    publish_many(site)
    site.wire = from_then_on(site.is_later_part, trouble)
    broken = desk.gather()
    site.recover()

    report = desk.gather()

    assert_broke_off(broken)
    assert_whole(desk, site, report)


@every_kind
def test_a_look_at_everything_that_breaks_off_withdraws_nothing(desk: Desk, site: Newsroom) -> None:
    publish_many(site)
    desk.gather()
    site.interrupt()

    broken = desk.gather(full=True)

    assert broken.error or broken.refused
    assert counts(broken) == {"unchanged": MANY}
    site.recover()
    assert_whole(desk, site, desk.gather(full=True))


@only_a_folder
@pytest.mark.parametrize("closed", ["articles", "2026"])
def test_a_folder_that_may_not_be_entered_withdraws_nothing(
    desk: Desk, site: FolderStandIn, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    for piece in pieces(3):
        site.publish(piece)
    (site.folder / "2026").mkdir()
    site.file_of(1).rename(site.folder / "2026" / "old.md")
    desk.gather()
    close_folder(monkeypatch, closed)

    report = desk.gather()

    assert report.error or report.refused
    assert (report.withdrawn, report.unchanged) == (0, 3)


def close_folder(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Takes the right to list a folder away; file modes would not stop root."""
    scandir = os.scandir

    def closed(path: str | Path = ".") -> object:
        if Path(path).name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)


def publish_many(site: Newsroom) -> None:
    """More than comes with one answer."""
    for piece in pieces(MANY):
        site.publish(piece)


def assert_broke_off(broken: SourceReport) -> None:
    """A part came, and the report says that it is not all."""
    assert 0 < broken.new < MANY
    assert broken.withdrawn == 0
    assert broken.error or broken.refused or broken.note


def assert_whole(desk: Desk, site: Newsroom, report: SourceReport) -> None:
    """What is stored is what is published, each piece once, as it came."""
    keys = {site.key_of(key) for key in range(1, MANY + 1)}
    stored = desk.articles()
    assert (report.status, report.refused) == (GatherStatus.OK, ())
    assert stored.keys() == keys
    assert {one.status for one in stored.values()} == {Status.PUBLIC}
    assert {tuple(desk.kinds(key)) for key in keys} == {(RevisionKind.FIRST,)}


# Asked to wait


@every_kind_over_http
def test_a_server_that_asks_to_be_left_alone_is_not_asked_before_its_time(desk: Desk, site: ServedNewsroom) -> None:
    publish_and_gather(desk, site, 1, 2, 3)
    site.withdraw(2)
    asked: list[str] = []
    site.wire = says(status=429, Retry_After="7200")
    report = desk.gather()
    until = desk.clock.moment + timedelta(hours=2)
    site.wire = noting(asked)

    an_hour_later = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.FAILED, {"unchanged": 3})
    assert "answered 429 TOO MANY REQUESTS" in str(report.error)
    assert (an_hour_later.status, counts(an_hour_later), asked) == (GatherStatus.HELD, {"unchanged": 3}, [])
    assert f"asked to be left alone until {stamp(until)}" in str(an_hour_later.error)
    assert health_of(desk.store, site.source(), now=desk.clock.moment).next_try == until


@every_kind_over_http
def test_everything_comes_when_the_time_is_over(desk: Desk, site: ServedNewsroom) -> None:
    publish_and_gather(desk, site, 1)
    site.wire = says(status=429, Retry_After="7200")
    site.publish(Piece(key=2))
    desk.gather()
    site.recover()
    desk.gather()

    report = desk.gather()

    assert_all_is_well(report, desk, site)


@every_kind_over_http
def test_a_server_that_asks_for_it_in_the_middle_is_left_alone_too(desk: Desk, site: ServedNewsroom) -> None:
    publish_many(site)
    asked: list[str] = []
    site.wire = from_then_on(site.is_later_part, noting(asked, says(status=429, Retry_After="7200")))
    broken = desk.gather()
    held = desk.gather()
    site.recover()

    report = desk.gather()

    assert_broke_off(broken)
    assert (len(asked), held.status) == (1, GatherStatus.HELD)
    assert_whole(desk, site, report)


# Slow, too much, or somewhere else

PATIENCE = 6.0  #: seconds; many times the limit, for a machine that has more to do
BIG = gzip.compress(b" " * 9_000_000)
PRIVATE = "is not on the public internet"


def over_hops(location: str) -> Wire:
    """A redirect in the place of every answer."""
    return says(status=302, Location=location)


@every_kind_over_http
def test_a_server_that_trickles_is_given_up_at_the_time_limit(
    desk: Desk, site: ServedNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_and_gather(desk, site, 1)
    site.publish(Piece(key=2))
    with monkeypatch.context() as patch:
        patch.setattr(fetch, "Limits", partial(fetch.Limits, total_seconds=1.0))
        site.wire = endless(b" ", pause=0.05)
        began = perf_counter()
        assert_fails_and_loses_nothing(desk, site, "took longer than 1 s")
        took = perf_counter() - began
    site.recover()

    report = desk.gather()

    assert took < PATIENCE
    assert_all_is_well(report, desk, site)


@every_kind_over_http
@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (endless(b" " * 65536), "is larger than"),
        (says(BIG, Content_Encoding="gzip"), "unpacks to more than 100 times what was sent"),
        (over_hops("http://169.254.169.254/latest/meta-data/"), f"169.254.169.254 {PRIVATE}"),
        (over_hops("http://[::ffff:10.0.0.5]/"), PRIVATE),
        (over_hops("http://127.0.0.1/"), PRIVATE),
        (over_hops("file:///etc/passwd"), "only http and https addresses are fetched"),
        (cut, "broke off"),
    ],
    ids=["endless", "packed bomb", "cloud's own", "private net", "this machine", "file", "cut"],
)
def test_a_hostile_answer_fails_the_source_in_words_and_loses_nothing(
    desk: Desk, site: ServedNewsroom, wire: Wire, said: str
) -> None:
    publish_and_gather(desk, site, 1)
    site.publish(Piece(key=2))
    site.wire = wire
    assert_fails_and_loses_nothing(desk, site, said)
    site.recover()

    report = desk.gather()

    assert_all_is_well(report, desk, site)


def publish_and_gather(desk: Desk, site: Newsroom, *keys: int) -> None:
    """These pieces, stored."""
    for piece in pieces(max(keys)):
        site.publish(piece)
    desk.gather()


def assert_fails_and_loses_nothing(desk: Desk, site: ServedNewsroom, said: str) -> None:
    """The report and the source's health say why, and what is stored stays."""
    report = desk.gather()
    health = health_of(desk.store, site.source(), now=desk.clock.moment)
    assert (report.status, counts(report)) == (GatherStatus.FAILED, {"unchanged": 1})
    assert said in str(report.error)
    assert (health.state.error, health.is_well) == (report.error, False)


def assert_all_is_well(report: SourceReport, desk: Desk, site: ServedNewsroom) -> None:
    """The piece that was missed came, beside the one that was stored."""
    health = health_of(desk.store, site.source(), now=desk.clock.moment)
    assert (report.status, counts(report), report.error) == (GatherStatus.OK, {"new": 1, "unchanged": 1}, None)
    assert health.is_well
