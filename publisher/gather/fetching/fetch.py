"""Fetching: the one client for every address that others name (sources, feeds, images, hubs).

    address → checked → turn at its host → connection to the checked IP address → body, capped → Response
       ↑                                                                            │
       └────────────── redirect: at most 5, each through all checks ────────────────┘

Answers of any status are values; 429 and 5xx are errors with the server's own waiting time. All of it may be called
from several threads. Looking a name up cannot be cut short, so run fetches in a pool of their own.
"""

import base64
import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import urlencode, urljoin

import requests
import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from publisher.gather.fetching.addresses import AddressRules, check_url, is_public, origin
from publisher.gather.fetching.connections import Deadline, Dialer, HostTurns, guarded_adapter
from publisher.gather.fetching.errors import FetchError, RefusedAddressError, TooLargeError

__all__ = ["FetchError", "Fetcher", "HostTurns", "Limits", "RefusedAddressError", "Response", "TooLargeError"]

CHUNK = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SAME_AGAIN = frozenset({307, 308})  #: with the same method and body
UNPACKED = frozenset({"", "identity"})
PACKED = frozenset({"gzip", "x-gzip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how far one fetch may go."""

    connect_seconds: float = 5.0  #: for one address of the host
    read_seconds: float = 15.0  #: between two bytes
    total_seconds: float = 30.0  #: from the first connection to the last byte, over all redirects
    redirects: int = 5
    ratio: int = 100  #: unpacked bytes to packed ones; looked at above one chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the server said in the end."""

    url: str  #: where the redirects led
    status: int
    headers: Mapping[str, str]  #: names in any case
    body: bytes  #: unpacked

    @property
    def not_modified(self) -> bool:
        """Whether it is as it was when `etag` or `last_modified` was given out (RFC 9110 section 15.4.5)."""
        return self.status == HTTPStatus.NOT_MODIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    accept: Sequence[str]
    max_bytes: int
    form: bytes | None = None  #: is posted; None: a plain GET
    own: Mapping[str, str]  #: header fields that go to every hop
    private: Mapping[str, str] = field(repr=False)  #: header fields that stay at the first origin


class Fetcher:
    """Holds connections open; close it, or use it in a `with`."""

    def __init__(
        self,
        user_agent: str,
        *,
        private_hosts: frozenset[str] = frozenset(),
        source_url: str | None = None,
        allowed: Callable[[str], bool] = is_public,
        limits: Limits | None = None,
        turns: HostTurns | None = None,
    ) -> None:
        """Says who we are, with a contact, in `user_agent`; pass the same `turns` to all fetchers of a house."""
        self._user_agent = user_agent
        self._limits = limits or Limits()
        self._turns = turns or HostTurns()
        self._rules = AddressRules(private_hosts=private_hosts, source_url=source_url, allowed=allowed)
        self._dialer = Dialer(self._rules)
        self._adapter = guarded_adapter(self._dialer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up on everybody; the fetcher can still be used, it connects anew."""
        self._adapter.close()

    def get(  # noqa: PLR0913 - the parts of one conditional request, all but the address optional
        self,
        url: str,
        *,
        accept: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        max_bytes: int = 10_000_000,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Response:
        """Fetches one address, whatever status it answers with; raises `FetchError` for 429, 5xx and no answer.

        `accept` lists media types, `image/*` too; another one is an error where the status is 2xx. `headers` and
        `auth` stay at the first origin. `etag` and `last_modified` are passed back as the server gave them.
        """
        own = {
            "User-Agent": self._user_agent,
            "Accept": ", ".join(accept) or "*/*",
            "Accept-Encoding": "gzip",  # what we can unpack piece by piece, under a cap
            "If-None-Match": etag,
            "If-Modified-Since": last_modified,
        }
        ask = _Ask(
            accept=accept,
            max_bytes=max_bytes,
            own={name: value for name, value in own.items() if value},
            private={**(headers or {}), **_basic(auth)},
        )
        return self._follow(url, ask)

    def post_form(self, url: str, fields: Mapping[str, str], *, max_bytes: int = 100_000) -> Response:
        """Posts a form, under the same guards, whatever status it answers with; raises as `get` does.

        It is sent once: no try is repeated. A redirect is an answer like any other, but for 307 and 308 within the
        origin, which say "the same there" (RFC 9110 sections 15.4.8, 15.4.9).
        """
        own = {
            "User-Agent": self._user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._follow(
            url, _Ask(accept=(), max_bytes=max_bytes, form=urlencode(fields).encode(), own=own, private={})
        )

    def _follow(self, url: str, ask: _Ask) -> Response:
        deadline = Deadline(self._limits.total_seconds)
        fields = {**ask.own, **ask.private}
        parts = check_url(url, self._rules)
        for _ in range(self._limits.redirects + 1):
            with self._turns.turn(parts.host or ""), self._dialer.under(deadline), self._in_words(parts.url, deadline):
                answer = self._exchange(parts.url, fields, ask)
            if isinstance(answer, Response):
                return answer
            target = check_url(answer, self._rules)
            if origin(target) != origin(parts):
                if ask.form is not None:
                    raise FetchError(url, f"redirects a form to {target.host}, which is not followed")
                fields = dict(ask.own)  # and they stay off, even if a later hop leads back
            parts = target
        raise FetchError(url, f"redirects more than {self._limits.redirects} times")

    def _exchange(self, url: str, fields: Mapping[str, str], ask: _Ask) -> Response | str:
        """One request; gives the answer, or the address that it redirects to."""
        method = "GET" if ask.form is None else "POST"
        request = requests.Request(method, url, headers=fields, data=ask.form).prepare()
        followed = REDIRECTS if ask.form is None else SAME_AGAIN
        with closing(self._send(request)) as answer:
            if answer.status_code in followed and "Location" in answer.headers:
                return _target(url, answer.headers["Location"])
            _check_status(url, answer)
            _check_type(url, answer, ask.accept)
            body = self._read(url, answer, ask.max_bytes)
            return Response(url=url, status=answer.status_code, headers=answer.headers, body=body)

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        times = (self._limits.connect_seconds, self._limits.read_seconds)
        try:
            return self._adapter.send(request, stream=True, timeout=times)
        except requests.ConnectionError as error:
            # A server may close a kept connection just when it is used again; a GET may then be repeated (RFC 9110
            # section 9.2.2), once.
            broke = any(isinstance(reason, ConnectionError) for reason in _cause(error).args)
            if request.method != "GET" or not broke:
                raise
            return self._adapter.send(request, stream=True, timeout=times)

    def _read(self, url: str, answer: requests.Response, max_bytes: int) -> bytes:
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in UNPACKED | PACKED:
            raise FetchError(url, f"is packed as {encoding!r}, which was not asked for", status=answer.status_code)
        raw: urllib3.HTTPResponse = answer.raw
        body = bytearray()
        # `read1` gives what is there; `read` would wait for a whole chunk, a byte at a time, past the read time-out.
        while piece := raw.read1(CHUNK, decode_content=True):
            body += piece
            if len(body) > max_bytes:
                raise TooLargeError(url, f"is larger than {max_bytes:,} bytes", status=answer.status_code)
            if encoding in PACKED and len(body) > CHUNK and len(body) > self._limits.ratio * raw.tell():
                what = f"unpacks to more than {self._limits.ratio} times what was sent"
                raise TooLargeError(url, what, status=answer.status_code)
        return bytes(body)

    @contextmanager
    def _in_words(self, url: str, deadline: Deadline) -> Iterator[None]:
        """Turns what the libraries raise into our errors, and an end that came too late, whatever it looks like."""
        late = f"took longer than {self._limits.total_seconds:g} s"
        try:
            yield
        except RefusedAddressError as error:
            raise RefusedAddressError(url, error.what) from error
        except (requests.RequestException, HTTPError, OSError) as error:
            cause = _cause(error)
            raise FetchError(url, late if deadline.passed else _words(cause, self._limits)) from cause
        if deadline.passed:  # a body without a length just ends where its socket was shut
            raise FetchError(url, late)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long a server asks to be left alone (RFC 9110 section 10.2.3).

    A date is measured against the `Date` of the same answer: the server's clock is the one it was written by.
    """
    value = headers.get("Retry-After", "").strip()
    try:
        if value.isdecimal():
            return timedelta(seconds=int(value))
        return max(parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"]), timedelta())
    except (ValueError, TypeError, KeyError, OverflowError):  # none, or nonsense: the caller has its own patience
        return None


def _basic(auth: tuple[str, str] | None) -> dict[str, str]:
    """Basic authentication in UTF-8 (RFC 7617 section 2.1); `requests` would write Latin-1."""
    if auth is None:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(":".join(auth).encode()).decode("ascii")}


def _target(url: str, location: str) -> str:
    # Header fields arrive as Latin-1, and servers write UTF-8 into them.
    try:
        return urljoin(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError as error:
        raise RefusedAddressError(url, "redirects to something that is not an address") from error


def _check_status(url: str, answer: requests.Response) -> None:
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        what = f"answered {answer.status_code} {answer.reason or ''}".strip()
        raise FetchError(url, what, status=answer.status_code, retry_after=retry_after(answer.headers))


def _check_type(url: str, answer: requests.Response, accept: Sequence[str]) -> None:
    if not accept or not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return
    given = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not any(fnmatch.fnmatchcase(given, wanted) for wanted in accept):
        what = f"is {given or 'of no stated type'}, not {' or '.join(accept)}"
        raise FetchError(url, what, status=answer.status_code)


def _cause(error: Exception) -> Exception:
    """The innermost error: the outer ones print the whole address, with the keys in its query."""
    inner = error.args[0] if isinstance(error, requests.RequestException) and error.args else error
    inner = inner.reason if isinstance(inner, MaxRetryError) else inner
    return inner if isinstance(inner, Exception) else error


def _words(cause: Exception, limits: Limits) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (  # the first that fits
        (urllib3.exceptions.NameResolutionError, "its host name cannot be found"),
        (urllib3.exceptions.NewConnectionError, f"does not take connections ({cause.__cause__})"),
        (urllib3.exceptions.ConnectTimeoutError, f"did not take a connection within {limits.connect_seconds:g} s"),
        (urllib3.exceptions.ReadTimeoutError, f"said nothing for {limits.read_seconds:g} s"),
        (urllib3.exceptions.SSLError, f"cannot prove who it is ({cause})"),
        (urllib3.exceptions.DecodeError, "is damaged: it cannot be unpacked"),
    )
    return next((words for kind, words in kinds if isinstance(cause, kind)), f"broke off ({type(cause).__name__})")
