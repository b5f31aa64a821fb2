"""Addresses inside of bodies: made absolute, or not used; and what page a player's address stands for."""

import re
from urllib.parse import quote, urljoin, urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_YOUTUBE = re.compile(r"(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com)")
_VIDEO = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{6,20})/?")
_VIMEO = re.compile(r"/video/(\d+)/?")
_CANDIDATE = re.compile(r"(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")


def absolute_url(value: str, base_url: str, *, mail: bool = False) -> str | None:
    """The address as a reader of the page at `base_url` would reach it, percent-encoded; None for one not to be used.

    http and https without user info, and mailto where `mail` is set. Doing it twice changes nothing.
    """
    text = re.sub(r"[\t\r\n]", "", value).strip()  # as browsers do (WHATWG URL section 4.4)
    if not text or re.fullmatch(
        r"https?:/*", text, re.IGNORECASE
    ):  # the second: what an editor's link box is filled with
        return None
    if text[:7].lower() == "mailto:":
        rest = quote(text[7:], safe="@/?=&;,+:.!$'()*-_~%")
        return f"mailto:{rest}" if mail and rest else None
    try:
        parts = parse_url(urljoin(base_url, text))
    except (ValueError, LocationParseError):
        return None
    if parts.scheme not in {"http", "https"} or parts.auth is not None or not _HOST.fullmatch(parts.host or ""):
        return None
    return parts.url


def best_of_srcset(srcset: str) -> str:
    """The address of the largest candidate (HTML section 4.8.4.2.1), the first of equals, else an empty text."""
    found = [
        (candidate[1], float(candidate[2] or 1))
        for candidate in _CANDIDATE.finditer(srcset)
        if _is_number(candidate[2])
    ]
    return max(found, key=lambda candidate: candidate[1], default=("", 0.0))[0]


def page_of_embed(src: str, base_url: str) -> str | None:
    """The https address at which a person finds what is embedded; None where there is none.

    YouTube's and Vimeo's player pages become the pages to watch at: mail and other sites show no players.
    """
    url = absolute_url(f"https:{src.strip()}" if src.strip().startswith("//") else src, base_url)
    if url is None:
        return None
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if _YOUTUBE.fullmatch(host):
        playlist = re.search(r"[?&]list=([\w-]+)", url)
        if parts.path.startswith("/embed/videoseries") and playlist:
            return f"https://www.youtube.com/playlist?list={playlist[1]}"
        if video := _VIDEO.fullmatch(parts.path):
            return f"https://www.youtube.com/watch?v={video[1]}"
    if host == "player.vimeo.com" and (video := _VIMEO.fullmatch(parts.path)):
        return f"https://vimeo.com/{video[1]}"
    return url if parts.scheme == "https" else None


def _is_number(text: str | None) -> bool:
    return text is None or text.replace(".", "", 1).isdecimal()
