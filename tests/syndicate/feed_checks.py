"""What feed validators let pass and readers stumble over: our own look at a finished feed.

`faults_of` reads a document as bytes, knows nothing of how it was made, and gives its faults in words.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

from lxml import etree

from publisher.licensing.licences import parse_licence
from publisher.model.markup import names

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cc": "http://backend.userland.com/creativeCommonsRssModule",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "fh": "http://purl.org/syndication/history/1.0",
}
VOID = names("area base br col embed hr img input link meta param source track wbr")
ACTIVE = names("script style iframe frame object embed form input button svg math link meta base")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the checks look at, in whatever format it came."""

    id: str
    title: str
    url: str
    html: str
    links: tuple[str, ...]
    licences: tuple[str, ...]
    people: tuple[str, ...]


def faults_of(data: bytes, form: str, *, before: bytes | None = None) -> list[str]:
    """The faults of a feed in `rss`, `atom` or `json`; `before` is what stood at its address earlier."""
    try:
        items, times = read(data, form)
    except (ValueError, etree.XMLSyntaxError) as error:
        return [f"cannot be read: {error}"]
    faults = [f"wrong time: {time}" for time in times if not is_time(time, form)]
    faults += [f"id twice: {one.id}" for number, one in enumerate(items) if one.id in {x.id for x in items[:number]}]
    for item in items:
        faults += (f"{item.id}: {fault}" for fault in faults_of_item(item))
    if before is not None:
        earlier = {item.url: item.id for item in read(before, form)[0]}
        faults += [f"id changed: {earlier[one.url]}" for one in items if earlier.get(one.url, one.id) != one.id]
    return faults + ([] if form == "json" else faults_of_archive(etree.fromstring(data)))


def read(data: bytes, form: str) -> tuple[list[Item], list[str]]:
    """The items of a feed and all times in it."""
    if form == "json":
        document = json.loads(data)
        times = [item[name] for item in document["items"] for name in ("date_published", "date_modified")]
        return [of_json(item) for item in document["items"]], times
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", data):
        raise ValueError("it declares a document type: a reader would fetch what that names")
    root = etree.fromstring(data)
    if form == "atom":
        times = texts(root, "//a:updated|//a:published")
        return [of_atom(entry) for entry in found(root, "a:entry")], times
    times = texts(root, "//pubDate|//lastBuildDate|//a:updated|//dcterms:modified")
    return [of_rss(item) for item in found(root, "channel/item")], times


def of_rss(item: etree._Element) -> Item:
    """An RSS item."""
    return Item(
        id=one(texts(item, "guid")),
        title=one(texts(item, "title")),
        url=one(texts(item, "link")),
        html=one(texts(item, "content:encoded")),
        links=(*texts(item, "link"), *texts(item, ".//@href|.//@url|category/@domain")),
        licences=tuple(texts(item, "cc:license|dcterms:license|a:link[@rel='license']/@href")),
        people=tuple(texts(item, "dc:creator|author")),
    )


def of_atom(entry: etree._Element) -> Item:
    """An Atom entry."""
    return Item(
        id=one(texts(entry, "a:id")),
        title=one(texts(entry, "a:title")),
        url=one(texts(entry, "a:link[@rel='alternate']/@href")),
        html=one(texts(entry, "a:content[@type='html']")),
        links=tuple(texts(entry, ".//@href|.//@url|.//a:uri|a:category/@scheme")),
        licences=tuple(texts(entry, "a:link[@rel='license']/@href")),
        people=tuple(texts(entry, "a:author/a:name")),
    )


def of_json(item: dict[str, Any]) -> Item:
    """An item of a JSON Feed."""
    rights = item.get("_republish", {})
    pictures = [one["url"] for one in rights.get("media", ())]
    links = [item.get("url"), item.get("image"), rights.get("kit"), rights.get("canonical"), *pictures]
    return Item(
        id=item["id"],
        title=item["title"],
        url=item["url"],
        html=item.get("content_html", ""),
        links=tuple(link for link in links if link is not None),
        licences=tuple(filter(None, [rights.get("license")])),
        people=tuple(person["name"] for person in item.get("authors", ())),
    )


def faults_of_item(item: Item) -> Iterator[str]:
    """What is wrong with one item."""
    page = Page()
    page.feed(item.html)
    page.close()
    yield from page.faults()
    yield from (f"unsafe link: {link}" for link in (*item.links, *page.links) if not is_safe(link))
    yield from (f"no address: {link}" for link in item.links if re.search(r'[\s"<>\\^`{|}]', link))
    licences = {canonical(link) for link in (*item.licences, *page.licences)}
    if len(licences) > 1:
        yield f"licences that contradict: {', '.join(sorted(licences))}"
    if not any(name.strip() for name in item.people):
        yield "no byline"
    if not item.title.strip() or re.search(r"</\w+>", item.title):
        yield f"not a plain title: {item.title[:80]}"


def faults_of_archive(root: etree._Element) -> list[str]:
    """An archive document says where the present one is (RFC 5005 section 4), and so does not shift."""
    relations = texts(root, "/a:feed/a:link/@rel|/rss/channel/a:link/@rel")
    is_archive = bool(found(root, "fh:archive|channel/fh:archive"))
    wanted = ("self", "current") if is_archive else ("self",)
    return [f"no link {rel}" for rel in wanted if rel not in relations]


class Page(HTMLParser):
    """Reads a piece of HTML as it is written, without the repairs that a browser makes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.licences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what it opens, leads to and says."""
        values = {name: value or "" for name, value in attrs}
        self.open += [] if tag in VOID else [tag]
        self.wrong += [f"active: <{tag}>"] if tag in ACTIVE else []
        self.wrong += [f"active: {name}" for name in values if name.startswith("on") or name == "style"]
        self.links += [values[name] for name in ("href", "src") if name in values]
        self.licences += [values["href"]] if values.get("rel") == "license" else []

    def handle_endtag(self, tag: str) -> None:
        """Closes the innermost element, which must be of that name."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def faults(self) -> list[str]:
        """What is wrong, now that all is read."""
        return [*self.wrong, *(f"<{tag}> is not closed" for tag in self.open)]


def is_time(text: str, form: str) -> bool:
    """Whether a time is one that exists, in RFC 3339 or, in RSS, as RFC 822 with its true weekday."""
    try:
        if TIME.fullmatch(text):
            return bool(datetime.fromisoformat(text))
        return form == "rss" and format_datetime(parsedate_to_datetime(text)) == text
    except ValueError:
        return False


def is_safe(link: str) -> bool:
    """Whether a link is absolute and leads to the web or to a mailbox."""
    return bool(re.match(r"https?://[^\s/]|mailto:\S", link))


def canonical(link: str) -> str:
    """A licence's one address, however it is written."""
    licence = parse_licence(link)
    return licence.url if licence else link


def found(root: etree._Element, path: str) -> list[Any]:
    """The elements or attribute values at an XPath."""
    nodes: Any = root.xpath(path, namespaces=NAMES)
    return list(nodes)


def texts(root: etree._Element, path: str) -> list[str]:
    """The texts or attribute values at an XPath."""
    return [str(node if isinstance(node, str) else node.text or "") for node in found(root, path)]


def one(values: Iterable[str]) -> str:
    """The first, or nothing."""
    return next(iter(values), "")
