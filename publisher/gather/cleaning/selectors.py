"""The boxes that a source's rules leave out of every body, as CSS selectors (`drop` of `[sources.options]`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from publisher.gather.cleaning.body_nodes import Element
from publisher.model.errors import ConfigurationError
from publisher.model.markup import DROPPED
from publisher.settings import SourceSettings

_STRINGS = re.compile(r"""\[[^\]]*\]|"[^"]*"|'[^']*'""")
_ELEMENT = re.compile(r"(?:^|[\s>+~,(])([a-zA-Z][\w-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Selectors, compiled; and the elements that they name, which the parser must leave in."""

    paths: tuple[CSSSelector, ...] = ()
    elements: frozenset[str] = frozenset()

    def find(self, root: Element) -> list[Element]:
        """What they select under a body's root, each once or more often, in the order of the selectors."""
        tag, root.tag = root.tag, "body"  # our own box around a body is none of its boxes: `div > p`
        try:
            found: list[Element] = [element for path in self.paths for element in cast("list[Element]", path(root))]
            return [element for element in found if element is not root]
        finally:
            root.tag = tag


NONE = Selectors()


@lru_cache(maxsize=64)
def compile_selectors(selectors: tuple[str, ...]) -> Selectors:
    """The selectors, ready for use; raises `ValueError` with the words of `check_selectors`."""
    if faults := check_selectors(selectors):
        raise ValueError("; ".join(faults))
    written = _STRINGS.sub("", " ".join(selectors))
    named = frozenset(name.lower() for name in _ELEMENT.findall(written))
    return Selectors(paths=tuple(CSSSelector(one, translator="html") for one in selectors), elements=named - DROPPED)


def check_selectors(selectors: Iterable[str]) -> list[str]:
    """What is wrong with each selector that cannot be used, with the selector; empty when all can."""
    return [f"{one!r} is no CSS selector that we know: {fault}" for one in selectors if (fault := _fault_of(one))]


def refuse_selectors(source: SourceSettings, file: Path) -> None:
    """Raises `ConfigurationError` with every selector of a source's `drop` that cannot be used."""
    if faults := check_selectors(source.options.drop):
        raise ConfigurationError([f"{file}: sources.{source.id}.options.drop: {fault}" for fault in faults])


def _fault_of(selector: str) -> str:
    if not selector.strip():
        return "it is empty"
    try:
        CSSSelector(selector, translator="html")(etree.Element("body"))
    except (SelectorError, etree.XPathError) as error:
        return str(error)
    return ""
