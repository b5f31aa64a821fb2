"""What the store's tests share: a transaction that is undone, so that a test costs milliseconds on both databases."""

from collections.abc import Iterator

import pytest

from publisher.store.engine import Store, Tx
from publisher.store.migrate import migrate
from tests.conftest import NOW, new_database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kept_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One migrated store of each database, in which nothing is ever committed."""
    folder = tmp_path_factory.mktemp("newsroom")
    if request.param == "sqlite":
        opened = Store("sqlite:///var/publisher.db", folder)
        migrate(opened, store_id="teststor", now=NOW)
    else:
        opened = Store(new_database(request.getfixturevalue("postgres_url")), folder)
    yield opened
    opened.close()


@pytest.fixture
def tx(kept_store: Store) -> Iterator[Tx]:
    """A transaction in an empty, migrated store, on each database. Numbers go on where the last test left them."""
    with kept_store.engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
