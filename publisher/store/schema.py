"""The tables. What must never change once public: numbers, tag URIs, slugs, the keys of editions and deliveries.

source ── article_key ── article ── revision ── revision_term ── term
                                        ├── image
                                        └── correction
newsletter ── slot ── edition ── edition_item          subscriber ── subscription
    └── newsletter_item   └── cut ── fragment               └── address
                             └── variant ── variant_item    suppression
                                   └── delivery ── batch ── attempt
partner ── partner_copy, partner_notice ── article, revision
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from publisher.store.columns import Instant, Json, Number

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One row: who this store is. `store_id` is in every attempt's mark at the provider.
house = Table(
    "house",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("store_id", Text, nullable=False),  # 8 random base32 characters
    Column("made_at", Instant, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    sqlite_strict=True,
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cursor", Json, nullable=False),  # the source module's own notes on where it is
    Column("last_try", Instant),
    Column("last_success", Instant),
    Column("error", Text),  # of the last try; null when it went well
    Column("try_again_at", Instant),  # it asked to be left alone until then
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("note", Text),  # what a person should know of the last visit, though it went well
    Column("held_why", Text),  # set while its changes wait for a person
    sqlite_strict=True,
)

push = Table(  # a feed's hub, and what became of asking it to tell us of changes (WebSub)
    "push",
    metadata,
    Column("source", Text, primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", Text, nullable=False, unique=True),  # the part of our address that nobody guesses
    Column("secret", Text, nullable=False),  # what the hub signs with
    Column("asked_at", Instant),
    Column("ends_at", Instant),  # of what the hub confirmed; null before
    Column("hinted_at", Instant),  # when the hub last told us of a change
    Column("note", Text),  # why the hub will not, in words
    sqlite_strict=True,
)

refusal = Table(  # an item that a source gave and that could not be taken; gone when it can
    "refusal",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

proposal = Table(  # what a source says and the store does not: not proven yet, or waiting for a person
    "proposal",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("article", Number),  # null for a key that is not stored
    Column("what", Text, nullable=False),
    Column("kind", Text),  # of the revision that it would be
    Column("declared", Integer, nullable=False),
    Column("state", Json),  # the article as the source gave it
    Column("digest", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("visits", Integer, nullable=False),  # in a row that said the same
    Column("held", Integer, nullable=False),  # a person decides
    sqlite_strict=True,
)

article = Table(
    "article",
    metadata,
    Column("number", Number, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("source_key", Text, nullable=False),  # the key it was first stored under; all of them are in article_key
    Column("work_id", Number, nullable=False, index=True),
    Column("original_key", Text),  # the source's key of the original, kept until that one is gathered
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("url", Text, nullable=False, index=True),
    Column("published", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("first_stored", Instant, nullable=False),
    Column("month", Text, nullable=False, server_default=text("''")),  # YYYY-MM: the archive that it is in, for ever
    Column("withdrawn_at", Instant),
    Column("withdrawn_why", Text),
    Column("revision", Number, nullable=False),  # current; no foreign key: the two rows name each other
    Column("digest", Text, nullable=False),  # of the whole state, as the source gave it
    Column("words", Text, nullable=False),  # digest of the normalised words: what makes a change significant
    Column("steady", Text, nullable=False, server_default=text("''")),  # digests of what does not vary by the look
    Column("address", Text, nullable=False, server_default=text("''")),  # `url` less all that does not tell pages apart
    Column("modified", Instant),  # as the source said last, at whatever revision
    Column("flaps", Integer, nullable=False, server_default=text("0")),  # states that came and went again
    Column("flapped_at", Instant),
    Index(None, "status", "published", "number"),
    Index(None, "address"),
    Index(None, "source", "published"),
    Index(None, "words"),
    Index(None, "source", "original_key"),
    Index(None, "withdrawn_at"),
    Index(None, "month"),
    Index(None, "revision"),
    sqlite_strict=True,
    sqlite_autoincrement=True,  # a number is never reused
)

article_key = Table(
    "article_key",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("article", Number, ForeignKey("article.number"), nullable=False, index=True),
    sqlite_strict=True,
)

revision = Table(
    "revision",
    metadata,
    Column("id", Number, primary_key=True),
    Column("article", Number, ForeignKey("article.number"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("content_html", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("modified", Instant),
    Column("licence", Text),
    Column("licence_why", Text, nullable=False),
    Column("rights_holder", Text, nullable=False),
    Column("no_republish", Integer, nullable=False),
    Column("embargo_until", Instant, index=True),
    Column("notes", Json, nullable=False),
    Column(
        "digest", Text, nullable=False, server_default=text("''")
    ),  # of the state; empty where we changed it ourselves
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

term = Table(
    "term",
    metadata,
    Column("id", Number, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("url", Text),
    UniqueConstraint("scope", "source", "key"),
    UniqueConstraint("scope", "slug"),
    sqlite_strict=True,
)

revision_term = Table(
    "revision_term",
    metadata,
    Column("revision", Number, ForeignKey("revision.id"), primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("term", Number, ForeignKey("term.id"), nullable=False, index=True),
    sqlite_strict=True,
)

image = Table(
    "image",
    metadata,
    Column("revision", Number, ForeignKey("revision.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("alt", Text, nullable=False),
    Column("caption", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("licence", Text),
    Column("rights", Text, nullable=False),
    Column("rights_why", Text, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("is_main", Integer, nullable=False),
    Column("media_type", Text),
    sqlite_strict=True,
)

correction = Table(
    "correction",
    metadata,
    Column("revision", Number, ForeignKey("revision.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("date", Text, nullable=False),  # YYYY-MM-DD
    Column("text", Text, nullable=False),
    sqlite_strict=True,
)

public_file = Table(  # what stands in public/, and the store revision that it was made from
    "public_file",
    metadata,
    Column("path", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("revision", Number, nullable=False),
    sqlite_strict=True,
)

unbuilt = Table(  # articles that public/ does not show as the store has them; gone when it does
    "unbuilt",
    metadata,
    Column("article", Number, primary_key=True),
    Column("built", Number),  # the revision that public/ shows; null: none
    Column("mark", Number, nullable=False),  # counts up with each change, so that none is lost while one is built
    sqlite_strict=True,
)

built = Table(  # one row: the last build that came to its end
    "built",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False),  # of all that files are made from besides articles
    Column("at", Instant, nullable=False),
    Column("plans", Text, nullable=False),  # digest of the list of feeds
    Column("audited", Number, nullable=False),  # how many rolling audits there were
    CheckConstraint("id = 1", name="one_row"),
    sqlite_strict=True,
)

newsletter = Table(
    "newsletter",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("list_id", Text, nullable=False),  # stored at first use, never follows the configuration (RFC 2919)
    Column("timetable", Text),  # zone and schedule that the clock goes by; null until its first look
    Column("timetable_since", Instant),  # no slot before it counts
    sqlite_strict=True,
)

newsletter_item = Table(
    "newsletter_item",
    metadata,
    Column("newsletter", Number, ForeignKey("newsletter.id"), primary_key=True),
    Column("article", Number, ForeignKey("article.number"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("edition", Number),  # that took it, when used
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

edition = Table(
    "edition",
    metadata,
    Column("id", Number, primary_key=True),
    Column("newsletter", Number, ForeignKey("newsletter.id"), nullable=False),
    Column("slot", Instant, nullable=False),
    Column("tag", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("reason", Text),
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    Column("is_custom", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("arrangement", Json, nullable=False),  # {"pinned": [], "dropped": [], "order": []}: article numbers, by hand
    Column("archive", Text, nullable=False),  # its folder under public/, as its mails name it
    Column("composed_at", Instant, nullable=False),
    Column("goes_at", Instant),
    Column("send_by", Instant, nullable=False),
    Column("approved_at", Instant),
    Column("frozen_at", Instant),
    Column("cut", Number),
    UniqueConstraint("newsletter", "slot"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
# at most one open edition per newsletter: not a constraint but the rule of `open_edition`, inside one transaction

slot = Table(  # the book: every sending time of the clock, and every one made by hand
    "slot",
    metadata,
    Column("newsletter", Number, ForeignKey("newsletter.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("by_clock", Integer, nullable=False),
    Column("outcome", Text),  # null while open
    Column("why", Text),
    Column("edition", Number, ForeignKey("edition.id")),
    sqlite_strict=True,
)

edition_item = Table(
    "edition_item",
    metadata,
    Column("edition", Number, ForeignKey("edition.id"), primary_key=True),
    Column("article", Number, ForeignKey("article.number"), primary_key=True),
    Column("revision", Number, ForeignKey("revision.id"), nullable=False),
    Column("block", Text, nullable=False),  # empty for one that is left out
    Column("position", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("is_left_out", Integer, nullable=False),
    sqlite_strict=True,
)

cut = Table(
    "cut",
    metadata,
    Column("id", Number, primary_key=True),
    Column("edition", Number, ForeignKey("edition.id"), nullable=False, index=True),
    Column("mark", Text, nullable=False),  # random, in the tokens of personal values
    Column("sender", Text, nullable=False),
    Column("headers", Json, nullable=False),  # [[name, value], ...]
    Column("at", Instant, nullable=False),
    Column("frozen_at", Instant),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

fragment = Table(
    "fragment",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cut", Number, ForeignKey("cut.id"), nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("block", Text, nullable=False),
    Column("article", Number, ForeignKey("article.number")),
    Column("revision", Number, ForeignKey("revision.id")),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_strict=True,
)

variant = Table(
    "variant",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cut", Number, ForeignKey("cut.id"), nullable=False),
    Column("hash", Text, nullable=False),  # of the language and the ordered items and forms
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    UniqueConstraint("cut", "hash"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

variant_item = Table(
    "variant_item",
    metadata,
    Column("variant", Number, ForeignKey("variant.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("fragment", Number, ForeignKey("fragment.id"), nullable=False),
    sqlite_strict=True,
)

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Number, primary_key=True),
    Column("public_id", LargeBinary, nullable=False, unique=True),  # 16 random bytes
    Column("name", Text, nullable=False),
    Column("language", Text),  # null: the newsroom's first
    Column("made_at", Instant, nullable=False),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

address = Table(  # a row of its own, so that erasing is one delete
    "address",
    metadata,
    Column("subscriber", Number, ForeignKey("subscriber.id"), primary_key=True),
    Column("email", Text, nullable=False),  # as typed, domain in IDNA
    Column("email_lower", Text, nullable=False, unique=True),
    Column("suppression_key", Text, nullable=False, index=True),  # keyed hash, equal to suppression.key
    sqlite_strict=True,
)

subscription = Table(
    "subscription",
    metadata,
    Column("newsletter", Number, ForeignKey("newsletter.id"), primary_key=True),
    Column("subscriber", Number, ForeignKey("subscriber.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("consent", Text, nullable=False),  # the text or the source that was agreed to
    Column("choices", Json, nullable=False),  # {"sections": [], "countries": [], "topics": [], "frequency": ""}
    Index(None, "subscriber"),
    sqlite_strict=True,
)

suppression = Table(
    "suppression",
    metadata,
    Column("key", Text, primary_key=True),  # keyed hash of the lower-case address
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

batch = Table(
    "batch",
    metadata,
    Column("id", Number, primary_key=True),
    Column("edition", Number, ForeignKey("edition.id"), nullable=False),
    Column("cut", Number, ForeignKey("cut.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),  # 0 before the first claim
    Column("lease_until", Instant),  # set while claimed or writing
    Column("not_before", Instant),  # the provider said: not now
    Column("wrote_at", Instant),  # of the newest attempt that reached `writing`
    Column("words", Text),  # the provider's last answer
    Index(None, "edition", "state", "id"),
    Index(None, "state", "lease_until"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("edition", Number, ForeignKey("edition.id"), primary_key=True),
    Column("subscriber", Number, ForeignKey("subscriber.id"), primary_key=True),
    Column("variant", Number, ForeignKey("variant.id")),  # null when left out
    Column("state", Text, nullable=False),
    Column("left_out", Text),
    Column("batch", Number),
    Column("words", Text),  # of a refusal
    Index(None, "batch"),
    Index(None, "subscriber"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

attempt = Table(  # every try that reached `writing`: what may have left the house
    "attempt",
    metadata,
    Column("batch", Number, ForeignKey("batch.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("account", Text, nullable=False),  # settled there and nowhere else
    Column("wrote_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),  # accepted | refused | not_now | unclear | not_sent
    Column("words", Text),
    Column("provider_id", Text),
    sqlite_strict=True,
)

proof = Table(  # proofs and control messages: a name space of their own, nothing of the ledger
    "proof",
    metadata,
    Column("id", Number, primary_key=True),
    Column("edition", Number, ForeignKey("edition.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

partner = Table(
    "partner",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("languages", Json, nullable=False),  # RFC 5646 tags; empty: all
    Column("email", Text),  # where notices go; null: none go
    Column("token_hash", Text, nullable=False, unique=True),  # SHA-256 of the token, which is shown once
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("fetched_at", Instant),  # its feed was asked for, to within some minutes
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

partner_copy = Table(  # which partner took which version of an article
    "partner_copy",
    metadata,
    Column("partner", Number, ForeignKey("partner.id"), primary_key=True),
    Column("article", Number, ForeignKey("article.number"), primary_key=True),
    Column("revision", Number, ForeignKey("revision.id"), primary_key=True),
    Column("form", Text, nullable=False),  # feed | kit
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

partner_notice = Table(  # what a partner is told of an article that it holds; its number stands at the provider
    "partner_notice",
    metadata,
    Column("id", Number, primary_key=True),
    Column("partner", Number, ForeignKey("partner.id"), nullable=False),
    Column("article", Number, ForeignKey("article.number"), nullable=False),
    Column("revision", Number, ForeignKey("revision.id"), nullable=False),
    Column("kind", Text, nullable=False),  # correction | withdrawal
    Column("state", Text, nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("not_before", Instant),  # the provider said: not now
    Column("wrote_at", Instant),  # of the newest try that reached `writing`
    Column("sent_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("error", Text),  # why it is not sent, or not known to be, in words
    UniqueConstraint("partner", "article", "revision"),  # each notice goes once
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

ping = Table(  # what the hubs of our feeds are owed: one row for a hub and a feed, however often the feed changed
    "ping",
    metadata,
    Column("hub", Text, primary_key=True),
    Column("topic", Text, primary_key=True),  # the feed's own address
    Column("due_at", Instant),  # null: the hub knows of the newest change
    Column("tries", Integer, nullable=False),  # in vain, since the hub last knew
    Column("error", Text),  # of the last one
    Column("made_at", Instant, nullable=False),  # of the newest change
    Column("changes", Integer, nullable=False),  # counted, so that an answer to an older one does not settle a newer
    Column("asked_at", Instant),
    Index(None, "due_at"),
    sqlite_strict=True,
)

reading = Table(  # how often a kit's counter was shown. No key to `article`: counting must not fail for one of them
    "reading",
    metadata,
    Column("article", Number, primary_key=True),
    Column("day", Text, primary_key=True),  # YYYY-MM-DD, UTC
    Column("referrer", Text, primary_key=True),  # host, or host and path; empty: it was not sent
    Column("count", Integer, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
