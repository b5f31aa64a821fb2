"""The page of a kit: conditions of the licence, requests of the house, text to copy, images with their rights.

Conditions and requests are kept apart: a partner must know which of them the licence lets us ask for.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from publisher.licensing.licences import parse_licence, permission
from publisher.licensing.names import long_name, short_name
from publisher.model.article import Image
from publisher.syndicate.credits import corrections_of, organisation_of
from publisher.syndicate.house import House, long_date
from publisher.syndicate.images import may_leave
from publisher.syndicate.kit import FILES, PAGE, Kit, is_counted
from publisher.syndicate.markup import clean_text
from publisher.syndicate.page_words import page_words, spoken_language
from publisher.syndicate.pages import Site, article_view, render_page

NOINDEX = '<meta name="robots" content="noindex">\n'


def render_kit_page(site: Site, kit: Kit) -> str:
    """The page, in the article's language where we speak it; search engines are sent to the article."""
    article, house = kit.article, site.house
    spoken = spoken_language(article.language)
    words = page_words(spoken)
    view = article_view(article, house)
    return render_page(
        site,
        "republish.html",
        f"republish/{article.number}/index.html",
        title=words["republish_title"].format(title=view["title"]),
        language=spoken,
        canonical=article.url,
        hidden=True,
        article=view,
        licence={
            "url": kit.licence.url,
            "short": short_name(kit.licence),
            "long": long_name(kit.licence, spoken),
        },
        conditions=conditions(kit, house),
        requests=[_request(one, words) for one in house.requests],
        counted=words[f"counts_{house.counter}"] if is_counted(house) else "",
        corrections=[
            {"datetime": one.date.isoformat(), "date": long_date(one.date, spoken), "text": clean_text(one.text)}
            for one in corrections_of(article)
        ],
        files=[{"name": name, "about": words[f"about_{name}"]} for name in FILES],
        version=kit.version,
        sha256=kit.sha256,
        html=kit.files["article.html"],
        notice=kit.files["notice.html"],
        heads={"canonical": canonical_html(article.url), "noindex": NOINDEX},
        images=[_image(image) for image in article.images],
    )  # fmt: skip


def canonical_html(url: str) -> str:
    """For the head of the partner's page; a CMS strips it from a fragment, so it is shown apart."""
    return f'<link rel="canonical" href="{escape(url)}">\n'


def kit_texts(site: Site, kit: Kit) -> dict[str, str]:
    """All files of a kit by name, its page last: what `public/` and `publisher kit` hold."""
    return {**kit.files, PAGE: render_kit_page(site, kit)}


def conditions(kit: Kit, house: House) -> list[str]:
    """What the licence asks for, in the words of the article's language."""
    words = page_words(kit.article.language)
    allowed = permission(kit.licence)
    organisation = organisation_of(kit.article, house)[0]
    if not allowed.attribution:
        return [words["may_credit"].format(organisation=organisation)]
    found = [words["must_credit"].format(organisation=organisation), words["must_licence"]]
    if not allowed.commercial:
        found.append(words["must_not_sell"])
    if not allowed.adapt:
        return [*found, words["must_not_change"]]
    found.append(words["must_say_changes"])
    return [*found, words["must_share_alike"]] if allowed.same_licence else found


def _request(name: str, words: Mapping[str, str]) -> dict[str, Any]:
    """A request of the house; where it ends with the contact, the page makes a link of it."""
    text = words[f"ask_{name}"]
    return {"text": text.format(contact=""), "with_contact": "{contact}" in text}


def _image(image: Image) -> dict[str, Any]:
    """A picture on the page: whether it may be taken, and whose it is."""
    licence = parse_licence(image.licence or "")
    return {
        "may": may_leave(image),
        "url": image.url,
        "text": clean_text(image.caption or image.alt),
        "credit": clean_text(image.credit),
        "licence": short_name(licence) if licence else "",
        "licence_url": licence.url if licence else "",
    }
