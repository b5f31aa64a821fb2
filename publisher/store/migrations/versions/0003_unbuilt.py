"""What `public/` does not show yet: a build touches only that.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from publisher.store import columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the tables, empty: without a row in `built`, the next build renders everything."""
    op.create_table(
        "unbuilt",
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("built", columns.Number, nullable=True),
        sa.Column("mark", columns.Number, nullable=False),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_unbuilt")),
        sqlite_strict=True,
    )
    op.create_table(
        "built",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("audited", columns.Number, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_built_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_built")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_article_revision"), "article", ["revision"], unique=False)
    op.create_index(op.f("ix_article_withdrawn_at"), "article", ["withdrawn_at"], unique=False)
    op.create_index(op.f("ix_revision_embargo_until"), "revision", ["embargo_until"], unique=False)
