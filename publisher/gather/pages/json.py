"""JSON-LD as pages really carry it: in comments and CDATA, with garbage behind, control characters and stray commas.

Whatever cannot be read is as if it were not there; nothing here raises.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from publisher.gather.cleaning.characters import clean_characters, decode_references

Node = Mapping[str, Any]  #: an object of JSON-LD, or of microdata in the same shape

MAX_SCRIPT = 1_000_000  #: characters
MAX_NODES = 2_000
MAX_DEPTH = 40
#: Through these the graph of a page is walked; an article within a list of others is not the page's own.
INNER = ("@graph", "mainEntity", "mainEntityOfPage")
WRAPPING = re.compile(r"<!--|-->|(?://\s*|/\*\s*)?(?:<!\[CDATA\[|\]\]>)(?:\s*\*/)?")
LOOSE_COMMA = re.compile(r",(?=\s*[}\]])")
SCHEMA = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)


def json_ld_nodes(scripts: Iterable[str]) -> list[Node]:
    """Every object with a type that the scripts of a page hold, `@graph` and arrays laid open, in their order."""
    nodes: list[Node] = []
    for script in scripts:
        for node in _walk(read_loosely(script), 0):
            if len(nodes) >= MAX_NODES:
                return nodes
            nodes.append(node)
    return nodes


def unread_scripts(scripts: Iterable[str]) -> list[str]:
    """The scripts that say something which cannot be read."""
    return [script for script in scripts if WRAPPING.sub(" ", script).strip() and read_loosely(script) is None]


def read_loosely(script: str) -> Any:  # noqa: ANN401 - JSON
    """The first JSON value in a text; None where there is none."""
    if len(script) > MAX_SCRIPT:
        return None
    bare = WRAPPING.sub(" ", script)
    mends: tuple[Callable[[str], str], ...] = (str, lambda text: LOOSE_COMMA.sub("", text), decode_references)
    for mend in mends:
        text = mend(bare)
        start = re.search(r"[{\[]", text)
        if start is None:
            continue
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, start.start())[0]
        except (ValueError, RecursionError):
            continue
    return None


def type_names(node: Node) -> frozenset[str]:
    """The types of a node, in lower case and without the vocabulary's address."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return frozenset(SCHEMA.sub("", name).lower() for name in names if isinstance(name, str))


def resolve(value: object, nodes: Iterable[Node]) -> object:
    """What a reference (`{"@id": ...}`) refers to, with what the reference says itself; anything else as it is."""
    if not isinstance(value, dict) or not isinstance(value.get("@id"), str) or "@type" in value:
        return value
    referred = next((node for node in nodes if node.get("@id") == value["@id"]), None)
    return {**referred, **value} if referred else value


def each(value: object) -> list[Any]:
    """A value that may stand alone or in an array, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text_of(value: object) -> str:
    """The text of a value: of an object its name or address; the first of several."""
    match value:
        case str():
            return clean_characters(value).strip()
        case bool() | None:
            return ""
        case int() | float():
            return str(value)
        case list():
            return next(filter(None, map(_flat_text, value)), "")
        case _:
            return _flat_text(value)


def _flat_text(value: object) -> str:
    if isinstance(value, dict):
        found = (value.get(name) for name in ("@value", "name", "headline", "url", "@id"))
        return next((clean_characters(text).strip() for text in found if isinstance(text, str) and text.strip()), "")
    return clean_characters(value).strip() if isinstance(value, str) else ""


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _walk(one, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in INNER:
            if isinstance(value.get(name), dict | list):
                yield from _walk(value[name], depth + 1)
