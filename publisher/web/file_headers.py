"""What is said of a public file besides its bytes: its type, how long it may be kept, who may read it from elsewhere.

Our own table of types: the machine's knows neither feeds nor Markdown, and differs from machine to machine.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import quote

from publisher.syndicate.feed import MEDIA_TYPES
from publisher.web.headers import MESSAGE_POLICY, PAGE_POLICY

TYPES = {
    ".html": "text/html",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".xml": "application/xml",
    ".rss": MEDIA_TYPES["rss"],
    ".atom": MEDIA_TYPES["atom"],
    ".json": "application/json",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".zip": "application/zip",
}
TEXTUAL = re.compile(r"text/|.*[/+]xml$")  #: types that say their character set; JSON is UTF-8 by RFC 8259
FEED_SUFFIXES = {".rss", ".atom", ".json"}
ARCHIVE = re.compile(r"\d{4}-\d{2}\.(rss|atom)")
#: syndication.md section 7. A correction must reach archives too: a day, with an ETag.
KEEP_SHORTLY = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
KEEP_A_DAY = "public, max-age=86400"
VARY = "Accept-Encoding"


def headers_of(path: str, *, public_url: str, hubs: tuple[str, ...], licence: str = "") -> dict[str, str]:
    """The headers of a file by its path under `public/`; `licence` is the address of its own, "" for none."""
    file = PurePosixPath(path)
    is_feed = path.startswith("feeds/") and file.suffix in FEED_SUFFIXES
    headers = {
        "content-type": type_of(path),
        "cache-control": KEEP_A_DAY if is_feed and ARCHIVE.fullmatch(file.name) else KEEP_SHORTLY,
        "vary": VARY,
        "content-security-policy": MESSAGE_POLICY if path.startswith("editions/") else PAGE_POLICY,
    }
    if is_feed or path == "feeds/opml.xml":
        headers["access-control-allow-origin"] = "*"  # readers that run in a browser
    links = [f'<{public_url}/{quote(path)}>; rel="self"', *(f'<{hub}>; rel="hub"' for hub in hubs)] if is_feed else []
    links += [f'<{licence}>; rel="license"'] if licence else []
    return headers | ({"link": ", ".join(links)} if links else {})


def type_of(path: str) -> str:
    """The content type of a path."""
    suffix = PurePosixPath(path).suffix
    if path == "feeds/opml.xml":
        media = "text/x-opml"
    elif suffix == ".json" and path.startswith("feeds/"):
        media = MEDIA_TYPES["json"]
    else:
        media = TYPES.get(suffix, "application/octet-stream")
    return f"{media}; charset=utf-8" if TEXTUAL.match(media) and "charset" not in media else media
