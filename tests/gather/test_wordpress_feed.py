"""A WordPress that gives its REST API to nobody: its feed is gathered instead, under the same keys."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.gather.wordpress.feed_address import id_in, later_page, linked_feed
from publisher.model.article import Kind, RevisionKind, Status
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import Piece, WordPressStandIn, changed, pieces

BY = "https://creativecommons.org/licenses/by/4.0/"
FORM = '<form class="post-password-form" method="post"><p>This content is password protected.</p></form>'
JSON = "application/json"
PAGE = "text/html; charset=UTF-8"


class Feed:
    """The site's own feed, ten posts to a page, as WordPress writes it; `categories` and `guids` by key."""

    def __init__(self, site: WordPressStandIn, server: HTTPServer) -> None:
        self.site = site
        self.home = server.url_for("/").rstrip("/")
        self.categories: dict[int, Iterable[str]] = {}
        self.guids: dict[int, str] = {}
        self.asked: list[str] = []

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        newest = sorted(self.site.pieces.values(), key=lambda piece: piece.published, reverse=True)
        start = 10 * (int(request.args.get("paged", 1)) - 1)
        etag = f'"{hash(tuple((piece.key, piece.body) for piece in newest))}"'
        if request.headers.get("If-None-Match") == etag:
            return Response("", 304)
        items = "".join(map(self.item, newest[start : start + 10]))
        body = f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{items}</channel></rss>'
        status = 200 if items or not start else 404
        return Response(body, status, content_type="application/rss+xml", headers={"ETag": etag})

    def item(self, piece: Piece) -> str:
        guid = self.guids.get(piece.key, f"{self.home}/?p={piece.key}")
        categories = "".join(f"<category>{name}</category>" for name in self.categories.get(piece.key, ()))
        return (
            f"<item><title>{piece.title}</title><link>{self.home}/{piece.key}/</link>{categories}"
            f"<pubDate>{piece.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate><guid isPermaLink='false'>{guid}</guid>"
            f"<content:encoded><![CDATA[{piece.body}]]></content:encoded></item>"
        )


def kept_out(status: int, body: str, content_type: str) -> Callable[[Request], Response]:
    """What a site answers that is off."""
    return lambda _: Response(body, status, content_type=content_type)


OFF = kept_out(403, "<!DOCTYPE html><html><body>Forbidden</body></html>", PAGE)


@pytest.fixture
def bare(httpserver: HTTPServer) -> WordPressStandIn:
    """A site whose API is off, and that has no feed."""
    site = WordPressStandIn(httpserver)
    site.breakage = OFF
    for piece in pieces(3):
        site.publish(piece)
    return site


@pytest.fixture
def feed(bare: WordPressStandIn, httpserver: HTTPServer) -> Feed:
    """The feed of that site, where feeds of WordPress are."""
    feed = Feed(bare, httpserver)
    httpserver.expect_request("/feed/").respond_with_handler(feed.answer)
    return feed


@pytest.fixture
def site(feed: Feed) -> WordPressStandIn:
    """The site with its feed."""
    return feed.site


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


@pytest.fixture
def bare_desk(sqlite_store: Store, tmp_path: Path, bare: WordPressStandIn) -> Desk:
    """The desk that gathers from the site without a feed."""
    return Desk(sqlite_store, tmp_path, bare)


# When


@pytest.mark.parametrize(
    "answer",
    [
        OFF,
        kept_out(404, "<html><body>Not found</body></html>", PAGE),
        kept_out(404, "", PAGE),
        kept_out(200, "<!doctype html><html><body>Welcome</body></html>", PAGE),
        kept_out(401, json.dumps({"code": "rest_cannot_access"}), JSON),
        kept_out(403, json.dumps({"code": "rest_forbidden"}), JSON),
        kept_out(404, json.dumps({"code": "rest_no_route"}), JSON),
    ],
)
def test_a_site_whose_api_is_off_is_read_by_its_feed_and_that_is_said(
    desk: Desk, site: WordPressStandIn, answer: Callable[[Request], Response]
) -> None:
    site.breakage = answer

    report = desk.gather()

    assert (report.status, counts(report)) == (GatherStatus.OK, {"new": 3})
    assert "its REST API is off: only what its feed shows is gathered" in str(report.note)


@pytest.mark.parametrize(
    "answer",
    [
        kept_out(500, "<html><body>Error</body></html>", PAGE),
        kept_out(503, "<html><body>Maintenance</body></html>", PAGE),
        kept_out(429, "", PAGE),
        kept_out(200, "[{", JSON),
        kept_out(200, '{"a": 1}', JSON),
    ],
)
def test_an_api_that_only_fails_is_not_off(
    desk: Desk, site: WordPressStandIn, feed: Feed, answer: Callable[[Request], Response]
) -> None:
    site.breakage = answer

    report = desk.gather()

    assert (report.status, feed.asked) == (GatherStatus.FAILED, [])


