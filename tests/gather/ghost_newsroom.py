"""A Ghost to gather from, over a real socket: the part of its Content API that we use, with its own words."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.settings import SourceSettings
from tests.gather.newsrooms import Piece, changed, with_fields
from tests.gather.wire import Wire, cut, from_then_on, over_the_wire, sound

Breakage = Callable[[Request], Response | None]

KEY = "0123456789abcdef0123456789"
JSON = "application/json; charset=utf-8"
AUTHOR = {"id": "a1", "name": "Jane Doe", "slug": "jane", "url": "https://news.example.org/author/jane/"}


class GhostStandIn:
    """Lists what is published, in the order and with the filters that it is asked for; 404 for all else."""

    withdraws = True

    def __init__(self, server: HTTPServer, folder: Path) -> None:
        self.server = server
        self.pieces: dict[int, Piece] = {}
        self.pages: dict[int, Piece] = {}
        self.unlisted: set[int] = set()
        self.breakage: Breakage = lambda _: None
        self.asked: list[str] = []
        self.options: dict[str, Any] = {"language": "en", "key": "file:content.key"}
        (folder / "content.key").write_text(f"{KEY}\n")
        self.wire: Wire = sound
        server.expect_request(re.compile("/ghost/api/content/.*")).respond_with_handler(
            over_the_wire(self, self.answer)
        )

    def source(self) -> SourceSettings:
        host = f"{self.server.host}:{self.server.port}"
        table = {
            "id": "site",
            "kind": "ghost",
            "url": f"http://{host}",
            "private_hosts": [host],
            "options": self.options,
        }
        return SourceSettings.model_validate(table)

    def publish(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece

    def withdraw(self, key: int) -> None:
        del self.pieces[key]

    def move(self, key: int, slug: str) -> None:
        self.publish(changed(self.pieces[key], slug=slug))

    def pair(self, original: int, translation: int) -> None:
        both = {"en": self.address_of(original), "es": self.address_of(translation)}
        links = "".join(f'<link rel="alternate" hreflang="{tag}" href="{url}">' for tag, url in both.items())
        for key in (original, translation):
            self.publish(with_fields(self.pieces[key], codeinjection_head=links))

    def break_down(self) -> None:
        self.breakage = lambda _: Response("<h1>Error</h1>", status=500)

    def interrupt(self) -> None:
        self.wire = from_then_on(self.is_later_part, cut)

    def recover(self) -> None:
        self.breakage, self.wire = lambda _: None, sound

    def key_of(self, key: int) -> str:
        return f"{key:024x}"

    def address_of(self, key: int) -> str:
        return f"http://{self.server.host}:{self.server.port}{self.pieces[key].path}"

    def is_later_part(self, request: Request) -> bool:
        return "id:>" in request.args.get("filter", "")

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path)
        if broken := self.breakage(request):
            return broken
        if request.args.get("key") != KEY:
            return said(401, "Unknown Content API Key", None)
        base, _, id_ = request.path.removeprefix("/ghost/api/content/").strip("/").partition("/")
        posts = [self.post(piece) for piece in (self.pages if base == "pages" else self.pieces).values()]
        if id_:
            found = [post for post in posts if post["id"] == id_]
            return (
                answered({base: found})
                if found
                else said(404, "Resource not found error", f"{base[:-1].title()} not found.")
            )
        shown = [post for post in posts if int(post["id"], 16) not in self.unlisted]
        return self.list(base, shown, request)

    def list(self, base: str, posts: list[dict[str, Any]], request: Request) -> Response:
        found = [post for post in posts if passes(post, request.args.get("filter", ""))]
        name, _, way = request.args.get("order", "published_at desc").partition(",")[0].partition(" ")
        found.sort(key=lambda post: (post[name], post["id"]), reverse=way == "desc")
        limit = min(int(request.args.get("limit", 15)), 100)
        fields = request.args.get("fields")
        shown = [{one: post[one] for one in fields.split(",")} if fields else post for post in found[:limit]]
        return answered({base: shown, "meta": {"pagination": {"page": 1, "limit": limit, "total": len(found)}}})

    def post(self, piece: Piece) -> dict[str, Any]:
        return {
            "id": self.key_of(piece.key),
            "title": piece.title.strip() or "(Untitled)",
            "slug": piece.path.strip("/"),
            "html": piece.body,
            "url": f"http://{self.server.host}:{self.server.port}{piece.path}",
            "visibility": "public",
            "access": True,
            "published_at": local(piece.published),
            "updated_at": local(piece.modified),
            "custom_excerpt": None,
            "excerpt": "NOT-TO-BE-READ",
            "feature_image": None,
            "canonical_url": None,
            "codeinjection_head": None,
            "codeinjection_foot": None,
            "tags": [],
            "authors": [AUTHOR],
        } | piece.fields


def local(moment: datetime) -> str:
    """A time as Ghost writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def tag(name: str, slug: str = "") -> dict[str, Any]:
    """A tag; one whose name begins with `#` is internal."""
    slug = slug or re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("#", "hash-")).strip("-")
    is_internal = name.startswith("#")
    url = "https://news.example.org/404/" if is_internal else f"https://news.example.org/tag/{slug}/"
    return {
        "id": f"t-{slug}",
        "name": name,
        "slug": slug,
        "visibility": "internal" if is_internal else "public",
        "url": url,
    }


def passes(post: dict[str, Any], filters: str) -> bool:
    """Whether a post passes a filter, of the few forms that we use."""
    return all(passes_one(post, one) for one in filters.split("+") if one)


def passes_one(post: dict[str, Any], one: str) -> bool:
    """Whether a post passes one condition."""
    name, _, rest = one.partition(":")
    value = rest.lstrip("<>=[").rstrip("]").replace("'", "")
    match name:
        case "updated_at":
            return datetime.fromisoformat(post[name]) >= datetime.fromisoformat(value).replace(tzinfo=UTC)
        case "tag":
            return value in [tag["slug"] for tag in post["tags"]]
        case _:
            return post[name] > value if rest.startswith(">") else post[name] in value.split(",")


def answered(data: dict[str, Any]) -> Response:
    """What Ghost gives."""
    return Response(json.dumps(data), content_type=JSON)


def said(status: int, message: str, context: str | None) -> Response:
    """An error in Ghost's form."""
    return Response(json.dumps({"errors": [{"message": message, "context": context}]}), status, content_type=JSON)
