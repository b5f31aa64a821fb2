"""The options of a Ghost source, checked before anything is fetched."""

import re
from pathlib import Path

from publisher.gather.cleaning.selectors import check_selectors
from publisher.gather.ghost.tags import licence_rules
from publisher.gather.names import language_tag
from publisher.licensing.licences import CODES, RESERVED, parse_licence
from publisher.model.errors import ConfigurationError
from publisher.settings import SourceOptions, SourceSettings

#: option → what it may be, as a pattern and in words
RULES = {
    "section": (r"none|primary_tag|tag-prefix:.+", "primary_tag, tag-prefix:P or none"),
    "countries": (r"none|tag-prefix:.+", "tag-prefix:P, such as tag-prefix:country-"),
    "topics": (r"none|tag|tag-prefix:.+", "tag, tag-prefix:P or none"),
    "language": (r"tag-prefix:.+", "tag-prefix:P, such as tag-prefix:#, or a language tag"),
    "translation_of": (r"none|hreflang", "hreflang or none"),
    "no_republish": (r"tag:.+", "tag:SLUG, such as tag:#no-republish"),
}
LICENCE = r"link|codeinjection|tag-prefix:.+|tag:[^=]+=.+"
#: What other kinds of source have, and a Ghost has not.
NOT_HERE = ("byline", "credit", "correction", "embargo", "user", "password")
TYPES = ("posts", "pages")
UPDATES = r"tag:.+|type:(?:posts|pages)"


#: What a newsroom writes as internal tags where nothing is configured. A code without version is the newest one:
#: taken for the default instead, it would permit what the tag forbids.
NO_REPUBLISH = "tag:#no-republish"
LICENCES = ", ".join(
    [
        "codeinjection",
        *(f"tag:#cc-{code}=CC-{code.upper()}-4.0" for code in CODES),
        "tag:#cc0=CC0-1.0",
        f"tag:#{RESERVED}={RESERVED}",
        "tag-prefix:#cc-",
    ]
)


def with_defaults(options: SourceOptions) -> SourceOptions:
    """The options, with the marks that are understood where they name no others."""
    marks = {"no_republish": options.no_republish or NO_REPUBLISH, "licence": options.licence or LICENCES}
    return options.model_copy(update=marks)


def check_options(source: SourceSettings, file: Path) -> None:
    """Raises `ConfigurationError` with every option that is not in the syntax of its kind."""
    options, where = source.options, f"{file}: sources.{source.id}.options"
    faults = []
    for name, (pattern, words) in RULES.items():
        value = str(getattr(options, name))
        if value and not re.fullmatch(pattern, value) and not (name == "language" and language_tag(value) == value):
            faults.append(f"{where}.{name}: {value!r} is not known; write {words}")
    faults += [f"{where}.licence: {fault}" for rule in licence_rules(options) if (fault := fault_of_licence(rule))]
    faults += [
        f"{where}.updates: {rule!r} is not known; write tag:SLUG or type:pages"
        for rule in options.updates
        if not re.fullmatch(UPDATES, rule)
    ]
    faults += [
        f"{where}.types: {base!r} is not known; write posts or pages" for base in options.types if base not in TYPES
    ]
    if not options.types:
        faults.append(f"{where}.types: is empty; write posts, pages or both")
    faults += [f"{where}.drop: {fault}" for fault in check_selectors(options.drop)]
    faults += [f"{where}.{name}: a Ghost has nothing of the kind" for name in NOT_HERE if getattr(options, name)]
    if options.key is None:
        faults.append(f'{where}.key: is missing; a Ghost is asked with its content key, as "env:NAME" or "file:PATH"')
    if faults:
        raise ConfigurationError(faults)


def fault_of_licence(rule: str) -> str:
    """What is wrong with one rule of the licence; empty when nothing is."""
    if not re.fullmatch(LICENCE, rule):
        return f"{rule!r} is not known; write codeinjection, link, tag-prefix:P or tag:SLUG=LICENCE, parted by commas"
    licence = rule.partition("=")[2]
    if rule.startswith("tag:") and parse_licence(licence) is None:
        return f"{licence!r} is no licence; write an SPDX id such as CC-BY-NC-ND-4.0, or all-rights-reserved"
    return ""
