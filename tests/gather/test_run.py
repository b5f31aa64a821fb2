"""The run over several sources, and what ends it early."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.gather.run import GatherStatus, gather_all
from publisher.model.errors import NotFoundError
from publisher.settings import SourceSettings
from publisher.store.engine import Store
from tests.gather.gathering import Desk, StandingClock, counts, some_settings
from tests.gather.newsrooms import FolderStandIn, Piece, pieces

TESTS = Path(__file__).parent.parent
KILLED = """
import os, signal, sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from tests.gather.gathering import StandingClock, some_settings
from publisher.gather.run import gather_all
from publisher.settings import SourceSettings
from publisher.store.engine import Store
folder = Path(sys.argv[3])
source = SourceSettings(id="site", kind="folder", url=str(folder / "articles"))
kill = lambda source, count: os.kill(os.getpid(), signal.SIGKILL)
settings = some_settings(folder, source, licence={"default": "cc-by-nc-4.0"})
gather_all(settings, Store("sqlite:///var/publisher.db", folder), clock=StandingClock(), progress=kill)
"""


def test_a_source_that_fails_leaves_the_others(sqlite_store: Store, tmp_path: Path) -> None:
    site = FolderStandIn(tmp_path)
    site.publish(Piece(key=1))
    missing = SourceSettings.model_validate({"id": "missing", "kind": "folder", "url": "nowhere"})
    settings = some_settings(tmp_path, missing, site.source())

    report = gather_all(settings, sqlite_store, clock=StandingClock())

    assert [(one.id, one.status, one.new) for one in report.sources] == [
        ("missing", GatherStatus.FAILED, 0),
        ("site", GatherStatus.OK, 1),
    ]
    assert not report.ok


def test_only_the_sources_that_are_named_are_asked(sqlite_store: Store, tmp_path: Path) -> None:
    site = FolderStandIn(tmp_path)
    missing = SourceSettings.model_validate({"id": "missing", "kind": "folder", "url": "nowhere"})
    settings = some_settings(tmp_path, missing, site.source())

    report = gather_all(settings, sqlite_store, clock=StandingClock(), only=["site"])

    assert [one.id for one in report.sources] == ["site"]
    with pytest.raises(NotFoundError):
        gather_all(settings, sqlite_store, clock=StandingClock(), only=["sight"])


def test_a_private_address_is_not_fetched_unless_it_is_named(sqlite_store: Store, tmp_path: Path) -> None:
    source = SourceSettings.model_validate({"id": "site", "kind": "feed", "url": "http://127.0.0.1:9/feed"})

    report = Desk(sqlite_store, tmp_path).gather(source=source)

    assert report.status is GatherStatus.FAILED
    assert "private_hosts" in str(report.error)


def test_progress_is_told_while_it_goes(sqlite_store: Store, tmp_path: Path) -> None:
    site = FolderStandIn(tmp_path)
    for piece in pieces(150):
        site.publish(piece)
    told: list[tuple[str, int]] = []
    settings = some_settings(tmp_path, site.source())

    gather_all(settings, sqlite_store, clock=StandingClock(), progress=lambda *what: told.append(what))

    assert told == [("site", 100), ("site", 150)]


def test_an_error_of_ours_fails_the_source_and_is_written_down(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = FolderStandIn(tmp_path)
    site.publish(Piece(key=1))
    monkeypatch.setattr("publisher.gather.folder.source.to_article", None)

    report = Desk(sqlite_store, tmp_path, site).gather()

    assert report.status is GatherStatus.FAILED
    assert "an error of ours" in str(report.error)


def test_every_article_is_stored_on_both_databases(store: Store, tmp_path: Path) -> None:
    site = FolderStandIn(tmp_path)
    for piece in pieces(3):
        site.publish(piece)
    desk = Desk(store, tmp_path, site)
    desk.gather()
    site.withdraw(1)

    assert counts(desk.gather()) == {"unchanged": 2, "withdrawn": 1}


@pytest.mark.slow
def test_a_run_that_is_killed_loses_nothing_and_stores_nothing_twice(sqlite_store: Store, tmp_path: Path) -> None:
    site = FolderStandIn(tmp_path)
    for piece in pieces(250):
        site.publish(piece)
    arguments = [sys.executable, "-c", KILLED, str(TESTS), str(TESTS / "gather"), str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    killed = subprocess.run(arguments, check=False, capture_output=True, env=environment)
    desk = Desk(sqlite_store, tmp_path, site)

    report = desk.gather()

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert counts(report) == {"new": 150, "unchanged": 100}
