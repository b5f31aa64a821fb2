"""Serves `public/`: files that were rendered and compressed before, answered from memory while they stay the same.

    /feeds/all.rss ──► NAME.gone beside it? 410 ──► NAME.gz if wanted ──► ETag known? 304 ──► 200

Any web server does the same from the same folder. A file is read again when its time, size or inode changes; the
builder replaces files whole, so one that was opened is never half of two.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from publisher.syndicate.files import NAME
from publisher.web.file_headers import headers_of, wants_gzip

GONE = ".gone"
#: Halves of a unit: never asked for by their own names.
UNASKED = (".gz", GONE)
KEPT_BYTES = 64 * 1024 * 1024  #: of bodies in memory
INDEX = "index.html"
DEEPEST = 16  #: folders in a path; ours have four


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in memory, and by what it is known to be the same."""

    mark: tuple[int, int, int]  #: modified (ns), size, inode
    body: bytes = field(repr=False)
    etag: str
    modified: str  #: as HTTP writes it


class PublicFiles:
    """The folder as an application; feeds name their own address and their hubs in `Link` (WebSub section 4)."""

    def __init__(self, root: Path, *, public_url: str, hubs: tuple[str, ...] = ()) -> None:
        self._root = root
        self._public_url = public_url
        self._hubs = hubs
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["method"] not in {"GET", "HEAD"}:
            response: Response = PlainTextResponse("Only GET and HEAD.\n", 405, {"allow": "GET, HEAD"})
        else:
            response = await self._respond(scope)
        if scope["method"] == "HEAD":
            response.body = b""  # its length stays that of the body that GET gives
        await response(scope, receive, send)

    async def _respond(self, scope: Scope) -> Response:
        path = plain_path(scope["path"])
        place = self._place(path) if path is not None else None
        if path is None or place is None:
            return not_found()
        if place.is_dir():
            if path and not path.endswith("/"):
                return moved(path + "/", scope)
            path, place = path + INDEX, place / INDEX
        elif path.endswith("/"):
            return not_found()
        return await self._answer(path, place, Headers(scope=scope))

    async def _answer(self, path: str, place: Path, asked: Mapping[str, str]) -> Response:
        encoding = "gzip" if wants_gzip(asked.get("accept-encoding", "")) else ""
        kept = await self._find(place.with_name(place.name + ".gz")) if encoding else None
        if kept is None:
            encoding, kept = "", await self._find(place)
        if kept is None:  # the files of a kit are taken away, its page stays and says why
            return gone() if place.with_name(INDEX + GONE).is_file() else not_found()
        headers = headers_of(path, public_url=self._public_url, hubs=self._hubs)
        headers |= {"etag": kept.etag, "last-modified": kept.modified}
        if encoding:
            headers["content-encoding"] = encoding
        if place.with_name(place.name + GONE).is_file():
            return Response(kept.body, 410, headers)
        if is_same(asked, kept):
            del headers["content-type"]
            return Response(None, 304, headers)
        return Response(kept.body, 200, headers)

    def _place(self, path: str) -> Path | None:
        """Where a path really is; None where a link leads out of the root."""
        place = Path(os.path.realpath(self._root / path))
        return place if place.is_relative_to(os.path.realpath(self._root)) else None

    async def _find(self, place: Path) -> Kept | None:
        try:
            mark = mark_of(os.lstat(place))  # of a link it is the link's: then the reading refuses it
        except OSError:
            return None
        kept = self._kept.get(str(place))
        if kept is None or kept.mark != mark:
            kept = await run_in_threadpool(read_file, place)
            if kept is not None:
                self._keep(str(place), kept)
        else:
            self._kept.move_to_end(str(place))
        return kept

    def _keep(self, name: str, kept: Kept) -> None:
        old = self._kept.pop(name, None)
        self._bytes += len(kept.body) - (len(old.body) if old else 0)
        self._kept[name] = kept
        while self._bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped.body)


def plain_path(path: str) -> str | None:
    """A request's path as one under the root; None for one that no file there can have: it is not looked for."""
    inside = path.removeprefix("/")
    parts = inside.removesuffix("/").split("/") if inside else []
    if len(parts) > DEEPEST or not all(NAME.fullmatch(part) for part in parts):
        return None
    return None if inside.endswith(UNASKED) else inside


def read_file(place: Path) -> Kept | None:
    """Reads a file with what it is known by, all of the same open file; None when it is no file of ours."""
    try:
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not S_ISREG(status.st_mode):
                return None
            body = file.read()
    except OSError:  # not there, a link, or replaced meanwhile
        return None
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Kept(mark=mark_of(status), body=body, etag=etag, modified=formatdate(status.st_mtime, usegmt=True))


def mark_of(status: os.stat_result) -> tuple[int, int, int]:
    """What changes whenever a file is replaced."""
    return status.st_mtime_ns, status.st_size, status.st_ino


def is_same(asked: Mapping[str, str], kept: Kept) -> bool:
    """Whether the asker has it already: by ETag, else by time (RFC 9110 section 13.2.2)."""
    if "if-none-match" in asked:
        tags = {tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")}
        return bool(tags & {kept.etag, "*"})
    return asked.get("if-modified-since") == kept.modified


def not_found() -> Response:
    """There is no such page."""
    return PlainTextResponse("There is no such page.\n", 404)


def gone() -> Response:
    """What was here was withdrawn."""
    return PlainTextResponse("This was withdrawn.\n", 410)


def moved(path: str, scope: Scope) -> Response:
    """A folder is asked for by its name with a slash, or links in its page would lead elsewhere."""
    query = scope.get("query_string", b"").decode("latin-1")
    return RedirectResponse(f"/{quote(path)}" + (f"?{query}" if query else ""), 301)
