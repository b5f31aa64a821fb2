"""What gathering judges by: the keys of a source, and what is stored under each."""

from publisher.model.article import Status
from publisher.store import known, revisions
from publisher.store.engine import Tx
from tests.builders import FRIDAY, a_state
from tests.store.store_builders import HOST, publish, withdraw


def test_what_is_known_of_a_key_is_what_gathering_judges_by(tx: Tx) -> None:
    state = a_state()
    number = publish(tx)
    withdraw(tx, number)

    found = known.find_known(tx, "site", "gold-route")

    assert found is not None
    assert (found.number, found.key, found.status) == (number, "gold-route", Status.WITHDRAWN)
    assert (found.digest, found.words) == (state.digest, state.words)


def test_a_key_means_something_only_to_its_own_source(tx: Tx) -> None:
    publish(tx)

    assert known.find_known(tx, "partner", "gold-route") is None


def test_the_keys_of_a_source_come_in_pages_each_once_withdrawn_ones_too(tx: Tx) -> None:
    added = [publish(tx, f"key-{number}") for number in (3, 1, 5, 2, 4)]
    withdraw(tx, added[0])
    revisions.add_article(tx, "partner", a_state("key-0"), host=HOST, now=FRIDAY)

    first = known.list_known(tx, "site", limit=3)
    second = known.list_known(tx, "site", after=first[-1].key, limit=3)

    assert [one.key for one in first + second] == ["key-1", "key-2", "key-3", "key-4", "key-5"]
    assert known.list_known(tx, "site", after="key-5") == []
