"""Reading sitemaps: bytes to addresses (sitemaps.org 0.9, the news extension, hreflang alternates), packed or not.

Elements are told by their local names: half of all sitemaps have a namespace with a slip in it. Nothing is expanded,
loaded or fetched while reading, a DOCTYPE is refused, and what breaks off in the middle is no sitemap.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from publisher.gather.cleaning.links import absolute_url
from publisher.gather.times import read_time

MAX_BYTES = 50_000_000  #: unpacked (the protocol's limit is 52,428,800)
MAX_ENTRIES = 50_000
GZIP = b"\x1f\x8b"
#: ASCII letters of the markup, in whatever width they come: UTF-16 puts a zero beside each.
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)[\s\[]", re.IGNORECASE)
PAGE = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>")
BARE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d+|#[xX][0-9a-fA-F]+);)")
ROOTS = frozenset({"urlset", "sitemapindex"})
ROOT_END = re.compile(rb"</\s*(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>")
BEGINNING, ENDING = 1024, 4096
#: What the library calls the commonest slip.
BARE_WORDS = ("xmlParseEntityRef", "EntityRef: expecting")
LONGEST = 2048  #: characters of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An address in a sitemap, of a page or of another sitemap."""

    url: str  #: absolute
    lastmod: datetime | None = None
    published: str = ""  #: `news:publication_date`, as written
    language: str = ""  #: `news:language`, as written
    is_news: bool = False
    alternates: tuple[tuple[str, str], ...] = ()  #: hreflang and address of the page's other languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """One document: an index of others, or a list of pages; never both."""

    maps: tuple[Listed, ...] = ()
    pages: tuple[Listed, ...] = ()
    cut: int = 0  #: entries beyond `MAX_ENTRIES`, not read
    note: str = ""  #: what was wrong with its XML, and mended

    @property
    def is_news(self) -> bool:
        """Whether it is a news sitemap: a window of the last days, from which everything falls out."""
        return any(page.is_news for page in self.pages)


class NotASitemapError(ValueError):
    """The bytes are no sitemap that may be read; the text says why."""


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    root: str = ""
    found: list[Listed] = field(default_factory=list)
    cut: int = 0


def parse_sitemap(body: bytes, url: str) -> Sitemap:
    """The addresses of a sitemap, each made absolute against its own; raises `NotASitemapError`."""
    xml = unpacked(body)
    ascii_xml = xml.replace(b"\0", b"")
    if PAGE.search(ascii_xml[:BEGINNING]):
        raise NotASitemapError("is a web page, no sitemap; robots.txt may name the sitemap's address")
    if DOCTYPE.search(ascii_xml):
        raise NotASitemapError("has a DOCTYPE; such a sitemap is not read")
    if not ascii_xml.strip():
        raise NotASitemapError("is empty")
    reading, note = _read_or_mend(xml, url)
    if reading.root not in ROOTS:
        raise NotASitemapError(f"is no sitemap: its root element is {reading.root[:40] or 'missing'}")
    found = tuple(reading.found)
    is_index = reading.root == "sitemapindex"
    return Sitemap(maps=found if is_index else (), pages=() if is_index else found, cut=reading.cut, note=note)


def unpacked(body: bytes) -> bytes:
    """The XML of an `.xml.gz`; what is not packed as it is."""
    if not body.startswith(GZIP):
        return body
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        xml = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise NotASitemapError("is damaged: it cannot be unpacked") from error
    if len(xml) > MAX_BYTES:
        raise NotASitemapError(f"unpacks to more than {MAX_BYTES:,} bytes")
    if not inflater.eof:
        raise NotASitemapError("breaks off in the middle")
    return xml


def _read_or_mend(xml: bytes, url: str) -> tuple[_Reading, str]:
    """What stands in the XML; with a note where that could be read only when it was mended."""
    reading = _Reading()
    try:
        _read(xml, url, reading)
    except etree.LxmlError as error:
        words, root, reading = _words(error), reading.root, _Reading()
        if root in ROOTS and not ROOT_END.search(xml[-ENDING:].replace(b"\0", b"")):
            raise NotASitemapError("breaks off in the middle; it is read again at the next visit") from error
        try:
            _read(mended(xml), url, reading)
        except etree.LxmlError:  # the first fault is the one to be told
            raise NotASitemapError(f"cannot be read as XML ({words})") from error
        return reading, f"its XML is broken ({words}): mended while reading"
    return reading, ""


def mended(xml: bytes) -> bytes:
    """The commonest slips: another encoding than it says, and a bare "&" in an address."""
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = xml.decode("cp1252", "replace")
    return BARE.sub("&amp;", DECLARATION.sub("", text, count=1)).encode()


def _read(xml: bytes, url: str, reading: _Reading) -> None:
    events = etree.iterparse(
        io.BytesIO(xml),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    for event, element in events:
        depth += 1 if event == "start" else -1
        if not reading.root:
            reading.root = local(element)
            if reading.root not in ROOTS:
                return
        if event == "end" and depth == 1:
            _take(element, url, reading)
            element.clear()
            while element.getprevious() is not None:  # the tree stays small, however long the list
                del element.getparent()[0]


def _take(element: etree._Element, base: str, reading: _Reading) -> None:
    """An entry of the list; one without a usable address is none."""
    wanted = "sitemap" if reading.root == "sitemapindex" else "url"
    listed = _listed(element, base) if local(element) == wanted else None
    if listed is None:
        return
    if len(reading.found) >= MAX_ENTRIES:
        reading.cut += 1
        return
    reading.found.append(listed)


def _listed(element: etree._Element, base: str) -> Listed | None:
    texts = {local(child): (child.text or "").strip() for child in reversed(element)}
    loc = texts.get("loc", "")
    url = absolute_url(loc, base) if loc and len(loc) <= LONGEST else None
    if url is None:
        return None
    news = next((child for child in element if local(child) == "news"), None)
    inner = {local(child): (child.text or "").strip() for child in news.iter()} if news is not None else {}
    return Listed(
        url=url,
        lastmod=read_time(texts.get("lastmod", "")),
        published=inner.get("publication_date", ""),
        language=inner.get("language", ""),
        is_news=news is not None,
        alternates=tuple(_alternates(element, base)),
    )


def _alternates(element: etree._Element, base: str) -> Iterator[tuple[str, str]]:
    for child in element:
        if local(child) == "link" and "alternate" in (child.get("rel") or "").split() and child.get("hreflang"):
            href = absolute_url(child.get("href") or "", base)
            if href:
                yield (child.get("hreflang") or "").strip(), href


def local(element: etree._Element | None) -> str:
    """The name of an element without its namespace; empty for what is no element."""
    tag: object = getattr(element, "tag", None)  # a function, for an entity that was not expanded
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _words(error: etree.LxmlError) -> str:
    """What the library says, with the line; no column, since the maps of a CMS are all in one line."""
    last = error.error_log.last_error  # type: ignore[attr-defined]  # the stubs lack it
    if last is None:
        return type(error).__name__
    plain = "a “&” that should be “&amp;”" if last.message.startswith(BARE_WORDS) else last.message.strip()[:120]
    return f"{plain}, line {last.line}"
