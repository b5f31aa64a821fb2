"""Article HTML as blocks and runs: what plain text and Markdown are both written from.

<p>See <a href="https://example.org">this</a>.</p>  →  Paragraph((Run("See "), Run("this", url=…), Run(".")))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from publisher.syndicate.markup import parse_fragment

INLINE_NAMES = "a strong em s u del ins small q abbr code br img sup sub bdi cite time"
INLINE = frozenset(INLINE_NAMES.split())
WHITE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that looks alike; a line break is a newline by itself."""

    text: str
    strong: bool = False
    emphasis: bool = False
    url: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a caption and a description are one too."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item holds blocks. `start` is None for bullets."""

    items: "tuple[tuple[Block, ...], ...]"
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `has_head` when the first row names the columns."""

    rows: tuple[tuple[Runs, ...], ...]
    has_head: bool


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose spaces and lines count."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


Block = Paragraph | Heading | ListBlock | Quote | Table | Preformatted | Rule


def read_blocks(html: str) -> tuple[Block, ...]:
    """The blocks of clean HTML, in order; empty ones are left out."""
    return tuple(_blocks(parse_fragment(html)))


def _blocks(parent: etree._Element) -> Iterator[Block]:
    """Text that stands beside blocks becomes a paragraph of its own."""
    loose: list[Run] = [Run(parent.text)] if parent.text else []
    for child in parent:
        # CMSs leave text between blocks; dropping it would drop sentences.
        if child.tag in INLINE:
            loose.extend(_runs(child, Run("")))
        else:
            yield from _paragraph(loose)
            loose = []
            yield from _block(child)
        if child.tail:
            loose.append(Run(child.tail))
    yield from _paragraph(loose)


def _block(element: etree._Element) -> Iterator[Block]:
    """One block-level element."""
    tag = str(element.tag)
    match tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            if runs := _tidy(_inside(element)):
                yield Heading(int(tag[1]), runs)
        case "ul" | "ol":
            items = tuple(tuple(_blocks(item)) for item in element if item.tag == "li")
            if any(items):
                yield ListBlock(items, start=_start(element) if tag == "ol" else None)
        case "blockquote":
            if blocks := tuple(_blocks(element)):
                yield Quote(blocks)
        case "table":
            yield from _table(element)
        case "pre":
            yield Preformatted("".join(str(piece) for piece in element.itertext()).strip("\n"))
        case "hr":
            yield Rule()
        case _:  # p, li outside a list, and all that only holds others together
            yield from _blocks(element)


def _start(element: etree._Element) -> int:
    """Where an ordered list begins to count."""
    # Sanitised, but still what somebody typed: `start="x"` counts from one.
    number = element.get("start", "1")
    return int(number) if number.lstrip("-").isdecimal() else 1


def _table(element: etree._Element) -> Iterator[Block]:
    """A table, its caption before it; cells are one line each."""
    for caption in element.iterchildren("caption"):
        yield from _paragraph(list(_inside(caption)))
    rows = []
    for row in element.iter("tr"):
        cells = tuple(_one_line(_tidy(_inside(cell))) for cell in row if cell.tag in {"td", "th"})
        if any(cells):
            rows.append((cells, all(cell.tag == "th" for cell in row if cell.tag in {"td", "th"})))
    if rows:
        yield Table(tuple(cells for cells, _ in rows), has_head=rows[0][1])


def _one_line(runs: Runs) -> Runs:
    """Runs without line breaks, for a cell."""
    return tuple(replace(run, text=run.text.replace("\n", " ")) for run in runs)


def _inside(element: etree._Element, style: Run | None = None) -> Iterator[Run]:
    """The runs inside an element, in the style that holds there."""
    style = style or Run("")
    if element.text:
        yield replace(style, text=element.text)
    for child in element:
        yield from _runs(child, style)
        if child.tail:
            yield replace(style, text=child.tail)


def _runs(element: etree._Element, style: Run) -> Iterator[Run]:
    """The runs of one inline element."""
    match element.tag:
        case "br":
            yield Run("\n")
        case "img":
            if alt := element.get("alt", "").strip():
                yield replace(style, text=f"[{alt}]")
        case "strong":
            yield from _inside(element, replace(style, strong=True))
        case "em":
            yield from _inside(element, replace(style, emphasis=True))
        case "a":
            yield from _inside(element, replace(style, url=element.get("href", "")))
        case "q":
            yield replace(style, text="“")
            yield from _inside(element, style)
            yield replace(style, text="”")
        case _:
            yield from _inside(element, style)


def _paragraph(runs: list[Run]) -> Iterator[Block]:
    """Runs as a paragraph, if there is anything to read in them."""
    if tidy := _tidy(iter(runs)):
        yield Paragraph(tidy)


def _tidy(runs: Iterator[Run]) -> Runs:
    """Spaces collapsed as a browser does, alike neighbours joined, nothing empty at either end."""
    joined: list[Run] = []
    for run in runs:
        text = run.text if run.text == "\n" else _collapsed(run.text)
        before = joined[-1].text if joined else "\n"
        # Two runs that meet must not make two spaces, as in a browser.
        if before.endswith((" ", "\n")) and text != "\n":
            text = text.lstrip(" ")
        if text == "\n" and joined:
            joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" "))
        if not text:
            continue
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def _collapsed(text: str) -> str:
    """White space as one space; a no-break space is not white space here."""
    return WHITE.sub(" ", text)
