"""What stands in `public/`: each file with its bytes' digest and the store revision that it was made from."""

from publisher.model.article import RevisionKind
from publisher.store.engine import Tx
from publisher.store.files import (
    PublicFile,
    find_file,
    forget_files,
    list_files,
    record_files,
    source_revision,
)
from tests.store.store_builders import publish, revise, withdraw


def a_file(path: str, *, revision: int = 1, size: int = 2048) -> PublicFile:
    return PublicFile(path=path, sha256="ab" * 32, size=size, revision=revision)


def test_a_file_is_known_as_it_was_recorded(tx: Tx) -> None:
    record_files(tx, [a_file("feeds/all.rss", revision=7), a_file("index.html")])

    assert find_file(tx, "feeds/all.rss") == a_file("feeds/all.rss", revision=7)
    assert find_file(tx, "feeds/none.rss") is None


def test_the_newest_word_on_a_file_counts_also_within_one_call(tx: Tx) -> None:
    record_files(tx, [a_file("a", size=1)])
    record_files(tx, [a_file("a", size=2), a_file("b"), a_file("a", size=3)])

    assert [(one.path, one.size) for one in list_files(tx)] == [("a", 3), ("b", 2048)]


def test_files_come_in_pages_by_path_each_once(tx: Tx) -> None:
    record_files(tx, [a_file(path) for path in ("c", "a", "d", "b")])

    first = list_files(tx, limit=3)
    second = list_files(tx, after=first[-1].path, limit=3)

    assert [one.path for one in first + second] == ["a", "b", "c", "d"]


def test_a_file_that_is_gone_is_forgotten_and_the_others_are_not(tx: Tx) -> None:
    record_files(tx, [a_file("a"), a_file("b")])

    forget_files(tx, ["a", "never there"])
    forget_files(tx, [])

    assert [one.path for one in list_files(tx)] == ["b"]


def test_every_change_of_an_article_raises_the_revision_that_files_are_made_from(tx: Tx) -> None:
    revisions = [source_revision(tx)]
    number = publish(tx)
    revisions.append(source_revision(tx))
    revise(tx, number, RevisionKind.MINOR)
    revisions.append(source_revision(tx))
    withdraw(tx, number)
    revisions.append(source_revision(tx))

    assert revisions[0] == 0
    assert revisions == sorted(set(revisions))
