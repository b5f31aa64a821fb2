"""What the terms and fields of a post mean: section, countries, topics, language, and whether it is an update.

The options' syntax, one field each:

| written                     | is                                                               |
|-----------------------------|------------------------------------------------------------------|
| `category`, `tag`           | the terms of that taxonomy                                       |
| `taxonomy:NAME`             | the terms of another one                                         |
| `category:SLUG`             | the terms below that one (countries); it and those below (updates)|
| `tag:SLUG`                  | that tag (updates, no_republish)                                 |
| `tag-prefix:P`              | the tags whose slug or name begins with P, without it            |
| `meta:KEY`                  | what stands in a custom field                                    |
| `none`                      | nothing                                                          |

A term that stands for a country, the language, the updates or a ban on republishing is neither a section nor a topic.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.names import language_tag
from publisher.gather.wordpress.fields import Post, Term, embedded_terms
from publisher.gather.wordpress.languages import language_beside
from publisher.gather.wordpress.meta import key_of, read_meta, read_names
from publisher.model.article import Kind, SourceTerm
from publisher.settings import SourceOptions

TAXONOMIES = {"category": "category", "tag": "post_tag"}
#: WordPress files under this what nobody filed: it says nothing. Its name is translated when the site is installed.
UNFILED = frozenset({"uncategorized", "sin-categoria", "sem-categoria", "non-classe", "uncategorised"})
#: What parts the names in a field that holds one text.
BETWEEN = re.compile(r"\s*[,;|]\s*")


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
    """Reads the terms and fields of a post of the type with that REST base."""
    terms = [term for group in embedded_terms(post) for term in group]
    countries = pick(terms, options.countries or "none", tree)
    spoken = language_terms(terms, options.language)
    taken = {term.id for term in countries + spoken + reserved(terms, options, tree)}
    free = [term for term in terms if term.id not in taken and term.slug not in UNFILED]
    sections = sorted(pick(free, options.section or "category", tree), key=lambda term: section_rank(term, post, tree))
    section = next(iter(placed(post, sections[:1], options.section)), None)
    topics = pick(free, options.topics or "tag", tree)
    return Filed(
        kind=kind_of(base, post, terms, options, tree),
        language=language_of(post, spoken, options.language),
        section=section,
        countries=placed(post, countries, options.countries),
        topics=tuple(one for one in placed(post, topics, options.topics) if one != section),
    )


def placed(post: Post, terms: list[Term], rule: str) -> tuple[SourceTerm, ...]:
    """Picked terms as ours, or what a field of the post names."""
    key = key_of(rule)
    if not key:
        return tuple(as_term(term, rule) for term in terms)
    own = {term.id: clean_text(term.name) for group in embedded_terms(post) for term in group}
    names = read_names(post, key, own)
    names = BETWEEN.split(names[0]) if len(names) == 1 else names
    return tuple(SourceTerm(name=name, key=name) for name in dict.fromkeys(filter(None, names)))


def category_rules(options: SourceOptions) -> list[str]:
    """The slugs of the categories that options name."""
    rules = (*options.updates, options.countries, options.section, options.topics, options.no_republish)
    return [rule.partition(":")[2] for rule in rules if rule.startswith("category:")]


def missing_terms(options: SourceOptions, tree: Tree) -> list[str]:
    """Categories that the options name and the site does not have."""
    return [slug for slug in dict.fromkeys(category_rules(options)) if not tree.ids(slug)]


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
        case _:  # `none`, or a field; what is no rule is a fault of the configuration, named before anything is fetched
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
    """The language of a post; None when it does not say. Without a rule, what a plugin for languages says."""
    if key := key_of(rule):
        return language_tag(read_meta(post, key))
    if terms:
        term = as_term(terms[0], rule)
        return language_tag(term.slug or "") or language_tag(term.name)
    if not rule:
        return language_beside(post)
    return language_tag(rule) if ":" not in rule else None


def kind_of(base: str, post: Post, terms: list[Term], options: SourceOptions, tree: Tree) -> Kind:
    """An update, if any rule says so."""
    for rule in options.updates:
        what, _, name = rule.partition(":")
        if (what == "type" and name in {base, post.type}) or is_filed_under(terms, rule, tree):
            return Kind.UPDATE
    return Kind.STORY


def is_filed_under(terms: Iterable[Term], rule: str, tree: Tree) -> bool:
    """Whether one of the terms is the tag of a rule `tag:SLUG`, or the category of `category:SLUG` or one below it."""
    return bool(marks(terms, rule, tree))


def marks(terms: Iterable[Term], rule: str, tree: Tree) -> list[Term]:
    """The terms that such a rule means."""
    what, _, name = rule.partition(":")
    if what == "category" and name:
        below = tree.below(name)
        return [term for term in terms if term.id in below]
    if what == "tag" and name:
        return [term for term in terms if term.taxonomy == "post_tag" and plain_slug(term.slug) == name]
    return []


def reserved(terms: list[Term], options: SourceOptions, tree: Tree) -> list[Term]:
    """The terms that mark an update, a country or a ban, with those that stand above countries."""
    rules = (*options.updates, options.countries, options.no_republish)
    return [term for rule in rules for term in marks(terms, rule, tree)]
