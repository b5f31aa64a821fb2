"""Our own look at finished feeds sees what validators miss, and finds nothing in those of the example newsroom."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.assembly import assembled
from publisher.gather.run import gather_all
from publisher.shipped import shipped_folder
from publisher.syndicate.atom import render_atom
from publisher.syndicate.feed import Feed
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.rss import render_rss
from tests.gather.gathering import StandingClock
from tests.licensing.article_builders import a_withdrawn_article, an_article, an_image
from tests.syndicate.feed_checks import faults_of
from tests.syndicate.house_builders import a_feed
from tests.syndicate.json_feed_schema import check_json_feed

RENDERERS: dict[str, Callable[[Feed], bytes]] = {"rss": render_rss, "atom": render_atom, "json": render_json_feed}
BY_NC = b"https://creativecommons.org/licenses/by-nc/4.0/"
BY_SA = b"https://creativecommons.org/licenses/by-sa/4.0/"
DTD = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ADDRESS = b"https://news.example.org/investigations/gold-route-41/"


def a_good_feed(form: str) -> bytes:
    """A licensed article with a picture, and one that was taken back."""
    return RENDERERS[form](a_feed(an_article(images=(an_image(is_main=True),)), a_withdrawn_article(42)))


@pytest.mark.parametrize("form", RENDERERS)
def test_a_good_feed_has_no_faults(form: str) -> None:
    assert faults_of(a_good_feed(form), form, before=a_good_feed(form)) == []


@pytest.mark.parametrize(
    ("form", "old", "new", "fault"),
    [
        ("rss", b"15:00:00 +0000", b"25:00:00 +0000", "wrong time"),
        ("rss", b"<pubDate>Thu", b"<pubDate>Fri", "wrong time"),
        ("rss", b"15:00:00 +0000", b"15:00:00 CET", "wrong time"),
        ("atom", b"T15:00:00Z", b"T25:00:00Z", "wrong time"),
        ("json", b"T15:00:00Z", b"T25:00:00Z", "wrong time"),
        ("rss", b"<link>" + ADDRESS, b"<link>javascript:alert(1)", "unsafe link"),
        ("atom", b'href="' + ADDRESS, b'href="javascript:x()', "unsafe link"),
        ("atom", b'url="https://news', b'url="https://news&lt;', "no address"),
        ("json", b'"url": "' + ADDRESS, b'"url": "javascript:x()', "unsafe link"),
        ("rss", b"<dcterms:license>" + BY_NC, b"<dcterms:license>" + BY_SA, "contradict"),
        ("atom", b'<link rel="license" href="' + BY_NC, b'<link rel="license" href="' + BY_SA, "contradict"),
        ("json", b'"license": "' + BY_NC, b'"license": "' + BY_SA, "contradict"),
        ("rss", b"<rss", DTD + b"<rss", "document type"),
        ("atom", b"<feed", DTD + b"<feed", "document type"),
        ("rss", b"dc:creator", b"dc:contributor", "no byline"),
        ("atom", b"author", b"contributor", "no byline"),
        ("json", b'"authors"', b'"people"', "no byline"),
        ("rss", b"<title>The gold", b"<title>&lt;b&gt;The&lt;/b&gt; gold", "not a plain title"),
        ("rss", b"article/42<", b"article/41<", "id twice"),
        ("rss", b'rel="self"', b'rel="up"', "no link self"),
        ("rss", b"</rss>", b"", "cannot be read"),
    ],
)  # fmt: skip
def test_what_validators_miss_is_seen(form: str, old: bytes, new: bytes, fault: str) -> None:
    data = a_good_feed(form)
    assert old in data

    faults = faults_of(data.replace(old, new), form)

    assert any(fault in one for one in faults), faults


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("at night.</p>", "at night.", "<p> is not closed"),
        ("<p>The gold", "<p>The <em>gold", "</p> closes nothing"),
        ("<p>The gold", '<p><a href="javascript:x()">The</a> gold', "unsafe link: javascript:x()"),
        ("<p>The gold", '<p><a href="/gold">The</a> gold', "unsafe link: /gold"),
        ("<p>The gold", '<p>The <img src="data:image/png;base64,AA">gold', "unsafe link: data:"),
        ("<p>The gold", "<script>x()</script><p>The gold", "active: <script>"),
        ("<p>The gold", '<p onclick="x()">The gold', "active: onclick"),
        ("licenses/by-nc/4.0/", "licenses/by-sa/4.0/", "contradict"),
    ],
)
def test_faults_of_the_text_are_seen(form: str, old: str, new: str, fault: str) -> None:
    feed = a_feed(an_article())
    entry = feed.entries[0]
    broken = replace(entry, content_html=(entry.content_html or "").replace(old, new))

    faults = faults_of(RENDERERS[form](replace(feed, entries=(broken,))), form)

    assert any(fault in one for one in faults), faults


@pytest.mark.parametrize("form", RENDERERS)
def test_an_id_that_changed_is_seen(form: str) -> None:
    before = a_good_feed(form)

    faults = faults_of(before.replace(b"article/41", b"article/141"), form, before=before)

    assert faults == ["id changed: tag:news.example.org,2026-03-05:article/41"]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example newsroom, gathered and built; its `feeds/`."""
    folder = tmp_path_factory.mktemp("example")
    file = Path(shutil.copytree(shipped_folder("config"), folder / "config")) / "newsroom.toml"
    with assembled(file, clock=StandingClock(datetime(2026, 3, 6, 12, 5, tzinfo=UTC))) as publisher:
        gather_all(publisher.settings, publisher.store, clock=publisher.clock)
        publisher.build()
    return folder / "public" / "feeds"


@pytest.mark.parametrize("form", RENDERERS)
def test_no_feed_of_the_example_newsroom_has_a_fault(form: str, example: Path) -> None:
    feeds = {path: path.read_bytes() for path in example.rglob(f"*.{form}")}

    assert len(feeds) > 30
    assert {str(path): faults for path, data in feeds.items() if (faults := faults_of(data, form))} == {}


def test_every_json_feed_of_the_example_newsroom_obeys_the_schema(example: Path) -> None:
    feeds = [path.read_bytes() for path in example.rglob("*.json")]

    for data in feeds:
        check_json_feed(data)

    assert sum(len(json.loads(data)["items"]) for data in feeds) > 100
