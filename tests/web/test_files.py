"""The public files as the built-in server gives them: the right bytes, the right type, and never the same twice."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from publisher.syndicate.files import remove_file, write_files
from publisher.web.file_headers import type_of
from publisher.web.files import PublicFiles

FEED = b"<rss>The gold route</rss>" * 20
PAGE = b"<!doctype html><title>Withdrawn</title>"
Serve = Callable[[ASGIApp], Any]


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A small `public/`."""
    root = tmp_path / "public"
    write_files(
        root,
        {
            "index.html": b"<!doctype html><title>Home</title>",
            "feeds/all.rss": FEED,
            "feeds/all.json": b"{}",
            "feeds/all/2026-03.atom": b"<feed/>",
            "feeds/index.html": b"<!doctype html><title>Feeds</title>",
            "editions/weekly/2026-03-06/index.html": b"<!doctype html><title>The week</title>",
            "republish/7/index.html": PAGE,
            "republish/7/index.html.gone": b"",
        },
    )
    return root


@pytest.fixture
def web(public: Path, serve: Serve) -> Any:  # noqa: ANN401 - the client of conftest
    hubs = ("https://hub.example.net/",)
    return serve(PublicFiles(public, public_url="https://follow.example.org", hubs=hubs))


def test_a_reader_who_takes_gzip_gets_the_bytes_that_were_compressed_before(web: Any) -> None:  # noqa: ANN401
    plain = web.ask("/feeds/all.rss")
    packed = web.ask("/feeds/all.rss", accept_encoding="br, gzip;q=0.5")

    assert (plain.body, gzip.decompress(packed.body)) == (FEED, FEED)
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"


def test_each_encoding_has_an_etag_of_its_own(web: Any) -> None:  # noqa: ANN401
    plain = web.ask("/feeds/all.rss").headers["etag"]
    packed = web.ask("/feeds/all.rss", accept_encoding="gzip").headers["etag"]

    again = web.ask("/feeds/all.rss", if_none_match=f'"other", W/{plain}')
    wrong = web.ask("/feeds/all.rss", if_none_match=packed)

    assert plain != packed
    assert (again.status, again.body, wrong.status) == (304, b"", 200)
    assert (again.headers["etag"], again.headers["vary"]) == (plain, "Accept-Encoding")


def test_a_reader_who_knows_only_the_time_gets_304_too(web: Any) -> None:  # noqa: ANN401
    modified = web.ask("/feeds/all.rss").headers["last-modified"]

    assert web.ask("/feeds/all.rss", if_modified_since=modified).status == 304
    assert web.ask("/feeds/all.rss", if_modified_since=modified, if_none_match='"other"').status == 200


@pytest.mark.parametrize("headers", [{}, {"accept_encoding": "gzip"}], ids=["plain", "packed"])
def test_a_304_says_nothing_of_a_body_that_is_not_there(web: Any, headers: dict[str, Any]) -> None:  # noqa: ANN401
    tag = web.ask("/feeds/all.rss", **headers).headers["etag"]

    known = web.ask("/feeds/all.rss", **headers, if_none_match=tag)

    assert known.status == 304
    assert not {"content-type", "content-encoding", "content-length"} & set(known.headers)
    assert {"etag", "last-modified", "cache-control", "vary", "link"} <= set(known.headers)


def test_a_file_that_was_written_anew_is_served_anew(web: Any, public: Path) -> None:  # noqa: ANN401
    old = web.ask("/feeds/all.rss")
    write_files(public, {"feeds/all.rss": b"<rss>two</rss>"})

    new = web.ask("/feeds/all.rss", if_none_match=old.headers["etag"])

    assert (new.status, new.body) == (200, b"<rss>two</rss>")


def test_a_file_that_came_or_went_after_the_start_is_known(web: Any, public: Path) -> None:  # noqa: ANN401
    write_files(public, {"feeds/updates.rss": FEED})
    came = web.ask("/feeds/updates.rss").status
    remove_file(public, "feeds/updates.rss")

    assert (came, web.ask("/feeds/updates.rss", accept_encoding="gzip").status) == (200, 404)


def test_head_says_what_get_says_without_the_body(web: Any) -> None:  # noqa: ANN401
    get, head = web.ask("/feeds/all.rss"), web.ask("/feeds/all.rss", "HEAD")

    dropped = {"date"}
    assert (head.status, head.body) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in dropped} == {
        k: v for k, v in get.headers.items() if k not in dropped
    }


def test_a_folder_answers_with_its_index_after_a_redirect(web: Any) -> None:  # noqa: ANN401
    moved = web.ask("/feeds?a=b")

    assert (moved.status, moved.headers["location"]) == (301, "/feeds/?a=b")
    assert b"Feeds" in web.ask("/feeds/").body
    assert b"Home" in web.ask("/").body


def test_a_withdrawn_page_is_410_and_says_why(web: Any) -> None:  # noqa: ANN401
    page = web.ask("/republish/7/")

    assert (page.status, page.body) == (410, PAGE)
    assert web.ask("/republish/7/", if_none_match="*").status == 410
    assert not {"etag", "last-modified"} & set(page.headers)


def test_the_files_of_a_withdrawn_kit_are_410_too(web: Any) -> None:  # noqa: ANN401
    assert web.ask("/republish/7/article.html").status == 410


