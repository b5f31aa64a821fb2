"""Brings a store's schema up to date: forward only, in small steps, the same ones on both databases."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from publisher.model.errors import StoreError
from publisher.store.engine import Store, told
from publisher.store.house import name_store

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store, *, store_id: str, now: datetime) -> list[str]:
    """Brings the schema up to date and names a new store; gives the steps that were made. Safe to repeat.

    Processes that come at one moment wait for each other. Raises `StoreError` for a store of a newer program.
    """
    with store.only_migrator():
        before = current_step(store)
        refuse_unknown(before)
        if before != newest_step():
            with told(store.engine), store.engine.connect() as connection:
                if store.is_sqlite:  # a table that is rebuilt by DROP would empty its children with foreign keys on
                    connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # it is connected
                    connection.detach()  # so that nobody gets this connection after us
                run(connection)
        with store.begin() as tx:
            name_store(tx, store_id, now=now)
    made = known_steps()
    return made[made.index(before) + 1 :] if before in made else made


def run(connection: Connection) -> None:
    """Runs all missing steps on a connection, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def current_step(store: Store) -> str | None:
    """The step that a store is at; None for an empty one."""
    with store.read() as tx:
        return MigrationContext.configure(tx).get_current_revision()


def newest_step() -> str | None:
    """The step that this program needs."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def known_steps() -> list[str]:
    """All steps that this program can make, oldest first."""
    return [step.revision for step in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]


def check_step(store: Store) -> None:
    """Raises `StoreError` for a store that is not at the step that this program needs."""
    step = current_step(store)
    if step is None:
        raise StoreError("The store is empty. Run `publisher migrate` to make its tables.")
    refuse_unknown(step)
    if step != newest_step():
        raise StoreError(f"The store is at step {step}, this program needs {newest_step()}. Run `publisher migrate`.")


def refuse_unknown(step: str | None) -> None:
    """Raises `StoreError` for a step that is not ours: a newer program made it, and there is no way back."""
    if step is not None and step not in known_steps():
        cure = "Install the newer program again, or restore the backup from before it"
        raise StoreError(f"The store is at step {step}, which this program does not know. {cure}.")


def ping(store: Store) -> None:
    """Asks the store for a sign of life; raises `StoreError`."""
    with store.read() as tx:
        tx.execute(text("SELECT 1"))
