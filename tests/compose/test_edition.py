"""An edition from composing to freezing: one for each slot, its content written down, its states guarded."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import Changes, cancel_edition, edit_edition, hold_edition, resume_edition
from publisher.model.article import Kind
from publisher.model.edition import EditionState
from publisher.model.errors import UsageError, WrongStateError
from publisher.store import editions, slots
from publisher.store.engine import Store
from tests.builders import ANA, BEN, FRIDAY
from tests.house import House

NEXT_FRIDAY = FRIDAY + timedelta(days=7)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_composing_a_slot_twice_finds_the_same_edition(house: House) -> None:
    house.publish()

    first, second = house.compose(), house.compose()

    assert (first.id, first.tag) == (second.id, "weekly20260306t1200z")


def test_another_slot_cannot_be_composed_while_an_edition_is_open(house: House) -> None:
    house.publish()
    house.compose()

    with pytest.raises(WrongStateError, match="slot 2026-03-06T12:00:00Z, is composed"):
        house.compose(NEXT_FRIDAY)


def test_an_edition_composed_ahead_does_not_move_where_the_clock_goes_on(house: House) -> None:
    house.publish()

    house.compose(FRIDAY + timedelta(days=14))

    with house.store.read() as tx:
        assert slots.last_clock_slot(tx, house.newsletter) is None


def test_an_edition_with_too_little_in_it_is_skipped_with_the_number(house: House) -> None:
    edition = house.compose()

    with house.store.read() as tx:
        line = slots.find_slot(tx, edition.id)
    assert edition.state is EditionState.SKIPPED
    assert line is not None
    assert line.why == "too little is new: 0 in en, 0 in es; the minimum is 1"


def test_an_article_is_in_one_edition_only(house: House) -> None:
    house.frozen_edition(audience=[ANA])
    with house.store.read() as tx:
        first = editions.list_editions(tx)[0]
    house.publisher.send(first.id, by_hand=True)

    following = house.compose(NEXT_FRIDAY)

    assert following.state is EditionState.SKIPPED


def test_a_skipped_edition_takes_no_folder_of_the_archive(house: House) -> None:
    house.compose()
    house.publish()

    following = house.compose(FRIDAY + timedelta(hours=1))

    assert following.archive == "editions/weekly/2026-03-06"


def test_a_late_article_with_an_old_date_is_in_the_next_edition(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.publisher.send(edition.id, by_hand=True)

    number = house.publish("backdated", published=FRIDAY - timedelta(days=3), title="Backdated")
    following = house.compose(NEXT_FRIDAY)

    with house.store.read() as tx:
        assert [item.article for item in editions.list_items(tx, following.id)] == [number]


def test_what_was_composed_is_what_is_frozen(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    composed = house.compose()
    before = letters(house, composed.id)

    frozen, changes = house.publisher.freeze(composed.id)

    assert (frozen.state, changes) == (EditionState.FROZEN, [])
    assert letters(house, composed.id) == before


def test_an_article_withdrawn_before_the_freeze_drops_out(house: House) -> None:
    house.subscribe(ANA)
    doomed = house.publish("doomed", title="A mistaken story")
    house.publish()
    edition = house.compose()

    house.withdraw(doomed)
    frozen, changes = house.publisher.freeze(edition.id)

    assert frozen.state is EditionState.FROZEN
    assert changes == [f"article {doomed} was withdrawn and is out: A mistaken story"]
    assert all("A mistaken story" not in letter for letter in letters(house, edition.id))


def test_a_frozen_edition_cannot_be_edited(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    with pytest.raises(WrongStateError, match="is frozen"):
        edit_edition(house.publisher.composer, edition.id, Changes(subject="Other"), now=house.clock.now())


def test_the_preview_text_of_a_single_article_adds_to_the_subject(house: House) -> None:
    house.publish(summary="It leaves the river at night.")

    edition = house.compose()

    assert (edition.subject, edition.preheader) == ("The week: The gold route", "It leaves the river at night.")


def test_a_person_writes_the_subject(house: House) -> None:
    house.publish()
    edition = house.compose()

    edited = edit_edition(house.publisher.composer, edition.id, Changes(subject="Gold, again"), now=house.clock.now())

    assert edited.subject == "Gold, again"
    with house.store.read() as tx:
        variant = next(iter(editions.list_variants(tx, edited.cut or 0).values()))
        assert editions.load_letter(tx, variant).subject == "Gold, again"


def test_what_there_is_no_room_for_stays_new_and_is_in_the_next_edition(house: House) -> None:
    house.configure(maximum=40)
    house.subscribe(ANA)
    for n in range(40):  # each takes some 3 KB; newest first
        house.publish(f"long-{n}", title=f"Story {n}", summary="é" * 600, published=FRIDAY - timedelta(minutes=n))

    edition = house.compose()
    house.publisher.send(edition.id, by_hand=True)
    following = house.compose(NEXT_FRIDAY)

    with house.store.read() as tx:
        inside, left_out = editions.list_items(tx, edition.id), editions.list_left_out(tx, edition.id)
        later = [item.title for item in editions.list_items(tx, following.id)]
    assert {one.why for one in left_out} == {"no room: the letter would be over 80 KB"}
    assert [item.title for item in inside] == [f"Story {n}" for n in range(len(inside))]
    assert later == [f"Story {n}" for n in range(len(inside), 40)]
    assert all(len(letter.encode()) <= 80_000 for letter in letters(house, edition.id))


def test_stories_and_updates_are_crowded_out_by_age_alike(house: House) -> None:
    house.configure(maximum=40)
    for n in range(40):
        kind = Kind.UPDATE if n % 2 else Kind.STORY
        house.publish(
            f"l{n}", title=f"{kind} {n}", kind=kind, summary="é" * 600, published=FRIDAY - timedelta(minutes=n)
        )

    edition = house.compose()

    with house.store.read() as tx:
        places = [item.position for item in editions.list_items(tx, edition.id)]
        blocks = {item.block for item in editions.list_items(tx, edition.id)}
    assert (sorted(places), blocks) == (list(range(len(places))), {"stories", "updates"})


def test_a_note_that_leaves_no_room_is_refused_and_not_kept(house: House) -> None:
    house.publish()
    edition = house.compose()
    before = letters(house, edition.id)

    with pytest.raises(UsageError, match="over 80 KB before its first article"):
        edit_edition(house.publisher.composer, edition.id, Changes(note="word " * 20_000), now=house.clock.now())

    assert (house.edition(edition.id).note, letters(house, edition.id)) == ("", before)


def test_the_subject_is_made_from_what_stands_first_in_the_letter(house: House) -> None:
    house.publish("news", title="We are hiring", kind=Kind.UPDATE, published=FRIDAY)
    house.publish("story", title="The gold route", published=FRIDAY - timedelta(hours=1))

    edition = house.compose()

    assert (edition.subject, edition.preheader) == ("The week: The gold route", "We are hiring")


def test_a_cancelled_edition_gives_its_articles_back(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    cancel_edition(house.store, edition.id, now=house.clock.now())
    following = house.compose(NEXT_FRIDAY)

    assert following.state is EditionState.COMPOSED


def test_a_cancelled_edition_that_somebody_got_keeps_its_articles(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.publisher.send(edition.id, by_hand=True)

    with pytest.raises(WrongStateError, match="is sent"):
        cancel_edition(house.store, edition.id, now=house.clock.now())


def test_a_held_edition_goes_on_after_resume(house: House) -> None:
    house.subscribe(BEN)
    house.publish()
    edition = house.compose()

    held = hold_edition(house.store, edition.id)
    resumed = resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    report = house.publisher.send(edition.id, by_hand=True)

    assert (held.state, resumed.state, report.state) == (EditionState.HELD, EditionState.REVIEW, EditionState.SENT)


def test_freezing_is_resumed_where_a_crash_left_it(house: House) -> None:
    house.subscribe(ANA, BEN)
    house.publish()
    edition = house.compose()
    from publisher.compose.freeze import close_content

    close_content(house.store, edition.id, now=house.clock.now())
    frozen, _ = house.publisher.freeze(edition.id)
    report = house.publisher.send(edition.id, by_hand=True)

    assert (frozen.state, report.accepted) == (EditionState.FROZEN, 2)


def letters(house: House, number: int) -> list[str]:
    """The bodies of an edition's variants."""
    with house.store.read() as tx:
        cut = editions.get_edition(tx, number).cut or 0
        return [editions.load_letter(tx, variant).html for variant in editions.list_variants(tx, cut).values()]
