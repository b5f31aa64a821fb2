"""Embeds: frames, players, posts of other sites and files, each turned into one plain link.

Neither mail nor other sites run what stands behind them. The link says what it leads to: the title that the page gives
it, the words of the post, else its address. How each service writes its embeds was looked up in 2026.
"""

import re
from collections import Counter

from lxml import etree

from publisher.gather.cleaning.body_nodes import (
    FALLBACK,
    LINES,
    Element,
    beside,
    classes_of,
    erase,
    finder,
    is_gone,
    words_of,
)
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.cleaning.players import page_of_embed, page_of_post
from publisher.model.markup import names

EMBEDS = names("iframe embed object video audio")
_MOST_WORDS, _MOST_ADDRESS = 300, 80
#: Class of a post that a script would have made a box of: the attribute that names its address, or its last link.
_POSTS = {
    "twitter-tweet": "",
    "twitter-video": "",
    "instagram-media": "data-instgrm-permalink",
    "tiktok-embed": "cite",
    "text-post-media": "data-text-post-permalink",
    "bluesky-embed": "",
    "mastodon-embed": "data-embed-url",
    "reddit-embed-bq": "",
    "reddit-card": "",
    "fb-post": "data-href",
    "fb-video": "data-href",
    "wp-embedded-content": "",
}
#: Class of a box that a script would have drawn in: the attribute with what goes into the address.
_DRAWN = {
    "flourish-embed": ("data-src", "https://public.flourish.studio/{}/"),
    "infogram-embed": ("data-id", "https://infogram.com/{}"),
}
_DATAWRAPPER = re.compile(r"datawrapper-(?:vis|chart)-(\w{5})")
_SOURCES = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data-src-cmplz", "data-suppressedsrc", "data")
_MARKED = finder(".//blockquote[@class] | .//div[@class or @id] | .//a[@class]")
_SAYS_NOTHING = re.compile(
    r"(?:[a-z]+ )?visuali[sz]ation|chart|map|embed|embedded content|iframe|video player", re.IGNORECASE
)
_FILE_PARTS = frozenset({"wp-block-file__embed", "wp-block-file__button"})


def settle_embeds(root: Element, base_url: str) -> Counter[str]:
    """Changes the tree in place; gives short notes on what was done, with how often."""
    notes: Counter[str] = Counter()
    for element in _MARKED(root):
        if not is_gone(element):
            notes.update(_settle_marked(element, base_url))
    for fallback in list(root.iterdescendants(FALLBACK)):
        _settle_fallback(fallback, base_url)
    for element in list(root.iterdescendants(*EMBEDS)):
        if not is_gone(element):  # else stood in for by the one around it, which is a link by now
            notes.update(_settle_frame(element, base_url))
    return notes


def _settle_marked(element: Element, base_url: str) -> list[str]:
    """What only its class or id tells to be an embed, or a part of one."""
    classes = classes_of(element)
    if "wp-block-file" in classes:
        return _settle_file(element)
    if "kg-bookmark-container" in classes and element.tag == "a":
        return _settle_card(element)
    if "wp-block-embed__wrapper" in classes and (page := _only_address(element, base_url)):
        _put_link(element, page, "")
        return ["embed turned into a link"]
    if element.tag == "div" and (drawn := _page_of_drawn(element, classes)):
        _put_link(element, drawn, _title_of(element) or _alt_inside(element))
        return ["drawing turned into a link"]
    post = next(iter(classes & _POSTS.keys()), None) if element.tag in {"blockquote", "div"} else None
    page = _page_of_post(element, _POSTS[post], base_url) if post else None
    if page is None:
        return []
    _put_link(element, page, _shortened(words_of(element), _MOST_WORDS))
    return ["post turned into a link"]


def _only_address(box: Element, base_url: str) -> str | None:
    """The address that is all there is where the other site did not answer when the article was saved."""
    words = words_of(box)
    return page_of_embed(words, base_url) if re.fullmatch(r"https?://\S+", words) else None


