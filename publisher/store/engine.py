"""The open store, and the one way into a transaction.

Everything that reads or writes takes a `Tx` that `Store.read` or `Store.begin` gives. A write transaction holds no
network work: on SQLite it keeps all other writers out while it is open.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from publisher.model.clock import Clock
from publisher.model.errors import StoreError
from publisher.store import schema

Tx = Connection

#: FULL: with NORMAL a committed `writing` may vanish with the power, and a batch that left would be ready again.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")
BUILD_LOCK = 4711  # any number of our own: the key of PostgreSQL's advisory lock
FREEZE_LOCK = 4712
GATHER_LOCK = 4713


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
        self._readers = self.engine.execution_options(readonly=True)
        self.folder = folder

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A write transaction: commits at the end, rolls back on any error."""
        with told(self.engine), self.engine.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read of one consistent state; writes in it fail on SQLite's side only by mistake, so do not."""
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

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @contextmanager
    def _alone(self, name: str, key: int) -> Iterator[None]:
        if self.is_sqlite:
            path = self.folder / "var" / f"{name}.lock"
            path.parent.mkdir(parents=True, exist_ok=True)
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
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}", pool_size=10, max_overflow=30, connect_args={"timeout": 15, "isolation_level": None}
    )
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin_transaction)
    return engine


def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Makes a new SQLite connection durable and strict."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_transaction(connection: Connection) -> None:
    """Begins by hand: the driver's default would lose updates, and DEFERRED writers fail at once."""
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN DEFERRED" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turns a database that cannot be used into words."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:  # a broken rule or statement is our own mistake
            raise
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"The store {where} cannot be used: {reason(error)}") from error


def reason(error: DBAPIError) -> str:
    """The driver's own words, on one line, with what to do about the common ones."""
    words = " ".join(str(error.orig).split())
    if "no such table" in words or "does not exist" in words:
        return f"{words}. Run `publisher migrate`."
    if "not a database" in words:
        return f"{words}. Correct store.url, or restore the file from the backup."
    if "full" in words:
        return f"{words}. Make room on its disk; nothing was lost."
    if "readonly" in words:
        return f"{words}. Let this user write to var/."
    return words


__all__ = ["Store", "StoreClock", "SystemClock", "Tx", "schema"]
