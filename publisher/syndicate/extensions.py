"""What feedgen cannot say, said by its own extensions. Each class stands for one cure; the traps were run and seen.

| feedgen 1.0.0                                             | here                                               |
|-----------------------------------------------------------|----------------------------------------------------|
| entry links lose all but `href` (its issue 135)           | links are removed and written anew                 |
| `rel=license` is refused, RSS carries over `self` alone   | the same                                           |
| an author without an address vanishes from RSS            | `dc:creator` for each                              |
| no `xml:lang`, tombstones, whole `source`, licences       | written here                                       |
| Atom times as `+00:00`                                    | as `Z`, like everywhere in the house               |
"""

from collections.abc import Mapping

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from publisher.model.clock import stamp
from publisher.syndicate.feed import MEDIA_TYPES, Entry, EntryImage, Feed

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
LICENSES = "http://backend.userland.com/creativeCommonsRssModule"  # Rss, not RSS: the case counts
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Element = etree._Element  # noqa: SLF001 - the public name of lxml's element type is this one


class AtomFeed(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Feed level of Atom: links, language, tombstones."""

    feed: Feed

    def extend_ns(self) -> Mapping[str, str]:
        """Only the namespaces that are used."""
        used = {"media": MEDIA} if any(entry.image for entry in self.feed.entries) else {}
        used |= {"fh": HISTORY} if _is_archive(self.feed) else {}
        return used | ({"at": TOMBSTONES} if any(entry.withdrawn for entry in self.feed.entries) else {})

    def extend_atom(self, root: Element) -> Element:
        """Runs before the entries are appended, so that tombstones stand before them (RFC 6721 section 3)."""
        _drop(root, "link")
        _text_of(root, "updated", stamp(self.feed.updated))
        for attributes in feed_links(self.feed, "atom"):
            etree.SubElement(root, "link", attributes)
        if _is_archive(self.feed):
            etree.SubElement(root, f"{{{HISTORY}}}archive")
        for entry in self.feed.entries:
            _tombstone(root, entry)
        return root


class AtomEntry(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Entry level of Atom: links, language, source, picture."""

    entry: Entry

    def extend_atom(self, root: Element) -> Element:
        """Rewrites what feedgen lost or wrote its own way."""
        entry = self.entry
        _drop(root, "link")
        root.set(XML_LANG, entry.language)
        _text_of(root, "updated", stamp(entry.updated))
        _text_of(root, "published", stamp(entry.published))
        # Always a licence link: without one the entry would inherit the feed's.
        for attributes in (_alternate(entry), {"rel": "license", "href": entry.licence_url}, *_related(entry)):
            etree.SubElement(root, "link", attributes)
        if entry.image:
            _picture(root, entry.image, entry.language)
        _atom_source(root, entry)
        return root


class RssFeed(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Channel level of RSS: the links that only Atom has, and the licence."""

    feed: Feed

    def extend_ns(self) -> Mapping[str, str]:
        """The namespaces of both levels."""
        names = {"dc": DC, "dcterms": TERMS, "creativeCommons": LICENSES, "media": MEDIA}
        return names | ({"fh": HISTORY} if _is_archive(self.feed) else {})

    def extend_rss(self, root: Element) -> Element:
        """Adds them to the channel, before the items."""
        channel = root[0]
        # feedgen wrote the self link without the others; all are written in one place instead.
        _drop(channel, f"{{{ATOM}}}link")
        for attributes in feed_links(self.feed, "rss"):
            if attributes["rel"] != "alternate":  # is the channel's own link
                etree.SubElement(channel, f"{{{ATOM}}}link", attributes)
        if self.feed.licence:
            _add(channel, LICENSES, "license", self.feed.licence.url)
        if _is_archive(self.feed):
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        return root


class RssEntry(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Item level of RSS: byline, licence, true times, picture."""

    entry: Entry

    def extend_rss(self, item: Element) -> Element:
        """Adds what RSS has no element of its own for."""
        entry = self.entry
        for person in entry.byline:
            _add(item, DC, "creator", person.name)
        _add(item, DC, "language", entry.language)
        _add(item, DC, "rights", entry.rights)
        for attributes in _related(entry):
            etree.SubElement(item, f"{{{ATOM}}}link", attributes)
        _add(item, ATOM, "updated", stamp(entry.updated))
        _add(item, TERMS, "modified", stamp(entry.updated))
        _add(item, TERMS, "rightsHolder", entry.rights_holder)
        if entry.licence:
            _add(item, TERMS, "license", entry.licence.url)
            _add(item, LICENSES, "license", entry.licence.url)
        else:  # said aloud: silence would be read as the channel's licence
            etree.SubElement(item, f"{{{ATOM}}}link", {"rel": "license", "href": entry.licence_url})
        for original in entry.translations:
            if original.is_original:
                _add(item, TERMS, "isVersionOf", original.url)
        if entry.image:
            _picture(item, entry.image, entry.language)
        return item


def feed_links(feed: Feed, form: str) -> list[dict[str, str]]:
    """The links of a feed in one format: its own address must be the one it is served from, byte for byte."""
    links = [
        {"rel": "self", "type": MEDIA_TYPES[form], "href": feed.self_urls[form]},
        {"rel": "alternate", "type": "text/html", "href": feed.home_url},
        *({"rel": "hub", "href": hub} for hub in feed.hubs),
    ]
    archive = feed.archive.links(form) if feed.archive else []
    links += [{"rel": rel, "type": MEDIA_TYPES[form], "href": address} for rel, address in archive]
    return [*links, {"rel": "license", "href": feed.licence.url}] if feed.licence else links


def _is_archive(feed: Feed) -> bool:
    return feed.archive is not None and feed.archive.month is not None


def _alternate(entry: Entry) -> dict[str, str]:
    return {"rel": "alternate", "type": "text/html", "hreflang": entry.language, "href": entry.url}


def _related(entry: Entry) -> list[dict[str, str]]:
    """The republish page, the translations, and the origin of another's text.

    `canonical` is no registered relation of feeds; `related` with a title is. A second `alternate` would be allowed in
    another language, but readers that look at `rel` alone would open it in place of the article.
    """
    page = {"rel": "related", "type": "text/html"}
    links = [page | {"hreflang": one.language, "title": one.title, "href": one.url} for one in entry.translations]
    if entry.kit_url:
        links.insert(0, page | {"title": "Republish this article", "href": entry.kit_url})
    return [*links, {"rel": "via", "href": entry.source.url}] if entry.source else links


def _tombstone(root: Element, entry: Entry) -> None:
    """A deleted entry (RFC 6721): a reader applies it when `when` is not earlier than the entry's `updated`."""
    gone = entry.withdrawn
    if gone is None:
        return
    element = etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=entry.id, when=stamp(gone.at))
    by = etree.SubElement(element, f"{{{TOMBSTONES}}}by")
    # feedgen writes Atom's own names without a namespace and the declaration as an attribute: so must we.
    etree.SubElement(by, "name").text = gone.by
    _add(element, TOMBSTONES, "comment", gone.comment)
    etree.SubElement(element, "link", href=gone.url)


def _atom_source(root: Element, entry: Entry) -> None:
    """The origin feed, with all that RFC 4287 section 4.2.11 would have kept."""
    source = entry.source
    if source is None:
        return
    element = etree.SubElement(root, "source")
    for name, text in (("id", source.id), ("title", source.title), ("updated", stamp(source.updated))):
        etree.SubElement(element, name).text = text
    etree.SubElement(element, "link", rel="self", href=source.url)
    etree.SubElement(element, "link", rel="license", href=entry.licence_url)
    etree.SubElement(element, "rights").text = entry.rights


def _picture(parent: Element, image: EntryImage, language: str) -> None:
    """Media RSS 1.5; `media:license` is left out because validators refuse it."""
    size = {"width": image.width, "height": image.height}
    attributes = {"url": image.url, "medium": "image", "lang": language}
    attributes |= {"type": image.media_type} if image.media_type else {}
    attributes |= {name: str(pixels) for name, pixels in size.items() if pixels and pixels > 0}
    element = etree.SubElement(parent, f"{{{MEDIA}}}content", attributes)
    if image.alt:
        _add(element, MEDIA, "title", image.alt).set("type", "plain")
    if image.caption:
        _add(element, MEDIA, "description", image.caption).set("type", "plain")
    if image.credit:
        credit = _add(element, MEDIA, "credit", image.credit)
        credit.set("role", "photographer")
        credit.set("scheme", "urn:ebu")
    if image.rights:
        _add(element, MEDIA, "copyright", image.rights)


def _add(parent: Element, namespace: str, name: str, text: str) -> Element:
    """Appends an element with text."""
    element = etree.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = text
    return element


def _drop(root: Element, name: str) -> None:
    """Removes all children of a name."""
    for element in root.findall(name):
        root.remove(element)


def _text_of(root: Element, name: str, text: str) -> None:
    """Replaces a child's text."""
    element = root.find(name)
    if element is not None:
        element.text = text
