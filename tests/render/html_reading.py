"""How the tests read HTML and CSS: strictly, and with nothing of the product's own."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from lxml import html as lxml_html
from lxml.html import HtmlElement

VOID = frozenset({"br", "hr", "img", "meta"})
EMAIL = Path(__file__).parents[2] / "templates" / "email"

Declaration = tuple[str, str]


class Rule(NamedTuple):
    """One rule of the sheet: its class and its declarations."""

    name: str
    declarations: tuple[Declaration, ...]


class TagBalance(HTMLParser):
    """Notes every closing tag that does not close the tag last opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        """Remembers what has to be closed."""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Expects the tag that was opened last."""
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> in {self.open[-3:]}")


def tag_faults(html: str) -> list[str]:
    """What is wrong with the nesting of tags: nothing, for a sound document."""
    reader = TagBalance()
    reader.feed(html)
    reader.close()
    return reader.faults + [f"<{tag}> is left open" for tag in reader.open]


def mso_faults(html: str) -> list[str]:
    """The same for what Outlook sees: the conditional comments opened, and what they hold taken as tags."""
    shown = re.sub(r"<!--\[if mso\]>|<!\[endif\]-->", "", html)
    return [*tag_faults(shown), *re.findall(r"<!\[endif", shown)]


def parsed(html: str) -> HtmlElement:
    """The document as a tree."""
    return lxml_html.document_fromstring(html)


def found(html: str, path: str) -> list[HtmlElement]:
    """The elements of an XPath."""
    return [element for element in parsed(html).xpath(path) if isinstance(element, HtmlElement)]


def texts(html: str, path: str) -> list[str]:
    """The text of each element of an XPath, on one line."""
    return [" ".join(str(element.text_content()).split()) for element in found(html, path)]


def values(html: str, path: str) -> list[str]:
    """The values of an XPath that names attributes."""
    return [str(value) for value in parsed(html).xpath(path)]


def declarations(css: str) -> tuple[Declaration, ...]:
    """The declarations of one block, spaces evened out."""
    pairs = (part.partition(":") for part in css.split(";") if part.strip())
    return tuple((name.strip(), re.sub(r"\s*,\s*", ",", value.strip())) for name, _, value in pairs)


def sheet_rules(css: str) -> list[Rule]:
    """The rules of the sheet, in order; a rule of more than one class fails to read."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    assert re.fullmatch(r"(\s*\.[a-z-]+ \{[^{}]*\})*\s*", bare)
    return [Rule(name, declarations(body)) for name, body in re.findall(r"\.([a-z-]+) \{([^{}]*)\}", bare)]


def inlined_by_hand(html_class: str, rules: list[Rule]) -> dict[str, str]:
    """What an element of these classes must carry: later rules win, as in CSS."""
    names = html_class.split()
    return {name: value for rule in rules if rule.name in names for name, value in rule.declarations}


def colours(css: str) -> dict[str, dict[str, str]]:
    """Hex colours by class and property, of the last rule that names each."""
    found_rules = re.findall(r"\.([a-z-]+) \{([^{}]*)\}", css)
    return {
        name: {prop: value.removesuffix(" !important") for prop, value in declarations(body) if "#" in value}
        for name, body in found_rules
    }


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def repeated(things: list[str]) -> list[str]:
    """What is there more than once."""
    return [thing for thing, count in Counter(things).items() if count > 1]
