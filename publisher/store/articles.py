"""Articles and their revisions: written by gathering, read by everything else."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from publisher.model.article import (
    Article,
    Correction,
    Image,
    ImageRights,
    Kind,
    Revision,
    RevisionKind,
    Scope,
    Status,
    Term,
)
from publisher.model.errors import NotFoundError
from publisher.store.engine import Tx
from publisher.store.schema import article, correction, image, revision, revision_term, term
from publisher.store.terms import term_of

PAGE = 200


def find_article(tx: Tx, reference: str | int) -> Article | None:
    """An article by its number, its address or its tag URI; of several at one address, the public or newest one."""
    text = str(reference).strip()
    if re.fullmatch(r"\d{1,18}", text):
        where = article.c.number == int(text)
    elif text.startswith("tag:"):
        where = article.c.uri == text
    else:
        where = article.c.url.in_((text, text.rstrip("/"), f"{text.rstrip('/')}/"))
    query = article_query().where(where).order_by(article.c.status, article.c.number.desc()).limit(1)
    found = read_articles(tx, query)
    return found[0] if found else None


def get_article(tx: Tx, reference: str | int) -> Article:
    """An article by number, address or tag URI; raises `NotFoundError`."""
    found = find_article(tx, reference)
    if found is None:
        raise NotFoundError("article", reference)
    return found


def list_newest(
    tx: Tx,
    *,
    kinds: Sequence[Kind],
    limit: int,
    language: str | None = None,
    term: int | None = None,
    withdrawn_since: datetime | None = None,
) -> list[Article]:
    """Public articles, newest first by `published`, then number; with those withdrawn since a moment, if given."""
    # Numbers first: sorting whole texts would cost more than all the rest. Each status by its own index.
    of_it: list[ColumnElement[bool]] = [article.c.kind.in_(kinds)]
    of_it += [article.c.language == language] if language else []
    if term is not None:
        of_it.append(article.c.revision.in_(select(revision_term.c.revision).where(revision_term.c.term == term)))
    found = newest_numbers(tx, article.c.status == Status.PUBLIC, *of_it, limit=limit)
    if withdrawn_since is not None:
        is_gone = and_(article.c.withdrawn_at >= withdrawn_since, article.c.status == Status.WITHDRAWN)
        found = sorted({*found, *newest_numbers(tx, is_gone, *of_it, limit=limit)}, reverse=True)[:limit]
    articles = read_numbers(tx, [number for _, number in found])
    return [articles[number] for _, number in found]


def newest_numbers(tx: Tx, *where: ColumnElement[bool], limit: int) -> list[tuple[datetime, int]]:
    """When the newest articles of which this is true were published, and their numbers; newest first."""
    query = select(article.c.published, article.c.number).where(*where)
    newest = query.order_by(article.c.published.desc(), article.c.number.desc()).limit(limit)
    return [(row.published, row.number) for row in tx.execute(newest)]


def list_articles(
    tx: Tx, *, kind: Kind | None = None, language: str | None = None, since: datetime | None = None, after: int = 0
) -> list[Article]:
    """A page of all articles by number, withdrawn ones too; `since` looks at `published`."""
    query = article_query().where(article.c.number > after)
    if kind:
        query = query.where(article.c.kind == kind)
    if language:
        query = query.where(article.c.language == language)
    if since:
        query = query.where(article.c.published >= since)
    return read_articles(tx, query.order_by(article.c.number).limit(PAGE))


def iter_articles(tx: Tx, *, after: int = 0, limit: int = PAGE) -> list[Article]:
    """A page of all articles by number, withdrawn ones too."""
    return read_articles(tx, article_query().where(article.c.number > after).order_by(article.c.number).limit(limit))


def list_turn(tx: Tx, turn: int, *, size: int) -> list[Article]:
    """Some articles in turn: all of them come round, again and again."""
    newest = tx.execute(select(func.max(article.c.number))).scalar_one() or 1
    return iter_articles(tx, after=turn * size % newest, limit=size)


def read_numbers(tx: Tx, numbers: Iterable[int]) -> dict[int, Article]:
    """Articles by their numbers; those that are not there are left out."""
    return {one.number: one for one in read_articles(tx, article_query().where(article.c.number.in_(list(numbers))))}


def list_work(tx: Tx, work_id: int) -> list[Article]:
    """The articles of one work by number: the original and its translations."""
    return read_articles(tx, article_query().where(article.c.work_id == work_id).order_by(article.c.number))


def list_siblings(tx: Tx, articles: Sequence[Article]) -> list[Article]:
    """The articles that share a work with one of these, and are none of them."""
    numbers, works = {one.number for one in articles}, {one.work_id for one in articles}
    query = article_query().where(article.c.work_id.in_(works), article.c.number.not_in(numbers))
    return read_articles(tx, query.order_by(article.c.number))


def is_image_shown(tx: Tx, url: str) -> bool:
    """Whether a public article shows this picture now."""
    query = select(image.c.url).join(article, article.c.revision == image.c.revision)
    return tx.execute(query.where(image.c.url == url, article.c.status == Status.PUBLIC).limit(1)).first() is not None


def list_revisions(tx: Tx, number: int) -> list[Revision]:
    """An article's history, oldest first."""
    rows = tx.execute(
        select(revision.c.id, revision.c.at, revision.c.kind)
        .where(revision.c.article == number)
        .order_by(revision.c.id)
    )
    return [Revision(id=row.id, at=row.at, kind=RevisionKind(row.kind)) for row in rows]


