"""The house itself: who this store is."""

from datetime import datetime

from sqlalchemy import insert, select

from publisher.store.engine import Tx
from publisher.store.schema import house


def get_store_id(tx: Tx) -> str:
    """The store's own name, in every attempt's mark at the provider."""
    return str(tx.execute(select(house.c.store_id)).scalar_one())


def name_store(tx: Tx, store_id: str, *, now: datetime) -> None:
    """Gives a new store its name; one that has a name keeps it."""
    if tx.execute(select(house.c.id)).one_or_none() is None:
        tx.execute(insert(house).values(id=1, store_id=store_id, made_at=now))
