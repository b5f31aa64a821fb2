"""What any server in front of `public/` must answer as the built-in one does: a newsroom, and a table of requests."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from publisher.settings import FeedSettings
from publisher.store.engine import Store
from publisher.syndicate.build import build_public
from publisher.syndicate.files import write_files
from tests.house import House, a_publisher
from tests.web.conftest import Answer, Client

OF_THE_CONNECTION = {"date", "server", "connection", "keep-alive"}
STRONG = re.compile(r'"[^"]+"')
LICENCE = re.compile(r', <[^>]*>; rel="license"|<[^>]*>; rel="license"(, )?')
GZIP: dict[str, Any] = {"accept_encoding": "gzip"}
EDITION = b"<!doctype html><title>The week</title>" * 20

#: By name: method, path, headers, and the status that is right.
REQUESTS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "feed": ("GET", "/feeds/all.rss", {}, 200),
    "feed packed": ("GET", "/feeds/all.rss", GZIP, 200),
    "feed packed, asked through a proxy": ("GET", "/feeds/all.rss", GZIP | {"via": "1.1 cdn"}, 200),
    "feed, gzip refused": ("GET", "/feeds/all.rss", {"accept_encoding": "gzip;q=0"}, 200),
    "feed of Atom": ("GET", "/feeds/section/investigations.atom", GZIP, 200),
    "feed of JSON": ("GET", "/feeds/all.json", {}, 200),
    "head of a feed": ("HEAD", "/feeds/all.rss", {}, 200),
    "head of a packed feed": ("HEAD", "/feeds/all.rss", GZIP, 200),
    "range": ("GET", "/feeds/all.rss", {"range": "bytes=0-9"}, 200),
    "old date": ("GET", "/feeds/all.rss", {"if_modified_since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 200),
    "later date": ("GET", "/feeds/all.rss", {"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    "archive": ("GET", "/feeds/all/2026-02.atom", {}, 200),
    "list of feeds": ("GET", "/feeds/opml.xml", GZIP, 200),
    "home": ("GET", "/", GZIP, 200),
    "page of a feed": ("GET", "/feeds/all/", {}, 200),
    "page by its whole name": ("GET", "/feeds/all/index.html", {}, 200),
    "kit": ("GET", "/republish/1/", GZIP, 200),
    "file of a kit": ("GET", "/republish/1/article.md", GZIP, 200),
    "licence of a kit": ("GET", "/republish/1/LICENSE.txt", {}, 200),
    "fields of a kit": ("GET", "/republish/1/article.json", {}, 200),
    "edition": ("GET", "/editions/weekly/2026-03-06/", GZIP, 200),
    "script": ("GET", "/assets/copy.js", GZIP, 200),
    "style sheet": ("GET", "/assets/site.css", {}, 200),
    "sitemap": ("GET", "/sitemap-news.xml", {}, 200),
    "withdrawn page": ("GET", "/republish/2/", {}, 410),
    "withdrawn page packed": ("GET", "/republish/2/", GZIP, 410),
    "withdrawn page by its whole name": ("GET", "/republish/2/index.html", {}, 410),
    "head of a withdrawn page": ("HEAD", "/republish/2/", {}, 410),
    "withdrawn page that is known": ("GET", "/republish/2/", {"if_none_match": "*"}, 410),
    "file of a withdrawn kit": ("GET", "/republish/2/article.html", GZIP, 410),
    "file of a withdrawn kit that still stands": ("GET", "/republish/2/article.txt", {}, 410),
    "mark": ("GET", "/republish/2/index.html.gone", {}, 404),
    "packed by its own name": ("GET", "/feeds/all.rss.gz", {}, 404),
    "dotfile": ("GET", "/.hidden", {}, 404),
    "unknown": ("GET", "/feeds/nothing.rss", GZIP, 404),
    "head of what is unknown": ("HEAD", "/nothing", {}, 404),
    "unknown folder": ("GET", "/nothing/", {}, 404),
    "folder without a page": ("GET", "/editions/", {}, 404),
    "file as a folder": ("GET", "/feeds/all.rss/", {}, 404),
    "link": ("GET", "/link.txt", {}, 404),
    "post": ("POST", "/feeds/all.rss", {}, 405),
    "delete": ("DELETE", "/feeds/all.rss", {}, 405),
    "sign of life": ("GET", "/healthz", {}, 200),
    "bad link of a reader": ("GET", "/u/v1.a.b.c", {}, 404),
}


def a_public_house(store: Store, folder: Path) -> House:
    """A newsroom with a kit, a withdrawn one, an archive document and an edition."""
    made = House(store, folder)
    feeds = FeedSettings(hub=("https://hub.example.net/",))
    made.publisher = a_publisher(made.publisher.settings.model_copy(update={"feeds": feeds}), store, made.clock)
    made.publish()
    made.withdraw(made.publish("withdrawn"))
    build_public(made.publisher.settings, store, now=made.clock.now())
    public = made.publisher.settings.public
    archive = (public / "feeds" / "all.atom").read_bytes()
    write_files(public, {"feeds/all/2026-02.atom": archive, "editions/weekly/2026-03-06/index.html": EDITION})
    write_files(public, {"republish/2/article.txt": b"not taken away yet"})
    (public / ".hidden").write_bytes(b"secret")
    (public / "link.txt").symlink_to(folder / "secret.txt")
    (folder / "secret.txt").write_bytes(b"secret")
    return made


def known(client: Client, path: str, headers: dict[str, Any]) -> Answer:
    """What a second request gets that knows the first one's tag."""
    tag = client.ask(path, **headers).headers["etag"]
    return client.ask(path, **headers, if_none_match=tag)


def comparable(answer: Answer, *, without: Iterable[str] = ()) -> dict[str, str]:
    """The headers without what may differ; of a tag, whether it is a strong one."""
    left_out = OF_THE_CONNECTION | set(without)
    headers = {name: value for name, value in answer.headers.items() if name not in left_out}
    if "etag" in headers:
        headers["etag"] = "strong" if STRONG.fullmatch(headers["etag"]) else "weak"
    headers["link"] = LICENCE.sub("", headers.get("link", ""))
    return headers
