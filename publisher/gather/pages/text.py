"""The main text of a page: trafilatura says which words are the article's, the page's own markup stays around them.

    page ─► less boxes to drop, chrome, what is hidden ─► where the text is: articleBody, the only article, main, body
         ─► trafilatura: which of its lines are text ─► blocks without such a line go (`page_lines`)

The library's own output has neither captions nor the sizes of pictures, players or numbered lists; and the credit of a
picture stands in its caption. So it is asked for words only. `clean_html` must run over what comes out of here.
"""

import copy
import html
import re
from collections.abc import Collection
from dataclasses import dataclass

import lxml.html
import structlog
from lxml.html import HtmlElement

from publisher.gather.cleaning.selectors import compile_selectors
from publisher.gather.pages.heading import remove, without_heading
from publisher.gather.pages.json import text_of
from publisher.gather.pages.lines import TextLines, prune
from publisher.gather.pages.page import Page
from publisher.model.markup import names

log = structlog.get_logger()

MAX_ELEMENTS = 8_000  #: more take the library quadratic time; then the page's own structure must do
TOO_MANY = 30_000  #: no story has so many, and cleaning them takes seconds
CHROME = names("script style noscript template nav form button dialog svg canvas select textarea input")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MainText:
    """What was found on a page."""

    html: str = ""  #: not yet cleaned; empty where the page has no text
    notes: tuple[str, ...] = ()
    fault: str = ""  #: why the text cannot be taken


def main_text(page: Page, *, drop: tuple[str, ...] = (), title: str = "", authors: Collection[str] = ()) -> MainText:
    """The article's text. Changes the page's tree.

    `drop` are CSS selectors of boxes that are left out; `title` and `authors` are known already, and not repeated.
    """
    strip(page.root, drop)
    scope, is_said = text_scope(page.root)
    count = sum(1 for _ in scope.iter())
    if count > TOO_MANY:
        return MainText(fault=f"its text has more than {TOO_MANY:,} elements ({count:,})")
    without_heading(scope, title, authors)
    notes: tuple[str, ...] = ()
    if count > MAX_ELEMENTS:
        notes = ("too many elements to tell text from boxes: taken as the page has it",)
    elif lines := lines_of_text(scope):
        prune(scope, TextLines(lines), is_whole_page=not is_said)
    elif not is_said:
        return plain_text_of(page)
    return MainText(html=printed(scope), notes=notes) if has_words(scope) else plain_text_of(page)


def has_words(scope: HtmlElement) -> bool:
    """Whether there is any text in an element."""
    return any(text.strip() for text in scope.itertext())


def plain_text_of(page: Page) -> MainText:
    """The text in the page's data, which has no markup; empty where there is none."""
    lines = re.split(r"\s*\n\s*", text_of(page.article.get("articleBody")))
    paragraphs = [f"<p>{html.escape(line)}</p>" for line in lines if line.strip()]
    notes = ("only the plain text in its page's data",) if paragraphs else ()
    return MainText(html="\n".join(paragraphs), notes=notes)


def strip(root: HtmlElement, drop: tuple[str, ...]) -> None:
    """Takes away what is no text anywhere: the boxes to drop, chrome, what is hidden."""
    for element in compile_selectors(drop).find(root) if drop else ():
        remove(element)
    for element in list(root.iter(*CHROME)):
        remove(element)
    for element in root.xpath("//*[@hidden or @aria-hidden='true' or @style]"):
        if {"hidden", "aria-hidden"} & set(element.keys()) or HIDDEN.search(element.get("style", "")):
            remove(element)


def text_scope(root: HtmlElement) -> tuple[HtmlElement, bool]:
    """Where the text is, and whether the page says so: `articleBody`, the only article; else main or body."""
    said = root.xpath("//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' articleBody ')]")
    articles = [one for one in root.iter("article") if next(one.iterancestors("article"), None) is None]
    for candidates in (said, articles):
        if len(candidates) == 1 and candidates[0].tag not in {"meta", "link"}:
            return candidates[0], True
    return next(root.iter("main"), next(root.iter("body"), root)), False


def lines_of_text(scope: HtmlElement) -> list[str]:
    """The lines that the library takes for the article's; none where it finds no article."""
    from trafilatura import bare_extraction  # slow to import, and needed by sitemap sources only

    page = lxml.html.document_fromstring("<html><body></body></html>")
    page[0].append(copy_of(scope))
    try:
        found = bare_extraction(page, include_comments=False, include_tables=True, include_formatting=False)
    except Exception:  # it lets through whatever the three libraries under it raise
        log.exception("page.unreadable")
        return []
    text = getattr(found, "text", None) or ""
    return [line for line in text.splitlines() if line.strip()]


def copy_of(scope: HtmlElement) -> HtmlElement:
    """The element without the text behind it; a body as a box."""
    copied = copy.deepcopy(scope)
    copied.tail = None
    if copied.tag in {"body", "html"}:
        copied.tag = "div"
    return copied


def printed(scope: HtmlElement) -> str:
    """What is in the element as HTML, with the direction that it has on the page."""
    around = [scope, *scope.iterancestors()]
    direction = next((element.get("dir", "").lower() for element in around if element.get("dir")), "")
    box = copy_of(scope)
    box.tag = "div"
    box.attrib.clear()
    if direction == "rtl":
        box.set("dir", direction)
    text: str = lxml.html.tostring(box, encoding="unicode")
    return text
