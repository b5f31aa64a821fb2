"""WordPress, by a stand-in that answers as it does: what changed, what is gone, what a broken site may not do."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.model.article import Status
from publisher.model.errors import ConfigurationError
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import MEGABYTE, Piece, WordPressStandIn, changed, pieces

GOLD = Piece(key=1)


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """The site."""
    return WordPressStandIn(httpserver)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> Desk:
    """The desk that gathers from it, with three pieces stored."""
    for piece in pieces(3):
        site.publish(piece)
    desk = Desk(sqlite_store, tmp_path, site)
    desk.gather()
    return desk


# What is asked


def test_a_run_with_nothing_new_asks_two_small_questions(desk: Desk, site: WordPressStandIn) -> None:
    site.asked.clear()

    desk.gather()

    assert ["_fields" in path for path in site.asked] == [True, True]


def test_all_ids_are_compared_once_a_day(desk: Desk, site: WordPressStandIn) -> None:
    del site.pieces[3]  # in a way that no number shows: another takes its place, with an old date
    old = FRIDAY - timedelta(days=900)
    site.publish(Piece(key=4, published=old, modified=old))
    assert counts(desk.gather()) == {"unchanged": 3}

    desk.clock.moment += timedelta(days=1)
    report = desk.gather()

    assert counts(report) == {"new": 1, "unchanged": 2, "withdrawn": 1}


def test_a_scheduled_post_that_goes_public_with_an_old_time_of_change_is_seen(
    desk: Desk, site: WordPressStandIn
) -> None:
    site.publish(Piece(key=9, published=FRIDAY, modified=FRIDAY - timedelta(days=40)))

    assert counts(desk.gather()) == {"new": 1, "unchanged": 3}


def test_a_post_that_shows_other_posts_is_not_changed_by_them(desk: Desk, site: WordPressStandIn) -> None:
    site.pieces[1] = replace(site.pieces[1], body="<p>Latest: story 9</p>")
    site.publish(Piece(key=9))

    report = desk.gather()

    assert counts(report) == {"new": 1, "unchanged": 3}


def test_an_edit_in_the_second_of_the_last_visit_is_seen(desk: Desk, site: WordPressStandIn) -> None:
    now = FRIDAY.replace(year=2099)  # the site's clock, by its `Date`, is before this
    site.publish(Piece(key=9, modified=now))
    desk.gather()
    site.publish(Piece(key=9, modified=now, body="<p>And again.</p>"))

    assert counts(desk.gather()) == {"changed": 1, "unchanged": 3}


def test_a_site_without_pretty_addresses_is_asked_the_other_way(
    sqlite_store: Store, tmp_path: Path, httpserver: HTTPServer
) -> None:
    site = WordPressStandIn(httpserver)
    site.publish(GOLD)
    routes = {"/wp/v2/posts": site.list, "/wp/v2/categories": nothing, "/wp/v2/media": nothing}
    httpserver.clear_all_handlers()
    httpserver.expect_request("/").respond_with_handler(lambda request: routes[request.args["rest_route"]](request))

    report = Desk(sqlite_store, tmp_path, site).gather()

    assert counts(report) == {"new": 1}


def test_a_closed_site_is_asked_with_name_and_password(
    sqlite_store: Store, tmp_path: Path, site: WordPressStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "abcd efgh")
    site.options |= {"user": "desk", "password": "env:SITE_PASSWORD"}
    site.breakage = lambda request: None if request.authorization else said(401, "rest_not_logged_in")
    site.publish(GOLD)

    report = Desk(sqlite_store, tmp_path, site).gather()

    assert counts(report) == {"new": 1}


def test_a_password_does_not_go_over_the_open_network(
    sqlite_store: Store, tmp_path: Path, site: WordPressStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "abcd efgh")
    site.options |= {"user": "desk", "password": "env:SITE_PASSWORD"}
    source = site.source().model_copy(update={"url": "http://news.example.org"})

    with pytest.raises(ConfigurationError) as caught:
        Desk(sqlite_store, tmp_path, site).gather(source=source)

    assert "sources.site.options.password: would go over the network unencrypted" in str(caught.value)


def test_options_that_mean_nothing_are_named(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> None:
    site.options |= {"section": "categories", "updates": ["org-updates"], "licence": "license", "types": []}
    site.options |= {"no_republish": "no-republish", "embargo": "tag:embargo", "drop": ["p["], "paths": ["/x/*"]}

    with pytest.raises(ConfigurationError) as caught:
        Desk(sqlite_store, tmp_path, site).gather()

    assert [fault.split(": ")[1] for fault in caught.value.faults] == [
        "sources.site.options.section",
        "sources.site.options.licence",
        "sources.site.options.no_republish",
        "sources.site.options.embargo",
        "sources.site.options.updates",
        "sources.site.options.drop",
        "sources.site.options.paths",
        "sources.site.options.types",
    ]


# What is gone, and what is not


@pytest.mark.parametrize(
    ("status", "code"), [(401, "rest_forbidden"), (403, "rest_forbidden"), (404, "rest_post_invalid_id")]
)
def test_its_own_words_withdraw_at_once(desk: Desk, site: WordPressStandIn, status: int, code: str) -> None:
    site.hide(2, status, code)

    assert counts(desk.gather()) == {"unchanged": 2, "withdrawn": 1}


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "internal_error"), (403, "blocked_by_firewall"), (404, ""), (401, "rest_cookie_invalid"), (200, "ok")],
)
def test_any_other_answer_withdraws_nothing(desk: Desk, site: WordPressStandIn, status: int, code: str) -> None:
    site.hide(2, status, code)

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert report.error
    assert counts(report) == {"unchanged": 3}


def test_a_post_behind_a_password_is_withdrawn_and_never_stored(desk: Desk, site: WordPressStandIn) -> None:
    protected = {"content": {"rendered": "", "protected": True}}
    site.publish(changed(site.pieces[2], fields=protected))
    site.publish(Piece(key=9, title="SECRET", fields=protected))

    report = desk.gather()

    assert counts(report) == {"unchanged": 2, "withdrawn": 1}
    assert (set(desk.articles()), report.refused) == ({"1", "2", "3"}, ())


def test_a_listed_post_that_signing_in_shows_as_a_draft_is_not_public(desk: Desk, site: WordPressStandIn) -> None:
    site.unlisted.add(2)
    site.pieces[2] = changed(site.pieces[2], fields={"status": "draft"})

    assert counts(desk.gather()) == {"unchanged": 2, "withdrawn": 1}


def test_a_post_that_is_only_left_out_of_lists_stays(desk: Desk, site: WordPressStandIn) -> None:
    site.unlisted.add(2)

    report = desk.gather()

    assert desk.article("2").status is Status.PUBLIC
    assert counts(report)["unchanged"] == 3


# What a broken site may not do

LIST = "application/json"


def said(status: int, code: str) -> Response:
    """An error in WordPress's form."""
    return Response(json.dumps({"code": code}), status, content_type=LIST)


