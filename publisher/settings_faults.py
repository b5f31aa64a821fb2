"""Faults of the configuration in words: `FILE: KEY: what, and the cure`.

Two kinds: what pydantic found in one value, and what only shows when two tables are read together. The second kind is
looked for in the raw tables, so that it is told also while other values are wrong.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from publisher.settings_values import check_language, check_name

#: Where a secret may have been typed in clear: what stands there is never repeated.
SECRET_KEYS = frozenset({"api_key", "password", "webhook_secret", "key"})
#: pydantic's kinds of fault in our words; `<...>` is what it says of the rule.
WORDS = {
    "missing": "is missing; it has no default",
    "string_type": "takes a text in quotes",
    "int_type": "takes a whole number",
    "int_parsing": "takes a whole number",
    "int_from_float": "takes a whole number",
    "bool_type": "takes true or false",
    "bool_parsing": "takes true or false",
    "tuple_type": 'takes a list, as in ["one", "two"]',
    "frozen_set_type": 'takes a list, as in ["one", "two"]',
    "dict_type": 'takes one text for each language, as in { en = "..." }',
    "mapping_type": 'takes one text for each language, as in { en = "..." }',
    "model_type": "is a table; write its keys under a line with its name in square brackets",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must be at least <ge>",
    "less_than_equal": "must be at most <le>",
    "literal_error": "must be <expected>",
    "enum": "must be <expected>",
}
TABLE_TYPES = frozenset({"model_type", "mapping_type", "dict_type", "tuple_type"})
NAMED = 2  # parts of a place that names one source or newsletter
PLURAL_TABLES = {"newsletters": "[newsletters.NAME]", "sources": "[[sources]]"}

Raw = Mapping[str, Any]


def fault_texts(file: object, raw: Raw, found: Sequence[Any], known: Callable[[Sequence[Any]], list[str]]) -> list[str]:
    """Every fault once; `found` are pydantic's, `known` gives the keys that may stand where an unknown one stands."""
    told = [(key_of(one["loc"], raw), words_of(one, known)) for one in found]
    lines = [f"{file}: {key}: {words}{place_of(key, raw)}" for key, words in (*told, *misfits(raw))]
    return list(dict.fromkeys(lines))


def key_of(place: Sequence[Any], raw: Raw) -> str:
    """A place in the file as far as the file goes: pydantic also names the branch of a type that it tried."""
    names: list[str] = []
    here: Any = raw
    for part in place:
        if part == "[key]" or not isinstance(here, (dict, list)):
            break
        names.append(str(part))
        is_there = part in here if isinstance(here, dict) else isinstance(part, int) and part < len(here)
        here = here[part] if is_there else None
    return ".".join(names)


def words_of(one: Any, known: Callable[[Sequence[Any]], list[str]]) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    """What is wrong with one value, and the cure."""
    if one["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(one["loc"][-1]), known(one["loc"]), 1)
        return "is not a known key" + (f"; did you mean {near[0]}?" if near else "; see docs/configuration.md")
    if one["type"] in TABLE_TYPES and one["loc"][0] in PLURAL_TABLES and not one["loc"][NAMED:]:
        return f"is a table; write it as {PLURAL_TABLES[one['loc'][0]]}"
    words = WORDS.get(one["type"])
    if words is None:
        return str(one["msg"]).removeprefix("Value error, ")
    got = one.get("input")
    is_shown = isinstance(got, (str, int, float)) and one["loc"][-1] not in SECRET_KEYS and one["type"] != "missing"
    for name, value in (one.get("ctx") or {}).items():
        words = words.replace(f"<{name}>", str(value))
    return words + (f"; it is {got!r}" if is_shown else "")


def place_of(key: str, raw: Raw) -> str:
    """Which source is meant, where a key counts sources: people count from 1, and not at all."""
    found = re.match(r"sources\.(\d+)\b", key)
    sources = raw.get("sources")
    if not found or not isinstance(sources, list) or int(found[1]) >= len(sources):
        return ""
    source = sources[int(found[1])]
    name = source.get("id") if isinstance(source, dict) else None
    return f" (in the source {name!r})" if isinstance(name, str) and not key.endswith(".id") else ""


def misfits(raw: Raw) -> Iterator[tuple[str, str]]:
    """What only shows when two tables are read together: key and words."""
    newsroom = table(raw, "newsroom")
    yield from twice("newsroom.languages", texts(newsroom, "languages"), "is named twice")
    sources = raw.get("sources")
    ids = [one.get("id") for one in sources if isinstance(one, dict)] if isinstance(sources, list) else []
    yield from twice("sources", [one for one in ids if isinstance(one, str)], "is the id of two sources; change one")
    address = newsroom.get("public_url")
    is_open = isinstance(address, str) and address.strip().lower().startswith("http://")
    if is_open and table(raw, "provider").get("kind", "outbox") != "outbox":
        why = "mail programs follow one-click links only there (RFC 8058)"
        yield "newsroom.public_url", f"{address!r} must begin with https:// as soon as mail is really sent: {why}"
    yield from tag_clashes(table(raw, "newsletters"))
    for name, newsletter in table(raw, "newsletters").items():
        if isinstance(newsletter, dict) and is_fit(name, check_name):
            yield from misfits_of(f"newsletters.{name}", newsletter, texts(newsroom, "languages") or ["en"])


def tag_clashes(newsletters: Raw) -> Iterator[tuple[str, str]]:
    """Names that differ in hyphens only: their editions would have one mark at the provider, and one outbox folder."""
    first: dict[str, str] = {}
    for name in newsletters:
        other = first.setdefault(name.replace("-", ""), name)
        if other != name and is_fit(name, check_name):
            yield f"newsletters.{name}", f"differs from {other!r} in hyphens only, which marks leave out; rename one"


def misfits_of(key: str, newsletter: Raw, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where a newsletter and the newsroom's languages do not fit."""
    title = newsletter.get("title")
    missing = [tag for tag in languages if isinstance(title, dict) and tag not in title and is_fit(tag, check_language)]
    if missing:
        yield f"{key}.title", f"has no text for {', '.join(missing)}; newsroom.languages wants one for each"
    for tag in texts(table(newsletter, "select"), "languages"):
        if is_fit(tag, check_language) and tag not in languages:  # exactly: readers are written to in those only
            ours = ", ".join(languages)
            yield f"{key}.select.languages", f"{tag!r} is none of newsroom.languages ({ours}): nobody would get it"


def twice(key: str, names: Sequence[str], words: str) -> Iterator[tuple[str, str]]:
    """A fault for each name that stands more than once."""
    yield from ((key, f"{name!r} {words}") for name in dict.fromkeys(names) if names.count(name) > 1)


def table(raw: Raw, key: str) -> Raw:
    """A table of the file, empty where it is missing or is none."""
    found = raw.get(key)
    return found if isinstance(found, dict) else {}


def texts(raw: Raw, key: str) -> list[str]:
    """The texts of a list."""
    found = raw.get(key)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def is_fit(text: str, check: Callable[[str], str]) -> bool:
    """Whether a value passes; one that does not is told already."""
    try:
        check(text)
    except ValueError:
        return False
    return True
