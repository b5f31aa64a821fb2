"""How large a picture is, as far as its markup tells: attributes, styles, the name of the file, a set's descriptor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d{1,9})?(?:px)?\s*")
_STYLE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5}(?:\.\d{1,9})?)px\s*(?=;|$|!)")
#: `-1024x683.jpg`, as WordPress names its sizes.
_IN_NAME = re.compile(r"-(\d{2,4})x(\d{2,4})\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_SMALLEST_NAMED = 100  # a size in a file's name is one from here on: `print-16x24.jpg` is a paper's


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height in pixels; 0 where it is not known."""

    width: int = 0
    height: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether both are known."""
        return bool(self.width and self.height)

    @property
    def is_known(self) -> bool:
        """Whether any side is known."""
        return bool(self.width or self.height)


def said_size(image: Mapping[str, str], url: str, width: float | None) -> Size:
    """The size that a picture's attributes say, with the other side by whatever tells its shape.

    `width` is that of the file at `url`, where a set says it.
    """
    size = shape_of(image.get("width"), image.get("height"))
    if size.is_whole and not width:  # as nearly all are
        return size
    named = in_file_name(url)
    if not image.keys() & {"width", "height", "style", "data-orig-size"} and not width:
        return named
    said = (size, _in_style(image.get("style", "")), named, _in_pair(image.get("data-orig-size", "")))
    shape = next((one for one in said if one.is_whole), Size())
    size = _completed(said[0] if said[0].is_known else said[1], shape)
    if not size.is_known:
        size = named
    file = int(width) if width and width == int(width) and width < 100_000 else 0  # noqa: PLR2004 - no picture is wider
    if not size.is_known or (size.is_whole and 0 < file < size.width):  # a file is never shown as more than it is
        size = _completed(Size(width=file), size if size.is_whole else shape)
    return size


def shape_of(width: str | None, height: str | None) -> Size:
    """The size in two attributes; a share of the page (`50%`) is none."""
    return Size(width=_pixels(width), height=_pixels(height))


def in_file_name(url: str) -> Size:
    """The size that a file's name ends with."""
    found = _IN_NAME.search(url)
    size = Size(width=int(found[1]), height=int(found[2])) if found else Size()
    return size if max(size.width, size.height) >= _SMALLEST_NAMED else Size()


def _in_style(style: str) -> Size:
    said = dict(_STYLE.findall(style.lower())) if style else {}
    return shape_of(said.get("width"), said.get("height"))


def _in_pair(text: str) -> Size:
    width, _, height = text.partition(",")
    return shape_of(width, height)


def _completed(size: Size, shape: Size) -> Size:
    """The size with its missing side, if the shape is known."""
    if size.is_whole or not shape.is_whole:
        return size
    if size.width:
        return Size(width=size.width, height=max(1, round(size.width * shape.height / shape.width)))
    return (
        Size(width=max(1, round(size.height * shape.width / shape.height)), height=size.height) if size.height else size
    )


def _pixels(text: str | None) -> int:
    found = _PIXELS.fullmatch(text) if text else None
    return int(found[1]) if found else 0