def test_a_closed_api_that_does_not_take_the_password_fails_loudly(
    desk: Desk, site: WordPressStandIn, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", "wrong")
    site.options |= {"user": "desk", "password": "env:SITE_PASSWORD"}
    site.breakage = kept_out(401, json.dumps({"code": "incorrect_password"}), JSON)

    report = desk.gather()

    assert (report.status, feed.asked) == (GatherStatus.FAILED, [])
    assert "application password" in str(report.error)


def test_without_a_feed_both_are_said(bare_desk: Desk) -> None:
    report = bare_desk.gather()

    assert report.status is GatherStatus.FAILED
    assert "the REST API answers 403" in str(report.error)
    assert "Nor can its feed be read" in str(report.error)


# Where


def test_a_feed_elsewhere_is_found_by_the_home_page(
    bare_desk: Desk, bare: WordPressStandIn, httpserver: HTTPServer
) -> None:
    feed = Feed(bare, httpserver)
    link = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    head = f"<html><head>{link.format('rss.xml')}{link.format('comments/feed/')}</head></html>"
    httpserver.expect_request("/").respond_with_data(head, content_type=PAGE)
    httpserver.expect_request("/rss.xml").respond_with_handler(feed.answer)

    assert counts(bare_desk.gather()) == {"new": 3}
    assert feed.asked == ["/rss.xml", "/rss.xml?paged=2"]
    httpserver.clear_log()
    bare_desk.gather()
    assert [request.path for request, _ in httpserver.log] == ["/wp-json/wp/v2/posts", "/", "/rss.xml"]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/rss/", "https://news.example.org/rss/"),
        ("https://www.news.example.org/rss/", "https://www.news.example.org/rss/"),
        ("https://elsewhere.example.org/feed/", None),
        ("http://[", None),
    ],
)
def test_only_a_feed_of_the_same_host_is_followed(href: str, address: str | None) -> None:
    head = f'<link rel="stylesheet" href="/x"><link rel="alternate" type="application/rss+xml" href="{href}">'

    assert linked_feed(head.encode(), "https://news.example.org/") == address


def test_its_older_pages_are_read_at_the_first_visit_only(desk: Desk, site: WordPressStandIn, feed: Feed) -> None:
    for piece in pieces(25):
        site.publish(piece)
    assert counts(desk.gather()) == {"new": 25}
    feed.asked.clear()
    site.publish(Piece(key=99))

    assert counts(desk.gather()) == {"new": 1, "unchanged": 25}
    assert feed.asked == ["/feed/"]


def test_a_feed_that_did_not_change_is_not_read_again(desk: Desk) -> None:
    desk.gather()

    assert counts(desk.gather()) == {"unchanged": 3}


# Keys


def test_nothing_comes_twice_when_the_api_is_back(desk: Desk, site: WordPressStandIn) -> None:
    desk.gather()
    numbers = {key: article.number for key, article in desk.articles().items()}
    site.recover()

    report = desk.gather()

    assert {key: article.number for key, article in desk.articles().items()} == numbers
    assert (report.new, report.note) == (0, None)


def test_the_page_tells_the_number_that_the_guid_does_not(
    desk: Desk, site: WordPressStandIn, feed: Feed, httpserver: HTTPServer
) -> None:
    feed.guids = {1: "https://old.example.org/?p=77", 2: f"{feed.home}/2/", 3: f"{feed.home}/3/"}
    short = f'<html><head><link rel="shortlink" href="{feed.home}/?p=1"></head></html>'
    httpserver.expect_oneshot_request("/1/").respond_with_data(short, content_type=PAGE)
    marked = '<body class="single single-post postid-2 logged-out">'
    httpserver.expect_oneshot_request("/2/").respond_with_data(marked, content_type=PAGE)

    report = desk.gather()

    assert set(desk.articles()) == {"1", "2"}
    assert [("come twice" in one.reason, one.url) for one in report.refused] == [(True, f"{feed.home}/3/")]
    site.publish(changed(site.pieces[1], body="<p>By day.</p>"))
    assert len(desk.gather().refused) == 1


@pytest.mark.parametrize(
    ("address", "id_"),
    [
        ("https://news.example.org/?p=7", 7),
        ("http://www.news.example.org/?post_type=org_update&p=7", 7),
        ("https://other.example.org/?p=7", None),
        ("https://news.example.org/gold/", None),
        ("https://news.example.org/?p=0", None),
        ("https://news.example.org/?p=\uff17", None),
        ("tag:news.example.org,2026:7", None),
        ("http://[", None),
    ],
)
def test_only_a_plain_address_of_the_same_site_holds_an_id(address: str, id_: int | None) -> None:
    assert id_in(address, "https://news.example.org") == id_


