"""Web addresses as identities: what tells two pages apart, and what does not."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

#: Parameters that say where a reader came from, never which page it is.
TRACKING = re.compile(
    r"utm_.*|mc_[ce]id|[a-z]{0,2}clid|igshid|_ga|_gl|ref|ref_src|ref_url|source|cmp|cmpid|ncid|ocid|smid|sr_share|share|"
    r"at_(?:medium|campaign|custom\d)|pk_.*|mtm_.*|hsa_.*|_hs.*|vero_.*|trk.*|wt_mc|xtor|rss|feed|amp|nb|__twitter_impression",
    re.IGNORECASE,
)
#: Parameters that name a picture where one program serves them all; any other one sizes, signs or dates it.
NAMING = frozenset({"id", "src", "url", "file", "path", "image", "img", "attachment_id", "p", "f"})
PORTS = {"http": 80, "https": 443}


def address_key(url: str) -> str:
    """What tells a page from others: host, path and query, less scheme, `www.`, tracking and fragment.

    Empty for what is no web address, and for a site's home page, which stands for no article.

    >>> address_key("http://WWW.example.org/a%7Eb/?utm_source=x&p=7#top")
    'example.org/a~b?p=7'
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not host:
        return ""
    place = host if port in {None, *PORTS.values()} else f"{host}:{port}"
    path = quote(unquote(parts.path), safe="/~!$&'()*+,;=:@-._").rstrip("/")
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.fullmatch(pair[0])))
    if not path and not query:
        return ""
    return f"{place}{path}?{query}" if query else f"{place}{path}"


def host_of(url: str) -> str:
    """The host of an address, less `www.`; empty for what has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def picture_key(url: str) -> str:
    """What tells a picture from others, whatever network serves it and whoever signed it.

    >>> picture_key("https://cdn3.example.net/2026/a.jpg?X-Amz-Signature=1&w=900")
    '/2026/a.jpg'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    named = [pair for pair in parse_qsl(parts.query) if pair[0].lower() in NAMING]
    return f"{unquote(parts.path)}?{urlencode(named)}" if named else unquote(parts.path) or url
