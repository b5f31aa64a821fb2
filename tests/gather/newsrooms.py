"""Three newsrooms to gather from, one for each kind of source, over real sockets and files, behind one small face.

Each publishes, changes and withdraws the same pieces in its own way; `break_down` makes it fail in one of several.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.settings import SourceSettings
from tests.builders import FRIDAY
from tests.gather.wire import Wire, cut, from_then_on, over_the_wire, sound

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a newsroom published."""

    key: int
    title: str = "The gold route"
    body: str = "<p>The gold leaves the river at night.</p>"
    published: datetime = FRIDAY
    modified: datetime = FRIDAY
    slug: str = ""  #: the last part of its address, where that is not its key
    fields: dict[str, Any] = field(default_factory=dict)  #: what only this kind of source has

    @property
    def path(self) -> str:
        """Where it stands on its site."""
        return f"/{self.slug or self.key}/"


class Newsroom(Protocol):
    """What the contract asks of a stand-in."""

    withdraws: bool  #: whether the source can say that something is gone
    pieces: dict[int, Piece]

    def source(self) -> SourceSettings: ...
    def publish(self, piece: Piece) -> None: ...
    def withdraw(self, key: int) -> None: ...
    def move(self, key: int, slug: str) -> None:
        """Gives a piece another address."""

    def pair(self, original: int, translation: int) -> None:
        """Says that two pieces are one in two languages, English and Spanish."""

    def break_down(self) -> None: ...
    def interrupt(self) -> None:
        """Breaks off in the middle of the next visit."""

    def recover(self) -> None: ...
    def key_of(self, key: int) -> str: ...
    def address_of(self, key: int) -> str: ...


class ServedNewsroom(Newsroom, Protocol):
    """A stand-in that is asked over the network."""

    server: HTTPServer
    wire: Wire  #: what becomes of all its answers

    def is_later_part(self, request: Request) -> bool:
        """Whether this is asked for in the middle of a visit that reads more than a hundred pieces."""
        ...


