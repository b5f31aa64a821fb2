"""A post of WordPress as an article of ours, or the reason why it cannot be one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from publisher.gather.cleaning.body_limits import fault_of_body
from publisher.gather.cleaning.clean import clean_html, clean_text, summarise
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.rights import Rights, choose_licence
from publisher.gather.source import Refusal
from publisher.gather.times import read_time, time_notes
from publisher.gather.wordpress.authors import CoAuthors, authors_of
from publisher.gather.wordpress.fields import Post
from publisher.gather.wordpress.languages import original_beside
from publisher.gather.wordpress.media import Library, images_of
from publisher.gather.wordpress.meta import key_of, read_id, read_meta, read_texts
from publisher.gather.wordpress.republish import Zone, bounds_of
from publisher.gather.wordpress.terms import Tree, file_post
from publisher.model.article import Correction, SourceArticle
from publisher.settings import SourceOptions

#: How WordPress ends an excerpt that it made itself, which is only the first 55 words.
CUT = re.compile(r"\s*\[?(?:…|\.\.\.|&hellip;)\]?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to read a piece of posts."""

    base: str  #: the REST base of their type
    options: SourceOptions
    tree: Tree
    library: Library
    rights: Rights
    language: str  #: where a post does not say
    page_licence: Callable[[str], str]  #: the licence that an article's page names, asked for when it is needed
    coauthors: CoAuthors
    zone: Zone  #: the site's own, asked for when it is needed
    now: datetime


def read_post(raw: object) -> Post | Refusal:
    """The fields of a post."""
    try:
        return Post.model_validate(raw)
    except ValidationError as error:
        given = raw if isinstance(raw, dict) else {}
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        return Refusal(
            key=str(given.get("id", "?"))[:100],
            url=str(given.get("link", ""))[:1000],
            title="",
            reason=f"is not what WordPress answers for a post ({faults})",
        )


def to_article(post: Post, reading: Reading) -> SourceArticle | Refusal:
    """The article, or why it cannot be taken."""
    title = clean_text(post.title.rendered)
    # Only checked, then kept byte for byte: it is the address that readers see and partners link to.
    url = absolute_url(post.link, post.link)
    published = read_time(post.date_gmt)
    cleaned = clean_html(post.content.rendered, post.link, drop=reading.options.drop)
    fault = "has no title" if not title else fault_of_body(cleaned.html)
    if url is None:
        fault = "has no address of its own"
    if published is None:
        fault = f"its date cannot be read ({post.date_gmt[:40]!r})"
    if fault or published is None:
        return Refusal(key=str(post.id), url=post.link, title=title, reason=fault)
    filed = file_post(post, reading.base, reading.options, reading.tree)
    authors, author_notes = authors_of(post, reading.options.byline, reading.coauthors)
    licence, why = licence_of(post, reading)
    bounds = bounds_of(post, reading.options, reading.tree, reading.zone)
    unsaid = reading.options.language and not filed.language
    language_notes = (f"its language is not said: taken as {reading.language}",) if unsaid else ()
    return SourceArticle(
        key=str(post.id),
        url=post.link,
        title=title,
        kind=filed.kind,
        language=filed.language or reading.language,
        content_html=cleaned.html,
        summary=summary_of(post, cleaned.html),
        published=published,
        modified=read_time(post.modified_gmt),
        authors=authors,
        section=filed.section,
        countries=filed.countries,
        topics=filed.topics,
        licence=licence,
        licence_why=why,
        rights_holder=reading.rights.holder,
        images=images_of(post, cleaned.html, reading.library, key_of(reading.options.credit), reading.rights),
        corrections=corrections_of(post, key_of(reading.options.correction)),
        translation_of=original_of(post, reading),
        no_republish=bounds.no_republish,
        embargo_until=bounds.embargo_until,
        notes=(*cleaned.notes, *author_notes, *language_notes, *bounds.notes, *time_notes(published, reading.now)),
    )


def licence_of(post: Post, reading: Reading) -> tuple[str | None, str]:
    """The licence by the option's rule; a value that is there decides, known or not."""
    rule = reading.options.licence
    if rule == "link":
        return choose_licence(reading.page_licence(post.link), "rel=license of its page", reading.rights)
    key = key_of(rule)
    return choose_licence(read_meta(post, key) if key else "", f"its field {key}", reading.rights)


def summary_of(post: Post, body: str) -> str:
    """The excerpt that an editor wrote; WordPress's own is only the beginning, which we cut better."""
    excerpt = clean_text(post.excerpt.rendered)
    return excerpt if excerpt and not CUT.search(excerpt) else summarise(body)


def corrections_of(post: Post, key: str) -> tuple[Correction, ...]:
    """The corrections that stand in a field, dated by the last change of the post: WordPress keeps no other date."""
    texts = read_texts(post, key) if key else []
    changed = post.modified or post.modified_gmt or post.date_gmt
    return tuple(Correction(date=date.fromisoformat(changed[:10]), text=text) for text in texts if read_time(changed))


def original_of(post: Post, reading: Reading) -> str | None:
    """The id of the post that this one translates: by the option's field, else by what a plugin for languages says."""
    key = key_of(reading.options.translation_of)
    if not key:
        return original_beside(post, reading.language)
    found = read_id(post, key)
    return found if found and int(found) != post.id else None
