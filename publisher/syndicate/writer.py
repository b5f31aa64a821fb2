"""A build under way: writes files under `public/`, keeps the store's list of them, and counts.

The list is written after the files, so that it never names what does not stand. A file remembers the store revision
that it was made from, and an older revision never overwrites it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.store.engine import Store, Tx
from publisher.store.files import PublicFile, find_file, forget_files, record_files
from publisher.syndicate.files import checksum, remove_file, write_files

BATCH = 500  # rows of the list in one transaction
#: Told, in the transaction that lists them, of paths whose listed bytes are others than before.
News = Callable[[Tx, Sequence[str]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that was rendered, and from which revision."""

    data: bytes
    revision: int


class PublicWriter:
    """Writes files and their list; call `flush` at the end of each phase."""

    def __init__(self, root: Path, store: Store, *, tell: News = lambda _tx, _paths: None) -> None:
        self.root = root
        self.store = store
        self.written = 0
        self.removed = 0
        self._to_record: list[PublicFile] = []
        self._news: list[str] = []
        self._tell = tell

    def write(self, files: Mapping[str, Made]) -> frozenset[str]:
        """Writes what changed, in the order given; gives the paths whose bytes changed."""
        with self.store.read() as tx:
            known = {path: find_file(tx, path) for path in files}
        fresh = {path: made for path, made in files.items() if not _is_newer(known[path], made.revision)}
        changed = write_files(self.root, {path: made.data for path, made in fresh.items()})
        for path, made in fresh.items():
            row = PublicFile(path=path, sha256=checksum(made.data), size=len(made.data), revision=made.revision)
            # A file that is unchanged may still be made from a newer revision now.
            before = known[path]
            if row != before:
                self._to_record.append(row)
            # By the list, not by the disk: what a build that broke off wrote and did not list is news still.
            if before is None or row.sha256 != before.sha256:
                self._news.append(path)
        self.written += len(changed)
        if len(self._to_record) >= BATCH:
            self.flush()
        return changed

    def remove(self, paths: Sequence[str]) -> None:
        """Removes files and takes them off the list; those that are not there are no matter."""
        for start in range(0, len(paths), BATCH):
            some = paths[start : start + BATCH]
            self.removed += sum(remove_file(self.root, path) for path in some)
            with self.store.begin() as tx:
                forget_files(tx, some)

    def flush(self) -> None:
        """Writes the list down."""
        if self._to_record:
            with self.store.begin() as tx:
                record_files(tx, self._to_record)
                self._tell(tx, self._news)
            self._to_record.clear()
            self._news.clear()


def made_text(text: str, revision: int) -> Made:
    """A text as a file."""
    return Made(data=text.encode(), revision=revision)


def _is_newer(known: PublicFile | None, revision: int) -> bool:
    """Whether what stands was made from a later revision than this one."""
    return known is not None and known.revision > revision
