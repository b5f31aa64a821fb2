"""Answers in memory, each good for as long as the files it was made from stay as they were seen.

A file is seen by its time, size and inode; the builder replaces files whole, so one that was opened is never half of
two, and one of the three changes with its bytes. That a file is not there is seen too: an answer ends when a `.gone`
comes beside its page.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from stat import S_ISREG

Mark = tuple[int, int, int] | None  #: modified (ns), size, inode; None: there is no such file
RawHeaders = list[tuple[bytes, bytes]]

KEPT_BYTES = 64 * 1024 * 1024
OVERHEAD_BYTES = 2048  #: of an answer besides its body, about: many small files have a limit as well
#: What a 304 leaves out: it speaks of a body that is not there (RFC 9110 section 15.4.5).
OF_BODY = {"content-type", "content-encoding", "content-length"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file's bytes, and how it was seen when they were read."""

    mark: Mark
    body: bytes = field(repr=False)
    modified: int  #: seconds since 1970, as HTTP counts them


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer, ready to be sent."""

    seen: tuple[tuple[str, Mark], ...]  #: files, and how they looked
    is_gone: bool  #: 410 instead of 200
    body: bytes = field(repr=False)
    etag: str  #: strong; of these bytes, so each encoding has its own
    modified: int  #: seconds since 1970
    headers: RawHeaders
    headers_of_304: RawHeaders

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return len(self.body) + OVERHEAD_BYTES


class Shelf:
    """Kept answers by path and encoding; those not asked for longest go first."""

    def __init__(self, max_bytes: int = KEPT_BYTES) -> None:
        self._answers: OrderedDict[tuple[str, bool], Kept] = OrderedDict()
        self._max_bytes = max_bytes
        self._bytes = 0

    def find(self, key: tuple[str, bool]) -> Kept | None:
        """The answer, if the files are still as they were."""
        kept = self._answers.get(key)
        if kept is None or any(look(place) != mark for place, mark in kept.seen):
            return None
        self._answers.move_to_end(key)
        return kept

    def put(self, key: tuple[str, bool], kept: Kept) -> None:
        """Keeps an answer in place of the one before."""
        old = self._answers.pop(key, None)
        self._bytes += kept.size - (old.size if old else 0)
        self._answers[key] = kept
        while self._bytes > self._max_bytes:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= dropped.size


def keep(file: ReadFile, seen: Mapping[str, Mark], headers: Mapping[str, str], *, is_gone: bool) -> Kept:
    """The answer of a file. Only a 200 has validators: nobody shall go on with a copy of what is gone."""
    etag = f'"{hashlib.sha256(file.body).hexdigest()[:32]}"'
    validators = {} if is_gone else {"etag": etag, "last-modified": formatdate(file.modified, usegmt=True)}
    said = {**headers, "content-length": str(len(file.body)), **validators}
    raw = {name: (name.encode(), value.encode("latin-1")) for name, value in said.items()}
    return Kept(
        seen=tuple(seen.items()),
        is_gone=is_gone,
        body=file.body,
        etag=etag,
        modified=file.modified,
        headers=list(raw.values()),
        headers_of_304=[pair for name, pair in raw.items() if name not in OF_BODY],
    )


def read_file(place: Path) -> ReadFile | None:
    """Reads a file with what it is known by, all of the same open file; None when it is no file of ours."""
    try:
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode):
                return None
            return ReadFile(mark=mark_of(status), body=file.read(), modified=int(status.st_mtime))
    except OSError:  # not there, a link, or replaced meanwhile
        return None


def look(place: str | Path) -> Mark:
    """How a file looks now; of a link it is the link itself."""
    try:
        return mark_of(os.lstat(place))
    except OSError:
        return None


def mark_of(status: os.stat_result) -> Mark:
    """What changes whenever a file is replaced."""
    return status.st_mtime_ns, status.st_size, status.st_ino
