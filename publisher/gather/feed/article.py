"""An entry of a feed as an article of ours, or the reason why it cannot be one."""

import hashlib
import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from publisher.gather.cleaning.body_limits import fault_of_body
from publisher.gather.cleaning.clean import clean_html, clean_text, summarise
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.feed.document import Fields, maps_in, text_of
from publisher.gather.feed.images import images_of
from publisher.gather.feed.rights import text_rights
from publisher.gather.feed.times import Dated, modified_of, published_of
from publisher.gather.names import author_terms, language_tag
from publisher.gather.rights import Rights
from publisher.gather.source import Refusal
from publisher.gather.times import time_notes
from publisher.model.article import Correction, Kind, SourceArticle, SourceTerm
from publisher.settings import SourceOptions

MAX_SUMMARY = 600  #: characters of a feed's own summary; beyond that it is no summary
MAX_TITLE = 1000  #: characters; what is longer is a text in the wrong place
MAX_KEY = 1000
#: Notes that the time of publication is the one when the entry was first seen.
NO_DATE = "no date: the time when it was first seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """What is needed to read the entries of a feed."""

    feed: Fields
    url: str
    options: SourceOptions
    rights: Rights
    language: str  #: where neither entry nor feed says
    now: datetime
    first_seen: Callable[[str], datetime | None]  #: of entries without a date, by key


def to_article(entry: Fields, reading: FeedReading) -> SourceArticle | Refusal:
    """The article, or why it cannot be taken."""
    key, title, link = (
        key_of(entry),
        clean_text(text_of(entry, "title")),
        link_of(entry, language_of(entry, reading) or reading.language),
    )
    url = absolute_url(link, reading.url) if link else None
    dated = published_of(entry, language_of(entry, reading) or reading.language)
    published = dated.at or (None if dated.said else reading.first_seen(key) or reading.now)
    body, body_notes = body_of(entry)
    cleaned = clean_html(body, base_of(entry, url, reading.url), drop=reading.options.drop)
    faults = {
        "has neither an id nor an address": not key,
        f"has no date that can be read ({dated.said[:40]!r})": published is None,
        "has no address of its own" if not link else f"has no address that can be opened ({link[:40]!r})": url is None,
        "has no title": not title,
        f"its title is longer than {MAX_TITLE:,} characters ({len(title):,})": len(title) > MAX_TITLE,
    }
    fault = next((words for words, holds in faults.items() if holds), fault_of_body(cleaned.html))
    if fault or url is None or published is None:
        return Refusal(key=key or title[:200] or "?", url=link[:1000], title=title[:MAX_TITLE], reason=fault)
    rights = text_rights(entry, reading.feed, reading.rights)
    section, topics, kind = filed(entry, reading.options)
    return SourceArticle(
        key=key,
        url=link if link.startswith(("http:", "https:")) else url,  # byte for byte: it is what readers see and compare
        title=title,
        kind=kind,
        language=language_of(entry, reading) or reading.language,
        content_html=cleaned.html,
        summary=summary_of(entry, cleaned.html),
        published=published,
        modified=modified_of(entry),
        authors=authors_of(entry, reading.feed),
        section=section,
        countries=countries_of(entry, reading.options),
        topics=topics,
        licence=rights.licence,
        licence_why=rights.why,
        rights_holder=rights.holder,
        images=images_of(entry, cleaned.html, url, reading.rights),
        corrections=corrections_of(entry),
        no_republish=entry.get("kept_back") is True,
        notes=(*cleaned.notes, *body_notes, *guesses(entry, reading, dated), *time_notes(published, reading.now)),
    )


def guesses(entry: Fields, reading: FeedReading, dated: Dated) -> Iterator[str]:
    """What the entry does not say, or says oddly, and how it was taken, as notes."""
    if language_of(entry, reading) is None:
        yield f"its language is not said: taken as {reading.language}"
    if dated.at is None:
        yield NO_DATE
    yield from dated.notes


def link_of(entry: Fields, language: str) -> str:
    """The entry's own address: of several that are alternates, not the one in another language (RFC 4287 4.1.3)."""
    alternates = [one for one in maps_in(entry, "links") if one.get("rel") == "alternate" and text_of(one, "href")]
    own = [one for one in alternates if text_of(one, "hreflang").lower() in {"", language.lower()}]
    return text_of((own or alternates)[0], "href") if len(alternates) > 1 else text_of(entry, "link")


