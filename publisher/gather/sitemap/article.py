"""A page of a sitemap as an article of ours; or the reason why it cannot be one; or nothing, where it is no article.

canonical address ─► another site's? ─► may it be taken (noindex, paid, advertisement)? ─► what is missing? ─► article
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from publisher.gather.cleaning.body_limits import fault_of_body
from publisher.gather.cleaning.clean import clean_html, clean_text, summarise
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.names import language_tag
from publisher.gather.pages import data
from publisher.gather.pages.images import images_of
from publisher.gather.pages.json import resolve, text_of, type_names
from publisher.gather.pages.page import ARTICLES, Page
from publisher.gather.pages.rights import is_locked, is_unlisted, licence_of
from publisher.gather.pages.text import main_text
from publisher.gather.rights import Rights, choose_licence
from publisher.gather.sitemap.options import country_prefix, fits_any
from publisher.gather.sitemap.parse import Listed
from publisher.gather.source import Refusal, Seen
from publisher.gather.times import time_notes
from publisher.model.addresses import TRACKING, address_key, host_of
from publisher.model.article import Kind, SourceArticle, SourceTerm
from publisher.settings import SourceOptions

ADVERTISEMENT = "advertisercontentarticle"
NO_DATE = "has no date of publication"
MAX_TITLE = 1000  #: characters; what is longer is a text in the wrong place
MAX_SUMMARY = 600  #: characters of a page's own description; beyond that it is none
FRONT_PAGES = frozenset({"website", "profile"})  #: `og:type`s that are no article's


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What is needed to read a page."""

    site: str  #: host of the sitemap, whose pages alone are taken
    options: SourceOptions
    rights: Rights
    languages: tuple[str, ...]  #: the newsroom's
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an article is known by."""

    key: str
    url: str  #: as readers see it
    notes: tuple[str, ...] = ()


def to_article(page: Page, listed: Listed, reading: PageReading) -> Seen | Refusal | None:
    """The article, why it cannot be taken, or None for a page that does not claim to be an article."""
    if not address_key(page.url) and address_key(listed.url):
        why = "leads to the front page: it may have been taken down"
        return Refusal(key=key_of(listed.url), url=listed.url[:1000], title="", reason=why)
    if address_key(page.url) != address_key(listed.url):  # what a map says of a story is not said of a login page
        listed = replace(listed, is_news=False, published="")
    address, title = address_of(page), data.title_of(page)
    dated = data.published_of(page, listed.published, reading.zone)
    if not is_article(page, listed, dated.said):
        why = (
            "its JSON-LD cannot be read, and nothing else says that it is an article"
            if data.names_article(page)
            else ""
        )
        return Refusal(key=address.key, url=address.url[:1000], title=title[:MAX_TITLE], reason=why) if why else None
    fault = fault_of_page(page, address, reading) or fault_of_title(page, title) or fault_of_date(dated)
    if fault or dated.at is None:
        return Refusal(key=address.key, url=address.url[:1000], title=title[:MAX_TITLE], reason=fault)
    claims = Claims(address=address, title=title, published=dated.at, notes=dated.notes)
    return read_article(page, listed, reading, claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What stands firm of an article before its text is looked at."""

    address: Address
    title: str
    published: datetime
    notes: tuple[str, ...] = ()


