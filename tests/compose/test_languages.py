"""A newsletter in several languages: each is filled by itself, and a reader gets a work once, in hers."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import Changes, edit_edition
from publisher.model.delivery import LeftOut
from publisher.model.edition import EditionState
from publisher.store import ledger
from publisher.store.engine import Store
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY
from tests.composing import items_of, letters_of, reasons, send_now
from tests.house import House

WEEK = timedelta(days=7)


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    return House(sqlite_store, tmp_path)


def publish_work(house: House) -> tuple[int, int]:
    """A story and its translation."""
    original = house.publish()
    return original, house.publish("oro", title="La ruta del oro", language="es", translation_of="gold-route")


def test_a_reader_gets_one_of_a_work_whatever_her_language(house: House) -> None:
    publish_work(house)
    house.subscribe(ANA, language="es")
    house.subscribe(BEN, language="en")
    house.subscribe(CHIDI, language=None)
    house.subscribe(DOLORES, language="fr")

    edition = house.compose()
    send_now(house, edition)

    copies = house.outbox(edition)
    assert {to: (b"La ruta del oro" in raw, b"The gold route" in raw) for to, raw in copies.items()} == {
        ANA: (True, False),
        BEN: (False, True),
        CHIDI: (False, True),
        DOLORES: (False, True),
    }


@pytest.mark.parametrize(
    ("chosen", "subject"),
    [("es", "La semana"), ("ES", "La semana"), ("es-419", "La semana"), ("est", "The week"), ("pt-BR", "The week")],
)
def test_a_reader_is_written_to_in_her_language_by_its_first_part(house: House, chosen: str, subject: str) -> None:
    publish_work(house)
    house.subscribe(ANA, language=chosen)

    edition = house.compose()
    send_now(house, edition)

    assert f"Subject: {subject}".encode() in house.outbox(edition)[ANA]


def test_each_language_has_its_own_subject_preview_text_and_page(house: House) -> None:
    publish_work(house)

    letters = letters_of(house, house.compose())

    assert {tag: one.subject for tag, one in letters.items()} == {
        "en": "The week: The gold route",
        "es": "La semana: La ruta del oro",
    }
    assert "/editions/weekly/2026-03-06/es/" in letters["es"].html
    assert "/editions/weekly/2026-03-06/es/" not in letters["en"].html


def test_a_subject_by_hand_is_for_the_editions_first_language_only(house: House) -> None:
    publish_work(house)
    edition = house.compose()

    edit_edition(house.publisher.composer, edition.id, Changes(subject="Gold, again"), now=FRIDAY)

    subjects = {tag: one.subject for tag, one in letters_of(house, edition).items()}
    assert subjects == {"en": "Gold, again", "es": "La semana: La ruta del oro"}


def test_a_language_with_too_little_waits_and_its_readers_are_accounted_for(house: House) -> None:
    house.configure(minimum=2)
    for key in ("one", "two"):
        house.publish(key)
    spanish = house.publish("tres", language="es")
    house.subscribe(ANA, language="es")
    house.subscribe(BEN, language="en")

    edition = house.compose()
    send_now(house, edition)
    house.publish("cuatro", language="es", published=FRIDAY + timedelta(days=1))
    following = house.compose(FRIDAY + WEEK)

    with house.store.read() as tx:
        assert ledger.count_left_out(tx, edition.id) == {LeftOut.NOTHING_NEW: 1}
    assert reasons(house, edition) == {spanish: "fewer than 2 new in es"}
    assert list(letters_of(house, following)) == ["es"]
    assert spanish in items_of(house, following)


def test_where_the_first_language_has_too_little_the_next_one_has_the_editions_own_page(house: House) -> None:
    house.publish("oro", language="es", title="La ruta del oro")

    edition = house.compose()

    assert edition.subject == "La semana: La ruta del oro"
    assert "/editions/weekly/2026-03-06/es/" not in letters_of(house, edition)["es"].html


def test_a_translation_that_comes_later_goes_to_readers_of_its_language_and_to_no_one_else(house: House) -> None:
    house.publish()
    house.subscribe(ANA, language="es")
    house.subscribe(BEN, language="en")
    first = send_now(house, house.compose())

    house.publish("oro", title="La ruta del oro", language="es", translation_of="gold-route")
    second = house.compose(FRIDAY + WEEK)
    send_now(house, second)

    assert (list(house.outbox(first)), list(house.outbox(second))) == ([BEN], [ANA])


def test_a_newsletter_that_does_not_carry_a_language_leaves_its_readers_out_and_says_so(house: House) -> None:
    house.configure(select={"languages": ["en"]})
    original, _ = publish_work(house)
    house.subscribe(ANA, language="es")
    house.subscribe(BEN, language="en")

    edition = house.compose()
    send_now(house, edition)

    with house.store.read() as tx:
        assert ledger.count_left_out(tx, edition.id) == {LeftOut.LANGUAGE: 1}
    assert items_of(house, edition) == [original]


def test_an_article_in_a_language_that_the_newsroom_does_not_write_in_is_in_no_edition(house: House) -> None:
    house.publish(language="fr")

    edition = house.compose()

    assert (edition.state, items_of(house, edition), reasons(house, edition)) == (EditionState.SKIPPED, [], {})


def test_the_maximum_holds_for_each_language_by_itself(house: House) -> None:
    house.configure(maximum=1)
    for number in range(2):
        house.publish(f"en{number}", published=FRIDAY - timedelta(hours=number + 1))
        house.publish(f"es{number}", language="es", published=FRIDAY - timedelta(hours=number + 1))

    edition = house.compose()

    assert len(items_of(house, edition)) == 2
    assert list(letters_of(house, edition)) == ["en", "es"]
