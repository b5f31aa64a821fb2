"""Reading a cleaned body: its words, a summary of it, its pictures."""

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

from publisher.gather.cleaning.body_nodes import Element
from publisher.gather.cleaning.body_tree import parse_body
from publisher.model.markup import names

_INLINE = names("a strong em s u del ins small q abbr code sup sub bdi cite time img")
#: Not how a story begins: headlines, captions and tables.
_NOT_TOLD = names("figure table h2 h3 h4 h5 h6")
_QUOTES = r"\"'\u00bb\u2019\u201d)\]"
_CJK_STOPS, _CJK_QUOTES = r"\u3002\uff01\uff1f", r"\u2019\u201d\u300d\u300f\uff09"  # no space follows those
_SENTENCE_END = re.compile(rf"[.!?\u2026][{_QUOTES}]*(?=\s)|[{_CJK_STOPS}][{_CJK_QUOTES}]*")
_LOOSE_END = " ,;:-\u2013\u2014"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINER = "\u200d"
_GAP = "\x00"  # between blocks; a cleaned body has no such character


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyImage:
    """A picture in a body, as far as the body tells."""

    url: str
    alt: str
    caption: str  #: plain text of the figure it stands in
    width: int | None  #: CSS pixels
    height: int | None
    credit: str = ""  #: plain text of what is marked as `small` in its caption


def plain_text(html: str) -> str:
    """The words of a cleaned body, in one line."""
    return _words(parse_body(html), frozenset())


def summarise(html: str, max_chars: int = 300) -> str:
    """The beginning of a cleaned body, at most so many characters, cut after a sentence or else a word, with `…`.

    Headlines, captions and tables are left out, unless there is nothing else.
    """
    root = parse_body(html)
    text = _words(root, _NOT_TOLD) or _words(root, frozenset())
    if len(text) <= max_chars:
        return text
    room = max_chars - 2  # for a space and the ellipsis
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: room + 1]) if match.end() <= room]
    if ends and ends[-1] > room // 2:  # a shorter one would say too little
        return f"{text[: ends[-1]]} …"
    space = text.rfind(" ", 0, room + 2)
    cut = space if space > room // 2 else _whole_characters(text, room + 1)
    return text[:cut].rstrip(_LOOSE_END) + "…"


def images_in(html: str) -> list[BodyImage]:
    """The pictures of a cleaned body in their order; in a gallery each with the caption of its own figure."""
    return [_read_image(image) for image in parse_body(html).iter("img")]


def _read_image(image: Element) -> BodyImage:
    captions = (figure.find("figcaption") for figure in image.iterancestors("figure"))
    caption = next((caption for caption in captions if caption is not None), None)
    marked = next(caption.iter("small"), None) if caption is not None else None
    return BodyImage(
        url=image.get("src", ""),
        alt=image.get("alt", ""),
        caption="" if caption is None else _words(caption, frozenset()),
        width=_pixels(image.get("width")),
        height=_pixels(image.get("height")),
        credit="" if marked is None else _words(marked, frozenset()),
    )


def paragraphs_of(html: str) -> list[str]:
    """The words of each block of a cleaned body, each in one line; headlines, captions and tables are left out."""
    return _texts(parse_body(html), _NOT_TOLD)


def _words(root: Element, skipped: frozenset[str]) -> str:
    return " ".join(_texts(root, skipped))


def _texts(root: Element, skipped: frozenset[str]) -> list[str]:
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        parts.append("" if element.tag in _INLINE else _GAP)
        if event == "end":
            parts.append((element.tail or "") if element is not root else "")
        elif element.tag in skipped:
            walk.skip_subtree()
        else:
            parts.append(element.text or "")
    return [text for part in "".join(parts).split(_GAP) if (text := " ".join(part.split()))]


def _pixels(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and int(value) else None


def _whole_characters(text: str, cut: int) -> int:
    """The last place up to `cut` that is not inside of what people see as one character (UAX 29, the common part)."""
    while cut > 1 and _belongs_together(text[cut - 1], text[cut]):
        cut -= 1
    return cut


def _belongs_together(left: str, right: str) -> bool:
    return (
        _JOINER in {left, right}
        or unicodedata.category(right) in {"Mn", "Me", "Mc"}
        or ord(right) in _SKIN_TONES
        or (ord(left) in _FLAGS and ord(right) in _FLAGS)
    )
