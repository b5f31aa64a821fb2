"""Where a WordPress without REST API has its feed, and which post an entry of it is."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from publisher.gather.cleaning.links import absolute_url
from publisher.gather.fetching.fetch import Fetcher, FetchError
from publisher.gather.pages.page import NotAPageError, Page, read_page

FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
PAGES = ("text/html", "application/xhtml+xml")
MAX_BYTES = 5_000_000
OK = 200
#: What WordPress writes into the class of the body: `single-post postid-7`.
POST_CLASS = re.compile(r"(?<![\w-])postid-(\d{1,18})(?![\w-])")


def linked_feed(body: bytes, url: str) -> str | None:
    """The first feed that a page's head names, on the same host: the second is of the comments; None without one."""
    page = page_of(body, url)
    for link in page.links("alternate") if page else []:
        found = absolute_url(link.get("href", ""), url)
        if link.get("type", "").lower() in FEEDS and found and host_of(found) == host_of(url):
            return found
    return None


def id_in(address: str, site: str) -> int | None:
    """The post's id in a plain address such as `?p=7`; that of another host may be of another post: None."""
    try:
        given = parse_qs(urlsplit(address).query).get("p", [""])[-1]
    except ValueError:
        return None
    is_id = given.isascii() and given.isdecimal() and len(given) <= 18  # noqa: PLR2004 - digits of a number in MySQL
    return int(given) or None if is_id and host_of(address) == host_of(site) else None


def id_of_page(fetcher: Fetcher, url: str, site: str) -> int | None:
    """The id of the post that a page shows, by its short link or the class of its body; None where none is told."""
    if host_of(url) != host_of(site):
        return None
    try:
        response = fetcher.get(url, accept=PAGES, max_bytes=MAX_BYTES)
    except FetchError:
        return None
    page = page_of(response.body, response.url) if response.status == OK else None
    return id_told(page, site) if page else None


def id_told(page: Page, site: str) -> int | None:
    """What a page says of its post's id."""
    short = (id_in(absolute_url(link.get("href", ""), page.url) or "", site) for link in page.links("shortlink"))
    body = next(page.root.iter("body"), None)
    marked = POST_CLASS.search(body.get("class", "")) if body is not None else None
    return next(filter(None, short), None) or (int(marked[1]) if marked else None)


def page_of(body: bytes, url: str) -> Page | None:
    """A page, where it is one."""
    try:
        return read_page(body, url, {})
    except NotAPageError:
        return None


def later_page(url: str, number: int) -> str:
    """The address of a further page of a feed."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode({"paged": number})]))
    return urlunsplit(parts._replace(query=query))


def host_of(url: str) -> str:
    """The host of an address, without `www.`: sites move between the two."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
