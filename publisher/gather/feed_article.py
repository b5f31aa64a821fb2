"""An entry of a feed as an article of ours, or the reason why it cannot be one.

A feed's licence holds only where it is written: on the entry, on the feed, or in the source's own table; the
newsroom's default never does. `dc:rights` and `<copyright>` are prose, and count only where they are a licence exactly.
"""

import calendar
import html
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.gather.body_limits import fault_of_body
from publisher.gather.clean import BodyImage, clean_html, clean_text, images_in, summarise
from publisher.gather.links import absolute_url
from publisher.gather.names import author_terms, language_tag
from publisher.gather.rights import Rights, choose_licence, judged_image
from publisher.gather.source import Refusal
from publisher.gather.times import in_range, time_notes
from publisher.licensing.licences import parse_licence
from publisher.model.article import Image, Kind, SourceArticle, SourceTerm
from publisher.settings import SourceOptions

Fields = Mapping[str, Any]  # feedparser's own dictionaries
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_SUMMARY = 600  #: characters of a feed's own summary; beyond that it is no summary


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """What is needed to read the entries of a feed."""

    feed: Fields
    url: str
    options: SourceOptions
    rights: Rights
    language: str  #: where neither entry nor feed says
    now: datetime


def to_article(entry: Fields, reading: FeedReading) -> SourceArticle | Refusal:
    """The article, or why it cannot be taken."""
    key, title = key_of(entry), clean_text(text_of(entry, "title"))
    link = text_of(entry, "link")
    url = absolute_url(link, reading.url) if link else None
    published = time_of(entry, "published") or time_of(entry, "updated") or time_of(entry, "created")
    body, body_notes = body_of(entry)
    cleaned = clean_html(body, url or reading.url)
    faults = {
        "has neither an id nor an address": not key,
        f"has no date that can be read ({text_of(entry, 'published')[:40]!r})": published is None,
        "has no address of its own": url is None,
        "has no title": not title,
    }
    fault = next((words for words, holds in faults.items() if holds), fault_of_body(cleaned.html))
    if fault or url is None or published is None:
        return Refusal(key=key or title[:200] or "?", url=link[:1000], title=title, reason=fault)
    licence, why = licence_of(entry, reading)
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
        modified=time_of(entry, "updated"),
        authors=authors_of(entry, reading.feed),
        section=section,
        countries=countries_of(entry, reading.options),
        topics=topics,
        licence=licence,
        licence_why=why,
        rights_holder=reading.rights.holder,
        images=images_of(entry, cleaned.html, url, reading.rights),
        notes=(*cleaned.notes, *body_notes, *guesses(entry, reading), *time_notes(published, reading.now)),
    )


def guesses(entry: Fields, reading: FeedReading) -> Iterator[str]:
    """What the entry does not say and was taken from elsewhere, as notes."""
    if language_of(entry, reading) is None:
        yield f"its language is not said: taken as {reading.language}"
    if time_of(entry, "published") is None:
        yield "no date of publication: that of the last change is taken"


def key_of(entry: Fields) -> str:
    """The entry's own id, else its address."""
    return clean_text(text_of(entry, "id") or text_of(entry, "link"))[:1000]


def text_of(fields: Fields, name: str) -> str:
    """A field as text; feedparser gives None or a list where a feed is odd."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def time_of(entry: Fields, name: str) -> datetime | None:
    """A time in UTC; None where feedparser could make nothing of it, or nonsense."""
    field = f"{name}_parsed"
    if field not in entry:  # `get` would find one: feedparser passes `published` off as `updated`
        return None
    parsed = entry[field]
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return in_range(EPOCH + timedelta(seconds=calendar.timegm(parsed)))
    except (ValueError, OverflowError):
        return None


def body_of(entry: Fields) -> tuple[str, tuple[str, ...]]:
    """The longest content, or the summary where there is none, as HTML."""
    given = entry.get("content")
    contents = [one for one in (given if isinstance(given, list) else []) if text_of(one, "value").strip()]
    if not contents:
        return as_html(entry.get("summary_detail") or {}, text_of(entry, "summary")), ("only a summary in the feed",)
    longest = max(contents, key=lambda one: len(one["value"]))
    return as_html(longest, longest["value"]), ()


def as_html(detail: Fields, value: str) -> str:
    """A text construct as HTML: plain text is escaped (RFC 4287 section 3.1.1.1)."""
    return f"<p>{html.escape(value)}</p>" if detail.get("type") == "text/plain" else value


def summary_of(entry: Fields, body: str) -> str:
    """The feed's own summary beside a full text, where it is one; else the beginning of the text."""
    # Without a content element the summary is the text, and would stand there twice.
    own = clean_text(text_of(entry, "summary")) if entry.get("content") else ""
    return own if 0 < len(own) <= MAX_SUMMARY and not own.endswith(("…", "...", "[…]")) else summarise(body)