def read_article(page: Page, listed: Listed, reading: PageReading, claims: Claims) -> Seen | Refusal:
    """The article itself; its text is taken last, since that takes the page's tree apart."""
    address = claims.address
    section, tags = data.section_of(page), data.tags_of(page)
    language = reading.options.language or data.language_of(page) or language_tag(listed.language or "-")
    modified = modified_of(page, listed, reading)
    licence, why = choose_licence(*licence_of(page), reading.rights)
    corrections = data.corrections_of(page, modified or claims.published)
    original = original_of(page, listed, address, reading)
    authors = data.authors_of(page)
    holder = clean_text(text_of(resolve(page.article.get("copyrightHolder"), page.nodes)))
    embargo, embargo_notes = embargo_of(page, reading)
    kept_back = [reading.options.no_republish] if reading.options.no_republish else []
    text = main_text(page, drop=reading.options.drop, title=claims.title, authors=[author.name for author in authors])
    cleaned = clean_html(text.html, address.url)
    if fault := text.fault or fault_of_body(cleaned.html):
        return Refusal(key=address.key, url=address.url, title=claims.title, reason=fault)
    article = SourceArticle(
        key=address.key,
        url=address.url,
        title=claims.title,
        kind=Kind.UPDATE if fits_any(reading.options.updates, address.url, section, tags) else Kind.STORY,
        language=language or reading.languages[0],
        content_html=cleaned.html,
        summary=summary_of(page, cleaned.html),
        published=claims.published,
        modified=modified,
        authors=authors,
        section=as_term(section) if section and reading.options.section != "none" else None,
        countries=countries_of(tags, reading.options),
        topics=topics_of(tags, section, reading.options),
        licence=licence,
        licence_why=why,
        rights_holder=reading.rights.holder or holder,
        images=images_of(page, cleaned.html, reading.rights),
        corrections=corrections.found,
        translation_of=original,
        no_republish=bool(embargo_notes) or fits_any(kept_back, address.url, section, tags),
        embargo_until=embargo,
        notes=(
            *address.notes,
            *claims.notes,
            *embargo_notes,
            *text.notes,
            *cleaned.notes,
            *guesses(page, reading, f"{claims.title}{cleaned.html}", is_language_said=bool(language)),
            *(() if authors else ("the page does not say who wrote it",)),
            *time_notes(claims.published, reading.now),
        ),
    )
    return Seen(article=article, dated=corrections.dated)


def guesses(page: Page, reading: PageReading, text: str, *, is_language_said: bool) -> Iterator[str]:
    """What the page does not say, or says so that it cannot be read, and how it was taken, as notes."""
    if data.names_article(page):
        yield "its JSON-LD cannot be read: taken from the rest of the page"
    if "\ufffd" in text:
        yield "some of its bytes are no characters: shown as \ufffd"
    if not is_language_said:
        said = next(iter(data.said_languages(page)), "")
        how = f"cannot be read ({said[:40]!r})" if said else "is not said"
        yield f"its language {how}: taken as {reading.languages[0]}"


def modified_of(page: Page, listed: Listed, reading: PageReading) -> datetime | None:
    """When it was last changed; a day that is still to come says nothing, and would hide the changes until then."""
    found = (data.modified_of(page, reading.zone), listed.lastmod)
    return next((at for at in found if at and at < reading.now + timedelta(days=1)), None)


def address_of(page: Page) -> Address:
    """The canonical address (RFC 6596), else OpenGraph's, else where the page was found."""
    links = (link.get("href", "") for link in page.links("canonical"))
    said = next(filter(None, links), "") or page.meta("og:url")
    url = absolute_url(said, page.url) if said else None
    if url and address_key(url):
        return Address(key=key_of(url), url=url)
    notes = ("its canonical address is the front page: not used",) if url and address_key(page.url) else ()
    return Address(key=key_of(page.url), url=page.url, notes=notes)


