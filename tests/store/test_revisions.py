"""Writing articles: numbers and tag URIs for ever, whole states, withdrawing and coming back, works."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import delete

from publisher.model.article import Correction, Kind, RevisionKind, SourceTerm, Status
from publisher.store import articles, revisions
from publisher.store.engine import Tx
from publisher.store.schema import article, article_key, revision, revision_term
from tests.builders import FRIDAY, a_state
from tests.store.store_builders import HOST, HOUR, LATER, MAP, RIVER, publish, revise, withdraw

#: Every field that a source can fill.
FULL: dict[str, Any] = {
    "kind": Kind.UPDATE,
    "language": "es",
    "title": "La ruta del oro",
    "modified": datetime(2026, 3, 6, 9, 30, tzinfo=UTC),
    "authors": (SourceTerm(name="Zoe", key="zoe"), SourceTerm(name="Ana", key="ana")),
    "countries": (SourceTerm(name="Peru", key="pe"), SourceTerm(name="Brazil", key="br")),
    "topics": (SourceTerm(name="Gold", key="gold"),),
    "images": (MAP, RIVER),
    "corrections": (
        Correction(date=date(2026, 3, 6), text="It was 12 tons."),
        Correction(date=date(2026, 3, 7), text="And two ships."),
    ),
    "no_republish": True,
    "embargo_until": datetime(2026, 3, 8, tzinfo=UTC),
    "notes": ("a script was dropped", "a link was mended"),
}


def kinds_of(tx: Tx, number: int) -> list[RevisionKind]:
    return [one.kind for one in articles.list_revisions(tx, number)]


def works_of(tx: Tx, *numbers: int) -> list[int]:
    return [articles.get_article(tx, number).work_id for number in numbers]


@pytest.mark.parametrize("values", [{}, FULL], ids=["plain", "full"])
def test_an_article_is_read_back_as_its_source_gave_it(tx: Tx, values: dict[str, Any]) -> None:
    found = a_state(**values).found
    number = publish(tx, **values)
    stored = articles.get_article(tx, number)

    same = "key url title kind language content_html summary published licence licence_why rights_holder images"
    same += " corrections no_republish embargo_until notes"
    assert [getattr(stored, name) for name in same.split()] == [getattr(found, name) for name in same.split()]
    for scope in ("authors", "countries", "topics"):
        assert [term.name for term in getattr(stored, scope)] == [term.name for term in getattr(found, scope)]
    assert stored.section is not None
    assert stored.section.slug == "investigations"


def test_an_article_gets_its_tag_uri_once_from_the_day_it_was_stored(tx: Tx) -> None:
    late_in_bogota = datetime.fromisoformat("2026-03-06T22:00:00-05:00")
    number = revisions.add_article(tx, "site", a_state(), host=HOST, now=late_in_bogota.astimezone(UTC))
    revise(tx, number, RevisionKind.SUBSTANTIVE, url="https://news.example.org/moved/")

    stored = articles.get_article(tx, number)

    assert (stored.uri, stored.first_stored) == (f"tag:news.example.org,2026-03-07:article/{number}", late_in_bogota)


def test_a_number_is_never_used_again_not_even_after_its_article_is_gone(tx: Tx) -> None:
    publish(tx, "first")
    number = publish(tx, "second")
    gone = articles.get_article(tx, number).revision
    tx.execute(delete(article_key).where(article_key.c.article == number))
    tx.execute(delete(revision_term).where(revision_term.c.revision == gone))
    tx.execute(delete(revision).where(revision.c.id == gone))
    tx.execute(delete(article).where(article.c.number == number))

    assert publish(tx, "third") > number


def test_at_first_an_article_is_as_old_as_its_source_says_and_never_older_than_its_publication(tx: Tx) -> None:
    published = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    moments = [None, published - HOUR, published + HOUR]
    added = [publish(tx, f"a{n}", published=published, modified=moment) for n, moment in enumerate(moments)]

    updated = [articles.get_article(tx, number).updated for number in added]

    assert updated == [published, published, published + HOUR]


@pytest.mark.parametrize("kind", [kind for kind in RevisionKind if kind not in {"first", "withdrawal"}])
def test_all_revisions_but_minor_ones_move_updated(tx: Tx, kind: RevisionKind) -> None:
    number = publish(tx)
    before = articles.get_article(tx, number).updated

    current = revise(tx, number, kind, title="The gold route, again")
    stored = articles.get_article(tx, number)

    assert stored.updated == (before if kind is RevisionKind.MINOR else LATER)
    assert (stored.title, stored.revision) == ("The gold route, again", current)


def test_a_revision_takes_away_what_the_source_no_longer_says(tx: Tx) -> None:
    number = publish(tx, **FULL)

    revise(tx, number, RevisionKind.MINOR, section=None, countries=(), authors=())
    stored = articles.get_article(tx, number)

    assert (stored.section, stored.countries, stored.topics, stored.authors) == (None, (), (), ())
    assert (stored.images, stored.corrections, stored.notes, stored.no_republish) == ((), (), (), False)


def test_the_history_tells_every_state_with_its_moment(tx: Tx) -> None:
    number = publish(tx)
    revise(tx, number, RevisionKind.CORRECTION)
    withdraw(tx, number, now=LATER + HOUR)
    revise(tx, number, RevisionKind.RESTORED)

    history = articles.list_revisions(tx, number)

    assert [one.kind for one in history] == ["first", "correction", "withdrawal", "restored"]
    assert [one.at for one in history] == [FRIDAY, LATER, LATER + HOUR, LATER]


def test_a_withdrawn_article_keeps_its_last_words_pictures_terms_and_corrections(tx: Tx) -> None:
    number = publish(tx, **FULL)
    before = articles.get_article(tx, number)

    withdraw(tx, number, now=LATER)
    stored = articles.get_article(tx, number)

    assert (stored.status, stored.withdrawn_at, stored.updated) == (Status.WITHDRAWN, LATER, LATER)
    for name in ("title", "content_html", "authors", "section", "countries", "topics", "images", "corrections"):
        assert getattr(stored, name) == getattr(before, name)
    assert stored.revision > before.revision


def test_withdrawing_twice_changes_nothing(tx: Tx) -> None:
    number = publish(tx)
    withdraw(tx, number)
    before = articles.get_article(tx, number)

    withdraw(tx, number, now=LATER)

    assert articles.get_article(tx, number) == before
    assert kinds_of(tx, number) == ["first", "withdrawal"]


def test_an_article_comes_back_under_its_old_number_and_address_in_the_house(tx: Tx) -> None:
    number = publish(tx)
    uri = articles.get_article(tx, number).uri
    withdraw(tx, number)

    revise(tx, number, RevisionKind.RESTORED)
    stored = articles.get_article(tx, number)

    assert (stored.status, stored.withdrawn_at, stored.uri, stored.updated) == (Status.PUBLIC, None, uri, LATER)


WORKS = {"original": None, "translation": "original", "of the translation": "translation"}


@pytest.mark.parametrize("order", list(permutations(WORKS)), ids="-".join)
def test_a_chain_of_translations_is_one_work_in_whatever_order_it_comes(tx: Tx, order: tuple[str, ...]) -> None:
    added = {key: publish(tx, key, translation_of=WORKS[key]) for key in order}

    in_it = [one.number for one in articles.list_work(tx, added["original"])]

    assert in_it == sorted(added.values())


def test_translations_of_each_other_are_one_work(tx: Tx) -> None:
    added = [publish(tx, "a", translation_of="b"), publish(tx, "b", translation_of="a")]

    assert len(set(works_of(tx, *added))) == 1


def test_an_article_that_names_itself_as_its_original_is_a_work_of_its_own(tx: Tx) -> None:
    number = publish(tx, "a", translation_of="a")
    revise(tx, number, RevisionKind.MINOR, key="a", translation_of="a")

    stored = articles.get_article(tx, number)

    assert (stored.work_id, stored.translation_of) == (number, None)


def test_a_revision_that_names_its_original_joins_that_work(tx: Tx) -> None:
    original, translation = publish(tx), publish(tx, "la-ruta")

    revise(tx, translation, RevisionKind.MINOR, key="la-ruta", translation_of="gold-route")

    assert articles.get_article(tx, translation).translation_of == original


def test_a_key_is_the_sources_own_so_another_source_neither_joins_nor_adopts(tx: Tx) -> None:
    waiting = publish(tx, "la-ruta", translation_of="gold-route")

    number = revisions.add_article(tx, "partner", a_state(), host=HOST, now=FRIDAY)

    assert works_of(tx, waiting, number) == [waiting, number]


def test_narrowing_an_article_changes_its_terms_of_use_and_nothing_that_a_reader_sees(tx: Tx) -> None:
    number = publish(tx, **FULL)
    before = articles.get_article(tx, number)
    narrow = revisions.Restricted(licence=None, why="its licence is gone", no_republish=True, embargo_until=None)

    revisions.restrict_article(tx, number, narrow, now=LATER)

    after = articles.get_article(tx, number)
    assert (after.licence, after.licence_why, after.embargo_until) == (None, "its licence is gone", None)
    restored = replace(
        after, licence=before.licence, licence_why=before.licence_why, embargo_until=before.embargo_until
    )
    assert replace(restored, revision=before.revision) == before
    assert kinds_of(tx, number) == ["first", "minor"]


def test_a_revision_that_names_its_original_takes_its_own_translations_along(tx: Tx) -> None:
    original, translation = publish(tx), publish(tx, "la-ruta")
    of_the_translation = publish(tx, "a-rota", translation_of="la-ruta")

    revise(tx, translation, RevisionKind.MINOR, key="la-ruta", translation_of="gold-route")

    assert works_of(tx, translation, of_the_translation) == [original, original]


def test_an_article_that_is_a_translation_no_longer_is_a_work_of_its_own(tx: Tx) -> None:
    publish(tx)
    translation = publish(tx, "la-ruta", translation_of="gold-route")

    revise(tx, translation, RevisionKind.MINOR, key="la-ruta")

    assert works_of(tx, translation) == [translation]


def test_an_article_whose_original_was_named_wrongly_joins_the_right_one_when_that_comes(tx: Tx) -> None:
    publish(tx, "wrong")
    translation = publish(tx, "la-ruta", translation_of="wrong")
    revise(tx, translation, RevisionKind.MINOR, key="la-ruta", translation_of="gold-route")

    original = publish(tx)

    assert works_of(tx, translation) == [original]
