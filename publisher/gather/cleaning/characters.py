"""Characters that have no business in a text, and one-line texts made of what sources call a title.

Removed everywhere: what XML 1.0 section 2.2 forbids, other control characters, lone surrogates, and the controls that
override or embed direction (U+202A to U+202E, U+2066 to U+2069), with which `exe.fdp` is made to read `pdf.exe`.
Kept: the marks and joiners that real writing needs (U+200C to U+200F), so emoji families and Arabic stay whole.
"""

import html
import re

from publisher.model.markup import DROPPED, names

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATOR = re.compile("[\x0b\x0c\x1c-\x1f\x85]")  # controls that stood between words once, in some other system
_INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")  # soft hyphen, zero-width space, byte order mark
_ROUNDS = 50  # three are rare; without an end to them a hostile title costs a minute
# `&amp;amp;amp;...`: one level a round would take as many rounds as there are levels.
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP);?|#0*+38(?:;|(?!\d))|#[xX]0*+26(?:;|(?![0-9a-fA-F])))+")
# Quoted values end at "<" and the name is matched possessively, so that no input makes this slower than linear.
_TAG = re.compile(r"""<(?:(!--)|[/!?]?([a-zA-Z][\w:-]*+)(?:"[^"<]*"|'[^'<]*'|[^'"<>])*+>)""")
_INLINE = names(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup time "
    "tt u var wbr"
)
#: Unicode ends at 1,114,111; leading zeros count for nothing.
_NO_CHARACTER = re.compile(r"&#(?:0*[1-9]\d{7,}|[xX]0*[1-9a-fA-F][0-9a-fA-F]{6,}|0{100,}\d*|[xX]0{100,}[0-9a-fA-F]*);?")


def clean_characters(text: str) -> str:
    """The text without the unwanted characters; a surrogate pair becomes the character that it means."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _UNWANTED.sub("", text)


def decode_references(text: str) -> str:
    """Character references as characters; a number that no character has is the replacement character (HTML 13.2.5.80).

    Python's own function raises `ValueError` for a number of thousands of digits.
    """
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def clean_text(text: str) -> str:
    """One line of plain text from a title, name or caption, however often it was escaped.

    Entities are decoded until nothing changes, tags dropped, and what is inside of a closed `<script>` with them;
    "5 < 6" and "C++ <3" are no tags and stay, as does everything that looks like some template's placeholder.
    Doing it twice changes nothing.
    """
    for _ in range(_ROUNDS):
        before = text
        text = _INVISIBLE.sub("", clean_characters(_SEPARATOR.sub(" ", text)))
        text = _without_tags(decode_references(_AMPERSANDS.sub("&", text)))
        text = " ".join(text.split())
        if text == before:
            break
    return text


def _without_tags(text: str) -> str:
    kept, position, unclosed = [], 0, set[str]()
    while tag := _TAG.search(text, position):
        kept.append(text[position : tag.start()])
        name = (tag[1] or tag[2]).lower()
        position = tag.end()
        if name not in _INLINE:
            kept.append(" ")
        if (name in DROPPED or tag[1]) and text[tag.start() + 1] != "/" and name not in unclosed:
            end = re.compile("-->" if tag[1] else rf"</{name}[^<>]*>", re.IGNORECASE).search(text, position)
            if end is None:  # shown as it is from here on, and not searched for again
                unclosed.add(name)
            else:
                position = end.end()
    return "".join(kept) + text[position:]