class WordPressStandIn:
    """The part of the REST API that we use, with WordPress's own words for what it does not show."""

    withdraws = True

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.pieces: dict[int, Piece] = {}
        self.hidden: dict[int, tuple[int, str]] = {}
        self.unlisted: set[int] = set()
        self.closed: tuple[int, str] | None = None  #: what it says of every post that is asked for alone
        self.breakage: Callable[[Request], Response | None] = lambda _: None
        self.asked: list[str] = []
        self.wire: Wire = sound
        self.options: dict[str, Any] = {"language": "en"}
        server.no_handler_status_code = 404
        server.expect_request("/wp-json/wp/v2/categories").respond_with_json([], headers={"X-WP-Total": "0"})
        server.expect_request("/wp-json/wp/v2/media").respond_with_json([], headers={"X-WP-Total": "0"})
        single = re.compile(r"/wp-json/wp/v2/posts/\d+")
        server.expect_request("/wp-json/wp/v2/posts").respond_with_handler(over_the_wire(self, self.list))
        server.expect_request(single).respond_with_handler(over_the_wire(self, self.single))
        server.expect_request("/wp-json/").respond_with_json({"timezone_string": "America/New_York", "gmt_offset": -5})

    def source(self) -> SourceSettings:
        host = f"{self.server.host}:{self.server.port}"
        return SourceSettings.model_validate(
            {
                "id": "site",
                "kind": "wordpress",
                "url": f"http://{host}",
                "private_hosts": [host],
                "options": self.options,
            }
        )

    def publish(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece
        self.hidden.pop(piece.key, None)

    def withdraw(self, key: int) -> None:
        self.hide(key, 401, "rest_forbidden")

    def hide(self, key: int, status: int, code: str) -> None:
        self.pieces.pop(key)
        self.hidden[key] = (status, code)

    def move(self, key: int, slug: str) -> None:
        self.publish(changed(self.pieces[key], slug=slug))

    def pair(self, original: int, translation: int) -> None:
        both = {"en": original, "es": translation}
        for language, key in both.items():
            self.publish(with_fields(self.pieces[key], lang=language, translations=both))

    def break_down(self) -> None:
        self.breakage = lambda _: Response("<h1>Error</h1>", status=500)

    def interrupt(self) -> None:
        self.wire = from_then_on(self.is_later_part, cut)

    def recover(self) -> None:
        self.breakage, self.wire = lambda _: None, sound

    def key_of(self, key: int) -> str:
        return str(key)

    def address_of(self, key: int) -> str:
        return f"http://{self.server.host}:{self.server.port}{self.pieces[key].path}"

    def is_later_part(self, request: Request) -> bool:
        return request.args.get("offset", "0") != "0"

    def list(self, request: Request) -> Response:
        self.asked.append(request.full_path)
        if broken := self.breakage(request):
            return broken
        asked = request.args
        found = [piece for piece in self.pieces.values() if piece.key not in self.unlisted]
        if include := asked.get("include"):
            found = [piece for piece in found if str(piece.key) in include.split(",")]
        if after := asked.get("modified_after"):
            found = [piece for piece in found if piece.modified > datetime.fromisoformat(after)]
        order = {"id": lambda piece: piece.key, "date": lambda piece: piece.published}
        by = order.get(asked.get("orderby", ""), lambda piece: piece.modified)
        found.sort(key=by, reverse=asked.get("order", "desc") == "desc")
        start, count = int(asked.get("offset", 0)), int(asked.get("per_page", 10))
        shown = [self.post(piece) for piece in found[start : start + count]]
        return Response(json.dumps(shown), content_type="application/json", headers={"X-WP-Total": str(len(found))})

    def single(self, request: Request) -> Response:
        self.asked.append(request.full_path)
        key = int(request.path.rpartition("/")[2])
        if (piece := self.pieces.get(key)) and self.closed is None:
            return Response(json.dumps(self.post(piece)), content_type="application/json")
        status, code = self.closed or self.hidden.get(key, (404, "rest_post_invalid_id"))
        return Response(json.dumps({"code": code, "data": {"status": status}}), status, content_type="application/json")

    def post(self, piece: Piece) -> dict[str, Any]:
        content = {"rendered": piece.body, "protected": False}
        return {
            "id": piece.key,
            "date_gmt": f"{piece.published:%Y-%m-%dT%H:%M:%S}",
            "modified": f"{piece.modified:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{piece.modified:%Y-%m-%dT%H:%M:%S}",
            "status": "publish",
            "type": "post",
            "link": self.address_of(piece.key),
            "title": {"rendered": piece.title},
            "content": content,
            "excerpt": {"rendered": "", "protected": False},
            "featured_media": 0,
            "meta": [],
            "_embedded": {"author": [{"id": 2, "name": "Jane Doe", "slug": "jane"}]},
            "_links": {},
        } | piece.fields


class FeedStandIn:
    """An RSS feed of the newest twenty pieces, with an ETag; older ones on pages of their own.

    `raw` stands in for all that, `pages` for other documents under `/feed/...`, `answering` for the whole server.
    """

    withdraws = False
    PAGE = 20

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.pieces: dict[int, Piece] = {}
        self.broken = False
        self.answered: list[int] = []
        self.asked: list[str] = []
        self.channel = ""
        self.raw: bytes | None = None
        self.pages: dict[str, bytes] = {}
        self.content_type = "application/rss+xml"
        self.answering: Callable[[Request], Response] | None = None
        self.options: dict[str, Any] = {"language": "en"}
        self.wire: Wire = sound
        self.permalinks = False  #: whether the id of a piece is its address
        server.expect_request(re.compile("/feed.*")).respond_with_handler(over_the_wire(self, self.answer))

    def source(self) -> SourceSettings:
        host = f"{self.server.host}:{self.server.port}"
        return SourceSettings.model_validate(
            {
                "id": "site",
                "kind": "feed",
                "url": f"http://{host}/feed",
                "private_hosts": [host],
                "options": self.options,
            }
        )

    def publish(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece

    def withdraw(self, key: int) -> None:
        del self.pieces[key]

    def move(self, key: int, slug: str) -> None:
        self.publish(replace(self.pieces[key], slug=slug))

    def pair(self, original: int, translation: int) -> None:
        links = "".join(
            f'<atom:link rel="alternate" hreflang="{language}" href="{self.address_of(key)}"/>'
            for language, key in (("en", original), ("es", translation))
        )
        for key in (original, translation):
            self.publish(with_fields(self.pieces[key], xml=links))

    def break_down(self) -> None:
        self.broken = True

    def interrupt(self) -> None:
        self.wire = from_then_on(self.is_later_part, cut)

    def recover(self) -> None:
        self.broken, self.wire = False, sound

    def key_of(self, key: int) -> str:
        return self.address_of(key) if self.permalinks else f"piece-{key}"

    def address_of(self, key: int) -> str:
        return f"https://partner.example.org{self.pieces[key].path}"

    def is_later_part(self, request: Request) -> bool:
        return "page" in request.args

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.answering:
            return self.answering(request)
        response = Response("", 500) if self.broken else self.feed(request)
        self.answered.append(response.status_code)
        return response

    def feed(self, request: Request) -> Response:
        if request.path != "/feed":
            page = self.pages.get(request.path.removeprefix("/feed/"))
            return Response(page or b"", 200 if page else 404, content_type=self.content_type)
        number = int(request.args.get("page", 1))
        newest = sorted(self.pieces.values(), key=lambda piece: (piece.published, piece.key), reverse=True)
        shown = newest[(number - 1) * self.PAGE : number * self.PAGE]
        older = f'<atom:link rel="next" href="/feed?page={number + 1}"/>' if len(newest) > number * self.PAGE else ""
        body = self.raw if self.raw is not None else self.rss(shown, older).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Response("", 304)
        return Response(body, content_type=self.content_type, headers={"ETag": etag})

    def rss(self, pieces: list[Piece], older: str) -> str:
        namespaces = (
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
            'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" '
            'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:fh="http://purl.org/syndication/history/1.0"'
        )
        items = "".join(map(self.item, pieces))
        head = f"<title>Partner</title><link>https://partner.example.org/</link>{self.channel}{older}"
        return f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel>{head}{items}</channel></rss>'

    def item(self, piece: Piece) -> str:
        date = piece.fields.get("pubDate", f"{piece.published:%a, %d %b %Y %H:%M:%S} GMT")
        changed = f"<atom:updated>{piece.modified:%Y-%m-%dT%H:%M:%SZ}</atom:updated>"
        return (
            f"<item><title>{escape(piece.title)}</title><link>https://partner.example.org{piece.path}</link>"
            f"<guid isPermaLink='false'>{self.key_of(piece.key)}</guid><dc:creator>Jane Doe</dc:creator>"
            f"<pubDate>{date}</pubDate>{changed if piece.modified > piece.published else ''}"
            f"<content:encoded>{escape(piece.body)}</content:encoded>{piece.fields.get('xml', '')}</item>"
        )


class FolderStandIn:
    """A folder of Markdown files; it breaks down by not being there."""

    withdraws = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "articles"
        self.folder.mkdir()
        self.pieces: dict[int, Piece] = {}

    def source(self) -> SourceSettings:
        return SourceSettings.model_validate({"id": "site", "kind": "folder", "url": str(self.folder)})

    def publish(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece
        matter = {
            "title": piece.title,
            "url": self.address_of(piece.key),
            "published": f"{piece.published:%Y-%m-%dT%H:%M:%SZ}",
            "authors": ["Jane Doe"],
        } | piece.fields
        lines = "\n".join(f"{name}: {json.dumps(value)}" for name, value in matter.items())
        self.file_of(piece.key).write_text(f"---\n{lines}\n---\n{piece.body}\n")

    def withdraw(self, key: int) -> None:
        self.file_of(key).unlink()
        del self.pieces[key]

    def move(self, key: int, slug: str) -> None:
        piece = self.pieces[key]
        self.withdraw(key)
        self.publish(replace(piece, slug=slug))

    def pair(self, original: int, translation: int) -> None:
        self.publish(with_fields(self.pieces[translation], language="es", translation_of=self.key_of(original)))

    def break_down(self) -> None:
        self.folder.rename(self.folder.with_name("away"))

    def interrupt(self) -> None:
        """Files that are being copied: the later half ends in the middle of a letter."""
        for key in list(self.pieces)[len(self.pieces) // 2 :]:
            file = self.file_of(key)
            file.write_bytes(file.read_bytes() + "ñ".encode()[:1])

    def recover(self) -> None:
        away = self.folder.with_name("away")
        if away.exists():
            away.rename(self.folder)
        for piece in self.pieces.values():
            self.publish(piece)

    def key_of(self, key: int) -> str:
        piece = self.pieces.get(key)
        return piece.slug if piece and piece.slug else f"piece-{key}"

    def address_of(self, key: int) -> str:
        return f"https://news.example.org{self.pieces[key].path}"

    def file_of(self, key: int) -> Path:
        return self.folder / f"{self.key_of(key)}.md"


def changed(piece: Piece, hours: int = 1, **changes: Any) -> Piece:  # noqa: ANN401 - fields of the piece
    """The piece, changed so many hours after it was."""
    return replace(piece, modified=piece.modified + timedelta(hours=hours), **changes)


def with_fields(piece: Piece, **fields: Any) -> Piece:  # noqa: ANN401 - what only one kind of source has
    """The piece, changed an hour later, with these fields besides its own."""
    return changed(piece, fields=piece.fields | fields)


def pieces(count: int) -> Iterator[Piece]:
    """So many pieces, each an hour older than the one before."""
    for key in range(1, count + 1):
        moment = FRIDAY - timedelta(hours=key)
        yield Piece(key=key, title=f"Story {key}", published=moment, modified=moment)
