"""A post of Ghost as an article: tags, languages, licences, translations, pictures, cards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.ghost.cards import without_chrome
from publisher.gather.run import GatherStatus, gather_source
from publisher.model.article import Article, ImageRights, Kind
from publisher.settings import SourceSettings
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.gathering import Desk, some_settings
from tests.gather.ghost_newsroom import GhostStandIn, tag
from tests.gather.newsrooms import Piece

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY_NC_ND = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
OPTIONS = {
    "updates": ["tag:#org-update", "tag:about-us", "type:pages"],
    "countries": "tag-prefix:country-",
    "language": "tag-prefix:#",
    "licence": "codeinjection, tag-prefix:#cc-, tag:#nd=CC-BY-NC-ND-4.0",
    "no_republish": "tag:#no-republish",
}


@pytest.fixture
def site(httpserver: HTTPServer, tmp_path: Path) -> GhostStandIn:
    """A site whose tags mean something."""
    site = GhostStandIn(httpserver, tmp_path)
    site.options |= OPTIONS
    return site


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: GhostStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def stored(desk: Desk, site: GhostStandIn, *tags: str, **fields: Any) -> Article:  # noqa: ANN401 - fields of the post
    """The article that a post with these tags and fields becomes."""
    site.publish(Piece(key=9, fields={"tags": [tag(name) for name in tags]} | fields))
    report = desk.gather()
    assert report.status is GatherStatus.OK, report.error
    return desk.article(site.key_of(9))


# Tags


def test_the_first_public_tag_is_the_section_and_the_others_are_topics(desk: Desk, site: GhostStandIn) -> None:
    article = stored(desk, site, "#es", "country-Haiti", "Investigations", "Gold", "#internal", "R&D")

    assert article.section is not None
    assert (article.section.name, article.section.url) == (
        "Investigations",
        "https://news.example.org/tag/investigations/",
    )
    assert [term.name for term in article.topics] == ["Gold", "R&D"]
    assert [term.name for term in article.countries] == ["Haiti"]
    assert (article.language, article.kind) == ("es", Kind.STORY)


@pytest.mark.parametrize(
    ("given", "name", "slug"),
    [
        (tag("Haïti", "country-haiti"), "Haïti", "haiti"),
        (tag("Country-Haiti"), "Haiti", "haiti"),
        (tag("#country-haiti"), "haiti", "haiti"),
    ],
)
def test_a_prefix_is_found_in_slug_or_name_of_public_and_internal_tags(
    desk: Desk, site: GhostStandIn, given: dict[str, Any], name: str, slug: str
) -> None:
    article = stored(desk, site, tags=[given])

    assert [(term.name, term.slug) for term in article.countries] == [(name, slug)]
    assert article.section is None


def test_an_internal_tag_has_no_page(desk: Desk, site: GhostStandIn) -> None:
    assert stored(desk, site, "#country-haiti").countries[0].url is None


def test_a_tag_that_names_the_licence_is_no_topic(desk: Desk, site: GhostStandIn) -> None:
    site.options |= {"licence": "tag-prefix:licence:"}

    article = stored(desk, site, "licence:CC-BY-NC-ND-4.0", "News")

    assert article.licence == BY_NC_ND
    assert article.section is not None
    assert (article.section.name, article.topics) == ("News", ())


@pytest.mark.parametrize("mark", ["#org-update", "About us"])
def test_a_tag_makes_an_update(desk: Desk, site: GhostStandIn, mark: str) -> None:
    article = stored(desk, site, mark, "Inside")

    assert article.kind is Kind.UPDATE
    assert article.section is not None
    assert (article.section.name, article.topics) == ("Inside", ())


def test_pages_may_be_updates(desk: Desk, site: GhostStandIn) -> None:
    site.options |= {"types": ["posts", "pages"]}
    site.pages[2] = Piece(key=2)

    desk.gather()

    assert desk.article(site.key_of(2)).kind is Kind.UPDATE


def test_other_pages_are_no_articles_to_republish(desk: Desk, site: GhostStandIn) -> None:
    site.options |= {"types": ["pages"], "updates": []}
    site.pages[2] = Piece(key=2, title="Donate")

    desk.gather()

    assert desk.article(site.key_of(2)).no_republish


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("#no-republish", "#cc-by-4.0", "#org-update", "#faq", "#es"), "es"),
        (("#es-MX", "#en"), "es-MX"),
        (("#Fr",), "fr"),
        (("news",), "en"),
        ((), "en"),
    ],
)
def test_of_many_internal_tags_the_one_that_is_a_language_says_it(
    desk: Desk, site: GhostStandIn, tags: tuple[str, ...], language: str
) -> None:
    article = stored(desk, site, *tags)

    assert article.language == language


def test_a_language_that_is_not_said_is_noted(desk: Desk, site: GhostStandIn) -> None:
    assert "its language is not said: taken as en" in stored(desk, site, "News").notes


def test_authors_come_in_their_order_each_once(desk: Desk, site: GhostStandIn) -> None:
    people = [{"name": "Ana Ruiz", "slug": "ana", "url": "https://news.example.org/author/ana/"}, {"name": "Ben Ito"}]

    article = stored(desk, site, authors=[*people, {"name": "Ana  Ruiz"}])

    assert [(author.name, author.url) for author in article.authors] == [
        ("Ana Ruiz", "https://news.example.org/author/ana/"),
        ("Ben Ito", None),
    ]


# Licences


@pytest.mark.parametrize(
    ("tags", "head", "licence", "why"),
    [
        ((), "", BY_NC, "the newsroom's default"),
        (("#nd",), "", BY_NC_ND, "its tag #nd"),
        (("#cc-by-nc-nd-4.0",), "", BY_NC_ND, "its tag #cc-by-nc-nd-4.0"),
        (("#cc-by-nc-nd",), "", None, "its tag #cc-by-nc-nd is “cc-by-nc-nd”, which is no exact licence"),
        (("#cc-by-4.0", "#cc-by-nc-4.0"), "", None, "its tag #cc-by-4.0, #cc-by-nc-4.0 is “cc-by-4.0, cc-by-nc-4.0”"),
        (("#nd",), f'<link rel="license" href="{BY_NC}">', BY_NC, "rel=license in its code injection"),
        ((), '<link rel="license" href="/our-terms/">', None, "rel=license in its code injection is “/our-terms/”"),
        ((), '<script>"<link rel=license href=x>"</script><!-- <', BY_NC, "the newsroom's default"),
        (("#no-republish",), "", None, "its tag #no-republish: all-rights-reserved"),
    ],
)
def test_the_licence_is_the_posts_own_or_the_default_and_never_a_guess(
    desk: Desk, site: GhostStandIn, tags: tuple[str, ...], head: str, licence: str | None, why: str
) -> None:
    article = stored(desk, site, *tags, codeinjection_head=head)

    assert article.licence == licence
    assert article.licence_why.startswith(why)


def test_the_licence_may_stand_on_the_page(desk: Desk, site: GhostStandIn, httpserver: HTTPServer) -> None:
    site.options |= {"licence": "link"}
    page = f'<html><head><link rel="license" href="{BY_NC_ND}"></head><body>x</body></html>'
    httpserver.expect_request("/9/").respond_with_data(page, content_type="text/html")

    assert stored(desk, site).licence == BY_NC_ND


@pytest.mark.parametrize("mark", ["tag:#no-republish", "tag:hash-no-republish"])
def test_a_mark_forbids_republishing(desk: Desk, site: GhostStandIn, mark: str) -> None:
    site.options |= {"no_republish": mark}

    assert stored(desk, site, "#No-Republish").no_republish


def test_what_has_its_canonical_address_elsewhere_is_anothers(desk: Desk, site: GhostStandIn) -> None:
    article = stored(desk, site, "#nd", canonical_url="https://partner.example.net/the-original/")

    assert (article.licence, article.rights_holder) == (None, "")
    assert (
        article.licence_why == "another's article: its canonical address is https://partner.example.net/the-original/"
    )


@pytest.mark.parametrize("url", ["/9/", "https://www.news.example.org/gold/", "https://news.example.org/gold/"])
def test_what_has_its_canonical_address_on_our_own_sites_is_ours(desk: Desk, site: GhostStandIn, url: str) -> None:
    assert stored(desk, site, canonical_url=url).licence == BY_NC


def test_what_is_at_home_on_another_site_of_the_newsroom_is_ours(desk: Desk, site: GhostStandIn) -> None:
    url = "https://magazine.example.com"
    other = SourceSettings.model_validate({"id": "magazine", "kind": "wordpress", "url": url})
    site.publish(Piece(key=9, fields={"canonical_url": f"{url}/gold/"}))
    settings = some_settings(desk.folder, site.source(), other, licence=desk.licence)

    gather_source(settings, desk.store, "site", clock=desk.clock)

    assert desk.article(site.key_of(9)).licence == BY_NC


# Translations


def hreflang(site: GhostStandIn, key: int, language: str = "en") -> dict[str, Any]:
    """Fields of a post that names another one as itself in another language."""
    url = f"http://{site.server.host}:{site.server.port}/{key}/"
    return {"codeinjection_head": f'<link rel="alternate" hreflang="{language}" href="{url}">'}


def test_a_translation_names_its_original(desk: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=3))

    article = stored(desk, site, **hreflang(site, 3))

    assert article.translation_of == desk.article(site.key_of(3)).number


def test_an_original_that_was_stored_long_ago_is_asked_for(desk: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=3, modified=FRIDAY - timedelta(days=9)))
    site.publish(Piece(key=4))
    desk.gather()

    article = stored(desk, site, **hreflang(site, 3))

    assert article.translation_of == desk.article(site.key_of(3)).number


@pytest.mark.parametrize("older", [3, 12])
def test_of_two_that_name_each_other_the_older_is_the_original(desk: Desk, site: GhostStandIn, older: int) -> None:
    site.publish(Piece(key=older, published=FRIDAY - timedelta(hours=1), fields=hreflang(site, 9, "es")))

    article = stored(desk, site, **hreflang(site, older))

    assert article.translation_of == desk.article(site.key_of(older)).number
    assert desk.article(site.key_of(older)).translation_of is None


@pytest.mark.parametrize("language", ["x-default", ""])
def test_a_link_that_names_no_language_is_no_translation(desk: Desk, site: GhostStandIn, language: str) -> None:
    site.publish(Piece(key=3))

    assert stored(desk, site, **hreflang(site, 3, language)).translation_of is None


def test_pairs_may_be_left_alone(desk: Desk, site: GhostStandIn) -> None:
    site.options |= {"translation_of": "none"}
    site.publish(Piece(key=3))

    assert stored(desk, site, **hreflang(site, 3)).translation_of is None


# Texts and pictures


def test_what_ghost_calls_untitled_has_no_title(desk: Desk, site: GhostStandIn) -> None:
    site.publish(Piece(key=9, title="(Untitled)"))

    assert [one.reason for one in desk.gather().refused] == ["has no title"]


@pytest.mark.parametrize(
    ("excerpt", "summary"),
    [("Where the <b>gold</b> goes.", "Where the gold goes."), (None, "The gold leaves the river at night.")],
)
def test_the_summary_is_the_editors_own_and_never_what_ghost_cut(
    desk: Desk, site: GhostStandIn, excerpt: str | None, summary: str
) -> None:
    assert stored(desk, site, custom_excerpt=excerpt).summary == summary


def test_the_address_is_kept_byte_for_byte(desk: Desk, site: GhostStandIn) -> None:
    url = "https://news.example.org/año/La_Ruta/?x=%7e"

    assert stored(desk, site, url=url).url == url


def test_the_posts_picture_comes_first_with_rights_by_its_caption(desk: Desk, site: GhostStandIn) -> None:
    pictures = "https://news.example.org/content/images"
    fields = {
        "feature_image": f"{pictures}/boats.jpg",
        "feature_image_alt": "Boats",
        "feature_image_caption": 'At night. <em>Photo: <a href="https://ap.example.org/">AP</a></em>',
        "html": f'<p>T</p><figure><img src="{pictures}/map.png" width="9"><figcaption>Map: Ana</figcaption></figure>',
    }

    main, inner = stored(desk, site, **fields).images

    assert (main.alt, main.caption, main.credit, main.is_main) == ("Boats", "At night. Photo: AP", "AP", True)
    assert main.rights is ImageRights.AGENCY
    assert (inner.credit, inner.width, inner.is_main) == ("Ana", 9, False)


@pytest.mark.parametrize(
    ("card", "left"),
    [
        ('<span class="kg-audio-current-time">0:00</span>', ""),
        ('<div class="kg-video-time">\n /<span class="kg-video-duration">1:01</span>\n </div>', ""),
        ('<div class="kg-file-card-filesize">193 Bytes</div>', ""),
        ("<p>0:00 / 193 Bytes</p>", "<p>0:00 / 193 Bytes</p>"),
    ],
)
def test_what_only_a_card_shows_is_no_text(card: str, left: str) -> None:
    assert without_chrome(f"<p>a</p>{card}<p>b</p>") == f"<p>a</p>{left}<p>b</p>"


@pytest.mark.parametrize(
    ("mark", "licence", "is_kept_back"),
    [
        ("#cc-by-nc-nd", BY_NC_ND, False),
        ("#cc-by-3.0", "https://creativecommons.org/licenses/by/3.0/", False),
        ("#all-rights-reserved", None, False),
        ("#no-republish", None, True),
    ],
)
def test_the_usual_marks_are_understood_where_no_option_names_others(
    desk: Desk, site: GhostStandIn, mark: str, licence: str | None, *, is_kept_back: bool
) -> None:
    site.options |= {"licence": "", "no_republish": ""}

    found = stored(desk, site, mark)

    assert (found.licence, found.no_republish) == (licence, is_kept_back)
