"""Addresses that may be fetched, and those that may not."""

import socket

import pytest

from publisher.gather.fetching.addresses import AddressRules, check_url, is_public, resolve
from publisher.gather.fetching.errors import RefusedAddressError


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:93.184.215.14",  # IPv4-mapped
        "64:ff9b::5db8:d70e",  # NAT64 of a public one
        "2002:5db8:d70e::1",  # 6to4 of a public one
    ],
)
def test_a_global_unicast_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused, nothing binds to it
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",  # carrier-grade NAT
        "169.254.169.254",  # a cloud's metadata
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",  # IPv4-compatible
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",  # NAT64 for local use
        "2002:7f00:1::1",
        "2001:0:0:0:0:0:80ff:fffe",  # Teredo of 127.0.0.1
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example.org/x",
        "gopher://news.example.org/",
        "//news.example.org/x",
        "news.example.org",
        "https://",
        "https://[::1/",
        "https://news.example.org:99999/",
        "",
    ],
)
def test_only_http_and_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        check_url(url, AddressRules())


@pytest.mark.parametrize("url", ["https://ana:secret@news.example.org/", "https://ana@news.example.org/"])
def test_user_info_is_refused_and_not_repeated_in_the_error(url: str) -> None:
    with pytest.raises(RefusedAddressError, match="name or password") as caught:
        check_url(url, AddressRules())

    assert "ana" not in str(caught.value) + caught.value.url


def test_another_port_is_refused() -> None:
    with pytest.raises(RefusedAddressError, match="port 6379"):
        check_url("http://news.example.org:6379/", AddressRules())


@pytest.mark.parametrize(
    "url", ["http://news.example.org:80/", "https://news.example.org:443/", "http://news.example.org:443/"]
)
def test_the_ports_of_the_web_are_open(url: str) -> None:
    assert check_url(url, AddressRules()).host == "news.example.org"


def test_the_port_of_the_source_is_open_on_its_host_only() -> None:
    rules = AddressRules(source_url="http://News.example.org:8080/feed")

    assert check_url("http://news.example.org:8080/other", rules).port == 8080
    with pytest.raises(RefusedAddressError):
        check_url("http://cdn.example.org:8080/other", rules)


def test_a_host_with_a_final_point_is_the_same_host() -> None:
    rules = AddressRules(source_url="http://news.example.org:8080/feed")

    assert check_url("http://news.example.org.:8080/", rules).port == 8080


def test_a_port_named_with_a_private_host_is_open() -> None:
    rules = AddressRules(private_hosts=frozenset({"cms.internal.example:8080"}))

    assert check_url("http://cms.internal.example:8080/", rules).port == 8080


def test_a_private_host_opens_no_other_port() -> None:
    rules = AddressRules(private_hosts=frozenset({"cms.internal.example"}))

    with pytest.raises(RefusedAddressError):
        check_url("http://cms.internal.example:6379/", rules)


def test_an_address_is_normalised_as_the_connection_will_read_it() -> None:
    parts = check_url("  HTTPS://News.Example.ORG/año?q=a b  ", AddressRules())

    assert parts.url == "https://news.example.org/a%C3%B1o?q=a%20b"


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "localhost"])
def test_every_way_of_writing_loopback_is_refused(host: str) -> None:
    with pytest.raises(RefusedAddressError, match="private_hosts"):
        resolve(host, 80, AddressRules())


def test_one_bad_address_among_good_ones_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [row("93.184.215.14"), row("10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)

    with pytest.raises(RefusedAddressError, match=r"10\.0\.0\.1"):
        resolve("news.example.org", 80, AddressRules())


def test_a_host_that_the_operator_named_may_be_private() -> None:
    rules = AddressRules(private_hosts=frozenset({"127.0.0.1"}))

    assert [found[4] for found in resolve("127.0.0.1", 8080, rules)] == [("127.0.0.1", 8080)]


@pytest.mark.parametrize("named", ["[::1]:8080", "::1", "[::1]"])
def test_a_private_ipv6_host_may_be_written_with_or_without_brackets(named: str) -> None:
    assert resolve("::1", 8080, AddressRules(private_hosts=frozenset({named})))


def test_a_host_named_with_a_port_is_private_on_that_port_only() -> None:
    rules = AddressRules(private_hosts=frozenset({"127.0.0.1:8080"}))

    with pytest.raises(RefusedAddressError):
        resolve("127.0.0.1", 80, rules)


@pytest.mark.parametrize(
    ("host", "words"),
    [("169.254.169.254", "169.254.169.254 is not on"), ("localhost", "localhost, at "), ("::1", "::1 is not on")],
)
def test_a_refusal_says_a_bare_address_once(host: str, words: str) -> None:
    with pytest.raises(RefusedAddressError) as caught:
        resolve(host, 80, AddressRules())

    assert words in str(caught.value)


def test_a_host_name_that_cannot_be_one_does_not_resolve() -> None:
    with pytest.raises(OSError, match="not a host name"):
        resolve("x" * 64 + ".example.org", 80, AddressRules())


def row(address: str) -> tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]:
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)
