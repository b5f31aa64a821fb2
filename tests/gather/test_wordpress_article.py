"""A post of WordPress as an article: terms, bylines, licences, corrections, pictures."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.gather.run import GatherStatus
from publisher.model.article import Article, ImageRights, Kind
from publisher.store.engine import Store
from tests.gather.gathering import Desk
from tests.gather.newsrooms import Piece, WordPressStandIn, changed

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY = "https://creativecommons.org/licenses/by/4.0/"
CATEGORIES = [
    {"id": 1, "name": "Uncategorized", "slug": "uncategorized", "parent": 0},
    {"id": 2, "name": "News", "slug": "news", "parent": 0},
    {"id": 3, "name": "Press &amp; Analysis", "slug": "analysis", "parent": 2},
    {"id": 4, "name": "Countries", "slug": "countries", "parent": 0},
    {"id": 5, "name": "Ha&iuml;ti", "slug": "haiti", "parent": 4},
    {"id": 6, "name": "The Organization", "slug": "the-organization", "parent": 0},
    {"id": 7, "name": "Jobs", "slug": "jobs", "parent": 6},
]
OPTIONS = {
    "updates": ["category:the-organization", "tag:about-us"],
    "section": "category",
    "countries": "category:countries",
    "topics": "tag",
    "language": "taxonomy:language",
    "byline": "meta:byline",
    "licence": "meta:license",
    "credit": "meta:credit",
    "correction": "meta:correction",
    "translation_of": "meta:translation_of",
}


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """A site with categories."""
    total = {"X-WP-Total": str(len(CATEGORIES))}
    site = WordPressStandIn(httpserver)
    httpserver.expect_oneshot_request("/wp-json/wp/v2/categories").respond_with_json(CATEGORIES[:1], headers=total)
    httpserver.expect_oneshot_request("/wp-json/wp/v2/categories").respond_with_json(CATEGORIES, headers=total)
    site.options = dict(OPTIONS)
    return site


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


def terms(*categories: int, tags: tuple[str, ...] = (), language: str = "es") -> dict[str, Any]:
    """What is embedded of a post's terms."""
    of_category = [one | {"taxonomy": "category", "link": ""} for one in CATEGORIES if one["id"] in categories]
    of_tag = [{"id": 50 + n, "name": name, "slug": name.lower(), "taxonomy": "post_tag"} for n, name in enumerate(tags)]
    of_language = [{"id": 90, "name": "Español", "slug": language, "taxonomy": "language"}]
    return {"_embedded": {"author": [{"id": 2, "name": "Jane Doe"}], "wp:term": [of_category, of_tag, of_language]}}


def test_categories_are_section_and_countries_tags_are_topics(desk: Desk, site: WordPressStandIn) -> None:
    article = stored(desk, site, **terms(1, 2, 3, 5, tags=("R&amp;D", "Gold")))

    assert article.section is not None
    assert article.section.name == "Press & Analysis"
    assert [term.name for term in article.countries] == ["Haïti"]
    assert [term.name for term in article.topics] == ["R&D", "Gold"]
    assert (article.language, article.kind) == ("es", Kind.STORY)


@pytest.mark.parametrize("categories", [(6,), (7,), (3, 7)])
def test_a_category_of_the_organization_and_those_below_it_are_updates(
    desk: Desk, site: WordPressStandIn, categories: tuple[int, ...]
) -> None:
    assert stored(desk, site, **terms(*categories)).kind is Kind.UPDATE


def test_a_tag_may_make_an_update(desk: Desk, site: WordPressStandIn) -> None:
    assert stored(desk, site, **terms(3, tags=("About-us",))).kind is Kind.UPDATE


def test_a_prefix_makes_tags_countries_and_is_no_part_of_their_names(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"countries": "tag-prefix:country-"}

    article = stored(desk, site, **terms(3, tags=("country-Peru", "Gold")))

    assert [term.name for term in article.countries] == ["Peru"]
    assert [term.name for term in article.topics] == ["Gold"]


def test_a_category_that_the_site_does_not_have_is_named(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"countries": "category:paises"}
    site.publish(Piece(key=9))

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert "paises" in str(report.error)


