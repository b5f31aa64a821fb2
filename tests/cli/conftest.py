"""Newsrooms to give commands to: made once per worker, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.cli.newsrooms import Newsroom, make_newsroom


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No newsroom of the developer's own, tables as wide as a terminal is, and no log set up for other tests."""
    for name in ("PUBLISHER_CONFIG", "PUBLISHER_LOG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom with its articles gathered and its readers imported."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("original"))
    newsroom.done("gather")
    newsroom.done("subscribers", "import", str(newsroom.readers), "--newsletter", "weekly", "--consent", "a form")
    yield newsroom
    shutil.rmtree(newsroom.folder)


@pytest.fixture
def newsroom(original: Newsroom, tmp_path: Path) -> Newsroom:
    """A copy of it."""
    return Newsroom(shutil.copytree(original.folder, tmp_path / "newsroom"))


@pytest.fixture
def composed(newsroom: Newsroom) -> Newsroom:
    """A copy with edition 1 composed for the fixed cast's Friday."""
    newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z")
    return newsroom
