"""Plugins for several languages: which language a post has, and what it is a translation of."""

from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.wordpress.fields import Post
from publisher.gather.wordpress.languages import language_beside, original_beside
from publisher.store.engine import Store
from tests.gather.gathering import Desk
from tests.gather.newsrooms import Piece, WordPressStandIn


def a_post(id_: int = 9, **fields: Any) -> Post:  # noqa: ANN401 - fields of the post
    """A post with these fields."""
    return Post.model_validate({"id": id_, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"lang": "es", "translations": {"en": 7, "es": 9}},
        {
            "polylang_current_lang": "es",
            "polylang_translations": [{"locale": "en", "id": 7}, {"locale": "es", "id": 9}],
        },
        {"wpml_current_locale": "es", "wpml_translations": [{"locale": "en_US", "id": 7, "href": "https://x/"}]},
        {"lang": "es", "translations": {"en": "7"}},
    ],
)
def test_each_plugin_tells_language_and_original(fields: dict[str, Any]) -> None:
    post = a_post(**fields)

    assert (language_beside(post), original_beside(post, "en")) == ("es", "7")


def test_a_locale_becomes_a_tag() -> None:
    assert language_beside(a_post(wpml_current_locale="pt_BR")) == "pt-BR"


@pytest.mark.parametrize(
    ("own", "original"),
    [("en", {7: "8", 8: None, 9: "8"}), ("es", {7: "9", 8: "9", 9: None}), ("de", {7: None, 8: "7", 9: "7"})],
)
def test_all_of_a_group_name_the_one_in_the_newsrooms_language_else_the_oldest(
    own: str, original: dict[int, str | None]
) -> None:
    group = {"pt": 7, "en-GB": 8, "es": 9}

    found = {id_: original_beside(a_post(id_, lang=tag, translations=group), own) for tag, id_ in group.items()}

    assert found == original


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"lang": "es"},
        {"lang": "es", "translations": {"es": 9}},
        {"lang": False, "translations": []},
        {"lang": {"slug": "es"}, "translations": "none"},
        {"translations": {"en": None, "es": "x", "fr": 0}},
        {"wpml_translations": [7, {"id": "x"}]},
    ],
)
def test_a_post_without_translations_is_its_own_original(fields: dict[str, Any]) -> None:
    assert original_beside(a_post(**fields), "en") is None


@pytest.fixture
def site(httpserver: HTTPServer) -> WordPressStandIn:
    """A site with two posts, one the translation of the other."""
    site = WordPressStandIn(httpserver)
    site.options = {}
    group = {"en": 7, "es": 9}
    site.publish(Piece(key=7, fields={"lang": "en", "translations": group}))
    site.publish(Piece(key=9, title="La ruta del oro", fields={"lang": "es", "translations": group}))
    return site


def test_without_options_they_are_believed(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> None:
    desk = Desk(sqlite_store, tmp_path, site)

    desk.gather()

    original, translation = desk.article("7"), desk.article("9")
    assert (original.language, translation.language) == ("en", "es")
    assert (original.translation_of, translation.translation_of) == (None, original.number)


def test_an_option_goes_before_them(sqlite_store: Store, tmp_path: Path, site: WordPressStandIn) -> None:
    site.options = {"language": "pt", "translation_of": "meta:original"}
    desk = Desk(sqlite_store, tmp_path, site)

    desk.gather()

    assert (desk.article("9").language, desk.article("9").translation_of) == ("pt", None)
