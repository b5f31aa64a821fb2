"""First tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from publisher.store import columns

revision = "0001"
down_revision = None


def upgrade() -> None:
    """First tables."""
    op.create_table(
        "article",
        sa.Column("number", columns.Number, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("work_id", columns.Number, nullable=False),
        sa.Column("original_key", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published", columns.Instant(timezone=True), nullable=False),
        sa.Column("updated", columns.Instant(timezone=True), nullable=False),
        sa.Column("first_stored", columns.Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_article")),
        sa.UniqueConstraint("uri", name=op.f("uq_article_uri")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_article_source_original_key"), "article", ["source", "original_key"], unique=False)
    op.create_index(
        op.f("ix_article_status_published_number"), "article", ["status", "published", "number"], unique=False
    )
    op.create_index(op.f("ix_article_url"), "article", ["url"], unique=False)
    op.create_index(op.f("ix_article_work_id"), "article", ["work_id"], unique=False)
    op.create_table(
        "house",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_house_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
        sqlite_strict=True,
    )
    op.create_table(
        "newsletter",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("timetable", sa.Text(), nullable=True),
        sa.Column("timetable_since", columns.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter")),
        sa.UniqueConstraint("name", name=op.f("uq_newsletter_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "public_file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("revision", columns.Number, nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_public_file")),
        sqlite_strict=True,
    )
    op.create_table(
        "refusal",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_refusal")),
        sqlite_strict=True,
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cursor", columns.Json(), nullable=False),
        sa.Column("last_try", columns.Instant(timezone=True), nullable=True),
        sa.Column("last_success", columns.Instant(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("try_again_at", columns.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sqlite_strict=True,
    )
    op.create_table(
        "subscriber",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("public_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscriber_public_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "suppression",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suppression")),
        sqlite_strict=True,
    )
    op.create_table(
        "term",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("scope", "slug", name=op.f("uq_term_scope_slug")),
        sa.UniqueConstraint("scope", "source", "key", name=op.f("uq_term_scope_source_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "address",
        sa.Column("subscriber", columns.Number, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_lower", sa.Text(), nullable=False),
        sa.Column("suppression_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("fk_address_subscriber_subscriber")),
        sa.PrimaryKeyConstraint("subscriber", name=op.f("pk_address")),
        sa.UniqueConstraint("email_lower", name=op.f("uq_address_email_lower")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_address_suppression_key"), "address", ["suppression_key"], unique=False)
    op.create_table(
        "article_key",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_article_key_article_article")),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_article_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_article_key_article"), "article_key", ["article"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("newsletter", columns.Number, nullable=False),
        sa.Column("slot", columns.Instant(timezone=True), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.Column("is_custom", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("arrangement", columns.Json(), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("composed_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("goes_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("send_by", columns.Instant(timezone=True), nullable=False),
        sa.Column("approved_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("frozen_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("cut", columns.Number, nullable=True),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.id"], name=op.f("fk_edition_newsletter_newsletter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("newsletter", "slot", name=op.f("uq_edition_newsletter_slot")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_edition_state"), "edition", ["state"], unique=False)
    op.create_table(
        "newsletter_item",
        sa.Column("newsletter", columns.Number, nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("edition", columns.Number, nullable=True),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_newsletter_item_article_article")),
        sa.ForeignKeyConstraint(
            ["newsletter"], ["newsletter.id"], name=op.f("fk_newsletter_item_newsletter_newsletter")
        ),
        sa.PrimaryKeyConstraint("newsletter", "article", name=op.f("pk_newsletter_item")),
        sqlite_strict=True,
    )
    op.create_table(
        "revision",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("content_html", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("published", columns.Instant(timezone=True), nullable=False),
        sa.Column("modified", columns.Instant(timezone=True), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("licence_why", sa.Text(), nullable=False),
        sa.Column("rights_holder", sa.Text(), nullable=False),
        sa.Column("no_republish", sa.Integer(), nullable=False),
        sa.Column("embargo_until", columns.Instant(timezone=True), nullable=True),
        sa.Column("notes", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_revision_article_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_revision_article"), "revision", ["article"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("newsletter", columns.Number, nullable=False),
        sa.Column("subscriber", columns.Number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", columns.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("choices", columns.Json(), nullable=False),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.id"], name=op.f("fk_subscription_newsletter_newsletter")),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("fk_subscription_subscriber_subscriber")),
        sa.PrimaryKeyConstraint("newsletter", "subscriber", name=op.f("pk_subscription")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_subscription_subscriber"), "subscription", ["subscriber"], unique=False)
    op.create_table(
        "correction",
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_correction_revision_revision")),
        sa.PrimaryKeyConstraint("revision", "position", name=op.f("pk_correction")),
        sqlite_strict=True,
    )
    op.create_table(
        "cut",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("edition", columns.Number, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("headers", columns.Json(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("frozen_at", columns.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_cut_edition_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cut")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_cut_edition"), "cut", ["edition"], unique=False)
    op.create_table(
        "edition_item",
        sa.Column("edition", columns.Number, nullable=False),
        sa.Column("article", columns.Number, nullable=False),
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("is_left_out", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_edition_item_article_article")),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_edition_item_edition_edition")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_edition_item_revision_revision")),
        sa.PrimaryKeyConstraint("edition", "article", name=op.f("pk_edition_item")),
        sqlite_strict=True,
    )
    op.create_table(
        "image",
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("rights_why", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("is_main", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_image_revision_revision")),
        sa.PrimaryKeyConstraint("revision", "position", name=op.f("pk_image")),
        sqlite_strict=True,
    )
    op.create_table(
        "proof",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("edition", columns.Number, nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_proof_edition_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "revision_term",
        sa.Column("revision", columns.Number, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("term", columns.Number, nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_revision_term_revision_revision")),
        sa.ForeignKeyConstraint(["term"], ["term.id"], name=op.f("fk_revision_term_term_term")),
        sa.PrimaryKeyConstraint("revision", "scope", "position", name=op.f("pk_revision_term")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_revision_term_term"), "revision_term", ["term"], unique=False)
    op.create_table(
        "slot",
        sa.Column("newsletter", columns.Number, nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("by_clock", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("edition", columns.Number, nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_slot_edition_edition")),
        sa.ForeignKeyConstraint(["newsletter"], ["newsletter.id"], name=op.f("fk_slot_newsletter_newsletter")),
        sa.PrimaryKeyConstraint("newsletter", "at", name=op.f("pk_slot")),
        sqlite_strict=True,
    )
    op.create_table(
        "batch",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("edition", columns.Number, nullable=False),
        sa.Column("cut", columns.Number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", columns.Instant(timezone=True), nullable=True),
        sa.Column("not_before", columns.Instant(timezone=True), nullable=True),
        sa.Column("wrote_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cut"], ["cut.id"], name=op.f("fk_batch_cut_cut")),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_batch_edition_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batch_edition_state_id"), "batch", ["edition", "state", "id"], unique=False)
    op.create_index(op.f("ix_batch_state_lease_until"), "batch", ["state", "lease_until"], unique=False)
    op.create_table(
        "fragment",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("cut", columns.Number, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("article", columns.Number, nullable=True),
        sa.Column("revision", columns.Number, nullable=True),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.number"], name=op.f("fk_fragment_article_article")),
        sa.ForeignKeyConstraint(["cut"], ["cut.id"], name=op.f("fk_fragment_cut_cut")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_fragment_revision_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fragment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_fragment_cut"), "fragment", ["cut"], unique=False)
    op.create_table(
        "variant",
        sa.Column("id", columns.Number, nullable=False),
        sa.Column("cut", columns.Number, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cut"], ["cut.id"], name=op.f("fk_variant_cut_cut")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("cut", "hash", name=op.f("uq_variant_cut_hash")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "attempt",
        sa.Column("batch", columns.Number, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("wrote_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_attempt_batch_batch")),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_attempt")),
        sqlite_strict=True,
    )
    op.create_table(
        "delivery",
        sa.Column("edition", columns.Number, nullable=False),
        sa.Column("subscriber", columns.Number, nullable=False),
        sa.Column("variant", columns.Number, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=True),
        sa.Column("batch", columns.Number, nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_delivery_edition_edition")),
        sa.ForeignKeyConstraint(["subscriber"], ["subscriber.id"], name=op.f("fk_delivery_subscriber_subscriber")),
        sa.ForeignKeyConstraint(["variant"], ["variant.id"], name=op.f("fk_delivery_variant_variant")),
        sa.PrimaryKeyConstraint("edition", "subscriber", name=op.f("pk_delivery")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_delivery_batch"), "delivery", ["batch"], unique=False)
    op.create_index(op.f("ix_delivery_subscriber"), "delivery", ["subscriber"], unique=False)
    op.create_table(
        "variant_item",
        sa.Column("variant", columns.Number, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fragment", columns.Number, nullable=False),
        sa.ForeignKeyConstraint(["fragment"], ["fragment.id"], name=op.f("fk_variant_item_fragment_fragment")),
        sa.ForeignKeyConstraint(["variant"], ["variant.id"], name=op.f("fk_variant_item_variant_variant")),
        sa.PrimaryKeyConstraint("variant", "position", name=op.f("pk_variant_item")),
        sqlite_strict=True,
    )
