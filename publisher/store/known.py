"""What gathering judges by: which articles are known under which keys, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, select, update

from publisher.model.article import RevisionKind, Status
from publisher.store.engine import Tx
from publisher.store.schema import article, article_key, revision

#: The columns of an article that gathering judges by.
KNOWN = (
    "number",
    "status",
    "digest",
    "words",
    "steady",
    "published",
    "modified",
    "source",
    "source_key",
    "flaps",
    "flapped_at",
)
FEW = 5  #: twins that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What gathering needs to know of a stored article to judge what its source says now."""

    number: int
    key: str
    status: Status
    digest: str  #: of the whole state
    words: str  #: of the normalised words
    steady: str = ""  #: of what does not vary by the look
    published: datetime | None = None
    modified: datetime | None = None  #: as the source said last
    source: str = ""  #: the source that leads
    source_key: str = ""  #: its key there
    flaps: int = 0  #: states that came and went again
    flapped_at: datetime | None = None

    def is_led_by(self, source: str) -> bool:
        """Whether that source's word is the one that counts."""
        return self.source in {source, ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A stored article that an item may be."""

    number: int
    source: str  #: the one that leads
    source_key: str
    published: datetime
    words: str
    title: str
    content_html: str


def find_known(tx: Tx, source: str, key: str) -> Known | None:
    """What is stored under a source's key, under whatever alias."""
    row = tx.execute(known_query(source).where(article_key.c.key == key)).one_or_none()
    return known_of(row) if row else None


def list_known(tx: Tx, source: str, *, after: str = "", limit: int = 1000) -> list[Known]:
    """A page of a source's articles by key, withdrawn ones too."""
    query = known_query(source).where(article_key.c.key > after).order_by(article_key.c.key).limit(limit)
    return [known_of(row) for row in tx.execute(query)]


def known_query(source: str) -> Select[Any]:
    """Stored articles by the keys of one source."""
    columns = [article.c[name] for name in KNOWN]
    joined = article_key.join(article, article.c.number == article_key.c.article)
    return select(*columns, article_key.c.key).select_from(joined).where(article_key.c.source == source)


def known_of(row: Row[Any]) -> Known:
    """A row of `known_query` as `Known`."""
    return Known(**row._asdict() | {"status": Status(row.status)})


def find_at_address(tx: Tx, address: str) -> list[Twin]:
    """The articles at an address, by `address_key`."""
    return list_twins(tx, article.c.address == address) if address else []


def find_by_time(tx: Tx, source: str, published: datetime) -> list[Twin]:
    """A source's articles of one very moment."""
    return list_twins(tx, article.c.source == source, article.c.published == published)


def find_by_title(tx: Tx, source: str, title: str) -> list[Twin]:
    """A source's articles whose `words` begin with a title's digest."""
    return list_twins(tx, article.c.source == source, article.c.words.between(f"{title}-", f"{title}."))


def list_twins(tx: Tx, *where: ColumnElement[bool]) -> list[Twin]:
    """The newest few articles of which this is true."""
    names = ("number", "source", "source_key", "published", "words")
    columns = [*(article.c[name] for name in names), revision.c.title, revision.c.content_html]
    query = select(*columns).join(revision, revision.c.id == article.c.revision).where(*where)
    return [Twin(**row._asdict()) for row in tx.execute(query.order_by(article.c.number.desc()).limit(FEW))]


def add_key(tx: Tx, source: str, key: str, number: int) -> None:
    """Lets an article be found under one more key; one that is taken goes over to it."""
    where = and_(article_key.c.source == source, article_key.c.key == key)
    if tx.execute(update(article_key).where(where).values(article=number)).rowcount == 0:
        tx.execute(insert(article_key).values(source=source, key=key, article=number))


def count_keys(tx: Tx, source: str, number: int) -> int:
    """Under how many keys of a source an article is known."""
    query = select(func.count()).where(article_key.c.source == source, article_key.c.article == number)
    return int(tx.execute(query).scalar_one())


def note_look(tx: Tx, number: int, *, modified: datetime | None) -> None:
    """Remembers when the source changed it last, though nothing that is stored differs."""
    tx.execute(update(article).where(article.c.number == number).values(modified=modified))


def note_flap(tx: Tx, number: int, *, flaps: int, now: datetime) -> None:
    """Counts that a state came and went again."""
    tx.execute(update(article).where(article.c.number == number).values(flaps=flaps, flapped_at=now))


def was_state(tx: Tx, number: int, digest: str) -> bool:
    """Whether an article was in that very state before."""
    query = select(revision.c.id).where(revision.c.article == number, revision.c.digest == digest)
    return tx.execute(query.limit(1)).first() is not None


def was_first_state(tx: Tx, number: int, digest: str) -> bool:
    """Whether that is the state in which an article came."""
    query = select(revision.c.digest).where(revision.c.article == number).order_by(revision.c.id).limit(1)
    return tx.execute(query).scalar_one_or_none() == digest


def count_changes(tx: Tx, number: int, *, since: datetime) -> int:
    """How many revisions an article got since then, its first one aside."""
    is_change = and_(revision.c.article == number, revision.c.at > since, revision.c.kind != RevisionKind.FIRST)
    return int(tx.execute(select(func.count()).select_from(revision).where(is_change)).scalar_one())


def count_source(tx: Tx, source: str) -> int:
    """How many public articles a source leads."""
    query = select(func.count()).where(article.c.source == source, article.c.status == Status.PUBLIC)
    return int(tx.execute(query).scalar_one())


def count_revisions(tx: Tx, source: str, *, since: datetime) -> int:
    """How often a source's articles changed since then."""
    joined = revision.join(article, article.c.number == revision.c.article)
    is_change = and_(article.c.source == source, revision.c.at > since, revision.c.kind != RevisionKind.FIRST)
    return int(tx.execute(select(func.count()).select_from(joined).where(is_change)).scalar_one())
