"""The newsroom that the clock is tried on, on both databases."""

from pathlib import Path

import pytest

from publisher.store.engine import Store
from tests.house import House


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


@pytest.fixture
def sqlite_house(sqlite_store: Store, tmp_path: Path) -> House:
    """Where the database does not matter."""
    return House(sqlite_store, tmp_path)
