"""The guarded client: whom it talks to, where it follows, and how it says what went wrong."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError

AGENT = "ExamplePublisher/1.0 (+https://news.example.org; desk@news.example.org)"


# Whom we do not talk to


def test_a_private_address_is_never_connected_to(httpserver: HTTPServer) -> None:
    with Fetcher(AGENT, source_url=httpserver.url_for("/")) as fetcher, pytest.raises(RefusedAddressError) as caught:
        fetcher.get(httpserver.url_for("/admin"))

    assert caught.value.url == httpserver.url_for("/admin")
    assert httpserver.log == []


def test_a_private_host_that_the_operator_named_is_fetched_from(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("ours")
    named = frozenset({f"{httpserver.host}:{httpserver.port}"})

    with Fetcher(AGENT, private_hosts=named) as fetcher:
        assert fetcher.get(httpserver.url_for("/")).body == b"ours"


def test_a_name_is_looked_up_once_and_the_address_judged_is_the_one_connected_to(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/").respond_with_data("")
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", httpserver.port))]]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.pop())
    url = f"http://rebinding.example.org:{httpserver.port}/"
    judged: list[str] = []

    def note(address: str) -> bool:
        judged.append(address)
        return True

    with Fetcher(AGENT, source_url=url, allowed=note) as fetcher:
        fetcher.get(url)

    assert judged == ["127.0.0.1"]
    assert httpserver.log[0][0].headers["Host"] == f"rebinding.example.org:{httpserver.port}"


def test_the_next_address_of_a_host_is_tried_when_one_is_dead(
    httpserver: HTTPServer, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/").respond_with_data("alive")
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, httpserver.port)) for ip in ("127.9.9.9", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    assert fetcher.get(httpserver.url_for("/")).body == b"alive"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_response_says_where_to(
    httpserver: HTTPServer, fetcher: Fetcher, status: int
) -> None:
    httpserver.expect_request("/old").respond_with_data("", status=status, headers={"Location": "new?x=1"})
    httpserver.expect_request("/new").respond_with_data("here")

    response = fetcher.get(httpserver.url_for("/old"))

    assert (response.body, response.url) == (b"here", httpserver.url_for("/new?x=1"))


def test_a_location_in_raw_utf8_is_understood(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/año").respond_with_data("2026")
    redirect = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + httpserver.url_for("/año") + "\r\n\r\n"

    with a_server(redirect.encode()) as url, fetcher_of(httpserver.url_for("/"), url) as fetcher:
        assert fetcher.get(url).body == b"2026"


def test_five_redirects_are_followed(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    count_down(httpserver)

    assert fetcher.get(httpserver.url_for("/5")).body == b"arrived"


def test_the_sixth_redirect_is_one_too_many(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    count_down(httpserver)

    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.get(httpserver.url_for("/6"))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://u:p@news.example.org/",
        "http://[",
    ],
)
def test_a_redirect_goes_through_all_checks(location: str) -> None:
    redirect = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()

    with (
        a_server(redirect) as url,
        Fetcher(AGENT, private_hosts=frozenset({url.split("/")[2]})) as fetcher,
        pytest.raises(RefusedAddressError),
    ):
        fetcher.get(url)


def test_credentials_stay_at_their_origin(httpserver: HTTPServer) -> None:
    there = f"http://127.0.0.1:{httpserver.port}/there"  # the same server, another origin than `localhost`
    httpserver.expect_request("/here").respond_with_data("", status=302, headers={"Location": there})
    httpserver.expect_request("/there").respond_with_data(
        "", status=302, headers={"Location": httpserver.url_for("/end")}
    )
    httpserver.expect_request("/end").respond_with_data("")

    with fetcher_of(httpserver.url_for("/"), there) as fetcher:
        fetcher.get(httpserver.url_for("/here"), auth=("ana", "secret"), headers={"X-Key": "secret"})

    here, *later = [request.headers for request, _ in httpserver.log]
    assert (here["X-Key"], "Authorization" in here) == ("secret", True)
    assert [("X-Key" in fields, "Authorization" in fields) for fields in later] == [(False, False), (False, False)]


def test_credentials_follow_a_redirect_within_their_origin(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data("")

    fetcher.get(httpserver.url_for("/a"), auth=("ana", "secret"))

    assert "Authorization" in httpserver.log[1][0].headers


def test_the_body_of_a_redirect_is_not_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("here")
    head = f"HTTP/1.1 302 Found\r\nLocation: {httpserver.url_for('/')}\r\n\r\n".encode()

    with a_server(head + b"x" * 1000) as url, fetcher_of(httpserver.url_for("/"), url) as fetcher:
        assert fetcher.get(url).body == b"here"


# Errors


def test_a_port_that_nobody_listens_on_is_said_so() -> None:
    url = a_dead_address()

    with fetcher_of(url) as fetcher, pytest.raises(FetchError, match="does not take connections"):
        fetcher.get(url)


def test_a_host_that_does_not_exist_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with Fetcher(AGENT) as fetcher, pytest.raises(FetchError, match="cannot be found"):
        fetcher.get("https://nowhere.example.org/")


def test_something_that_is_not_http_is_an_error() -> None:
    with (
        a_server(b"SSH-2.0-OpenSSH_9.6\r\n\r\n") as url,
        fetcher_of(url) as fetcher,
        pytest.raises(FetchError, match="broke off"),
    ):
        fetcher.get(url)


def test_a_host_that_does_not_speak_tls_cannot_prove_who_it_is() -> None:
    with (
        a_server(b"not TLS") as url,
        fetcher_of(url) as fetcher,
        pytest.raises(FetchError, match="cannot prove who it is"),
    ):
        fetcher.get(url.replace("http:", "https:"))


def test_an_error_shows_no_key_of_the_query_nor_does_its_cause() -> None:
    url = a_dead_address()

    with fetcher_of(url) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(url + "posts/?key=22444f78447824223cefc48062")

    assert caught.value.url == url + "posts/"
    assert "22444f" not in f"{caught.value} {caught.value.__cause__} {caught.value.__cause__!r}"


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


def a_dead_address() -> str:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def count_down(server: HTTPServer) -> None:
    """`/5` redirects to `/4`, and so on; `/0` is the end."""
    for number in range(1, 10):
        server.expect_request(f"/{number}").respond_with_data("", status=302, headers={"Location": f"/{number - 1}"})
    server.expect_request("/0").respond_with_data("arrived")
