"""Partners: who republishes, which versions they took, and what they are told of them.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from publisher.store import columns

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the tables, empty."""
    op.create_table(
        "partner",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("languages", columns.Json(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("fetched_at", columns.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_token_hash")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    add_copies()
    add_notices()


def add_copies() -> None:
    """The versions that partners took."""
    op.create_table(
        "partner_copy",
        sa.Column("partner", columns.Number, nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("first_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("last_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner"], ["partner.id"], name=op.f("fk_partner_copy_partner_partner")),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_partner_copy_article_article")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_partner_copy_revision_revision")),
        sa.PrimaryKeyConstraint("partner", "article", "revision", name=op.f("pk_partner_copy")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def add_notices() -> None:
    """What partners are told."""
    op.create_table(
        "partner_notice",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("partner", columns.Number, nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("not_before", columns.Instant(timezone=True), nullable=True),
        sa.Column("wrote_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["partner"], ["partner.id"], name=op.f("fk_partner_notice_partner_partner")),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_partner_notice_article_article")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_partner_notice_revision_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_notice")),
        sa.UniqueConstraint("partner", "article", "revision", name=op.f("uq_partner_notice_partner_article_revision")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_partner_notice_state"), "partner_notice", ["state"], unique=False)
