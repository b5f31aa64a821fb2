"""Paragraphs where a source wrote runs of line breaks, and large first letters joined to their words."""

import re
from collections.abc import Sequence
from itertools import pairwise

from lxml import etree

from publisher.gather.cleaning.body_nodes import BLOCKS, Element, classes_of, erase, finder, is_blank

_LARGE_LETTER = re.compile(r"(?:[\w-]*[-_])?(?:drop-?_?caps?|first-?letter|lettrine|initial-?cap)")
_HOLDERS = frozenset({"span", "strong", "b", "em", "i", "div", "p"})
_MARKED = finder(".//*[@class]")
_MOST_LETTERS = 4  # with a quotation mark or an accent
_Token = str | Element


def join_large_letters(root: Element) -> None:
    """`<span class="dropcap">T</span>he` is one word, also where the letter is in bold or a block of its own."""
    for element in _MARKED(root):
        if element.tag in _HOLDERS and any(map(_LARGE_LETTER.fullmatch, classes_of(element))):
            _join_large_letter(element)


def _join_large_letter(element: Element) -> None:
    letter = "".join(element.itertext()).strip()
    following = element.getnext()
    if not 0 < len(letter) <= _MOST_LETTERS:
        return
    if element.tag not in {"div", "p"} or not is_blank(element.tail):
        was_block, tail = element.tag in {"div", "p"}, element.tail or ""
        element.clear()
        element.tag, element.text = "span", letter
        element.tail = tail.lstrip() if was_block else tail
    elif following is not None and following.tag == "p":
        following.text = letter + (following.text or "").lstrip()
        erase(element)


def drop_breaks_beside_blocks(box: Element) -> None:
    """Line breaks between blocks, and at the ends of a box, break no line."""
    run: list[Element] = []
    at_edge = is_blank(box.text)
    for child in box:
        is_block = child.tag in BLOCKS
        if child.tag == "br":
            run.append(child)
        elif not _shows_nothing(child):
            _rename_all(run if at_edge or is_block else ())
            run, at_edge = [], is_block
        if not is_blank(child.tail):
            _rename_all(run if at_edge else ())
            run, at_edge = [], False
    _rename_all(run)


def has_run(element: Element) -> bool:
    """Whether two line breaks follow each other among its children."""
    breaks = (child.getprevious() for child in element.iterchildren("br"))
    return any(before is not None and before.tag == "br" and is_blank(before.tail) for before in breaks)


def split_paragraph(paragraph: Element) -> None:
    """Makes several paragraphs of one in which lines were broken twice; breaks at its ends go."""
    if paragraph.find("br") is None:
        return
    tokens = [token for child in paragraph for token in (child, child.tail or "")]
    pieces, is_changed = _pieces([paragraph.text or "", *tokens])
    if not is_changed:
        return
    for child in paragraph:
        child.tail = None
    paragraph[:], paragraph.text = [], None
    attributes = {name: value for name, value in paragraph.attrib.items() if name in {"dir", "lang"}}
    made = [paragraph, *(etree.Element("p", attributes) for _ in pieces[1:])]
    tail, paragraph.tail = paragraph.tail, None
    for before, after in pairwise(made):
        before.addnext(after)
    made[-1].tail = tail
    for one, piece in zip(made, pieces, strict=False):
        _fill(one, piece)


def _pieces(tokens: Sequence[_Token]) -> tuple[list[list[_Token]], bool]:
    """The tokens of each paragraph, and whether anything is other than it was."""
    pieces: list[list[_Token]] = [[]]
    run: list[_Token] = []  # line breaks and the blanks between them
    is_changed = is_filled = False
    for token in tokens:
        is_break = not isinstance(token, str) and token.tag == "br"
        if is_break or (isinstance(token, str) and is_blank(token)):
            run.append(token)
            continue
        breaks = sum(not isinstance(one, str) for one in run)
        if breaks > 1 or (breaks and not is_filled):
            is_changed = True
            pieces += [[]] if is_filled else []
        else:
            pieces[-1] += run
        pieces[-1].append(token)
        run, is_filled = [], True
    return pieces, is_changed or any(not isinstance(one, str) for one in run)


def _fill(paragraph: Element, tokens: Sequence[_Token]) -> None:
    last: Element | None = None
    for token in tokens:
        if not isinstance(token, str):
            paragraph.append(token)
            last = token
        elif last is None:
            paragraph.text = (paragraph.text or "") + token
        else:
            last.tail = (last.tail or "") + token


def _shows_nothing(element: Element) -> bool:
    return element.tag == "span" and not len(element) and is_blank(element.text)


def _rename_all(breaks: Sequence[Element]) -> None:
    for line_break in breaks:
        line_break.tag = "span"
