"""Serves `public/`: files that were rendered and compressed before, answered from memory while they stay the same.

    /feeds/all.rss ──► kept, and its files unchanged? ──► ETag known? 304 ──► 200
                   └─► else looked up: PAGE.gone? 410 ──► NAME.gz if wanted ──► NAME ──► 404

Any web server does the same from the same folder (docs/serving.md). What is in memory is answered at once; only what
must be read from the disk goes through a thread.
"""

import os
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from publisher.syndicate.files import NAME
from publisher.web.conditions import has_it, read_asked
from publisher.web.file_headers import KEEP_SHORTLY, VARY, headers_of
from publisher.web.file_licences import LICENCE_FILE, is_of_kit, licence_in, licence_of_kit
from publisher.web.kept import Kept, Mark, ReadFile, Shelf, keep, look, read_file

GONE = ".gone"
#: Halves of a unit: never asked for by their own names.
UNASKED = (".gz", GONE)
INDEX = "index.html"
DEEPEST = 16  #: folders in a path; ours have four
METHODS = {"GET", "HEAD"}


class PublicFiles:
    """The folder as an application; feeds name their own address and their hubs in `Link` (WebSub section 4)."""

    def __init__(self, root: Path, *, public_url: str, hubs: tuple[str, ...] = ()) -> None:
        self._root = root
        self._public_url = public_url
        self._hubs = hubs
        self._shelf = Shelf()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["method"] not in METHODS:
            only = PlainTextResponse("Only GET and HEAD.\n", 405, {"allow": "GET, HEAD"})
            await only(scope, receive, send)
            return
        asked = read_asked(scope["headers"])
        key = (scope["path"], asked.is_gzip)
        answer: Kept | Response | None = self._shelf.find(key)
        if answer is None:
            answer = await run_in_threadpool(self._look_up, scope, asked.is_gzip)
            if isinstance(answer, Kept):
                self._shelf.put(key, answer)
        is_head = scope["method"] == "HEAD"
        if isinstance(answer, Response):
            answer.body = b"" if is_head else answer.body  # its length stays that of the body that GET gives
            await answer(scope, receive, send)
        elif has_it(asked, answer):
            await send_whole(send, 304, answer.headers_of_304)
        else:
            await send_whole(send, 410 if answer.is_gone else 200, answer.headers, b"" if is_head else answer.body)

    def _look_up(self, scope: Scope, is_gzip: bool) -> Kept | Response:  # noqa: FBT001 - handed through the thread pool
        path = plain_path(scope["path"])
        if path is None or leads_away(self._root, path):
            return not_found()
        if (self._root / path).is_dir():
            if path and not path.endswith("/"):
                return moved(path + "/", scope)
            path += INDEX
        elif path.endswith("/"):
            return not_found()
        return self._read(path, is_gzip=is_gzip)

    def _read(self, path: str, *, is_gzip: bool) -> Kept | Response:
        """The answer from the disk. All that it hangs on is noted as it is seen: what changes later ends it."""
        place = self._root / path
        own, folders = place.with_name(place.name + GONE), place.with_name(INDEX + GONE)
        seen = {str(mark): look(mark) for mark in (own, folders)}
        is_gone = any(seen.values())
        file = read_noted(place.with_name(f"{place.name}.gz"), seen) if is_gzip else None
        encoding = "gzip" if file else ""
        file = file or read_noted(place, seen)
        if is_gone and (file is None or not seen[str(own)]):
            return gone()  # the files of a kit go, its page stays and says why
        if file is None:
            return not_found()
        licence = "" if is_gone else self._licence(path, file, seen, is_gzip=bool(encoding))
        headers = headers_of(path, public_url=self._public_url, hubs=self._hubs, licence=licence)
        if encoding:
            headers["content-encoding"] = encoding
        return keep(file, seen, headers, is_gone=is_gone)

    def _licence(self, path: str, file: ReadFile, seen: dict[str, Mark], *, is_gzip: bool) -> str:
        if not is_of_kit(path):
            return licence_in(path, file.body, is_gzip=is_gzip)
        text = read_noted((self._root / path).with_name(LICENCE_FILE), seen)
        return licence_of_kit(text.body) if text else ""


async def send_whole(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    """Sends an answer; whoever wraps `send` may add to the headers of this one, not to those that are kept."""
    await send({"type": "http.response.start", "status": status, "headers": [*headers]})
    await send({"type": "http.response.body", "body": body})


def plain_path(path: str) -> str | None:
    """A request's path as one under the root; None for one that no file there can have: it is not looked for."""
    inside = path.removeprefix("/")
    parts = inside.removesuffix("/").split("/") if inside else []
    if len(parts) > DEEPEST or not all(NAME.fullmatch(part) for part in parts):
        return None
    return None if inside.endswith(UNASKED) else inside


def leads_away(root: Path, path: str) -> bool:
    """Whether a link stands anywhere on the way from the root: it could lead out. The root itself may be one."""
    return os.path.realpath(root / path) != os.path.normpath(f"{os.path.realpath(root)}/{path}")


def read_noted(place: Path, seen: dict[str, Mark]) -> ReadFile | None:
    """Reads a file and notes how it was seen."""
    file = read_file(place)
    seen[str(place)] = file.mark if file else look(place)
    return file


def not_found() -> Response:
    """There is no such page."""
    return PlainTextResponse("There is no such page.\n", 404)


def gone() -> Response:
    """What was here was withdrawn."""
    return PlainTextResponse("This was withdrawn.\n", 410, {"cache-control": KEEP_SHORTLY, "vary": VARY})


def moved(path: str, scope: Scope) -> Response:
    """A folder is asked for by its name with a slash, or links in its page would lead elsewhere."""
    query = scope.get("query_string", b"").decode("latin-1")
    return RedirectResponse(f"/{quote(path)}" + (f"?{query}" if query else ""), 301)
