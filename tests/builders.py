"""Builders: a valid default each, so that a test names only what it is about. The fixed cast lives here."""

from datetime import UTC, datetime
from typing import Any

from publisher.model.article import Kind, SourceArticle, SourceTerm
from publisher.model.subscriber import ReaderLine, SubscriptionState
from publisher.store.revisions import State
from publisher.store.subscribers import NewReader

FRIDAY = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  # 07:00 in Bogotá
ANA, BEN, CHIDI, DOLORES = "ana@example.org", "ben@example.net", "chidi@example.org", "dolores@example.com"


def a_source_article(key: str = "gold-route", **changes: Any) -> SourceArticle:  # noqa: ANN401 - fields of the article
    """What a source says of "The gold route"."""
    values: dict[str, Any] = {
        "key": key,
        "url": f"https://news.example.org/investigations/{key}/",
        "title": "The gold route",
        "kind": Kind.STORY,
        "language": "en",
        "content_html": "<p>The gold leaves the river at night.</p>",
        "summary": "The gold leaves the river at night.",
        "published": datetime(2026, 3, 5, 15, 0, tzinfo=UTC),
        "authors": (SourceTerm(name="Jane Doe", key="jane-doe"),),
        "section": SourceTerm(name="Investigations", key="investigations"),
        "countries": (SourceTerm(name="Colombia", key="colombia"),),
        "licence": "https://creativecommons.org/licenses/by-nc/4.0/",
        "licence_why": "the newsroom's default",
        "rights_holder": "Example Observatory",
    }
    return SourceArticle(**values | changes)


def a_state(key: str = "gold-route", **changes: Any) -> State:  # noqa: ANN401 - fields of the article
    """A state to store."""
    found = a_source_article(key, **changes)
    return State(found=found, digest=repr(hash(repr(found))), words=repr(hash(found.title + found.content_html)))


def a_reader(email: str = ANA, **changes: Any) -> NewReader:  # noqa: ANN401 - fields of the line
    """A subscribed reader to store."""
    values: dict[str, Any] = {
        "email": email,
        "language": "en",
        "state": SubscriptionState.SUBSCRIBED,
        "consent": "form on news.example.org",
        "subscribed_at": datetime(2026, 1, 5, tzinfo=UTC),
    }
    line = ReaderLine(**values | changes)
    return NewReader(
        line=line, public_id=email.encode().ljust(16, b".")[:16], suppression_key=f"key of {email.lower()}"
    )
