"""The store's transactions: what a reader sees, what two writers do, what holds one process back, what is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from publisher.model.errors import StoreError
from publisher.store.engine import PRAGMAS, Store, StoreClock, SystemClock, Tx, reason
from publisher.store.migrate import migrate, ping
from publisher.store.schema import article_key, newsletter, source
from tests.builders import FRIDAY
from tests.house import FixedClock

SOON = 5.0  # seconds: longer than anything here takes, so that a mistake fails instead of hanging


def add_source(tx: Tx, name: str) -> None:
    tx.execute(insert(source).values(id=name, cursor={"seen": 0}))


def count_sources(tx: Tx) -> int:
    return tx.execute(select(func.count()).select_from(source)).scalar_one()


def test_an_error_in_the_middle_leaves_nothing_behind(store: Store) -> None:
    def fail_half_way() -> None:
        with store.begin() as tx:
            add_source(tx, "site")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail_half_way()

    with store.read() as tx:
        assert count_sources(tx) == 0


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    with store.read() as reader:
        before = count_sources(reader)
        with store.begin() as writer:
            add_source(writer, "site")

        assert count_sources(reader) == before

    with store.read() as later:
        assert count_sources(later) == before + 1


def test_a_reader_does_not_wait_for_an_open_writer_and_sees_nothing_of_it(store: Store) -> None:
    with store.begin() as writer:
        add_source(writer, "site")

        with store.read() as reader:
            assert count_sources(reader) == 0


def test_nothing_can_be_written_in_a_read(store: Store) -> None:
    with pytest.raises((StoreError, DBAPIError), match=r"read-?only"), store.read() as tx:
        add_source(tx, "site")


def test_a_connection_that_was_read_with_can_be_written_with_again(store: Store) -> None:
    with store.read() as tx:
        connection = tx.connection.dbapi_connection
    with store.begin() as tx:
        assert tx.connection.dbapi_connection is connection

        add_source(tx, "site")


def add_one(store: Store) -> None:
    """Reads a number and writes the next one, as anything does that decides by what it finds."""
    with store.begin() as tx:
        seen = tx.execute(select(source.c.cursor)).scalar_one()["seen"]
        tx.execute(update(source).values(cursor={"seen": seen + 1}))


def test_writers_on_sqlite_wait_for_each_other_so_that_no_change_is_lost(sqlite_store: Store) -> None:
    with sqlite_store.begin() as tx:
        add_source(tx, "site")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, [sqlite_store] * 40))

    with sqlite_store.read() as tx:
        assert tx.execute(select(source.c.cursor)).scalar_one() == {"seen": 40}


def test_a_writer_that_waited_too_long_is_told_that_another_one_writes(tmp_path: Path) -> None:
    store = Store("sqlite:///publisher.db", tmp_path)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))

    with store.begin(), pytest.raises(StoreError, match=r"is locked.*try again when it has ended"), store.begin():
        pass

    store.close()


@pytest.mark.parametrize("line", PRAGMAS)
def test_every_connection_to_sqlite_is_durable_and_strict(sqlite_store: Store, line: str) -> None:
    name, _, value = line.partition("=")
    wanted = {"WAL": "wal", "FULL": "2", "ON": "1"}.get(value, value)

    with sqlite_store.read() as one, sqlite_store.begin() as two:  # two connections at once
        found = {str(tx.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for tx in (one, two)}

    assert found == {wanted}


def test_what_is_committed_to_sqlite_is_there_after_a_power_cut() -> None:
    assert {"journal_mode=WAL", "synchronous=FULL"} <= set(PRAGMAS)


def test_a_row_that_points_nowhere_is_a_mistake_of_ours_and_not_the_stores(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as tx:
        tx.execute(insert(article_key).values(source="site", key="gold-route", article=404))


Place = Callable[[Store], AbstractContextManager[None]]
PLACES: dict[str, Place] = {
    "builder": Store.only_builder,
    "freezer": Store.only_freezer,
    "migrator": Store.only_migrator,
    "gatherer": lambda store: store.only_gatherer("site"),
}


class Neighbour:
    """Another process that wants a place: a thread with a connection, or a file, of its own."""

    def __init__(self, store: Store, place: Place) -> None:
        self.is_in = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(store, place))
        self.thread.start()

    def run(self, store: Store, place: Place) -> None:
        with place(store):
            self.is_in.set()


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_place_is_held_by_one_at_a_time(store: Store, place: Place) -> None:
    with place(store):
        neighbour = Neighbour(store, place)

        assert not neighbour.is_in.wait(0.1)

    assert neighbour.is_in.wait(SOON)
    neighbour.thread.join()


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_place_is_free_again_after_a_failure(store: Store, place: Place) -> None:
    with pytest.raises(ZeroDivisionError), place(store):
        _ = 1 // 0

    neighbour = Neighbour(store, place)
    assert neighbour.is_in.wait(SOON)
    neighbour.thread.join()


def test_places_do_not_wait_for_each_other_nor_sources_for_sources(store: Store) -> None:
    with store.only_builder(), store.only_freezer(), store.only_gatherer("site"):
        neighbour = Neighbour(store, lambda store: store.only_gatherer("another"))

        assert neighbour.is_in.wait(SOON)

    neighbour.thread.join()


def test_a_place_holds_nobody_back_from_writing(store: Store) -> None:
    with store.only_builder(), store.begin() as tx:
        add_source(tx, "site")


def test_on_sqlite_leases_go_by_the_machines_clock(sqlite_store: Store) -> None:
    clock = FixedClock(datetime(2001, 1, 1, tzinfo=UTC))

    assert StoreClock(sqlite_store, clock).now() == clock.moment


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_on_postgresql_leases_go_by_the_databases_clock_so_that_a_skewed_worker_harms_nobody(store: Store) -> None:
    skewed = FixedClock(datetime(2001, 1, 1, tzinfo=UTC))

    found = StoreClock(store, skewed).now()

    assert abs(found - SystemClock().now()) < timedelta(minutes=1)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("url", ["sqlite:///var/publisher.db", "sqlite:///{folder}/var/publisher.db"])
@pytest.mark.parametrize("name", ["newsroom", "50% off? #1 & más"])
def test_a_sqlite_file_is_where_its_url_says_and_a_relative_one_in_the_newsrooms_folder(
    tmp_path: Path, url: str, name: str
) -> None:
    folder = tmp_path / name

    store = Store(url.format(folder=folder), folder)
    ping(store)
    store.close()

    assert (folder / "var" / "publisher.db").is_file()


def test_a_store_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    store = Store("postgresql://desk:secret@127.0.0.1:1/news", tmp_path)

    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1/news cannot be used: .*refused") as caught:
        ping(store)

    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "publisher.db").write_text("Dear reader, this is a letter and not a database. " * 20)
    store = Store("sqlite:///publisher.db", tmp_path)

    with pytest.raises(StoreError, match=r"publisher\.db cannot be used: .*restore the file from the backup"):
        ping(store)

    store.close()


def test_a_store_without_tables_is_told_to_be_migrated(store: Store) -> None:
    with store.begin() as tx:
        tx.execute(text("ALTER TABLE slot RENAME TO another"))

    with pytest.raises(StoreError, match=r"slot.*\. Run `publisher migrate`\.$"), store.read() as tx:
        tx.execute(text("SELECT * FROM slot"))


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("database or disk is full", "Make room on its disk"),
        ("disk I/O error", "Its disk may be full or failing. Make room on its disk"),
        ("unable to open database file", "Let this user write to var/"),
        ("could not extend file: No space left on device", "Make room on its disk"),
        ("attempt to write a readonly database", "Let this user write to var/"),
    ],
)
def test_the_common_troubles_of_a_database_come_with_their_cure(said: str, cure: str) -> None:
    error = OperationalError("INSERT ...", {}, Exception(f"{said}\n"))

    assert reason(error).startswith(f"{said}. {cure}")


def test_a_store_is_shared_by_more_threads_than_it_keeps_connections(store: Store) -> None:
    def add(number: int) -> None:
        with store.begin() as tx:
            tx.execute(insert(newsletter).values(name=f"n{number}", list_id=""))

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(add, range(48)))

    with store.read() as tx:
        assert tx.execute(select(func.count()).select_from(newsletter)).scalar_one() == 48


def test_closing_ends_all_connections(tmp_path: Path) -> None:
    store = Store("sqlite:///publisher.db", tmp_path)
    migrate(store, store_id="teststor", now=FRIDAY)

    store.close()

    assert not (tmp_path / "publisher.db-wal").exists()  # the last connection to go empties the log
