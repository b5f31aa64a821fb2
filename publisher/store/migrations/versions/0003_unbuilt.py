"""What `public/` does not show yet: a build touches only that. The month of an article, for the archives of feeds.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from publisher.model.months import archive_month
from publisher.store import columns

revision = "0003"
down_revision = "0002"

PAGE = 1000


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
    op.add_column("article", sa.Column("month", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_index(op.f("ix_article_month"), "article", ["month"], unique=False)
    op.create_index(op.f("ix_article_revision"), "article", ["revision"], unique=False)
    op.create_index(op.f("ix_article_withdrawn_at"), "article", ["withdrawn_at"], unique=False)
    op.create_index(op.f("ix_revision_embargo_until"), "revision", ["embargo_until"], unique=False)
    fill_months()


def fill_months() -> None:
    """Puts what is there into the month of its date, a page at a time: nobody has read an archive yet."""
    article = sa.table(
        "article",
        sa.column("number"),
        sa.column("published", columns.Instant(timezone=True)),
        sa.column("first_stored", columns.Instant(timezone=True)),
        sa.column("month"),
    )
    connection, after = op.get_bind(), 0
    while True:
        query = sa.select(article.c.number, article.c.published, article.c.first_stored)
        page = connection.execute(query.where(article.c.number > after).order_by(article.c.number).limit(PAGE)).all()
        if not page:
            return
        for number, published, first_stored in page:
            month = archive_month(published, first_stored, is_first_gather=True)
            connection.execute(sa.update(article).where(article.c.number == number).values(month=month))
        after = page[-1].number
