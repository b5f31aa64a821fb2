"""The options of a WordPress source, checked before anything is fetched."""

import re
from pathlib import Path

from publisher.gather.names import language_tag
from publisher.model.errors import ConfigurationError
from publisher.settings import SourceSettings

#: option → what it may be, as a pattern and in words
RULES = {
    "section": (r"none|category|tag|taxonomy:.+|category:.+|tag-prefix:.+", "category or taxonomy:NAME"),
    "countries": (r"none|taxonomy:.+|category:.+|tag-prefix:.+", "category:SLUG, taxonomy:NAME or tag-prefix:P"),
    "topics": (r"none|category|tag|taxonomy:.+|category:.+|tag-prefix:.+", "tag or taxonomy:NAME"),
    "language": (r"taxonomy:.+|meta:.+|tag-prefix:.+", "taxonomy:NAME, meta:KEY, tag-prefix:P or a language tag"),
    "byline": (r"meta:.+|taxonomy:.+", "meta:KEY or taxonomy:NAME"),
    "licence": (r"meta:.+|link", "meta:KEY or link"),
    "credit": (r"meta:.+", "meta:KEY"),
    "correction": (r"meta:.+", "meta:KEY"),
    "translation_of": (r"meta:.+", "meta:KEY"),
}
UPDATES = r"(?:type|category|tag):.+"
BASE = r"[A-Za-z0-9_-]+"


def check_options(source: SourceSettings, file: Path) -> None:
    """Raises `ConfigurationError` with every option that is not in the syntax of its kind."""
    options, where = source.options, f"{file}: sources.{source.id}.options"
    faults = []
    for name, (pattern, words) in RULES.items():
        value = str(getattr(options, name))
        if value and not re.fullmatch(pattern, value) and not (name == "language" and language_tag(value) == value):
            faults.append(f"{where}.{name}: {value!r} is not known; write {words}")
    faults += [
        f"{where}.updates: {rule!r} is not known; write type:BASE, category:SLUG or tag:SLUG"
        for rule in options.updates
        if not re.fullmatch(UPDATES, rule)
    ]
    faults += [
        f"{where}.types: {base!r} is no REST base; write one such as posts"
        for base in options.types
        if not re.fullmatch(BASE, base)
    ]
    if bool(options.user) != bool(options.password):
        faults.append(f"{where}: user and password belong together")
    if faults:
        raise ConfigurationError(faults)
