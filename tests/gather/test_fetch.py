"""The guarded client: what is asked, what is taken; over real sockets on loopback."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.fetching.fetch import Fetcher, FetchError, TooLargeError

AGENT = "ExamplePublisher/1.0 (+https://news.example.org; desk@news.example.org)"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


# What is asked, what is answered


def test_a_page_comes_with_its_status_header_fields_and_body(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/feed").respond_with_data("<rss/>", content_type="application/rss+xml")

    response = fetcher.get(httpserver.url_for("/feed"))

    assert (response.status, response.body, response.url) == (200, b"<rss/>", httpserver.url_for("/feed"))
    assert response.headers["CONTENT-type"] == "application/rss+xml"


def test_the_request_says_who_we_are_and_what_we_take(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_json({})

    fetcher.get(httpserver.url_for("/"), accept=["application/json", "application/feed+json"])

    asked = httpserver.log[0][0].headers
    assert asked["User-Agent"] == AGENT
    assert asked["Accept"] == "application/json, application/feed+json"
    assert asked["Accept-Encoding"] == "gzip"


def test_a_refusal_is_a_value_with_its_body(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_json({"code": "rest_forbidden"}, status=401)

    response = fetcher.get(httpserver.url_for("/"))

    assert response.status == 401
    assert b"rest_forbidden" in response.body


def test_what_was_given_out_before_is_passed_back(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("", status=304)

    response = fetcher.get(
        httpserver.url_for("/"), etag='W/"7"', last_modified="Fri, 06 Mar 2026 12:00:00 GMT", accept=["text/html"]
    )

    assert response.not_modified
    assert httpserver.log[0][0].headers["If-None-Match"] == 'W/"7"'
    assert httpserver.log[0][0].headers["If-Modified-Since"] == "Fri, 06 Mar 2026 12:00:00 GMT"


def test_a_new_answer_is_not_called_unmodified(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("new")

    assert not fetcher.get(httpserver.url_for("/"), etag='"7"').not_modified


def test_a_name_and_password_are_sent_in_utf8(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("")

    fetcher.get(httpserver.url_for("/"), auth=("ana", "contraseña"))

    assert httpserver.log[0][0].headers["Authorization"] == "Basic YW5hOmNvbnRyYXNlw7Fh"


def test_a_media_type_not_asked_for_is_an_error(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("<html>", content_type="text/html; charset=utf-8")

    with pytest.raises(FetchError, match=r"is text/html, not image/\*"):
        fetcher.get(httpserver.url_for("/"), accept=["image/*"])


def test_a_family_of_media_types_can_be_asked_for(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data(b"\x89PNG", content_type="IMAGE/PNG")

    assert fetcher.get(httpserver.url_for("/"), accept=["image/*"]).body == b"\x89PNG"


def test_a_refusal_may_be_of_any_media_type(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("<html>", status=404, content_type="text/html")

    assert fetcher.get(httpserver.url_for("/"), accept=["image/*"]).status == 404


def test_cookies_are_not_kept(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("", headers={"Set-Cookie": "reader=1; Path=/"})

    fetcher.get(httpserver.url_for("/"))
    fetcher.get(httpserver.url_for("/"))

    assert "Cookie" not in httpserver.log[1][0].headers


def test_the_proxy_of_the_environment_is_not_used(
    httpserver: HTTPServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    httpserver.expect_request("/").respond_with_data("straight")

    assert fetcher.get(httpserver.url_for("/")).body == b"straight"


# Servers that ask for patience


def test_a_server_that_is_busy_says_how_long(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("", status=503, headers={"Retry-After": "120"})

    with pytest.raises(FetchError) as caught:
        fetcher.get(httpserver.url_for("/"))

    assert caught.value.status == 503
    assert caught.value.retry_after == timedelta(seconds=120)


def test_a_date_to_come_back_at_is_measured_by_the_servers_own_clock() -> None:
    fields = b"Date: Fri, 06 Mar 2026 12:00:00 GMT\r\nRetry-After: Fri, 06 Mar 2026 13:30:00 GMT\r\n"
    answer = b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n" + fields + b"\r\n"

    with a_server(answer) as url, fetcher_of(url) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(url)

    assert caught.value.retry_after == timedelta(hours=1, minutes=30)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "9" * 30, "Fri, 99 Mar 2026", ""])
def test_a_waiting_time_that_makes_no_sense_is_none(httpserver: HTTPServer, fetcher: Fetcher, nonsense: str) -> None:
    httpserver.expect_request("/").respond_with_data("", status=503, headers={"Retry-After": nonsense})

    with pytest.raises(FetchError) as caught:
        fetcher.get(httpserver.url_for("/"))

    assert caught.value.retry_after is None


# Size


def test_a_body_of_exactly_the_limit_is_taken(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("x" * 1000)

    assert len(fetcher.get(httpserver.url_for("/"), max_bytes=1000).body) == 1000


def test_a_body_over_the_limit_is_refused(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("x" * 1001)

    with pytest.raises(TooLargeError, match="1,000 bytes"):
        fetcher.get(httpserver.url_for("/"), max_bytes=1000)


def test_a_packed_body_is_unpacked(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data(gzip.compress(b"words"), headers={"Content-Encoding": "gzip"})

    assert fetcher.get(httpserver.url_for("/")).body == b"words"


def test_the_limit_counts_unpacked_bytes(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data(gzip.compress(b"x" * 1001), headers={"Content-Encoding": "gzip"})

    with pytest.raises(TooLargeError):
        fetcher.get(httpserver.url_for("/"), max_bytes=1000)


def test_a_body_that_unpacks_to_over_a_hundred_times_what_was_sent_is_refused(
    httpserver: HTTPServer, fetcher: Fetcher
) -> None:
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"}
    )

    with pytest.raises(TooLargeError, match="100 times"):
        fetcher.get(httpserver.url_for("/"))


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_a_packing_that_was_not_asked_for_is_refused(httpserver: HTTPServer, fetcher: Fetcher, encoding: str) -> None:
    httpserver.expect_request("/").respond_with_data("x", headers={"Content-Encoding": encoding})

    with pytest.raises(FetchError, match="not asked for"):
        fetcher.get(httpserver.url_for("/"))


def test_a_damaged_packing_is_said_to_be_damaged(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/").respond_with_data("not gzip", headers={"Content-Encoding": "gzip"})

    with pytest.raises(FetchError, match="damaged"):
        fetcher.get(httpserver.url_for("/"))


def test_a_body_that_breaks_off_is_an_error() -> None:
    with (
        a_server(OK + b"Content-Length: 10\r\n\r\nfive!") as url,
        fetcher_of(url) as fetcher,
        pytest.raises(FetchError, match="broke off"),
    ):
        fetcher.get(url)


# What the tests are made of


@pytest.fixture
def fetcher(httpserver: HTTPServer) -> Iterator[Fetcher]:
    with fetcher_of(httpserver.url_for("/")) as fetcher:
        yield fetcher


def fetcher_of(*urls: str) -> Fetcher:
    """Lets loopback pass, and the ports of these servers."""
    named = frozenset(url.split("/")[2] for url in urls)
    return Fetcher(AGENT, private_hosts=named, allowed=lambda _: True)


@contextmanager
def a_server(answer: bytes) -> Iterator[str]:
    """A server that gives one visitor these bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            with listener.accept()[0] as sock:
                sock.recv(65536)
                sock.sendall(answer)

        threading.Thread(target=talk, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
