"""Custom fields of WordPress, whatever they hold: `meta`, what Advanced Custom Fields adds, and a plugin's own fields.

A rule `meta:KEY` names one of them; `meta:GROUP.KEY` one inside of a group. Fields hold texts, numbers, ticks, lists,
and objects: choices (`{"value": ..., "label": ...}`), links, terms, posts, users. What is asked for decides which part
of an object counts: its name, or the code that stands for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.wordpress.fields import Media, Post

#: The parts of an object that may be meant, best first.
CODES = ("value", "url", "rendered", "slug", "name", "title")
NAMES = ("label", "display_name", "name", "post_title", "title", "rendered", "value")
IDS = ("ID", "id", "value")
#: What a field says that is not ticked, in the words of those who type it.
NO = frozenset({"", "0", "false", "no", "off", "none", "null", "n", "non", "não", "nao", "nein"})
DEPTH = 10  #: levels of lists and objects; deeper is no field that a person fills in

Owner = Post | Media


def key_of(rule: str) -> str:
    """The name of the field in a rule `meta:NAME`."""
    what, _, name = rule.partition(":")
    return name if what == "meta" else ""


def is_shown(owner: Owner, key: str) -> bool:
    """Whether the site shows this field at all; an empty one is shown, one that is kept from the public is not."""
    return next(values_of(owner, key), None) is not None


def values_of(owner: Owner, key: str) -> Iterator[object]:
    """What stands under a key, in `meta`, then in `acf`, then beside them."""
    for fields in (owner.meta, owner.acf, owner.model_extra or {}):
        for value in look_up(fields, key):
            yield "" if value is None else value


def look_up(fields: Mapping[str, Any], path: str) -> Iterator[object]:
    """What stands under a name, or under a path into groups."""
    if path in fields:
        yield fields[path]
        return
    name, _, rest = path.partition(".")
    inner = fields.get(name)
    if rest and isinstance(inner, dict):
        yield from look_up(inner, rest)


def read_meta(owner: Owner, key: str) -> str:
    """A custom field as text, a code where it is an object; of several values the first that is not empty."""
    return next(iter(read_texts(owner, key)), "")


def read_texts(owner: Owner, key: str) -> list[str]:
    """All texts of a custom field."""
    return [text for value in values_of(owner, key) for text in texts_in(value, CODES)]


def read_names(owner: Owner, key: str, terms: Mapping[int, str]) -> list[str]:
    """All names in a custom field; a bare number is the id of a term, and no name without it."""
    for value in values_of(owner, key):
        if names := list(texts_in(value, NAMES, terms)):
            return names
    return []


def read_id(owner: Owner, key: str) -> str:
    """The id of the post that a field names, by number or as an object; empty where there is none."""
    found = (text for value in values_of(owner, key) for text in texts_in(value, IDS))
    return next((text for text in found if text.isdecimal() and int(text)), "")


def is_ticked(owner: Owner, key: str) -> bool:
    """Whether a field says yes. Whatever is not clearly a no is a yes: what it forbids must not slip through."""
    return any(says_yes(value) for value in values_of(owner, key))


def says_yes(value: object, depth: int = DEPTH) -> bool:
    """Whether a value means yes."""
    match value:
        case bool():
            return value
        case list() if depth:
            return any(says_yes(one, depth - 1) for one in value)
        case dict() if depth:
            chosen = [value[name] for name in CODES if name in value]
            return says_yes(chosen[0], depth - 1) if chosen else bool(value)
        case list() | dict():
            return True
        case _:
            return clean_text(str(value)).casefold() not in NO


def texts_in(
    value: object, parts: tuple[str, ...], terms: Mapping[int, str] | None = None, depth: int = DEPTH
) -> Iterator[str]:
    """The texts of a value, flat; `terms` names what numbers stand for, else a number is a text as it is."""
    match value:
        case bool():
            return
        case int():
            text = str(value) if terms is None else terms.get(value, "")
        case str() | float():
            text = clean_text(str(value))
        case list() if depth:
            for one in value:
                yield from texts_in(one, parts, terms, depth - 1)
            return
        case dict() if depth:
            found = (text for name in parts for text in texts_in(value.get(name), parts, None, depth - 1))
            text = next(found, "")
        case _:
            return
    if text:
        yield text
