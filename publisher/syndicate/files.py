"""Writing under `public/`: whole or not at all, only when the bytes change, compressed beside.

A plain file and its `.gz` are one unit. Both are written into a folder of their own and synced; the `.gz` takes its
place first, so that a plain file that is right has a right `.gz` after any crash. What a crash leaves in that folder is
cleared away by the next build.
"""

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from publisher.model.errors import FilesError

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
COMPRESSIBLE = frozenset({".html", ".css", ".js", ".xml", ".rss", ".atom", ".json", ".txt", ".md", ".svg"})
LEVEL = 6  #: 9 takes three times as long for a fiftieth less
UNFINISHED = ".unfinished"  #: where files are written before they are moved; never served, as no dotfile is
AT_ONCE = 16  #: files that are synced together: the disk writes them down in one go


def write_files(root: Path, files: Mapping[str, bytes]) -> frozenset[str]:
    """Writes files by their paths under `root`, in the order given; gives the paths whose bytes changed.

    Each file is replaced as a whole and synced with its folder before the call returns. Raises `FilesError`, and
    what stood there before still stands.
    """
    changed = {path: data for path, data in files.items() if not _stands(_inside(root, path), data)}
    places: dict[Path, bytes] = {}
    for path, data in changed.items():
        target = _inside(root, path)
        # The `.gz` first: whoever is told of a file by its name finds both.
        places |= ({_packed(target): compress(data)} if _is_compressible(target) else {}) | {target: data}
    _replace_all(places, root / UNFINISHED)
    for folder in dict.fromkeys(place.parent for place in places):
        _sync_folder(folder)
    return frozenset(changed)


def clear_unfinished(root: Path) -> None:
    """Clears away what a crash left half written; the folder goes too. Only the one builder may ask for it."""
    folder = root / UNFINISHED
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_dir():
            shutil.rmtree(folder)
    except OSError as error:
        raise _fault(folder, error) from error


def remove_file(root: Path, path: str) -> bool:
    """Removes a file, its `.gz` and what folders are empty then; False when it was not there."""
    target = _inside(root, path)
    was_there = target.is_file()
    try:
        target.unlink(missing_ok=True)
        _packed(target).unlink(missing_ok=True)
    except OSError as error:
        raise _fault(target, error) from error
    with suppress(OSError):  # not empty, or somebody else was quicker
        for folder in target.relative_to(root).parents:
            if folder != Path():
                (root / folder).rmdir()
    return was_there


def has_file(root: Path, path: str) -> bool:
    """Whether a file stands there, with its `.gz` if it should have one."""
    target = _inside(root, path)
    return target.is_file() and (not _is_compressible(target) or _packed(target).is_file())


def compress(data: bytes) -> bytes:
    """The `.gz` of these bytes: no time and no name in it, so equal bytes make equal bytes."""
    return gzip.compress(data, compresslevel=LEVEL, mtime=0)


def checksum(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _inside(root: Path, path: str) -> Path:
    """The place of a path, proven to be under `root`: plain names only, and no link on the way out."""
    parts = path.split("/")
    if not all(NAME.fullmatch(part) for part in parts):
        raise FilesError(f"{path!r} is no path for a public file; nothing was written.")
    target = root.joinpath(*parts)
    # A link inside `public/` could point anywhere, and whoever made it would choose what we overwrite.
    if not target.parent.resolve().is_relative_to(root.resolve()) or target.is_symlink():
        raise FilesError(f"{target} leads out of {root}; remove the link there and build again.")
    return target


def _stands(target: Path, data: bytes) -> bool:
    """Whether exactly these bytes stand there already, and their `.gz` unpacks to them."""
    try:
        if target.read_bytes() != data:
            return False
        return not _is_compressible(target) or gzip.decompress(_packed(target).read_bytes()) == data
    except (OSError, EOFError, ValueError):  # missing or damaged: it is written again
        return False


def _replace_all(places: Mapping[Path, bytes], folder: Path) -> None:
    """Puts files in place, in this order: each is whole, and all are synced before the first is there."""
    temporary = {place: folder / str(number) for number, place in enumerate(places)}
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            synced = {}
            for place, data in places.items():
                target = place
                target.parent.mkdir(parents=True, exist_ok=True)
                synced[place] = pool.submit(_write_synced, temporary[place], data)
            for place, done in synced.items():
                target = place
                done.result()
        for place in places:
            target = place
            temporary[place].replace(place)
    except OSError as error:
        raise _fault(target, error) from error
    finally:
        for left in temporary.values():
            with suppress(OSError):
                left.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


def _write_synced(place: Path, data: bytes) -> None:
    """Writes and syncs one file; never through a link that somebody put there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, 0o644), "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the new names in a folder last through a power failure."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _fault(folder, error) from error
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _packed(target: Path) -> Path:
    return target.with_name(f"{target.name}.gz")


def _is_compressible(target: Path) -> bool:
    return target.suffix in COMPRESSIBLE


def _fault(target: Path, error: OSError) -> FilesError:
    """What went wrong, where, and that nothing was lost."""
    why = error.strerror or str(error)
    cure = "Make room or mend its folder's permissions, then run `publisher build` again."
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        cure = "Something that is no folder is in the way: move it, then run `publisher build` again."
    return FilesError(f"{target} could not be written: {why}. What stood there still stands. {cure}")
