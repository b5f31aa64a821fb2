"""Front matter: the YAML between two lines of `---` at the top of a file, read into one checked object.

YAML takes `no` (Norwegian) for false and stumbles over `2026-13-45`, so it may only part texts, lists and maps; what
they mean is decided here.
A key that is nearly one of ours is refused: `licnece` would otherwise put the default licence on the article.
"""

import difflib
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.times import read_time
from publisher.model.article import Kind

FENCE = "---"
MAX_CHARS = 65_536
MAX_BRACKETS = 200
EMPTY = ("", "~", "null")  #: a key that somebody left open


class NotAnArticleError(ValueError):
    """The file cannot be read as an article; the text says why."""


def a_text(value: object) -> str:
    """One line of plain text."""
    if not isinstance(value, str):
        raise ValueError("must be a text")  # noqa: TRY004 - pydantic puts only a ValueError into words
    return clean_text(value)


def a_list(value: object) -> object:
    """One text is a list of one; several may also be parted by commas."""
    return [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def a_time(value: object, info: ValidationInfo) -> datetime | None:
    """A time in UTC; without an offset it is meant in the newsroom's zone, and a day is its beginning."""
    zone = info.context["zone"] if info.context else None
    found = read_time(value, zone) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{str(value)[:40]!r} is no time; write it as 2026-03-06T12:00:00Z")
    return found


Text = Annotated[str, BeforeValidator(a_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(a_list)]
Time = Annotated[datetime | None, BeforeValidator(a_time)]


class Part(BaseModel):
    """A part of the front matter: frozen; a key of somebody else's is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class MainImage(Part):
    """The picture that stands for the article."""

    file: Text
    alt: Text = ""
    caption: Text = ""
    credit: Text = ""


class DatedCorrection(Part):
    """A correction."""

    date: date
    text: Text


class FrontMatter(Part):
    """What may stand above an article."""

    key: Text = ""
    title: Text = ""
    url: Text = ""
    published: Time = None
    updated: Time = None
    kind: Kind = Kind.STORY
    language: Text = ""
    authors: Texts = ()
    section: Text = ""
    countries: Texts = ()
    topics: Texts = ()
    licence: Text = ""
    rights_holder: Text = ""
    summary: Text = ""
    translation_of: Text = ""
    image: MainImage | None = None
    corrections: tuple[DatedCorrection, ...] = ()
    no_republish: bool = False
    embargo_until: Time = None
    draft: bool = False


def read_front_matter(text: str, zone: str) -> tuple[FrontMatter, str]:
    """The front matter of a file, and what stands below it; raises `NotAnArticleError`."""
    lines = text.splitlines(keepends=True)
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    if len(fences) < 2 or fences[0] != 0:  # noqa: PLR2004 - one above, one below
        raise NotAnArticleError("has no front matter: it begins with a line --- and has another below the keys")
    raw = load_yaml("".join(lines[1 : fences[1]]))
    check_keys(raw)
    try:
        matter = FrontMatter.model_validate(raw, context={"zone": ZoneInfo(zone)})
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:5])
        raise NotAnArticleError("its front matter: " + "; ".join(faults).replace("Value error, ", "")) from error
    return matter, "".join(lines[fences[1] + 1 :])


def load_yaml(text: str) -> dict[Any, Any]:
    """The map in a YAML text, without aliases, which can make a small file endless."""
    if len(text) > MAX_CHARS:
        raise NotAnArticleError(f"its front matter is longer than {MAX_CHARS:,} characters")
    if text.count("[") + text.count("{") > MAX_BRACKETS:  # thousands of open ones take the parser seconds
        raise NotAnArticleError(f"its front matter has more than {MAX_BRACKETS} brackets; write lists line by line")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.BaseLoader)):
            raise NotAnArticleError(
                "its front matter has YAML aliases (*name), which are not read; write the value out"
            )
        raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - less than safe_load: texts, lists and maps only
    except (yaml.YAMLError, RecursionError) as error:
        raise NotAnArticleError("its front matter is no YAML: " + " ".join(str(error).split())[:200]) from error
    if not isinstance(raw, dict):
        raise NotAnArticleError("its front matter is no list of keys and values")
    return {key: value for key, value in raw.items() if value not in EMPTY}


def check_keys(raw: dict[Any, Any]) -> None:
    """Refuses what looks like a slip of the pen."""
    known = FrontMatter.model_fields
    for key in raw:
        near = [] if key in known else difflib.get_close_matches(str(key), known, n=1, cutoff=0.8)
        if near:
            raise NotAnArticleError(f"its front matter: {key!r} is not known; {near[0]!r} is")
