"""Custom fields, whatever plugin wrote them: where they are looked for, and what counts as their text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.gather.wordpress.fields import Post
from publisher.gather.wordpress.meta import is_shown, is_ticked, read_id, read_meta, read_names

CHOICE = {"value": "cc-by-4.0", "label": "Free to share"}
LINK = {"title": "The licence", "url": "https://creativecommons.org/licenses/by/4.0/", "target": ""}
PERSON = {"ID": 7, "display_name": "Ana Ruiz", "user_email": "ana@example.org"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["value", "label", "name", "ID", "x"]), inner),
)


def a_post(**fields: Any) -> Post:  # noqa: ANN401 - fields of the post
    """A post with these fields."""
    return Post.model_validate({"id": 1, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"meta": {"licence": "cc-by-4.0"}},
        {"acf": {"licence": "cc-by-4.0"}},
        {"licence": "cc-by-4.0"},
        {"meta": {"licence": ""}, "acf": {"licence": "cc-by-4.0"}},
        {"meta": [], "acf": False, "licence": ["cc-by-4.0", "cc-by-nc-4.0"]},
    ],
)
def test_a_field_is_found_wherever_plugins_put_it(fields: dict[str, Any]) -> None:
    assert read_meta(a_post(**fields), "licence") == "cc-by-4.0"


def test_a_path_leads_into_groups() -> None:
    post = a_post(acf={"rights": {"text": {"licence": "cc-by-4.0"}}, "dotted.key": "x"})

    assert read_meta(post, "rights.text.licence") == "cc-by-4.0"
    assert read_meta(post, "dotted.key") == "x"
    assert read_meta(post, "rights.nothing.licence") == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" R&amp;D <b>now</b> ", "R&D now"),
        (5, "5"),
        (CHOICE, "cc-by-4.0"),
        (LINK, "https://creativecommons.org/licenses/by/4.0/"),
        ({"rendered": "<p>Shown</p>"}, "Shown"),
        ([CHOICE, "other"], "cc-by-4.0"),
        ([], ""),
        (None, ""),
        (True, ""),
        ({}, ""),
    ],
)
def test_the_code_of_a_value_is_its_text(value: object, text: str) -> None:
    assert read_meta(a_post(acf={"licence": value}), "licence") == text


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (["Peru", "Brazil"], ["Peru", "Brazil"]),
        ([{"value": "pe", "label": "Peru"}], ["Peru"]),
        ([PERSON, {"post_title": "Ben Ito"}], ["Ana Ruiz", "Ben Ito"]),
        ([{"term_id": 4, "name": "Peru", "slug": "peru"}], ["Peru"]),
        ([7, 99], ["Gold"]),
        (False, []),
    ],
)
def test_the_names_of_a_field_are_those_for_people_and_a_number_is_a_term(value: object, names: list[str]) -> None:
    assert read_names(a_post(acf={"places": value}), "places", {7: "Gold"}) == names


@pytest.mark.parametrize("value", ["3", 3, [3], {"ID": 3, "post_title": "Gold"}, [{"id": 3}]])
def test_another_post_is_named_by_its_id_in_any_form(value: object) -> None:
    assert read_id(a_post(acf={"original": value}), "original") == "3"


@pytest.mark.parametrize("value", ["", "0", 0, None, [], "three", {"post_title": "3rd"}])
def test_what_is_no_id_names_no_post(value: object) -> None:
    assert read_id(a_post(acf={"original": value}), "original") == ""


@pytest.mark.parametrize(
    "value", [True, 1, "1", "true", "Yes", "on", "sí", "x", "agency copy", ["no_republish"], {"value": "yes"}]
)
def test_whatever_is_not_clearly_a_no_is_a_yes(value: object) -> None:
    assert is_ticked(a_post(meta={"no_republish": value}), "no_republish")


@pytest.mark.parametrize(
    "value", [False, 0, "0", "", "false", "No", " off ", None, [], [""], {}, {"value": "no", "label": "Republish: yes"}]
)
def test_a_no_is_a_no(value: object) -> None:
    assert not is_ticked(a_post(meta={"no_republish": value}), "no_republish")


def test_an_empty_field_is_shown_and_one_that_is_kept_from_the_public_is_not() -> None:
    post = a_post(meta={"licence": ""}, acf={"embargo": None})

    assert [is_shown(post, key) for key in ("licence", "embargo", "no_republish")] == [True, True, False]


@given(JSON)
def test_any_value_at_all_can_be_read(value: object) -> None:
    post = a_post(acf={"field": value})

    texts = [read_meta(post, "field"), read_id(post, "field"), *read_names(post, "field", {})]

    assert all(isinstance(text, str) for text in texts)
    assert is_ticked(post, "field") in {True, False}
