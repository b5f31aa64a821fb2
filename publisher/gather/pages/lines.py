"""Which blocks of a page hold text of the article, by the lines that are known to be text."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from publisher.model.markup import names

#: Their words are not told in lines, and they stay where they are.
PICTURES = names("figure picture img table iframe video audio embed object hr")
BLOCKS = names(
    "div section aside ul ol li dl dt dd nav header footer main article center details p h1 h2 h3 h4 h5 h6 blockquote "
    "pre address body"
)
LISTS = names("ul ol dl")
PARAGRAPHS = names("p h2 h3 h4 h5 h6 blockquote pre")
#: Classes of boxes that are pictures with their captions, or notes.
CAPTIONED = re.compile(
    r"(?:^|\s)(?:[\w-]*caption[\w-]*|(?:wp-block-)?(?:figure|image|photo|foto|picture|footnotes?))(?:\s|$)"
)
WORD = re.compile(r"\w+")
WORDS = 4  #: so many in a row tell a line from another one
PART = 0.5  #: of a block's groups of words that must be text
BESIDE = 2  #: so many paragraphs of text around one make it one, too


class TextLines:
    """What is text, ready to be asked about a block."""

    def __init__(self, lines: Sequence[str]) -> None:
        words = [WORD.findall(line.casefold()) for line in lines]
        self._whole = {tuple(line) for line in words}
        self._groups = {group for line in words for group in groups_of(line)}

    def has(self, text: str) -> bool:
        """Whether a block's words are text: most of them in that order, or a short line as it stands."""
        words = WORD.findall(text.casefold())
        if len(words) < WORDS:
            return bool(words) and tuple(words) in self._whole
        groups = groups_of(words)
        return sum(group in self._groups for group in groups) >= PART * len(groups)


def groups_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Every so many words in a row."""
    return [tuple(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)]


class _Judged:
    """Blocks with what is in them: any words at all, any text. Elements are kept, so that each has one object."""

    def __init__(self) -> None:
        self.worded: set[HtmlElement] = set()
        self.text: set[HtmlElement] = set()


def prune(scope: HtmlElement, lines: TextLines, *, is_whole_page: bool = False) -> None:
    """Takes away every block with words of which none is text, with the pictures in it.

    A paragraph or list among paragraphs of text is text: what the library leaves out there is a short or a repeated
    line. On a whole page a few words that are nothing but a link are a menu.
    """
    judged = _Judged()
    _judge(scope, lines, judged)
    told = set[HtmlElement]()
    for block in list(scope.iterdescendants(*BLOCKS)):
        parent = block.getparent()
        if parent is None or parent in told or _is_picture(block):
            told |= {block} if parent in told else set()
        elif is_whole_page and _is_menu(block):
            block.drop_tree()
        elif block in judged.worded and block not in judged.text:
            if _is_told(block, parent, judged):
                told.add(block)
            else:
                block.drop_tree()


def _judge(element: HtmlElement, lines: TextLines, judged: _Judged) -> None:
    """Looks into an element; libxml2 nests 256 levels at most, so this ends."""
    parts: list[str] = []
    inner: list[HtmlElement] = []
    _gather(element, parts, inner)
    for block in inner:
        _judge(block, lines, judged)
    own = "".join(parts)
    if WORD.search(own) or any(block in judged.worded for block in inner):
        judged.worded.add(element)
    # The library parts lines in its own way, so that one of the pieces of a block may be a whole line of it.
    if lines.has(own) or any(map(lines.has, parts)) or any(block in judged.text for block in inner):
        judged.text.add(element)


def _gather(element: HtmlElement, parts: list[str], inner: list[HtmlElement]) -> None:
    """The element's own words into `parts`, and the blocks in it, whose words are theirs, into `inner`."""
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _is_picture(child):
            if child.tag in BLOCKS:
                inner.append(child)
                parts.append(" ")
            else:
                _gather(child, parts, inner)
        parts.append(child.tail or "")


def _is_picture(element: HtmlElement) -> bool:
    return element.tag in PICTURES or bool(CAPTIONED.search(element.get("class", "")))


def _is_told(block: HtmlElement, parent: HtmlElement, judged: _Judged) -> bool:
    """Whether a block is a paragraph or list of prose between paragraphs of text."""
    if block.tag not in PARAGRAPHS | LISTS:
        return False
    words, linked = _lengths(block)
    beside = sum(child in judged.text and child.tag in PARAGRAPHS for child in parent)
    return beside >= BESIDE and 2 * linked <= words


def _is_menu(block: HtmlElement) -> bool:
    words, linked = _lengths(block)
    return 0 < words == linked and len(WORD.findall("".join(block.itertext()))) < WORDS


def _lengths(block: HtmlElement) -> tuple[int, int]:
    """How many characters a block has, and how many of them stand in links."""
    links = ("".join(link.itertext()) for link in block.iter("a"))
    return len("".join(block.itertext()).strip()), sum(len(link.strip()) for link in links)
