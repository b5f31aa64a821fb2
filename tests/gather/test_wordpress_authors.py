"""Who wrote a post: what plugins for several authors show, else the user.

The answers are those of Co-Authors Plus 4.0 and PublishPress Authors 4.8.
"""

from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.model.article import Article
from publisher.store.engine import Store
from tests.gather.gathering import Desk
from tests.gather.newsrooms import Piece, WordPressStandIn

ANA = {"id": 3, "name": "Ana Ruiz", "slug": "aruiz", "link": "https://news.example.org/author/aruiz/"}
HIDDEN = {"code": "rest_user_cannot_view", "message": "Sorry", "data": {"status": 401}}
ROUTE = "/wp-json/coauthors/v1/coauthors"


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """A site."""
    return WordPressStandIn(httpserver)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def stored(desk: Desk, site: WordPressStandIn, **fields: Any) -> Article:  # noqa: ANN401 - fields of the post
    """The article that a post with these fields becomes."""
    site.publish(Piece(key=9, fields=fields))
    report = desk.gather()
    assert report.status is GatherStatus.OK, report.error
    return desk.article("9")


def names(article: Article) -> list[str]:
    """Its byline."""
    return [author.name for author in article.authors]


def marked(*terms: tuple[int, str, str], author: dict[str, Any] = ANA) -> dict[str, Any]:
    """What is embedded of a user, and of terms of the plugins' taxonomy: id, name, slug."""
    found = [{"id": id_, "name": name, "slug": slug, "taxonomy": "author", "link": ""} for id_, name, slug in terms]
    return {"author": [author], "wp:term": [found]}


def coauthor(name: str, nicename: str) -> dict[str, Any]:
    """What Co-Authors Plus says of one."""
    link = f"https://news.example.org/author/{nicename}/"
    return {"id": 348, "display_name": name, "user_nicename": nicename, "link": link, "description": {"raw": ""}}


def test_co_authors_are_named_by_the_plugins_own_route_in_the_order_of_the_byline(
    desk: Desk, site: WordPressStandIn, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(f"{ROUTE}/guest-zoe").respond_with_json(coauthor("Guest Zoë", "guest-zoe"))
    embedded = marked((80, "aruiz", "cap-aruiz"), (79, "guest-zoe", "cap-guest-zoe"))

    article = stored(desk, site, coauthors=[79, 80], _embedded=embedded)

    assert names(article) == ["Guest Zoë", "Ana Ruiz"]


def test_each_co_author_is_asked_for_once_in_a_visit(
    desk: Desk, site: WordPressStandIn, httpserver: HTTPServer
) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.path)
        return Response('{"display_name": "Guest Zoë"}', content_type="application/json")

    httpserver.expect_request(f"{ROUTE}/guest-zoe").respond_with_handler(answer)
    for key in (1, 2, 3):
        site.publish(Piece(key=key, fields={"_embedded": marked((79, "guest-zoe", "cap-guest-zoe"))}))

    desk.gather()

    assert len(asked) == 1
    assert names(desk.article("3")) == ["Guest Zoë"]


def test_co_authors_whose_names_cannot_stand_in_an_address_are_asked_for_by_their_post(
    desk: Desk, site: WordPressStandIn, httpserver: HTTPServer
) -> None:
    people = [coauthor("عبد الرحمن", "%d8%b9"), coauthor("Ana Ruiz", "aruiz")]
    httpserver.expect_request(ROUTE, query_string={"post_id": "9"}).respond_with_json(people)
    embedded = marked((79, "abdel", "cap-%d8%b9"), (80, "aruiz", "cap-aruiz"))

    assert names(stored(desk, site, coauthors=[79, 80], _embedded=embedded)) == ["عبد الرحمن", "Ana Ruiz"]


