"""The open store, and the one way into a transaction.

Everything that reads or writes takes a `Tx` that `Store.read` or `Store.begin` gives. A write transaction holds no
network work: on SQLite it keeps all other writers out while it is open.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import URL, Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from publisher.model.clock import Clock
from publisher.model.errors import StoreError
from publisher.store import schema

Tx = Connection

#: FULL: with NORMAL a committed `writing` may vanish with the power, and a batch that left would be ready again.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")
#: How a reader's transaction is begun; what SQLite's means is in `begin_transaction`.
SQLITE_READER: dict[str, Any] = {"readonly": True}
POSTGRES_READER: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
ROOM = "Make room on its disk; nothing was lost."
WRITABLE = "Let this user write to var/."
#: What to do, by what is in the driver's words.
CURES = {
    "not a database": "Correct store.url, or restore the file from the backup.",
    "locked": "Another process of the publisher is writing; try again when it has ended.",
    "disk I/O error": f"Its disk may be full or failing. {ROOM}",
    "full": ROOM,
    "No space left": ROOM,
    "readonly": WRITABLE,
    "unable to open": WRITABLE,
}
NO_SUCH_TABLE = "42P01"  # PostgreSQL's SQLSTATE
BUILD_LOCK = 4711  # any number of our own: the key of PostgreSQL's advisory lock
FREEZE_LOCK = 4712
GATHER_LOCK = 4713
MIGRATE_LOCK = 4714


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may


class Store:
    """An open store; close it when done. Safe to share between threads."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine = open_engine(url, folder)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._readers = self.engine.execution_options(**SQLITE_READER if self.is_sqlite else POSTGRES_READER)
        self.folder = folder

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A write transaction: commits at the end, rolls back on any error."""
        with told(self.engine), self.engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read of one consistent state; nothing can be written in it."""
        with told(self.engine), self._readers.begin() as tx:
            yield tx

    @contextmanager
    def only_builder(self) -> Iterator[None]:
        """Holds the builder's place: one process at a time writes `public/` (waits for the other)."""
        with self._alone("build", BUILD_LOCK):
            yield

    @contextmanager
    def only_freezer(self) -> Iterator[None]:
        """Holds the freezer's place: one freeze at a time per store, so that nobody is counted in twice."""
        with self._alone("freeze", FREEZE_LOCK):
            yield

    @contextmanager
    def only_gatherer(self, source: str) -> Iterator[None]:
        """Holds a source's place: one process at a time gathers it, so that nothing of it is stored twice."""
        with self._alone(f"gather-{source}", (GATHER_LOCK << 32) | crc32(source.encode())):
            yield

    @contextmanager
    def only_migrator(self) -> Iterator[None]:
        """Holds the migrator's place: one process at a time changes the tables."""
        with self._alone("migrate", MIGRATE_LOCK):
            yield

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @contextmanager
    def _alone(self, name: str, key: int) -> Iterator[None]:
        if self.is_sqlite:
            path = self.folder / "var" / f"{name}.lock"
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("w") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            return
        # in no transaction: one that stays open for a whole build would hold the database's own cleaning up
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with alone.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


class StoreClock:
    """The store's clock: the database's on PostgreSQL, so that skewed workers agree; the machine's on SQLite."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def now(self) -> datetime:
        """The present moment in UTC, by the clock that leases are written with."""
        if self._store.is_sqlite:
            return self._clock.now()
        with self._store.read() as tx:
            moment: datetime = tx.execute(select(text("clock_timestamp()"))).scalar_one()
            return moment.astimezone(UTC)


def open_engine(url: str, folder: Path) -> Engine:
    """The engine for a store's URL; a relative SQLite path starts at the newsroom's folder."""
    if not url.startswith("sqlite"):
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=30)
    path = folder / url.removeprefix("sqlite:///")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    address = URL.create("sqlite", database=str(path))  # as text, a folder's `?` would end its path
    engine = create_engine(
        address, pool_size=10, max_overflow=30, connect_args={"timeout": 15, "isolation_level": None}
    )
    event.listen(engine, "do_connect", make_private)
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin_transaction)
    return engine


def make_private(_dialect: object, _record: object, arguments: Sequence[str], _named: object) -> None:
    """Makes a new SQLite file for its owner alone; SQLite gives its other files the same mode.

    One that is there is not opened: closing it here would drop the locks that this process holds on it.
    """
    with suppress(OSError):  # SQLite says itself what hinders it
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Makes a new SQLite connection durable and strict."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_transaction(connection: Connection) -> None:
    """Begins by hand: the driver's default would lose updates, and DEFERRED writers fail at once."""
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if readonly else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turns a database that cannot be used into words."""
    try:
        yield
    except DatabaseError as error:
        if not is_unusable(error):  # a broken rule or statement is our own mistake
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"The store {where} cannot be used: {reason(error)}") from error


def is_unusable(error: DatabaseError) -> bool:
    """Whether it is the database that fails, and not a rule or statement of ours."""
    return type(error) in {DatabaseError, OperationalError} or is_without_table(error)


def is_without_table(error: DBAPIError) -> bool:
    """Whether a table is missing: to PostgreSQL, other than to SQLite, a fault of the statement."""
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", None) == NO_SUCH_TABLE


def reason(error: DBAPIError) -> str:
    """The driver's own words, on one line, with what to do about the common ones."""
    without_statement = getattr(getattr(error.orig, "diag", None), "message_primary", None)  # PostgreSQL quotes it
    words = " ".join((without_statement or str(error.orig)).split())
    if is_without_table(error):
        return f"{words}. Run `publisher migrate`."
    cure = next((cure for what, cure in CURES.items() if what in words), "")
    return f"{words}. {cure}" if cure else words


__all__ = ["Store", "StoreClock", "SystemClock", "Tx", "schema"]
