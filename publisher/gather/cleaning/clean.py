"""Cleaning what sources write: bodies to the allowed HTML, titles to plain text.

    characters ─► HTML5 parser, widened list ─► tree: links for embeds, one address a picture, ... ─► the allowed list
                         ▲                                                                                 │
                         └────────────────────────── until nothing changes ────────────────────────────────┘

Nothing is fetched. Shortcodes that were left in a text (`[gallery ids="1"]`) stay: what they stood for is not to be
guessed.
"""

import html as entities
from collections import Counter
from dataclasses import dataclass

from publisher.gather.cleaning.allow_list import sanitise
from publisher.gather.cleaning.body import BodyImage, images_in, paragraphs_of, plain_text, summarise
from publisher.gather.cleaning.body_nodes import Element
from publisher.gather.cleaning.body_source import flatten, read_source
from publisher.gather.cleaning.body_tree import parse_body, print_body, read_marks, tidy
from publisher.gather.cleaning.characters import clean_characters, clean_text
from publisher.gather.cleaning.selectors import NONE, compile_selectors

__all__ = [
    "BodyImage",
    "Cleaned",
    "clean_html",
    "clean_text",
    "images_in",
    "paragraphs_of",
    "plain_text",
    "summarise",
]

_ROUNDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A body that may be stored and shown."""

    html: str
    notes: tuple[str, ...] = ()  #: what was done to it, in a few words each, with how often: "script removed (2)"


def clean_html(html: str, base_url: str, *, drop: tuple[str, ...] = ()) -> Cleaned:
    """The body in allowed elements only, every address absolute against `base_url`, the article's own.

    `drop` are CSS selectors of boxes to leave out, looked for once, in what the source wrote; one that cannot be used
    raises `ValueError` (`check_selectors` says so beforehand). Broken markup is read as a browser reads it. Cleaning
    what was cleaned changes nothing.
    """
    source = clean_characters(html)
    notes = Counter({"control characters removed": 1} if source != html else {})
    selectors = compile_selectors(drop) if drop else NONE
    well_formed, did = read_source(source, selectors)
    if well_formed is None:
        words = clean_text(source)  # plain words need no sanitiser, which would take too long
        did["nested absurdly deep: reduced to text"] += 1
        return _noted(f"<p>{entities.escape(words, quote=False)}</p>" if words else "", notes + did)
    root = parse_body(clean_characters(well_formed))  # again: `&#x0B;` is a character only now
    did.update(read_marks(root, base_url, selectors))
    did.update(tidy(root, base_url))
    cleaned = _printed(root, base_url)
    for _ in range(_ROUNDS):  # seldom more than one: an HTML parser may rearrange what it printed itself
        root = parse_body(flatten(cleaned))
        tidy(root, base_url)
        if (again := _printed(root, base_url)) == cleaned:
            break
        cleaned = again
    return _noted(cleaned, notes + did)


def _printed(root: Element, base_url: str) -> str:
    return clean_characters(sanitise(print_body(root), base_url)).strip()


def _noted(html: str, notes: Counter[str]) -> Cleaned:
    return Cleaned(html=html, notes=tuple(_counted(note, times) for note, times in notes.items()))


def _counted(note: str, times: int) -> str:
    return note if times == 1 else f"{note} ({times})"
