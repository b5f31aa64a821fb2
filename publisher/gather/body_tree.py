"""The body as a tree: what a browser would have shown is put in terms of the allowed elements.

Nothing here keeps anybody safe: `allow_list` does, afterwards. Elements to be unwrapped are renamed to `span`, which
it strips, text kept; moving children about would take quadratic time on a megabyte of them.
"""

import re
from collections import Counter

import lxml.html
from lxml.html import HtmlElement, HTMLParser

from publisher.gather.links import absolute_url, best_of_srcset, page_of_embed
from publisher.model.markup import names

#: What is only a box: gone in the end, but it parts the texts before and after it.
BOXES = names("div section article main header footer aside nav address center details summary hgroup search fieldset")
EMBEDS = names("iframe embed object video audio")
_BLOCKS = BOXES | names("p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr figure figcaption table caption")
_LINES = names("p h2 h3 h4 h5 h6 a strong em s u del ins small q abbr code sup sub bdi cite time span pre")
_EMPTY_BLOCKS = names("p h2 h3 h4 h5 h6 blockquote figure figcaption ul ol dl pre table caption")
_EMPTY_LINES = names("a strong em s u del ins small q abbr code sup sub bdi cite time")
_RENAMED = {"i": "em", "b": "strong", "h1": "h2"}
_BLANK = re.compile("[\\s\u00a0\u200b\u00ad\ufeff]*")
_TINY = re.compile(r"\s*[01](?:\.\d+)?(?:px)?\s*")
_TINY_STYLE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*[01](?:px)?\s*(?=;|$|!)")


def parse_body(html: str) -> HtmlElement:
    """The body under one `div` that is not part of it; for HTML out of a sanitiser only (libxml2 guesses on others)."""
    return lxml.html.fragment_fromstring(html, create_parent="div", parser=HTMLParser(huge_tree=True))


def print_body(root: HtmlElement) -> str:
    """The body as HTML, without the `div` around it."""
    printed: str = lxml.html.tostring(root, encoding="unicode")
    return printed.removeprefix("<div>").removesuffix("</div>")


def tidy(root: HtmlElement, base_url: str) -> Counter[str]:
    """Changes the tree in place; gives short notes on what was done, with how often."""
    notes: Counter[str] = Counter()
    for element in root.iterdescendants():
        _rename(element)
    for element in list(root.iterdescendants("img")):
        notes.update(_settle_image(element, base_url))
    for element in list(root.iterdescendants(*EMBEDS)):
        notes.update(_settle_embed(element, base_url))
    for element in root.iterdescendants("a"):
        notes.update(_settle_link(element, base_url))
    for element in list(root.iterdescendants(*BOXES)):
        _pass_on_direction(element)
        _settle_box(element)
    for element in reversed(list(root.iterdescendants(*_EMPTY_BLOCKS, *_EMPTY_LINES))):
        if _is_empty(element):
            _drop_empty(element)
    return notes


def _rename(element: HtmlElement) -> None:
    classes = (element.attrib.pop("class", "")).split()
    if "wp-caption" in classes:  # themes without HTML5 support; the credit of the picture is in there
        element.tag = "figure"
    elif "wp-caption-text" in classes:
        element.tag = "figcaption"
    elif element.tag == "span" and (element.get("dir") or element.get("lang")):
        element.tag = "bdi"
    else:
        element.tag = _RENAMED.get(element.tag, element.tag)


def _settle_image(image: HtmlElement, base_url: str) -> list[str]:
    """One good address for a picture, or no picture."""
    tiny_styles = set(_TINY_STYLE.findall(image.get("style", "").lower()))
    if all(_TINY.fullmatch(image.get(side, "")) or side in tiny_styles for side in ("width", "height")):
        _erase(image)
        return ["tracking pixel removed"]
    lazy = [image.get(name, "") for name in ("data-src", "data-lazy-src", "data-original")]
    sets = [best_of_srcset(image.get(name, "")) for name in ("srcset", "data-srcset", "data-lazy-srcset")]
    # A lazy loader's `src` is a placeholder, often with a good address of its own: the loader's attribute wins.
    urls = (absolute_url(value, base_url) for value in [*lazy, image.get("src", ""), *sets])
    url = next(filter(None, urls), None)
    if url is None:
        _erase(image)
        return ["picture without a usable address removed"]
    image.set("src", url)
    for side in ("width", "height"):
        if side in image.attrib:
            image.set(side, image.get(side, "").strip().removesuffix("px"))
    return []


def _settle_embed(embed: HtmlElement, base_url: str) -> list[str]:
    """A link in the place of a frame or player, which neither mail nor other sites show."""
    parent = embed.getparent()
    if parent is None:  # stood in for by the one around it, which is a link by now
        return []
    what = "frame" if embed.tag == "iframe" else "embed"
    inner = [child.get("src", "") for child in embed.iterchildren("source", "embed")]
    src = embed.get("src") or embed.get("data-src") or embed.get("data") or next(filter(None, inner), "")
    page, title = page_of_embed(src, base_url), " ".join(embed.get("title", "").split())
    _erase(embed)
    if page is None:
        return [f"{what} without a usable address removed"]
    link = embed
    if parent.tag not in _LINES:
        embed.tag = "p"
        link = lxml.html.Element("a")
        embed.append(link)
    link.tag = "a"
    link.set("href", page)
    link.text = title or page.partition("://")[2]
    return [f"{what} turned into a link"]


def _settle_link(link: HtmlElement, base_url: str) -> list[str]:
    href = link.get("href", "")
    url = absolute_url(href, base_url, mail=True)
    if url is None:
        link.tag = "span"
        return ["link without a usable address unwrapped"] if href else []
    link.set("href", url)
    return []


def _pass_on_direction(box: HtmlElement) -> None:
    """The blocks inside keep the direction and language of a box that will be gone."""
    for child in box.iterchildren(*_BLOCKS):
        for name in ("dir", "lang"):
            if box.get(name) and not child.get(name):
                child.set(name, box.get(name))


def _settle_box(box: HtmlElement) -> None:
    """A box around text becomes a paragraph; one around blocks goes, and its loose text becomes paragraphs."""
    parent = box.getparent()
    if parent is not None and (parent.tag in _LINES or parent.tag == "figure"):
        box.tag, box.tail = "span", f" {box.tail or ''}"
    elif not any(child.tag in _BLOCKS for child in box):
        box.tag = "p"
    else:
        _wrap_loose_text(box)


def _wrap_loose_text(box: HtmlElement) -> None:
    attributes = {name: value for name, value in box.attrib.items() if name in {"dir", "lang"}}
    children, loose = list(box), lxml.html.Element("p", attributes)
    loose.text, box.text = box.text, None
    box[:] = []
    for child in children:
        if child.tag not in _BLOCKS:
            loose.append(child)
            continue
        box.extend([loose, child])
        loose = lxml.html.Element("p", attributes)
        loose.text, child.tail = child.tail, None
    box.append(loose)


def _is_empty(element: HtmlElement) -> bool:
    if not _BLANK.fullmatch(element.text or ""):
        return False
    return all(
        _BLANK.fullmatch(child.tail or "") and (child.tag == "br" or (child.tag == "span" and _is_empty(child)))
        for child in element
    )


def _drop_empty(element: HtmlElement) -> None:
    if element.tag in _EMPTY_LINES:  # a space in bold is still a space
        element.tag = "span"
        return
    _erase(element)
    if element.tail and not element.tail[0].isspace():
        element.tail = f" {element.tail}"


def _erase(element: HtmlElement) -> None:
    element.clear(keep_tail=True)
    element.tag = "span"
