"""Terms: sections, countries, topics, authors. A slug is given once and never changes."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update

from publisher.model.article import Scope, SourceTerm, Term
from publisher.store.engine import Tx
from publisher.store.schema import term
from publisher.store.unbuilt import mark_term

MAX_SLUG = 60
ROOM = 10  #: characters, for a second comer's number


def store_terms(tx: Tx, source: str, scope: Scope, found: Sequence[SourceTerm]) -> list[int]:
    """The ids of terms as a source names them, each once, in order; new ones are stored, renamed ones renamed."""
    ids: list[int] = []
    known = find_terms(tx, source, scope, found)
    for one in {one.key: one for one in found}.values():
        row = known.get(one.key)
        number = row.id if row else insert_term(tx, source, scope, one)
        # A byline names people without their addresses; one that is known stays.
        if row and (row.name, row.url) != (one.name, one.url or row.url):
            tx.execute(update(term).where(term.c.id == number).values(name=one.name, url=one.url or row.url))
            mark_term(tx, number)
        ids.append(number)
    return ids


def find_terms(tx: Tx, source: str, scope: Scope, found: Sequence[SourceTerm]) -> dict[str, Row[Any]]:
    """The rows of those terms that are stored, by the source's key."""
    if not found:
        return {}
    keys = [one.key for one in found]
    rows = tx.execute(select(term).where(term.c.scope == scope, term.c.source == source, term.c.key.in_(keys)))
    return {row.key: row for row in rows}


def insert_term(tx: Tx, source: str, scope: Scope, found: SourceTerm) -> int:
    """Stores a new term under a slug that nobody had: `slug`, `slug-2`, ..., or `t{id}` when no letter is left."""
    wish = slug_of(found.slug or found.name) or slug_of(found.name)
    values = {"scope": scope, "source": source, "key": found.key, "name": found.name, "url": found.url}
    number = int(
        tx.execute(insert(term).values(values | {"slug": f"?{source}?{found.key}"}).returning(term.c.id)).scalar_one()
    )
    slug = free_slug(tx, scope, wish or f"t{number}")
    tx.execute(update(term).where(term.c.id == number).values(slug=slug))
    return number


def free_slug(tx: Tx, scope: Scope, wish: str) -> str:
    """The wish itself, or with the first free number behind it."""
    start = wish[: MAX_SLUG - ROOM]  # that a number shortens a long wish must not hide who has the result
    taken = set(tx.execute(select(term.c.slug).where(term.c.scope == scope, term.c.slug.like(f"{start}%"))).scalars())
    slug, count = wish, 1
    while slug in taken:
        count += 1
        slug = f"{wish[: MAX_SLUG - len(str(count)) - 1].rstrip('-')}-{count}"
    return slug


def slug_of(text: str) -> str:
    """`[a-z0-9-]`, at most 60 characters; accents are dropped; empty when nothing is left.

    >>> slug_of("Trinidad & Tobago: año")
    'trinidad-tobago-ano'
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-")


def term_of(row: Row[Any]) -> Term:
    """A row as a `Term`."""
    return Term(id=row.id, scope=Scope(row.scope), name=row.name, slug=row.slug, url=row.url)
