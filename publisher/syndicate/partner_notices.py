"""What a partner is told of an article that it holds: what was corrected or withdrawn, where to look, what is asked.

In the article's language. What the licence makes a condition and what we ask for are kept apart: a withdrawal ends no
licence of a copy that was taken before.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from publisher.licensing.names import long_name, short_name
from publisher.licensing.words import words_for
from publisher.model.article import Article, Correction, RevisionKind
from publisher.model.edition import Letter
from publisher.store.articles import get_article
from publisher.store.engine import Store
from publisher.store.notices import Notice, list_new_corrections
from publisher.syndicate.credits import licence_of, organisation_of
from publisher.syndicate.entries import kit_address
from publisher.syndicate.house import House, long_date
from publisher.syndicate.kit import Kit
from publisher.syndicate.kit_page import conditions
from publisher.syndicate.markup import clean_text
from publisher.syndicate.partner_feed import may_go
from publisher.syndicate.partner_words import partner_words
from publisher.syndicate.plain_text import wrap

LONGEST_TITLE = 150  #: in a subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph, or an item of a list; with an address behind its words."""

    text: str
    url: str = ""
    is_item: bool = False


def write_notice(store: Store, notice: Notice, house: House, *, now: datetime) -> Letter:
    """The message that a notice is, from the store as it is now."""
    with store.read() as tx:
        article = get_article(tx, notice.article)
        corrections = list_new_corrections(tx, notice.article, notice.revision)
    return build_letter(notice, article, corrections, house, now=now)


def build_letter(
    notice: Notice, article: Article, corrections: Sequence[Correction], house: House, *, now: datetime
) -> Letter:
    """The message, in plain text and as a page without pictures, styles or links that count."""
    words = partner_words(article.language)
    spoken = words_for(article.language).language
    title = " ".join(clean_text(article.title).split())
    is_withdrawn = notice.kind is RevisionKind.WITHDRAWAL
    subject = words["withdrawn_subject" if is_withdrawn else "corrected_subject"].format(title=_short(title))
    told = _withdrawal(article, house) if is_withdrawn else _correction(article, corrections, house, now)
    lines = [
        _opening(notice, article, house),
        Line(text=title, url=article.url),
        *told,
        _closing(notice, house, spoken),
    ]
    return Letter(
        variant=0,
        language=spoken,
        subject=subject,
        preheader="",
        html=_page(lines, subject, spoken),
        text=_text(lines, house),
    )


def _opening(notice: Notice, article: Article, house: House) -> Line:
    key = "withdrawn" if notice.kind is RevisionKind.WITHDRAWAL else "corrected"
    organisation = clean_text(organisation_of(article, house)[0])
    sentence = partner_words(article.language)[key]
    return Line(text=sentence.format(organisation=organisation, partner=notice.partner, house=house.name))


def _correction(article: Article, corrections: Sequence[Correction], house: House, now: datetime) -> Iterator[Line]:
    """What was corrected, the corrected text, what we ask, what the licence asks."""
    words, common = partner_words(article.language), words_for(article.language)
    for one in corrections:
        day = long_date(one.date, common.language)
        text = words["said"].format(correction=common.correction, date=day, text=clean_text(one.text))
        yield Line(text=text, is_item=True)
    if not corrections:
        yield Line(text=words["unsaid"], is_item=True)
    if may_go(article, house, now=now):
        yield Line(text=words["kit"].format(version=article.revision), url=kit_address(article, house))
    else:  # it has lost its kit since
        yield Line(text=words["original"], url=article.url)
    yield Line(text=words["please_correct"])
    yield from _licence(article, house)


def _withdrawal(article: Article, house: House) -> Iterator[Line]:
    """Where it is explained, what we ask, and that the licence of a copy stays."""
    words = partner_words(article.language)
    yield Line(text=words["explanation"], url=kit_address(article, house))
    yield Line(text=words["please_withdraw"])
    yield Line(text=words["still_licensed"])
    yield from _licence(article, house)


def _licence(article: Article, house: House) -> Iterator[Line]:
    """The conditions of the licence, by its both names and its address."""
    licence = licence_of(article, house)
    if licence is None:
        return
    name = f"{long_name(licence, article.language)} ({short_name(licence)})"
    yield Line(text=partner_words(article.language)["licence_asks"].format(licence=name), url=licence.url)
    kit = Kit(article=article, licence=licence, version="", sha256="", files={})
    yield from (Line(text=one, is_item=True) for one in conditions(kit, house))


def _closing(notice: Notice, house: House, spoken: str) -> Line:
    return Line(text=f"{partner_words(spoken)['why'].format(partner=notice.partner)} {house.contact}")


def _text(lines: Sequence[Line], house: House) -> str:
    """Plain text: an address on a line of its own, so that it can be clicked whole."""
    parts = [
        ("\n" if is_list else "\n\n").join(_plain(line) for line in group)
        for is_list, group in groupby(lines, lambda one: one.is_item)
    ]
    return "\n\n".join([*parts, f"-- \n{house.name}, {house.url}/"]) + "\n"


def _plain(line: Line) -> str:
    words = wrap(line.text, first="- ", rest="  ") if line.is_item else wrap(line.text)
    return f"{words}\n{line.url}" if line.url else words


def _page(lines: Sequence[Line], subject: str, language: str) -> str:
    """The same as HTML; a mail program shows it in its own letters."""
    body = "\n".join(_group(list(group), is_list=is_list) for is_list, group in groupby(lines, lambda one: one.is_item))
    head = f'<meta charset="utf-8"><title>{html.escape(subject)}</title>'
    return f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _group(lines: Sequence[Line], *, is_list: bool) -> str:
    if is_list:
        return f"<ul>{''.join(f'<li>{_words(line)}</li>' for line in lines)}</ul>"
    return "\n".join(f"<p>{_words(line)}</p>" for line in lines)


def _words(line: Line) -> str:
    text = html.escape(line.text)
    return f'{text}<br><a href="{html.escape(line.url)}">{html.escape(line.url)}</a>' if line.url else text


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
