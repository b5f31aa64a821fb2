"""A sitemap, visited again and again: what is asked, how often, and what follows from the answers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.gather.sitemap.due import UNDATED
from publisher.model.article import Status
from publisher.model.errors import ConfigurationError
from publisher.store.engine import Store
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import Piece, changed, pieces
from tests.gather.sitemap_newsroom import SitemapStandIn


@pytest.fixture
def site(httpserver: HTTPServer) -> SitemapStandIn:
    """The site."""
    return SitemapStandIn(httpserver)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: SitemapStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def read(site: SitemapStandIn) -> list[str]:
    """The pages that were asked for since the last time."""
    asked = [path for path in site.asked if path.strip("/").isdecimal()]
    site.asked.clear()
    return asked


def failing(path: str, status: int = 500, **headers: str) -> Response:
    """An answer of a server that is not well."""
    return Response(path, status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_second_visit_with_nothing_new_takes_two_requests(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(5):
        site.publish(piece)
    desk.gather()
    site.asked.clear()

    report = desk.gather()

    assert site.asked == ["/sitemap.xml", "/post-sitemap1.xml"]
    assert counts(report) == {"unchanged": 5}


def test_only_what_has_another_lastmod_is_asked_again(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(5):
        site.publish(piece)
    desk.gather()
    site.publish(changed(site.pieces[3], title="The silver route"))
    read(site)

    report = desk.gather()

    assert (read(site), counts(report)) == (["/3/"], {"changed": 1, "unchanged": 4})


def test_pages_without_lastmod_are_asked_by_their_etag_some_first_and_some_in_turn(
    desk: Desk, site: SitemapStandIn
) -> None:
    site.dated = False
    for piece in pieces(2 * UNDATED + 20):
        site.publish(piece)
    desk.gather()
    read(site)

    visits = [(counts(desk.gather()), read(site)) for _ in range(2)]

    assert [len(asked) for _, asked in visits] == [2 * UNDATED, UNDATED + 20]
    assert {path for _, asked in visits for path in asked} == {f"/{key}/" for key in site.pieces}


def test_what_fell_out_of_a_complete_map_and_is_there_is_asked_once(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    site.unlisted = {2}
    read(site)

    visits = [(counts(desk.gather()), read(site)) for _ in range(2)]

    assert visits == [({"unchanged": 3}, ["/2/"]), ({"unchanged": 3}, [])]


def test_a_page_is_withdrawn_when_it_is_not_there_twice_an_hour_apart(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    site.withdraw(2)

    first, second = desk.gather(), desk.gather()

    assert (counts(first), counts(second)) == ({"unchanged": 3}, {"unchanged": 2, "withdrawn": 1})
    assert desk.article(site.key_of(2)).status is Status.WITHDRAWN


def test_a_news_sitemap_says_nothing_by_what_it_leaves_out(desk: Desk, site: SitemapStandIn) -> None:
    site.news = True
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    site.withdraw(2)
    read(site)

    reports = [desk.gather(), desk.gather()]

    assert (read(site), counts(reports[-1])) == ([], {"unchanged": 3})


def test_one_page_that_fails_is_named_and_asked_again(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    site.breakage = lambda request: failing("") if request.path == "/2/" else None
    first = desk.gather()
    site.recover()
    read(site)

    second = desk.gather()

    assert (first.status, counts(first)) == (GatherStatus.OK, {"new": 2})
    assert [one.reason for one in first.refused] == ["its page answered 500 INTERNAL SERVER ERROR"]
    assert (read(site), counts(second), second.refused) == (["/2/"], {"new": 1, "unchanged": 2}, ())


def going_down(after: str) -> Callable[[Request], Response | None]:
    """A site that answers nothing any more once this page was asked for."""
    down: list[str] = []

    def answer(request: Request) -> Response | None:
        down.extend([after] if request.path == after else [])
        return failing("") if down else None

    return answer


def test_five_failures_in_a_row_are_the_sites_when_it_gives_no_sitemap_either(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(9):
        site.publish(piece)
    site.breakage = going_down("/3/")

    report = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.FAILED, {"new": 2})
    assert "5 pages in a row" in str(report.error)
    assert "/9/" not in site.asked


def test_pages_that_never_come_do_not_keep_the_others_back(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(9):
        site.publish(piece)
    site.breakage = lambda request: failing("") if request.path.strip("/") in {"3", "4", "5", "6", "7", "8"} else None

    report = desk.gather()

    assert (report.status, counts(report), len(report.refused)) == (GatherStatus.OK, {"new": 3}, 6)


def test_a_site_that_asks_to_be_left_alone_is(desk: Desk, site: SitemapStandIn) -> None:
    site.publish(Piece(key=1))
    site.breakage = lambda request: failing("", 429, Retry_After="7200") if request.path == "/1/" else None

    statuses = [desk.gather().status for _ in range(2)]

    assert statuses == [GatherStatus.FAILED, GatherStatus.HELD]


def test_robots_txt_is_heeded(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    site.robots = "User-agent: newsroom-publisher\nDisallow: /2/\n"

    report = desk.gather()

    assert ("/2/" in read(site), counts(report)) == (False, {"new": 2})
    assert "robots.txt" in report.refused[0].reason


def test_a_site_that_lets_us_read_nothing_is_a_failed_source(desk: Desk, site: SitemapStandIn) -> None:
    site.publish(Piece(key=1))
    site.robots = "User-agent: *\nDisallow: /\n"

    report = desk.gather()

    assert (report.status, read(site)) == (GatherStatus.FAILED, [])
    assert "robots.txt of its site asks us not to read any" in str(report.error)


def test_robots_txt_that_forbids_the_one_new_page_is_no_fault_of_the_source(desk: Desk, site: SitemapStandIn) -> None:
    site.publish(Piece(key=1))
    desk.gather()
    site.publish(Piece(key=2, title="Silver"))
    site.robots = "User-agent: *\nDisallow: /2/\n"

    report = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.OK, {"unchanged": 1})
    assert [one.reason for one in report.refused] == ["robots.txt of its site asks us not to read it"]


def test_a_robots_txt_that_does_not_come_is_named_and_asked_once(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(9):
        site.publish(piece)
    site.breakage = lambda request: failing("") if request.path == "/robots.txt" else None

    report = desk.gather()

    assert (report.status, read(site)) == (GatherStatus.FAILED, [])
    assert "/robots.txt: answered 500 INTERNAL SERVER ERROR, so that nobody knows" in str(report.error)


def test_only_the_wanted_paths_are_asked(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(12):
        site.publish(piece)
    site.options |= {"paths": ["/1*/"]}

    desk.gather()

    assert set(read(site)) == {"/1/", "/10/", "/11/", "/12/"}


def test_a_broken_part_of_the_map_is_named_and_the_rest_is_taken(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(120):
        site.publish(piece)

    def breakage(request: Request) -> Response | None:
        return failing("", 500) if request.path == "/post-sitemap2.xml" else None

    site.breakage = breakage
    first = desk.gather()
    site.recover()

    second = desk.gather()

    assert (counts(first), len(first.refused)) == ({"new": 100}, 1)
    assert counts(second) == {"new": 20, "unchanged": 100}


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><urlset/>", b"\x00\xff", b"<urlset><url>"]
)
def test_what_is_no_sitemap_changes_nothing(desk: Desk, site: SitemapStandIn, raw: bytes) -> None:
    site.publish(Piece(key=1))
    desk.gather()
    site.raw = raw

    report = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.FAILED, {"unchanged": 1})


def test_two_pages_with_one_address_are_one_article(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(2):
        site.publish(piece)
    site.page = lambda piece: site.html(piece).replace(site.key_of(2), site.key_of(1))

    report = desk.gather()

    assert (counts(report), desk.article(site.key_of(1)).title) == ({"new": 1}, "Story 1")
    assert [one.reason for one in report.refused] == [f"another page has the same address: {site.key_of(1)}"]


def test_a_page_never_speaks_for_another_one_of_the_sitemap(desk: Desk, site: SitemapStandIn) -> None:
    site.publish(Piece(key=1))
    desk.gather()
    site.publish(Piece(key=2, title="Silver"))
    site.page = lambda piece: site.html(piece).replace(site.key_of(2), site.key_of(1))

    reports = [desk.gather() for _ in range(3)]

    assert [counts(report) for report in reports] == [{"unchanged": 1}] * 3
    assert [(one.key, one.reason) for one in reports[-1].refused] == [
        (site.key_of(2), f"another page has the same address: {site.key_of(1)}")
    ]


def test_a_page_that_came_empty_is_asked_again(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    site.breakage = lambda request: Response("", content_type="text/html") if request.path == "/2/" else None
    first = desk.gather()
    site.recover()

    second = desk.gather()

    assert (counts(first), len(first.refused)) == ({"new": 2}, 1)
    assert (counts(second), second.refused) == ({"new": 1, "unchanged": 2}, ())


@pytest.mark.parametrize(
    ("content_type", "reasons"),
    [
        ("", ["its page is of no stated type, not text/html or application/xhtml+xml"]),
        ("text/plain", ["its page is text/plain, not text/html or application/xhtml+xml"]),
        ("application/pdf", []),
        ("image/png", []),
    ],
)
def test_what_may_be_a_page_under_a_wrong_name_is_named(
    desk: Desk, site: SitemapStandIn, content_type: str, reasons: list[str]
) -> None:
    site.publish(Piece(key=1))
    site.breakage = lambda request: Response("x", content_type=content_type) if request.path == "/1/" else None

    report = desk.gather()

    assert [one.reason for one in report.refused] == reasons


def test_a_stored_article_whose_page_says_it_is_none_any_more_is_named(desk: Desk, site: SitemapStandIn) -> None:
    site.publish(Piece(key=1))
    desk.gather()
    site.publish(changed(site.pieces[1]))
    site.page = lambda _: "<h1>Log in</h1><p>Log in to go on reading.</p>"

    report = desk.gather()

    assert counts(report) == {"unchanged": 1}
    assert [one.reason for one in report.refused] == [
        "does not say any more that it is an article; what is stored of it stays"
    ]


def test_a_visit_that_broke_off_does_not_ask_for_what_is_stored(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(9):
        site.publish(piece)
    site.breakage = going_down("/3/")
    desk.gather()
    site.recover()
    read(site)

    report = desk.gather()

    assert (counts(report), {"/1/", "/2/"} & set(read(site))) == ({"new": 7, "unchanged": 2}, set())


def test_looking_at_everything_asks_for_what_is_stored_too(desk: Desk, site: SitemapStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    read(site)

    desk.gather(full=True)

    assert sorted(read(site)) == ["/1/", "/2/", "/3/"]


def test_a_password_is_for_the_sites_own_host_only(
    desk: Desk, site: SitemapStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "secret")
    site.publish(Piece(key=1))
    site.options |= {"user": "ana", "password": "env:SITE_PASSWORD"}
    seen: dict[str, bool] = {}

    def noting(request: Request) -> Response | None:
        seen[f"{request.host}{request.path}"] = "Authorization" in request.headers
        return None

    site.breakage = noting
    other = f"127.0.0.1:{site.server.port}"
    site.raw = f"<sitemapindex><sitemap><loc>http://{other}/post-sitemap1.xml</loc></sitemap></sitemapindex>".encode()
    source = site.source()
    desk.gather(source=source.model_copy(update={"private_hosts": source.private_hosts | {other}}))

    own = f"{site.server.host}:{site.server.port}"
    assert (seen[f"{own}/sitemap.xml"], seen[f"{own}/1/"]) == (True, True)
    assert seen[f"{other}/post-sitemap1.xml"] is False


@pytest.mark.parametrize(
    "options",
    [
        {"section": "category"},
        {"updates": ["category:about"]},
        {"paths": ["investigations"]},
        {"drop": [">>"]},
        {"language": "meta:x"},
        {"licence": "link"},
        {"embargo": "field"},
        {"user": "ana"},
    ],
)
def test_an_option_that_means_nothing_here_is_named(
    desk: Desk, site: SitemapStandIn, options: dict[str, object]
) -> None:
    site.options = options

    with pytest.raises(ConfigurationError, match=next(iter(options))):
        desk.gather()
