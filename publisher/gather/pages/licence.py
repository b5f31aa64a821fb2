"""The licence that a web page names: `rel=license` (HTML section 4.6.7.8), in its head or, failing that, anywhere."""

import lxml.etree
import lxml.html

from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError
from publisher.licensing.licences import parse_licence

ACCEPT = ("text/html", "application/xhtml+xml")
MAX_BYTES = 5_000_000
OK = 200


def fetch_page_licence(fetcher: Fetcher, url: str) -> str:
    """The licence of a page as it writes it; empty when it names none; raises `FetchError` when there is no answer.

    A page that we may not fetch, or that is not there, names none that we could stand on: its answer says so.
    """
    try:
        response = fetcher.get(url, accept=ACCEPT, max_bytes=MAX_BYTES)
    except RefusedAddressError as error:
        return f"(its page is not fetched: {error.what})"
    except FetchError as error:
        if error.status == OK:
            return f"(its page {error.what})"
        raise
    if response.status != OK:
        return f"(its page answers {response.status})"
    return licence_in(response.body, url)


def licence_in(body: bytes, url: str) -> str:
    """What the page's links name; several different ones are no answer."""
    try:
        page = lxml.html.document_fromstring(body, base_url=url)
    except (lxml.etree.ParserError, ValueError):
        return ""
    links = (link for link in page.iter("a", "link", "area") if link.get("href"))
    named = [link for link in links if "license" in link.get("rel", "").lower().split()]
    # A link in the body may be of a picture in it; the head speaks of the page.
    in_head = [link for link in named if link.tag == "link"]
    texts = list(dict.fromkeys(link.get("href", "").strip() for link in in_head or named))
    licences = {licence.url if (licence := parse_licence(text)) else text for text in texts}
    return texts[0] if len(licences) == 1 else ", ".join(texts)
