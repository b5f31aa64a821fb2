"""What a newsletter has done with each article: the state decides what is new, never a date."""

import pytest

from publisher.model.article import Kind
from publisher.model.edition import EditionItem, EditionState, ItemState, LeftOutItem
from publisher.store import editions, items
from publisher.store.engine import Tx
from tests.builders import FRIDAY
from tests.store.store_builders import HOUR, LATER, a_newsletter, an_edition, publish, withdraw

NEVER_AGAIN = (ItemState.USED, ItemState.EXCLUDED, ItemState.EXPIRED)


@pytest.fixture
def weekly(tx: Tx) -> int:
    """A newsletter that has carried nothing yet."""
    return a_newsletter(tx)


def mark(tx: Tx, newsletter: int, article: int, state: ItemState) -> None:
    items.mark_items(tx, newsletter, [(article, state, "said so")], now=FRIDAY)


def candidates(tx: Tx, newsletter: int) -> dict[int, ItemState]:
    return dict(items.list_candidates(tx, newsletter, kinds=[Kind.STORY]))


def an_edition_with(tx: Tx, newsletter: int, *articles: int, left_out: tuple[int, ...] = ()) -> int:
    """A closed edition of these articles, so that the next may be opened."""
    held = [LeftOutItem(article=number, title="", why="over the maximum") for number in left_out]
    placed = [
        EditionItem(
            article=number, revision=0, work_id=0, title="", language="", block="stories", position=place, why=""
        )
        for place, number in enumerate(articles)
    ]
    slot = FRIDAY + HOUR * len(editions.list_editions(tx))
    edition = an_edition(tx, newsletter, slot, state=EditionState.CANCELLED).id
    editions.store_items(tx, edition, placed, held)
    return edition


def test_candidates_are_public_articles_of_the_kinds_newest_first(tx: Tx, weekly: int) -> None:
    new, twin = publish(tx, "new", published=LATER), publish(tx, "twin", published=LATER)
    old = publish(tx, "old", published=FRIDAY)
    update = publish(tx, "update", published=LATER, kind=Kind.UPDATE)
    withdraw(tx, publish(tx, "gone"))

    both = items.list_candidates(tx, weekly, kinds=list(Kind), limit=3)

    assert list(candidates(tx, weekly)) == [twin, new, old]
    assert [number for number, _ in both] == [update, twin, new]


@pytest.mark.parametrize("state", ItemState)
def test_what_a_newsletter_used_excluded_or_let_expire_never_comes_again(tx: Tx, weekly: int, state: ItemState) -> None:
    number = publish(tx)

    mark(tx, weekly, number, state)

    assert candidates(tx, weekly) == ({} if state in NEVER_AGAIN else {number: state})


def test_a_backdated_article_is_new_all_the_same(tx: Tx, weekly: int) -> None:
    mark(tx, weekly, publish(tx), ItemState.USED)

    late = publish(tx, "late", published=FRIDAY - 8000 * HOUR)

    assert candidates(tx, weekly) == {late: ItemState.NEW}


def test_what_one_newsletter_did_is_nothing_to_another(tx: Tx, weekly: int) -> None:
    number = publish(tx)
    mark(tx, weekly, number, ItemState.USED)

    alerts = a_newsletter(tx, "alerts")

    assert candidates(tx, alerts) == {number: ItemState.NEW}
    assert (items.has_carried(tx, weekly), items.has_carried(tx, alerts)) == (True, False)


def test_a_newsletter_that_only_excluded_and_held_has_carried_nothing(tx: Tx, weekly: int) -> None:
    mark(tx, weekly, publish(tx, "a"), ItemState.EXCLUDED)
    mark(tx, weekly, publish(tx, "b"), ItemState.HELD)

    assert not items.has_carried(tx, weekly)


def test_the_newest_word_on_an_item_counts(tx: Tx, weekly: int) -> None:
    number = publish(tx)
    for state in (ItemState.EXCLUDED, ItemState.NEW):
        mark(tx, weekly, number, state)

    assert candidates(tx, weekly) == {number: ItemState.NEW}


def test_an_edition_uses_what_is_in_it_and_not_what_was_left_out(tx: Tx, weekly: int) -> None:
    gold, ships, old = (publish(tx, key) for key in ("gold", "ships", "old"))
    edition = an_edition_with(tx, weekly, gold, ships, left_out=(old,))

    items.use_items(tx, weekly, edition, now=FRIDAY)

    assert candidates(tx, weekly) == {old: ItemState.NEW}


def test_a_cancelled_edition_gives_back_its_own_items_only(tx: Tx, weekly: int) -> None:
    gold, ships, old = (publish(tx, key) for key in ("gold", "ships", "old"))
    first, second = an_edition_with(tx, weekly, gold), an_edition_with(tx, weekly, ships)
    mark(tx, weekly, old, ItemState.EXCLUDED)
    for edition in (first, second):
        items.use_items(tx, weekly, edition, now=FRIDAY)

    items.release_items(tx, weekly, second, now=LATER)

    assert candidates(tx, weekly) == {ships: ItemState.NEW}


def test_what_was_given_back_and_used_by_a_later_edition_stays_used(tx: Tx, weekly: int) -> None:
    gold = publish(tx)
    first, second = an_edition_with(tx, weekly, gold), an_edition_with(tx, weekly, gold)
    items.use_items(tx, weekly, first, now=FRIDAY)
    items.release_items(tx, weekly, first, now=FRIDAY)
    items.use_items(tx, weekly, second, now=FRIDAY)

    items.release_items(tx, weekly, first, now=LATER)

    assert candidates(tx, weekly) == {}
