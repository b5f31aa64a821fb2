"""Writing articles: each state that gathering takes over is a whole revision, and the newest one is current."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from publisher.model.addresses import address_key
from publisher.model.article import Image, RevisionKind, Scope, SourceArticle, Status, article_uri
from publisher.model.months import archive_month
from publisher.store.engine import Tx
from publisher.store.known import add_key, find_known
from publisher.store.schema import article, correction, image, revision, revision_term
from publisher.store.schema import source as source_
from publisher.store.terms import store_terms
from publisher.store.unbuilt import mark_unbuilt, mark_where

#: Made once, and given values: a statement that is built anew for each row costs more than the database.
INSERT_ARTICLE = insert(article).returning(article.c.number)
INSERT_REVISION = insert(revision).returning(revision.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An article's state to store: what the source says, and the digests that gathering judged it by."""

    found: SourceArticle
    digest: str
    words: str
    steady: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What others may do with an article until a person looked."""

    licence: str | None
    why: str
    no_republish: bool
    embargo_until: datetime | None


def add_article(tx: Tx, source: str, state: State, *, host: str, now: datetime) -> int:
    """Stores an article for the first time and gives its number; joins it to its work, if that is stored."""
    found = state.found
    original = find_known(tx, source, found.translation_of) if found.translation_of else None
    values = current_values(state) | {
        "uri": f"new:{source}:{found.key}",
        "source": source,
        "source_key": found.key,
        "work_id": work_of(tx, original.number) if original else 0,
        "original_key": found.translation_of,
        "status": Status.PUBLIC,
        "updated": max(found.published, found.modified or found.published),
        "first_stored": now,
        "month": archive_month(found.published, now, is_first_gather=is_new(tx, source)),
        "revision": 0,
    }
    number = int(tx.execute(INSERT_ARTICLE, values).scalar_one())
    add_key(tx, source, found.key, number)
    current = insert_revision(tx, source, number, state, kind=RevisionKind.FIRST, now=now)
    tx.execute(
        update(article)
        .where(article.c.number == number)
        .values(
            uri=article_uri(host=host, first_stored=now, number=number),
            work_id=func.coalesce(func.nullif(article.c.work_id, 0), number),
            revision=current,
        )
    )
    adopt_translations(tx, source, found.key, number)
    return number


def is_new(tx: Tx, name: str) -> bool:
    """Whether a source was never gathered to its end: what it brings then has its dates to go by."""
    return tx.execute(select(source_.c.last_success).where(source_.c.id == name)).scalar_one_or_none() is None


def add_revision(tx: Tx, source: str, number: int, state: State, *, kind: RevisionKind, now: datetime) -> int:
    """Stores a new state of an article and makes it the current one; all kinds but `minor` move `updated`.

    Also brings back an article that was withdrawn (kind `restored`), joins it to its original's work, and lets the
    source lead it from now on.
    """
    found = state.found
    current = insert_revision(tx, source, number, state, kind=kind, now=now)
    values = current_values(state) | {
        "revision": current,
        "status": Status.PUBLIC,
        "withdrawn_at": None,
        "withdrawn_why": None,
        "original_key": found.translation_of,
        "source": source,
        "source_key": found.key,
    }
    if kind is not RevisionKind.MINOR:
        values["updated"] = now
    before = tx.execute(select(article.c.original_key).where(article.c.number == number)).scalar_one()
    tx.execute(update(article).where(article.c.number == number).values(values))
    if before != found.translation_of:
        original = find_known(tx, source, found.translation_of) if found.translation_of else None
        is_anothers = original is not None and original.number != number
        move_work(tx, number, work_of(tx, original.number) if original and is_anothers else number)
    return current


def withdraw_article(tx: Tx, number: int, *, why: str, now: datetime) -> None:
    """Takes an article from the public at once; its last words stay stored. Repeating changes nothing."""
    row = tx.execute(select(article).where(article.c.number == number, article.c.status == Status.PUBLIC)).one_or_none()
    if row is None:
        return
    current = copy_revision(tx, row.revision, {"at": now, "kind": RevisionKind.WITHDRAWAL, "digest": ""})
    tx.execute(
        update(article)
        .where(article.c.number == number)
        .values(status=Status.WITHDRAWN, withdrawn_at=now, withdrawn_why=why, updated=now, revision=current)
    )


def restrict_article(tx: Tx, number: int, restricted: Restricted, *, now: datetime) -> None:
    """Narrows what others may do with an article, and nothing else: a quiet revision of the words that are stored.

    Its digests are forgotten: when the source says again what it said before, that is a change, and widens.
    """
    row = tx.execute(select(article.c.revision).where(article.c.number == number)).one()
    values: dict[str, Any] = {name: getattr(restricted, name) for name in ("licence", "embargo_until")}
    values |= {"licence_why": restricted.why, "no_republish": int(restricted.no_republish)}
    values |= {"at": now, "kind": RevisionKind.MINOR, "digest": ""}
    current = copy_revision(tx, row.revision, values)
    tx.execute(update(article).where(article.c.number == number).values(revision=current, digest="", steady=""))


def work_of(tx: Tx, number: int) -> int:
    """The work that an article belongs to: chains of translations are flattened."""
    return int(tx.execute(select(article.c.work_id).where(article.c.number == number)).scalar_one())


def adopt_translations(tx: Tx, source: str, key: str, number: int) -> None:
    """Joins translations that came before their original, and theirs, to its work."""
    waiting = select(article.c.number).where(article.c.source == source, article.c.original_key == key)
    for translation in tx.execute(waiting).scalars().all():
        if translation != number:
            move_work(tx, translation, work_of(tx, number))


def move_work(tx: Tx, number: int, work: int) -> None:
    """Puts an article and all that is translated from it into a work."""
    moved: set[int] = set()
    waiting = {number}
    while waiting:
        moved |= waiting
        own_key = article.alias("original")
        below = (
            select(article.c.number)
            .join(own_key, (own_key.c.source == article.c.source) & (own_key.c.source_key == article.c.original_key))
            .where(own_key.c.number.in_(waiting))
        )
        waiting = set(tx.execute(below).scalars()) - moved
    mark_where(tx, article.c.number.in_(moved))
    tx.execute(update(article).where(article.c.number.in_(moved)).values(work_id=work))


def copy_revision(tx: Tx, number: int, values: dict[str, Any]) -> int:
    """A revision like another one but for these values, with its terms, images and corrections; gives its id."""
    last = tx.execute(select(revision).where(revision.c.id == number)).one()._asdict() | values
    mark_unbuilt(tx, last["article"])
    old = last.pop("id")
    current = int(tx.execute(insert(revision).values(last).returning(revision.c.id)).scalar_one())
    for table in (revision_term, image, correction):
        columns = [c for c in table.c if c.name != "revision"]
        rows = [
            row._asdict() | {"revision": current} for row in tx.execute(select(*columns).where(table.c.revision == old))
        ]
        if rows:
            tx.execute(insert(table), rows)
    return current


def current_values(state: State) -> dict[str, Any]:
    """What the article's own row repeats of its current revision, to be looked for and sorted by."""
    found = state.found
    return {
        "kind": found.kind,
        "language": found.language,
        "url": found.url,
        "published": found.published,
        "digest": state.digest,
        "words": state.words,
        "steady": state.steady,
        "address": address_key(found.url),
        "modified": found.modified,
    }


