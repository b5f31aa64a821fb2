"""docs/kit-round-trip.md: what is left of a kit's credit after each thing that CMSs do to it.

`python -m tests.syndicate.round_trip_page` prints the page.
"""

import sys
from dataclasses import dataclass, fields
from typing import Literal

from publisher.licensing.names import short_name
from publisher.syndicate.kit import Kit
from publisher.syndicate.markup import parse_fragment, plain_text
from tests.syndicate.cms_behaviours import BEHAVIOURS, Behaviour
from tests.syndicate.kit_builders import a_kit

Left = Literal["link", "address", "words", "-"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a page still shows of a kit's credit: a link that leads there, an address to read, words, or nothing."""

    author: Left
    outlet: Left
    original: Left
    licence: Left

    @property
    def is_complete(self) -> bool:
        """Whether it is what the licence asks for."""
        return "-" not in {getattr(self, field.name) for field in fields(self)}


def read_credit(html: str, kit: Kit, *, outlet: str = "Example Observatory") -> Credit:
    """The credit that HTML shows, by its words and by where its links lead."""
    root = parse_fragment(html)
    words = plain_text(root)
    hrefs = {link.get("href") for link in root.iter("a")}
    licence = _place(kit.licence.url, hrefs, words)
    return Credit(
        author="words" if all(one.name in words for one in kit.article.authors) else "-",
        outlet="words" if outlet in words else "-",
        original=_place(kit.article.url, hrefs, words),
        licence=licence if licence == "link" or short_name(kit.licence) in words else "-",
    )


def page() -> str:
    """The page."""
    kit = a_kit()
    rows = [_row(one, read_credit(one.paste(kit.files["article.html"]), kit)) for one in BEHAVIOURS]
    return "\n".join([HEAD, *rows, FOOT])


def _place(url: str, hrefs: set[str | None], words: str) -> Left:
    return "link" if url in hrefs else "address" if url in words.split() else "-"


def _row(behaviour: Behaviour, credit: Credit) -> str:
    left = " | ".join(str(getattr(credit, field.name)) for field in fields(credit))
    return f"| {behaviour.name} | {behaviour.does} | {left} |"


HEAD = """# What a CMS leaves of a kit

A partner pastes `article.html` into a CMS, and the CMS keeps what it knows. This page says what is left of the credit
afterwards. It is made from the tests (`python -m tests.syndicate.round_trip_page`): each row is a function that does to
the HTML what such a CMS is known to do with its defaults. No product's own code runs in it, so try yours once.

Four things must be left, whatever happens: the authors, the outlet, the original, and the licence; the last two as a
link, or as an address that can be read, since CC 4.0 section 3(a)(1) takes either. That is why the credit's last line
says both addresses in words: "Original: https://… · Licence: https://…". It is the one place where they survive a CMS
that keeps no links.

| what | does what | authors | outlet | original | licence |
|---|---|---|---|---|---|"""
FOOT = """
What no fragment survives: a CMS or an editor that cuts the text after so many words cuts the credit off with it, and
the licence is then named nowhere. What stands at the top is left: authors, outlet, and the link to the original.
"""

if __name__ == "__main__":
    sys.stdout.write(page())
