"""Cleaning what sources write: bodies to the allowed HTML, titles to plain text.

    characters ─► HTML5 parser, widened list ─► tree: links for embeds, one address a picture, ... ─► the allowed list
                         ▲                                                                                 │
                         └────────────────────────── until nothing changes ────────────────────────────────┘

Shortcodes that were left in a text (`[gallery ids="1"]`) stay: what they stood for is not to be guessed.
"""

import html as entities
import re
from collections import Counter
from dataclasses import dataclass

import nh3

from publisher.gather.allow_list import sanitise
from publisher.gather.body import BodyImage, images_in, plain_text, summarise
from publisher.gather.body_tree import BOXES, EMBEDS, parse_body, print_body, tidy
from publisher.gather.characters import clean_characters, clean_text
from publisher.model.markup import ATTRIBUTES, DROPPED, TAGS, names

__all__ = ["BodyImage", "Cleaned", "clean_html", "clean_text", "images_in", "plain_text", "summarise"]

_ROUNDS = 10
_DEEP, _ABSURD = 200, 5000  # libxml2 stops at 2,048 levels; html5ever takes quadratic time over tens of thousands
_SOURCE_TAGS = TAGS | BOXES | EMBEDS | names("span i b h1 source")
_FLAT_TAGS = names("p br a img")  # none of them can stand in one of its own kind
_SOURCE_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(allowed) for tag, allowed in ATTRIBUTES.items()},
    **{tag: {"class"} for tag in ("div", "p")},
    **{tag: {"src", "data-src", "data", "title"} for tag in EMBEDS | {"source"}},
    "img": ATTRIBUTES["img"] | names("style srcset data-src data-lazy-src data-original data-srcset data-lazy-srcset"),
}
#: With some that are refused afterwards, to be noted then.
_SOURCE_SCHEMES = {"http", "https", "mailto", "data", "javascript", "tel"}
_VOID = names("br hr img input embed source meta link wbr area col param track")
# Void in HTML5, but libxml2 would put all that follows inside. In what nh3 printed, "<" is nothing but a tag.
_VOID_TO_US = re.compile(r"<(embed|source)( [^<>]*)?>")
_SELF_CLOSING = names("p li dt dd tr td th option thead tbody tfoot")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A body that may be stored and shown."""

    html: str
    notes: tuple[str, ...] = ()  #: what was done to it, in a few words each, with how often: "script removed (2)"


def clean_html(html: str, base_url: str) -> Cleaned:
    """The body in allowed elements only, every address absolute against `base_url`, the article's own.

    Broken markup is read as a browser reads it. Cleaning what was cleaned changes nothing.
    """
    source = clean_characters(html)
    notes = Counter({"control characters removed": 1} if source != html else {})
    notes.update(f"{name} removed" for name in _dropped_in(source))
    if _depth(source) > _ABSURD:
        notes["nested absurdly deep: reduced to text"] += 1
        source = f"<p>{entities.escape(clean_text(source))}</p>"
    cleaned, did = _clean_once(source, base_url)
    for _ in range(_ROUNDS):  # seldom more than one: an HTML parser may rearrange what it printed itself
        again, _ = _clean_once(cleaned, base_url)
        if again == cleaned:
            break
        cleaned = again
    return Cleaned(html=cleaned, notes=tuple(_counted(note, times) for note, times in (notes + did).items()))


def _clean_once(source: str, base_url: str) -> tuple[str, Counter[str]]:
    well_formed = _parse(source, _SOURCE_TAGS)
    notes: Counter[str] = Counter()
    if _depth(well_formed) > _DEEP:
        well_formed = _parse(well_formed, _FLAT_TAGS)
        notes["nested too deep: reduced to paragraphs"] += 1
    well_formed = _VOID_TO_US.sub(r"<\1\2></\1>", well_formed)
    root = parse_body(clean_characters(well_formed))  # again: `&#x202E;` is a character only now
    notes.update(tidy(root, base_url))
    return clean_characters(sanitise(print_body(root), base_url)).strip(), notes


def _parse(source: str, tags: frozenset[str]) -> str:
    """The source as an HTML5 browser reads it, printed well-formed, with more left in than may leave in the end."""
    return nh3.clean(
        source,
        tags=set(tags),
        attributes={tag: allowed for tag, allowed in _SOURCE_ATTRIBUTES.items() if tag in tags or tag == "*"},
        clean_content_tags=set(DROPPED - tags),
        url_schemes=_SOURCE_SCHEMES,
        link_rel=None,
    )


def _dropped_in(source: str) -> list[str]:
    return [name.lower() for slash, name in _TAG.findall(source) if not slash and name.lower() in DROPPED - EMBEDS]


def _depth(source: str) -> int:
    """How deep elements may be nested at most, by counting tags; exact for what a sanitiser printed."""
    open_tags: Counter[str] = Counter()
    depth = deepest = 0
    for slash, name in _TAG.findall(source):
        tag = name.lower()
        if tag in _VOID or tag in _SELF_CLOSING:
            continue
        step = -1 if slash and open_tags[tag] else int(not slash)
        open_tags[tag] += step
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _counted(note: str, times: int) -> str:
    return note if times == 1 else f"{note} ({times})"