def test_terms_that_were_not_embedded_are_asked_for(desk: Desk, site: WordPressStandIn, httpserver: HTTPServer) -> None:
    tags = [{"id": 50 + n, "name": f"Tag {n}", "slug": f"tag-{n}", "taxonomy": "post_tag"} for n in range(12)]
    httpserver.expect_request("/wp-json/wp/v2/tags").respond_with_json(tags, headers={"X-WP-Total": "12"})
    fields = {
        "tags": [tag["id"] for tag in tags],
        "_embedded": {"wp:term": [tags[:10]]},
        "_links": {
            "wp:term": [{"taxonomy": "post_tag", "href": f"{httpserver.url_for('/wp-json/wp/v2/tags')}?post=9"}]
        },
    }

    assert len(stored(desk, site, **fields).topics) == 12


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (
            "Sofía Dávila, Maeve O&#39;Corcoran and Nguyễn Thị Hà",
            ["Sofía Dávila", "Maeve O'Corcoran", "Nguyễn Thị Hà"],
        ),
        ("By Ana Ruiz &amp; Ben Ito", ["Ana Ruiz", "Ben Ito"]),
        ("Por Ana Ruiz y Juan e Isabel Gil", ["Ana Ruiz", "Juan", "Isabel Gil"]),
        ("Ana Ruiz, and Ben Ito, ana@example.org", ["Ana Ruiz", "Ben Ito"]),
        ("", ["Jane Doe"]),
        (["Ana Ruiz"], ["Ana Ruiz"]),
    ],
)
def test_a_byline_is_parted_into_its_names(
    desk: Desk, site: WordPressStandIn, byline: object, names: list[str]
) -> None:
    assert [author.name for author in stored(desk, site, meta={"byline": byline}).authors] == names


@pytest.mark.parametrize(
    ("value", "licence", "why"),
    [
        ("", BY_NC, "the newsroom's default"),
        ("CC-BY-4.0", BY, "its field license"),
        ("http://creativecommons.org/licenses/by/4.0/deed.es", BY, "its field license"),
        ("all-rights-reserved", None, "its field license: all-rights-reserved"),
        ("CC BY", None, "its field license is “CC BY”, which is no exact licence"),
    ],
)
def test_the_licence_is_the_articles_own_or_the_default_and_never_a_guess(
    desk: Desk, site: WordPressStandIn, value: str, licence: str | None, why: str
) -> None:
    article = stored(desk, site, meta={"license": value})

    assert (article.licence, article.licence_why) == (licence, why)


def test_the_licence_may_stand_on_the_page(desk: Desk, site: WordPressStandIn, httpserver: HTTPServer) -> None:
    site.options |= {"licence": "link"}
    page = f'<html><head><link rel="license" href="{BY}"></head><body><a rel="license" href="x">x</a></body></html>'
    httpserver.expect_request("/9/").respond_with_data(page, content_type="text/html")

    article = stored(desk, site)

    assert (article.licence, article.licence_why) == (BY, "rel=license of its page")


def test_a_page_that_is_not_there_names_no_licence_and_the_default_is_not_used(
    desk: Desk, site: WordPressStandIn, httpserver: HTTPServer
) -> None:
    site.options |= {"licence": "link"}
    httpserver.expect_request("/9/").respond_with_data("", status=404)

    article = stored(desk, site)

    assert article.licence is None
    assert "404" in article.licence_why


def test_a_correction_keeps_its_date_when_the_post_is_edited_again(desk: Desk, site: WordPressStandIn) -> None:
    stored(desk, site, meta={"correction": "It was 12 tons."})
    site.options |= {"countries": "", "updates": []}  # read again in another way
    site.publish(changed(site.pieces[9], hours=24 * 9, body="<p>A comma, added.</p>"))

    desk.gather()

    corrections = desk.article("9").corrections
    assert [(one.date.isoformat(), one.text) for one in corrections] == [("2026-03-06", "It was 12 tons.")]


def test_a_translation_is_joined_to_its_original(desk: Desk, site: WordPressStandIn) -> None:
    site.publish(Piece(key=3))

    article = stored(desk, site, meta={"translation_of": "3"})

    assert article.translation_of == desk.article("3").number


