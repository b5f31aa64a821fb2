"""What the tags of a Ghost mean: section, countries, topics, language, updates, what must not be republished.

| written        | is                                                                                       |
|----------------|------------------------------------------------------------------------------------------|
| `primary_tag`  | the first public tag that no other rule claims                                           |
| `tag`          | all public tags that no other rule claims                                                |
| `tag-prefix:P` | the tags whose slug or name begins with P, without it; internal ones with or without `#` |
| `tag:SLUG`     | the tag with that slug or name; an internal one as `#name` or `hash-name`                |
| `none`         | nothing                                                                                  |
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.ghost.fields import Post, Tag
from publisher.gather.names import language_tag
from publisher.gather.wordpress.fields import read_each
from publisher.model.article import Kind, SourceTerm
from publisher.settings import SourceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where a post is filed, in our words."""

    kind: Kind
    language: str | None
    section: SourceTerm | None
    countries: tuple[SourceTerm, ...]
    topics: tuple[SourceTerm, ...]
    no_republish: bool


def tags_of(post: Post) -> list[Tag]:
    """The tags in the editor's order."""
    return read_each(Tag, post.tags)


def file_post(post: Post, base: str, options: SourceOptions) -> Filed:
    """Reads the tags of a post (`base` is `posts`) or a page (`pages`)."""
    tags = tags_of(post)
    countries = pick(tags, options.countries)
    named = [tag for rule in named_rules(options) for tag in tags if is_named(tag, rule)]
    spoken = [tag for tag in pick(tags, options.language) if tag not in named and language_in(tag, options.language)]
    prefixes = [rule for rule in licence_rules(options) if rule.startswith("tag-prefix:")]
    licences = [tag for rule in prefixes for tag in pick(tags, rule)]
    taken = {tag.id for tag in [*countries, *named, *spoken, *licences]}
    free = [tag for tag in tags if tag.id not in taken]
    section = next(iter(pick(free, options.section or "primary_tag")), None)
    topics = [tag for tag in pick(free, options.topics or "tag") if tag != section]
    fixed = language_tag(options.language) if options.language and ":" not in options.language else None
    return Filed(
        kind=kind_of(tags, base, options),
        language=language_in(spoken[0], options.language) if spoken else fixed,
        section=as_term(section, options.section) if section else None,
        countries=tuple(as_term(tag, options.countries) for tag in countries),
        topics=tuple(as_term(tag, options.topics) for tag in topics),
        no_republish=any(is_named(tag, slug_in(options.no_republish)) for tag in tags),
    )


def kind_of(tags: Collection[Tag], base: str, options: SourceOptions) -> Kind:
    """An update, if any rule says so."""
    for rule in options.updates:
        if rule == f"type:{base}" or any(is_named(tag, slug_in(rule)) for tag in tags):
            return Kind.UPDATE
    return Kind.STORY


def pick(tags: Iterable[Tag], rule: str) -> list[Tag]:
    """The tags that a rule names, in the editor's order."""
    what, _, prefix = rule.partition(":")
    match what:
        case "primary_tag" | "tag":
            return [tag for tag in tags if not tag.is_internal]
        case "tag-prefix":
            return [tag for tag in tags if any(begins(text, prefix) for text in texts_of(tag))]
        case _:  # `none`; a rule that is no rule is a fault of the configuration, named before anything is fetched
            return []


def named_rules(options: SourceOptions) -> list[str]:
    """The tags that rules name one by one: they mark a post, and are neither section nor topic nor language."""
    rules = (*options.updates, options.no_republish, *licence_rules(options))
    return [slug_in(rule) for rule in rules if rule.startswith("tag:")]


def licence_rules(options: SourceOptions) -> list[str]:
    """The rules of the option `licence`, in their order; see `ghost_rights`."""
    return [rule for rule in map(str.strip, options.licence.split(",")) if rule]


def slug_in(rule: str) -> str:
    """The tag in a rule `tag:SLUG` or `tag:SLUG=LICENCE`; empty in any other."""
    what, _, rest = rule.partition(":")
    return rest.partition("=")[0].strip() if what == "tag" else ""


def is_named(tag: Tag, slug: str) -> bool:
    """Whether a tag is the one that a rule names, by slug or name; `#x` also finds what has the slug `hash-x`."""
    wanted = slug.casefold()
    return bool(wanted) and wanted in {tag.slug.casefold(), tag.name.casefold(), plain_hash(tag.slug.casefold())}


def plain_hash(slug: str) -> str:
    """A slug as an editor would write the tag: `#x` for `hash-x`."""
    return f"#{slug.removeprefix('hash-')}" if slug.startswith("hash-") else slug


def texts_of(tag: Tag) -> list[str]:
    """Slug and name; of an internal tag without their mark too."""
    texts = [tag.slug, clean_text(tag.name)]
    return [*texts, *map(without_mark, texts)] if tag.is_internal else texts


def without_mark(text: str) -> str:
    """Without what makes a tag internal."""
    return text.removeprefix("#").removeprefix("hash-")


def begins(text: str, prefix: str) -> bool:
    """Whether a text has a prefix, in any letter case."""
    return text.casefold().startswith(prefix.casefold())


def rest_of(tag: Tag, text: str, prefix: str) -> str:
    """A name or slug without the prefix, and without the mark of an internal tag; the text where it has neither."""
    for one in (text, without_mark(text) if tag.is_internal else text):
        if prefix and begins(one, prefix):
            return one[len(prefix) :]
    return without_mark(text) if tag.is_internal else text


def as_term(tag: Tag, rule: str) -> SourceTerm:
    """A tag as a term of ours; the prefix that marks it is no part of its name."""
    prefix = rule.partition(":")[2] if rule.startswith("tag-prefix:") else ""
    name, slug = (rest_of(tag, text, prefix) for text in (clean_text(tag.name), tag.slug))
    # Internal tags have no page; Ghost gives the address of its error page for one.
    url = None if tag.is_internal else tag.url or None
    return SourceTerm(name=name or slug or tag.name, key=tag.id, slug=slug or None, url=url)


def language_in(tag: Tag, rule: str) -> str | None:
    """The language that a tag names; None where it names none: a prefix such as `#` marks other things too."""
    prefix = rule.partition(":")[2]
    texts = (rest_of(tag, text, prefix) for text in (clean_text(tag.name), tag.slug))
    return next((found for text in texts if (found := language_tag(text)) and is_language(found)), None)


@cache
def is_language(tag: str) -> bool:
    """Whether there is such a language: `es-MX` is one, `cc-BY` and `faq` are none."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
