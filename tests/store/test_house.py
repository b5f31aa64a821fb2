"""The house: a store has one name for ever, for it stands in every attempt's mark at the provider."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from publisher.store.engine import Tx
from publisher.store.house import get_store_id, name_store
from publisher.store.schema import house
from tests.builders import FRIDAY


def test_a_store_that_has_a_name_keeps_it(tx: Tx) -> None:
    name_store(tx, "another1", now=FRIDAY)

    assert get_store_id(tx) == "teststor"


def test_a_new_store_gets_the_name(tx: Tx) -> None:
    tx.execute(house.delete())

    name_store(tx, "another1", now=FRIDAY)

    assert get_store_id(tx) == "another1"


def test_there_is_no_second_house(tx: Tx) -> None:
    with pytest.raises(IntegrityError):
        tx.execute(insert(house).values(id=2, store_id="another1", made_at=FRIDAY))