@pytest.mark.parametrize("status", [404, 401, 500])
def test_a_login_is_nobodys_name(desk: Desk, site: WordPressStandIn, httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request(f"{ROUTE}/guest-zoe").respond_with_json({"code": "no"}, status=status)
    httpserver.expect_request(ROUTE).respond_with_json({"code": "no"}, status=status)

    article = stored(desk, site, _embedded=marked((79, "guest-zoe", "cap-guest-zoe")))

    assert names(article) == ["Ana Ruiz"]
    assert "only the logins of its authors (guest-zoe)" in " ".join(article.notes)


def test_publishpress_lists_its_authors_with_the_post(desk: Desk, site: WordPressStandIn) -> None:
    people = [
        {"term_id": 82, "user_id": 0, "is_guest": 1, "slug": "pepa", "display_name": "Pepa Guest"},
        {"term_id": 83, "user_id": 3, "is_guest": 0, "slug": "aruiz", "display_name": "Ana Ruiz"},
    ]
    embedded = marked((83, "Ana Ruiz", "aruiz"), (82, "Pepa Guest", "pepa"))
    embedded["wp:term"][0][1]["link"] = "https://news.example.org/author/pepa/"

    article = stored(desk, site, authors=people, ppma_author=[82, 83], _embedded=embedded)

    assert names(article) == ["Pepa Guest", "Ana Ruiz"]
    assert article.authors[0].url == "https://news.example.org/author/pepa/"


def test_publishpress_marks_other_types_with_terms_only(desk: Desk, site: WordPressStandIn) -> None:
    embedded = marked((83, "Ana Ruiz", "aruiz"), (82, "Pepa Guest", "pepa"))

    assert names(stored(desk, site, ppma_author=[82, 83], _embedded=embedded)) == ["Pepa Guest", "Ana Ruiz"]


def test_authorship_embeds_several_users(desk: Desk, site: WordPressStandIn) -> None:
    ben = {"id": 4, "name": "Ben Ito", "slug": "bito"}

    assert names(stored(desk, site, _embedded={"author": [ANA], "wp:authorship": [ben, ANA]})) == [
        "Ben Ito",
        "Ana Ruiz",
    ]


def test_the_byline_of_the_option_goes_before_all_plugins(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"byline": "meta:byline"}
    embedded = marked((83, "Pepa Guest", "pepa"))

    article = stored(desk, site, byline=["Ben Ito", {"display_name": "Ana Ruiz"}], _embedded=embedded)

    assert names(article) == ["Ben Ito", "Ana Ruiz"]


def test_a_taxonomy_may_be_the_byline(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"byline": "taxonomy:writer"}
    writers = [{"id": 5, "name": "Ben Ito", "slug": "ben-ito", "taxonomy": "writer"}]

    assert names(stored(desk, site, _embedded={"author": [ANA], "wp:term": [writers]})) == ["Ben Ito"]


def test_a_site_that_hides_its_users_may_name_the_author_in_the_head_of_its_pages(
    desk: Desk, site: WordPressStandIn
) -> None:
    article = stored(desk, site, yoast_head_json={"author": "Ana Ruiz"}, _embedded={"author": [HIDDEN]})

    assert (names(article), article.notes) == (["Ana Ruiz"], ())


def test_a_site_that_hides_its_users_altogether_has_no_byline_and_a_note(desk: Desk, site: WordPressStandIn) -> None:
    article = stored(desk, site, _embedded={"author": [HIDDEN]})

    assert (names(article), article.notes) == ([], ("the site does not say who wrote it",))


@pytest.mark.parametrize(
    "fields",
    [
        {"authors": "Ana"},
        {"authors": [1, None, "x"]},
        {"authors": [{"display_name": 5}]},
        {"coauthors": {"a": 1}},
        {"yoast_head_json": "x"},
    ],
)
def test_odd_fields_cost_nothing(desk: Desk, site: WordPressStandIn, fields: dict[str, Any]) -> None:
    assert names(stored(desk, site, **fields, _embedded={"author": [ANA]})) == ["Ana Ruiz"]
