"""Requests as scanners, old proxies and attackers make them: nothing but public files, and never a 500."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.store.engine import Store
from publisher.syndicate.files import write_files
from publisher.web.app import make_app
from tests.house import House

SECRET = b"secret-of-the-house"
FEED = b"<rss>The gold route</rss>" * 20


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    made = House(sqlite_store, tmp_path)
    write_files(made.publisher.settings.public, {"index.html": b"<!doctype html>", "feeds/all.rss": FEED})
    (tmp_path / "secret.txt").write_bytes(SECRET)
    return made


@pytest.fixture
def web(house: House, serve: Callable[..., Any]) -> Any:  # noqa: ANN401 - the client of conftest
    return serve(make_app(house.publisher))


def spoken(web: Any, raw: bytes) -> bytes:  # noqa: ANN401
    """What comes back to bytes that are sent as they are, until the server hangs up or says nothing more."""
    host, _, port = web.address.rpartition(":")
    found = b""
    with suppress(OSError), socket.create_connection((host, int(port)), 2) as sock:
        sock.sendall(raw)
        while piece := sock.recv(65_536):
            found += piece
    return found


#: Ways out of the root, in the spellings that filters have missed before.
WAYS_OUT = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e%252fsecret.txt",
    "/feeds/..%252f..%252fsecret.txt",
    "/..%c0%afsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/%uff0e%uff0e/secret.txt",
    "/%ef%bc%8e%ef%bc%8e/secret.txt",
    "/..\\secret.txt",
    "/..%5c..%5csecret.txt",
    "/....//secret.txt",
    "/feeds/./../../secret.txt",
    "/;/../secret.txt",
    "/feeds;x=y/../../secret.txt",
    "/file:///secret.txt",
    "/secret.txt%00.html",
    "/%0d%0aLocation:%20http://evil.example/",
    "///secret.txt",
    "/~root/secret.txt",
    "/feeds/all.rss/../../../secret.txt",
    "/var/publisher.db",
    "/../var/publisher.db",
    "/config/newsroom.toml",
]


def test_no_spelling_leads_out_of_the_public_folder(web: Any) -> None:  # noqa: ANN401
    answers = {path: web.ask(quote(path, safe="/%;:\\~.")) for path in WAYS_OUT}

    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(WAYS_OUT, 404)
    assert not [path for path, answer in answers.items() if SECRET in answer.body]


@given(
    parts=st.lists(
        st.sampled_from(
            ["..", ".", "", "feeds", "all.rss", "secret.txt", "%2e%2e", "%2f", "\\", "~", "index.html", "é"]
        )
        | st.text(max_size=6),
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_is_a_file_of_ours_a_redirect_or_404(web: Any, parts: list[str]) -> None:  # noqa: ANN401
    path = "/" + "/".join(quote(part, safe="%\\~.") for part in parts)

    answer = web.ask(path)

    assert answer.status in {200, 301, 404}
    assert SECRET not in answer.body
    assert answer.status != 301 or answer.headers["location"].startswith("/")
    assert not answer.headers.get("location", "/").startswith(("//", "/\\"))


def test_a_redirect_keeps_to_this_host_whatever_the_path_and_the_host_header_say(web: Any) -> None:  # noqa: ANN401
    moved = web.ask("/feeds?next=//evil.example", host="evil.example")

    assert (moved.status, moved.headers["location"]) == (301, "/feeds/?next=//evil.example")


NO_REQUESTS = [
    b"GARBAGE\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/x.y\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
    b"POST /u/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
]


def test_what_is_no_request_gets_no_page_and_stops_nobody_else(web: Any) -> None:  # noqa: ANN401
    answers = [spoken(web, raw) for raw in NO_REQUESTS]

    assert {answer.split(b" ")[1][:1] if answer else b"4" for answer in answers} == {b"4"}
    assert web.ask("/feeds/all.rss").status == 200


def test_a_request_that_names_the_whole_address_is_answered_like_any_other(web: Any) -> None:  # noqa: ANN401
    answer = spoken(web, b"GET http://other.example/../secret.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert SECRET not in answer


def test_two_requests_in_one_write_are_two_answers(web: Any) -> None:  # noqa: ANN401
    one = b"HEAD /feeds/all.rss HTTP/1.1\r\nHost: a\r\n\r\n"

    answer = spoken(web, one + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert FEED not in answer


def test_a_body_whose_announced_length_is_a_lie_is_limited_by_what_comes(web: Any) -> None:  # noqa: ANN401
    head = b"POST /u/v1.a.b.c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"".join(b"2000\r\n" + b"a" * 0x2000 + b"\r\n" for _ in range(10))

    answer = spoken(web, head + chunks + b"0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("length", ["-1", "65536", "65537", "99999999999999999999"])
def test_a_body_is_limited_by_its_announced_length_to_the_byte(web: Any, length: str) -> None:  # noqa: ANN401
    head = f"POST /u/v1.a.b.c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"

    answer = spoken(web, head.encode() + (b"a" * 65_536 if length == "65536" else b""))

    assert answer.split(b" ")[1] in ({b"404"} if length == "65536" else {b"400", b"413"})


@pytest.mark.parametrize("tag", ["*", '"{0}"', 'W/"{0}"', '"x", "{0}" , "y"'])
def test_who_has_it_already_is_told_so_by_get_and_head_with_the_same_headers(web: Any, tag: str) -> None:  # noqa: ANN401
    first = web.ask("/feeds/all.rss")
    known = tag.format(first.headers["etag"].strip('"'))

    answers = [web.ask("/feeds/all.rss", method, if_none_match=known) for method in ("GET", "HEAD")]

    assert [(answer.status, answer.body) for answer in answers] == [(304, b"")] * 2
    for answer in answers:
        assert {name: answer.headers[name] for name in ("etag", "cache-control", "vary", "last-modified")} == {
            name: first.headers[name] for name in ("etag", "cache-control", "vary", "last-modified")
        }


@pytest.mark.parametrize("tag", ["", '""', "x", '"', ",,,", "W/", '"a' * 500])
def test_a_tag_that_is_none_of_ours_gets_the_whole_file(web: Any, tag: str) -> None:  # noqa: ANN401
    assert web.ask("/feeds/all.rss", if_none_match=tag).status == 200


@pytest.mark.parametrize("date", ["yesterday", "", "Fri, 06 Mar 2026 12:00:00 GMT", "0"])
def test_another_date_gets_the_whole_file(web: Any, date: str) -> None:  # noqa: ANN401
    assert web.ask("/feeds/all.rss", if_modified_since=date).status == 200


def test_a_range_is_answered_with_the_whole_file(web: Any) -> None:  # noqa: ANN401
    answer = web.ask("/feeds/all.rss", range="bytes=0-9")

    assert (answer.status, answer.body) == (200, FEED)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_signs_of_life_are_not_kept_and_take_no_post(web: Any, path: str) -> None:  # noqa: ANN401
    assert web.ask(path).headers["cache-control"] == "no-store"
    assert web.ask(path, "HEAD").status == 200
    assert web.ask(path, "POST").status == 405
