"""`publisher demo` and the example newsroom it shows; `publisher run` as a process."""

import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from publisher.settings import load_settings
from publisher.shipped import shipped_folder
from tests.cli.json_shapes import SHAPES, check_shape
from tests.cli.newsrooms import Newsroom, run, started


@pytest.fixture
def _scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scratch folders are made under the test's own folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("_scratch")
def test_the_demo_does_the_main_job_and_says_where_everything_is() -> None:
    document = run("demo", "--json").document

    folder = Path(document["folder"])
    for name in ("gather", "build", "edition", "send"):
        assert name in SHAPES
        check_shape(name, document[name])
    assert document["gather"]["sources"][0]["refused"] == []
    assert document["edition"]["slot"] == "2026-03-06T12:00:00Z"
    assert document["send"]["state"] == "sent"
    assert document["send"]["accepted"] == len(list((folder / "var" / "outbox").glob("*/*.eml")))
    assert document["rebuild"]["written"] == 0
    for path in ("public/index.html", "public/feeds/all.atom", "public/republish/1/article.html"):
        assert (folder / path).is_file()


@pytest.mark.slow
@pytest.mark.usefixtures("_scratch")
def test_the_demo_is_told_to_people_in_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    shown = run("demo")

    assert shown.status == 0
    assert "nothing is mailed" in shown.out
    for place in ("public/index.html", "public/feeds/all.rss", "public/republish/", "var/outbox/weekly20260306t1200z"):
        assert place in shown.out


@pytest.mark.parametrize("name", ["newsroom.toml", "init.toml"])
def test_the_shipped_configurations_are_valid(name: str) -> None:
    settings = load_settings(shipped_folder("config") / name)

    assert settings.provider.kind == "outbox"
    assert "weekly" in settings.newsletters


@pytest.mark.slow
def test_run_serves_until_it_is_told_to_end(newsroom: Newsroom) -> None:
    newsroom.done("build")
    with socket.create_server(("127.0.0.1", 0)) as server:
        listen = f"127.0.0.1:{server.getsockname()[1]}"
    with started("--config", str(newsroom.config), "web", "--listen", listen) as process:
        try:
            assert "Example Observatory" in wait_for(f"http://{listen}/")
        finally:
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=12)

    assert process.returncode == 0
    assert b"nothing is mailed" in told
    assert b"Traceback" not in told


def wait_for(url: str) -> str:
    """The page, as soon as somebody serves it."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http, of this machine
                body: bytes = answer.read()
                return body.decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nobody serves {url}")
