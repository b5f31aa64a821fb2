"""The pictures of folder sources: where they are, and where the public finds them.

    {folder}/images/route map.jpg   →   {public_url}/media/{source}/images/route%20map.jpg

Gathering only names the addresses; building copies the files that stored articles show (`media_files`).
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from publisher.settings import Settings, SourceKind, SourceSettings

#: Raster images only: an SVG is a program.
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"})


def media_files(settings: Settings, source: SourceSettings) -> Iterator[tuple[PurePosixPath, Path]]:
    """Every picture of a folder source: its path below `public/`, and its file; none for another kind of source.

    A picture may belong to an article that is not public yet: copy those that a stored article's `Image.url` names.
    """
    root = settings.folder / source.url
    if source.kind is not SourceKind.FOLDER or not root.is_dir():
        return
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if media_file(root, Path(), relative.as_posix()) is not None:
            yield PurePosixPath("media", source.id, relative.as_posix()), path


def media_base(settings: Settings, source: str) -> str:
    """Where the pictures of a source are public."""
    return f"{settings.newsroom.public_url}/media/{source}"


def media_url(base: str, relative: PurePosixPath) -> str:
    """The public address of a picture."""
    return f"{base}/{quote(relative.as_posix())}"


def media_file(root: Path, folder: Path, written: str) -> PurePosixPath | None:
    """The path in the source's folder that a relative address means; None for what is no picture inside of it."""
    path = root / folder / unquote(urlsplit(written).path)
    try:
        real = path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # not there; a zero byte; links in a circle
        return None
    if path.suffix.lower() not in SUFFIXES or not real.is_file() or not real.is_relative_to(root.resolve()):
        return None
    if real.suffix.lower() not in SUFFIXES:  # a picture's name that links to something else
        return None
    return PurePosixPath(real.relative_to(root.resolve()).as_posix())