@pytest.mark.parametrize(
    ("url", "later"),
    [
        ("https://news.example.org/feed/", "https://news.example.org/feed/?paged=2"),
        ("https://news.example.org/?feed=rss2", "https://news.example.org/?feed=rss2&paged=2"),
    ],
)
def test_a_further_page_is_asked_for_beside_what_the_address_says(url: str, later: str) -> None:
    assert later_page(url, 2) == later


# What a feed does not tell


def test_what_the_api_told_stands_until_it_tells_otherwise(desk: Desk, site: WordPressStandIn) -> None:
    site.recover()
    desk.gather()
    site.breakage = OFF
    site.publish(changed(site.pieces[1], body="<p>As the feed has it.</p>"))
    site.publish(Piece(key=9))
    assert counts(desk.gather()) == {"new": 1, "unchanged": 3}
    assert desk.kinds("1") == [RevisionKind.FIRST]

    site.recover()
    desk.gather()

    assert desk.kinds("1") == [RevisionKind.FIRST, RevisionKind.SUBSTANTIVE]


def test_what_only_the_feed_told_follows_the_feed(desk: Desk, site: WordPressStandIn) -> None:
    site.recover()
    desk.gather()
    site.breakage = OFF
    site.publish(Piece(key=9))
    desk.gather()
    site.publish(Piece(key=9, body="<p>The gold leaves the river by day.</p>"))

    desk.gather()
    desk.gather()

    assert "by day" in desk.article("9").content_html


def test_what_falls_out_of_the_feed_stays(desk: Desk, site: WordPressStandIn) -> None:
    desk.gather()
    site.pieces.pop(2)

    desk.gather()

    assert desk.article("2").status is Status.PUBLIC


def test_what_is_behind_a_password_is_never_stored_and_withdrawn(desk: Desk, site: WordPressStandIn) -> None:
    desk.gather()
    site.publish(Piece(key=2, title="Protected: Story 2", body=FORM))
    site.publish(Piece(key=9, title="Protected: SECRET", body=FORM))

    report = desk.gather()

    assert (set(desk.articles()), report.refused) == ({"1", "2", "3"}, ())
    assert desk.article("2").status is Status.WITHDRAWN


def test_a_licence_that_a_field_holds_is_unknown_and_never_the_default(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"licence": "meta:licence"}

    desk.gather()

    article = desk.article("1")
    assert (article.licence, article.licence_why) == (None, "its own licence cannot be told from the feed")


def test_a_licence_on_the_page_is_read_there(desk: Desk, site: WordPressStandIn, httpserver: HTTPServer) -> None:
    site.options |= {"licence": "link"}
    httpserver.expect_request("/1/").respond_with_data(f'<link rel="license" href="{BY}">', content_type=PAGE)

    desk.gather()

    assert desk.article("1").licence == BY


@pytest.mark.parametrize("option", [{"no_republish": "tag:agency"}, {"embargo": "meta:until"}])
def test_where_a_post_may_forbid_republishing_nothing_is_permitted(
    desk: Desk, site: WordPressStandIn, option: dict[str, str]
) -> None:
    site.options |= option

    desk.gather()

    assert desk.article("1").no_republish is True


def test_categories_are_section_and_topics_only_where_none_stands_for_anything_else(desk: Desk, feed: Feed) -> None:
    feed.categories = {1: ["Analysis", "Gold"]}

    desk.gather()

    article = desk.article("1")
    assert article.section is not None
    assert (article.section.name, [topic.name for topic in article.topics]) == ("Analysis", ["Gold"])


def test_where_categories_are_countries_too_none_is_guessed(desk: Desk, site: WordPressStandIn, feed: Feed) -> None:
    site.options |= {"countries": "category:countries"}
    feed.categories = {1: ["Brasil", "Analysis"]}

    desk.gather()

    article = desk.article("1")
    assert (article.section, article.topics, article.countries) == (None, (), ())


def test_an_update_is_known_by_its_category(desk: Desk, site: WordPressStandIn, feed: Feed) -> None:
    site.options |= {"updates": ["type:org-updates", "category:the-organization"]}
    feed.categories = {1: ["The Organization"]}

    desk.gather()

    assert [desk.article(key).kind for key in ("1", "2")] == [Kind.UPDATE, Kind.STORY]


def test_a_language_that_the_feed_does_not_tell_is_the_newsrooms_first_and_noted(
    desk: Desk, site: WordPressStandIn
) -> None:
    site.options = {"language": "taxonomy:language"}

    desk.gather()

    article = desk.article("1")
    assert (article.language, article.published) == ("en", site.pieces[1].published)
    assert "its language cannot be told from the feed: taken as en" in article.notes
    assert article.published < FRIDAY
