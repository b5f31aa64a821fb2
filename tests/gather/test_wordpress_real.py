"""A real WordPress, with the content that its manifest describes. Skipped, loudly, where it cannot be had.

`REALSOURCES` names the folder that holds `wordpress/start.sh`; without it, `../shared/realsources` is looked at.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from publisher.gather.run import GatherStatus
from publisher.model.article import Kind, Status
from publisher.settings import SourceSettings
from publisher.store.engine import Store
from tests.gather.gathering import Desk, counts

ROOT = Path(__file__).parents[2]
SOURCES = Path(os.environ.get("REALSOURCES", ROOT.parent / "shared" / "realsources")) / "wordpress"
NEEDED = [name for name in ("php", "mariadbd") if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None]
WHY = f"no real WordPress: {SOURCES / 'start.sh'} is missing" if not SOURCES.is_dir() else f"missing: {NEEDED}"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SOURCES.is_dir() or bool(NEEDED), reason=WHY),
]

REFUSED = {"empty-title": "has no title", "empty-body": "has no text"}
OPTIONS = {
    "types": ["posts", "org-updates"],
    "updates": ["type:org-updates", "category:the-organization"],
    "section": "category",
    "countries": "category:countries",
    "topics": "tag",
    "language": "taxonomy:language",
    "byline": "meta:byline",
    "licence": "meta:license",
    "credit": "meta:credit",
    "correction": "meta:correction",
    "translation_of": "meta:translation_of",
}
#: Runs code inside of the site, as an editor's click would.
INSIDE = """
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = substr($argv[2], strlen('http://'));
$_SERVER['REQUEST_URI'] = '/'; $_SERVER['REQUEST_METHOD'] = 'GET'; $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require "$argv[1]/www/wp-load.php"; wp_set_current_user(1); kses_remove_filters(); eval($argv[3]);
"""


CLOSED = """<?php
if (strpos($_SERVER['REQUEST_URI'], '/wp-json') === 0 || isset($_GET['rest_route'])) {
    http_response_code(403); header('Content-Type: text/html');
    echo '<!DOCTYPE html><html><body>Forbidden</body></html>'; exit;
}
"""


@dataclass(slots=True)
class Site:
    """The running site."""

    folder: Path
    url: str
    manifest: dict[str, Any]

    def source(self) -> SourceSettings:
        """The site as a source."""
        host = self.url.removeprefix("http://")
        table = {"id": "site", "kind": "wordpress", "url": self.url, "private_hosts": [host], "options": OPTIONS}
        return SourceSettings.model_validate(table)

    def do(self, code: str) -> None:
        """Runs PHP in it."""
        command = ["php", "-d", "error_reporting=0", "-r", INSIDE, "--", str(self.folder), self.url, code]
        subprocess.run(command, check=True, capture_output=True)

    def close_api(self) -> None:
        """Keeps everybody out of the REST API, as security plugins do."""
        self.plugin.write_text(CLOSED)

    def open_api(self) -> None:
        """Lets everybody in again."""
        self.plugin.unlink()

    @property
    def plugin(self) -> Path:
        """A plugin of the test's own."""
        return self.folder / "www" / "wp-content" / "mu-plugins" / "closed.php"

    def public(self) -> dict[str, dict[str, Any]]:
        """What the manifest says is for the public, of the types that are gathered, by key."""
        posts = self.manifest["posts"]
        return {str(one["id"]): one for one in posts if one["public"] and one["type"] in {"post", "org_update"}}


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, thrown away afterwards."""
    folder = Path(tmp_path_factory.mktemp("wp"))
    port = free_port()
    environment = os.environ | {"SEED_POSTS": "120", "WP_WORKERS": "2"}
    start = ["bash", str(SOURCES / "start.sh"), str(folder), str(port)]
    subprocess.run(start, check=True, capture_output=True, env=environment)
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        yield Site(folder, f"http://127.0.0.1:{port}", manifest)
    finally:
        subprocess.run(["bash", str(SOURCES / "stop.sh"), str(folder), "--wipe"], check=False)  # noqa: S607 - the same


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path) -> Desk:
    """A desk with an empty store."""
    return Desk(sqlite_store, tmp_path)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_exactly_what_is_public_is_gathered_and_nothing_leaks(desk: Desk, site: Site, tmp_path: Path) -> None:
    report = desk.gather(source=site.source())

    public = {key: one for key, one in site.public().items() if not REFUSED.keys() & set(one["features"])}
    stored = desk.articles()
    assert report.status is GatherStatus.OK, report.error
    assert stored.keys() == public.keys()
    assert sorted(one.reason for one in report.refused) == sorted(REFUSED.values())
    assert {key: one.url for key, one in stored.items()} == {key: one["link"] for key, one in public.items()}
    assert {key: f"{one.published:%Y-%m-%d %H:%M:%S}" for key, one in stored.items()} == {
        key: one["date_gmt"] for key, one in public.items()
    }
    updates = {key for key, one in public.items() if "organization" in one["features"] or "press" in one["categories"]}
    assert {key for key, one in stored.items() if one.kind is Kind.UPDATE} == updates
    assert all(b"LEAK-CANARY" not in file.read_bytes() for file in (tmp_path / "var").iterdir())


def test_an_edit_a_withdrawal_and_a_publication_are_exactly_three(desk: Desk, site: Site) -> None:
    desk.gather(source=site.source())
    assert set(counts(desk.gather(source=site.source()))) == {"unchanged"}
    edited, withdrawn = (key for key, one in list(site.public().items())[:2] if one["type"] == "post")

    site.do(f'wp_update_post(["ID" => {edited}, "post_content" => "<p>New words.</p>"]);')
    site.do(f"wp_trash_post({withdrawn});")
    site.do('wp_insert_post(["post_title" => "New", "post_content" => "<p>Text</p>", "post_status" => "publish"]);')
    report = desk.gather(source=site.source())

    total = len(desk.articles())
    assert counts(report) == {"new": 1, "changed": 1, "withdrawn": 1, "unchanged": total - 3}
    assert desk.article(withdrawn).status is Status.WITHDRAWN
    assert desk.article(edited).content_html == "<p>New words.</p>"
    site.do(f"wp_untrash_post({withdrawn}); wp_publish_post({withdrawn});")
    assert counts(desk.gather(source=site.source())) == {"changed": 1, "unchanged": total - 1}


def test_while_its_api_is_off_its_feed_brings_the_same_posts_under_the_same_keys(
    desk: Desk, site: Site, tmp_path: Path
) -> None:
    site.close_api()
    report = desk.gather(source=site.source())

    by_feed = {key: one.number for key, one in desk.articles().items()}
    assert (report.status, "its REST API is off" in str(report.note)) == (GatherStatus.OK, True)
    assert by_feed.keys() <= site.public().keys()
    assert len(by_feed) > 100
    assert all(b"LEAK-CANARY" not in file.read_bytes() for file in (tmp_path / "var").iterdir())
    site.open_api()
    desk.gather(source=site.source())
    stored = desk.articles()
    assert {key: one.number for key, one in stored.items() if key in by_feed} == by_feed
    assert len({one.url for one in stored.values()}) == len(stored) > len(by_feed)
