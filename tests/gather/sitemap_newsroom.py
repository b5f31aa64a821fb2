"""A newsroom that has no more than a sitemap and its pages, as a CMS makes them, over a real socket."""

import hashlib
import json
from collections.abc import Callable
from html import escape
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from publisher.settings import SourceSettings
from tests.gather.newsrooms import Piece, changed
from tests.gather.wire import Wire, cut, from_then_on, sound

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


class SitemapStandIn:
    """An index of maps with a hundred pages each, with ETags; it withdraws by answering 404 at the page's address."""

    withdraws = False  # not at the first look: 404 must be said twice, an hour apart
    PAGE = 100

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.pieces: dict[int, Piece] = {}
        self.breakage: Callable[[Request], Response | None] = lambda _: None
        self.asked: list[str] = []
        self.options: dict[str, Any] = {"language": "en"}
        self.robots: str | None = None
        self.raw: bytes | None = None  #: in the place of the index
        self.dated = True  #: whether the maps say `lastmod`
        self.news = False
        self.unlisted: set[int] = set()  #: there, and in no map
        self.moved: dict[str, str] = {}  #: old paths, and the new ones
        self.redirects = True  #: whether an old path leads to the new one
        self.alternates: dict[int, dict[str, int]] = {}  #: by language, what a piece is named with
        self.wire: Wire = sound
        self.page: Callable[[Piece], str] = self.html
        server.no_handler_status_code = 404
        server.expect_request("/robots.txt").respond_with_handler(self.answered(self.robots_txt))
        server.expect_request("/sitemap.xml").respond_with_handler(self.answered(self.index))
        for number in range(1, 10):
            server.expect_request(f"/post-sitemap{number}.xml").respond_with_handler(self.answered(self.map))
        for key in range(1, 400):
            server.expect_request(f"/{key}/").respond_with_handler(self.answered(self.article))

    def source(self) -> SourceSettings:
        host = f"{self.server.host}:{self.server.port}"
        return SourceSettings.model_validate(
            {
                "id": "site",
                "kind": "sitemap",
                "url": f"http://{host}/sitemap.xml",
                "private_hosts": [host],
                "licence": "cc-by-nc-4.0",
                "options": self.options,
            }
        )

    def publish(self, piece: Piece) -> None:
        self.pieces[piece.key] = piece

    def withdraw(self, key: int) -> None:
        del self.pieces[key]

    def move(self, key: int, slug: str) -> None:
        piece = changed(self.pieces[key], slug=slug)
        self.moved[self.pieces[key].path] = piece.path
        self.publish(piece)
        self.server.expect_request(piece.path).respond_with_handler(self.answered(self.article))

    def pair(self, original: int, translation: int) -> None:
        for key in (original, translation):
            self.alternates[key] = {"en": original, "es": translation}
            self.publish(changed(self.pieces[key]))

    def break_down(self) -> None:
        self.breakage = lambda _: Response("<h1>Error</h1>", status=500)

    def interrupt(self) -> None:
        self.wire = from_then_on(self.is_later_part, cut)

    def recover(self) -> None:
        self.breakage, self.wire = lambda _: None, sound

    def key_of(self, key: int) -> str:
        piece = self.pieces.get(key) or Piece(key=key)
        return f"{self.home}{piece.path}"

    def address_of(self, key: int) -> str:
        return self.key_of(key)

    def is_later_part(self, request: Request) -> bool:
        return request.path == "/60/"

    @property
    def home(self) -> str:
        return f"http://{self.server.host}:{self.server.port}"

    @property
    def listed(self) -> list[Piece]:
        return [self.pieces[key] for key in sorted(self.pieces) if key not in self.unlisted]

    def answered(self, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """The answer, unless something is broken; and what was asked is written down."""

        def handler(request: Request) -> Response:
            self.asked.append(request.path)
            return self.wire(request, self.breakage(request) or answer(request))

        return handler

    def robots_txt(self, _: Request) -> Response:
        return Response(self.robots or "", status=404 if self.robots is None else 200, content_type="text/plain")

    def index(self, request: Request) -> Response:
        count = (len(self.listed) + self.PAGE - 1) // self.PAGE
        maps = "".join(
            f"<sitemap><loc>{self.home}/post-sitemap{one}.xml</loc></sitemap>" for one in range(1, count + 1)
        )
        body = f'<?xml version="1.0"?><sitemapindex {NAMESPACES}>{maps}</sitemapindex>'.encode()
        return self.tagged(request, self.raw if self.raw is not None else body, "application/xml")

    def map(self, request: Request) -> Response:
        number = int(request.path.removeprefix("/post-sitemap").removesuffix(".xml"))
        shown = self.listed[(number - 1) * self.PAGE : number * self.PAGE]
        body = f'<?xml version="1.0"?><urlset {NAMESPACES}>{"".join(map(self.entry, shown))}</urlset>'
        return self.tagged(request, body.encode(), "application/xml")

    def entry(self, piece: Piece) -> str:
        lastmod = f"<lastmod>{piece.modified:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if self.dated else ""
        date = f"<news:publication_date>{piece.published:%Y-%m-%dT%H:%M:%SZ}</news:publication_date>"
        news = f"<news:news>{date}<news:title>{escape(piece.title)}</news:title></news:news>" if self.news else ""
        languages = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{self.key_of(key)}"/>'
            for language, key in self.alternates.get(piece.key, {}).items()
        )
        return f"<url><loc>{self.key_of(piece.key)}</loc>{lastmod}{news}{languages}</url>"

    def article(self, request: Request) -> Response:
        if (path := self.moved.get(request.path)) and self.redirects:
            return Response("", 301, headers={"Location": path})
        piece = next((one for one in self.pieces.values() if one.path == request.path), None)
        if piece is None:
            return Response("<h1>Not found</h1>", status=404)
        return self.tagged(request, self.page(piece).encode(), "text/html; charset=utf-8")

    def tagged(self, request: Request, body: bytes, content_type: str) -> Response:
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Response("", 304)
        return Response(body, content_type=content_type, headers={"ETag": etag})

    def html(self, piece: Piece) -> str:
        """A page with the usual chrome around it."""
        node = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": piece.title,
            "datePublished": f"{piece.published:%Y-%m-%dT%H:%M:%SZ}",
            "dateModified": f"{piece.modified:%Y-%m-%dT%H:%M:%SZ}",
            "author": {"@type": "Person", "name": "Jane Doe"},
        } | piece.fields
        data = json.dumps(node).replace("</", "<\\/")
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(piece.title)}</title>'
            f'<link rel="canonical" href="{self.key_of(piece.key)}"><script type="application/ld+json">{data}</script>'
            '</head><body><header><nav><a href="/">Home</a> <a href="/about/">About us</a></nav></header>'
            f'<main><article><h1>{escape(piece.title)}</h1><p class="byline">By Jane Doe</p>'
            f'<div class="entry-content">{piece.body}</div></article>'
            '<aside class="related"><h3>Related</h3><a href="/9/">Something else entirely</a></aside></main>'
            "<footer><p>All rights reserved. Example Observatory, Calle 1, Bogotá.</p></footer></body></html>"
        )
