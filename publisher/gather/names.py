"""Bylines, and what languages are called: the small texts that every source writes in its own way."""

import re

from publisher.gather.cleaning.clean import clean_text
from publisher.model.article import SourceTerm

#: What parts the names of a byline: "A, B and C", "A y B", "A & B".
BETWEEN = re.compile(r"\s*(?:[,;](?:\s*(?:and|y|e|und|et)\s+)?|\s(?:and|y|e|und|et|&)\s)\s*", re.IGNORECASE)
LEAD_IN = re.compile(r"^(?:by|por|par|von|de)\s*:?\s+", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+")
LONGEST = 300  #: characters of a name
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def split_byline(text: str) -> tuple[SourceTerm, ...]:
    """The authors of a byline, each once."""
    return author_terms(BETWEEN.split(LEAD_IN.sub("", clean_text(text))))


def author_terms(names: list[str]) -> tuple[SourceTerm, ...]:
    """Authors by their names, each once; mail addresses are nobody's name.

    The name is the key: the same person is a user of the CMS here and stands in a byline there, and is one author.
    """
    short = (clean_text(name)[:LONGEST] for name in names)
    cleaned = (clean_text(ADDRESS.sub("", name)).strip(" ()<>,;") for name in short)
    return tuple(SourceTerm(name=name, key=name) for name in dict.fromkeys(filter(None, cleaned)))


def language_tag(text: str) -> str | None:
    """An RFC 5646 tag as we keep it (`es-MX` for `es_mx`); None for what is none."""
    parts = clean_text(text).replace("_", "-").split("-")
    tag = "-".join([parts[0].lower(), *(part.upper() if len(part) == 2 else part for part in parts[1:])])  # noqa: PLR2004 - a country
    return tag if TAG.fullmatch(tag) else None
