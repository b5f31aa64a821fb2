"""Who is to be credited for an article: its authors, its organisation, its notice, its copyright line."""

from urllib.parse import urlsplit

from publisher.licensing.decisions import open_licence
from publisher.licensing.licences import MARK, RESERVED, ZERO, Licence
from publisher.licensing.names import long_name, short_name
from publisher.licensing.notices import Notice, Person
from publisher.licensing.rights import find_agency
from publisher.licensing.words import join_names, words_for
from publisher.model.article import Article, Correction
from publisher.syndicate.house import House
from publisher.syndicate.markup import clean_text, is_web_address


def authors_of(article: Article) -> tuple[Person, ...]:
    """The byline, in its order."""
    return tuple(
        Person(name=clean_text(one.name), url=one.url if is_web_address(one.url) else None) for one in article.authors
    )


def organisation_of(article: Article, house: House) -> tuple[str, str]:
    """Name and address of who published it first."""
    if house.is_own(article):
        return house.name, f"{house.url}/"
    parts = urlsplit(article.url)
    return clean_text(article.rights_holder) or parts.hostname or house.name, f"{parts.scheme}://{parts.netloc}/"


def holder_of(article: Article, house: House) -> str:
    """Who holds the rights of the text."""
    return clean_text(article.rights_holder) or (
        house.rights_holder if house.is_own(article) else organisation_of(article, house)[0]
    )


def licence_of(article: Article, house: House) -> Licence | None:
    """The licence to announce. None for agency copy, whatever the CMS says of it by default."""
    ours = {name.casefold() for name in house.own}
    holder = article.rights_holder
    # Announcing a licence that we cannot give would harm whoever relies on it.
    is_agency = bool(holder) and holder.casefold() not in ours and find_agency(holder) is not None
    return None if is_agency else open_licence(article)


def attribution_of(article: Article, house: House) -> str:
    """`By Jane Doe and Ana Ruiz, Example Newsroom`."""
    words = words_for(article.language)
    names = join_names([person.name for person in authors_of(article)], words)
    organisation = organisation_of(article, house)[0]
    return f"{words.by} {names}, {organisation}" if names else organisation


def copyright_line(article: Article, house: House) -> str:
    """`© 2012 Example Newsroom. CC BY-NC 4.0`; all rights reserved where nothing is licensed."""
    licence = licence_of(article, house)
    # © before what belongs to nobody would claim it.
    if licence and licence.code in {ZERO, MARK}:
        return long_name(licence, article.language)
    # The year of publication, not of today: the bytes must not change at New Year.
    year = article.published.astimezone(house.zone).year
    terms = short_name(licence) if licence else f"{long_name(Licence(code=RESERVED), article.language)}."
    return f"© {year} {holder_of(article, house)}. {terms}"


def corrections_of(article: Article) -> tuple[Correction, ...]:
    """The corrections, newest first."""
    return tuple(sorted(article.corrections, key=lambda one: one.date, reverse=True))


def notice_of(article: Article, house: House, licence: Licence) -> Notice:
    """The notice of an article under a licence."""
    organisation, organisation_url = organisation_of(article, house)
    published = article.published.astimezone(house.zone).date()
    return Notice(
        title=clean_text(article.title),
        url=article.url,
        authors=authors_of(article),
        organisation=organisation,
        organisation_url=organisation_url,
        year=published.year,
        rights_holder=holder_of(article, house),
        licence=licence,
        language=article.language,
        published=published,
        corrections=tuple((one.date, clean_text(one.text)) for one in corrections_of(article)),
    )
