"""Translations: which post another one translates, by the hreflang links in the code that is injected into it.

    <link rel="alternate" hreflang="en" href="https://news.example.org/the-gold-route/">

One that only names the other is its translation. Where both name each other, the one published first is the original.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import lxml.etree
import lxml.html

from publisher.gather.cleaning.links import absolute_url
from publisher.gather.ghost.api import GhostApi
from publisher.gather.ghost.fields import Post
from publisher.gather.times import read_time
from publisher.gather.wordpress.fields import read_each

FIELDS = "id,url,published_at,codeinjection_head"
AT_ONCE = 50  #: slugs in one question: they make its address longer
SLUG = re.compile(r"[\w-]{1,191}")
FOREVER = datetime.max.replace(tzinfo=UTC)


def read_originals(api: GhostApi, bases: Sequence[str], posts: list[Post]) -> dict[str, str]:
    """The ids of translations among these posts, with the ids of their originals; asks only for what is named."""
    linked = {post.id: set(map(plain_url, translations_in(post))) for post in posts}
    known = {plain_url(post.url): post for post in posts}
    wanted = {slug for urls in linked.values() for url in urls - known.keys() if (slug := slug_in(url))}
    if wanted:
        known |= {plain_url(post.url): post for base in bases for post in ask(api, base, sorted(wanted))}
    originals = {}
    for post in posts:
        others = [known[url] for url in linked[post.id] if url in known and known[url].id != post.id]
        first = min([*others, *([post] if is_named_by(post, others) else [])], key=age, default=post)
        if first.id != post.id:
            originals[post.id] = first.id
    return originals


def translations_in(post: Post) -> Iterator[str]:
    """The addresses that a post names as itself in other languages, on its own site."""
    if "hreflang" not in post.codeinjection_head.casefold():
        return
    try:
        head = lxml.html.document_fromstring(f"<meta charset=utf-8>{post.codeinjection_head}".encode())
    except (lxml.etree.ParserError, ValueError):
        return
    for link in head.iter("link"):
        is_alternate = "alternate" in link.get("rel", "").casefold().split()
        names_language = link.get("hreflang", "") not in {"", "x-default"}
        url = absolute_url(link.get("href", ""), post.url) if is_alternate and names_language else None
        if url and urlsplit(url).netloc == urlsplit(post.url).netloc and plain_url(url) != plain_url(post.url):
            yield url


def is_named_by(post: Post, others: list[Post]) -> bool:
    """Whether any of the others names this post as its translation, too."""
    return any(plain_url(post.url) in map(plain_url, translations_in(other)) for other in others)


def ask(api: GhostApi, base: str, slugs: list[str]) -> Iterator[Post]:
    """Posts by their slugs, with what is needed to tell which came first."""
    for start in range(0, len(slugs), AT_ONCE):
        named = ",".join(f"'{slug}'" for slug in slugs[start : start + AT_ONCE])
        for piece in api.pieces(base, {"filter": f"slug:[{named}]", "fields": FIELDS}):
            yield from read_each(Post, piece.items)


def age(post: Post) -> tuple[datetime, str]:
    """The order of publication."""
    return read_time(post.published_at) or FOREVER, post.id


def plain_url(url: str) -> str:
    """An address to compare: without the last slash, and decoded."""
    return unquote(url).rstrip("/")


def slug_in(url: str) -> str:
    """The slug that the post at an address most likely has; empty where there is none that can be asked for."""
    slug = plain_url(urlsplit(url).path).rpartition("/")[2]
    return slug if SLUG.fullmatch(slug) else ""
