"""Small moves in the tree of a body that every step of tidying needs.

An element that is to go is emptied and renamed to `span`, which the sanitiser strips with its text kept; taking
elements out, or moving their children about, would take quadratic time on a megabyte of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from lxml import etree

from publisher.model.markup import names

Element = Any  # of lxml, whose stubs know neither `keep_tail` nor that names and texts are `str` here

#: What we call `<noscript>`, whose inside an HTML5 parser takes for plain text.
FALLBACK = "fallback"
#: What is only a box: gone in the end, but it parts the texts before and after it.
BOXES = names("div section article main header footer aside nav address center details summary hgroup search fieldset")
BLOCKS = BOXES | names("p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr figure figcaption table caption")
#: What holds nothing but a line of text.
LINES = names("p h2 h3 h4 h5 h6 a strong em s u del ins small q abbr code sup sub bdi cite time span pre")
BLANK = re.compile("[\\s\u00a0\u200b\u00ad\ufeff]*")


def finder(path: str) -> Callable[[Element], list[Element]]:
    """A function that finds elements by an XPath: libxml2 takes a tenth of the time that looking at each would."""
    return cast("Callable[[Element], list[Element]]", etree.XPath(path))


def classes_of(element: Element) -> frozenset[str]:
    """The class names of an element, in lower case."""
    written = element.get("class")
    return frozenset(written.lower().split()) if written else frozenset()


def words_of(element: Element) -> str:
    """All the text in an element, in one line."""
    return " ".join(" ".join(element.itertext()).split())


def is_blank(text: str | None) -> bool:
    """Whether a text shows nothing."""
    return not text or BLANK.fullmatch(text) is not None


def erase(element: Element) -> None:
    """Takes an element out with all that is in it; what stood around a block stays parted by a space."""
    was_block = element.tag in BLOCKS
    element.clear(keep_tail=True)
    element.tag = "span"
    if was_block:
        part(element)


def part(element: Element) -> None:
    """Puts a space behind an element, unless there is one."""
    if element.tail and not element.tail[0].isspace():
        element.tail = f" {element.tail}"


def is_gone(element: Element) -> bool:
    """Whether the element around it was erased before."""
    return element.getparent() is None


def beside(element: Element) -> Iterator[Element]:
    """The elements before and after it, as far as only blanks are between."""
    before, after = element.getprevious(), element.getnext()
    if before is not None and is_blank(before.tail):
        yield before
    if after is not None and is_blank(element.tail):
        yield after
