"""Making the tables: step by step from empty, alike on both databases; what goes wrong is said in words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, make_url, text

from publisher.model.errors import StoreError
from publisher.store.engine import Store, Tx
from publisher.store.house import get_store_id
from publisher.store.migrate import check_step, current_step, migrate, newest_step, ping
from publisher.store.schema import metadata
from tests.builders import FRIDAY
from tests.conftest import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store without a single table, on each database."""
    url = "sqlite:///var/publisher.db"
    if request.param == "postgresql":
        filled = make_url(new_database(request.getfixturevalue("postgres_url")))
        name = f"empty_{filled.database}"
        engine = create_engine(filled, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        engine.dispose()
        url = filled.set(database=name).render_as_string(hide_password=False)
    opened = Store(url, tmp_path)
    yield opened
    opened.close()


def put_at(store: Store, step: str) -> None:
    """Says that a store is at a step."""
    with store.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})


def test_an_empty_store_gets_all_steps_in_order_and_its_name(empty: Store) -> None:
    before = current_step(empty)

    steps = migrate(empty, store_id="abcdefgh", now=FRIDAY)

    assert (before, steps[0], steps[-1], steps) == (None, "0001", newest_step(), sorted(steps))
    check_step(empty)
    with empty.read() as tx:
        assert get_store_id(tx) == "abcdefgh"


def test_migrating_again_makes_no_steps_and_gives_no_other_name(empty: Store) -> None:
    migrate(empty, store_id="abcdefgh", now=FRIDAY)

    steps = migrate(empty, store_id="bcdefghi", now=FRIDAY)

    assert (steps, current_step(empty)) == ([], newest_step())
    with empty.read() as tx:
        assert get_store_id(tx) == "abcdefgh"


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_no_connection_is_left_loose_by_the_steps(empty: Store) -> None:
    migrate(empty, store_id="abcdefgh", now=FRIDAY)

    with empty.read() as one, empty.begin() as two:
        assert [tx.exec_driver_sql("PRAGMA foreign_keys").scalar_one() for tx in (one, two)] == [1, 1]


def test_processes_that_migrate_at_one_moment_leave_one_store(empty: Store) -> None:
    names = ["abcdefgh", "bcdefghi", "cdefghij"]

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda name: migrate(empty, store_id=name, now=FRIDAY), names))

    check_step(empty)
    with empty.read() as tx:
        assert get_store_id(tx) in names


def test_the_steps_make_the_tables_that_the_queries_are_written_for(tx: Tx) -> None:
    context = MigrationContext.configure(tx, opts={"compare_type": True})

    assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("kept_store", ["sqlite"], indirect=True)
def test_every_table_on_sqlite_takes_only_values_of_its_columns_types(tx: Tx) -> None:
    tables = tx.exec_driver_sql("PRAGMA table_list").mappings().all()

    loose = {row["name"] for row in tables if row["schema"] == "main" and not row["strict"]}

    assert {name for name in loose if not name.startswith("sqlite_")} == {"alembic_version"}


#: Whose numbers stand in public addresses, mails or a provider's log, and may never mean something else.
FOR_EVER = {"article", "revision", "edition", "cut", "variant", "subscriber", "batch", "proof"}


@pytest.mark.parametrize("kept_store", ["sqlite"], indirect=True)
def test_numbers_that_left_the_house_are_never_given_again_on_sqlite(tx: Tx) -> None:
    made = tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").mappings().all()

    assert {row["name"] for row in made if "AUTOINCREMENT" in (row["sql"] or "")} >= FOR_EVER


def test_a_store_without_tables_is_told_to_be_migrated(empty: Store) -> None:
    with pytest.raises(StoreError, match=r"is empty\. Run `publisher migrate`"):
        check_step(empty)


def test_an_older_store_is_told_to_be_migrated(store: Store) -> None:
    put_at(store, "0001")

    with pytest.raises(
        StoreError, match=rf"at step 0001, this program needs {newest_step()}\. Run `publisher migrate`"
    ):
        check_step(store)


def test_a_store_of_a_newer_program_is_left_alone_and_told_by_its_step(store: Store) -> None:
    put_at(store, "9999")

    for use in (check_step, lambda store: migrate(store, store_id="abcdefgh", now=FRIDAY)):
        with pytest.raises(StoreError, match=r"at step 9999, which this program does not know.*Install the newer"):
            use(store)

    assert current_step(store) == "9999"


def test_a_store_gives_a_sign_of_life_whatever_its_step(empty: Store) -> None:
    ping(empty)


def test_a_disk_that_is_full_while_tables_are_made_is_told_in_words_and_leaves_the_store_empty(tmp_path: Path) -> None:
    store = Store("sqlite:///var/publisher.db", tmp_path)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 8"))

    with pytest.raises(StoreError, match="Make room on its disk"):
        migrate(store, store_id="abcdefgh", now=FRIDAY)

    assert current_step(store) is None
    store.close()