def nothing(_: Request) -> Response:
    """An empty list."""
    return Response("[]", content_type=LIST, headers={"X-WP-Total": "0"})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: Response("<h1>Error</h1>", 500), "500"),
        (lambda: Response("<p>a page</p>", content_type="text/html"), "no JSON"),
        (lambda: Response("[{", content_type=LIST), "no JSON"),
        (lambda: Response('{"a": 1}', content_type=LIST), "not a list"),
        (lambda: Response("[" * 100_000, content_type=LIST), "no JSON"),
        (lambda: Response("x" * 50 * MEGABYTE, content_type=LIST), "larger than"),
        (lambda: said(404, "rest_no_route"), "no such type"),
        (lambda: said(401, "rest_not_logged_in"), "user"),
        (lambda: Response("", 302, headers={"Location": "http://10.0.0.1/"}), "not on the public internet"),
        (
            lambda: Response("", 302, headers={"Location": "http://169.254.169.254/latest/"}),
            "not on the public internet",
        ),
    ],
)
def test_what_went_wrong_is_said_and_nothing_is_lost(
    desk: Desk, site: WordPressStandIn, answer: Callable[[], Response], words: str
) -> None:
    site.breakage = lambda _: answer()

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert words in str(report.error)
    assert counts(report) == {"unchanged": 3}


def test_a_site_that_asks_for_rest_is_left_alone_so_long(desk: Desk, site: WordPressStandIn) -> None:
    site.breakage = lambda _: Response("", 429, headers={"Retry-After": "7200"})
    desk.gather()
    site.recover()
    site.asked.clear()

    held, done = desk.gather(), desk.gather()

    assert (held.status, done.status) == (GatherStatus.HELD, GatherStatus.OK)
    assert "left alone until" in str(held.error)


def test_a_list_that_is_too_much_for_the_site_is_asked_for_in_pieces(
    sqlite_store: Store, tmp_path: Path, site: WordPressStandIn
) -> None:
    for piece in pieces(60):
        site.publish(piece)
    site.breakage = lambda request: Response("", 504) if int(request.args["per_page"]) > 20 else None

    report = Desk(sqlite_store, tmp_path, site).gather()

    assert counts(report) == {"new": 60}


def test_a_post_that_breaks_the_site_is_refused_and_the_others_come(
    sqlite_store: Store, tmp_path: Path, site: WordPressStandIn
) -> None:
    for piece in pieces(30):
        site.publish(piece)
    order = sorted(site.pieces.values(), key=lambda piece: piece.modified, reverse=True)

    def breakage(request: Request) -> Response | None:
        start, count = int(request.args.get("offset", 0)), int(request.args["per_page"])
        is_in_it = "_embed" in request.args and order[start : start + count].count(order[7])
        return Response("", 500) if is_in_it and request.args.get("orderby") == "modified" else None

    site.breakage = breakage

    report = Desk(sqlite_store, tmp_path, site).gather()

    assert counts(report) == {"new": 29}
    assert [(one.key, "cannot give it" in one.reason) for one in report.refused] == [(str(order[7].key), True)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"date_gmt": "0000-00-00T00:00:00"}, "date cannot be read"),
        ({"date_gmt": "soon"}, "date cannot be read"),
        ({"link": "javascript:alert(1)"}, "no address"),
        ({"id": "one"}, "not what WordPress answers"),
        ({"content": None}, "no text"),
        ({"title": False}, "no title"),
    ],
)
def test_one_odd_post_is_refused_and_the_others_come(
    desk: Desk, site: WordPressStandIn, fields: dict[str, object], reason: str
) -> None:
    site.publish(Piece(key=9, fields=fields))
    site.publish(Piece(key=10))

    report = desk.gather()

    assert counts(report) == {"new": 1, "unchanged": 3}
    assert [reason in one.reason for one in report.refused] == [True]


def test_half_an_emoji_does_not_stop_anything(desk: Desk, site: WordPressStandIn) -> None:
    site.publish(Piece(key=9, title="Gold \ud83d route", body="<p>\ud83d text \u0000</p>"))

    desk.gather()

    assert desk.article("9").title == "Gold route"
