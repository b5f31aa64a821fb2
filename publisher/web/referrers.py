"""The page that a picture was asked for from (`Referer`, RFC 9110 section 10.1.3): hostile text, cut to a place."""

from urllib.parse import quote, urlsplit

MOST_HOST, MOST_PATH = 253, 300  # characters; a longer path is no page's
PATH_SAFE = "/%:@!$&'()*+,;=~"  # RFC 3986 section 3.3; what is encoded already stays as it is


def kept_referrer(text: str, *, with_path: bool) -> str:
    """Host, or host and path: no scheme, user, port, query or fragment. Empty for what is no web page.

    >>> kept_referrer("https://Partner.example.com:8443/gold?reader=7#top", with_path=True)
    'partner.example.com/gold'
    """
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:  # also what IDNA refuses
        return ""
    if parts.scheme not in {"http", "https"} or not host or len(host) > MOST_HOST or not _is_host(host):
        return ""
    path = quote(parts.path, safe=PATH_SAFE, encoding="latin-1")  # as header fields arrive
    return f"{host}{path or '/'}" if with_path and len(path) <= MOST_PATH else host


def _is_host(host: str) -> bool:
    return all(character.isalnum() or character in "-._:" for character in host)
