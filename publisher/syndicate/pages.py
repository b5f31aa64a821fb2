"""The public pages: Jinja2 templates filled from feeds and articles, one style sheet, nothing inline.

Links within `public/` are relative, so that the pages work under any path and from a folder; addresses to copy and
canonical ones are absolute. A newsroom's own `templates/web/` comes before ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from publisher.licensing.names import long_name, short_name
from publisher.licensing.words import join_names, words_for
from publisher.model.article import Article
from publisher.model.clock import stamp
from publisher.render.environment import read_source, render_template
from publisher.render.languages import direction
from publisher.syndicate.feed import FORMAT_NAMES, MEDIA_TYPES, Entry, Feed
from publisher.syndicate.feeds import FeedPlan
from publisher.syndicate.house import House, long_date
from publisher.syndicate.markup import clean_text
from publisher.syndicate.page_words import page_words, spoken_language

ITEMS = 12  # of the latest on a page: more is what the feed is for
#: Files beside the pages that are copied as they are.
ASSETS = {"assets/site.css": "web/site.css", "assets/copy.js": "web/copy.js"}
MAIN_GROUP = ("all", "updates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The house and its templates."""

    house: House
    templates: Environment
    folders: tuple[Path, ...]  #: of the templates, first match wins


def render_asset(site: Site, path: str) -> str:
    """A style sheet or script, as it is."""
    return read_source(site.folders, ASSETS[path])


def render_home(site: Site, entries: Sequence[Entry], plans: Sequence[FeedPlan]) -> str:
    """The page at the top: ways to follow, and the latest."""
    house = site.house
    words = page_words(house.language)
    title = words["follow"].format(house=house.name)
    # A feed is announced on the page it belongs to: here everything, and the others on their own pages.
    linked = [plan for plan in plans if plan.scope == "all"] or list(plans[:1])
    page = _page(site, "index.html", title=title, description=words["follow_lead"], here="home") | {
        "feeds": feed_links(house, linked)
    }
    return _render(site, "index.html", page, follow=title, items=_items(entries, house))


def render_feed_list(site: Site, plans: Sequence[FeedPlan]) -> str:
    """All feeds, by scope, with their formats and the OPML file."""
    house = site.house
    words = page_words(house.language)
    groups = []
    for name, scopes in (("main", MAIN_GROUP), *((scope, (scope,)) for scope in house.scopes)):
        feeds = [_listed(plan, house) for plan in plans if plan.scope in scopes]
        if feeds and name not in MAIN_GROUP:
            groups.append({"name": name, "title": words[f"group_{name}"], "feeds": feeds})
    title = f"{words['feeds']} · {house.name}"
    page = _page(site, "feeds/index.html", title=title, description=words["feeds_lead"], here="feeds")
    has_opml = bool({"rss", "atom"} & set(house.formats))
    return _render(site, "feeds.html", page, groups=groups, has_opml=has_opml)


def render_feed_page(site: Site, feed: Feed, plan: FeedPlan) -> str:
    """A feed for people: what it is, how to subscribe, its licence, its latest items."""
    house = site.house
    page = _page(site, f"{feed.path}/index.html", title=feed.title, description=feed.description, here="feed")
    page["feeds"] = feed_links(house, [plan])
    return _render(
        site,
        "feed.html",
        page,
        feed=feed,
        links=_formats(plan, house),
        licence_name=f"{long_name(feed.licence, house.language)} ({short_name(feed.licence)})" if feed.licence else "",
        items=_items(feed.entries, house),
    )


def render_withdrawn_page(site: Site, article: Article) -> str:
    """The explanation in place of a kit that was withdrawn."""
    house = site.house
    spoken = spoken_language(article.language)
    words = page_words(spoken)
    title = f"{words['withdrawn']}: {clean_text(article.title)}"
    page = _page(site, f"republish/{article.number}/index.html", title=title, language=spoken)
    page |= {"hidden": True}
    return _render(
        site,
        "withdrawn.html",
        page,
        article=article_view(article, house),
        gone_date=words["gone_date"].format(
            date=long_date(article.withdrawn_at or article.updated, spoken, house.zone)
        ),
        before_contact=words["questions"].format(contact=""),
    )


