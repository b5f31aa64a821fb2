"""A post or page of Ghost as an article of ours, or the reason why it cannot be one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from publisher.gather.cleaning.body_limits import fault_of_body
from publisher.gather.cleaning.clean import BodyImage, clean_html, clean_text, images_in, summarise
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.ghost.cards import holds_members_block, holds_paywall, without_chrome
from publisher.gather.ghost.fields import Author, Post
from publisher.gather.ghost.rights import PageLicence, licence_of, original_elsewhere
from publisher.gather.ghost.tags import file_post
from publisher.gather.names import author_terms
from publisher.gather.rights import Rights, judged_image
from publisher.gather.source import Refusal
from publisher.gather.times import read_time, time_notes
from publisher.gather.wordpress.fields import read_each
from publisher.model.article import Image, Kind, SourceArticle, SourceTerm
from publisher.settings import SourceOptions

#: What Ghost calls a post whose title is empty.
UNTITLED = "(Untitled)"
#: Ghost's address for what none of its routes leads to.
NOWHERE = "/404/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to read a piece of posts."""

    base: str  #: posts or pages
    options: SourceOptions
    rights: Rights
    language: str  #: where a post does not say
    own_hosts: frozenset[str]  #: without `www.`; a canonical address elsewhere is another's
    originals: Mapping[str, str]  #: id of a translation → id of its original
    page_licence: PageLicence
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
            url=str(given.get("url", ""))[:1000],
            title="",
            reason=f"is not what Ghost answers for a post ({faults})",
        )


def why_closed(post: Post) -> str:
    """Why the text of a post is not for everybody; empty when it is."""
    if post.visibility and post.visibility != "public":
        return f"is for members only (visibility {post.visibility[:40]})"
    if not (post.visibility and post.access):
        return "is for members only, or does not say that it is for all"
    return "holds a block that is for members only" if holds_members_block(post.html) else ""


def to_article(post: Post, reading: Reading) -> SourceArticle | Refusal:
    """The article, or why it cannot be taken; only for posts that are open (`why_closed`)."""
    title = clean_text(post.title)
    title = "" if title == UNTITLED else title
    published = read_time(post.published_at)
    cleaned = clean_html(without_chrome(post.html), post.url, drop=reading.options.drop)
    fault = "has no title" if not title else fault_of_body(cleaned.html)
    if post.tags is None or post.authors is None:  # they may say that it must not be republished
        fault = "came without its tags and authors"
    # Only checked, then kept byte for byte: it is the address that readers see and partners link to.
    if absolute_url(post.url, post.url) is None or urlsplit(post.url).path.endswith(NOWHERE):
        fault = "has no address of its own"
    if published is None:
        fault = f"its date cannot be read ({post.published_at[:40]!r})"
    if fault or published is None:
        return Refusal(key=post.id, url=post.url, title=title, reason=fault)
    filed = file_post(post, reading.base, reading.options)
    authors, author_notes = authors_of(post)
    original = original_elsewhere(post, reading.own_hosts)
    licence, why = licence_of(post, reading.options, reading.rights, reading.page_licence)
    if original:
        licence, why = None, f"another's article: its canonical address is {original[:200]}"
    unsaid = reading.options.language and not filed.language
    language_notes = (f"its language is not said: taken as {reading.language}",) if unsaid else ()
    paywall_notes = ("a paywall was put into it, but Ghost shows it to all",) if holds_paywall(post.html) else ()
    return SourceArticle(
        key=post.id,
        url=post.url,
        title=title,
        kind=filed.kind,
        language=filed.language or reading.language,
        content_html=cleaned.html,
        summary=clean_text(post.custom_excerpt) or summarise(cleaned.html),
        published=published,
        modified=read_time(post.updated_at),
        authors=authors,
        section=filed.section,
        countries=filed.countries,
        topics=filed.topics,
        licence=licence,
        licence_why=why,
        rights_holder="" if original else reading.rights.holder,
        images=images_of(post, cleaned.html, reading.rights),
        translation_of=reading.originals.get(post.id),
        # A page is part of the site ("Donate"), no article, unless it is news of the organization.
        no_republish=filed.no_republish or (reading.base == "pages" and filed.kind is not Kind.UPDATE),
        notes=(*cleaned.notes, *author_notes, *language_notes, *paywall_notes, *time_notes(published, reading.now)),
    )


def authors_of(post: Post) -> tuple[tuple[SourceTerm, ...], tuple[str, ...]]:
    """Who wrote it, in the editor's order."""
    authors: dict[str, SourceTerm] = {}
    for author in read_each(Author, post.authors):
        for term in author_terms([author.name]):
            own = SourceTerm(name=term.name, key=term.key, slug=author.slug or None, url=author.url or None)
            authors.setdefault(term.key, own)
    return tuple(authors.values()), () if authors else ("the site does not say who wrote it",)


def images_of(post: Post, body: str, rights: Rights) -> tuple[Image, ...]:
    """The post's own picture and those of its body, each address once."""
    images: dict[str, Image] = {}
    inner = images_in(body)
    if post.feature_image and (url := absolute_url(post.feature_image, post.url)):
        same = next((image for image in inner if image.url == url), None)
        caption, alt = clean_text(post.feature_image_caption), clean_text(post.feature_image_alt)
        image = BodyImage(url=url, alt=alt, caption=caption, width=None, height=None)
        if same:  # Ghost tells the size of a picture only where it stands in a text
            alt, caption = alt or same.alt, caption or same.caption
            image = replace(same, alt=alt, caption=caption)
        images[url] = judged_image(image, rights, is_main=True)
    for image in inner:
        images.setdefault(image.url, judged_image(image, rights))
    return tuple(images.values())