def test_pictures_come_with_credit_size_and_rights(desk: Desk, site: WordPressStandIn, httpserver: HTTPServer) -> None:
    home = httpserver.url_for("/").rstrip("/")
    media = {
        "id": 4,
        "source_url": f"{home}/wp-content/uploads/2026/03/boats.jpg",
        "alt_text": "Boats",
        "caption": {"rendered": "<p>At night</p>"},
        "mime_type": "image/jpeg",
        "media_details": {
            "width": 1600,
            "height": 900,
            "sizes": {"large": {"source_url": f"{home}/wp-content/uploads/2026/03/boats-1024x576.jpg"}},
        },
        "meta": {"credit": "AP"},
    }
    httpserver.expect_oneshot_request("/wp-json/wp/v2/media").respond_with_json([media], headers={"X-WP-Total": "1"})
    body = '<p>Text</p><figure><img src="/wp-content/uploads/2026/03/boats-1024x576.jpg"></figure>'
    fields = {"featured_media": 4, "content": {"rendered": body}}

    featured, inner = stored(desk, site, **fields).images

    assert (featured.alt, featured.caption, featured.credit, featured.width) == ("Boats", "At night", "AP", 1600)
    assert (featured.rights, featured.is_main, featured.media_type) == (ImageRights.AGENCY, True, "image/jpeg")
    assert (inner.credit, inner.rights, inner.is_main) == ("AP", ImageRights.AGENCY, False)


@pytest.mark.parametrize(("rule", "field"), [("meta:credit", "acf"), ("meta:photo.by", "photo")])
def test_a_credit_may_stand_in_any_field_of_the_picture(
    desk: Desk, site: WordPressStandIn, httpserver: HTTPServer, rule: str, field: str
) -> None:
    site.options |= {"credit": rule}
    fields: dict[str, Any] = {"acf": {"credit": "Reuters"}, "photo": {"by": "Reuters"}}
    media = {"id": 4, "source_url": httpserver.url_for("/boats.jpg"), field: fields[field]}
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.args["_fields"])
        return Response(json.dumps([media]), content_type="application/json")

    httpserver.expect_oneshot_request("/wp-json/wp/v2/media").respond_with_handler(answer)

    assert [image.credit for image in stored(desk, site, featured_media=4).images] == ["Reuters"]
    assert field in asked[0].split(",")


def test_a_site_that_hides_its_library_may_show_the_picture_in_the_head_of_its_pages(
    desk: Desk, site: WordPressStandIn
) -> None:
    shown = {"url": "https://news.example.org/boats.jpg", "width": 1200, "height": "900", "type": "image/jpeg"}
    head = {"og_image": [shown]}

    article = stored(desk, site, featured_media=4, yoast_head_json=head)

    assert [(image.url, image.width, image.height, image.is_main) for image in article.images] == [
        ("https://news.example.org/boats.jpg", 1200, None, True)
    ]
    assert article.images[0].rights is ImageRights.UNKNOWN


def test_a_post_without_a_picture_of_its_own_does_not_get_that_of_the_whole_site(
    desk: Desk, site: WordPressStandIn
) -> None:
    head = {"og_image": [{"url": "https://news.example.org/logo.png"}]}

    assert stored(desk, site, featured_media=0, yoast_head_json=head).images == ()


def test_boxes_that_are_to_be_dropped_are_left_out(desk: Desk, site: WordPressStandIn) -> None:
    site.options |= {"drop": [".wp-block-latest-posts"]}
    body = '<p>Text</p><ul class="wp-block-latest-posts"><li><a href="/silver/">Silver</a></li></ul>'

    assert stored(desk, site, content={"rendered": body}).content_html == "<p>Text</p>"


def test_several_corrections_in_one_field_are_all_kept(desk: Desk, site: WordPressStandIn) -> None:
    article = stored(desk, site, meta={"correction": ["It was 12 tons.", "", "It was in Peru."]})

    assert [one.text for one in article.corrections] == ["It was 12 tons.", "It was in Peru."]


def test_a_featured_picture_that_may_not_be_seen_is_none(desk: Desk, site: WordPressStandIn) -> None:
    hidden = {"code": "rest_forbidden", "message": "Sorry", "data": {"status": 401}}

    assert stored(desk, site, featured_media=4, _embedded={"wp:featuredmedia": [hidden]}).images == ()
