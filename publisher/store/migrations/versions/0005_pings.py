"""What the hubs of our feeds are owed, and how often kits were read elsewhere.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from publisher.store import columns

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds two tables, empty: the hubs hear of the next change."""
    op.create_table(
        "ping",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("due_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("asked_at", columns.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hub", "topic", name=op.f("pk_ping")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ping_due_at"), "ping", ["due_at"], unique=False)
    op.create_table(
        "reading",
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article", "day", "referrer", name=op.f("pk_reading")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
