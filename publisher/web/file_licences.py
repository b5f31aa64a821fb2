"""Which licence a public file says of itself, for its `Link` header; looked for once, when the file is read.

| file                  | where it says it                                                       |
|-----------------------|------------------------------------------------------------------------|
| RSS, Atom, HTML       | `<link rel="license" href>` or `<atom:link …>` before the first entry, or in the head |
| JSON Feed             | `_republish.license` before the items                                  |
| any file of a kit     | the first line of the `LICENSE.txt` beside it                          |

An entry's own licence is not the feed's: nothing after the beginning of the first entry is looked at.
"""

import html
import re
import zlib
from pathlib import PurePosixPath

LICENCE_FILE = "LICENSE.txt"
HEAD_BYTES = 16_384  #: unpacked; what a feed says of itself needs a tenth of it
GZIP = 16 + zlib.MAX_WBITS
BODY = re.compile(rb'<(?:item|entry|at:deleted-entry|body)\b|"items":')
LINK = re.compile(rb'<(?:atom:)?link\b(?=[^<>]*\srel="license")[^<>]*\shref="([^"<>]*)"')
JSON = re.compile(rb'"_republish":\s*\{[^{}]*"license":\s*"([^"\\]*)"')
ADDRESS = re.compile(r"https?://[!#-;=?-~]+")  #: ASCII without what ends a `<…>` or a quoted string


def is_of_kit(path: str) -> bool:
    """Whether a path under `public/` is a file of a republish kit."""
    return re.fullmatch(r"republish/\d+/[^/]+", path) is not None


def licence_of_kit(text: bytes) -> str:
    """The licence that a `LICENSE.txt` begins with; "" for none."""
    return _address(text.partition(b"\n")[0])


def licence_in(path: str, body: bytes, *, is_gzip: bool) -> str:
    """The licence that a file says of itself; "" for none."""
    suffix = PurePosixPath(path).suffix
    pattern = JSON if suffix == ".json" else LINK
    if suffix not in {".rss", ".atom", ".json", ".html"}:
        return ""
    beginning = zlib.decompressobj(GZIP).decompress(body, HEAD_BYTES) if is_gzip else body[:HEAD_BYTES]
    found = pattern.search(BODY.split(beginning, maxsplit=1)[0])
    return _address(found[1]) if found else ""


def _address(raw: bytes) -> str:
    """An address that is fit for a header."""
    address = html.unescape(raw.decode("utf-8", "replace").strip())
    return address if ADDRESS.fullmatch(address) else ""
