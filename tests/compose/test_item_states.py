"""What is new is what a newsletter has not carried: a state for each article, never a date alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import Changes, cancel_edition, edit_edition
from publisher.compose.edition import compose_edition
from publisher.model.edition import EditionState, ItemState
from publisher.store import editions
from publisher.store.engine import Store
from tests.builders import ANA, FRIDAY
from tests.composing import item_states, items_of, reasons, send_now
from tests.house import NEWSLETTER, House, a_publisher

NEW, USED, EXPIRED, EXCLUDED = ItemState.NEW, ItemState.USED, ItemState.EXPIRED, ItemState.EXCLUDED
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    made = House(sqlite_store, tmp_path)
    made.subscribe(ANA)
    return made


def publish_some(house: House, count: int, *, newest: int = 0) -> list[int]:
    """Publishes articles, newest first, an hour between each."""
    ago = [FRIDAY - HOUR * (newest + number) for number in range(1, count + 1)]
    return [house.publish(f"a{newest}-{at:%d%H}", title=f"Of {at:%d %H}", published=at) for at in ago]


def carried_before(house: House) -> int:
    """A newsletter that has had its first edition, a week ago; gives the article that was in it."""
    number = house.publish("first", published=FRIDAY - 8 * DAY)
    send_now(house, house.compose(FRIDAY - WEEK))
    return number


def test_the_first_edition_takes_the_newest_and_expires_the_rest_for_ever(house: House) -> None:
    house.configure(maximum=2)
    one, two, three, four = publish_some(house, 4)

    first = send_now(house, house.compose())
    following = house.compose(FRIDAY + WEEK)

    assert items_of(house, first) == [one, two]
    assert item_states(house) == {one: USED, two: USED, three: EXPIRED, four: EXPIRED}
    assert following.state is EditionState.SKIPPED
    assert set(reasons(house, first).values()) == {"the first edition takes the newest only"}


def test_the_first_edition_that_is_cancelled_expired_nothing_before_its_freeze(house: House) -> None:
    house.configure(maximum=1)
    one, _ = publish_some(house, 2)

    cancel_edition(house.store, house.compose().id, now=FRIDAY)

    assert item_states(house) == {}
    assert items_of(house, house.compose(FRIDAY + HOUR)) == [one]


def test_a_newsletter_that_was_only_skipped_so_far_still_has_its_first_edition_before_it(house: House) -> None:
    house.configure(maximum=1)
    house.compose(FRIDAY - WEEK)
    one, two = publish_some(house, 2)

    send_now(house, house.compose())

    assert item_states(house) == {one: USED, two: EXPIRED}


def test_what_is_over_the_maximum_stays_new_and_competes_again(house: House) -> None:
    house.configure(maximum=2)
    carried_before(house)
    _, _, three = publish_some(house, 3)

    edition = send_now(house, house.compose())
    newer = house.publish("newer", published=FRIDAY + DAY)
    following = house.compose(FRIDAY + WEEK)

    assert reasons(house, edition) == {three: "over the maximum of 2"}
    assert three not in item_states(house)
    assert items_of(house, following) == [newer, three]


def test_what_waited_too_long_over_the_maximum_expires_and_is_named(house: House) -> None:
    house.configure(maximum=1, max_age="10d")
    carried_before(house)
    _, waiting = publish_some(house, 2)
    send_now(house, house.compose())

    house.publish("later", published=FRIDAY + 12 * DAY)
    edition = send_now(house, house.compose(FRIDAY + 2 * WEEK))

    assert reasons(house, edition) == {waiting: "too old: published more than 10 days before the slot"}
    assert item_states(house)[waiting] is EXPIRED


def test_an_article_is_used_when_the_edition_is_frozen_not_when_it_is_composed(house: House) -> None:
    number = house.publish()
    edition = house.compose()
    before = item_states(house)

    house.publisher.freeze(edition.id)

    assert (before, item_states(house)) == ({}, {number: USED})


def test_a_skipped_slot_uses_nothing_and_its_articles_are_in_the_next(house: House) -> None:
    house.configure(minimum=2)
    number = house.publish()

    skipped = house.compose()
    another = house.publish("another", published=FRIDAY + DAY)
    following = house.compose(FRIDAY + WEEK)

    assert skipped.reason == "too little is new: 1 in en, 0 in es; the minimum is 2"
    assert reasons(house, skipped) == {number: "fewer than 2 new in en"}
    assert items_of(house, following) == [another, number]


def test_several_skipped_slots_lose_nothing_that_is_young_enough(house: House) -> None:
    house.configure(minimum=3, max_age="30d")

    states = []
    for week in range(3):
        house.publish(f"w{week}", published=FRIDAY + week * WEEK - HOUR)
        states.append(house.compose(FRIDAY + week * WEEK).state)

    assert states == [EditionState.SKIPPED, EditionState.SKIPPED, EditionState.COMPOSED]


def test_an_article_taken_out_by_hand_is_never_proposed_again_once_the_edition_is_frozen(house: House) -> None:
    kept, dropped = publish_some(house, 2)
    edition = house.compose()

    edit_edition(house.publisher.composer, edition.id, Changes(drop=(str(dropped),)), now=FRIDAY)
    before = item_states(house)
    send_now(house, edition)
    following = house.compose(FRIDAY + WEEK)

    assert before == {}
    assert item_states(house) == {kept: USED, dropped: EXCLUDED}
    assert following.state is EditionState.SKIPPED


def test_what_was_taken_out_by_hand_comes_back_when_it_is_pinned(house: House) -> None:
    one, two = publish_some(house, 2)
    edition = house.compose()

    for changes in (Changes(drop=(str(two),)), Changes(pin=(str(two),))):
        edit_edition(house.publisher.composer, edition.id, changes, now=FRIDAY)

    assert items_of(house, edition) == [two, one]
    assert reasons(house, edition) == {}


def test_what_was_taken_out_of_a_cancelled_edition_is_new_again(house: House) -> None:
    kept, dropped = publish_some(house, 2)
    edition = house.compose()
    edit_edition(house.publisher.composer, edition.id, Changes(drop=(str(dropped),)), now=FRIDAY)

    cancel_edition(house.store, edition.id, now=FRIDAY)

    assert items_of(house, house.compose(FRIDAY + HOUR)) == [kept, dropped]


def test_an_edition_cancelled_after_its_freeze_gives_its_articles_back(house: House) -> None:
    number = house.publish()
    edition, _ = house.publisher.freeze(house.compose().id)

    cancel_edition(house.store, edition.id, now=FRIDAY)
    following = house.compose(FRIDAY + HOUR)

    assert item_states(house) == {number: NEW}
    assert items_of(house, following) == [number]


def test_a_withdrawn_article_is_proposed_to_nobody(house: House) -> None:
    kept, gone = publish_some(house, 2)
    house.withdraw(gone)

    edition = house.compose()

    assert (items_of(house, edition), reasons(house, edition)) == ([kept], {})


def test_each_newsletter_has_states_of_its_own(house: House) -> None:
    number = house.publish()
    rules = house.publisher.settings.newsletters[NEWSLETTER]
    settings = house.publisher.settings.model_copy(update={"newsletters": {NEWSLETTER: rules, "monthly": rules}})
    house.publisher = a_publisher(settings, house.store, house.clock)
    send_now(house, house.compose())

    monthly = compose_edition(house.publisher.composer, "monthly", FRIDAY, by_clock=True, now=FRIDAY)

    with house.store.read() as tx:
        other = editions.newsletter_of(tx, monthly.id)
    assert items_of(house, monthly) == [number]
    assert (item_states(house), item_states(house, other)) == ({number: USED}, {})


def test_an_article_that_was_dated_before_it_was_seen_is_in_the_next_edition_all_the_same(house: House) -> None:
    carried_before(house)
    publish_some(house, 1)
    send_now(house, house.compose())

    backdated = house.publish("backdated", published=FRIDAY - 5 * DAY)

    assert items_of(house, house.compose(FRIDAY + WEEK)) == [backdated]


def test_a_backdated_import_floods_nobody(house: House) -> None:
    carried_before(house)
    old = [house.publish(f"old{n}", published=FRIDAY - (20 + n) * DAY) for n in range(30)]
    number = house.publish()

    edition = send_now(house, house.compose())

    assert items_of(house, edition) == [number]
    assert {item_states(house)[one] for one in old} == {EXPIRED}
