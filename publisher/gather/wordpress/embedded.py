"""What WordPress embeds, made whole: it embeds the first ten terms of each taxonomy and leaves the others out."""

import re

from publisher.gather.wordpress.api import WordPressApi
from publisher.gather.wordpress.fields import Post, embedded_terms

#: The REST base in `https://news.example.org/wp-json/wp/v2/tags?post=7`, and with `?rest_route=` too.
BASE = re.compile(r"/wp/v2/([\w-]+)[?&]post=")


def with_all_terms(api: WordPressApi, post: Post) -> Post:
    """The post with all its terms, asked for where some are missing."""
    groups = post.embedded.get("wp:term")
    if not isinstance(groups, list):
        return post
    whole = list(groups)
    for number, (terms, base) in enumerate(zip(embedded_terms(post), term_bases(post), strict=False)):
        ids = (post.model_extra or {}).get(base)
        if isinstance(ids, list) and len(ids) > len(terms):
            whole[number] = [one for piece in api.pieces(f"/wp/v2/{base}", {"post": post.id}) for one in piece.items]
    return post if whole == groups else post.model_copy(update={"embedded": {**post.embedded, "wp:term": whole}})


def term_bases(post: Post) -> list[str]:
    """The REST base of each taxonomy, in the order in which its terms are embedded."""
    links = post.links.get("wp:term")
    hrefs = [str(link.get("href", "")) for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    found = (BASE.search(href.replace("%2F", "/")) for href in hrefs)
    return [match[1] if match else "" for match in found]
