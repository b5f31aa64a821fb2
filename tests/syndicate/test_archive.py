"""The web archive: the public sees what was sent, less what is personal and what was taken back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import hold_edition
from publisher.model.article import Kind
from publisher.model.delivery import DeliveryState
from publisher.model.edition import Edition, EditionState, Form, Fragment
from publisher.schedule.due import end_late
from publisher.store import editions, ledger
from publisher.store.engine import Store
from publisher.syndicate.archive import page_html, page_text
from tests.builders import ANA, BEN, FRIDAY
from tests.house import House

FOLDER = "editions/weekly/2026-03-06"
MARK = "k3v9q2m7"


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def a_bilingual_edition(house: House) -> Edition:
    """Two articles of our cast, one in each language, and somebody to send them to."""
    house.subscribe(ANA, language="es")
    house.subscribe(BEN, language="en")
    house.publish()
    house.publish("la-ruta-del-oro", language="es", title="La ruta del oro")
    return house.compose()


def pages(house: House) -> dict[str, str]:
    """What stands under `public/editions/`, by path; the packed twins left out."""
    public = house.publisher.settings.public
    files = [file for file in (public / "editions").rglob("*") if file.is_file() and file.suffix != ".gz"]
    return {file.relative_to(public).as_posix(): file.read_text() for file in files}


def test_a_sent_edition_has_a_page_and_a_text_in_each_language(house: House) -> None:
    edition = a_bilingual_edition(house)

    house.publisher.send(edition.id, by_hand=True)

    found = pages(house)
    assert set(found) == {f"{FOLDER}/{name}" for name in ("index.html", "index.txt", "es/index.html", "es/index.txt")}
    assert all("The gold route" in found[f"{FOLDER}/{name}"] for name in ("index.html", "index.txt"))
    assert all("La ruta del oro" in found[f"{FOLDER}/es/{name}"] for name in ("index.html", "index.txt"))
    assert all("La ruta del oro" not in found[f"{FOLDER}/{name}"] for name in ("index.html", "index.txt"))


def test_the_address_in_the_mail_is_the_pages(house: House) -> None:
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)

    with house.store.read() as tx:
        variants = editions.list_variants(tx, house.edition(edition.id).cut or 0)
        letters = {language: editions.load_letter(tx, one).text for language, one in variants.items()}

    assert f"https://follow.example.org/{FOLDER}/\n" in letters["en"]
    assert f"https://follow.example.org/{FOLDER}/es/\n" in letters["es"]


def test_nothing_personal_and_no_hole_is_left(house: House) -> None:
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)

    whole = "\n".join(pages(house).values())

    with house.store.read() as tx:
        mark = editions.get_cut(tx, house.edition(edition.id).cut or 0).mark
    personal = (mark, "__", "/u/", "/preferences/", "2026-01-05", ANA, BEN, "unsubscribe", "Cancelar la suscripción")
    assert [one for one in personal if one.lower() in whole.lower()] == []


def test_what_an_inbox_shows_before_opening_is_not_on_the_page(house: House) -> None:
    house.publish("second", title="A second story", published=FRIDAY - timedelta(days=2))
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)

    page = pages(house)[f"{FOLDER}/index.html"]

    assert edition.preheader == "A second story"
    assert "display:none" not in page.replace(" ", "")
    assert page.count("<h1") == 1


def test_the_foot_keeps_what_holds_for_everybody(house: House) -> None:
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)

    found = pages(house)

    for name in ("index.html", "index.txt"):
        assert "Calle 1 # 2-3" in found[f"{FOLDER}/{name}"]
        assert "CC BY-NC 4.0" in found[f"{FOLDER}/{name}"]


def test_a_withdrawn_article_leaves_the_page_its_title_and_its_heading(house: House) -> None:
    doomed = house.publish("doomed", title='Ruiz\'s "gold" & <silver> {{ lies }}', summary="False words.")
    house.publish("update", title="We are hiring", kind=Kind.UPDATE)
    house.subscribe(BEN)
    edition = house.compose()
    house.publisher.send(edition.id, by_hand=True)
    before = pages(house)[f"{FOLDER}/index.html"]

    house.withdraw(doomed)
    house.publisher.build()

    after = pages(house)
    assert "Ruiz" in before
    assert [name for name, text in after.items() if re.search("Ruiz|silver|lies|False words", text)] == []
    assert "<title>weekly/2026-03-06</title>" in after[f"{FOLDER}/index.html"]
    assert "We are hiring" in after[f"{FOLDER}/index.html"]
    assert not re.search(r"<h2[^>]*>Stories</h2>", after[f"{FOLDER}/index.html"])
    assert "\nStories\n" not in after[f"{FOLDER}/index.txt"]


def test_an_edition_that_nobody_approved_is_not_public(house: House) -> None:
    edition = a_bilingual_edition(house)
    end_late(house.publisher, edition)

    house.publisher.build()

    assert house.edition(edition.id).state is EditionState.LATE
    assert pages(house) == {}


def test_a_frozen_edition_is_public_until_somebody_stops_it(house: House) -> None:
    edition = house.frozen_edition(audience=[BEN])
    house.publisher.build()
    frozen = pages(house)

    hold_edition(house.store, edition.id)
    house.publisher.build()

    assert f"{FOLDER}/index.html" in frozen
    assert pages(house) == {}


def test_a_halted_edition_that_somebody_got_stays_public(house: House) -> None:
    edition = house.frozen_edition(audience=[BEN])
    house.publisher.send(edition.id, by_hand=True)
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.HALTED, among=[EditionState.SENT], reason="by hand")
        assert ledger.count_deliveries(tx, edition.id) == {DeliveryState.ACCEPTED: 1}

    house.publisher.build()

    assert f"{FOLDER}/index.html" in pages(house)


def test_a_second_build_leaves_the_archive_alone(house: House) -> None:
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)
    house.publisher.build()

    assert house.publisher.build().written == 0


def test_the_page_is_one_for_browsers(house: House) -> None:
    edition = a_bilingual_edition(house)
    house.publisher.send(edition.id, by_hand=True)

    page = pages(house)[f"{FOLDER}/index.html"]

    assert re.findall(r"\[if mso|xmlns:|bgcolor=|align=\"|mso-|supported-color-schemes:|role=\"article", page) == []
    assert page.count('role="main"') == 1


def test_words_of_an_article_that_look_like_an_attribute_stay() -> None:
    piece = a_piece(Form.ITEM, html='<p align="left">Write <b>bgcolor="red"</b> align="left" &lt;td align="x"&gt;</p>')

    text = page_html(piece, MARK, old="", subject="")

    assert text == '<p>Write <b>bgcolor="red"</b> align="left" &lt;td align="x"&gt;</p>'


def test_a_hole_outside_a_paragraph_is_emptied_too() -> None:
    piece = a_piece(Form.CLOSE, html=f'<td><a href="__unsubscribe_{MARK}__">Leave</a></td><p>Kept.</p>')

    assert page_html(piece, MARK, old="The week", subject="The week") == '<td><a href="">Leave</a></td><p>Kept.</p>'


def test_paragraphs_with_a_hole_leave_the_text_and_the_rule_stays() -> None:
    piece = a_piece(Form.CLOSE, text=f"----\nSince __since_{MARK}__.\n\nLeave:\n__unsubscribe_{MARK}__\n\nBogotá\n")

    assert page_text(piece, MARK) == f"{'-' * 60}\nBogotá\n"


def a_piece(form: Form, *, html: str = "", text: str = "") -> Fragment:
    """A fragment of no article."""
    return Fragment(form=form, language="en", html=html, text=text)
