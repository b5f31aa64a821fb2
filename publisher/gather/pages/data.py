"""What a page says of the article on it: title, dates, authors, terms, language, corrections, other languages.

| what        | first said by, of                                                                                   |
|-------------|-----------------------------------------------------------------------------------------------------|
| title       | headline, `og:title`, `<h1>`, `<title>`; less the site's name                                       |
| published   | datePublished, `article:published_time`, the sitemap's news date, the only `<time>`                 |
| modified    | dateModified, `article:modified_time`, `og:updated_time`                                            |
| authors     | author, `<meta name=author>`, `article:author`, `rel=author`                                        |
| language    | inLanguage, `lang` of the article or page, `og:locale`                                              |

The fields without a mark are those of JSON-LD, or of microdata where there is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.names import author_terms, language_tag, split_byline
from publisher.gather.pages.json import each, resolve, text_of
from publisher.gather.pages.page import ARTICLES, Page
from publisher.gather.times import in_range, read_time
from publisher.model.article import Correction, SourceTerm

BETWEEN = r"\s*[-\u2013\u2014|\u00b7\u2022:\u00bb\u00ab/]+\s*"  #: what parts a title from the site's name
#: Whole titles of pages that are not there, in the languages that we meet.
NOT_FOUND = (
    r"(?:(?:the |this |esta |la )?(?:page|p[áa]gina|seite)\s*)?"
    r"(?:(?:was |is )?not found|no encontrad[ao]|n[ãa]o encontrad[ao]|nicht gefunden|non trouvée|introuvable)"
)
ERROR_TITLE = re.compile(
    rf"(?:error\s*)?(?:404|410)(?:[\s:.\u2013-]*(?:error|{NOT_FOUND}))?[.!]?|{NOT_FOUND}[.!]?|"
    r"(?:oops!?\s*)?that page can['\u2019]t be found[.!]?",
    re.IGNORECASE,
)
TYPE_NAME = re.compile(r"""["']@type["']\s*:\s*\[?\s*["'](?:[^"']{0,40}/)?(\w{1,40})["']""")
MAX_TERMS = 50
MANY = 200  #: `<time>`s and links that are looked at
LAST_YEAR = 2200  #: what lies beyond is a "never" of some database: 9999-12-31


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When an article came out, as far as its page says."""

    at: datetime | None
    said: str = ""  #: as written; empty where nobody says
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The corrections of an article, and whether the page dates them all."""

    found: tuple[Correction, ...] = ()
    dated: bool = True


def title_of(page: Page) -> str:
    """The article's title, plain; empty where the page has none."""
    headline = clean_text(text_of(page.article.get("headline")))
    if headline:
        return headline
    first = next(page.root.iter("h1"), None)
    heading = clean_text(words_of(first)) if first is not None else ""
    title = next(page.root.iter("title"), None)
    shown = clean_text(words_of(title)) if title is not None else ""
    site = clean_text(page.meta("og:site_name", "application-name") or text_of(page.article.get("publisher")))
    candidates = (without_site(clean_text(page.meta("og:title")), site), heading, without_site(shown, site))
    return next(filter(None, candidates), "")


def is_error_page(page: Page, title: str) -> bool:
    """Whether a page that has no data of an article looks like one that tells of an error, whatever its status."""
    return not page.article and page.meta("og:type").lower() != "article" and bool(ERROR_TITLE.fullmatch(title))


def names_article(page: Page) -> bool:
    """Whether JSON-LD that cannot be read is that of an article."""
    return any(name.lower() in ARTICLES for name in TYPE_NAME.findall(page.unread))


def without_site(title: str, site: str) -> str:
    """A title without the site's name behind or before it."""
    if not site or not title:
        return title
    name = re.escape(site)
    bare = re.sub(rf"(?:{BETWEEN}{name}|^{name})$|^{name}{BETWEEN}", "", title, flags=re.IGNORECASE)
    return bare.strip()


def words_of(element: HtmlElement) -> str:
    """The text in an element."""
    return "".join(element.itertext())


def published_of(page: Page, news_date: str, zone: ZoneInfo) -> Dated:
    """When it was published: the first of what is said that can be read."""
    given = (text_of(page.article.get("datePublished")), page.meta("article:published_time"), news_date.strip())
    said = list(filter(None, given)) or list(filter(None, [only_time(page)]))
    for number, text in enumerate(said):
        if at := moment_of(text, zone):
            unread = (
                (f"its date cannot be read ({said[0][:40]!r}): another one of its page is taken",) if number else ()
            )
            return Dated(at=at, said=text, notes=unread)
    return Dated(at=None, said=next(iter(said), ""))


def modified_of(page: Page, zone: ZoneInfo) -> datetime | None:
    """When it was last changed: the first of what is said that can be read."""
    said = (text_of(page.article.get("dateModified")), page.meta("article:modified_time"), page.meta("og:updated_time"))
    return next(filter(None, (moment_of(text, zone) for text in said if text)), None)


def only_time(page: Page) -> str:
    """The date of the only `<article>`, else the only date there is: of several, none is the article's for sure."""
    articles = list(page.root.iter("article"))
    if len(articles) == 1:
        inside = next((time.get("datetime", "") for time in articles[0].iter("time") if time.get("datetime")), "")
        if inside:
            return inside
    dates = {time.get("datetime", "") for _, time in zip(range(MANY), page.root.iter("time"), strict=False)} - {""}
    return dates.pop() if len(dates) == 1 else ""


def moment_of(text: str, zone: ZoneInfo) -> datetime | None:
    """A time as pages write it: ISO 8601, without an offset in `zone`; or RFC 5322."""
    moment = read_time(text, zone)
    if moment is None:
        try:
            parsed = parsedate_to_datetime(text.strip())
            moment = in_range((parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC))
        except (ValueError, OverflowError, TypeError):
            return None
    return moment if moment and moment.year < LAST_YEAR else None


def authors_of(page: Page) -> tuple[SourceTerm, ...]:
    """Who wrote it, each once, with their pages."""
    people = [resolve(one, page.nodes) for one in each(page.article.get("author"))[:MAX_TERMS]]
    found = [term for person in people for term in terms_of_person(person, page.url)]
    if not found:
        metas = [text for name in ("author", "article:author") for text in page.metas.get(name, ())]
        found = [term for text in metas if "://" not in text for term in split_byline(text)]
    if not found:
        links = [link for link in page.root.iter("a") if "author" in link.get("rel", "").lower().split()][:MAX_TERMS]
        found = [
            replace(term, url=absolute_url(link.get("href", ""), page.url))
            for link in links
            for term in author_terms([words_of(link)])
        ]
    return tuple({term.key: term for term in reversed(found)}.values())[::-1][:MAX_TERMS]


def terms_of_person(person: object, base: str) -> tuple[SourceTerm, ...]:
    """An author's name and page; a bare text is a byline, and may name several."""
    if isinstance(person, str):
        return () if "://" in person else split_byline(person)
    if not isinstance(person, dict):
        return ()
    own = text_of(person.get("name"))
    url = person.get("url")
    address = absolute_url(url, base) if isinstance(url, str) and url else None
    return tuple(replace(term, url=address) for term in author_terms([own]))


def section_of(page: Page) -> str:
    """The section, plain; the first of several."""
    return clean_text(text_of(page.article.get("articleSection")) or page.meta("article:section"))


def tags_of(page: Page) -> list[str]:
    """The topics, plain, each once: `keywords` is a list, or one text with commas."""
    given = page.article.get("keywords")
    texts = given.split(",") if isinstance(given, str) else [text_of(one) for one in each(given)]
    names = [clean_text(name) for name in [*texts, *page.metas.get("article:tag", ())]]
    return list(dict.fromkeys(filter(None, names)))[:MAX_TERMS]


def language_of(page: Page) -> str | None:
    """The language the page says the article is in."""
    return next(filter(None, map(language_tag, said_languages(page))), None)


def said_languages(page: Page) -> list[str]:
    """What the page says of its article's language, as written."""
    article = next(page.root.iter("article"), None)
    in_article = article.get("lang", "") if article is not None else ""
    language = page.article.get("inLanguage")
    code = language.get("alternateName") if isinstance(language, dict) else language
    html_lang = page.root.get("lang") or page.root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    said = (text_of(code), in_article, html_lang, page.meta("og:locale", "content-language"))
    return [text for text in said if text.strip()]


def corrections_of(page: Page, fallback: datetime) -> Corrected:
    """The declared corrections; one without a date of its own gets that of the last change."""
    found, dated = [], True
    for one in each(page.article.get("correction"))[:MAX_TERMS]:
        value = resolve(one, page.nodes)
        text = clean_text(
            text_of(value.get("text") or value.get("name")) if isinstance(value, dict) else text_of(value)
        )
        when = read_time(text_of(value.get("datePublished"))) if isinstance(value, dict) else None
        if text:
            dated = dated and when is not None
            found.append(Correction(date=day_of(when or fallback), text=text))
    return Corrected(found=tuple(found), dated=dated)


def day_of(moment: datetime) -> date:
    """The day of a moment, in UTC."""
    return moment.astimezone(UTC).date()


def alternates_of(page: Page) -> Iterator[tuple[str, str]]:
    """The page's other languages: hreflang and address."""
    for link in page.links("alternate")[:MANY]:
        href = absolute_url(link.get("href", ""), page.url)
        if link.get("hreflang") and href:
            yield link.get("hreflang", "").strip(), href