def _page_of_drawn(box: Element, classes: frozenset[str]) -> str | None:
    """The page with what a script would have drawn into a box."""
    if found := _DATAWRAPPER.fullmatch(box.get("id", "")):
        return f"https://datawrapper.dwcdn.net/{found[1]}/"
    for name, (attribute, page) in _DRAWN.items():
        value = box.get(attribute, "").strip("/")
        if name in classes and re.fullmatch(r"[\w/-]{1,200}", value):
            return page.format(value)
    return None


def _page_of_post(post: Element, attribute: str, base_url: str) -> str | None:
    links = [link.get("href", "") for link in post.iterdescendants("a")]
    written = post.get(attribute, "") if attribute else ""
    url = absolute_url(written or (links[-1] if links else ""), base_url)
    return page_of_post(url) if url else None


def _settle_file(box: Element) -> list[str]:
    """A file's preview and its button, where the link with its name stands beside them; else they stay."""
    parts = [(part, bool(classes_of(part) & _FILE_PARTS)) for part in box.iterchildren("a", "object")]
    if any(part.tag == "a" and part.get("href") and not is_extra for part, is_extra in parts):
        for part, is_extra in parts:
            if is_extra:
                erase(part)
    return []


def _settle_card(card: Element) -> list[str]:
    """A card of a link: its title, without the description and pictures of the page that it leads to."""
    title = next((one for one in card.iterdescendants() if "kg-bookmark-title" in classes_of(one)), None)
    words = words_of(title) if title is not None else ""
    if not words:
        return []
    _put_link(card, card.get("href", ""), words)
    return ["card turned into a link"]


def _settle_frame(frame: Element, base_url: str) -> list[str]:
    """A link in the place of a frame or player."""
    what = "frame" if frame.tag == "iframe" else "embed"
    if "wp-embedded-content" in classes_of(frame) and _follows_link(frame):
        erase(frame)
        return []
    page = _page_of_frame(frame, base_url)
    if page is None:
        erase(frame)
        return [f"{what} without a usable address removed"]
    _put_link(frame, page, _title_of(frame))
    return [f"{what} turned into a link"]


def _page_of_frame(frame: Element, base_url: str) -> str | None:
    inner = [child.get("src", "") for child in frame.iterchildren("source", "embed")]
    written = [*(frame.get(name, "") for name in _SOURCES), *inner]
    return next(filter(None, (page_of_embed(one, base_url) for one in written if one)), None)


def _settle_fallback(fallback: Element, base_url: str) -> None:
    """A frame that is shown without scripts: in the place of one that only a script would load."""
    if is_gone(fallback) or next(fallback.iterdescendants(*EMBEDS), None) is None:
        return
    near = (frame for one in beside(fallback) for frame in one.iter(*EMBEDS))
    if any(_page_of_frame(frame, base_url) for frame in near):
        erase(fallback)
    else:
        fallback.tag = "span"


def _follows_link(frame: Element) -> bool:
    """Whether the post that a frame shows is linked just before it."""
    return any(one.tag == "a" or (one.tag == "p" and len(one) and one[0].tag == "a") for one in beside(frame))


def _title_of(element: Element) -> str:
    given = (" ".join(element.get(name, "").split()) for name in ("title", "data-title", "aria-label"))
    return next((one for one in given if one and not _SAYS_NOTHING.fullmatch(one)), "")


def _alt_inside(element: Element) -> str:
    alts = (" ".join(image.get("alt", "").split()) for image in element.iterdescendants("img"))
    return next((one for one in alts if one and not _SAYS_NOTHING.fullmatch(one)), "")


def _put_link(element: Element, page: str, text: str) -> None:
    """Puts a link in the place of an element, in a paragraph of its own where it does not stand in a line."""
    around = next((one for one in element.iterancestors() if one.tag != "span"), None)
    inner = next(element.iterdescendants("p"), element)
    direction = {name: value for name in ("dir", "lang") if (value := inner.get(name) or element.get(name))}
    element.clear(keep_tail=True)
    link = element
    if around is None or around.tag not in LINES:
        element.tag = "p"
        link = etree.Element("a")
        element.append(link)
    for name, value in direction.items():
        element.set(name, value)
    link.tag = "a"
    link.set("href", page)
    link.text = text or _shortened(page.partition("://")[2], _MOST_ADDRESS)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
