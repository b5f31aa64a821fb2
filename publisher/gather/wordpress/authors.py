"""Who wrote a post: the byline by the option's rule, else what a plugin for several authors shows, else its user.

| plugin               | shows, in the order of the byline                                                           |
|----------------------|---------------------------------------------------------------------------------------------|
| Co-Authors Plus      | terms of the taxonomy `author` that are named by logins; a route of its own tells the names |
| PublishPress Authors | `authors`: a list with `display_name`; terms of the taxonomy `author`, named by names       |
| Authorship           | `_embedded["wp:authorship"]`: users                                                         |
| Molongui             | nothing: the site has to put its byline into a field (docs/sources.md)                      |

The name is what an author is known by, so that the same person as a user, a guest and in a byline is one author.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from publisher.gather.fetching.fetch import FetchError
from publisher.gather.names import author_terms, split_byline
from publisher.gather.wordpress.api import TOO_MANY, WordPressApi
from publisher.gather.wordpress.fields import Post, Term, User, embedded_terms, read_each
from publisher.gather.wordpress.meta import key_of, read_names
from publisher.gather.wordpress.terms import plain_slug
from publisher.model.article import SourceTerm

AUTHORS = "author"  #: the taxonomy of both plugins
LOGIN_MARK = "cap-"  #: how the slugs of Co-Authors Plus begin: its terms are named by logins
NICENAME = re.compile(r"[\w-]{1,100}", re.ASCII)
ROUTE = "/coauthors/v1/coauthors"

Authors = tuple[SourceTerm, ...]


class CoAuthors:
    """The authors of Co-Authors Plus, each asked for once in a visit."""

    def __init__(self, api: WordPressApi) -> None:
        self._api = api
        self._known: dict[str, SourceTerm | None] = {}

    def find(self, nicename: str) -> SourceTerm | None:
        """An author by the name in addresses; None where the site does not tell."""
        if nicename not in self._known:
            is_part_of_address = NICENAME.fullmatch(nicename)
            self._known[nicename] = as_author(self._ask(f"{ROUTE}/{nicename}", {})) if is_part_of_address else None
        return self._known[nicename]

    def find_all(self, post: Post) -> list[SourceTerm | None]:
        """All authors of a post at once, for names that cannot stand in an address."""
        people = self._ask(ROUTE, {"post_id": post.id})
        return [as_author(one) for one in people] if isinstance(people, list) else []

    def _ask(self, route: str, query: dict[str, int]) -> Any:  # noqa: ANN401 - JSON
        try:
            return self._api.try_get(route, query).data
        except FetchError as error:
            # Older versions have no such route, and a broken one costs a name, not the article.
            if error.status is None or error.status == TOO_MANY:
                raise self._api.failed(error) from error
            return None


def authors_of(post: Post, rule: str, coauthors: CoAuthors) -> tuple[Authors, tuple[str, ...]]:
    """The authors, and what is to be noted about them."""
    for authors in ways(post, rule, coauthors):
        if authors:
            return authors, ()
    users = users_in(post, "author") or named_by_seo(post)
    logins = [term.name for term in author_marks(post) if is_login(term)]
    if logins:
        return users, (f"the site tells only the logins of its authors ({', '.join(logins)}): update Co-Authors Plus",)
    return users, () if users else ("the site does not say who wrote it",)


def ways(post: Post, rule: str, coauthors: CoAuthors) -> Iterator[Authors]:
    """The places that tell more than who the user is; the first that tells something decides."""
    what, _, name = rule.partition(":")
    if key := key_of(rule):
        yield once(author for text in read_names(post, key, {}) for author in split_byline(text))
    if what == "taxonomy":
        yield once(map(term_as_author, terms_of(post, name)))
    yield once(map(as_author, listed_authors(post)))
    yield users_in(post, "wp:authorship")
    yield once(marked_authors(post, coauthors))


def marked_authors(post: Post, coauthors: CoAuthors) -> list[SourceTerm | None]:
    """The terms of the plugins' taxonomy as authors; none of them where one cannot be named."""
    users = {user.slug: as_author(user.model_dump()) for user in read_each(User, post.embedded.get("author"))}
    found = []
    for term in author_marks(post):
        nicename = term.slug.removeprefix(LOGIN_MARK)
        by_login = users.get(nicename) or coauthors.find(nicename) if is_login(term) else None
        found.append(by_login if is_login(term) else term_as_author(term))
    if None in found:
        found = coauthors.find_all(post)
    return [] if None in found else found


def author_marks(post: Post) -> list[Term]:
    """The terms of the taxonomy that both plugins use, in the order of the byline."""
    # The post lists them in that order under the taxonomy's REST base; what is embedded may be sorted by name.
    order = next(filter(None, (listed(post, base) for base in ("coauthors", "ppma_author"))), [])
    places = {id_: place for place, id_ in enumerate(order) if isinstance(id_, int)}
    return sorted(terms_of(post, AUTHORS), key=lambda term: places.get(term.id, len(places)))


def is_login(term: Term) -> bool:
    """Whether a term is named by a login, which is nobody's name."""
    return term.slug.startswith(LOGIN_MARK)


def terms_of(post: Post, taxonomy: str) -> list[Term]:
    """The terms of one taxonomy."""
    return [term for group in embedded_terms(post) for term in group if term.taxonomy == taxonomy]


def listed_authors(post: Post) -> list[dict[str, Any]]:
    """The people in a list beside the post, where it does not hold ids; with the pages that the site has of them."""
    people = next((found for name in ("authors", "coauthors") if (found := listed(post, name))), [])
    pages = {term.slug: term.link for term in terms_of(post, AUTHORS)}
    return [{"link": pages.get(str(one.get("slug"))), **one} for one in people if isinstance(one, dict)]


def listed(post: Post, name: str) -> list[Any]:
    """A list that a plugin put beside the post."""
    value = (post.model_extra or {}).get(name)
    return value if isinstance(value, list) else []


def users_in(post: Post, place: str) -> Authors:
    """The users who are embedded, as far as the site shows its users."""
    return once(as_author(user.model_dump()) for user in read_each(User, post.embedded.get(place)))


def named_by_seo(post: Post) -> Authors:
    """The name that Yoast SEO puts into the head of the page: sites that hide their users show it there."""
    head = (post.model_extra or {}).get("yoast_head_json")
    name = head.get("author") if isinstance(head, dict) else None
    return author_terms([name]) if isinstance(name, str) else ()


def as_author(fields: Any) -> SourceTerm | None:  # noqa: ANN401 - JSON
    """A user, or a person of a plugin, as an author; None for what is none."""
    given = fields if isinstance(fields, dict) else {}
    texts = {key: text for key, text in given.items() if isinstance(text, str)}
    name = texts.get("display_name") or texts.get("name") or ""
    slug = texts.get("user_nicename") or texts.get("slug") or ""
    for term in author_terms([name]):
        return replace(term, slug=plain_slug(slug) or None, url=texts.get("link") or None)
    return None


def term_as_author(term: Term) -> SourceTerm | None:
    """A term as an author."""
    return as_author({"name": term.name, "slug": term.slug, "link": term.link})


def once(authors: Iterable[SourceTerm | None]) -> Authors:
    """Each author once, by name."""
    return tuple({author.key: author for author in authors if author}.values())
