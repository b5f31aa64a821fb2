"""Making the tables: what goes wrong is said in words."""

from pathlib import Path

import pytest
from sqlalchemy import event

from publisher.model.errors import StoreError
from publisher.store.engine import Store
from publisher.store.migrate import current_step, migrate, newest_step
from tests.builders import FRIDAY


def test_a_disk_that_is_full_while_tables_are_made_is_told_in_words(tmp_path: Path) -> None:
    store = Store("sqlite:///var/publisher.db", tmp_path)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 8"))

    with pytest.raises(StoreError, match="Make room on its disk"):
        migrate(store, store_id="abcdefgh", now=FRIDAY)

    store.close()


def test_migrating_twice_leaves_a_store_where_it_is(tmp_path: Path) -> None:
    store = Store("sqlite:///var/publisher.db", tmp_path)

    migrate(store, store_id="abcdefgh", now=FRIDAY)
    migrate(store, store_id="bcdefghi", now=FRIDAY)

    assert current_step(store) == newest_step()
    store.close()
