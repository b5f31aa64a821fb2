"""The text of a feed as a tree: well-formed XML as it is, anything else mended first, as far as it can be.

lxml is kept from everything outside of the text: entities, other files, the network.
"""

import html
import re
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from publisher.gather.feed.document import NotAFeedError
from publisher.gather.feed.media import Element

#: What may stand before the root; an article may well have "<!DOCTYPE" in its text.
PROLOG = re.compile(r"[^<]*(?:<[^A-Za-z_][^<]*)*")
ENTITIES = re.compile(r"<!DOCTYPE\s[^>\[]*\[|<!ENTITY", re.IGNORECASE)
DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>")
ROOT_END = re.compile(r"</\s*(?:[\w.-]+:)?(?:rss|feed|RDF|channel)\s*>", re.IGNORECASE)
ENDING = 4096
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);|#\d+;|#[xX][0-9a-fA-F]+;)(\w{1,40};)?")
ROOT_TAG = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|RDF)\b")
PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
DECLARED = re.compile(r"\bxmlns:([\w.-]+)\s*=")
#: libxml2 takes quadratic time over attributes: 700,000 of them fit into a feed, and would take hours.
LONG_TAG = re.compile(r"<[A-Za-z_][^<]{20000,}")
ATTRIBUTE = re.compile(r"=\s*[\"']")
MAX_ATTRIBUTES = 1000
MOST_SLIPS = 100_000
UNNAMEABLE = re.compile(r"[^\w.-]|^[\d.-]|^$")
#: What libxml2 calls the commonest faults.
PLAIN = {
    "xmlParseEntityRef": "a “&” that should be “&amp;”",
    "EntityRef: expecting": "a “&” that should be “&amp;”",
    "XML declaration allowed only": "something stands before its “<?xml”",
    "Extra content at the end": "something stands behind its end",
    "Premature end": "it ends too early",
}
#: Feeds are cut and pasted together; what their prefixes mean is never in doubt.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "cc": "http://creativecommons.org/ns#",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A feed as a tree, and what was wrong with its XML."""

    root: Element
    fault: str = ""  #: where and what; empty for well-formed XML
    is_sure: bool = True  #: false where parts may have been lost


def tree_of(text: str) -> Tree:
    """The text as a tree, mended where it must be; raises `NotAFeedError`."""
    found = PROLOG.match(text)
    prolog, rest = (found[0], text[found.end() :]) if found else ("", text)
    if ENTITIES.search(prolog):
        raise NotAFeedError("declares entities of its own in a DOCTYPE; such a feed is not read")
    if any(len(ATTRIBUTE.findall(tag)) > MAX_ATTRIBUTES for tag in LONG_TAG.findall(rest)):
        raise NotAFeedError(f"has an element with more than {MAX_ATTRIBUTES:,} attributes; it is not read")
    text = DECLARATION.sub("", DOCTYPE.sub("", prolog, count=1), count=1).lstrip() + rest
    try:
        return Tree(root=parsed_by(text, recover=False))
    except etree.XMLSyntaxError as error:
        fault = words_of(error)
    if not ROOT_END.search(text[-ENDING:]) and ROOT_TAG.search(text):
        raise NotAFeedError("breaks off in the middle; it is read again at the next visit")
    mended = mend(text)
    try:
        return Tree(root=parsed_by(mended, recover=False), fault=fault)
    except etree.XMLSyntaxError:
        pass
    try:
        root = parsed_by(mended, recover=True)
    except etree.XMLSyntaxError as error:
        raise NotAFeedError(f"cannot be read ({words_of(error)})") from error
    return Tree(root=without_colons(root), fault=fault, is_sure=False)


def parsed_by(text: str, *, recover: bool) -> Element:
    """The root, by lxml, which is kept from everything outside of the text; raises `etree.XMLSyntaxError`."""
    parser = etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root: Element | None = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:  # recovering found nothing at all
        raise NotAFeedError("is no RSS, Atom or JSON feed")
    return root


def mend(text: str) -> str:
    """The commonest slips: a bare "&", HTML's entities, prefixes that nobody declared."""
    text = ENTITY.sub(as_character, text, count=MOST_SLIPS)
    used = set(PREFIX.findall(text)) - set(DECLARED.findall(text)) - {"xml", "xmlns", "http", "https"}
    missing = "".join(f' xmlns:{one}="{NAMESPACES.get(one, f"urn:undeclared:{one}")}"' for one in sorted(used))
    return ROOT_TAG.sub(lambda found: found[0] + missing, text, count=1)


def as_character(found: re.Match[str]) -> str:
    """The character that HTML means by an entity; "&" for one that is none."""
    character = html5.get(found[1]) if found[1] else None
    return html.escape(character, quote=False) if character else f"&amp;{found[1] or ''}"


def without_colons(root: Element) -> Element:
    """The tree with names that XML namespaces allow: recovering leaves an undeclared prefix in the name, and worse."""
    for element in root.iter(etree.Element):
        if UNNAMEABLE.search(local(element)):
            element.tag = "unnamed"
        for name in [one for one in element.attrib if UNNAMEABLE.search(str(one).rpartition("}")[2])]:
            del element.attrib[name]
    return root


def local(element: Element) -> str:
    """An element's name without its namespace, also where it is none that XML allows."""
    return element.tag.rpartition("}")[2]


def what_became_of(tree: Tree) -> str:
    """How far broken XML was read."""
    return "mended while reading" if tree.is_sure else "read as far as it goes, something may be missing"


def words_of(error: etree.XMLSyntaxError) -> str:
    """What lxml says, in plain words where it is terse, with the line."""
    said = re.sub(r",? ?\(<string>.*|, line \d+, column \d+.*|\n.*", "", str(error.msg), flags=re.DOTALL)
    plain = next((words for beginning, words in PLAIN.items() if said.startswith(beginning)), said)
    return f"{plain}, line {error.lineno}"
