"""The news sitemap and robots.txt: what search engines are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from publisher.model.article import Article, Status
from publisher.model.clock import stamp
from publisher.syndicate.house import House
from publisher.syndicate.markup import clean_text, is_web_address

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NAMESPACES: Any = {None: SITEMAP, "news": NEWS}  # the stubs know no default namespace
AGE = timedelta(days=2)  # older ones are no news to them
LIMIT = 1000
#: Pages that are one reader's, or staff's.
CLOSED = ("/u/", "/confirm/", "/preferences/", "/partner/", "/desk/", "/api/", "/r/")


def render_news_sitemap(articles: Sequence[Article], house: House, *, now: datetime) -> bytes:
    """The newsroom's own articles of the last two days, at their own addresses and first dates."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=NAMESPACES)
    fresh = [article for article in articles if _belongs(article, house, now)]
    for article in fresh[:LIMIT]:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        etree.SubElement(url, f"{{{SITEMAP}}}loc").text = article.url
        news = etree.SubElement(url, f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        etree.SubElement(publication, f"{{{NEWS}}}name").text = house.name
        etree.SubElement(publication, f"{{{NEWS}}}language").text = _language(article.language)
        etree.SubElement(news, f"{{{NEWS}}}publication_date").text = stamp(article.published)
        etree.SubElement(news, f"{{{NEWS}}}title").text = clean_text(article.title)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def render_robots(house: House) -> str:
    """Everything is open but what is one reader's or staff's; kits say `noindex` themselves, so they are open too."""
    prefix = "/" + house.public_url.partition("://")[2].partition("/")[2]
    closed = [f"Disallow: {prefix.rstrip('/')}{path}" for path in CLOSED]
    return "\n".join(("User-agent: *", *closed, "", f"Sitemap: {house.address('sitemap-news.xml')}", ""))


def _belongs(article: Article, house: House, now: datetime) -> bool:
    """Own originals only, public, at most two days old."""
    is_fresh = now - AGE <= article.published <= now
    is_there = article.status is Status.PUBLIC and is_web_address(article.url)
    return is_fresh and is_there and house.is_own(article)


def _language(tag: str) -> str:
    """ISO 639, but for Chinese, which the format wants with its script's country."""
    spoken = tag.lower().partition("-")[0]
    if spoken != "zh":
        return spoken
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(tag.lower().split("-")) else "zh-cn"
