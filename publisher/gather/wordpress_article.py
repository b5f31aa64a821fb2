"""A post of WordPress as an article of ours, or the reason why it cannot be one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from publisher.gather.body_limits import fault_of_body
from publisher.gather.clean import clean_html, clean_text, summarise
from publisher.gather.links import absolute_url
from publisher.gather.names import author_terms, split_byline
from publisher.gather.rights import Rights, choose_licence
from publisher.gather.source import Refusal
from publisher.gather.times import read_time, time_notes
from publisher.gather.wordpress_fields import Post, User, embedded_terms, read_each, read_meta
from publisher.gather.wordpress_media import Library, images_of
from publisher.gather.wordpress_terms import Tree, file_post, plain_slug
from publisher.model.article import Correction, SourceArticle, SourceTerm
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
    cleaned = clean_html(post.content.rendered, post.link)
    fault = "has no title" if not title else fault_of_body(cleaned.html)
    if url is None:
        fault = "has no address of its own"
    if published is None:
        fault = f"its date cannot be read ({post.date_gmt[:40]!r})"
    if fault or published is None:
        return Refusal(key=str(post.id), url=post.link, title=title, reason=fault)
    filed = file_post(post, reading.base, reading.options, reading.tree)
    authors, author_notes = authors_of(post, reading.options.byline)
    licence, why = licence_of(post, reading)
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
        translation_of=original_of(post, key_of(reading.options.translation_of)),
        notes=(*cleaned.notes, *author_notes, *language_notes, *time_notes(published, reading.now)),
    )


def authors_of(post: Post, rule: str) -> tuple[tuple[SourceTerm, ...], tuple[str, ...]]:
    """The byline, where there is one; else the users who wrote it, as far as the site shows its users."""
    what, _, name = rule.partition(":")
    if what == "meta" and (authors := split_byline(read_meta(post, name))):
        return authors, ()
    if what == "taxonomy":
        terms = [term for group in embedded_terms(post) for term in group]
        if authors := author_terms([term.name for term in terms if term.taxonomy == name]):
            return authors, ()
    users = read_each(User, post.embedded.get("author"))
    authors = tuple(
        SourceTerm(name=term.name, key=term.key, slug=plain_slug(user.slug) or None, url=user.link or None)
        for user in users
        for term in author_terms([user.name])
    )
    return authors, () if authors else ("the site does not say who wrote it",)


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
    """The correction that stands in a field, dated by the last change of the post: WordPress keeps no other date."""
    text = read_meta(post, key) if key else ""
    changed = post.modified or post.modified_gmt or post.date_gmt
    return (Correction(date=date.fromisoformat(changed[:10]), text=text),) if text and read_time(changed) else ()


def original_of(post: Post, key: str) -> str | None:
    """The id of the post that this one translates."""
    text = read_meta(post, key) if key else ""
    return text if text.isdecimal() and int(text) not in {0, post.id} else None


def key_of(rule: str) -> str:
    """The name of the field in a rule `meta:NAME`."""
    what, _, name = rule.partition(":")
    return name if what == "meta" else ""
