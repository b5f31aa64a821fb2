"""A small newsroom on disk, and commands given to it as a person gives them."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.cli.main import main
from publisher.settings import load_settings
from publisher.store.engine import Store

CONFIG = """
[newsroom]
name = "Example Observatory"
url = "https://news.example.org"
public_url = "http://127.0.0.1:8080"
languages = ["en", "es"]
timezone = "America/Bogota"
postal_address = "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia"
contact = "desk@news.example.org"

[[sources]]
id = "articles"
kind = "folder"
url = "articles"

[licence]
default = "CC-BY-NC-4.0"

[provider]
kind = "outbox"
from = "Example Observatory <digest@mail.example.org>"

[newsletters.weekly]
title = { en = "The week", es = "La semana" }
schedule = "0 7 * * fri"
review = "2h"
minimum = 1
max_age = "14d"
"""
READERS = """email,language,subscribed_at,status
ana@example.org,es,2025-03-14,subscribed
ben@example.net,en,2025-04-02,subscribed
chidi@example.org,en,2026-03-05,pending
dolores@example.com,es,2024-11-19,unsubscribed
"""
#: Numbers follow the names of the files: 1 airstrip, 2 gold-route, 3 new-podcast, 4 ruta-del-oro, 5 verdict.
AIRSTRIP, GOLD, PODCAST, ORO, VERDICT = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON
        """Standard output as one JSON document; fails when anything else is there."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A newsroom's folder."""

    folder: Path

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "config" / "newsroom.toml"

    @property
    def readers(self) -> Path:
        """Its reader file."""
        return self.folder / "config" / "readers.csv"

    @property
    def outbox(self) -> Path:
        """The messages of the first edition."""
        return self.folder / "var" / "outbox" / "weekly20260306t1200z"

    def run(self, *words: str) -> Result:
        """Gives a command, as it would be typed."""
        return run("--config", str(self.config), *words)

    def done(self, *words: str) -> Result:
        """Gives a command that must not fail."""
        result = self.run(*words)
        assert result.status == 0, f"{words}: {result.out}{result.err}"
        return result

    def change_config(self, old: str, new: str) -> None:
        """Replaces what stands in the configuration."""
        text = self.config.read_text()
        assert old in text
        self.config.write_text(text.replace(old, new))

    def store(self) -> Store:
        """Its open store; close it."""
        settings = load_settings(self.config)
        return Store(settings.store.url, settings.folder)


def run(*words: str) -> Result:
    """Gives a command through the entry of the console script."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    return Result(status=status, out=out.getvalue(), err=err.getvalue())


def started(*words: str, **environment: str) -> subprocess.Popen[bytes]:
    """The command as a process of its own, with all three of its streams in our hands."""
    command, pipe = [sys.executable, "-m", "publisher", *words], subprocess.PIPE
    values = os.environ | environment
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=values)


def in_a_process(*words: str, typed: str = "", **environment: str) -> Result:
    """Gives a command to a process of its own, and waits for its end."""
    with started(*words, **environment) as process:
        out, err = process.communicate(typed.encode(), timeout=60)
    return Result(status=process.returncode, out=out.decode(), err=err.decode())


def make_newsroom(folder: Path) -> Newsroom:
    """Writes configuration, articles and readers."""
    newsroom = Newsroom(folder)
    newsroom.config.parent.mkdir()
    newsroom.config.write_text(CONFIG)
    newsroom.readers.write_text(READERS)
    articles = folder / "articles"
    articles.mkdir()
    write_article(articles / "airstrip.md", title="Airstrip found", published="2026-01-12T15:00:00Z")
    write_article(articles / "gold-route.md", title="The gold route", published="2026-03-04T15:00:00Z")
    write_article(articles / "new-podcast.md", title="New podcast", published="2026-03-05T15:00:00Z", kind="update")
    write_article(
        articles / "ruta-del-oro.md",
        title="La ruta del oro",
        published="2026-03-05T15:00:00Z",
        language="es",
        translation_of="gold-route",
    )
    write_article(
        articles / "verdict.md", title="A verdict", published="2026-03-03T15:00:00Z", licence="all-rights-reserved"
    )
    return newsroom


def write_article(file: Path, **matter: str) -> None:
    """One file of a folder source."""
    url = f"https://news.example.org/investigations/{file.stem}/"
    keys = {"key": file.stem, "url": url, "language": "en", "authors": "Jane Doe", "section": "Investigations"} | matter
    lines = [f"{key}: {json.dumps(value)}" for key, value in keys.items()]
    file.write_text("\n".join(["---", *lines, "---", "", f"{keys['title']}: the gold leaves the river at night.", ""]))
