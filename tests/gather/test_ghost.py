"""Ghost, by a stand-in that answers as it does: what changed, what is gone, what a broken site may not do."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.ghost.options import LICENCE, RULES
from publisher.gather.run import GatherStatus
from publisher.model.article import Status
from publisher.model.errors import ConfigurationError
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, counts
from tests.gather.ghost_newsroom import JSON, GhostStandIn, answered, said, tag
from tests.gather.newsrooms import MEGABYTE, Piece, changed, pieces

DOCS = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
MEMBERS = {"visibility": "members", "access": False, "html": ""}
MARK = {"tags": [tag("#no-republish")]}
DAY = timedelta(days=1)


@pytest.fixture
def site(httpserver: HTTPServer, tmp_path: Path) -> GhostStandIn:
    """The site."""
    return GhostStandIn(httpserver, tmp_path)


@pytest.fixture
def empty(sqlite_store: Store, tmp_path: Path, site: GhostStandIn) -> Desk:
    """The desk that gathers from it, with nothing stored."""
    return Desk(sqlite_store, tmp_path, site)


@pytest.fixture
def desk(empty: Desk, site: GhostStandIn) -> Desk:
    """The same, with three pieces stored."""
    for piece in pieces(3):
        site.publish(piece)
    empty.gather()
    return empty


# What is asked


def test_a_run_with_nothing_new_asks_one_small_question_of_each_kind(empty: Desk, site: GhostStandIn) -> None:
    site.options |= {"types": ["posts", "pages"], "no_republish": "tag:#no-republish"}
    site.publish(Piece(key=1, fields=MARK))
    empty.gather()
    site.asked.clear()

    empty.gather()

    assert len(site.asked) == 3
    assert ["fields=id" in path for path in site.asked] == [True, True, True]


def test_texts_are_asked_for_as_html_only(empty: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=1))

    empty.gather()

    texts = [path for path in site.asked if "fields=id" not in path]
    assert ["formats=html" in path and "plaintext" not in path for path in texts] == [True] * len(texts)


def test_an_edit_is_read_without_reading_the_rest(desk: Desk, site: GhostStandIn) -> None:
    site.publish(changed(site.pieces[3], hours=9, body="<p>New words.</p>"))
    site.asked.clear()

    report = desk.gather()

    assert counts(report) == {"changed": 1, "unchanged": 2}
    assert [path.count("updated_at:") for path in site.asked] == [0, 1]


def test_an_edit_in_the_second_of_the_last_visit_is_seen(desk: Desk, site: GhostStandIn) -> None:
    now = FRIDAY.replace(year=2099)  # the site's clock, by its `Date`, is before this
    site.publish(Piece(key=9, modified=now))
    desk.gather()
    site.publish(Piece(key=9, modified=now + timedelta(microseconds=1), body="<p>And again.</p>"))

    assert counts(desk.gather()) == {"changed": 1, "unchanged": 3}


def test_what_comes_with_an_old_time_of_change_is_found_by_its_id(desk: Desk, site: GhostStandIn) -> None:
    old = FRIDAY - 900 * DAY
    site.publish(Piece(key=9, published=old, modified=old))

    assert counts(desk.gather()) == {"new": 1, "unchanged": 3}


def test_new_tags_and_names_which_move_no_time_of_change_are_seen_after_a_day(desk: Desk, site: GhostStandIn) -> None:
    site.publish(replace(site.pieces[1], fields={"tags": [tag("Gold")]}))
    assert counts(desk.gather()) == {"unchanged": 3}

    desk.clock.moment += DAY
    report = desk.gather()

    assert counts(report) == {"changed": 1, "unchanged": 2}


def test_the_mark_not_to_be_republished_does_not_wait(desk: Desk, site: GhostStandIn) -> None:
    site.options |= {"no_republish": "tag:#no-republish"}
    desk.gather()
    site.publish(replace(site.pieces[1], fields=MARK))

    desk.gather()
    assert desk.article(site.key_of(1)).no_republish

    site.publish(replace(site.pieces[1], fields={}))
    desk.gather()
    assert not desk.article(site.key_of(1)).no_republish


def test_what_is_published_while_a_list_is_read_is_neither_lost_nor_taken_twice(
    empty: Desk, site: GhostStandIn
) -> None:
    for piece in pieces(150):
        site.publish(replace(piece, key=piece.key * 2))

    def publish_meanwhile(request: Request) -> None:
        if "id:%3E" in request.full_path:  # the second piece
            site.pieces.pop(2, None)
            site.publish(Piece(key=1))

    site.breakage = publish_meanwhile
    empty.gather()
    site.recover()

    report = empty.gather()

    assert report.status is GatherStatus.OK
    assert counts(report) == {"new": 1, "unchanged": 149, "withdrawn": 1}


def test_a_site_that_drops_the_filter_does_not_make_us_ask_for_ever(empty: Desk, site: GhostStandIn) -> None:
    for piece in pieces(3):
        site.publish(piece)
    full = answered({"posts": [site.post(piece) for piece in site.pieces.values()]})
    site.breakage = lambda _: Response(full.data, content_type=JSON)

    report = empty.gather()

    assert "in the order of their ids" in str(report.error)


def test_pages_are_gathered_where_they_are_asked_for(empty: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=1))
    site.pages[2] = Piece(key=2, title="Board of directors")
    assert counts(empty.gather()) == {"new": 1}

    site.options |= {"types": ["posts", "pages"]}

    assert counts(empty.gather()) == {"new": 1, "unchanged": 1}


# Options


def test_options_that_mean_nothing_are_named(empty: Desk, site: GhostStandIn) -> None:
    wrong = {"section": "category", "updates": ["category:news"], "licence": "meta:x, tag:#nd=CC BY", "types": ["post"]}
    site.options = wrong | {"byline": "meta:byline"}

    with pytest.raises(ConfigurationError) as caught:
        empty.gather()

    named = [fault.split(": ")[1].removeprefix("sources.site.options.") for fault in caught.value.faults]
    assert named == ["section", "licence", "licence", "updates", "types", "byline", "key"]


def test_a_key_that_may_write_is_refused_before_it_stands_in_an_address(
    empty: Desk, site: GhostStandIn, tmp_path: Path
) -> None:
    (tmp_path / "content.key").write_text("0123456789ab:0123456789abcdef")

    with pytest.raises(ConfigurationError, match="Admin API key"):
        empty.gather()

    assert site.asked == []


@pytest.mark.parametrize("word", [*RULES, "types", "updates", "licence", "key", *LICENCE.split("|")[:2]])
def test_every_option_is_documented(word: str) -> None:
    assert f"`{word}`" in DOCS.partition("## Ghost")[2].partition("\n## ")[0]


# Members, and what is gone


def test_what_is_for_members_is_refused_and_nothing_of_it_is_stored(empty: Desk, site: GhostStandIn) -> None:
    preview = {
        "visibility": "paid",
        "access": False,
        "html": "<p>Free</p><!--members-only-->",
        "custom_excerpt": "Read",
    }
    site.publish(Piece(key=1, fields=preview))
    site.publish(Piece(key=2, fields={"access": False}))
    site.publish(Piece(key=3, fields={"visibility": "members"}))

    report = empty.gather()

    assert counts(report) == {}
    assert ["for members only" in one.reason for one in report.refused] == [True, True, True]


def test_an_article_that_is_for_members_now_is_withdrawn(desk: Desk, site: GhostStandIn) -> None:
    site.publish(changed(site.pieces[2], hours=9, fields=MEMBERS))

    report = desk.gather()

    assert counts(report) == {"unchanged": 2, "withdrawn": 1}
    assert [one.reason for one in desk.gather(full=True).refused] == ["is for members only (visibility members)"]


def test_a_block_for_members_that_was_left_in_a_public_text_withdraws_it(desk: Desk, site: GhostStandIn) -> None:
    body = '<p>All</p><!--kg-gated-block:begin nonMember:false memberSegment:"" --><p>M</p><!--kg-gated-block:end-->'
    site.publish(changed(site.pieces[2], hours=9, body=body))

    assert counts(desk.gather()) == {"unchanged": 2, "withdrawn": 1}


def test_a_paywall_that_ghost_does_not_shut_is_noted(empty: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=1, body="<p>Before.</p><!--members-only--><p>After.</p>"))

    empty.gather()

    assert empty.article(site.key_of(1)).content_html == "<p>Before.</p><p>After.</p>"
    assert any("paywall" in note for note in empty.article(site.key_of(1)).notes)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: said(404, "Resource not found", None),
        lambda: said(403, "Authorization failed", None),
        lambda: Response("<h1>Not found</h1>", 404),
        lambda: Response("{}", content_type=JSON),
    ],
)
def test_any_answer_but_its_own_word_withdraws_nothing(
    desk: Desk, site: GhostStandIn, answer: Callable[[], Response]
) -> None:
    site.withdraw(2)
    site.breakage = lambda request: answer() if site.key_of(2) in request.path else None

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert "does not say why" in str(report.error)
    assert counts(report) == {"unchanged": 3}


def test_a_post_that_is_only_left_out_of_lists_stays(desk: Desk, site: GhostStandIn) -> None:
    site.unlisted.add(2)

    report = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.OK, {"unchanged": 3})


def test_each_one_that_a_short_list_leaves_out_is_asked_for(empty: Desk, site: GhostStandIn) -> None:
    for piece in pieces(30):
        site.publish(piece)
    empty.gather()
    site.unlisted |= set(range(1, 29))
    site.withdraw(5)

    report = empty.gather()

    assert counts(report) == {"unchanged": 29, "withdrawn": 1}


def test_a_site_that_was_set_up_anew_withdraws_nothing(empty: Desk, site: GhostStandIn) -> None:
    for piece in pieces(30):
        site.publish(piece)
    empty.gather()
    site.pieces.clear()

    report = empty.gather()

    assert "set up anew" in str(report.error)
    assert counts(report) == {"unchanged": 30}


def test_a_refusal_goes_with_what_was_refused(empty: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=1))
    site.publish(Piece(key=2, fields=MEMBERS))
    empty.gather()
    site.withdraw(2)

    report = empty.gather()

    assert report.refused == ()


# What a broken site may not do


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: Response("<h1>Error</h1>", 500), "500"),
        (lambda: Response("<p>a page</p>", content_type="text/html"), "no JSON"),
        (lambda: Response('{"posts": [', content_type=JSON), "no JSON"),
        (lambda: Response('[{"id": 1}]', content_type=JSON), "API of something else"),
        (lambda: Response('{"posts": {"a": 1}}', content_type=JSON), "API of something else"),
        (lambda: Response("[" * 100_000, content_type=JSON), "no JSON"),
        (lambda: Response("x" * 50 * MEGABYTE, content_type=JSON), "larger than"),
        (lambda: said(401, "Unknown Content API Key", None), "does not know the content key"),
        (lambda: said(403, "Authorization failed", None), "does not let us in"),
        (lambda: said(400, "Could not understand request.", None), "Could not understand request."),
        (lambda: Response("", 429), "wrong keys"),
        (lambda: Response("", 302, headers={"Location": "http://10.0.0.1/"}), "not on the public internet"),
    ],
)
def test_what_went_wrong_is_said_and_nothing_is_lost(
    desk: Desk, site: GhostStandIn, answer: Callable[[], Response], words: str
) -> None:
    site.breakage = lambda _: answer()

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert words in str(report.error)
    assert "0123456789abcdef" not in str(report.error)
    assert counts(report) == {"unchanged": 3}


def test_a_site_that_asks_for_rest_is_left_alone_so_long(desk: Desk, site: GhostStandIn) -> None:
    site.breakage = lambda _: Response("", 429, headers={"Retry-After": "7200"})
    desk.gather()
    site.recover()

    held, done = desk.gather(), desk.gather()

    assert (held.status, done.status) == (GatherStatus.HELD, GatherStatus.OK)


def test_a_list_that_is_too_much_for_the_site_is_asked_for_in_pieces(empty: Desk, site: GhostStandIn) -> None:
    for piece in pieces(60):
        site.publish(piece)
    site.breakage = lambda request: Response("", 504) if int(request.args["limit"]) > 20 else None

    assert counts(empty.gather()) == {"new": 60}


def test_a_post_that_breaks_the_site_is_refused_and_the_others_come(empty: Desk, site: GhostStandIn) -> None:
    for piece in pieces(30):
        site.publish(piece)

    def breakage(request: Request) -> Response | None:
        answer = site.list("posts", [site.post(piece) for piece in site.pieces.values()], request)
        is_in_it = "include" in request.args and site.key_of(7) in answer.get_data(as_text=True)
        return Response("", 500) if is_in_it else None

    site.breakage = breakage

    report = empty.gather()

    assert counts(report) == {"new": 29}
    assert [(one.key, "cannot give it" in one.reason) for one in report.refused] == [(site.key_of(7), True)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"published_at": None}, "date cannot be read"),
        ({"published_at": "soon"}, "date cannot be read"),
        ({"url": "javascript:alert(1)"}, "no address"),
        ({"url": "https://news.example.org/404/"}, "no address"),
        ({"html": None}, "no text"),
        ({"title": None}, "no title"),
        ({"tags": None}, "without its tags"),
    ],
)
def test_one_odd_post_is_refused_and_the_others_come(
    desk: Desk, site: GhostStandIn, fields: dict[str, Any], reason: str
) -> None:
    site.publish(Piece(key=9, fields=fields))
    site.publish(Piece(key=10))

    report = desk.gather()

    assert counts(report) == {"new": 1, "unchanged": 3}
    assert [reason in one.reason for one in report.refused] == [True]


def test_a_post_without_an_id_does_not_stop_the_others(empty: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=1))
    odd = json.dumps({"posts": [{"id": 5, "title": "Odd"}, site.post(site.pieces[1])]})
    site.breakage = lambda request: Response(odd, content_type=JSON) if "filter" not in request.args else None

    report = empty.gather()

    assert counts(report) == {"new": 1}
    assert ["not what Ghost answers" in one.reason for one in report.refused] == [True]


def test_half_an_emoji_does_not_stop_anything(desk: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=9, title="Gold \ud83d route", body="<p>\ud83d text \u0000</p>"))

    desk.gather()

    assert desk.article(site.key_of(9)).title == "Gold route"


def test_a_withdrawn_article_keeps_its_text_for_the_record(desk: Desk, site: GhostStandIn) -> None:
    site.withdraw(2)
    desk.gather()

    assert desk.article(site.key_of(2)).status is Status.WITHDRAWN
