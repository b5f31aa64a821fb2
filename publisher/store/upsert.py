"""INSERT that meets what is there: spelt by each database's own dialect."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from publisher.store.engine import Tx


def insert_missing(tx: Tx, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows whose key is not there yet; those that are there stay as they are."""
    if rows:
        tx.execute(missing(tx, table), list(rows))


def missing(tx: Tx, table: Table) -> Any:  # noqa: ANN401 - one of two dialects' Insert
    """`INSERT ... ON CONFLICT DO NOTHING` into a table."""
    return dialect_insert(tx, table).on_conflict_do_nothing()


def dialect_insert(tx: Tx, table: Table) -> Any:  # noqa: ANN401 - one of two dialects' Insert
    """`INSERT` into a table, to which `ON CONFLICT` may be added."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
