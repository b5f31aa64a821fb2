"""Builds that are killed: whatever stands then, nobody is led astray, and the next build makes it whole."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.assembly import Publisher, assembled
from publisher.model.article import RevisionKind, SourceTerm
from publisher.store import revisions
from publisher.syndicate.files import UNFINISHED
from tests.builders import a_state
from tests.cli.newsrooms import CONFIG
from tests.syndicate.test_incremental import HOST, built_at_once, tree

BUILDER = Path(__file__).with_name("builder.py")
GOLD = (SourceTerm(name="Gold", key="gold"),)


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    """A newsroom with two articles, built once."""
    config = tmp_path / "config" / "newsroom.toml"
    config.parent.mkdir()
    config.write_text(CONFIG)
    with assembled(config) as publisher:
        for key in ("one", "two"):
            add(publisher, key)
        publisher.build()
        yield publisher


def add(publisher: Publisher, key: str) -> int:
    """A new article."""
    with publisher.store.begin() as tx:
        return revisions.add_article(tx, "articles", a_state(key, title=key), host=HOST, now=publisher.now())


def revise(publisher: Publisher, number: int, **fields: object) -> None:
    """Another state of an article."""
    with publisher.store.begin() as tx:
        state = a_state("one", **fields)
        revisions.add_revision(tx, "articles", number, state, kind=RevisionKind.SUBSTANTIVE, now=publisher.now())


def build_until(publisher: Publisher, change: int) -> tuple[int, str]:
    """A build in a process of its own, killed before a change of the disk; how many there were, and what it saw."""
    command = [sys.executable, str(BUILDER), str(publisher.settings.file), str(change)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in {0, -9}, done.stderr
    return int(done.stdout.split()[-1] if done.returncode == 0 else 0), "\n".join(
        line for line in done.stderr.split("\n") if " names " in line
    )


@pytest.mark.parametrize("part", [1, 3, 5, 7, 8, 9])
def test_what_a_killed_build_left_is_made_whole_by_the_next(publisher: Publisher, tmp_path: Path, part: int) -> None:
    revise(publisher, 1, topics=GOLD, title="It enters a topic")
    _, seen = build_until(publisher, 12 * part)
    revise(publisher, 1, title="And leaves it again")

    publisher.build()

    stands = tree(publisher.settings.public)
    assert (stands, seen) == (whole(publisher, tmp_path), "")


def test_a_withdrawal_leads_nobody_astray_at_any_moment(publisher: Publisher, tmp_path: Path) -> None:
    add(publisher, "three")
    with publisher.store.begin() as tx:
        revisions.withdraw_article(tx, 2, why="retracted", now=publisher.now())

    changes, seen = build_until(publisher, 0)

    assert (changes > 20, seen) == (True, "")
    assert tree(publisher.settings.public) == whole(publisher, tmp_path)


def test_two_builders_at_once_make_what_one_makes(publisher: Publisher, tmp_path: Path) -> None:
    revise(publisher, 1, topics=GOLD, title="It enters a topic")
    command = [sys.executable, "-m", "publisher", "--config", str(publisher.settings.file), "build", "--json"]
    builders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    reports = [json.loads(one.communicate(timeout=60)[0]) for one in builders]

    assert sorted(report["written"] > 0 for report in reports) == [False, True]
    assert tree(publisher.settings.public) == whole(publisher, tmp_path)


def whole(publisher: Publisher, folder: Path) -> dict[str, bytes]:
    """What one build of everything makes in an empty folder."""
    assert not (publisher.settings.public / UNFINISHED).exists()
    return built_at_once(publisher.store, folder / "whole", publisher.now(), publisher.settings)