def insert_revision(tx: Tx, source: str, number: int, state: State, *, kind: RevisionKind, now: datetime) -> int:
    """Writes one whole state: its row, terms, images and corrections."""
    found = state.found
    mark_unbuilt(tx, number)
    plain = ("url", "title", "language", "content_html", "summary", "published", "modified", "licence", "licence_why")
    values = {name: getattr(found, name) for name in plain} | {
        "article": number,
        "at": now,
        "kind": kind,
        "rights_holder": found.rights_holder,
        "no_republish": int(found.no_republish),
        "embargo_until": found.embargo_until,
        "notes": list(found.notes),
        "digest": state.digest,
    }
    current = int(tx.execute(INSERT_REVISION, values).scalar_one())
    terms = {
        Scope.AUTHOR: found.authors,
        Scope.SECTION: (found.section,) if found.section else (),
        Scope.COUNTRY: found.countries,
        Scope.TOPIC: found.topics,
    }
    placed = [
        {"revision": current, "scope": scope, "position": position, "term": number}
        for scope, found_terms in terms.items()
        for position, number in enumerate(store_terms(tx, source, scope, found_terms))
    ]
    images = [image_values(one) | {"revision": current, "position": n} for n, one in enumerate(found.images)]
    corrections = [
        {"revision": current, "position": n, "date": one.date.isoformat(), "text": one.text}
        for n, one in enumerate(found.corrections)
    ]
    for table, rows in ((revision_term, placed), (image, images), (correction, corrections)):
        if rows:
            tx.execute(insert(table), rows)
    return current


def image_values(one: Image) -> dict[str, Any]:
    """An image as a row."""
    names = ("url", "alt", "caption", "credit", "licence", "rights", "rights_why", "width", "height", "media_type")
    return {name: getattr(one, name) for name in names} | {"is_main": int(one.is_main)}
