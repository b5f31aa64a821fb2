"""Addresses inside of bodies: made absolute, or not used; and the candidates of a `srcset`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_SAFE = r"\w~!$&'()*+,;=:@\-"
#: What is absolute and spelt as we would spell it: most addresses are, and parsing takes ten times as long.
_ENCODED = "%[0-9A-F]{2}"
_PATH = rf"(?:/(?:(?:[{_SAFE}]|{_ENCODED})(?:[{_SAFE}.]|{_ENCODED})*+)?+)*+"
_AS_IT_IS = re.compile(
    rf"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)++{_PATH}(?:\?(?:[{_SAFE}./?]|{_ENCODED})*+)?+(?:#(?:[{_SAFE}./?]|{_ENCODED})*+)?+",
    re.ASCII,
)
_BREAKS = re.compile(r"[\t\r\n]")
_ONLY_SCHEME = re.compile(r"https?:/*", re.IGNORECASE)  # what an editor's link box is filled with
_ORIGIN = re.compile(r"https?://[^/?#]+")
_ASCII = "".join(map(chr, range(0x21, 0x7F))).translate(dict.fromkeys(map(ord, '"<>\\^`{|}')))
#: An address, which may hold commas but not end in one, and what follows it up to the next comma.
_CANDIDATE = re.compile(r"[\s,]*+(\S++)(?:(?<=,)|([^,]*+))")
_DESCRIPTOR = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)([wx])\s*")
_MOST_CANDIDATES = 200
_LONGEST = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the files that a picture can be loaded from, as a `srcset` says."""

    url: str  #: as written
    width: float | None = None  #: of the file, in pixels; None where only its density is said
    density: float = 1.0  #: pixels of the file to a CSS pixel


def absolute_url(value: str, base_url: str, *, mail: bool = False) -> str | None:
    """The address as a reader of the page at `base_url` would reach it, percent-encoded; None for one not to be used.

    http and https without user info, and mailto where `mail` is set; up to 8,000 characters, which is what servers have
    to take (RFC 9110 section 4.1). Doing it twice changes nothing.
    """
    if len(value) > _LONGEST:
        return None
    if _AS_IT_IS.fullmatch(value):
        return value
    text = _BREAKS.sub("", value).strip()  # as browsers do (WHATWG URL section 4.4)
    if not text or _ONLY_SCHEME.fullmatch(text):
        return None
    if text[:7].lower() == "mailto:":
        rest = quote(text[7:], safe="@/?=&;,+:.!$'()*-_~%")
        return f"mailto:{rest}" if mail and rest else None
    found = _from_root(text, base_url) or _resolved(text, base_url)
    return found if found and len(found) <= _LONGEST else None


def _resolved(text: str, base_url: str) -> str | None:
    try:
        parts = parse_url(urljoin(base_url, text))
    except (ValueError, LocationParseError):
        return None
    if parts.scheme not in {"http", "https"} or parts.auth is not None or not _HOST.fullmatch(parts.host or ""):
        return None
    return parts.url


def _from_root(path: str, base_url: str) -> str | None:
    """A path put behind the host, in the usual case only: nothing to resolve or to mend."""
    origin = _ORIGIN.match(base_url)
    if origin is None or path[0] != "/" or "%" in path:
        return None
    joined = origin[0] + quote(path, safe=_ASCII)
    return joined if path[:2] != "//" and _AS_IT_IS.fullmatch(joined) else None


def candidates_in(srcset: str) -> Iterator[Candidate]:
    """The candidates of a `srcset` in their order (HTML section 4.8.4.2.1); what has a wrong descriptor is left out."""
    position = 0
    for _ in range(_MOST_CANDIDATES):
        found = _CANDIDATE.match(srcset, position)
        if found is None:
            return
        position = found.end()
        url, said = found[1].rstrip(","), (found[2] or "").strip()
        descriptor = _DESCRIPTOR.fullmatch(said)
        if url and descriptor:
            size = float(descriptor[1])
            yield Candidate(url=url, width=size) if descriptor[2] == "w" else Candidate(url=url, density=size)
        elif url and not said:
            yield Candidate(url=url)
