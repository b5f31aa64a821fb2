"""What the terms of a post mean: section, countries, topics, language, and whether it is an update.

The options' syntax, one field each:

| written                     | is                                                               |
|-----------------------------|------------------------------------------------------------------|
| `category`, `tag`           | the terms of that taxonomy                                       |
| `taxonomy:NAME`             | the terms of another one                                         |
| `category:SLUG`             | the terms below that one (countries); it and those below (updates)|
| `tag-prefix:P`              | the tags whose slug or name begins with P, without it            |
| `none`                      | nothing                                                          |

A term that stands for a country, the language or the updates is neither a section nor a topic.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from publisher.gather.clean import clean_text
from publisher.gather.names import language_tag
from publisher.gather.wordpress_fields import Post, Term, embedded_terms, read_meta
from publisher.model.article import Kind, SourceTerm
from publisher.settings import SourceOptions

TAXONOMIES = {"category": "category", "tag": "post_tag"}
#: WordPress files under this what nobody filed: it says nothing. Its name is translated when the site is installed.
UNFILED = frozenset({"uncategorized", "sin-categoria", "sem-categoria", "non-classe", "uncategorised"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The categories of a site, those without posts too."""

    terms: Mapping[int, Term]

    def below(self, slug: str) -> frozenset[int]:
        """The ids of a category and of all below it; empty when there is none of that slug."""
        found = {term.id for term in self.terms.values() if term.slug == slug}
        while more := {term.id for term in self.terms.values() if term.parent in found} - found:
            found |= more
        return frozenset(found)

    def ids(self, slug: str) -> frozenset[int]:
        """The category alone."""
        return frozenset(term.id for term in self.terms.values() if term.slug == slug)

    def depth(self, term: Term) -> int:
        """How many categories stand above one."""
        above, current = 0, self.terms.get(term.id)
        while current and current.parent and above < len(self.terms):
            above, current = above + 1, self.terms.get(current.parent)
        return above


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a post is filed, in our words."""

    kind: Kind
    language: str | None
    section: SourceTerm | None
    countries: tuple[SourceTerm, ...]
    topics: tuple[SourceTerm, ...]


def file_post(post: Post, base: str, options: SourceOptions, tree: Tree) -> Filed:
    """Reads the terms of a post of the type with that REST base."""
    terms = [term for group in embedded_terms(post) for term in group]
    countries = pick(terms, options.countries or "none", tree)
    spoken = language_terms(terms, options.language)
    taken = {term.id for term in countries + spoken} | set(reserved(options, tree))
    free = [term for term in terms if term.id not in taken and term.slug not in UNFILED]
    sections = pick(free, options.section or "category", tree)
    sections.sort(key=lambda term: section_rank(term, post, tree))
    topics = [term for term in pick(free, options.topics or "tag", tree) if term not in sections[:1]]
    return Filed(
        kind=kind_of(base, post, terms, options, tree),
        language=language_of(post, spoken, options.language),
        section=as_term(sections[0], options.section) if sections else None,
        countries=tuple(as_term(term, options.countries) for term in countries),
        topics=tuple(as_term(term, options.topics) for term in topics),
    )


def needs_tree(options: SourceOptions) -> bool:
    """Whether the options name a category, so that what lies below it must be known."""
    return any(
        rule.startswith("category:") for rule in (*options.updates, options.countries, options.section, options.topics)
    )


def missing_terms(options: SourceOptions, tree: Tree) -> list[str]:
    """Categories that the options name and the site does not have."""
    rules = (*options.updates, options.countries, options.section, options.topics)
    slugs = [rule.partition(":")[2] for rule in rules if rule.startswith("category:")]
    return [slug for slug in dict.fromkeys(slugs) if not tree.ids(slug)]


def pick(terms: Iterable[Term], rule: str, tree: Tree) -> list[Term]:
    """The terms that a rule names, in the order of the site."""
    what, _, name = rule.partition(":")
    match what:
        case "category" if name:
            below = tree.below(name) - tree.ids(name)
            return [term for term in terms if term.id in below]
        case "category" | "tag":
            return [term for term in terms if term.taxonomy == TAXONOMIES[what]]
        case "taxonomy":
            return [term for term in terms if term.taxonomy == TAXONOMIES.get(name, name)]
        case "tag-prefix":
            tags = [term for term in terms if term.taxonomy == "post_tag"]
            return [term for term in tags if begins(term, name)]
        case _:  # `none`; a rule that is no rule is a fault of the configuration, named before anything is fetched
            return []


def begins(term: Term, prefix: str) -> bool:
    """Whether a tag has a prefix, in its slug or its name (`#es` has the slug `es`)."""
    return any(text.casefold().startswith(prefix.casefold()) for text in (term.slug, clean_text(term.name)))


def as_term(term: Term, rule: str) -> SourceTerm:
    """A term of WordPress as ours; the prefix that marks it is no part of its name."""
    slug = plain_slug(term.slug)
    name = clean_text(term.name) or slug
    if rule.startswith("tag-prefix:"):
        prefix = rule.partition(":")[2].casefold()
        name, slug = (text[len(prefix) :] if text.casefold().startswith(prefix) else text for text in (name, slug))
    return SourceTerm(name=name or term.name, key=str(term.id), slug=slug or None, url=term.link or None)


def plain_slug(slug: str) -> str:
    """A slug in letters: WordPress stores those beyond ASCII percent-encoded, and hex digits are no name.

    >>> plain_slug("%e5%ae%89%e5%85%a8")
    '安全'
    """
    return unquote(slug)


def section_rank(term: Term, post: Post, tree: Tree) -> tuple[int, bool, int]:
    """The deepest category first; of equals the one in the post's address, then the oldest."""
    return -tree.depth(term), term.slug not in urlsplit(post.link).path.split("/"), term.id


def language_terms(terms: list[Term], rule: str) -> list[Term]:
    """The terms that say the language."""
    return pick(terms, rule, Tree(terms={})) if rule.startswith(("taxonomy:", "tag-prefix:")) else []


def language_of(post: Post, terms: list[Term], rule: str) -> str | None:
    """The language of a post; None when it does not say."""
    if rule.startswith("meta:"):
        return language_tag(read_meta(post, rule.partition(":")[2]))
    if terms:
        term = as_term(terms[0], rule)
        return language_tag(term.slug or "") or language_tag(term.name)
    return language_tag(rule) if ":" not in rule else None


def kind_of(base: str, post: Post, terms: list[Term], options: SourceOptions, tree: Tree) -> Kind:
    """An update, if any rule says so."""
    for rule in options.updates:
        what, _, name = rule.partition(":")
        if what == "type" and name in {base, post.type}:
            return Kind.UPDATE
        if what == "category" and any(term.id in tree.below(name) for term in terms):
            return Kind.UPDATE
        if what == "tag" and any(term.taxonomy == "post_tag" and term.slug == name for term in terms):
            return Kind.UPDATE
    return Kind.STORY


def reserved(options: SourceOptions, tree: Tree) -> Iterable[int]:
    """Categories that are no section: the updates' and the countries', with all that stands below them."""
    for rule in (*options.updates, options.countries):
        if rule.startswith("category:"):
            yield from tree.below(rule.partition(":")[2])