def test_what_still_stands_of_a_withdrawn_kit_is_410_as_soon_as_its_page_is(web: Any, public: Path) -> None:  # noqa: ANN401
    write_files(
        public, {"republish/7/article.html": b"<p>The gold route</p>", "republish/8/article.html": b"<p>New</p>"}
    )

    answers = [web.ask(f"/republish/{number}/article.html", if_none_match="*") for number in (7, 8)]

    assert [answer.status for answer in answers] == [410, 304]
    assert answers[0].body == b"This was withdrawn.\n"
    assert answers[0].headers["cache-control"].startswith("public, max-age=300")


def test_a_page_that_is_in_memory_is_410_once_its_mark_is_there_and_200_once_it_is_gone(web: Any, public: Path) -> None:  # noqa: ANN401
    asked = [web.ask("/feeds/").status]
    write_files(public, {"feeds/index.html.gone": b""})
    asked.append(web.ask("/feeds/").status)
    remove_file(public, "feeds/index.html.gone")
    asked.append(web.ask("/feeds/").status)

    assert asked == [200, 410, 200]


def test_a_link_is_not_followed_even_where_it_stays_inside(web: Any, public: Path) -> None:  # noqa: ANN401
    (public / "latest.rss").symlink_to(public / "feeds" / "all.rss")
    (public / "f").symlink_to(public / "feeds")

    assert [web.ask(path).status for path in ("/latest.rss", "/f/all.rss", "/f/", "/f")] == [404] * 4


def test_the_folder_itself_may_be_a_link_and_may_be_turned_to_another(tmp_path: Path, serve: Serve) -> None:
    for name in ("old", "new"):
        write_files(tmp_path / name, {"index.html": name.encode()})
    (tmp_path / "public").symlink_to(tmp_path / "old")
    web = serve(PublicFiles(tmp_path / "public", public_url="https://follow.example.org"))
    before = web.ask("/").body
    (tmp_path / "next").symlink_to(tmp_path / "new")
    (tmp_path / "next").rename(tmp_path / "public")

    assert (before, web.ask("/").body) == (b"old", b"new")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/feeds/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/feeds/%2e%2e/%2e%2e/secret.txt",
        "/feeds/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/secret.txt%00.html",
        "/.hidden",
        "/feeds/.all.rss.tmp",
        "/out/secret.txt",
        "/link.txt",
        "/linked/",
        "/feeds/all.rss/",
        "/feeds/all.rss.gz",
        "/republish/7/index.html.gone",
        f"/{'a' * 300}",
        "/a" * 3000,
        "/caf%C3%A9",
        "/%ff",
    ],
)
def test_nothing_but_public_files_is_served(web: Any, public: Path, path: str) -> None:  # noqa: ANN401
    (public.parent / "secret.txt").write_text("secret")
    (public / ".hidden").write_text("secret")
    (public / "feeds" / ".all.rss.tmp").write_text("secret")
    (public / "out").symlink_to(public.parent)
    (public / "link.txt").symlink_to(public.parent / "secret.txt")
    (public / "linked").mkdir()
    (public / "linked" / "index.html").symlink_to(public.parent / "secret.txt")

    answer = web.ask(path)

    assert answer.status == 404
    assert b"secret" not in answer.body


def test_a_feed_is_kept_for_minutes_and_an_archive_for_a_day(web: Any) -> None:  # noqa: ANN401
    feed, archive = web.ask("/feeds/all.rss").headers, web.ask("/feeds/all/2026-03.atom").headers

    assert feed["cache-control"] == "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
    assert archive["cache-control"] == "public, max-age=86400"


def test_a_feed_may_be_read_by_scripts_of_any_site_and_names_itself_and_its_hub(web: Any) -> None:  # noqa: ANN401
    feed, page = web.ask("/feeds/all.rss").headers, web.ask("/feeds/").headers

    assert (feed["access-control-allow-origin"], "access-control-allow-origin" in page) == ("*", False)
    assert (
        feed["link"] == '<https://follow.example.org/feeds/all.rss>; rel="self", <https://hub.example.net/>; rel="hub"'
    )


def test_an_edition_in_the_archive_is_fenced_in_as_a_message_is(web: Any) -> None:  # noqa: ANN401
    edition = web.ask("/editions/weekly/2026-03-06/").headers["content-security-policy"]
    page = web.ask("/").headers["content-security-policy"]

    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in edition
    assert "style-src 'unsafe-inline'" in edition
    assert "script-src" not in edition
    assert "unsafe" not in page


def test_only_get_and_head_are_answered(web: Any) -> None:  # noqa: ANN401
    answer = web.ask("/feeds/all.rss", "POST", body=b"a=b")

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("feeds/all.atom", "application/atom+xml; charset=utf-8"),
        ("feeds/all.json", "application/feed+json"),
        ("feeds/opml.xml", "text/x-opml; charset=utf-8"),
        ("republish/7/article.json", "application/json"),
        ("republish/7/article.md", "text/markdown; charset=utf-8"),
        ("sitemap-news.xml", "application/xml; charset=utf-8"),
        ("assets/copy.js", "text/javascript; charset=utf-8"),
        ("unknown.bin", "application/octet-stream"),
    ],
)
def test_types_come_from_our_own_table(path: str, media: str) -> None:
    assert type_of(path) == media
