"""Articles as the store gives them: a valid default, so that a test names only what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from publisher.model.article import Article, Correction, Image, ImageRights, Kind, Scope, Status, Term

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY_ND = "https://creativecommons.org/licenses/by-nd/4.0/"


def a_term(scope: Scope, name: str, number: int = 1, **changes: Any) -> Term:  # noqa: ANN401 - fields of the term
    """A term whose slug is its name in small letters."""
    values: dict[str, Any] = {"id": number, "scope": scope, "name": name, "slug": name.lower().replace(" ", "-")}
    return Term(**values | changes)


def an_image(url: str = "https://news.example.org/img/river.jpg", **changes: Any) -> Image:  # noqa: ANN401 - fields
    """A picture of our own."""
    values: dict[str, Any] = {
        "url": url,
        "alt": "Two miners at the river",
        "caption": "Two miners wash gold.",
        "credit": "Ana Ruiz / Example Observatory",
        "licence": None,
        "rights": ImageRights.OWN,
        "rights_why": "credited to us",
    }
    return Image(**values | changes)


def a_correction(text: str = "An earlier version misnamed the river.", day: date = date(2026, 3, 6)) -> Correction:
    """A declared correction."""
    return Correction(date=day, text=text)


def an_article(number: int = 41, **changes: Any) -> Article:  # noqa: ANN401 - fields of the article
    """The article "The gold route", licensed and public."""
    values: dict[str, Any] = {
        "number": number,
        "uri": f"tag:news.example.org,2026-03-05:article/{number}",
        "source": "site",
        "key": str(number),
        "work_id": number,
        "status": Status.PUBLIC,
        "kind": Kind.STORY,
        "url": f"https://news.example.org/investigations/gold-route-{number}/",
        "title": "The gold route",
        "language": "en",
        "content_html": "<p>The gold leaves the river at night.</p>",
        "summary": "How contraband metal becomes clean.",
        "published": PUBLISHED,
        "updated": PUBLISHED,
        "first_stored": PUBLISHED,
        "revision": number,
        "authors": (a_term(Scope.AUTHOR, "Jane Doe"), a_term(Scope.AUTHOR, "Ana Ruiz", 2)),
        "section": a_term(Scope.SECTION, "Investigations", 3),
        "countries": (a_term(Scope.COUNTRY, "Colombia", 4),),
        "licence": BY_NC,
        "licence_why": "the newsroom's default",
        "rights_holder": "Example Observatory",
    }
    return Article(**values | changes)


def a_withdrawn_article(number: int = 41, at: datetime = NOW, **changes: Any) -> Article:  # noqa: ANN401 - fields
    """An article that was taken back."""
    return an_article(number, **{"status": Status.WITHDRAWN, "withdrawn_at": at, "updated": at} | changes)
