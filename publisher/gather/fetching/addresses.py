"""Addresses that may be fetched. Others name them, so nothing but the public internet is open by itself.

| what                                | allowed                                                      |
|-------------------------------------|--------------------------------------------------------------|
| scheme, user info                   | http and https; none                                         |
| port                                | 80, 443, the source's own on its host, one in `private_hosts`|
| addresses that the name resolves to | all of them public, or the host stands in `private_hosts`    |

`private_hosts` are the operator's words: `host`, or `host:port` for that port alone.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from publisher.gather.fetching.errors import RefusedAddressError

PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052 section 2.1
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291 section 2.4
IPV4_SPACE = 2**32

SocketAddress = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
#: A row of `socket.getaddrinfo`.
Resolved = tuple[socket.AddressFamily, socket.SocketKind, int, str, SocketAddress]


def is_public(address: str) -> bool:
    """Whether an IP address in text is global unicast, also behind each way of writing IPv4 as IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inner_ipv4(ip)
        if inner is None and ip not in GLOBAL_UNICAST:
            return False
        ip = inner or ip
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRules:
    """Whom a fetcher may talk to."""

    private_hosts: frozenset[str] = frozenset()  #: `host` or `host:port`
    source_url: str | None = None  #: its host may be fetched from on its port
    allowed: Callable[[str], bool] = is_public  #: judges one IP address


def check_url(url: str, rules: AddressRules) -> Url:
    """The address taken apart and normalised, ready to ask; raises `RefusedAddressError`."""
    # The same parser as the connection's: two parsers that read one address differently are the classic hole.
    try:
        parts = parse_url(url.strip())
    except LocationParseError as error:
        raise RefusedAddressError(url, "this is not an address") from error
    if parts.scheme not in PORTS or not parts.host:
        raise RefusedAddressError(url, "only http and https addresses are fetched")
    if parts.auth is not None:
        raise RefusedAddressError(url, "a name or password in an address is not used; configure them instead")
    if not _is_open_port(parts, rules):
        raise RefusedAddressError(url, f"port {parts.port} is not fetched from, only 80, 443 and the source's own")
    return parts


def origin(parts: Url) -> tuple[str | None, str | None, int | None]:
    """Scheme, host and port: what credentials belong to (RFC 6454 section 4)."""
    return parts.scheme, parts.host, port_of(parts)


def port_of(parts: Url) -> int:
    """The port, the scheme's own where none is written."""
    return parts.port or PORTS[parts.scheme or "http"]


def resolve(host: str, port: int, rules: AddressRules) -> Sequence[Resolved]:
    """Looks a name up, once, and gives the addresses to connect to, all of them judged.

    One bad address spoils the name: an attacker who mixes them in only waits until the bad one is tried.
    Raises `RefusedAddressError`, and `OSError` where the name does not resolve.
    """
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long never reaches the resolver
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
    if _is_named(host, port, rules):
        return rows
    if refused := [str(row[4][0]) for row in rows if not rules.allowed(str(row[4][0]))]:
        where = host if host.strip("[]") == refused[0] else f"{host}, at {refused[0]},"
        what = f"{where} is not on the public internet; if that is meant, add it to private_hosts"
        raise RefusedAddressError(f"//{host}:{port}", what)
    return rows


def _inner_ipv4(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) % IPV4_SPACE)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _is_open_port(parts: Url, rules: AddressRules) -> bool:
    port, host = port_of(parts), _plain(parts.host or "")
    if port in PORTS.values() or f"{host}:{port}" in map(_plain, rules.private_hosts):
        return True
    own = parse_url(rules.source_url) if rules.source_url else Url()
    return (host, port) == (_plain(own.host or ""), own.port)


def _is_named(host: str, port: int, rules: AddressRules) -> bool:
    named = set(map(_plain, rules.private_hosts))
    return _plain(host) in named or f"{_plain(host)}:{port}" in named


def _plain(host: str) -> str:
    """One spelling for one host: `[::1]:80` and `::1:80`, `Host.` and `host`."""
    return host.lower().replace("[", "").replace("]", "").rstrip(".")
