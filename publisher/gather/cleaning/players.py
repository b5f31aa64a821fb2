"""What page a player's or post's address stands for: mail and other sites show no players."""

import re
from urllib.parse import parse_qs, urlsplit

from publisher.gather.cleaning.links import absolute_url

_YOUTUBE = re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com")
_VIDEO = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{6,20})/?")
#: Host, path of the player, and the page that it becomes.
_PAGES = tuple(
    (re.compile(host), re.compile(path), page)
    for host, path, page in (
        (r"player\.vimeo\.com", r"/video/(\d+)/?", r"https://vimeo.com/\1"),
        (r"(?:www\.)?dailymotion\.com", r"/embed/video/(\w+)/?", r"https://www.dailymotion.com/video/\1"),
        (r"open\.spotify\.com", r"/embed(?:-podcast)?/(\w+/\w+)/?", r"https://open.spotify.com/\1"),
        (r"embed\.podcasts\.apple\.com", r"/(.+)", r"https://podcasts.apple.com/\1"),
        (
            r"(?:www\.)?instagram\.com",
            r"/((?:p|reel|tv)/[\w-]+)/embed(?:/captioned)?/?",
            r"https://www.instagram.com/\1/",
        ),
        (r"(?:www\.)?tiktok\.com", r"/embed/(?:v\d/)?(\d+)/?", r"https://www.tiktok.com/embed/\1"),
        (r"embed\.documentcloud\.org", r"/documents/([\w-]+)/?", r"https://www.documentcloud.org/documents/\1/"),
        (r"flo\.uri\.sh", r"/((?:visualisation|story)/\d+)/embed/?", r"https://public.flourish.studio/\1/"),
        (r"datawrapper\.dwcdn\.net", r"/(\w{5})(?:/\d+)?/?", r"https://datawrapper.dwcdn.net/\1/"),
        (r"e\.infogram\.com", r"/([\w-]+)/?", r"https://infogram.com/\1"),
    )
)
#: Players that name the page in their query: `facebook.com/plugins/post.php?href=...`.
_NAMED = {
    "www.facebook.com": "href",
    "platform.twitter.com": "id",
    "platform.x.com": "id",
    "w.soundcloud.com": "url",
    "cdn.embedly.com": "url",
}
_X_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status(?:es)?/\d+")


def page_of_embed(src: str, base_url: str) -> str | None:
    """The https address at which a person finds what is embedded; None where there is none."""
    url = absolute_url(f"https:{src.strip()}" if src.strip().startswith("//") else src, base_url)
    if url is None:
        return None
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if named := _page_in_query(host, parts.path, parts.query):
        return absolute_url(named, base_url)
    if _YOUTUBE.fullmatch(host):
        playlist = re.search(r"[?&]list=([\w-]+)", url)
        if parts.path.startswith("/embed/videoseries") and playlist:
            return f"https://www.youtube.com/playlist?list={playlist[1]}"
        if video := _VIDEO.fullmatch(parts.path):
            return f"https://www.youtube.com/watch?v={video[1]}"
    for hosts, path, page in _PAGES:
        if hosts.fullmatch(host) and (found := path.fullmatch(parts.path)):
            return found.expand(page)
    return url if parts.scheme == "https" else None


def page_of_post(url: str) -> str:
    """The address of a post without what counts its readers: `?ref_src=...`."""
    status = _X_STATUS.match(url)
    if status:
        return status[0].replace("http://", "https://")
    parts = urlsplit(url)
    counts = re.search(r"(?:^|&)(?:ref_src|utm_\w+|igsh|igshid|refer)=", parts.query)
    return url.partition("?")[0] if counts else url


def _page_in_query(host: str, path: str, query: str) -> str:
    name = _NAMED.get(host)
    if name is None or (host == "www.facebook.com" and not path.startswith("/plugins/")):
        return ""
    value = parse_qs(query).get(name, [""])[0]
    if name == "id":
        return f"https://x.com/i/status/{value}" if value.isdecimal() else ""
    return value if value.startswith("https://") else ""
