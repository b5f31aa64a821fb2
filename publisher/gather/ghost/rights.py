"""Under which licence a post of a Ghost is, as far as the post says: a tag, its code injection, or its page.

The option is one rule or several, parted by commas; the first that finds something decides.

| written             | is                                                                                 |
|---------------------|------------------------------------------------------------------------------------|
| `codeinjection`     | rel=license in the code that is injected into the post                             |
| `link`              | rel=license of the post's page: one more request for each                          |
| `tag-prefix:P`      | a tag that begins with P and is a licence: `#cc-by-4.0` for `tag-prefix:#cc-`      |
| `tag:SLUG=LICENCE`  | that licence, for posts with that tag                                              |
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.ghost.fields import Post, Tag
from publisher.gather.ghost.tags import is_named, licence_rules, pick, rest_of, slug_in, tags_of, without_mark
from publisher.gather.pages.licence import licence_in
from publisher.gather.rights import Rights, choose_licence
from publisher.licensing.licences import RESERVED, parse_licence
from publisher.settings import SourceOptions

PageLicence = Callable[[str], str]


def licence_of(post: Post, options: SourceOptions, rights: Rights, page_licence: PageLicence) -> tuple[str | None, str]:
    """The canonical URL of the post's licence, if it may be republished at all, and why so or why not."""
    for rule in licence_rules(options):
        value, where = read_rule(post, rule, page_licence)
        if value:
            return choose_licence(value, where, rights)
    # The default is for what says nothing, and such a mark says something.
    if mark := next((tag for tag in tags_of(post) if is_named(tag, slug_in(options.no_republish))), None):
        return choose_licence(RESERVED, f"its tag {mark.name}", rights)
    return choose_licence("", "", rights)


def read_rule(post: Post, rule: str, page_licence: PageLicence) -> tuple[str, str]:
    """What one rule finds in a post, and where; empty when it finds nothing."""
    what, _, rest = rule.partition(":")
    match what:
        case "codeinjection":
            injected = f"{post.codeinjection_head}\n{post.codeinjection_foot}"
            return licence_in(injected.encode(), post.url), "rel=license in its code injection"
        case "link":
            return page_licence(post.url), "rel=license of its page"
        case "tag":
            marked = [tag for tag in tags_of(post) if is_named(tag, slug_in(rule))]
            return rest.partition("=")[2] if marked else "", f"its tag {marked[0].name if marked else ''}"
        case _:
            tags = pick(tags_of(post), rule)
            values = [licence_in_tag(tag, rest) for tag in tags]
            return ", ".join(dict.fromkeys(values)), f"its tag {', '.join(tag.name for tag in tags)}"


def licence_in_tag(tag: Tag, prefix: str) -> str:
    """A tag as a licence: without its prefix where that makes one (`licence:CC-BY-4.0`), else as it stands."""
    name = clean_text(tag.name)
    rest = rest_of(tag, name, prefix)
    return rest if parse_licence(rest) else without_mark(name)


def original_elsewhere(post: Post, own_hosts: frozenset[str]) -> str | None:
    """The address of the original, where the post says that it is a copy of what stands on another's site."""
    url = absolute_url(post.canonical_url, post.url) if post.canonical_url else None
    return url if url and plain_host(url) not in own_hosts else None


def plain_host(url: str) -> str:
    """The host of an address, without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
