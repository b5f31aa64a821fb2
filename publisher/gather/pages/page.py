"""A web page: its bytes as text and as a tree, and where it says what it is about.

    bytes ─► characters (byte order mark, header, meta, UTF-8, else windows-1252) ─► tree ─► metas, JSON-LD, microdata

What these say is read in `page_data`; what its text is, in `page_text`.
"""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import lxml.etree
import lxml.html
from lxml.html import HtmlElement, HTMLParser

from publisher.gather.cleaning.characters import clean_characters
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.pages.json import Node, json_ld_nodes, type_names, unread_scripts
from publisher.gather.pages.microdata import microdata_nodes
from publisher.model.addresses import address_key
from publisher.model.markup import names

#: What schema.org calls an article, and one that stands for itself.
ARTICLES = names(
    "article newsarticle reportagenewsarticle analysisnewsarticle backgroundnewsarticle opinionnewsarticle "
    "reviewnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle blogposting liveblogposting "
    "report scholarlyarticle techarticle"
)
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: What the web means by names that it uses loosely (WHATWG Encoding section 4.2).
MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
#: Of Python's codecs those that pages may name: others unpack, or take quadratic time.
CODECS = names(
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp866 cp932 cp949 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r "
    "koi8-u gb18030 big5 big5hkscs euc_jp shift_jis iso2022_jp euc_kr"
)
#: Those that write each character in one byte: what is right UTF-8 beyond ASCII is never text in one of them.
OF_ONE_BYTE = re.compile(r"cp(?:125\d|866|874)|iso8859-.*|koi8-.*")
OPENED = re.compile(r"<(article|main|script|style|title)\b|</(article|main|script|style|title)\s*>", re.IGNORECASE)
ENDED = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
HEAD = 4096
MAX_METAS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was answered."""

    url: str  #: where the redirects led
    root: HtmlElement
    headers: Mapping[str, str]
    metas: Mapping[str, tuple[str, ...]]  #: contents of `<meta>` by lower-case name or property, in their order
    nodes: tuple[Node, ...]  #: JSON-LD, then microdata
    article: Node  #: the node of the page's own article; empty where none says so
    unread: str = ""  #: JSON-LD that cannot be read, as it stands there
    is_ended: bool = True  #: it says itself where it ends

    def meta(self, *names: str) -> str:
        """The first of these metas that says something."""
        return next((text for name in names for text in self.metas.get(name, ()) if text), "")

    def links(self, rel: str) -> list[HtmlElement]:
        """The `<link>`s of a relation, in their order."""
        return [link for link in self.root.iter("link") if rel in link.get("rel", "").lower().split()]


class NotAPageError(ValueError):
    """The bytes are no web page; the text says why."""


def read_page(body: bytes, url: str, headers: Mapping[str, str]) -> Page:
    """The page; raises `NotAPageError` for what holds no HTML, or no whole page."""
    # Encoded anew, since the tree's parser would believe a `<meta>` rather than us.
    text = clean_characters(decoded(body, headers.get("Content-Type", "")))
    try:
        parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise NotAPageError("is no web page: there is nothing in it") from error
    if any("depth" in one.message for one in parser.error_log):  # what lies deeper is not in the tree
        raise NotAPageError("its elements are nested too deep (more than 256 levels)")
    if is_cut(text):
        raise NotAPageError("breaks off in the middle; it is read again at the next visit")
    scripts = [one.text or "" for one in root.iter("script") if "ld+json" in one.get("type", "").lower()]
    nodes = (*json_ld_nodes(scripts), *microdata_nodes(root))
    return Page(
        url=url,
        root=root,
        headers=headers,
        metas=metas_of(root),
        nodes=nodes,
        article=article_of(nodes, url),
        unread="\n".join(unread_scripts(scripts)),
        is_ended=bool(ENDED.search(text)),
    )


def is_cut(text: str) -> bool:
    """Whether a page breaks off: it has no end, and what must be closed is not (a body need not be, HTML 13.1.2.4)."""
    if ENDED.search(text):
        return False
    tags = Counter((found[1] or "/" + found[2]).lower() for found in OPENED.finditer(text))
    return any(count > tags[f"/{name}"] for name, count in tags.items() if name[0] != "/")


def decoded(body: bytes, content_type: str) -> str:
    """The characters of a page; what cannot be one is replaced."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    header, meta = HEADER_CHARSET.search(content_type), META_CHARSET.search(body[:HEAD])
    said = header[1] if header else meta[1].decode("ascii", "replace") if meta else ""
    try:
        name = codecs.lookup(said).name if said else "utf-8"
    except LookupError:
        name = "utf-8"
    name = MEANT.get(name, name)
    if name in CODECS and not OF_ONE_BYTE.fullmatch(name):
        return body.decode(name, "replace")
    try:
        return body.decode("utf-8")  # servers add charsets of which the page knows nothing
    except UnicodeDecodeError:  # says UTF-8 and is not: an old page under a new header, or one broken character
        if name in CODECS:
            return body.decode(name, "replace")
        return body.decode("utf-8", "replace") if mostly_utf8(body) else body.decode("cp1252", "replace")


def mostly_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a slip or two."""
    return body.decode("utf-8", "replace").count("\ufffd") * 5 < sum(byte > 0x7F for byte in body)  # noqa: PLR2004 - ASCII ends there


def metas_of(root: HtmlElement) -> Mapping[str, tuple[str, ...]]:
    """What the metas of a page say."""
    found: dict[str, list[str]] = {}
    for number, meta in enumerate(root.iter("meta")):
        if number >= MAX_METAS:
            break
        content = meta.get("content", "").strip()
        for name in {meta.get("property", "").strip().lower(), meta.get("name", "").strip().lower()} - {""}:
            found.setdefault(name, []).append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def article_of(nodes: tuple[Node, ...], url: str) -> Node:
    """The article that a page is about: the one with its address, else the only one; of several teasers none."""
    articles = [node for node in nodes if type_names(node) & ARTICLES]
    here = address_key(url)
    for node in articles:
        if here and here in {address_key(own) for own in own_addresses(node, url)}:
            return node
    headlines = {str(node.get("headline") or node.get("name")) for node in articles}
    return articles[0] if len(headlines) == 1 else {}


def own_addresses(node: Node, url: str) -> list[str]:
    """The addresses that a node gives itself."""
    values = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    texts = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in values]
    found = [absolute_url(text, url) for text in texts if isinstance(text, str) and text]
    return [address for address in found if address]
