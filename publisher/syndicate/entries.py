"""An article as a feed entry.

The newsroom's own articles go out in full whatever their licence: the feed is the newsroom's own edition of them.
Foreign text is bound by its own licence: without an open one, a feed carries its summary and its link.
"""

import mimetypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from publisher.licensing.decisions import republishable
from publisher.licensing.licences import parse_licence
from publisher.licensing.names import short_name
from publisher.licensing.notices import Person, notice_html
from publisher.licensing.words import words_for
from publisher.model.article import Article, Image, ImageRights, Status, Term
from publisher.syndicate.credits import (
    attribution_of,
    authors_of,
    copyright_line,
    corrections_of,
    holder_of,
    licence_of,
    notice_of,
    organisation_of,
)
from publisher.syndicate.feed import Category, Entry, EntryImage, EntrySource, MediaRight, Translation, Withdrawal
from publisher.syndicate.house import House, long_date
from publisher.syndicate.images import may_leave, republishable_body
from publisher.syndicate.markup import clean_html, clean_text, escape_text, is_web_address, parse_fragment, plain_text

#: Machines look for this word, whatever the language of the article.
WITHDRAWN_PREFIX = "Withdrawn: "
#: A title is plain text: a tag in it is reported as a fault, however it is escaped.
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
URI_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"  # RFC 3986 section 2, less letters, digits and `-._`


def build_entry(article: Article, house: House, *, now: datetime, translations: Sequence[Translation] = ()) -> Entry:
    """The entry of an article; of a withdrawn one, its stand-in. `now` decides only whether there is a kit to name."""
    # Notices, bylines and copyright lines are all made from this name.
    article = replace(article, rights_holder=clean_text(article.rights_holder))
    if article.status is Status.WITHDRAWN:
        return _stand_in(article, house)
    # The kit exists exactly while this holds: the build asks the same question.
    may_go = not republishable(article, now=now, embargo=house.embargo, own=house.own)
    bare = _bare(article, house)
    return replace(
        bare,
        summary=clean_text(article.summary),
        content_html=_content(article, house) if house.full_text else None,
        licence=licence_of(article, house),
        image=_image(article, bare.rights),
        media=tuple(_media_right(image) for image in article.images if is_web_address(image.url)),
        kit_url=kit_address(article, house) if may_go else None,
        corrections=tuple((one.date, clean_text(one.text)) for one in corrections_of(article)),
        translations=tuple(translations),
        source=_source(article, house),
    )


def translations_of(article: Article, work: Iterable[Article]) -> tuple[Translation, ...]:
    """The other public articles of an article's work, by language, then number; `work` may hold the article itself."""
    others = [one for one in work if one.number != article.number and one.work_id == article.work_id]
    there = [one for one in others if one.status is Status.PUBLIC and is_web_address(one.url)]
    return tuple(
        Translation(
            language=one.language,
            url=one.url,
            title=_title(one),
            is_original=one.number == article.translation_of,
        )
        for one in sorted(there, key=lambda one: (one.language, one.number))
    )


def kit_address(article: Article, house: House) -> str:
    """The address of an article's republish page; of a withdrawn one, of its explanation."""
    return house.address(f"republish/{article.number}/")


def category_of(term: Term, house: House) -> Category:
    """A term as a category: its slug, and as the scheme the place where its kind is listed."""
    return Category(term=term.slug, scheme=house.address(f"feeds/#by-{term.scope}"), label=clean_text(term.name))


def _bare(article: Article, house: House) -> Entry:
    """What a withdrawn article's entry keeps too: who, where and when, without its words."""
    terms = (*((article.section,) if article.section else ()), *article.countries, *article.topics)
    return Entry(
        id=article.uri,
        url=article.url,
        title=_title(article),
        language=article.language,
        published=article.published,
        updated=article.updated,
        summary="",
        content_html=None,
        authors=tuple(person for person in authors_of(article) if person.name.strip()),
        organisation=_organisation(article, house),
        attribution=attribution_of(article, house),
        categories=tuple(category_of(term, house) for term in terms),
        licence=None,
        rights=copyright_line(article, house),
        rights_holder=holder_of(article, house),
    )


