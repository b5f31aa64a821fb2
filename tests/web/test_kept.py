"""Answers in memory: how long they are good for, and how many there are."""

from pathlib import Path

import pytest

from publisher.syndicate.files import write_files
from publisher.web.kept import OVERHEAD_BYTES, Kept, Mark, Shelf, keep, look, read_file


def kept_of(root: Path, name: str, *, more: dict[str, Mark] | None = None) -> Kept:
    """The answer of a file that holds 1,000 bytes."""
    write_files(root, {name: name.encode() * (1000 // len(name))})
    file = read_file(root / name)
    assert file
    return keep(file, {str(root / name): file.mark, **(more or {})}, {}, is_gone=False)


def test_an_answer_ends_when_one_of_its_files_changes_comes_or_goes(tmp_path: Path) -> None:
    other = tmp_path / "a.bin.gone"
    shelf = Shelf()
    shelf.put(("/a", False), kept_of(tmp_path, "a.bin", more={str(other): None}))
    found = [shelf.find(("/a", False)) is not None]
    other.touch()
    found.append(shelf.find(("/a", False)) is not None)
    other.unlink()
    found.append(shelf.find(("/a", False)) is not None)
    (tmp_path / "a.bin").unlink()
    found.append(shelf.find(("/a", False)) is not None)

    assert found == [True, False, True, False]


def test_those_not_asked_for_longest_make_room(tmp_path: Path) -> None:
    shelf = Shelf(max_bytes=3 * (1000 + OVERHEAD_BYTES))
    for name in ("aaaa", "bbbb", "cccc"):
        shelf.put((name, False), kept_of(tmp_path, name))
    shelf.find(("aaaa", False))
    shelf.put(("dddd", False), kept_of(tmp_path, "dddd"))

    assert [name for name in ("aaaa", "bbbb", "cccc", "dddd") if shelf.find((name, False))] == ["aaaa", "cccc", "dddd"]


def test_a_link_or_a_folder_is_no_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"folder/a.bin": b"a"})
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "a.bin")

    assert [read_file(tmp_path / name) for name in ("link", "folder", "nothing")] == [None] * 3
    assert look(tmp_path / "link") != look(tmp_path / "folder" / "a.bin")


@pytest.mark.parametrize("is_gone", [False, True])
def test_only_what_is_there_has_validators(tmp_path: Path, is_gone: bool) -> None:  # noqa: FBT001
    (tmp_path / "a").write_bytes(b"a")
    file = read_file(tmp_path / "a")
    assert file

    names = {name for name, _ in keep(file, {}, {"vary": "Accept-Encoding"}, is_gone=is_gone).headers}

    assert names == {b"vary", b"content-length"} | (set() if is_gone else {b"etag", b"last-modified"})
