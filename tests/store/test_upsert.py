"""Inserting what is missing: what is there stays as it is, on both databases."""

from sqlalchemy import select

from publisher.store.engine import Tx
from publisher.store.schema import newsletter, suppression
from publisher.store.upsert import insert_missing
from tests.builders import FRIDAY


def test_a_row_whose_key_is_there_stays_and_the_others_come_in(tx: Tx) -> None:
    insert_missing(tx, suppression, [{"key": "ana", "reason": "bounced", "at": FRIDAY}])
    rows = [{"key": key, "reason": "manual", "at": FRIDAY} for key in ("ana", "ben", "ben")]

    insert_missing(tx, suppression, rows)

    found = tx.execute(select(suppression.c.key, suppression.c.reason).order_by(suppression.c.key)).all()
    assert [tuple(row) for row in found] == [("ana", "bounced"), ("ben", "manual")]


def test_any_unique_column_makes_a_row_one_that_is_there(tx: Tx) -> None:
    insert_missing(tx, newsletter, [{"name": "weekly", "list_id": "first"}])
    insert_missing(tx, newsletter, [{"name": "weekly", "list_id": "second"}])

    assert list(tx.execute(select(newsletter.c.list_id)).scalars()) == ["first"]


def test_nothing_to_insert_is_nothing_to_do(tx: Tx) -> None:
    insert_missing(tx, suppression, [])

    assert tx.execute(select(suppression)).all() == []
