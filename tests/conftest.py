"""What tests share: both databases, and the clock of the fixed cast's Friday."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from publisher.store.engine import Store
from publisher.store.migrate import migrate
from tests.postgres import running_postgres

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
counter = itertools.count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One server per worker, with a migrated database to copy."""
    with running_postgres() as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE base"))
        base = Store(url.replace("/postgres?", "/base?"), Path())
        migrate(base, store_id="teststor", now=NOW)
        base.close()
        admin.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store, on each database."""
    if request.param == "sqlite":
        opened = Store("sqlite:///var/publisher.db", tmp_path)
        migrate(opened, store_id="teststor", now=NOW)
    else:
        opened = Store(new_database(request.getfixturevalue("postgres_url")), tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated store where the database does not matter."""
    opened = Store("sqlite:///var/publisher.db", tmp_path)
    migrate(opened, store_id="teststor", now=NOW)
    yield opened
    opened.close()


def new_database(url: str) -> str:
    """A fresh copy of the migrated database; its URL."""
    name = f"t{next(counter)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE base"))
    admin.dispose()
    return url.replace("/postgres?", f"/{name}?")