def key_of(entry: Fields) -> str:
    """The entry's own id, else its address; an endless one by its beginning and a digest of it all."""
    key = clean_text(text_of(entry, "own_id") or text_of(entry, "id") or text_of(entry, "link"))
    if len(key) <= MAX_KEY:
        return key
    return f"{key[:900]}#{hashlib.sha256(key.encode()).hexdigest()}"


def body_of(entry: Fields) -> tuple[str, tuple[str, ...]]:
    """The longest content, or the summary where there is none, as HTML."""
    contents = [one for one in maps_in(entry, "content") if text_of(one, "value").strip()]
    if not contents:
        return as_html(entry.get("summary_detail") or {}, text_of(entry, "summary")), ("only a summary in the feed",)
    longest = max(contents, key=lambda one: len(one["value"]))
    return as_html(longest, longest["value"]), ()


def as_html(detail: Fields, value: str) -> str:
    """A text construct as HTML: plain text is escaped (RFC 4287 section 3.1.1.1), its empty lines part paragraphs."""
    if detail.get("type") != "text/plain":
        return value
    return "".join(f"<p>{html.escape(part)}</p>" for part in value.split("\n\n") if part.strip())


def base_of(entry: Fields, url: str | None, feed_url: str) -> str:
    """What relative addresses in the text are relative to: `xml:base`, where it says so, else the article."""
    details = [*maps_in(entry, "content"), entry.get("summary_detail") or {}]
    said = (text_of(one, "base") for one in details)
    return next((one for one in said if one and one != feed_url), url or feed_url)


def summary_of(entry: Fields, body: str) -> str:
    """The feed's own summary beside a full text, where it is one; else the beginning of the text."""
    # Without a content element the summary is the text, and would stand there twice.
    own = clean_text(text_of(entry, "summary")) if entry.get("content") else ""
    return own if 0 < len(own) <= MAX_SUMMARY and not own.endswith(("…", "...", "[…]")) else summarise(body)


def authors_of(entry: Fields, feed: Fields) -> tuple[SourceTerm, ...]:
    """Who wrote it; the feed's author where the entry names none (RFC 4287 section 4.2.1)."""
    for fields in (entry, feed):
        people = [text_of(one, "name") for one in maps_in(fields, "authors")]
        if authors := author_terms(people or [text_of(fields, "author")]):
            return authors
    return ()


def corrections_of(entry: Fields) -> tuple[Correction, ...]:
    """The corrections that JSON Feed's extension names."""
    return tuple(Correction(date=day, text=clean_text(text)) for day, text in entry.get("corrections") or ())


def categories(entry: Fields) -> list[str]:
    """The entry's categories, plain, each once."""
    names = (clean_text(text_of(one, "label") or text_of(one, "term")) for one in maps_in(entry, "tags"))
    return list(dict.fromkeys(filter(None, names)))


def filed(entry: Fields, options: SourceOptions) -> tuple[SourceTerm | None, tuple[SourceTerm, ...], Kind]:
    """Section, topics and kind: a feed has one flat list of categories for them all."""
    names = categories(entry)
    rules = [rule.partition(":")[2].casefold() for rule in options.updates]
    kind = Kind.UPDATE if any(name.casefold() in rules for name in names) else Kind.STORY
    prefix = prefix_of(options)
    free = [name for name in names if not (prefix and name.casefold().startswith(prefix))]
    section = free[0] if free and options.section == "category" else None
    topics = [name for name in free if name != section] if options.topics != "none" else []
    return as_term(section) if section else None, tuple(map(as_term, topics)), kind


def countries_of(entry: Fields, options: SourceOptions) -> tuple[SourceTerm, ...]:
    """The categories that begin with the configured prefix, without it."""
    prefix = prefix_of(options)
    found = [name for name in categories(entry) if prefix and name.casefold().startswith(prefix)]
    return tuple(as_term(name[len(prefix) :]) for name in found if name[len(prefix) :])


def prefix_of(options: SourceOptions) -> str:
    """What marks a category as a country."""
    what, _, prefix = options.countries.partition(":")
    return prefix.casefold() if what == "tag-prefix" else ""


def as_term(name: str) -> SourceTerm:
    """A category as a term: its name is all there is."""
    return SourceTerm(name=name, key=name)


def language_of(entry: Fields, reading: FeedReading) -> str | None:
    """The configured language, else the entry's `xml:lang` or `dc:language`, else the feed's."""
    details = [*maps_in(entry, "content"), *(entry.get(name) or {} for name in ("title_detail", "summary_detail"))]
    said = [reading.options.language, text_of(entry, "language")]
    said += [text_of(one, "language") for one in (*details, reading.feed)]
    return next(filter(None, map(language_tag, filter(None, said))), None)
