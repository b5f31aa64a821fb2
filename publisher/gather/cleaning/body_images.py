"""The pictures of a body: each gets one good address and, where it is told anywhere, its size.

| what a picture is written as                                    | what counts                                       |
|-----------------------------------------------------------------|---------------------------------------------------|
| `srcset`, `<picture>`                                           | the largest file of up to 1,600 pixels            |
| an attribute of a lazy loader (`data-src`, ...)                 | that: its `src` is a placeholder                  |
| a placeholder beside a `<noscript>`                             | the picture in there                              |
| one pixel, hidden, or at a known counter's address              | nothing: it counts readers                        |

Nothing is fetched: the size is what attributes, styles, descriptors and file names say, else none.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from publisher.gather.cleaning.body_nodes import FALLBACK, Element, beside, erase, is_gone
from publisher.gather.cleaning.links import absolute_url, candidates_in
from publisher.gather.cleaning.picture_size import in_file_name, said_size, shape_of

LARGEST = 1600  #: pixels: enough for two screen pixels on each of a mail's or page's column
_ORDINARY = 600  #: a file from a set that is smaller is no better than the one shown without it
_SMALL = 300  #: a portrait or icon that is meant to be this small needs no large file
_USUAL = 800  #: how wide a picture is taken to stand where only densities (`2x`) are told
_LAZY = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-cfsrc",
    "data-ezsrc",
    "data-hi-res-src",
    "data-full-src",
    "data-original-src",
    "data-image",
)
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "data-ezsrcset", "data-cfsrcset")
_Said = Mapping[str, str]  # the attributes of an element
_MODERN = re.compile(r"image/(?:webp|avif|svg|jxl|heic)", re.IGNORECASE)  # which not every mail program shows
_MOODS = re.compile(r"prefers-|print|orientation", re.IGNORECASE)  # of a page, which mail has none of
_TINY = re.compile(r"\s*[01](?:\.\d+)?(?:px)?\s*")
_TINY_STYLE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*[01](?:px)?\s*(?=;|$|!)")
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)")
_COUNTERS = re.compile(
    r"//(?:pixel\.wp\.com|stats\.wordpress\.com|[\w-]+\.scorecardresearch\.com|pixel\.quantserve\.com|"
    r"(?:www\.|ssl\.)?google-analytics\.com|counter\.theconversation\.com|bat\.bing\.com|"
    r"feeds\.feedburner\.com/~r|(?:www\.)?facebook\.com/tr\b|px\.ads\.linkedin\.com)|"
    r"[?&]republication-pixel=|/count\.gif(?:$|\?)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"[/_-](?:blank|spacer|transparent|clear|placeholder|pixel|loading|lazy(?:load)?|1x1|1px|gr[ae]y|trans|empty)"
    r"\.(?:gif|png|svg)(?:\?[^/]*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file that can be shown."""

    url: str
    width: float = 0  #: pixels, by which files are compared; 0: unknown
    told: float | None = None  #: the same where it is said, not reckoned


def settle_images(root: Element, base_url: str) -> Counter[str]:
    """Changes the tree in place; gives short notes on what was done, with how often."""
    notes: Counter[str] = Counter()
    images = list(root.iterdescendants("img"))
    if fallbacks := list(root.iterdescendants(FALLBACK)):
        inside = {image for fallback in fallbacks for image in fallback.iterdescendants("img")}
        shown = {url for image in images if image not in inside for url in _addresses(_said(image), base_url)}
        for fallback in fallbacks:
            _settle_fallback(fallback, shown, base_url)
    for image in images:
        if not is_gone(image):
            notes.update(_settle_image(image, base_url))
    for picture in root.iterdescendants("picture"):
        picture.tag = "span"
    return notes


def _said(image: Element) -> _Said:
    return dict(image.items())


def _addresses(said: _Said, base_url: str) -> Iterator[str]:
    """All the addresses that a picture could be loaded from."""
    values = [said[name] for name in (*_LAZY, "src") if name in said]
    sets = (one.url for name in _SETS if name in said for one in candidates_in(said[name]))
    return (url for value in (*values, *sets) if (url := absolute_url(value, base_url)))


def _settle_fallback(fallback: Element, shown: set[str], base_url: str) -> None:
    """What is shown without scripts: a picture in the place of a placeholder or of nothing, else nothing."""
    if is_gone(fallback):
        return
    images = [said for image in fallback.iterdescendants("img") if not _counts_readers(said := _said(image))]
    if not images or any(url in shown for url in _addresses(images[0], base_url)):
        erase(fallback)
        return
    near = (_image_of(element) for element in beside(fallback))
    beside_it = next((image for image in near if image is not None and not _counts_readers(_said(image))), None)
    if beside_it is None:
        fallback.tag = "span"
        return
    if _shown_file(_said(beside_it), base_url, _LAZY) is None:
        for name in ("src", "srcset", "width", "height", "alt"):
            if value := images[0].get(name):
                beside_it.set(name, value)
    erase(fallback)