def article_view(article: Article, house: House) -> dict[str, Any]:
    """What a page about one article says of it."""
    spoken = spoken_language(article.language)
    words = words_for(spoken)
    names = join_names([clean_text(author.name) for author in article.authors], words)
    return {
        "title": clean_text(article.title),
        "url": article.url,
        "language": article.language,
        "direction": direction(article.language),
        "byline": f"{words.by} {names}" if names else house.name,
        "date": long_date(article.published, spoken, house.zone),
        "datetime": stamp(article.published),
        "updated": stamp(article.updated),
        "updated_date": long_date(article.updated, spoken, house.zone),
    }


def feed_links(house: House, plans: Sequence[FeedPlan]) -> list[dict[str, str]]:
    """Autodiscovery: a link for each feed and format; titles tell them apart."""
    return [
        {
            "media_type": MEDIA_TYPES[form],
            "title": f"{plan.title} ({FORMAT_NAMES[form]})",
            "url": house.address(f"{plan.path}.{form}"),
        }
        for plan in plans
        for form in house.formats
    ]


def render_page(site: Site, template: str, path: str, **values: Any) -> str:  # noqa: ANN401 - of a template
    """Any other page of the site; `title`, `language`, `canonical`, `hidden` go to its head."""
    head = {name: values.pop(name) for name in ("title", "language") if name in values}
    page = _page(site, path, **head)
    page |= {name: values.pop(name) for name in ("canonical", "hidden") if name in values}
    return _render(site, template, page, **values)


def _page(
    site: Site, path: str, *, title: str, description: str = "", here: str = "", language: str = ""
) -> dict[str, Any]:
    """What every page's head says."""
    spoken = spoken_language(language or site.house.language)
    return {
        "title": title,
        "description": description,
        "language": spoken,
        "direction": direction(spoken),
        "root": "../" * path.count("/") or "./",
        "canonical": site.house.address(path),
        "hidden": False,
        "here": here,
        "feeds": [],
    }


def _render(site: Site, template: str, page: dict[str, Any], **values: Any) -> str:  # noqa: ANN401 - of a template
    """One page, its words in its own language."""
    common = {"page": page, "house": site.house, "words": page_words(page["language"])}
    return render_template(site.templates, f"web/{template}", common | {"words_language": page["language"]} | values)


def _items(entries: Sequence[Entry], house: House) -> list[dict[str, Any]]:
    """The latest entries that are still there."""
    # A stand-in is for machines that hold a copy; people have nothing to see there.
    there = [entry for entry in entries if entry.withdrawn is None]
    return [_item(entry, house) for entry in there[:ITEMS]]


def _item(entry: Entry, house: House) -> dict[str, Any]:
    """One entry of a list; its language only where it is not the page's."""
    spoken = spoken_language(house.language)
    words = words_for(spoken)
    names = join_names([author.name for author in entry.authors], words)
    is_foreign = entry.language != spoken
    return {
        "title": entry.title,
        "url": entry.url,
        "language": entry.language if is_foreign else "",
        "direction": direction(entry.language),
        "kicker": entry.categories[0].label if entry.categories else "",
        "summary": entry.summary,
        "byline": f"{words.by} {names}" if names else "",
        "date": long_date(entry.published, spoken, house.zone),
        "datetime": stamp(entry.published),
        "licence": short_name(entry.licence) if entry.licence else "",
        "licence_url": entry.licence.url if entry.licence else "",
        "kit": entry.kit_url,
    }


def _listed(plan: FeedPlan, house: House) -> dict[str, Any]:
    """A feed in the list of feeds."""
    links = _formats(plan, house)
    return {"name": plan.name or plan.title, "path": plan.path, "language": plan.language, "links": links}


def _formats(plan: FeedPlan, house: House) -> list[dict[str, str]]:
    """The formats of a feed."""
    return [
        {
            "name": FORMAT_NAMES[form],
            "path": f"{plan.path}.{form}",
            "url": house.address(f"{plan.path}.{form}"),
            "media_type": MEDIA_TYPES[form],
        }
        for form in house.formats
    ]
