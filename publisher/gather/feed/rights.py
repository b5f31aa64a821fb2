"""The licence of an entry, and whose it is.

| the entry says                                          | licence                  | rights holder  |
|---------------------------------------------------------|--------------------------|----------------|
| a licence of its own                                    | that                     | as named       |
| "all rights reserved", and no licence                   | none                     | as named       |
| that it is another's (`dcterms:rightsHolder`, `source`, | that of its `source`     | the other      |
| `dc:publisher`, "© 2026 Reuters"), and no licence       | element, else none       |                |
| nothing of all that                                     | the feed's, else that of | the source's   |
|                                                         | the source's own table   |                |

A feed's licence holds only where it is written; the newsroom's default never does. `dc:rights` and `<copyright>` are
prose, and count as a licence only where they are one exactly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.feed.document import Fields, links_of, maps_in, text_of
from publisher.gather.rights import Rights, choose_licence
from publisher.licensing.licences import parse_licence

RESERVED = re.compile(
    r"all[ -]rights[ -]reserved|derechos reservados|direitos reservados|tous droits réservés|alle rechte vorbehalten|"
    r"tutti i diritti riservati|not be (?:republished|reproduced)|prohibida (?:su|la) reproducción|reprodução proibida",
    re.IGNORECASE,
)
#: RFC 4946 section 3: an entry with this link has no licence, whatever the feed has.
UNSPECIFIED = "http://purl.org/atompub/license#unspecified"
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s©]*(?:\(c\))?\s*(?:\d{4}(?:\s*[-\u2013,]\s*\d{2,4})*)?\s*,?\s*(?:by |por |de |par )?"
    r"(?P<name>[^\d\s.,;:|][^.,;:|©]{0,80})",
    re.IGNORECASE,
)
SPACES = re.compile(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRights:
    """What may be done with the text of an entry, and whose it is."""

    licence: str | None
    why: str
    holder: str


def text_rights(entry: Fields, feed: Fields, rights: Rights) -> TextRights:
    """The licence and the rights holder of an entry."""
    other = other_holder(entry, feed, rights)
    holder = other or rights.holder or named_holder(entry)
    licence, why = licence_of(entry, feed, rights, other)
    return TextRights(licence=licence, why=why, holder=holder)


def licence_of(entry: Fields, feed: Fields, rights: Rights, other: str) -> tuple[str | None, str]:
    """The canonical address of the licence and why it is that one; `other` is whose the entry is, if not the feed's."""
    prose = clean_text(text_of(entry, "rights"))
    if UNSPECIFIED in licences_in(entry):
        return None, "the entry says that it has no licence"
    if said := licences_in(entry):
        return chosen(said, "the entry's licence", rights)
    if RESERVED.search(prose):
        return None, f"the entry says “{prose[:80]}”"
    whose, where = (source_of(entry), f"the licence of its source, {other}") if other else (feed, "the feed's licence")
    if said := licences_in(whose):
        return chosen(said, where, rights)
    if other:
        return None, f"the entry is {other}'s, by its own word, and names no licence"
    return choose_licence("", "", rights)


def licences_in(fields: Fields) -> list[str]:
    """All licences that an entry or a feed names, each once, as written."""
    said = [*links_of(fields, "license"), *(text_of(fields, name) for name in ("license", "dcterms_license"))]
    prose = clean_text(text_of(fields, "rights"))
    said += [prose] if parse_licence(prose) else []
    return list(dict.fromkeys(filter(None, map(str.strip, said))))


def chosen(said: list[str], where: str, rights: Rights) -> tuple[str | None, str]:
    """The one licence that is named; of two different ones neither is."""
    named = {licence.url if (licence := parse_licence(text)) else text for text in said}
    return choose_licence(said[0] if len(named) == 1 else ", ".join(said), where, rights)


def other_holder(entry: Fields, feed: Fields, rights: Rights) -> str:
    """Who an entry belongs to by its own word, where that is not the feed, its source or its author; else empty."""
    own = [*own_names(feed), rights.holder, *rights.own, *(text_of(one, "name") for one in maps_in(entry, "authors"))]
    ours = {plain(name) for name in own} - {""}
    origin = source_of(entry)
    for name in holders_in(entry):
        is_title = plain(name) == plain(text_of(origin, "title"))
        if not is_ours(name, ours) and not (is_title and is_same_place(origin, feed)):
            return name
    return ""


def named_holder(entry: Fields) -> str:
    """The rights holder that the entry names in a field made for it."""
    return clean_text(text_of(entry, "dcterms_rightsholder"))[:200]


def holders_in(entry: Fields) -> Iterator[str]:
    """Whom an entry names as its owner, the plainest word first."""
    origin = source_of(entry)
    host = host_of(text_of(origin, "href"))
    copyright_of = copyright_holder(text_of(entry, "rights"))
    for name in (named_holder(entry), text_of(origin, "title") or host, text_of(entry, "publisher"), copyright_of):
        if cleaned := clean_text(name)[:200]:
            yield cleaned


def copyright_holder(prose: str) -> str:
    """Whom "© 2026 Reuters. All rights reserved." names; empty where it names nobody."""
    found = COPYRIGHT.search(clean_text(prose))
    return RESERVED.split(found["name"])[0].strip(" -\u2013()") if found else ""


def source_of(entry: Fields) -> Fields:
    """The feed that the entry was taken from, as it says (`atom:source`, RSS `source`)."""
    found = entry.get("source")
    return found if isinstance(found, dict) else {}


def own_names(feed: Fields) -> Iterator[str]:
    """Every name that the feed goes by."""
    yield from (text_of(feed, name) for name in ("title", "publisher", "author", "dcterms_rightsholder"))
    yield from (text_of(one, "name") for one in maps_in(feed, "authors"))
    yield copyright_holder(text_of(feed, "rights"))


def is_ours(name: str, ours: set[str]) -> bool:
    """Whether a name is one of these, or one within the other: "Example Observatory" in "Example Observatory: all"."""
    wanted = f" {plain(name)} "
    return any(wanted in f" {own} " or f" {own} " in wanted for own in ours)


def is_same_place(origin: Fields, feed: Fields) -> bool:
    """Whether an entry's source is the feed that it stands in: many feeds name themselves."""
    there = {host_of(link) for link in (text_of(origin, "href"), *links_of(origin, "self", "alternate"))}
    here = {host_of(link) for link in (text_of(feed, "link"), *links_of(feed, "self", "alternate"))}
    return bool((there & here) - {""})


def host_of(url: str) -> str:
    """The host of an address, in lower case; empty where it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def plain(name: str) -> str:
    """A name in one letter case, its words parted by single spaces."""
    return SPACES.sub(" ", name).strip().casefold()
