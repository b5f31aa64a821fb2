"""The months that articles came in, for the archives of feeds."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from publisher.model.article import Article, Kind
from publisher.store.articles import article_query, read_articles
from publisher.store.engine import Tx
from publisher.store.schema import article, revision_term


def list_months(tx: Tx, *, kinds: Sequence[Kind], language: str | None, term: int | None) -> list[str]:
    """The months in which articles of a feed came, withdrawn ones too, in the order of time."""
    query = select(article.c.month).where(*of_feed(kinds, language, term)).distinct()
    return sorted(tx.execute(query).scalars())


def list_month(tx: Tx, month: str, *, kinds: Sequence[Kind], language: str | None, term: int | None) -> list[Article]:
    """The articles of a feed that came in a month, withdrawn ones too, by number."""
    where = (article.c.month == month, *of_feed(kinds, language, term))
    return read_articles(tx, article_query().where(*where).order_by(article.c.number))


def count_month(tx: Tx, month: str, *, kinds: Sequence[Kind], language: str | None, term: int | None) -> int:
    """How many articles of a feed came in a month."""
    where = (article.c.month == month, *of_feed(kinds, language, term))
    return int(tx.execute(select(func.count()).select_from(article).where(*where)).scalar_one())


def of_feed(kinds: Sequence[Kind], language: str | None, term: int | None) -> list[ColumnElement[bool]]:
    """What is true of the articles of a feed."""
    found: list[ColumnElement[bool]] = [article.c.kind.in_(kinds)]
    found += [article.c.language == language] if language else []
    if term is not None:
        found.append(article.c.revision.in_(select(revision_term.c.revision).where(revision_term.c.term == term)))
    return found
