"""What stands around a story on its page and says again what we know already: its title, its byline, its date."""

import re
from collections.abc import Collection

from lxml.html import HtmlElement

from publisher.gather.cleaning.clean import clean_text
from publisher.model.markup import names

HEADINGS = names("h1 h2 h3")
LINES = names("p div span ul address header section small h4 h5 h6 time")
#: Classes of the line with author and date, in the themes of the common systems.
BYLINE = re.compile(
    r"(?:^|\s)(?:[\w-]*byline[\w-]*|(?:entry|post|article|story)[-_]+(?:meta|date|author|info)|posted-on|dateline|"
    r"author(?:[-_]name)?|pubdate|published)(?:\s|$)",
    re.IGNORECASE,
)
LEAD_INS = frozenset("by por par von de da di and y e und et a with con".split())  # noqa: SIM905 - a list of words
WORD = re.compile(r"[^\W\d_]+")
LONGEST = 200  #: characters; what is longer is a story, whatever its class
MUCH = 2_000  #: characters; no title is so long


def remove(element: HtmlElement) -> None:
    """Takes an element away, and leaves the text behind it."""
    if element.getparent() is not None and element.tag != "body":
        element.drop_tree()


def without_heading(scope: HtmlElement, title: str, authors: Collection[str]) -> None:
    """Takes away the headings that repeat the title, and the lines that only name authors or the date."""
    for heading in list(scope.iter(*HEADINGS)):
        if title and heading is not scope and clean_text(text_in(heading)) == title:
            remove(heading)
    known = {word for name in authors for word in WORD.findall(name.casefold())} | LEAD_INS
    for line in list(scope.iter(*LINES)):
        if line is not scope and is_byline(line, known, has_authors=bool(authors)):
            remove(line)


def is_byline(line: HtmlElement, known: Collection[str], *, has_authors: bool) -> bool:
    """Whether a line says no more than who wrote it and when."""
    text = text_in(line)
    if len(text) > LONGEST or next(line.iter("img", "figure", "table", "blockquote"), None) is not None:
        return False
    if BYLINE.search(line.get("class", "")) or {"author", "datePublished"} & set(line.get("itemprop", "").split()):
        return True
    words = WORD.findall(text.casefold())
    return has_authors and len(words) > 1 and all(word in known for word in words)


def text_in(element: HtmlElement) -> str:
    """The text in an element, or so much of it that it is seen to be long."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > MUCH:
            break
    return "".join(parts)
