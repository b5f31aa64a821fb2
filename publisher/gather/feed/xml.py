"""RSS and Atom of every version: made well-formed by lxml, then read by feedparser.

    text ─► lxml, strict ── fails ──► mended (bare "&", HTML's entities, prefixes) ── fails ──► lxml, recovering
                 └────────────────────────────┴───────────────┬──────────────────────────────────────┘
                                                              ▼
              taken out here: tombstones, Media RSS, ids letter for letter ─► the rest, well-formed ─► feedparser

feedparser would repair broken XML by a parser of its own that takes minutes over some inputs; it opens what looks like
a file or an address, so it is given a stream.
"""

import io
import re

import feedparser
from lxml import etree

from publisher.gather.feed.document import FeedDocument, Fields, NotAFeedError, Tombstone
from publisher.gather.feed.media import Element, drop, take_pictures
from publisher.gather.feed.tree import local, tree_of, what_became_of
from publisher.gather.times import read_time
from publisher.model.markup import names

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
COMPLETE = "{http://purl.org/syndication/history/1.0}complete"
CC_LICENSE = ("{http://creativecommons.org/ns#}license", "{http://web.resource.org/cc/}license")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
#: Tells feedparser's entries which of ours they are.
MARK = "publisherposition"
#: Elements that hold a person.
PERSONS = names("author creator contributor publisher name email owner managingeditor webmaster")
RUN = re.compile(r"[\w.+-]{64}(?=[\w.+-])")
MAX_ELEMENTS = 500_000
MAX_ENTRIES = 20_000
ENTRIES = frozenset({"item", "entry"})


def parse_xml(text: str, *, url: str) -> FeedDocument:
    """The feed in a text; raises `NotAFeedError`."""
    tree = tree_of(text)
    if sum(1 for _ in tree.root.iter()) > MAX_ELEMENTS:
        raise NotAFeedError(f"has more than {MAX_ELEMENTS:,} elements; no feed is read that needs so many")
    surplus = cut_entries(tree.root)
    own = take_own(tree.root)
    tombstones = tuple(tombstone_of(one) for one in list(tree.root.iter(TOMBSTONE)))
    is_complete = tree.is_sure and not surplus and next(tree.root.iter(COMPLETE), None) is not None
    for one in list(tree.root.iter(TOMBSTONE)):  # its links and names would be taken for the feed's
        drop(one)
    part_long_runs(tree.root)
    parsed = feedparser_on(tree.root, url)
    if not parsed.version and not parsed.entries:
        raise NotAFeedError("is no RSS, Atom or JSON feed")
    return FeedDocument(
        feed=parsed.feed,
        entries=[with_own(one, own) for one in parsed.entries],
        tombstones=tombstones,
        is_complete=is_complete,
        notes=(*([f"its XML is broken ({tree.fault}): {what_became_of(tree)}"] if tree.fault else []), *surplus),
    )


def cut_entries(root: Element) -> tuple[str, ...]:
    """Takes out the entries beyond the first so many, with a note if there are any: feeds begin with the newest."""
    entries = [one for one in root.iter(etree.Element) if local(one) in ENTRIES]
    for one in entries[MAX_ENTRIES:]:
        drop(one)
    return (f"only its first {MAX_ENTRIES:,} entries were read, of {len(entries):,}",) if entries[MAX_ENTRIES:] else ()


def part_long_runs(root: Element) -> None:
    """Parts endless words in names: feedparser looks for a mail address there by an expression of quadratic time."""
    inside = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            inside -= local(element).lower() in PERSONS
        if inside and element.tail:
            element.tail = RUN.sub(r"\g<0> ", element.tail)
        if event == "start":
            inside += local(element).lower() in PERSONS
            if inside and element.text:
                element.text = RUN.sub(r"\g<0> ", element.text)


def take_own(root: Element) -> list[dict[str, object]]:
    """What feedparser would lose or mix up, entry by entry; marks the entries with their position."""
    own: list[dict[str, object]] = []
    for entry in [one for one in root.iter(etree.Element) if local(one) in ENTRIES]:
        own.append({"own_id": own_id(entry), "pictures": take_pictures(entry)})
        for licence in entry.iter(*CC_LICENSE):  # feedparser reads only its attribute
            if not licence.get(f"{RDF}resource") and licence.text:
                licence.set(f"{RDF}resource", licence.text.strip())
        etree.SubElement(entry, MARK).text = str(len(own) - 1)
    take_pictures(root)  # those of the feed itself are nobody's
    return own


def own_id(entry: Element) -> str:
    """The entry's id as it is written."""
    found = (one.text or "" for one in entry if local(one) in {"guid", "id"})
    return (next(filter(None, map(str.strip, found)), "") or entry.get(f"{RDF}about") or "").strip()


def with_own(entry: Fields, own: list[dict[str, object]]) -> Fields:
    """An entry of feedparser's with what was taken out of it before."""
    position = entry.get(MARK)
    mine = own[int(position)] if isinstance(position, str) and position.isdecimal() and int(position) < len(own) else {}
    return {**entry, **mine}


def tombstone_of(element: Element) -> Tombstone:
    """An `at:deleted-entry`; both its attributes must be there (RFC 6721 section 3)."""
    comment = next((one for one in element if local(one) == "comment"), None)
    said = " ".join("".join(map(str, comment.itertext())).split()) if comment is not None else ""
    why = f"the feed says that it was deleted: {said[:300]}" if said else "the feed says that it was deleted"
    return Tombstone(key=(element.get("ref") or "").strip(), at=read_time(element.get("when") or ""), why=why)


def feedparser_on(root: Element, url: str) -> feedparser.FeedParserDict:
    """What feedparser makes of the tree."""
    known = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=known, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser lets whatever its parsers raise come through
        raise NotAFeedError(f"cannot be read ({type(error).__name__}: {error})") from error
    if parsed.bozo:
        raise NotAFeedError(f"cannot be read ({parsed.bozo_exception})")
    return parsed
