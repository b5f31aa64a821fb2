"""Editions: one for a slot, one open for a newsletter; items, cuts, fragments and variants hang on it."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from publisher.model.article import RevisionKind
from publisher.model.edition import (
    OPEN_STATES,
    Arrangement,
    Edition,
    EditionItem,
    EditionState,
    Form,
    LeftOutItem,
)
from publisher.model.errors import NotFoundError, WrongStateError
from publisher.store import editions, slots
from publisher.store.editions import NewVariant
from publisher.store.engine import Store, Tx
from publisher.store.schema import cut, fragment, variant, variant_item
from tests.builders import FRIDAY
from tests.store.store_builders import (
    LATER,
    SEND_BY,
    a_cut,
    a_fragment,
    a_newsletter,
    an_edition,
    an_item_fragment,
    publish,
    revise,
)

WEEK = timedelta(days=7)
CLOSED_STATES = sorted(set(EditionState) - OPEN_STATES)


@pytest.fixture
def edition(tx: Tx) -> Edition:
    """The composed edition of Friday."""
    return an_edition(tx, a_newsletter(tx))


def an_item(article: int, position: int = 0, **changes: Any) -> EditionItem:  # noqa: ANN401 - fields of the item
    values: dict[str, Any] = {
        "revision": 0,
        "work_id": 0,
        "title": "",
        "language": "",
        "block": "stories",
        "why": "new",
    }
    return EditionItem(article=article, position=position, **values | changes)


def test_a_newsletter_is_made_at_first_use_and_its_list_id_never_follows_the_configuration(tx: Tx) -> None:
    first = editions.ensure_newsletter(tx, "weekly", list_id="weekly.news.example.org")
    again = editions.ensure_newsletter(tx, "weekly", list_id="weekly.moved.example.org")

    assert (first, editions.list_id_of(tx, first)) == (again, "weekly.news.example.org")
    assert (editions.get_number(tx, "weekly"), editions.find_newsletter(tx, first)) == (first, "weekly")


def test_a_newsletter_that_was_never_used_has_no_number(tx: Tx) -> None:
    assert editions.find_number(tx, "weekly") is None
    assert editions.find_newsletter(tx, 10**9) is None
    with pytest.raises(NotFoundError, match="There is no newsletter weekly"):
        editions.get_number(tx, "weekly")


def test_an_edition_is_read_back_as_it_was_opened(tx: Tx) -> None:
    newsletter = a_newsletter(tx)
    arrangement = {"pinned": [3, 1], "dropped": [2], "order": []}

    opened = an_edition(tx, newsletter, goes_at=LATER, note="Dear reader", arrangement=arrangement, is_custom=1)

    assert editions.get_edition(tx, str(opened.id)) == opened
    assert (opened.newsletter, opened.slot, opened.tag) == ("weekly", FRIDAY, "weekly20260306t1200z")
    assert (opened.goes_at, opened.send_by, opened.note, opened.is_custom) == (LATER, SEND_BY, "Dear reader", True)
    assert opened.arrangement == Arrangement(pinned=(3, 1), dropped=(2,))
    assert editions.newsletter_of(tx, opened.id) == newsletter


def test_whoever_comes_second_finds_the_edition_of_the_slot_as_it_is(tx: Tx, edition: Edition) -> None:
    newsletter = editions.newsletter_of(tx, edition.id)
    editions.change_edition(tx, edition.id, subject="By hand")

    found, is_new = editions.open_edition(tx, newsletter, FRIDAY, {"subject": "Another"})

    assert (found.id, found.subject, is_new) == (edition.id, "By hand", False)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_no_second_edition_is_opened_while_one_is_open(tx: Tx, edition: Edition, state: EditionState) -> None:
    newsletter = editions.newsletter_of(tx, edition.id)
    editions.change_edition(tx, edition.id, state=state)

    with pytest.raises(WrongStateError, match=rf"Edition {edition.id} of weekly, slot 2026-03-06.* is {state}"):
        an_edition(tx, newsletter, FRIDAY + WEEK)

    found = editions.find_open_edition(tx, newsletter)
    assert found is not None
    assert found.id == edition.id


@pytest.mark.parametrize("state", CLOSED_STATES)
def test_an_edition_that_wants_nothing_more_leaves_room_for_the_next(
    tx: Tx, edition: Edition, state: EditionState
) -> None:
    newsletter = editions.newsletter_of(tx, edition.id)
    editions.change_edition(tx, edition.id, state=state)

    assert editions.find_open_edition(tx, newsletter) is None
    assert an_edition(tx, newsletter, FRIDAY + WEEK).id > edition.id


def test_newsletters_do_not_wait_for_each_other(tx: Tx, edition: Edition) -> None:
    alerts = an_edition(tx, a_newsletter(tx, "alerts"))

    assert (alerts.newsletter, alerts.slot) == ("alerts", edition.slot)


def open_one(store: Store, newsletter: int, slot: datetime) -> int | str:
    """What a process gets that opens the edition of a slot: its number, or the state of the other one that is open."""
    try:
        with store.begin() as tx:
            slots.open_slot(tx, newsletter, slot, by_clock=False)
            return an_edition(tx, newsletter, slot).id
    except WrongStateError as error:
        return error.state


@pytest.mark.parametrize("weeks", [0, 1], ids=["the same slot", "another slot"])
def test_who_opens_an_edition_while_another_process_does_waits_for_what_becomes_of_it(store: Store, weeks: int) -> None:
    with store.begin() as tx:
        newsletter = a_newsletter(tx)

    with ThreadPoolExecutor(1) as pool:
        with store.begin() as tx:
            first = an_edition(tx, newsletter).id
            second = pool.submit(open_one, store, newsletter, FRIDAY + weeks * WEEK)
            wait([second], timeout=0.2)  # long enough to come through, if it does not wait

        assert second.result() == [first, "composed"][weeks]


def test_processes_that_open_several_slots_at_one_moment_do_not_block_each_other_and_one_wins(store: Store) -> None:
    with store.begin() as tx:
        newsletter = a_newsletter(tx)

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(lambda week: open_one(store, newsletter, FRIDAY + week * WEEK), range(6)))

    assert sorted(map(str, got))[1:] == ["composed"] * 5


@pytest.mark.parametrize("reference", [10**9, str(10**9), "9" * 40, "weekly", "", "²", "-1"])
def test_what_names_no_edition_is_not_found(tx: Tx, reference: str | int) -> None:
    with pytest.raises(NotFoundError, match="There is no edition"):
        editions.get_edition(tx, reference)


def test_editions_are_listed_by_newest_slot_and_by_state(tx: Tx) -> None:
    newsletter = a_newsletter(tx)
    states = (EditionState.SENT, EditionState.SKIPPED, EditionState.SENT, EditionState.REVIEW)
    for week, state in zip((1, 0, 2, 3), states, strict=True):
        an_edition(tx, newsletter, FRIDAY + week * WEEK, state=state)

    listed = [one.slot for one in editions.list_editions(tx)]
    sent = [one.slot for one in editions.list_editions(tx, states=[EditionState.SENT], limit=1)]

    assert listed == [FRIDAY + n * WEEK for n in (3, 2, 1, 0)]
    assert sent == [FRIDAY + 2 * WEEK]


def test_a_state_is_changed_only_from_the_states_that_were_named(tx: Tx, edition: Edition) -> None:
    among = [EditionState.COMPOSED, EditionState.REVIEW]

    moved = [
        editions.move_edition(tx, edition.id, to=EditionState.FREEZING, among=among, reason="approved")
        for _ in range(2)
    ]

    found = editions.get_edition(tx, edition.id)
    assert moved == [True, False]
    assert (found.state, found.reason) == (EditionState.FREEZING, "approved")


def test_an_editions_items_are_written_anew_in_order_with_their_revisions(tx: Tx, edition: Edition) -> None:
    gold, ships, update = (publish(tx, key, title=key) for key in ("gold", "ships", "update"))
    editions.store_items(tx, edition.id, [an_item(gold)], [])

    editions.store_items(
        tx,
        edition.id,
        [an_item(update, block="updates"), an_item(ships, 1), an_item(gold, 0, why="pinned")],
        [],
    )

    found = editions.list_items(tx, edition.id)
    assert [(one.title, one.block, one.why) for one in found] == [
        ("gold", "stories", "pinned"),
        ("ships", "stories", "new"),
        ("update", "updates", "new"),
    ]
    assert [one.work_id for one in found] == [gold, ships, update]


def test_an_item_keeps_the_words_that_it_was_composed_with(tx: Tx, edition: Edition) -> None:
    number = publish(tx, title="As composed", language="es")
    editions.store_items(tx, edition.id, [an_item(number)], [])
    before = editions.list_items(tx, edition.id)

    revise(tx, number, RevisionKind.SUBSTANTIVE, title="As changed later")

    assert editions.list_items(tx, edition.id) == before
    assert [(one.title, one.language) for one in before] == [("As composed", "es")]


def test_what_was_left_out_is_kept_apart_in_its_order_with_the_reason(tx: Tx, edition: Edition) -> None:
    gold, ships, old = (publish(tx, key, title=key) for key in ("gold", "ships", "old"))
    left_out = [
        LeftOutItem(article=ships, title="ships", why="over the maximum"),
        LeftOutItem(article=old, title="old", why="too old"),
    ]

    editions.store_items(tx, edition.id, [an_item(gold)], left_out)

    assert editions.list_left_out(tx, edition.id) == left_out
    assert [one.article for one in editions.list_items(tx, edition.id)] == [gold]


def store_one_cut(tx: Tx, edition: int, *variants: NewVariant, **changes: Any) -> int:  # noqa: ANN401 - its columns
    """A cut of an opening, a gold story and a closing, for these variants."""
    values = {"edition": edition, "mark": "q7m2", "sender": "Example Observatory <digest@mail.example.org>"}
    values |= {"headers": [["List-Id", "<weekly>"], ["Reply-To", "x"]], "at": FRIDAY, "frozen_at": None}
    pieces = [
        a_fragment(html="<html>", text="OPEN\n"),
        an_item_fragment(publish(tx), "en", text="gold\n"),
        a_fragment(form=Form.CLOSE, html="</html>", text="CLOSE\n"),
    ]
    return editions.store_cut(tx, values | changes, pieces, variants)


def a_variant(*places: int, language: str = "en", subject: str = "The gold route") -> NewVariant:
    return NewVariant(language=language, subject=subject, preheader="At night", fragments=places)


def test_a_new_cut_is_the_one_that_counts_for_its_edition(tx: Tx, edition: Edition) -> None:
    a_cut(tx, edition.id)
    number = store_one_cut(tx, edition.id, a_variant(0))

    found = editions.get_cut(tx, number)

    assert editions.get_edition(tx, edition.id).cut == number
    assert (found.edition, found.mark, found.at, found.frozen_at) == (edition.id, "q7m2", FRIDAY, None)
    assert found.headers == (("List-Id", "<weekly>"), ("Reply-To", "x"))


def test_a_letter_is_its_variants_fragments_in_their_order(tx: Tx, edition: Edition) -> None:
    number = store_one_cut(tx, edition.id, a_variant(2, 0), a_variant(0, 1, 2, language="es", subject="La ruta"))
    variants = editions.list_variants(tx, number)

    letters = [editions.load_letter(tx, variants[language]) for language in ("en", "es")]

    assert [one.text for one in letters] == ["CLOSE\nOPEN\n", "OPEN\ngold\nCLOSE\n"]
    assert letters[0].html == "</html><html>"
    assert [(one.language, one.subject, one.preheader) for one in letters] == [
        ("en", "The gold route", "At night"),
        ("es", "La ruta", "At night"),
    ]
    assert [one.form for one in editions.list_fragments(tx, variants["es"])] == [Form.OPEN, Form.ITEM, Form.CLOSE]


def test_a_cut_holds_each_list_of_pieces_once_and_a_second_cut_may_hold_it_again(tx: Tx, edition: Edition) -> None:
    a_cut(tx, edition.id)
    a_cut(tx, edition.id)

    assert sorted(language for _, language in editions.list_all_variants(tx, edition.id)) == ["en", "en", "es", "es"]
    with pytest.raises(IntegrityError):
        store_one_cut(tx, edition.id, a_variant(0, 2), a_variant(0, 2, subject="another subject"))


def test_a_cut_is_frozen_once_for_all_its_dates_and_tokens(tx: Tx, edition: Edition) -> None:
    number = store_one_cut(tx, edition.id, a_variant(0))

    editions.freeze_cut(tx, number, now=FRIDAY)
    editions.freeze_cut(tx, number, now=LATER)

    assert editions.get_cut(tx, number).frozen_at == FRIDAY


def test_composing_anew_drops_an_editions_cuts_with_all_that_hangs_on_them_and_no_others(
    tx: Tx, edition: Edition
) -> None:
    other = an_edition(tx, a_newsletter(tx, "alerts"))
    kept = store_one_cut(tx, other.id, a_variant(0, 1))
    a_cut(tx, edition.id)
    a_cut(tx, edition.id)

    editions.drop_cuts(tx, edition.id)

    counts = [tx.execute(select(func.count()).select_from(one)).scalar_one() for one in (cut, fragment, variant)]
    assert (counts, tx.execute(select(func.count()).select_from(variant_item)).scalar_one()) == ([1, 3, 1], 2)
    assert (editions.get_edition(tx, edition.id).cut, editions.get_edition(tx, other.id).cut) == (None, kept)


def test_a_frozen_cut_is_never_dropped(tx: Tx, edition: Edition) -> None:
    number = store_one_cut(tx, edition.id, a_variant(0))
    editions.freeze_cut(tx, number, now=FRIDAY)

    editions.drop_cuts(tx, edition.id)

    assert editions.load_letter(tx, editions.list_variants(tx, number)["en"]).html == "<html>"


@pytest.mark.parametrize(
    ("archive", "state", "counted"),
    [
        ("editions/weekly/2026-03-06", EditionState.SENT, 1),
        ("editions/weekly/2026-03-06-2", EditionState.CANCELLED, 1),
        ("editions/weekly/2026-03-06", EditionState.SKIPPED, 0),  # reached nobody
        ("editions/weekly/2026-03-07", EditionState.SENT, 0),
        ("editions/weekly-2/2026-03-06", EditionState.SENT, 0),
    ],
)
def test_the_editions_of_a_day_are_counted_by_their_folder(
    tx: Tx, archive: str, state: EditionState, counted: int
) -> None:
    an_edition(tx, a_newsletter(tx), archive=archive, state=state)

    assert editions.count_archives(tx, "editions/weekly/2026-03-06") == counted
