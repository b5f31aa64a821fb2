"""Whatever an article holds, the three feeds it is in stay feeds: well-formed, with their links, licence and byline."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.article import Scope, SourceTerm
from publisher.store import revisions
from publisher.store.articles import list_terms
from publisher.store.engine import Store
from publisher.syndicate.atom import render_atom
from publisher.syndicate.build import build_public
from publisher.syndicate.feed import UNSPECIFIED, Feed
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.rss import render_rss
from tests.builders import a_state
from tests.licensing.article_builders import (
    BY_NC,
    BY_ND,
    NOW,
    a_correction,
    a_term,
    a_withdrawn_article,
    an_article,
    an_image,
)
from tests.syndicate.feed_checks import faults_of, read
from tests.syndicate.house_builders import a_feed, some_settings
from tests.syndicate.json_feed_schema import check_json_feed
from tests.syndicate.test_feed_formats import texts

RENDERERS: dict[str, Callable[[Feed], bytes]] = {"rss": render_rss, "atom": render_atom, "json": render_json_feed}
NO_TEXT = "a\x00\x0b\x1f\ufffe\ud800b"
FOREIGN = {"source": "partner", "url": "https://partner.example.com/1"}
CASES: dict[str, dict[str, Any]] = {
    "a title with markup": {"title": "<b>Bold</b> &amp; <script>x()</script> ]]>"},
    "a title of control characters": {"title": NO_TEXT},
    "a title of 10 KB": {"title": "The gold route " * 700},
    "no title": {"title": " \n"},
    "no authors": {"authors": ()},
    "an author without a name": {"authors": (a_term(Scope.AUTHOR, "\x0b"), a_term(Scope.AUTHOR, "Ana", 2))},
    "an author with an unsafe page": {"authors": (a_term(Scope.AUTHOR, "Ana", url="javascript:x()"),)},
    "a licence in words": {"licence": "Creative Commons Attribution"},
    "a licence in an unsafe link": {"licence": "javascript:x()"},
    "an agency's text under our licence": {"rights_holder": "Reuters"},
    "a licence named in the text": {"content_html": f'<p><a rel="license" href="{BY_ND}">CC BY-ND</a></p>'},
    "a holder of control characters": FOREIGN | {"rights_holder": NO_TEXT, "authors": ()},
    "a holder without a name": FOREIGN | {"rights_holder": "", "licence": None, "summary": ""},
    "emoji": {"title": "👩🏽‍🚀🇨🇴", "summary": "👩‍👩‍👧", "content_html": "<p>👩🏽‍🚀</p>"},
    "marks of direction": {"title": "abc\u202e\u200fdef\u2066", "summary": "\u202dx"},
    "Arabic": {"title": "طريق الذهب", "language": "ar", "content_html": '<p dir="rtl">خرج الذهب ليلا</p>'},
    "Chinese": {"title": "黄金之路", "language": "zh-Hant", "content_html": "<p>黄金在夜里离开河流。</p>"},
    "a picture's address with quotes": {"images": (an_image("https://e.example.org/a\"b'<c>{d}.jpg", is_main=True),)},
    "a picture without a web address": {"images": (an_image("data:image/png;base64,AA", is_main=True),)},
    "a picture's words of control characters": {"images": (an_image(alt=NO_TEXT, credit=NO_TEXT, is_main=True),)},
    "the end of CDATA": {"title": "a ]]> b", "summary": "]]>", "content_html": "<p>a ]]> b]]&gt;</p>"},
    "unclosed HTML": {"content_html": "<p>a <em>b<ul><li>c<table><td>d"},
    "active HTML": {"content_html": '<p onclick="x()" style="position:fixed">a<script>x()</script><form>b</form></p>'},
    "unsafe links": {"content_html": '<p><a href=" java&#10;script:x()">a</a><a href="//e.example.org">b</a></p>'},
    "a correction with markup": {"corrections": (a_correction("<b>x</b> ]]> &amp; \x0b"),)},
    "no text at all": {"content_html": "", "summary": ""},
    "a topic with a hostile name": {"topics": (a_term(Scope.TOPIC, "../../etc", slug="etc"),)},
}  # fmt: skip


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_a_feed_stays_a_feed(form: str, changes: dict[str, Any]) -> None:
    good = an_article(7, url="https://news.example.org/good/")

    data = RENDERERS[form](a_feed(an_article(**changes), good))

    assert faults_of(data, form) == []
    assert [one.id for one in read(data, form)[0]] == [an_article().uri, good.uri]


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_a_json_feed_obeys_the_schema(changes: dict[str, Any]) -> None:
    check_json_feed(render_json_feed(a_feed(an_article(**changes))))


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_a_stand_in_stays_one(form: str, changes: dict[str, Any]) -> None:
    data = RENDERERS[form](a_feed(a_withdrawn_article(**changes)))

    assert faults_of(data, form) == []


@pytest.mark.parametrize("form", RENDERERS)
@given(name=st.text(), title=st.text(), credit=st.text(), summary=st.text())
def test_no_words_break_a_feed(form: str, name: str, title: str, credit: str, summary: str) -> None:
    article = an_article(
        title=title,
        summary=summary,
        rights_holder=name,
        authors=(a_term(Scope.AUTHOR, name, slug="x"),),
        images=(an_image(alt=name, caption=title, credit=credit, is_main=True),),
        corrections=(a_correction(summary),),
    )

    assert faults_of(RENDERERS[form](a_feed(article)), form) == []


@pytest.mark.parametrize("form", RENDERERS)
@pytest.mark.parametrize("url", ["javascript:x()", "/relative/", "https://news.example.org/a b", "https://e.org/\x01"])
def test_an_article_without_a_web_address_has_no_place_in_a_feed(form: str, url: str) -> None:
    good = an_article(7, url="https://news.example.org/good/")

    data = RENDERERS[form](a_feed(an_article(url=url), good))

    assert [one.id for one in read(data, form)[0]] == [good.uri]


def test_what_is_typed_in_words_is_no_licence() -> None:
    data = render_atom(a_feed(an_article(licence="Creative Commons Attribution 4.0")))

    assert texts(data, "//a:entry/a:link[@rel='license']/@href") == [UNSPECIFIED]


def test_an_agencys_text_is_not_given_away_under_our_licence() -> None:
    item = json.loads(render_json_feed(a_feed(an_article(rights_holder="Reuters", licence=BY_NC))))["items"][0]

    assert (item["_republish"]["license"], item["_republish"]["republishable"]) == (None, False)


def test_names_of_terms_never_lead_out_of_the_folder(sqlite_store: Store, tmp_path: Path) -> None:
    topics = tuple(SourceTerm(name=name, key=name, slug=name) for name in ("../../etc", "..", "/", "a/b", "%2e%2e", ""))

    add(sqlite_store, "gold", topics=topics)
    build_public(some_settings(tmp_path), sqlite_store, now=NOW)

    folder = tmp_path / "public" / "feeds" / "topic"
    assert {path.parent for path in folder.rglob("*.rss")} == {folder}
    assert len(list(folder.glob("*.rss"))) == len(slugs(sqlite_store, Scope.TOPIC))
    assert not (tmp_path.parent / "etc").exists()


def test_two_authors_of_one_slug_have_two_feeds(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store, "gold", authors=(SourceTerm(name="José Pérez", key="1", slug="jose-perez"),))
    add(sqlite_store, "silver", authors=(SourceTerm(name="Jose Perez", key="2", slug="jose-perez"),))

    build_public(some_settings(tmp_path), sqlite_store, now=NOW)

    folder = tmp_path / "public" / "feeds" / "author"
    names = {path.stem: texts(path.read_bytes(), "//dc:creator") for path in folder.glob("*.rss")}
    assert sorted(names.values()) == [["Jose Perez"], ["José Pérez"]]
    assert set(names) == set(slugs(sqlite_store, Scope.AUTHOR))


def add(store: Store, key: str, **changes: Any) -> None:  # noqa: ANN401 - fields of the article
    """Stores an article."""
    with store.begin() as tx:
        revisions.add_article(tx, "site", a_state(key, **changes), host="news.example.org", now=NOW)


def slugs(store: Store, scope: Scope) -> list[str]:
    """The slugs that the store gave."""
    with store.read() as tx:
        return [term.slug for term in list_terms(tx, scope)]
