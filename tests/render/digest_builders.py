"""A digest of the Example Observatory: a valid default, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from publisher.model.article import Article, Correction, Image, ImageRights, Kind, Scope, Status, Term
from publisher.model.edition import Form, Fragment, Letter
from publisher.render.digest import Digest, DigestBlock, DigestItem, LicenceLine, Sender
from publisher.render.fragments import assemble_letter, render_fragments

FOLDERS = (Path(__file__).parents[2] / "templates",)
MARK = "k3v9q2m7"
SITE, PUBLIC = "https://www.example.org", "https://news.example.org"
BY_NC = LicenceLine(
    short="CC BY-NC 4.0",
    name="Creative Commons Attribution-NonCommercial 4.0 International",
    url="https://creativecommons.org/licenses/by-nc/4.0/",
)
OBSERVATORY = Sender(
    name="Example Observatory",
    url=SITE,
    public_url=PUBLIC,
    postal_address="Example Observatory Foundation, 1200 Harbour Street, Suite 4, Washington, DC 20001, USA",
    contact="desk@example.org",
)


def a_term(scope: Scope, name: str) -> Term:
    """A section, country or author."""
    return Term(id=1, scope=scope, name=name, slug="x")


def an_image(**changes: Any) -> Image:  # noqa: ANN401 - fields of the image
    """The newsroom's own picture, the main one."""
    values: dict[str, Any] = {
        "url": f"{SITE}/images/gold-river.jpg",
        "alt": "A dredge on a brown river at dusk",
        "caption": "",
        "credit": "Ana Reyes / Example Observatory",
        "licence": None,
        "rights": ImageRights.OWN,
        "rights_why": "the credit names the newsroom",
        "width": 1200,
        "height": 675,
        "is_main": True,
    }
    return Image(**values | changes)


def an_article(number: int = 1, **changes: Any) -> Article:  # noqa: ANN401 - fields of the article
    """The article "The gold route", as stored."""
    values: dict[str, Any] = {
        "number": number,
        "uri": f"tag:www.example.org,2026-03-05:article/{number}",
        "source": "site",
        "key": str(number),
        "work_id": number,
        "status": Status.PUBLIC,
        "kind": Kind.STORY,
        "url": f"{SITE}/investigations/gold-route-{number}/",
        "title": "The gold route",
        "language": "en",
        "content_html": "<p>The gold leaves the river at night.</p>",
        "summary": "Export declarations name mines that closed years ago. We followed four shipments to a refinery.",
        "published": datetime(2026, 3, 5, 15, 0, tzinfo=UTC),
        "updated": datetime(2026, 3, 5, 15, 0, tzinfo=UTC),
        "first_stored": datetime(2026, 3, 5, 15, 5, tzinfo=UTC),
        "revision": number * 10,
        "authors": (a_term(Scope.AUTHOR, "Ana Reyes"),),
        "section": a_term(Scope.SECTION, "Investigation"),
        "countries": (a_term(Scope.COUNTRY, "Colombia"),),
        "licence": BY_NC.url,
        "rights_holder": "Example Observatory",
    }
    return Article(**values | changes)


def an_item(number: int = 1, *, item: dict[str, Any] | None = None, **changes: Any) -> DigestItem:  # noqa: ANN401
    """An item with its article; `item` changes the item, anything else the article."""
    values: dict[str, Any] = {"licence": BY_NC, "republish_url": f"{PUBLIC}/republish/{number}/"}
    return DigestItem(article=an_article(number, **changes), **values | (item or {}))


def a_digest(*items: DigestItem, **changes: Any) -> Digest:  # noqa: ANN401 - fields of the digest
    """The week of Friday 2026-03-06, with the given stories, or one."""
    values: dict[str, Any] = {
        "newsroom": OBSERVATORY,
        "title": "The week",
        "language": "en",
        "slot": datetime(2026, 3, 6, 12, 0, tzinfo=UTC),
        "zone": ZoneInfo("America/Bogota"),
        "subject": "The gold route, and six more stories",
        "preheader": "Four shipments, two rivers and a refinery that asked no questions.",
        "note": "Dear readers,\n\nthis week we follow the gold.",
        "appeal": "Our work is paid for by its readers. https://www.example.org/support",
        "blocks": (DigestBlock(name="stories", items=items or (an_item(),)),),
        "web_url": f"{PUBLIC}/editions/weekly/2026-03-06/",
        "feeds_url": f"{PUBLIC}/feeds/",
        "licence": BY_NC,
        "mark": MARK,
    }
    return Digest(**values | changes)


def a_full_digest() -> Digest:
    """A digest in which every rule of the sheet has something to do."""
    lead = an_item(1, images=(an_image(),), item={"why": "You follow Colombia."})
    beside = an_item(
        2,
        title="Prosecutors reopen three cases",
        images=(an_image(credit="Ben Ito", rights=ImageRights.CC),),
        item={"image_licence": BY_NC, "corrections": (Correction(date=date(2026, 3, 4), text="The year is 2019."),)},
    )
    arabic = an_item(3, title="طريق الذهب", summary="يغادر الذهب النهر ليلا.", language="ar")
    update = an_item(4, title="We won a prize", kind=Kind.UPDATE)
    digest = a_digest()
    stories = DigestBlock(name="stories", items=(lead, beside, arabic))
    return replace(digest, blocks=(stories, DigestBlock(name="updates", items=(update,))))


def fragments_of(digest: Digest) -> tuple[Fragment, ...]:
    """The digest's fragments, by the templates that come with the publisher."""
    return render_fragments(digest, folders=FOLDERS)


def letter_of(digest: Digest) -> Letter:
    """The letter with everything in it."""
    return assemble_letter(
        fragments_of(digest),
        variant=0,
        language=digest.language,
        subject=digest.subject,
        preheader=digest.preheader,
    )


def html_of(*items: DigestItem, **changes: Any) -> str:  # noqa: ANN401 - fields of the digest
    """The HTML of a digest with the given stories."""
    return letter_of(a_digest(*items, **changes)).html


def text_of(*items: DigestItem, **changes: Any) -> str:  # noqa: ANN401 - fields of the digest
    """The text of a digest with the given stories."""
    return letter_of(a_digest(*items, **changes)).text


def item_html(item: DigestItem, **changes: Any) -> str:  # noqa: ANN401 - fields of the digest
    """The HTML of one item's fragment."""
    return next(part.html for part in fragments_of(a_digest(item, **changes)) if part.form is Form.ITEM)