def authors_of(entry: Fields, feed: Fields) -> tuple[SourceTerm, ...]:
    """Who wrote it; the feed's author where the entry names none (RFC 4287 section 4.2.1)."""
    for fields in (entry, feed):
        given = fields.get("authors")
        people = [text_of(one, "name") for one in (given if isinstance(given, list) else [])]
        if authors := author_terms(people or [text_of(fields, "author")]):
            return authors
    return ()


def categories(entry: Fields) -> list[str]:
    """The entry's categories, plain, each once."""
    given = entry.get("tags")
    names = (clean_text(text_of(one, "label") or text_of(one, "term")) for one in (given or []))
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
    """The configured language, else the entry's `xml:lang`, else the feed's."""
    contents = entry.get("content") or []
    details = [*contents, entry.get("title_detail") or {}, entry.get("summary_detail") or {}, reading.feed]
    said = [reading.options.language, *(text_of(one, "language") for one in details)]
    return next(filter(None, map(language_tag, filter(None, said))), None)


def licence_of(entry: Fields, reading: FeedReading) -> tuple[str | None, str]:
    """What the entry says, else the feed, else the source's table."""
    for fields, where in ((entry, "the entry's licence"), (reading.feed, "the feed's licence")):
        said = [text_of(link, "href") for link in fields.get("links") or [] if link.get("rel") == "license"]
        said += [text_of(fields, name) for name in ("license", "dcterms_license")]
        rights = clean_text(text_of(fields, "rights"))
        said += [rights] if parse_licence(rights) else []
        if texts := list(dict.fromkeys(filter(None, said))):
            named = {licence.url if (licence := parse_licence(text)) else text for text in texts}
            return choose_licence(texts[0] if len(named) == 1 else ", ".join(texts), where, reading.rights)
    return choose_licence("", "", reading.rights)


def images_of(entry: Fields, body: str, url: str, rights: Rights) -> tuple[Image, ...]:
    """The pictures beside the entry, then those in its body, each address once; the first beside it is the main one."""
    images: dict[str, Image] = {}
    for address, detail in pictures_beside(entry):
        absolute = absolute_url(address, url)
        if absolute and absolute not in images:
            credit = next((text_of(one, "content") for one in entry.get("media_credit") or []), "")
            width, height = size(detail, "width"), size(detail, "height")
            image = BodyImage(url=absolute, alt="", caption="", width=width, height=height)
            judged = judged_image(image, rights, credit=clean_text(credit), is_main=not images)
            images[absolute] = replace(judged, media_type=text_of(detail, "type") or None)
    for image in images_in(body):
        images.setdefault(image.url, judged_image(image, rights))
    return tuple(images.values())


def pictures_beside(entry: Fields) -> Iterator[tuple[str, Fields]]:
    """Media RSS contents and thumbnails, and enclosures, that are pictures."""
    for one in entry.get("media_content") or []:
        if text_of(one, "medium") == "image" or text_of(one, "type").startswith("image/"):
            yield text_of(one, "url"), one
    for one in entry.get("enclosures") or []:
        if text_of(one, "type").startswith("image/"):
            yield text_of(one, "href"), one
    for one in entry.get("media_thumbnail") or []:
        yield text_of(one, "url"), {}


def size(detail: Fields, name: str) -> int | None:
    """A width or height in pixels, where it is one."""
    text = text_of(detail, name)
    return int(text) if text.isdecimal() and 0 < len(text) < 6 and int(text) else None  # noqa: PLR2004 - five digits
