"""The options of a sitemap source: checked before anything is fetched, and what they say of one address or article.

| option         | takes                                             |
|----------------|---------------------------------------------------|
| `paths`        | patterns of paths that hold articles              |
| `updates`      | any of `section:NAME`, `tag:NAME`, `path:PATTERN` |
| `no_republish` | one of these                                      |
| `embargo`      | `meta:NAME`, a `<meta>` with a time               |
| `countries`    | `tag-prefix:P`                                    |
"""

import fnmatch
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from publisher.gather.cleaning.selectors import check_selectors
from publisher.gather.names import language_tag
from publisher.model.errors import ConfigurationError
from publisher.settings import SourceOptions, SourceSettings

#: option → what it may be, as a pattern and in words
RULES = {
    "section": (r"none", "none, or leave it out"),
    "topics": (r"none", "none, or leave it out"),
    "countries": (r"none|tag-prefix:.+", "tag-prefix:P"),
    "no_republish": (r"(?:section|tag|path):.+", "section:NAME, tag:NAME or path:PATTERN"),
    "embargo": (r"meta:.+", "meta:NAME"),
}
RULE = r"(?:section|tag):.+|path:/.*"
#: What a page has no place for: its author, licence and the like stand where all pages have them.
UNUSED = ("byline", "licence", "credit", "correction", "translation_of", "key")


def check_options(source: SourceSettings, file: Path) -> None:
    """Raises `ConfigurationError` with every option that is not in the syntax of its kind."""
    options, where = source.options, f"{file}: sources.{source.id}.options"
    faults = [
        f"{where}.{name}: {value!r} is not known; write {words}"
        for name, (pattern, words) in RULES.items()
        if (value := str(getattr(options, name))) and not re.fullmatch(pattern, value)
    ]
    faults += [
        f"{where}.updates: {rule!r} is not known; write section:NAME, tag:NAME or path:/about/*"
        for rule in options.updates
        if not re.fullmatch(RULE, rule)
    ]
    faults += [
        f"{where}.paths: {pattern!r} is no path; write one such as /investigations/*"
        for pattern in options.paths
        if not pattern.startswith("/")
    ]
    faults += [f"{where}.drop: {fault}" for fault in check_selectors(options.drop)]
    faults += [
        f"{where}.{name}: is not for a sitemap source; its pages say that themselves. Take it out."
        for name in UNUSED
        if getattr(options, name)
    ]
    if options.language and language_tag(options.language) != options.language:
        faults.append(f"{where}.language: {options.language!r} is no language tag; write one such as en or es-MX")
    if bool(options.user) != bool(options.password):
        faults.append(f"{where}: user and password belong together")
    if faults:
        raise ConfigurationError(faults)


def is_wanted(url: str, paths: Sequence[str]) -> bool:
    """Whether an address may hold an article, by the configured paths."""
    return not paths or any(matches_path(url, pattern) for pattern in paths)


def matches_path(url: str, pattern: str) -> bool:
    """Whether the path of an address is of a pattern; `*` stands for anything, `/` too."""
    path = unquote(urlsplit(url).path)
    return any(fnmatch.fnmatchcase(one, unquote(pattern)) for one in (path, path.rstrip("/")))


def fits_any(rules: Collection[str], url: str, section: str, tags: Collection[str]) -> bool:
    """Whether an article is meant by one of these rules; letter case does not matter in names."""
    names = {"section": {section.casefold()}, "tag": {tag.casefold() for tag in tags}}
    for rule in rules:
        what, _, value = rule.partition(":")
        if matches_path(url, value) if what == "path" else value.casefold() in names.get(what, ()):
            return True
    return False


def country_prefix(options: SourceOptions) -> str:
    """What marks a tag as a country."""
    what, _, prefix = options.countries.partition(":")
    return prefix.casefold() if what == "tag-prefix" else ""
