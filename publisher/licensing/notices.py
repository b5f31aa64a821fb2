"""The notice that travels with a republished article: who, what, where, under which licence, changed how.

One structure, three renderings. What CC 4.0 section 3(a)(1) makes a condition is all in it: creators, copyright
notice, licence with link, disclaimer, link to the original, and whether it was modified; 3.0 and older also want
the title. The same words for the same data: a notice never holds the time of its making.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal

from publisher.licensing.licences import MARK, ZERO, Licence
from publisher.licensing.names import long_name, short_name
from publisher.licensing.words import Words, join_names, words_for

Link = Callable[[str, str, str], str]  #: text, address, rel → the link in one format
ENTITY = re.compile(r"&(?=#?\w+;)")  # would be read as a character reference
SPECIAL = "\\`*_{}[]<>()#|~!"  # what Markdown may read as markup within a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a republisher did. A licence without adaptations permits `none` alone."""

    kind: Literal["none", "edited", "translated"] = "none"
    partner: str = ""
    from_language: str = ""  #: in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that a notice says; texts are plain."""

    title: str
    url: str  #: of the original, byte for byte
    authors: tuple[Person, ...]
    organisation: str
    organisation_url: str
    year: int
    rights_holder: str
    licence: Licence
    language: str  #: of the article: the notice speaks it where we can
    published: date
    corrections: tuple[tuple[date, str], ...] = ()  #: newest first
    changes: Changes | None = None  #: None where nobody republished it: in the newsroom's own feeds


def notice_html(notice: Notice) -> str:
    """The notice as one paragraph's inner HTML, with both links."""
    return _notice(notice, _html_link, _html_text)


def addresses_html(notice: Notice) -> str:
    """The original's and the licence's addresses, readable: a CMS may take away where links lead, but not words.

    CC 4.0 section 3(a)(1) asks for both, as an address or a link.
    """
    words = words_for(notice.language)
    is_free = notice.licence.code in {ZERO, MARK}
    original, licence = (_html_link(url, url, rel) for url, rel in ((notice.url, ""), (notice.licence.url, "license")))
    return f"{words.original_at} {original} · {words.public_domain if is_free else words.licence_at} {licence}"


def notice_text(notice: Notice) -> str:
    """The notice in plain text, addresses bare."""
    return _notice(notice, _text_link, str)


def notice_markdown(notice: Notice) -> str:
    """The notice in Markdown, without raw HTML."""
    return _notice(notice, _markdown_link, markdown_text)


def changes_sentence(notice: Notice) -> str:
    """Says whether it was modified, and by whom; nothing where nobody republished it."""
    words = words_for(notice.language)
    changes = notice.changes
    if changes is None:
        return ""
    match changes.kind:
        case "none":
            return words.unmodified
        case "edited":
            return words.edited.format(partner=changes.partner)
        case "translated":
            return words.translated.format(partner=changes.partner, language=changes.from_language)


def markdown_text(text: str) -> str:
    """Plain text that Markdown shows as it is written."""
    return ENTITY.sub(r"\\&", "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in text))


def markdown_address(url: str) -> str:
    """An address that cannot end an inline Markdown link early; shown, it is the same bytes."""
    return "".join(f"\\{sign}" if sign in "()<>\\" else sign for sign in url)


def _notice(notice: Notice, link: Link, text: Callable[[str], str]) -> str:
    """The notice's sentences in one format: the work and whose it is, the licence, the disclaimer, the changes."""
    words = words_for(notice.language)
    named = _work(notice, words, link, text)
    where = link(notice.organisation, notice.organisation_url, "")
    holder = f"© {notice.year} {text(notice.rights_holder)}"
    if notice.licence.code in {ZERO, MARK}:  # nobody's, so nobody's name stands behind the sign
        return f"{named}, {where}. {text(words.public_domain)} {_licence(notice, link)}. {text(words.no_warranty)}"
    sentences = (
        f"{named}, {where}, {holder}.",
        f"{text(words.licensed)} {_licence(notice, link)}.",
        text(words.no_warranty),
        text(changes_sentence(notice)),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _work(notice: Notice, words: Words, link: Link, text: Callable[[str], str]) -> str:
    """The title in quotes, linked to the original, and its authors."""
    opening, closing = words.quotes
    # In print an address inside the quotes would look like a part of the title.
    if link is _text_link:  # the address follows the closing quote
        title = link(f"{opening}{notice.title}{closing}", notice.url, "")
    else:
        title = f"{opening}{link(notice.title, notice.url, '')}{closing}"
    names = join_names([text(person.name) for person in notice.authors], words)
    return f"{title} {words.of_authors} {names}" if names else title


def _licence(notice: Notice, link: Link) -> str:
    """The licence by both its names, linked to its text."""
    long, short = long_name(notice.licence, notice.language), short_name(notice.licence)
    # CC0 calls itself by one name only.
    return link(long if long.startswith(short) else f"{long} ({short})", notice.licence.url, "license")


def _html_text(text: str) -> str:
    return escape(text, quote=False)


def _html_link(text: str, url: str, rel: str) -> str:
    attribute = f' rel="{rel}"' if rel else ""
    return f'<a{attribute} href="{escape(url)}">{_html_text(text)}</a>'


def _text_link(text: str, url: str, _rel: str) -> str:
    return f"{text} ({url})" if url else text


def _markdown_link(text: str, url: str, _rel: str) -> str:
    return f"[{markdown_text(text)}]({markdown_address(url)})"
