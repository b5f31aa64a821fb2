"""Writing under `public/`: whole or not at all, only what changed, nowhere else."""

import gzip
from pathlib import Path

import pytest

from publisher.model.errors import FilesError
from publisher.syndicate.files import has_file, remove_file, write_files


def test_a_file_is_written_with_its_compressed_form(tmp_path: Path) -> None:
    changed = write_files(tmp_path, {"feeds/all.rss": b"<rss/>"})

    assert changed == {"feeds/all.rss"}
    assert (tmp_path / "feeds/all.rss").read_bytes() == b"<rss/>"
    assert gzip.decompress((tmp_path / "feeds/all.rss.gz").read_bytes()) == b"<rss/>"


def test_the_compressed_form_holds_no_time_and_no_name(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": b"x" * 500})

    header = (tmp_path / "a.html.gz").read_bytes()[:10]

    assert (header[3], header[4:8]) == (0, b"\0\0\0\0")


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": b"x"})
    before = (tmp_path / "a.html").stat().st_ino

    assert write_files(tmp_path, {"a.html": b"x"}) == frozenset()
    assert (tmp_path / "a.html").stat().st_ino == before


@pytest.mark.parametrize("damage", [b"", b"not gzip", gzip.compress(b"old", mtime=0)])
def test_a_wrong_compressed_form_is_healed(tmp_path: Path, damage: bytes) -> None:
    write_files(tmp_path, {"a.html": b"x"})
    (tmp_path / "a.html.gz").write_bytes(damage)

    assert write_files(tmp_path, {"a.html": b"x"}) == {"a.html"}
    assert gzip.decompress((tmp_path / "a.html.gz").read_bytes()) == b"x"


def test_a_mark_is_not_compressed(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html.gone": b""})

    assert [path.name for path in tmp_path.iterdir()] == ["a.html.gone"]


def test_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": b"x"})

    assert (tmp_path / "a.html").stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize(
    "path",
    ["../a.html", "a/../../b.html", "/etc/passwd", "a//b.html", "", ".htaccess", "a/./b", "a\\b", "a\0b", "é.html"],
)
def test_a_path_that_is_no_plain_name_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(FilesError, match="no path for a public file"):
        write_files(tmp_path, {path: b"x"})


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    public = tmp_path / "public"
    public.mkdir()
    (public / "feeds").symlink_to(outside)

    with pytest.raises(FilesError, match="leads out of"):
        write_files(public, {"feeds/all.rss": b"x"})

    assert list(outside.iterdir()) == []


def test_public_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "real")

    write_files(tmp_path / "public", {"a/b.html": b"x"})

    assert (tmp_path / "real/a/b.html").read_bytes() == b"x"


def test_a_file_where_a_folder_should_be_is_said_and_harms_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"index.html": b"old"})
    (tmp_path / "feeds").write_bytes(b"in the way")

    with pytest.raises(
        FilesError, match=r"could not be written: .*What stood there still stands.*in the way: move it"
    ) as caught:
        write_files(tmp_path, {"feeds/all.rss": b"x", "index.html": b"new"})

    assert str(tmp_path / "feeds/all.rss") in str(caught.value)
    assert (tmp_path / "index.html").read_bytes() == b"old"
    assert (tmp_path / "feeds").read_bytes() == b"in the way"


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": b"old"})
    (tmp_path / "a.html.gz").unlink()
    (tmp_path / "a.html.gz").mkdir()  # cannot be replaced by a file

    with pytest.raises(FilesError):
        write_files(tmp_path, {"a.html": b"new"})

    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_removing_takes_the_compressed_form_and_empty_folders_along(tmp_path: Path) -> None:
    write_files(tmp_path, {"feeds/topic/gold.rss": b"x", "feeds/all.rss": b"y"})

    assert remove_file(tmp_path, "feeds/topic/gold.rss")
    assert not remove_file(tmp_path, "feeds/topic/gold.rss")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "feeds",
        "feeds/all.rss",
        "feeds/all.rss.gz",
    ]


def test_a_file_without_its_compressed_form_is_not_all_there(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.html": b"x"})
    (tmp_path / "a.html.gz").unlink()

    assert not has_file(tmp_path, "a.html")