def key_of(url: str) -> str:
    """An address as a key: where it leads to, without fragment and what only says where a reader came from."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))[:1000]


def is_at(url: str, site: str) -> bool:
    """Whether an address is of a site: its host, or one below it; `www.` does not matter."""
    host = host_of(url)
    return host == site or host.endswith(f".{site}")


def is_article(page: Page, listed: Listed, published: str) -> bool:
    """Whether the page claims to be an article, or at least is dated and does not say that it is something else."""
    if page.article or listed.is_news or page.meta("og:type").lower() == "article":
        return True
    is_other = page.meta("og:type").lower() in FRONT_PAGES or any(type_names(node) & ARTICLES for node in page.nodes)
    return bool(published) and not is_other


def fault_of_page(page: Page, address: Address, reading: PageReading) -> str:
    """Why the page may not be taken, whatever it says; empty when it may."""
    faults = {
        f"leads to another site: {page.url[:200]}": not is_at(page.url, reading.site),
        f"is another's article: its canonical address is {address.url[:200]}": not is_at(address.url, reading.site),
        "is an advertiser's article": ADVERTISEMENT in type_names(page.article),
        "is for paying readers only, says its page": is_locked(page),
        "asks not to be listed (noindex)": is_unlisted(page),
    }
    return next((words for words, holds in faults.items() if holds), "")


def fault_of_title(page: Page, title: str) -> str:
    """Why the page may not be taken by its title; empty when it may."""
    faults = {
        "has no title": not title,
        f"its title is longer than {MAX_TITLE:,} characters ({len(title):,})": len(title) > MAX_TITLE,
        f"looks like an error page (“{title[:80]}”)": data.is_error_page(page, title),
    }
    return next((words for words, holds in faults.items() if holds), "")


def fault_of_date(dated: data.Dated) -> str:
    """Why an article has no date that we could store; empty when it has one."""
    if dated.at is not None:
        return ""
    return f"has no date of publication that can be read ({dated.said[:40]!r})" if dated.said else NO_DATE


def original_of(page: Page, listed: Listed, address: Address, reading: PageReading) -> str | None:
    """The key of the article that this one translates.

    What its data names; else, of the page's languages, the one that is the default for all readers (`x-default`), else
    the one in the newsroom's first language. None where that is this article itself.
    """
    named = resolve(page.article.get("translationOfWork"), page.nodes)
    said = text_of(named.get("url") or named.get("@id")) if isinstance(named, dict) else text_of(named)
    languages = {tag.lower(): url for tag, url in [*listed.alternates, *data.alternates_of(page)]}
    default = languages.pop("x-default", "")
    first = reading.languages[0].lower()
    in_first = (url for tag, url in languages.items() if tag == first or tag.partition("-")[0] == first)
    is_a_language = address_key(default) in {address_key(url) for url in languages.values()}
    original = absolute_url(said, page.url) if said else default if is_a_language else next(in_first, "")
    if not original or not address_key(original) or not is_at(original, reading.site):
        return None
    return None if address_key(original) == address_key(address.url) else key_of(original)


def countries_of(tags: Iterable[str], options: SourceOptions) -> tuple[SourceTerm, ...]:
    """The tags that begin with the configured prefix, without it."""
    prefix = country_prefix(options)
    found = [tag[len(prefix) :] for tag in tags if prefix and tag.casefold().startswith(prefix)]
    return tuple(as_term(name) for name in found if name)


def topics_of(tags: Iterable[str], section: str, options: SourceOptions) -> tuple[SourceTerm, ...]:
    """The tags that are neither countries nor the section."""
    if options.topics == "none":
        return ()
    prefix = country_prefix(options)
    free = [tag for tag in tags if not (prefix and tag.casefold().startswith(prefix))]
    return tuple(as_term(tag) for tag in free if tag.casefold() != section.casefold())


def as_term(name: str) -> SourceTerm:
    """A section or topic as a term: its name is all there is."""
    return SourceTerm(name=name, key=name)


def summary_of(page: Page, body: str) -> str:
    """The page's own description, where it is one; else the beginning of the text."""
    own = clean_text(text_of(page.article.get("description")) or page.meta("og:description", "description"))
    return own if 0 < len(own) <= MAX_SUMMARY and not own.endswith(("…", "...", "[…]")) else summarise(body)


def embargo_of(page: Page, reading: PageReading) -> tuple[datetime | None, tuple[str, ...]]:
    """Until when partners may not republish, by the configured meta; one that cannot be read holds for ever."""
    _, _, name = reading.options.embargo.partition(":")
    text = page.meta(name.lower()) if name else ""
    moment = data.moment_of(text, reading.zone) if text else None
    unread = (f"its embargo cannot be read ({text[:40]!r}): not for republishing",) if text and moment is None else ()
    return moment, unread