def _image_of(element: Element) -> Element | None:
    """The element, if it is a picture, or the one picture that it holds."""
    if element.tag == "img":
        return element
    inside = list(element.iterdescendants("img")) if element.tag in {"picture", "a", "span", "div"} else []
    return inside[0] if len(inside) == 1 else None


def _settle_image(image: Element, base_url: str) -> list[str]:
    """One good address for a picture and its size, or no picture."""
    said = _said(image)
    if _counts_readers(said):
        erase(image)
        return ["tracking pixel removed"]
    file = _best_file(said, _sources_of(image), base_url)
    if file is None:
        erase(image)
        return ["picture without a usable address removed"]
    size = said_size(said, file.url, file.told)
    image.set("src", file.url)
    for side, value in (("width", size.width), ("height", size.height)):
        if value:
            image.set(side, str(value))
        elif side in said:
            del image.attrib[side]
    return []


def _counts_readers(said: _Said) -> bool:
    style = said["style"].lower() if "style" in said else ""
    if ("width" in said or style) and _is_tiny(said, style):
        return True
    if _COUNTERS.search(said.get("src", "")[:500]):
        return True
    is_hidden = "hidden" in said or bool(style and _HIDDEN_STYLE.search(style))
    return is_hidden and not any(said.get(name) for name in (*_LAZY, *_SETS))  # lazy loaders hide pictures, too


def _is_tiny(said: _Said, style: str) -> bool:
    tiny_styles = set(_TINY_STYLE.findall(style))
    return all(_TINY.fullmatch(said.get(side, "")) or side in tiny_styles for side in ("width", "height"))


def _sources_of(image: Element) -> list[_Said]:
    parent = image.getparent()
    return list(map(_said, parent.iterchildren("source"))) if parent is not None and parent.tag == "picture" else []


def _best_file(said: _Said, sources: Sequence[_Said], base_url: str) -> _File | None:
    """The largest sensible file: a set's, unless what is shown without it is as good."""
    shown = _shown_file(said, base_url, (*_LAZY, "src"))
    has_sets = sources or any(name in said for name in _SETS)
    files = list(_files_of_sets(said, sources, is_needed=shown is None)) if has_sets else []
    if not files:
        return shown
    meant = shape_of(said.get("width"), None).width
    largest = 2 * meant if 0 < meant < _SMALL else LARGEST
    # The widest of those that fit, then the narrowest of those that do not.
    files.sort(key=lambda file: (file.width > largest, abs(file.width - largest)))
    urls = ((file, absolute_url(file.url, base_url)) for file in files)
    best = next((replace(file, url=url) for file, url in urls if url), None)
    return best if shown is None else _better(shown, best, largest)


def _better(shown: _File, best: _File | None, largest: float) -> _File:
    """What a picture shows without its sets, or the best of the sets."""
    if best is None:
        return shown
    if best.width > largest:
        return shown if shown.width < best.width else best
    if not shown.width:
        return best if best.width >= _ORDINARY or best.url == shown.url else shown
    return shown if best.width <= shown.width <= largest else best


def _shown_file(said: _Said, base_url: str, names: Sequence[str]) -> _File | None:
    """What stands there without any set. A lazy loader's `src` is a placeholder: the loader's attribute wins."""
    for name in names:
        url = absolute_url(said[name], base_url) if name in said else None
        if url and not _PLACEHOLDER.search(url):
            return _File(url=url, width=in_file_name(url).width)
    return None


def _files_of_sets(said: _Said, sources: Sequence[_Said], *, is_needed: bool) -> Iterator[_File]:
    """The files of a picture's own sets, and those of a `<picture>` around it that every mail program shows."""
    plain = [
        one for one in sources if not _MODERN.match(one.get("type", "")) and not _MOODS.search(one.get("media", ""))
    ]
    written = [one[name] for one in (said, *plain) for name in _SETS if name in one]
    if is_needed and not written:  # better than no picture
        written = [one[name] for one in sources for name in _SETS if name in one]
    meant = shape_of(said.get("width"), None).width or _USUAL
    for one in (one for text in written for one in candidates_in(text)):
        yield _File(url=one.url, width=one.width or one.density * meant, told=one.width)
