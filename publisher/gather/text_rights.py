"""Marks of another's rights in an article: agency copy, and "all rights reserved". They go before any default.

A default says under what the newsroom's articles are, and cannot know that one of them is an agency's. What the article
says of its own licence is believed: an editor who writes it there knows what was bought.

| where                               | what counts                                                          |
|-------------------------------------|----------------------------------------------------------------------|
| rights holder, byline               | an agency                                                            |
| first two blocks of the text        | `By Reuters`, `WASHINGTON (AP) —`, `MADRID, 3 Mar. (EFE)`, `EFE.-`   |
| last two blocks                     | `EFE`, `© 2026 The Associated Press`, "All rights reserved"          |
"""

import re
from collections.abc import Collection
from dataclasses import replace

from publisher.gather.cleaning.clean import paragraphs_of
from publisher.gather.rights import Rights, choose_licence
from publisher.licensing.licences import RESERVED
from publisher.licensing.rights import AGENCY_NAMES, DENIAL, find_agency
from publisher.model.article import SourceArticle

#: How the agencies sign their own copy; more than take pictures, and some in lower case.
_SIGNED = (
    "AP|AFP|EFE|dpa|DPA|ANSA|UPI|TASS|AAP|APA|ANP|NTB|IANS|ANI|PTI|Lusa|LUSA|Belga|ATS|Télam|Andina|ABr|ANF|KNA|epd|"
    rf"(?:The )?(?i:{AGENCY_NAMES})"
)
_DASH = r"\s*(?:\.?\s*[-\u2010-\u2015]+|[.:|])"
_DATE = r"(?:\d{1,2}\.?\s*(?:de )?[^\W\d]{3,10}\.?|[^\W\d]{3,10}\.? \d{1,2})(?:,? (?:de )?\d{4})?"
#: A place, perhaps with its country, and a date: at most seven words, and no sentence.
_PLACE = r"[^\W\d_a-z][\w'\u2019.-]*(?:[ /,]+[\w'\u2019.-]+){0,6}?"
_DATELINE = re.compile(
    rf"^(?:{_PLACE}[,.]? *)?\((?P<agency>{_SIGNED})(?:[/,;] ?[^()]{{1,40}})?\)(?:{_DASH}|\s*$)|"
    rf"^{_PLACE},? {_DATE},? *\((?P<dated>{_SIGNED})(?:[/,;] ?[^()]{{1,40}})?\)|"
    rf"^(?P<bare>{_SIGNED})(?:\s*\.?\s*[-\u2010-\u2015]+\s|\s*\|)"
)
_BYLINE = re.compile(r"^(?:by|por|par|von)[:\s]", re.IGNORECASE)
_LONGEST_BYLINE = 80
_SIGNATURE = re.compile(rf"^[(\[]?(?P<agency>{_SIGNED})(?:[/ -]{{1,3}}[\w/]{{1,20}})?[)\]]?\.?$")
_COPYRIGHT = re.compile(
    rf"(?:©|\([cC]\)|(?i:copyright))[\s,©]*(?:\d{{4}}(?:-\d{{2,4}})?)?[\s,.]*(?:by )?(?P<agency>{_SIGNED})\b"
)
_LONGEST_MARK = 300  #: characters: what is longer at the end is a paragraph of the story


def mark_rights(found: SourceArticle, rights: Rights) -> SourceArticle:
    """The article as it is; or without the licence that a default gave it, with the mark that says whose it is."""
    if not has_default(found, rights):
        return found
    mark = find_mark(found, rights.own)
    return replace(found, licence=None, licence_why=mark) if mark else found


def has_default(found: SourceArticle, rights: Rights) -> bool:
    """Whether an article's licence, or the lack of one, comes from no place of its own."""
    return (found.licence, found.licence_why) == choose_licence("", "", rights)


def find_mark(found: SourceArticle, own: Collection[str]) -> str:
    """What says that the text is another's, in words, with where it says so; empty when nothing does.

    `own` are the names that mean "ours": a newsroom that is itself an agency owns its text.
    """
    texts = paragraphs_of(found.content_html)
    ending = [text for text in texts[-2:] if len(text) <= _LONGEST_MARK]
    named = {
        "its rights holder is": _agency_in_name(found.rights_holder),
        "its byline names": next(filter(None, (_agency_in_name(author.name) for author in found.authors)), ""),
        "its text begins as copy of": next(filter(None, map(_agency_at_start, texts[:2])), ""),
        "its text ends as copy of": next(filter(None, map(_agency_at_end, ending)), ""),
    }
    ours = {name.casefold() for name in own}
    for where, agency in named.items():
        if agency and agency.removeprefix("The ").casefold() not in ours and agency.casefold() not in ours:
            return f"agency copy: {where} {agency}"
    denial = next(filter(None, map(DENIAL.search, (found.rights_holder, *ending))), None)
    # By the last word the reason is known for one of reserved rights wherever it is shown.
    return f"it says “{denial[0]}”: {RESERVED}" if denial else ""


def _agency_in_name(name: str) -> str:
    """The agency that a name is; at least half of it must be the agency's: people are called Keystone, too."""
    agency = find_agency(name)
    return agency if agency and len(agency) * 2 >= len(name) else ""


def _agency_at_start(text: str) -> str:
    if found := _DATELINE.search(text[:200]):
        return found["agency"] or found["dated"] or found["bare"]
    agency = find_agency(text) if len(text) <= _LONGEST_BYLINE and _BYLINE.match(text) else None
    return agency if agency and text.endswith(agency) else ""


def _agency_at_end(text: str) -> str:
    found = _SIGNATURE.match(text) or _COPYRIGHT.match(text)
    return found["agency"] if found else ""
