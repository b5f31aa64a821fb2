"""Proposals: what a source says and the store does not yet; addresses as identities; how sources fare.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from publisher.model.addresses import address_key
from publisher.store import columns

revision = "0002"
down_revision = "0001"

PAGE = 1000


def upgrade() -> None:
    """Adds the columns and the table, and fills in what follows from what is there."""
    op.add_column("source", sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("source", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("held_why", sa.Text(), nullable=True))
    op.add_column("revision", sa.Column("digest", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("article", sa.Column("steady", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("article", sa.Column("address", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("article", sa.Column("modified", columns.Instant(timezone=True), nullable=True))
    op.add_column("article", sa.Column("flaps", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("article", sa.Column("flapped_at", columns.Instant(timezone=True), nullable=True))
    op.create_index(op.f("ix_article_address"), "article", ["address"], unique=False)
    op.create_index(op.f("ix_article_source_published"), "article", ["source", "published"], unique=False)
    op.create_index(op.f("ix_article_words"), "article", ["words"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", columns.Number, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("declared", sa.Integer(), nullable=False),
        sa.Column("state", columns.Json(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("first_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("last_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_proposal")),
        sqlite_strict=True,
    )
    op.create_table(
        "push",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("asked_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("ends_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("hinted_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_push")),
        sa.UniqueConstraint("token", name=op.f("uq_push_token")),
        sqlite_strict=True,
    )
    fill_addresses()


def fill_addresses() -> None:
    """Works out each article's address key, a page at a time."""
    article = sa.table(
        "article",
        sa.column("number"),
        sa.column("url"),
        sa.column("address"),
        sa.column("revision"),
        sa.column("modified"),
    )
    kept = sa.table("revision", sa.column("id"), sa.column("modified"))
    connection, after = op.get_bind(), 0
    said = sa.select(kept.c.modified).where(kept.c.id == article.c.revision).scalar_subquery()
    connection.execute(sa.update(article).values(modified=said))
    while True:
        query = sa.select(article.c.number, article.c.url).where(article.c.number > after)
        page = connection.execute(query.order_by(article.c.number).limit(PAGE)).all()
        if not page:
            return
        for number, url in page:
            change = sa.update(article).where(article.c.number == number)
            connection.execute(change.values(address=address_key(url)))
        after = page[-1].number
