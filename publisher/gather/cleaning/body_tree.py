"""The body as a tree: what a browser would have shown is put in terms of the allowed elements.

Nothing here keeps anybody safe: `allow_list` does, afterwards.
"""

from collections import Counter

from lxml import etree
from lxml.etree import HTMLParser

from publisher.gather.cleaning.body_embeds import settle_embeds
from publisher.gather.cleaning.body_figures import settle_credits, unwrap_figures
from publisher.gather.cleaning.body_images import settle_images
from publisher.gather.cleaning.body_nodes import BLOCKS, BOXES, LINES, Element, classes_of, erase, finder, is_blank
from publisher.gather.cleaning.body_paragraphs import (
    drop_breaks_beside_blocks,
    has_run,
    join_large_letters,
    split_paragraph,
)
from publisher.gather.cleaning.body_unseen import drop_unseen
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.cleaning.selectors import Selectors
from publisher.model.markup import names

_EMPTY_BLOCKS = names("p h2 h3 h4 h5 h6 blockquote figure figcaption ul ol dl pre table caption")
_EMPTY_LINES = names("a strong em s u del ins small q abbr code sup sub bdi cite time")
_RENAMED = {"i": "em", "b": "strong", "h1": "h2"}
_MAY_BE_EMPTY = _EMPTY_BLOCKS | _EMPTY_LINES | {"span"}
_HOLDERS = names("blockquote li td th dd figure figcaption")
#: Found by libxml2, which takes a tenth of the time.
_MARKED = finder(".//*[@class]")
_HOLDING_BREAKS = finder("descendant-or-self::*[br]")
_BROKEN_PARAGRAPHS = finder(".//p[br]")
_BLANKS = " \t\r\n\u00a0\u200b\u00ad\ufeff\u2028\u2029\u2003\u2002\u2009\u3000"
_WITHOUT_TEXT = finder(f".//*[not(text()[translate(., '{_BLANKS}', '')])]")


def parse_body(html: str) -> Element:
    """The body under one `div` that is not part of it; for HTML out of a sanitiser only (libxml2 guesses on others)."""
    return etree.fromstring(f"<div>{html}</div>", HTMLParser(huge_tree=True))[0][0]


def print_body(root: Element) -> str:
    """The body as HTML, without the `div` around it."""
    printed: str = etree.tostring(root, method="html", encoding="unicode")
    return printed.removeprefix("<div>").removesuffix("</div>")


def read_marks(root: Element, base_url: str, selectors: Selectors) -> Counter[str]:
    """Does what classes, ids and styles tell of, which a source's markup has and a cleaned body has not.

    Changes the tree in place; gives short notes on what was done, with how often.
    """
    notes = drop_unseen(root, selectors)
    join_large_letters(root)
    for element in _MARKED(root):
        _rename_marked(element)
    notes.update(settle_embeds(root, base_url))
    settle_credits(root)
    return notes


def tidy(root: Element, base_url: str) -> Counter[str]:
    """Changes the tree in place; gives short notes on what was done, with how often."""
    for element in root.iterdescendants("span", *_RENAMED):
        is_marked = element.tag == "span" and (element.get("dir") or element.get("lang"))
        element.tag = "bdi" if is_marked else _RENAMED.get(element.tag, element.tag)
    notes = settle_images(root, base_url)
    unwrap_figures(root)
    for element in root.iterdescendants("a"):
        notes.update(_settle_link(element, base_url))
    for element in list(root.iterdescendants(*BOXES)):
        _pass_on_direction(element)
        _settle_box(element)
    _settle_breaks(root)
    _drop_empty_elements(root)
    return notes


def _rename_marked(element: Element) -> None:
    classes = classes_of(element)
    if "wp-caption" in classes or "gallery-item" in classes:  # themes without HTML5; a picture's credit is in there
        element.tag = "figure"
    elif "wp-caption-text" in classes:
        element.tag = "figcaption"
    elif element.tag == "dt" and "gallery-icon" in classes:
        element.tag = "div"


def _settle_link(link: Element, base_url: str) -> list[str]:
    href = link.get("href", "")
    url = absolute_url(href, base_url, mail=True)
    if url is None:
        link.tag = "span"
        return ["link without a usable address unwrapped"] if href else []
    link.set("href", url)
    return []


def _pass_on_direction(box: Element) -> None:
    """The blocks inside keep the direction and language of a box that will be gone."""
    given = [(name, value) for name in ("dir", "lang") if (value := box.get(name))]
    for child in box.iterchildren(*BLOCKS) if given else ():
        for name, value in given:
            if not child.get(name):
                child.set(name, value)


def _settle_box(box: Element) -> None:
    """A box around text becomes a paragraph; one around blocks goes, and its loose text becomes paragraphs."""
    parent = box.getparent()
    if parent is not None and (parent.tag in LINES or parent.tag == "figure"):
        box.tag, box.tail = "span", f" {box.tail or ''}"
    elif not any(child.tag in BLOCKS for child in box):
        box.tag = "p"
    else:
        _wrap_loose_text(box)


def _wrap_loose_text(box: Element) -> None:
    """Blocks stay where they are: moving one takes as long as it is large."""
    attributes = {name: value for name, value in box.attrib.items() if name in {"dir", "lang"}}
    before: Element | None = None
    text, loose = box.text, list[Element]()
    for child in [*box, None]:
        if child is not None and child.tag not in BLOCKS:
            loose.append(child)
            continue
        if loose or not is_blank(text):
            paragraph = etree.Element("p", attributes)
            if before is None:
                box.text = None
                box.insert(0, paragraph)
            else:
                before.tail = None
                before.addnext(paragraph)
            paragraph.text = text
            paragraph.extend(loose)
        if child is not None:
            before, text, loose = child, child.tail, []


def _settle_breaks(root: Element) -> None:
    """Runs of line breaks end paragraphs; in a list or table they stay."""
    for element in _HOLDING_BREAKS(root):
        if element is root or element.tag in _HOLDERS:
            drop_breaks_beside_blocks(element)
    for element in (root, *root.iterdescendants("blockquote")):
        if has_run(element):
            _wrap_loose_text(element)
    for paragraph in _BROKEN_PARAGRAPHS(root):
        split_paragraph(paragraph)


def _drop_empty_elements(root: Element) -> None:
    """From the inside out, so that what holds only empty elements is empty, too."""
    nothing: set[Element] = set()  # what shows nothing
    for element in reversed(_WITHOUT_TEXT(root)):
        if element.tag not in _MAY_BE_EMPTY or not all(child.tag == "br" or child in nothing for child in element):
            continue
        if element.tag in _EMPTY_BLOCKS:
            erase(element)
        element.tag = "span"  # a space in bold is still a space
        nothing.add(element)
