"""Partners: who republishes, the key of each one's feed, and which version of an article each has taken.

The token itself is nowhere: only its hash is stored, so that a copy of the store opens no feed. What a partner took
is one row for each version, written with the feed that carried it; what it must be told follows from these rows
(`store.notices`).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from publisher.model.article import Article, RevisionKind, Status
from publisher.model.errors import NotFoundError
from publisher.store.articles import article_query, read_articles
from publisher.store.engine import Tx
from publisher.store.schema import article, partner, partner_copy, revision
from publisher.store.upsert import missing


class CopyForm(StrEnum):
    """What carried a copy to a partner."""

    FEED = "feed"
    KIT = "kit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that republishes."""

    id: int
    name: str
    languages: tuple[str, ...]  #: RFC 5646 tags; empty: all
    email: str | None  #: where notices go
    made_at: datetime
    revoked_at: datetime | None = None
    fetched_at: datetime | None = None  #: its feed was asked for, to within some minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How much of ours a partner has."""

    copies: int  #: versions
    articles: int


def hash_token(token: str) -> str:
    """What is stored of a token: it is random and long, so that a plain hash tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_partner(
    tx: Tx, name: str, *, token: str, languages: Sequence[str] = (), email: str | None = None, now: datetime
) -> Partner | None:
    """Stores a new partner; None where one of that name is stored, revoked ones too."""
    values = {"name": name, "languages": list(languages), "email": email, "token_hash": hash_token(token)}
    number = tx.execute(
        missing(tx, partner).values(values | {"made_at": now}).returning(partner.c.id)
    ).scalar_one_or_none()
    return get_partner(tx, name) if number else None


def get_partner(tx: Tx, name: str) -> Partner:
    """A partner by its name; raises `NotFoundError`."""
    found = _partners(tx, partner_query().where(partner.c.name == name))
    if not found:
        raise NotFoundError("partner", name)
    return found[0]


def find_by_token(tx: Tx, token: str) -> Partner | None:
    """The partner whose feed this token opens, or opened once."""
    found = _partners(tx, partner_query().where(partner.c.token_hash == hash_token(token)))
    return found[0] if found else None


def list_partners(tx: Tx) -> list[Partner]:
    """All partners by name, revoked ones too."""
    return _partners(tx, partner_query().order_by(partner.c.name))


def revoke_partner(tx: Tx, number: int, *, now: datetime) -> bool:
    """Closes a partner's feed at once; what it took stays written. Repeating changes nothing and gives False."""
    is_open = and_(partner.c.id == number, partner.c.revoked_at.is_(None))
    return tx.execute(update(partner).where(is_open).values(revoked_at=now)).rowcount == 1


def note_fetch(tx: Tx, number: int, *, now: datetime) -> None:
    """Writes down that a partner asked for its feed."""
    tx.execute(update(partner).where(partner.c.id == number).values(fetched_at=now))


def record_copies(tx: Tx, number: int, taken: Iterable[Article], *, form: CopyForm, now: datetime) -> None:
    """Writes down which versions a partner has just taken, in one statement; one it had keeps when it was first."""
    note_fetch(tx, number, now=now)
    # in the order of the key: two feeds fetched at once must not wait for each other
    versions = sorted({(one.number, one.revision) for one in taken})
    rows = [
        {"partner": number, "article": a, "revision": r, "form": form, "first_at": now, "last_at": now}
        for a, r in versions
    ]
    if rows:
        dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(partner_copy).values(rows)
        keys = list(partner_copy.primary_key.columns)
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"last_at": statement.excluded.last_at}))


def count_taken(tx: Tx) -> dict[int, Taken]:
    """How much each partner has, by its number; one that took nothing is left out."""
    articles = func.count(partner_copy.c.article.distinct())
    query = select(partner_copy.c.partner, func.count(), articles).group_by(partner_copy.c.partner)
    return {number: Taken(copies=copies, articles=count) for number, copies, count in tx.execute(query)}


def list_offered(
    tx: Tx, languages: Sequence[str], *, before: Article | None = None, limit: int, now: datetime
) -> list[Article]:
    """A page of public articles that may be free to republish, newest first; the licence decides in the end.

    Left out here is only what never passes: without a licence, marked not to be republished, or under an embargo of
    its own.
    """
    query = article_query().where(
        article.c.status == Status.PUBLIC,
        revision.c.licence.is_not(None),
        revision.c.no_republish == 0,
        or_(revision.c.embargo_until.is_(None), revision.c.embargo_until <= now),
    )
    if languages:
        query = query.where(or_(*(_is_in(language) for language in languages)))
    if before is not None:
        is_twin = and_(article.c.published == before.published, article.c.number < before.number)
        query = query.where(or_(article.c.published < before.published, is_twin))
    return read_articles(tx, query.order_by(article.c.published.desc(), article.c.number.desc()).limit(limit))


def list_withdrawn_copies(tx: Tx, number: int, *, since: datetime) -> list[Article]:
    """Articles that a partner has and that were withdrawn since a moment, newest first."""
    is_gone = and_(article.c.status == Status.WITHDRAWN, article.c.withdrawn_at >= since)
    return _held(tx, number, article_query().where(is_gone))


def list_corrected_copies(tx: Tx, number: int, *, since: datetime) -> list[Article]:
    """Public articles that a partner has and that were corrected since a moment, newest first."""
    later = revision.alias("later")
    corrected = select(later.c.article).where(
        later.c.article == article.c.number, later.c.kind == RevisionKind.CORRECTION, later.c.at >= since
    )
    is_there = and_(article.c.status == Status.PUBLIC, article.c.updated >= since, corrected.exists())
    return _held(tx, number, article_query().where(is_there))


def partner_query() -> Select[Any]:
    """Partners, without the hashes of their tokens."""
    return select(*(column for column in partner.c if column.name != "token_hash"))


def _partners(tx: Tx, query: Select[Any]) -> list[Partner]:
    return [Partner(**row._asdict() | {"languages": tuple(row.languages)}) for row in tx.execute(query)]


def _held(tx: Tx, number: int, query: Select[Any]) -> list[Article]:
    """Of these articles, those that a partner has."""
    has_it = select(partner_copy.c.article).where(partner_copy.c.partner == number)
    newest = query.order_by(article.c.published.desc(), article.c.number.desc())
    return read_articles(tx, newest.where(article.c.number.in_(has_it)))


def _is_in(language: str) -> Any:  # noqa: ANN401 - a condition
    """Whether an article is in a language or in one of its regions: `es` is for `es-MX` too."""
    tag = language.lower()
    written = func.lower(article.c.language)
    return or_(written == tag, written.startswith(f"{tag}-", autoescape=True))
