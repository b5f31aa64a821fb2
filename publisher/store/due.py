"""What a build has to show: the marked articles, and what they belong to; and how far the last build came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update

from publisher.model.article import Term
from publisher.store.engine import Tx
from publisher.store.schema import article, built, revision, revision_term, term, unbuilt
from publisher.store.terms import term_of
from publisher.store.unbuilt import mark_where
from publisher.store.upsert import dialect_insert

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The last build that came to its end."""

    fingerprint: str  #: of all that files are made from besides articles
    at: datetime
    plans: str = ""  #: digest of the list of feeds
    audited: int = 0  #: how many rolling audits there were


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What marked articles belong to now, or belonged to when they were built last."""

    articles: int  #: how many are marked
    terms: tuple[Term, ...]
    languages: frozenset[str]  #: tags in lower case
    months: frozenset[str]  #: that they came in


def start_building(tx: Tx) -> None:
    """What is marked now is what this build shows; with the translations of it, which name it."""
    works = select(article.c.work_id).join(unbuilt, unbuilt.c.article == article.c.number)
    mark_where(tx, article.c.work_id.in_(works))
    tx.execute(update(unbuilt).values(mark=0))


def finish_building(tx: Tx) -> None:
    """What was marked at the start is shown now; what changed since stays marked."""
    tx.execute(delete(unbuilt).where(unbuilt.c.mark == 0))


def list_unbuilt(tx: Tx, *, after: int = 0, limit: int = PAGE) -> list[int]:
    """A page of the articles that are marked, by number."""
    query = select(unbuilt.c.article).where(unbuilt.c.article > after).order_by(unbuilt.c.article).limit(limit)
    return list(tx.execute(query).scalars())


def touched_by_changes(tx: Tx) -> Touched:
    """What the marked articles have or had."""
    used = select(revision_term.c.term).where(revision_term.c.revision.in_(states()))
    spoken = select(revision.c.language).where(revision.c.id.in_(states())).distinct()
    months = select(article.c.month).join(unbuilt, unbuilt.c.article == article.c.number).distinct()
    return Touched(
        articles=int(tx.execute(select(func.count()).select_from(unbuilt)).scalar_one()),
        terms=tuple(term_of(row) for row in tx.execute(select(term).where(term.c.id.in_(used)))),
        languages=frozenset(tag.lower() for tag in tx.execute(spoken).scalars()),
        months=frozenset(tx.execute(months).scalars()),
    )


def states() -> Select[tuple[int]]:
    """The revisions of marked articles that `public/` shows or is to show, and all between: a build may break off."""
    return (
        select(revision.c.id)
        .join(unbuilt, unbuilt.c.article == revision.c.article)
        .where(revision.c.id >= func.coalesce(unbuilt.c.built, 0))
    )


def load_built(tx: Tx) -> Built | None:
    """The last build; None before the first one."""
    row = tx.execute(select(built.c.fingerprint, built.c.at, built.c.plans, built.c.audited)).one_or_none()
    return Built(**row._asdict()) if row else None


def save_built(tx: Tx, last: Built) -> None:
    """Writes a build down that came to its end."""
    values = {"fingerprint": last.fingerprint, "at": last.at, "plans": last.plans, "audited": last.audited}
    saved = dialect_insert(tx, built).values(values | {"id": 1})
    tx.execute(saved.on_conflict_do_update(index_elements=["id"], set_=values))