def _stand_in(article: Article, house: House) -> Entry:
    """One sentence and the link to the explanation, in place of what was withdrawn."""
    organisation = _organisation(article, house).name
    sentence = words_for(article.language).withdrawn_sentence.format(organisation=organisation)
    url = kit_address(article, house)
    # A reader applies a tombstone only when it is not older than the entry (RFC 6721 section 3).
    at = max(article.withdrawn_at or article.updated, article.updated)
    bare = _bare(article, house)
    return replace(
        bare,
        title=f"{WITHDRAWN_PREFIX}{bare.title}",
        updated=at,
        rights=copyright_line(replace(article, licence=None), house),  # what was taken back is licensed no more
        summary=sentence,
        content_html=f'<p>{escape_text(sentence)} <a href="{url}">{url}</a></p>',
        withdrawn=Withdrawal(at=at, by=organisation, comment=sentence, url=url),
    )


def _title(article: Article) -> str:
    """A title is never empty in a feed: an entry without one is invalid."""
    return " ".join(TAG.sub("", clean_text(article.title)).split()) or article.url


def _organisation(article: Article, house: House) -> Person:
    """Who published it first."""
    name, url = organisation_of(article, house)
    return Person(name=name, url=url)


def _content(article: Article, house: House) -> str | None:
    """Corrections, the body, and the notice that the licence asks for."""
    licence = licence_of(article, house)
    if house.is_own(article):
        body = clean_html(article.content_html)
    elif licence:
        body = republishable_body(article)
    else:
        return None
    if not licence:
        return correction_html(article, body) + body
    return f"{correction_html(article, body)}{body}<p>{notice_html(notice_of(article, house, licence))}</p>"


def correction_html(article: Article, body: str) -> str:
    """A visible paragraph for each correction that the body does not already show."""
    if not article.corrections:  # the most: their body need not be read
        return ""
    shown = plain_text(parse_fragment(body))
    words = words_for(article.language)
    # Many newsrooms write the correction into the text as well; once is enough.
    hidden = [one for one in corrections_of(article) if " ".join(one.text.split()) not in shown]
    lines = [f"{words.correction} ({long_date(one.date, words.language)}): {clean_text(one.text)}" for one in hidden]
    return "".join(f"<p><em>{escape_text(line)}</em></p>" for line in lines)


def _image(article: Article, rights: str) -> EntryImage | None:
    """The main picture, if its rights let it leave; `rights` are the article's."""
    image = article.main_image
    if image is None or not may_leave(image) or not is_web_address(image.url):
        return None
    media_type = image.media_type or mimetypes.guess_type(urlsplit(image.url).path)[0]
    return EntryImage(
        url=_picture_address(image),
        media_type=media_type if media_type and media_type.startswith("image/") else None,
        width=image.width,
        height=image.height,
        alt=clean_text(image.alt),
        caption=clean_text(image.caption),
        credit=clean_text(image.credit),
        rights=_image_rights(image, rights),
    )


def _picture_address(image: Image) -> str:
    """The address of a picture with nothing in it that a URI cannot hold: quotes, angle brackets, other scripts."""
    return quote(clean_text(image.url), safe=URI_CHARACTERS)


def _media_right(image: Image) -> MediaRight:
    """Whether a picture may be taken, and how it is credited."""
    return MediaRight(url=_picture_address(image), republishable=may_leave(image), credit=clean_text(image.credit))


def _image_rights(image: Image, rights: str) -> str:
    """The copyright line of a picture: of our own, the article's."""
    if image.rights is ImageRights.OWN:
        return rights
    licence = parse_licence(image.licence or "")
    return ". ".join(filter(None, (clean_text(image.credit), short_name(licence) if licence else "")))


def _source(article: Article, house: House) -> EntrySource | None:
    """The feed it was taken from, for an article that is another's."""
    if house.is_own(article):
        return None
    origin = house.sources.get(article.source)
    organisation = _organisation(article, house)
    # What is gathered from a sitemap or a closed API has no feed that could be named: its home is.
    url = origin.url if origin and is_web_address(origin.url) else organisation.url
    return EntrySource(id=url, title=organisation.name, url=url, updated=article.updated) if url else None
