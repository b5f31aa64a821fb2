"""What stands in `public/`, and the store revision that each file was made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from publisher.store.engine import Store, Tx
from publisher.store.schema import public_file, revision


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """One file under `public/`."""

    path: str  #: relative to `public/`, with `/`
    sha256: str  #: of its bytes, hexadecimal
    size: int
    revision: int  #: the newest store revision when it was made; a file is never overwritten from an older one


def find_file(tx: Tx, path: str) -> PublicFile | None:
    """What is known of one file."""
    row = tx.execute(select(public_file).where(public_file.c.path == path)).one_or_none()
    return PublicFile(**row._asdict()) if row else None


def list_files(tx: Tx, *, after: str = "", limit: int = 1000) -> list[PublicFile]:
    """A page of the files by path."""
    rows = tx.execute(select(public_file).where(public_file.c.path > after).order_by(public_file.c.path).limit(limit))
    return [PublicFile(**row._asdict()) for row in rows]


def iter_files(store: Store, prefix: str) -> Iterator[PublicFile]:
    """The files whose paths begin so, by path; read page by page, so that no read stays open while files go."""
    after = prefix
    while True:
        with store.read() as tx:
            page = list_files(tx, after=after)
        yield from (one for one in page if one.path.startswith(prefix))
        if not page or not page[-1].path.startswith(prefix):
            return
        after = page[-1].path


def count_files(tx: Tx) -> int:
    """How many files stand."""
    return int(tx.execute(select(func.count()).select_from(public_file)).scalar_one())


def record_files(tx: Tx, files: Sequence[PublicFile]) -> None:
    """Writes down files that now stand; the newest word counts."""
    rows = {
        one.path: {"path": one.path, "sha256": one.sha256, "size": one.size, "revision": one.revision} for one in files
    }
    forget_files(tx, list(rows))
    if rows:
        tx.execute(insert(public_file), list(rows.values()))


def forget_files(tx: Tx, paths: Sequence[str]) -> None:
    """Writes down that files are gone."""
    if paths:
        tx.execute(delete(public_file).where(public_file.c.path.in_(paths)))


def source_revision(tx: Tx) -> int:
    """The newest revision in the store: what is built now is made from it."""
    return int(tx.execute(select(func.coalesce(func.max(revision.c.id), 0))).scalar_one())
