"""The options of a WordPress source, checked before anything is fetched."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from publisher.gather.cleaning.selectors import check_selectors
from publisher.gather.names import language_tag
from publisher.model.errors import ConfigurationError
from publisher.settings import SourceSettings

TERMS = r"none|category|tag|taxonomy:.+|category:.+|tag-prefix:.+|meta:.+"
#: option → what it may be, as a pattern and in words
RULES = {
    "section": (TERMS, "category, taxonomy:NAME or meta:KEY"),
    "countries": (
        r"none|taxonomy:.+|category:.+|tag-prefix:.+|meta:.+",
        "category:SLUG, taxonomy:NAME, tag-prefix:P or meta:KEY",
    ),
    "topics": (TERMS, "tag, taxonomy:NAME or meta:KEY"),
    "language": (r"taxonomy:.+|meta:.+|tag-prefix:.+", "taxonomy:NAME, meta:KEY, tag-prefix:P or a language tag"),
    "byline": (r"meta:.+|taxonomy:.+", "meta:KEY or taxonomy:NAME"),
    "licence": (r"meta:.+|link", "meta:KEY or link"),
    "credit": (r"meta:.+", "meta:KEY"),
    "correction": (r"meta:.+", "meta:KEY"),
    "translation_of": (r"meta:.+", "meta:KEY"),
    "no_republish": (r"(?:meta|tag|category):.+", "meta:KEY, tag:SLUG or category:SLUG"),
    "embargo": (r"meta:.+", "meta:KEY"),
}
NOT_HERE = ("paths", "key")
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
    faults += [f"{where}.drop: {fault}" for fault in check_selectors(options.drop)]
    faults += [f"{where}.{name}: a WordPress has nothing of the kind" for name in NOT_HERE if getattr(options, name)]
    if not options.types:
        faults.append(f"{where}.types: is empty; write REST bases, such as posts")
    if bool(options.user) != bool(options.password):
        faults.append(f"{where}: user and password belong together")
    elif options.password and not is_safe_for_passwords(source):
        faults.append(f"{where}.password: would go over the network unencrypted; give the source's url with https")
    if faults:
        raise ConfigurationError(faults)


def is_safe_for_passwords(source: SourceSettings) -> bool:
    """Whether nobody on the way can read what is sent: by https, or inside of the newsroom's own network."""
    parts = urlsplit(source.url)
    return parts.scheme == "https" or bool({parts.netloc, parts.hostname} & source.private_hosts)
