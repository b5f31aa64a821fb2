"""Example Observatory's settings, house and site, for the syndicate's tests."""

from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.model.article import Article, Kind
from publisher.settings import Settings
from publisher.syndicate.build import open_site
from publisher.syndicate.feed import Feed
from publisher.syndicate.feeds import FeedPlan, build_feed
from publisher.syndicate.house import House, house_of
from publisher.syndicate.pages import Site
from tests.licensing.article_builders import BY_NC, NOW


def some_settings(folder: Path = Path("/nowhere"), **tables: Any) -> Settings:  # noqa: ANN401 - tables of the file
    """A bilingual newsroom with its own CMS and a partner's feed; a table given is laid over the default one."""
    values: dict[str, Any] = {
        "newsroom": {
            "name": "Example Observatory",
            "url": "https://news.example.org",
            "public_url": "https://follow.example.org",
            "languages": ["en", "es"],
            "timezone": "America/Bogota",
            "postal_address": "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia",
            "contact": "desk@news.example.org",
        },
        "sources": [
            {"id": "site", "kind": "wordpress", "url": "https://news.example.org"},
            {"id": "partner", "kind": "feed", "url": "https://partner.example.com/feed.xml"},
        ],
        "licence": {"default": BY_NC, "rights_holder": "Example Observatory"},
        "provider": {"kind": "outbox", "from": "Example Observatory <digest@mail.example.org>"},
        "feeds": {"hub": ["https://hub.example.net/"]},
        "file": folder / "config" / "newsroom.toml",
        "folder": folder,
    }
    for name, table in tables.items():
        values[name] = values[name] | table if isinstance(values.get(name), dict) else table
    return Settings.model_validate(values)


def a_house(**tables: Any) -> House:  # noqa: ANN401 - tables of the file
    """The house of `some_settings`."""
    return house_of(some_settings(**tables))


def a_site(**tables: Any) -> Site:  # noqa: ANN401 - tables of the file
    """The house with the shipped templates."""
    return open_site(some_settings(**tables))


def a_plan(**changes: Any) -> FeedPlan:  # noqa: ANN401 - fields of the plan
    """The feed of everything."""
    values: dict[str, Any] = {
        "scope": "all",
        "slug": "",
        "name": "",
        "title": "Example Observatory",
        "kinds": (Kind.STORY, Kind.UPDATE),
    }
    return FeedPlan(**values | changes)


def a_feed(*articles: Article, house: House | None = None, now: datetime = NOW) -> Feed:
    """The feed of everything, holding these articles."""
    return build_feed(a_plan(), articles, house or a_house(), now=now)
