"""Licences: what a source may write, and the one form in which we keep it.

The URL is the key (SPDX has no id for most ports, so an id is only a label). What is not exactly a licence is
unknown, and unknown permits nothing: nothing is guessed.

| written                                              | kept                                                |
|------------------------------------------------------|-----------------------------------------------------|
| `http://www.creativecommons.org/licenses/by/3.0/deed.es` | `https://creativecommons.org/licenses/by/3.0/`  |
| `cc-by-nc-4.0` (SPDX, any letter case)               | `https://creativecommons.org/licenses/by-nc/4.0/`   |
| `all-rights-reserved`                                | a known value that permits nothing                  |
"""

import re
from dataclasses import dataclass

HOST = "https://creativecommons.org"
#: The six codes of the licences proper.
CODES = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
ZERO = "zero"
MARK = "mark"  #: the public domain mark: no licence, but a statement that none is needed
RESERVED = "all-rights-reserved"
#: Versions without a port; 2.1 exists only as ports, and 4.0 has none.
INTERNATIONAL = frozenset({"1.0", "2.0", "2.5", "3.0", "4.0"})
PORTED = frozenset({"2.0", "2.1", "2.5", "3.0"})
PORT = re.compile(r"[a-z]{2}|igo|scotland")

ADDRESS = re.compile(r"(?:https?:)?(?://)?(?:www\.)?creativecommons\.org/([^?#\s]*)(?:[?#]\S*)?", re.IGNORECASE)
#: What may follow a licence's own path: the deed or the legal text, and a language.
TAIL = r"(?:/(?:deed|legalcode)(?:[.-][a-z]+(?:[-_][a-z]+)?)?)?/?"
LICENCE_PATH = re.compile(rf"licenses/([a-z-]+)/(\d\.\d)(?:/(?!deed|legalcode)([a-z]+))?{TAIL}")
DOMAIN_PATH = re.compile(rf"publicdomain/(zero|mark)/(1\.0){TAIL}")
SPDX = re.compile(r"cc-(by(?:-nc)?(?:-sa|-nd)?)-(\d\.\d)(?:-([a-z]+))?")
#: The ports that have an SPDX id (list version 3.24).
PORT_IDS = (
    "by-2.5-au by-3.0-at by-3.0-au by-3.0-de by-3.0-igo by-3.0-nl by-3.0-us by-nc-3.0-de by-nc-3.0-igo "
    "by-nc-nd-3.0-de by-nc-nd-3.0-igo by-nc-sa-2.0-de by-nc-sa-2.0-fr by-nc-sa-2.0-uk by-nc-sa-3.0-de "
    "by-nc-sa-3.0-igo by-nd-3.0-de by-sa-2.0-uk by-sa-2.1-jp by-sa-3.0-at by-sa-3.0-de by-sa-3.0-igo"
)
SPDX_PORTS = frozenset(PORT_IDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence, exactly: code, version and port decide whether two are the same."""

    code: str  #: one of `CODES`, `ZERO`, `MARK` or `RESERVED`
    version: str = ""  #: empty for `RESERVED`
    port: str = ""  #: `mx`, `igo`; empty for the international text
    url: str = ""  #: canonical; empty for `RESERVED`

    @property
    def is_open(self) -> bool:
        """Whether it permits sharing at all."""
        return self.code != RESERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a licence lets a republisher do, and on what terms."""

    share: bool
    commercial: bool
    adapt: bool  #: share changed versions; a translation is one, another medium or a part is not
    same_licence: bool  #: changed versions go under the same licence
    attribution: bool  #: credit is a condition; for CC0 it is only asked for


NOTHING = Permission(share=False, commercial=False, adapt=False, same_licence=False, attribution=False)


def parse_licence(text: str) -> Licence | None:
    """The licence that a text exactly names; None for anything else, which is unknown and permits nothing."""
    wanted = text.strip()
    if wanted.lower() == RESERVED:
        return Licence(code=RESERVED)
    address = ADDRESS.fullmatch(wanted)
    return _from_path(address[1].lower()) if address else _from_spdx(wanted.lower())


def permission(licence: Licence | None) -> Permission:
    """The permits matrix; nothing for an unknown licence."""
    if licence is None or not licence.is_open:
        return NOTHING
    if licence.code in {ZERO, MARK}:
        return Permission(share=True, commercial=True, adapt=True, same_licence=False, attribution=False)
    # The codes spell their own conditions: the matrix need not be written out, nor can it be mistyped.
    words = licence.code.split("-")
    return Permission(
        share=True,
        commercial="nc" not in words,
        adapt="nd" not in words,
        same_licence="sa" in words,
        attribution=True,
    )


def spdx_id(licence: Licence) -> str | None:
    """The SPDX id, where there is one: all international texts, a few ports."""
    if licence.code == ZERO:
        return "CC0-1.0"
    if licence.code == MARK:
        return "CC-PDM-1.0"
    # 4.0 and older international texts all have an id; of the ports only those on the list do.
    label = "-".join(filter(None, (licence.code, licence.version, licence.port)))
    if licence.code not in CODES or (licence.port and label not in SPDX_PORTS):
        return None
    return f"CC-{label.upper()}"


def _from_path(path: str) -> Licence | None:
    """Reads the path of a creativecommons.org address, lower-case."""
    if found := DOMAIN_PATH.fullmatch(path):
        return _public_domain(found[1])
    found = LICENCE_PATH.fullmatch(path)
    if found is None:
        return None
    # Version 1.0 wrote its last two words the other way round, and its address still does.
    code = "by-nc-nd" if found[1] == "by-nd-nc" and found[2] == "1.0" else found[1]
    return _licence(code, found[2], found[3] or "")


def _from_spdx(text: str) -> Licence | None:
    """Reads an SPDX id, lower-case; only ids that are on the list."""
    if text == "cc0-1.0":
        return _public_domain(ZERO)
    if text == "cc-pdm-1.0":
        return _public_domain(MARK)
    found = SPDX.fullmatch(text)
    if found is None or (found[3] and text.removeprefix("cc-") not in SPDX_PORTS):
        return None
    return _licence(found[1], found[2], found[3] or "")


def _public_domain(code: str) -> Licence:
    """CC0 or the public domain mark; each has one version."""
    return Licence(code=code, version="1.0", url=f"{HOST}/publicdomain/{code}/1.0/")


def _licence(code: str, version: str, port: str) -> Licence | None:
    """The licence of these three, unless there never was such a text."""
    # A port of 4.0, or 2.1 without one, was never published: such an address leads nowhere.
    exists = version in PORTED and PORT.fullmatch(port) if port else version in INTERNATIONAL
    if code not in CODES or not exists:
        return None
    written = "by-nd-nc" if (code, version) == ("by-nc-nd", "1.0") else code
    url = f"{HOST}/licenses/{written}/{version}/" + (f"{port}/" if port else "")
    return Licence(code=code, version=version, port=port, url=url)
