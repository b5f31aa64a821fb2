"""What a template sees of a digest's items: every value decided and put in words, so that templates only arrange.

Both parts of a message are made from these views, which is what keeps them alike.
"""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from publisher.model.article import Image, ImageRights
from publisher.render.digest import UPDATES, Digest, DigestItem, LicenceLine, Sender
from publisher.render.languages import direction, language_name, long_date

#: Rights under which a picture may travel with the digest.
SHOWN = frozenset({ImageRights.OWN, ImageRights.CC, ImageRights.PUBLIC_DOMAIN})
#: Formats that some of the large mail clients cannot show (Gmail drops SVG, Outlook WebP and AVIF).
HIDDEN_FORMATS = re.compile(r"\.(svgz?|webp|avif|heic|tiff?|bmp)$", re.IGNORECASE)
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
#: CSS pixels. The content of the letter is 536 wide; the narrow picture leaves room for text beside it.
WIDE, NARROW = 536, 176
SUMMARY_MAX = 600  #: characters; a longer summary is an article, and ten of them are no letter any more

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A picture that may be shown."""

    url: str
    alt: str
    credit: str
    width: int  #: as shown, in CSS pixels
    licence: LicenceLine | None
    licence_url: str | None  #: where the licence has no line


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """An article as it stands in the digest."""

    url: str
    title: str
    language: str
    direction: str
    is_foreign: bool  #: in another language than the digest
    is_lead: bool
    is_light: bool
    kicker: tuple[str, ...]
    authors: tuple[str, ...]
    date: str
    summary: str
    why: str
    corrections: tuple[tuple[str, str], ...]  #: date in words, text
    holder: str
    is_own: bool  #: the newsroom holds the rights
    licence: LicenceLine | None
    republish_url: str | None
    picture: PictureView | None


def item_view(digest: Digest, item: DigestItem, *, block: str, is_lead: bool) -> ItemView:
    """An item as the templates see it."""
    article = item.article
    holder = plain(article.rights_holder) or digest.newsroom.name
    return ItemView(
        url=web_address(article.url),
        title=plain(article.title),
        language=article.language,
        direction=direction(article.language),
        is_foreign=article.language != digest.language,
        is_lead=is_lead,
        is_light=block == UPDATES,
        kicker=kicker(digest, item),
        authors=tuple(plain(author.name) for author in article.authors),
        date=local_date(digest, item),
        summary=shorten(plain(article.summary), SUMMARY_MAX),
        why=plain(item.why),
        corrections=tuple((words_of(digest, note.date), plain(note.text)) for note in item.corrections),
        holder=holder,
        is_own=holder == digest.newsroom.name,
        licence=item.licence,
        republish_url=item.republish_url,
        picture=None if block == UPDATES else picture_view(digest, item, max_width=WIDE if is_lead else NARROW),
    )


def kicker(digest: Digest, item: DigestItem) -> tuple[str, ...]:
    """Section, countries, and the language where it is not the digest's: what a reader wants to know first."""
    article = item.article
    terms = [article.section, *article.countries] if article.section else [*article.countries]
    names = [plain(term.name) for term in terms]
    if article.language.partition("-")[0] != digest.language.partition("-")[0]:
        names.append(language_name(article.language, within=digest.language))
    return tuple(names)


def picture_view(digest: Digest, item: DigestItem, *, max_width: int) -> PictureView | None:
    """The main picture, if its rights and its format let it travel."""
    image = item.article.main_image
    if image is None or not may_be_shown(image, digest.newsroom):
        return None
    return PictureView(
        url=image.url,
        alt=as_sentence(plain(image.alt) or plain(image.caption)),
        credit=without_licence(plain(image.credit), item.image_licence),
        width=min(max_width, image.width or max_width),
        licence=item.image_licence,
        licence_url=image.licence if image.rights is ImageRights.CC else None,
    )


def without_licence(credit: str, licence: LicenceLine | None) -> str:
    """A credit less the name of the licence at its end, which is shown behind it with its link."""
    if licence is None or not credit.casefold().endswith(licence.short.casefold()):
        return credit
    return credit[: -len(licence.short)].rstrip(" ,;/|·(-") or credit


def may_be_shown(image: Image, newsroom: Sender) -> bool:
    """Own, free or licensed with somebody to credit; in a format and at an address that mail clients show."""
    if image.rights not in SHOWN or (image.rights is ImageRights.CC and not image.credit.strip()):
        return False
    if image.media_type is not None and image.media_type not in SHOWN_TYPES:
        return False
    if HIDDEN_FORMATS.search(urlsplit(image.url).path):
        return False
    # On a test bench our own pages are http; anywhere else only https is.
    return image.url.startswith(("https://", f"{newsroom.public_url}/", f"{newsroom.url}/"))


def local_date(digest: Digest, item: DigestItem) -> str:
    """The day of publication as the newsletter's readers see it."""
    return words_of(digest, item.article.published.astimezone(digest.zone).date())


def words_of(digest: Digest, day: date) -> str:
    """A day in the digest's language."""
    return long_date(day, digest.language)


def web_address(url: str) -> str:
    """The address, if it is one of the web. Gathering let nothing else in; a second look costs nothing."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError(f"{url!r} is no web address; a digest links to http and https only")
    return url


def plain(text: str) -> str:
    """Text on one line, without control and bidi characters: they break lines, headers and the HTML parser."""
    return " ".join(CONTROL.sub("", text).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a plain text: they are parted by empty lines."""
    return tuple(found for part in re.split(r"\n\s*\n", text) if (found := plain(part)))


def as_sentence(text: str) -> str:
    """The text with an end, so that what follows it is not read as part of it."""
    return text if not text or text[-1] in ".!?…。" else f"{text}."


def shorten(text: str, limit: int) -> str:
    """The text, or its first whole words and an ellipsis."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"


def contact_address(contact: str) -> str:
    """Where a contact leads, if it is an address of mail or web; "" for words."""
    if re.fullmatch(r"https?://\S+", contact):
        return contact
    return f"mailto:{contact}" if re.fullmatch(r"[^\s@]+@[^\s@]+", contact) else ""


def split_appeal(text: str) -> tuple[tuple[str, ...], str]:
    """An appeal's paragraphs, and the web address at its very end, which becomes a button; "" where there is none."""
    found = re.search(r"\s*(https?://\S+)\s*$", text)
    if found is None:
        return paragraphs(text), ""
    return paragraphs(text[: found.start()]), found[1]
