"""Microdata (HTML section 5) of the articles on a page, in the shape of JSON-LD, so that both are read in one way."""

from typing import Any

from lxml.html import HtmlElement

from publisher.gather.pages.json import SCHEMA, Node

MAX_ITEMS = 50
MAX_DEPTH = 5
TEXT = 2_000  #: characters of a property; the text of the article itself is taken elsewhere
VALUES = {"meta": "content", "time": "datetime", "a": "href", "link": "href", "img": "src", "data": "value"}


def microdata_nodes(root: HtmlElement) -> list[Node]:
    """The items of a page that stand by themselves."""
    items = root.xpath("//*[@itemscope][@itemtype][not(@itemprop)]")
    return [_item(item, 0) for item in items[:MAX_ITEMS]]


def _item(item: HtmlElement, depth: int) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for element in _own_properties(item):
        value: Any = _value(element)
        if "itemscope" in element.attrib:
            value = _item(element, depth + 1) if depth < MAX_DEPTH else ""
        for name in element.get("itemprop", "").split():
            found.setdefault(name, []).append(value)
    properties = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    types = [SCHEMA.sub("", name) for name in item.get("itemtype", "").split()]
    return {**properties, "@type": types, "@id": item.get("itemid", "")}


def _own_properties(item: HtmlElement) -> list[HtmlElement]:
    """The properties of an item, without those of the items in it."""
    found, waiting = [], list(reversed(item))
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        if element.get("itemprop"):
            found.append(element)
        if "itemscope" not in element.attrib:
            waiting.extend(reversed(element))
    return found


def _value(element: HtmlElement) -> str:
    if "content" in element.attrib:  # not in the standard for all elements, and used on all of them
        return str(element.get("content"))
    named = VALUES.get(element.tag)
    if named and named in element.attrib:
        return str(element.get(named))
    if "articleBody" in element.get("itemprop", "").split():
        return ""
    return " ".join("".join(element.itertext()).split())[:TEXT]
