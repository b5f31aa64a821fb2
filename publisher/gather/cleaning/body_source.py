"""A body as its source wrote it, read as an HTML5 browser reads it and printed well-formed.

More is left in here than may leave in the end: what the tree is tidied by (classes, styles, lazy loaders' attributes).
What was made to cost time is reduced first: no megabyte takes longer than two seconds.
"""

import re
from collections import Counter

import nh3

from publisher.gather.cleaning.body_embeds import EMBEDS
from publisher.gather.cleaning.body_nodes import BOXES, FALLBACK
from publisher.gather.cleaning.characters import decode_references
from publisher.gather.cleaning.selectors import Selectors
from publisher.model.markup import ATTRIBUTES, DROPPED, TAGS, names

_DEEP, _ABSURD = 200, 5000  # libxml2 stops at 2,048 levels; html5ever takes quadratic time over tens of thousands
_MOST_REOPENED = 300_000  # of unclosed formatting, which a parser opens again in each paragraph after it
_MOST_REFERENCES = 60_000
_TAGS = TAGS | BOXES | EMBEDS | {FALLBACK} | names("span i b h1 source picture label")
_FLAT_TAGS = names("p br a img")  # none of them can stand in one of its own kind
_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: set(allowed) for tag, allowed in ATTRIBUTES.items()},
    "*": {"lang", "dir", "class", "id", "style", "hidden", "title", "role", "itemprop"},
    **{tag: {"src", "data", "width", "height"} for tag in EMBEDS},
    "a": {"href", "rel"},
    "blockquote": {"cite"},
    "img": ATTRIBUTES["img"] | {"srcset"},
    "source": {"src", "srcset", "type", "media"},
}
_ANY_ATTRIBUTES = {"data-", "aria-"}
#: With some that are refused afterwards, to be noted then.
_SCHEMES = {"http", "https", "mailto", "data", "javascript", "tel"}
_VOID = names("br hr img input embed source meta link wbr area col param track")
# Void in HTML5, but libxml2 would put all that follows inside. In what nh3 printed, "<" is nothing but a tag.
_VOID_TO_US = re.compile(r"<(embed|source)( [^<>]*)?>")
_SELF_CLOSING = names("p li dt dd tr td th option thead tbody tfoot")
_FORMATTING = names("b big code em font i s small strike strong tt u")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_DROPPED = re.compile(rf"<({'|'.join(DROPPED - EMBEDS - {'noscript'})})(?![a-zA-Z0-9])", re.IGNORECASE)
_NESTING_TAG = re.compile(
    rf"<(/?)(?!(?:{'|'.join(_VOID | _SELF_CLOSING)})(?![a-zA-Z0-9]))([a-zA-Z][a-zA-Z0-9]*)", re.IGNORECASE
)
#: Each character, and each quoted value, counts as one: no tag that people wrote has as many.
_LONG_TAG = re.compile(r"""<([a-zA-Z][^\s<>/"']*+)(?:[^<>"']|"[^"]*+"|'[^']*+'){20000,}+""")
_NOSCRIPT = re.compile(r"<(/?)noscript(?![a-zA-Z0-9-])", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|nbsp);)(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,31});")
_NO_BREAK = "\xa0"  # and the first character that no markup is made of
_DATA = re.compile(r"(data:image/[\w.+-]{1,20};base64,)[A-Za-z0-9+/=\s%]{100,}+")


def read_source(source: str, selectors: Selectors) -> tuple[str | None, Counter[str]]:
    """The body well-formed, in more elements than are allowed; with notes on what was done, with how often.

    None for what no parser should be given.
    """
    notes = Counter(f"{name} removed" for name in _dropped_in(source))
    source = _DATA.sub(r"\1", _REFERENCE.sub(_decoded, source.replace("&nbsp;", _NO_BREAK)))
    # html5ever compares each attribute with all before it, so that a tag of thousands of them takes seconds.
    source = _LONG_TAG.sub(r"<\1", _NOSCRIPT.sub(rf"<\1{FALLBACK}", source))
    if _is_absurd(source):
        return None, notes
    well_formed = _parse(source, _TAGS | selectors.elements).replace("&nbsp;", _NO_BREAK)
    if well_formed.count("&") > _MOST_REFERENCES:
        return None, notes
    flat = flatten(well_formed)
    if flat != well_formed:
        notes["nested too deep: reduced to paragraphs"] += 1
        well_formed = flat
    return _VOID_TO_US.sub(r"<\1\2></\1>", well_formed), notes


def flatten(well_formed: str) -> str:
    """What a sanitiser printed, reduced to paragraphs, links and pictures where it is nested too deep."""
    return _parse(well_formed, _FLAT_TAGS) if _depth(well_formed)[0] > _DEEP else well_formed


def _parse(source: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        source,
        tags=set(tags),
        attributes={tag: allowed for tag, allowed in _ATTRIBUTES.items() if tag in tags or tag == "*"},
        generic_attribute_prefixes=_ANY_ATTRIBUTES,
        clean_content_tags=set(DROPPED - tags),
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _dropped_in(source: str) -> list[str]:
    return [name.lower() for name in _DROPPED.findall(source)]


def _is_absurd(source: str) -> bool:
    deepest, formatting = _depth(source)
    if deepest > _ABSURD or source.count("&") > _MOST_REFERENCES:
        return True
    return formatting * source.count("<") > _MOST_REOPENED and _reopened(source) > _MOST_REOPENED


def _depth(source: str) -> tuple[int, int]:
    """How deep elements and formatting may be nested at most, by counting tags; exact for what a sanitiser printed."""
    open_tags: Counter[str] = Counter()
    depth = deepest = formatting = most = 0
    for slash, name in _NESTING_TAG.findall(source):
        tag = name.lower()
        step = -1 if slash and open_tags[tag] else int(not slash)
        open_tags[tag] += step
        depth += step
        deepest = max(deepest, depth)
        if tag in _FORMATTING:
            formatting += step
            most = max(most, formatting)
    return deepest, most


def _reopened(source: str) -> int:
    """How often a parser may have to open formatting again that was not closed."""
    open_tags: Counter[str] = Counter()
    total = 0
    for slash, name in _TAG.findall(source):
        total += open_tags.total()
        tag = name.lower()
        if tag in _FORMATTING and (not slash or open_tags[tag]):
            open_tags[tag] += -1 if slash else 1
    return total


def _decoded(reference: re.Match[str]) -> str:
    """A character in the place of a reference to it, which a parser takes ten times as long for."""
    text = decode_references(reference[0])
    return text if text >= _NO_BREAK else reference[0]
