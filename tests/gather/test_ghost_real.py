"""A real Ghost, with the content that its manifest describes. Skipped, loudly, where it cannot be had.

`REALSOURCES` names the folder that holds `ghost/start.sh`; without it, `../shared/realsources` is looked at. Ghost
itself must have been installed into `GHOST_HOME` with `start.sh --install`.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from publisher.gather.run import GatherStatus
from publisher.licensing.decisions import republishable
from publisher.licensing.licences import parse_licence
from publisher.model.article import Article, Kind, Status
from publisher.settings import SourceSettings
from publisher.store.engine import Store
from tests.gather.gathering import Desk, counts

ROOT = Path(__file__).parents[2]
SOURCES = Path(os.environ.get("REALSOURCES", ROOT.parent / "shared" / "realsources")) / "ghost"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
GHOST_HOME = Path(os.environ.get("GHOST_HOME", CACHE / "ghost-bench"))
IS_THERE = (SOURCES / "start.sh").is_file() and (GHOST_HOME / "bin" / "node").exists()
WHY = f"no real Ghost: {SOURCES / 'start.sh'} is missing, or nothing is installed in {GHOST_HOME} (start.sh --install)"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_THERE, reason=WHY)]

REFUSED = {"empty-title": "has no title", "empty-body": "has no text"}
OPTIONS = {
    "types": ["posts", "pages"],
    "updates": ["tag:#org-update"],
    "countries": "tag-prefix:country-",
    "language": "tag-prefix:#",
    "licence": "codeinjection, tag:#cc-by-nc-nd=CC-BY-NC-ND-4.0",
    "no_republish": "tag:#no-republish",
    "key": "file:content.key",
}


@dataclass(slots=True)
class Site:
    """The running site, and its owner's session."""

    url: str
    manifest: dict[str, Any]
    credentials: dict[str, Any]
    session: requests.Session = field(default_factory=requests.Session)

    def source(self) -> SourceSettings:
        """The site as a source."""
        host = self.url.removeprefix("http://")
        table = {"id": "site", "kind": "ghost", "url": self.url, "private_hosts": [host], "options": OPTIONS}
        return SourceSettings.model_validate(table)

    def sign_in(self) -> None:
        """As the owner."""
        owner = self.credentials["owner"]
        self.session.headers.update({"Origin": self.url, "Accept-Version": "v6.0"})
        self.do("POST", "session/", {"username": owner["email"], "password": owner["password"]})

    def do(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """One request to the Admin API."""
        answer = self.session.request(method, f"{self.url}/ghost/api/admin/{path}", json=data, timeout=60)
        assert answer.ok, answer.text[:300]
        return answer.json() if "json" in answer.headers.get("Content-Type", "") and answer.content else {}

    def edit(self, id_: str, **changes: Any) -> None:  # noqa: ANN401 - fields of the post
        """Changes a post as an editor would."""
        post = self.do("GET", f"posts/{id_}/?include=tags")["posts"][0]
        # Ghost dates by the second, and says no to an edit of what is not the newest state.
        self.do("PUT", f"posts/{id_}/?source=html", {"posts": [{"updated_at": post["updated_at"], **changes}]})

    def tag(self, id_: str, name: str) -> None:
        """Adds a tag to a post."""
        post = self.do("GET", f"posts/{id_}/?include=tags")["posts"][0]
        self.edit(id_, tags=[*({"id": one["id"]} for one in post["tags"]), {"name": name}])

    def public(self) -> dict[str, dict[str, Any]]:
        """What the manifest says is for the public, without what is refused, by key."""
        items = [one for one in self.manifest["items"] if one["public"]]
        return {one["id"]: one for one in items if not REFUSED.keys() & set(one["features"])}

    def coming(self) -> set[str]:
        """Keys of what is scheduled: some of it goes public by the real clock, minutes after the start."""
        return {one["id"] for one in self.manifest["items"] if "due_at" in one}

    def ordinary(self) -> list[str]:
        """Keys of plain English stories."""
        items = [one for one in self.manifest["items"] if one["kind"] == "ordinary"]
        return [one["id"] for one in items if one["language"] == "en" and "pair" not in one]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, thrown away afterwards."""
    folder = Path(tmp_path_factory.mktemp("ghost"))
    port = free_port()
    start = ["bash", str(SOURCES / "start.sh"), str(folder), str(port)]
    subprocess.run(start, check=True, capture_output=True)
    try:
        manifest, credentials = (
            json.loads((folder / f"{name}.json").read_text()) for name in ("manifest", "credentials")
        )
        yield Site(f"http://127.0.0.1:{port}", manifest, credentials)
    finally:
        subprocess.run(["bash", str(SOURCES / "stop.sh"), str(folder), "--wipe"], check=False)  # noqa: S607 - the same


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: Site) -> Desk:
    """A desk with an empty store, and the site's content key."""
    (tmp_path / "content.key").write_text(site.credentials["content_api_key"])
    return Desk(sqlite_store, tmp_path)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_told(article: Article, now: datetime) -> dict[str, Any]:
    """An article in the manifest's words."""
    return {
        "url": article.url,
        "published_at": f"{article.published:%Y-%m-%dT%H:%M:%S}.000Z",
        "language": article.language,
        "section": article.section.slug if article.section else None,
        "countries": [term.slug for term in article.countries],
        "topics": [term.slug for term in article.topics],
        "org_update": article.kind is Kind.UPDATE,
        "licence": article.licence,
        "republishable": not republishable(article, now=now),
    }


def told(item: dict[str, Any]) -> dict[str, Any]:
    """The same of the manifest; what says no language is in the newsroom's first."""
    licence = parse_licence(item["licence"])
    own = {"licence": licence.url or None if licence else None, "language": item["language"] or "en"}
    names = ("url", "published_at", "section", "countries", "topics", "org_update", "republishable")
    return {name: item[name] for name in names} | own


def test_exactly_what_is_public_is_gathered_as_the_manifest_says_and_nothing_leaks(
    desk: Desk, site: Site, tmp_path: Path
) -> None:
    report = desk.gather(source=site.source())

    public = site.public()
    stored = {key: one for key, one in desk.articles().items() if key not in site.coming()}
    assert report.status is GatherStatus.OK, report.error
    assert stored.keys() == public.keys()
    of_members = {one["id"] for one in site.manifest["items"] if one["listed"] and not one["public"]}
    assert {one.key for one in report.refused if "members only" in one.reason} == of_members
    assert {key: as_told(one, desk.clock.now()) for key, one in stored.items()} == {
        key: told(item) for key, item in public.items()
    }
    pairs = {key: item["pair"] for key, item in public.items() if item.get("pair") and item["language"] == "es"}
    numbers = {key: one.number for key, one in stored.items()}
    assert {key: one.translation_of for key, one in stored.items() if one.translation_of} == {
        key: numbers[original] for key, original in pairs.items()
    }
    written = b"".join(file.read_bytes() for file in (tmp_path / "var").iterdir() if file.is_file())
    hidden = [one for one in site.manifest["items"] if "canary" in one and "due_at" not in one]
    assert [one["canary"] for one in hidden if one["canary"].encode() in written] == []


def test_edits_withdrawals_and_publications_are_seen_as_what_they_are(desk: Desk, site: Site) -> None:
    desk.gather(source=site.source())
    assert set(counts(desk.gather(source=site.source()))) == {"unchanged"}
    edited, unpublished, deleted, for_members, marked, renamed = site.ordinary()[:6]

    site.sign_in()
    site.edit(edited, html="<p>New words, and many of them.</p>")
    site.edit(unpublished, status="draft")
    site.do("DELETE", f"posts/{deleted}/")
    site.edit(for_members, visibility="members")
    site.tag(marked, "#no-republish")
    site.tag(renamed, "Cobalt")
    site.do("POST", "posts/?source=html", {"posts": [{"title": "New", "html": "<p>Text</p>", "status": "published"}]})
    report = desk.gather(source=site.source())

    total = len(desk.articles())
    assert counts(report) == {"new": 1, "changed": 2, "withdrawn": 3, "unchanged": total - 6}
    assert {desk.article(key).status for key in (unpublished, deleted, for_members)} == {Status.WITHDRAWN}
    assert desk.article(edited).content_html == "<p>New words, and many of them.</p>"
    assert desk.article(marked).no_republish
    assert counts(desk.gather(source=site.source(), full=True)) == {"changed": 1, "unchanged": total - 4}
    assert "Cobalt" in [term.name for term in desk.article(renamed).topics]
    site.edit(unpublished, status="published")
    site.edit(for_members, visibility="public")
    assert counts(desk.gather(source=site.source())) == {"changed": 2, "unchanged": total - 3}
