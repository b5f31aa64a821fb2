"""Terms: a slug is an address of ours for ever, given once, to one term of a scope."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from publisher.model.article import Scope, SourceTerm, Term
from publisher.store.engine import Tx
from publisher.store.schema import term
from publisher.store.terms import slug_of, store_terms, term_of

LONG = "investigations of the gold that leaves the river at night by way of the port"


def keep(tx: Tx, *found: SourceTerm, source: str = "site", scope: Scope = Scope.TOPIC) -> list[Term]:
    """The terms as they are stored."""
    numbers = store_terms(tx, source, scope, found)
    rows = {row.id: term_of(row) for row in tx.execute(select(term))}
    return [rows[number] for number in numbers]


def named(name: str, key: str | None = None, **changes: str) -> SourceTerm:
    return SourceTerm(name=name, key=key or name, **changes)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Gold", "gold"),
        ("Trinidad & Tobago: año", "trinidad-tobago-ano"),
        ("  São Tomé -- e Príncipe!", "sao-tome-e-principe"),
        ("İstanbul", "istanbul"),
        ("x" * 70, "x" * 60),
        ("x" * 59 + " y", "x" * 59),  # no hyphen at the end
        ("安全", ""),
        ("", ""),
    ],
)
def test_a_slug_is_plain_letters_and_digits_of_the_name(text: str, slug: str) -> None:
    assert slug_of(text) == slug


@given(st.text())
def test_a_slug_can_stand_in_an_address_whatever_the_name(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug_of(text))
    assert len(slug_of(text)) <= 60


def test_the_sources_own_slug_is_the_wish_and_the_name_where_nothing_is_left_of_it(tx: Tx) -> None:
    found = keep(tx, named("News", "1", slug="noticias"), named("Gold", "2", slug="%E9%87%91"), named("Sea", "3"))

    assert [one.slug for one in found] == ["noticias", "e9-87-91", "sea"]


def test_a_term_is_stored_once_with_its_slug_and_a_renamed_one_keeps_it(tx: Tx) -> None:
    first = keep(tx, named("Mining", "7"))
    second = keep(tx, named("Extraction", "7", slug="extraction"))

    assert [(one.id, one.name, one.slug) for one in second] == [(first[0].id, "Extraction", "mining")]


def test_a_freed_name_gives_nobody_its_old_slug(tx: Tx) -> None:
    keep(tx, named("Mining", "7"))
    keep(tx, named("Extraction", "7"))

    assert [one.slug for one in keep(tx, named("Mining", "8"))] == ["mining-2"]


def test_second_comers_are_numbered_in_the_order_they_come(tx: Tx) -> None:
    found = keep(tx, *(named("José Díaz", str(key)) for key in range(11)))

    assert [one.slug for one in found][:3] == ["jose-diaz", "jose-diaz-2", "jose-diaz-3"]
    assert found[-1].slug == "jose-diaz-11"


def test_a_number_that_is_taken_by_name_is_passed_over(tx: Tx) -> None:
    found = keep(tx, named("Area 2", "a"), named("Area", "b"), named("Area", "c"))

    assert [one.slug for one in found] == ["area-2", "area", "area-3"]


def test_long_names_with_one_beginning_keep_to_60_characters_and_apart(tx: Tx) -> None:
    slugs = [one.slug for one in keep(tx, *(named(LONG, str(key)) for key in range(12)))]

    assert len(set(slugs)) == 12
    assert max(map(len, slugs)) <= 60
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_a_name_without_a_latin_letter_is_known_by_its_number_which_no_name_can_take_first(tx: Tx) -> None:
    first, *_ = keep(tx, named("Gold"))
    taken = f"T{first.id + 2}"

    found = keep(tx, named(taken), named("安全"), named("消息"))

    assert [one.slug for one in found] == [taken.lower(), f"{taken.lower()}-2", f"t{first.id + 3}"]


def test_one_key_in_two_sources_is_two_terms(tx: Tx) -> None:
    ours, theirs = keep(tx, named("Gold", "7")), keep(tx, named("Gold", "7"), source="partner")

    assert (ours[0].slug, theirs[0].slug) == ("gold", "gold-2")


def test_scopes_do_not_take_slugs_from_each_other(tx: Tx) -> None:
    found = [keep(tx, named("Georgia"), scope=scope)[0] for scope in Scope]

    assert {one.slug for one in found} == {"georgia"}
    assert len({one.id for one in found}) == len(Scope)


def test_terms_stay_in_the_order_of_the_article_and_one_named_twice_counts_once(tx: Tx) -> None:
    keep(tx, named("Ana"), named("Ben"))

    found = keep(tx, named("Zoe"), named("Ben"), named("Ana"), named("Zoe"))

    assert [one.name for one in found] == ["Zoe", "Ben", "Ana"]


def test_a_byline_without_an_address_takes_none_away_and_a_new_address_counts(tx: Tx) -> None:
    old, new = "https://news.example.org/by/jane/", "https://news.example.org/by/jane-doe/"
    urls = [
        keep(tx, one, scope=Scope.AUTHOR)[0].url
        for one in (named("Jane Doe", url=old), named("Jane Doe"), named("Jane Doe", url=new))
    ]

    assert urls == [old, old, new]


NAMES = st.lists(st.text("aé-2 安", max_size=70) | st.just(LONG), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES)
@example(names=[LONG] * 12)
@example(names=["a" * 60, "a" * 60, "a" * 58 + "-2", "a" * 60])
def test_whatever_terms_are_called_each_gets_an_address_of_its_own(tx: Tx, names: list[str]) -> None:
    tx.execute(term.delete())

    found = keep(tx, *(SourceTerm(name=name, key=str(key)) for key, name in enumerate(names)))

    assert len({one.slug for one in found}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}", one.slug) for one in found)
