"""The bytes of a feed as text: which encoding it really has, whatever it says, and no characters that XML forbids.

| in this order                            | because                                                                |
|------------------------------------------|------------------------------------------------------------------------|
| a byte order mark, or UTF-16's zeros     | they cannot be mistaken                                                |
| UTF-8, but for a few broken bytes at most | text in another encoding never looks so, and servers add wrong charsets |
| the charset of the declaration, or of the header | where its bytes fit                                             |
| Windows-1252                             | what "ISO-8859-1" means on the web (WHATWG Encoding section 4.2)       |
"""

import codecs
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARATION = re.compile(r"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
#: Encodings of text; Python has others under such names, `unicode_escape` and `idna` among them.
KNOWN = re.compile(
    r"(utf_?(8|16|32)(_?[lb]e)?|ascii|us_?ascii|(iso_?)?8859_?\d+|iso8859_?\d+|latin_?\d|(windows|cp)_?\d+|koi8_?\w|gb\w+|big5\w*|"
    r"s(hift)?_?jis\w*|euc_?\w\w|iso2022_?\w+|iso_2022_\w+|mac_?\w+|tis_?620)",
    re.IGNORECASE,
)
LATIN_1 = frozenset({"iso8859-1", "latin-1", "ascii"})
WINDOWS = "cp1252"
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
ASCII = bytes(range(128))
BEGINNING = 400
#: What XML 1.0 section 2.2 forbids, as characters and as references to them.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:0*(\d{1,30})|[xX]0*([0-9a-fA-F]{1,30}));")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedText:
    """A feed's text, and what had to be done to read it."""

    text: str
    notes: tuple[str, ...] = ()


def read_text(body: bytes, headers: Mapping[str, str]) -> FeedText:
    """The text of a body; never fails: what cannot be read becomes U+FFFD."""
    said = said_encoding(body, headers)
    text, used = decode(body, said)
    notes = [f"it says that it is in {said}, but it is in {named(used)}: read as that"] if differs(said, used) else []
    if "\ufffd" in text and "\ufffd".encode() not in body:
        notes.append("some of its bytes are no characters: shown as \ufffd")
    cleaned = REFERENCE.sub(lambda found: "" if FORBIDDEN.match(referred(found)) else found[0], FORBIDDEN.sub("", text))
    if cleaned != text:
        notes.append("characters that XML forbids were removed")
    return FeedText(text=cleaned, notes=tuple(notes))


def said_encoding(body: bytes, headers: Mapping[str, str]) -> str:
    """What the XML declaration says, else the header; empty where neither does, or it is no encoding of text."""
    head = body[:BEGINNING].replace(b"\0", b"").decode("latin-1")
    for found in (DECLARATION.search(head), CHARSET.search(headers.get("Content-Type", ""))):
        if found and known(found[1]):
            return found[1].lower()
    return ""


def decode(body: bytes, said: str) -> tuple[str, str]:
    """The text, and the encoding it was in."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode("utf-8", "replace") if name == "utf-8" else body.decode(
                name, "replace"
            ), name
    if wide := wide_encoding(body):
        return body.decode(wide, "replace"), wide
    name = known(said)
    if body.isascii():
        return (body.decode(name, "replace"), name) if name.startswith("iso2022") else (body.decode(), name)
    if mostly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    if name and name not in LATIN_1 | {"utf-8"}:
        with suppress(UnicodeDecodeError):
            return body.decode(name), name
    return body.decode(WINDOWS, "replace"), WINDOWS


def wide_encoding(body: bytes) -> str:
    """UTF-16 without a mark: "<" and a zero, in one order or the other."""
    if body[:1] == b"<" and body[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:2] == b"\0<" else ""


def mostly_utf8(body: bytes) -> bool:
    """Whether the bytes beyond ASCII are UTF-8 with a few broken ones."""
    beyond = body.translate(None, ASCII)
    broken = MULTIBYTE.sub(b"", beyond)
    return len(beyond) - len(broken) > 4 * len(broken)


def known(name: str) -> str:
    """Python's name of an encoding of text; empty for anything else."""
    if not KNOWN.fullmatch(name.replace("-", "_").replace(":", "_")):
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def differs(said: str, used: str) -> bool:
    """Whether a feed is in another encoding than it says; Windows-1252 is what Latin-1 means."""
    name = known(said)
    is_wide = name.startswith(("utf-16", "utf-32")) and used.startswith(name[:6])
    return not (name in {"", "ascii", known(used)} or is_wide or (name in LATIN_1 and used == WINDOWS))


def named(encoding: str) -> str:
    """An encoding as people write it."""
    return "windows-1252" if encoding == WINDOWS else encoding


def referred(found: re.Match[str]) -> str:
    """The character that a numeric reference means; the forbidden U+FFFF for a number that is none."""
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code <= sys.maxunicode else "\uffff"