def list_terms(tx: Tx, scope: Scope, *, kinds: Sequence[Kind] = (Kind.STORY,)) -> list[Term]:
    """The terms that at least one public article of these kinds has, by slug."""
    used = (
        select(article.c.number)
        .join(revision_term, revision_term.c.revision == article.c.revision)
        .where(revision_term.c.term == term.c.id, article.c.status == Status.PUBLIC, article.c.kind.in_(kinds))
    )
    query = select(term).where(term.c.scope == scope, used.exists()).order_by(term.c.slug)
    return [term_of(row) for row in tx.execute(query)]


def list_languages(tx: Tx, *, kinds: Sequence[Kind] = (Kind.STORY,)) -> list[str]:
    """The languages of public articles of these kinds."""
    query = select(article.c.language).where(article.c.status == Status.PUBLIC, article.c.kind.in_(kinds))
    return list(tx.execute(query.distinct().order_by(article.c.language)).scalars())


def newest_change(tx: Tx) -> datetime | None:
    """When an article that is or was public changed last in a way that counts."""
    newest: datetime | None = tx.execute(select(func.max(article.c.updated))).scalar_one()
    return newest


def article_query() -> Select[Any]:
    """Articles at their current revision."""
    return select(
        article,
        revision.c.id.label("revision_id"),
        *[
            revision.c[name].label(f"r_{name}")
            for name in (
                "title",
                "content_html",
                "summary",
                "licence",
                "licence_why",
                "rights_holder",
                "no_republish",
                "embargo_until",
                "notes",
            )
        ],
    ).join(revision, revision.c.id == article.c.revision)


def read_articles(tx: Tx, query: Select[Any]) -> list[Article]:
    """Runs an `article_query` and brings terms, images and corrections along, in four statements in all."""
    rows = tx.execute(query).all()
    revisions = [row.revision for row in rows]
    terms = group(
        tx,
        select(revision_term.c.revision, revision_term.c.scope.label("placed"), term).join(term),
        revision_term,
        revisions,
    )
    images = group(tx, select(image), image, revisions)
    corrections = group(tx, select(correction), correction, revisions)
    return [
        article_of(row, terms.get(row.revision, []), images.get(row.revision, []), corrections.get(row.revision, []))
        for row in rows
    ]


def group(tx: Tx, query: Select[Any], table: Any, revisions: list[int]) -> dict[int, list[Row[Any]]]:  # noqa: ANN401 - a table
    """Rows that belong to revisions, by revision, in their order."""
    grouped: dict[int, list[Row[Any]]] = {}
    if revisions:
        for row in tx.execute(
            query.where(table.c.revision.in_(revisions)).order_by(table.c.revision, table.c.position)
        ):
            grouped.setdefault(row.revision, []).append(row)
    return grouped


def article_of(row: Row[Any], terms: list[Row[Any]], images: list[Row[Any]], corrections: list[Row[Any]]) -> Article:
    """Rows as an `Article`."""
    by_scope: dict[str, list[Term]] = {}
    for one in terms:
        by_scope.setdefault(one.placed, []).append(term_of(one))
    return Article(
        number=row.number,
        uri=row.uri,
        source=row.source,
        key=row.source_key,
        work_id=row.work_id,
        status=Status(row.status),
        kind=Kind(row.kind),
        url=row.url,
        title=row.r_title,
        language=row.language,
        content_html=row.r_content_html,
        summary=row.r_summary,
        published=row.published,
        updated=row.updated,
        first_stored=row.first_stored,
        revision=row.revision,
        authors=tuple(by_scope.get(Scope.AUTHOR, ())),
        section=next(iter(by_scope.get(Scope.SECTION, ())), None),
        countries=tuple(by_scope.get(Scope.COUNTRY, ())),
        topics=tuple(by_scope.get(Scope.TOPIC, ())),
        licence=row.r_licence,
        licence_why=row.r_licence_why,
        rights_holder=row.r_rights_holder,
        images=tuple(image_of(one) for one in images),
        corrections=tuple(Correction(date=date.fromisoformat(one.date), text=one.text) for one in corrections),
        translation_of=row.work_id if row.work_id != row.number else None,
        no_republish=bool(row.r_no_republish),
        embargo_until=row.r_embargo_until,
        withdrawn_at=row.withdrawn_at,
        notes=tuple(row.r_notes),
    )


def image_of(row: Row[Any]) -> Image:
    """A row as an `Image`."""
    return Image(
        url=row.url,
        alt=row.alt,
        caption=row.caption,
        credit=row.credit,
        licence=row.licence,
        rights=ImageRights(row.rights),
        rights_why=row.rights_why,
        width=row.width,
        height=row.height,
        is_main=bool(row.is_main),
        media_type=row.media_type,
    )
