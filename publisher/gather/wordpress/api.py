"""The REST API of one WordPress: asked page by page, its answers as JSON, its failures in words.

Lists are read by offset, not by page: a post that goes public while we read then only makes one come twice. A list
that is too large or makes the site fail is asked for in smaller pieces, down to single posts; a post that fails alone
is named and left out.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from publisher.gather.cleaning.characters import clean_characters
from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError, Response, TooLargeError
from publisher.model.errors import SourceError

SIZES = (100, 20, 5, 1)  #: posts asked for at once; WordPress gives at most 100
MAX_BYTES = 20_000_000
MAX_BROKEN = 5  #: posts that fail alone, before we say that the site fails
OK = 200
TOO_MANY = 429
KEPT_OUT = frozenset({401, 403})
POSTS = "/wp/v2/posts"
BEGINNING = 1024

Query = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What WordPress said."""

    status: int
    data: Any  #: the JSON; None where it was none
    is_page: bool = False  #: a web page came, where JSON should have come
    code: str  #: WordPress's own word for an error: `rest_forbidden`
    total: int | None  #: how many there are in all, of a list (X-WP-Total)
    date: datetime | None  #: the site's clock

    @property
    def is_list(self) -> bool:
        """Whether this is a list as asked for."""
        return self.status == OK and isinstance(self.data, list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a list: what came, and the ids of what the site could not give."""

    items: list[Any]
    broken: Mapping[str, str] = field(default_factory=dict)  #: id → why
    total: int | None = None


class RestOffError(SourceError):
    """The site gives its REST API to nobody, or not to us: it is off, or behind a login or a firewall."""


class WordPressApi:
    """Asks one site; finds out by itself whether it has pretty addresses (`/wp-json/`) or not (`?rest_route=`)."""

    def __init__(self, source: str, url: str, fetcher: Fetcher, auth: tuple[str, str] | None, now: datetime) -> None:
        self.source = source
        self.fetcher = fetcher
        self._url = url.rstrip("/")
        self._auth = auth
        self.now = now
        self._pretty: bool | None = None

    def get(self, route: str, query: Query) -> Answer:
        """Asks for a route; any answer of WordPress's own is a value. Raises `SourceError` for all else."""
        try:
            return self.try_get(route, query)
        except FetchError as error:
            raise self.failed(error) from error

    def try_get(self, route: str, query: Query) -> Answer:
        """As `get`, but raises `FetchError` where the site did not answer."""
        if self._pretty is not None:
            return self._ask(route, query, pretty=self._pretty)
        answer = self._ask(route, query, pretty=True)
        # Asked anew at each visit: an editor may change the permalinks at any time.
        if answer.data is None:  # the web server's own 404, or the front page
            with suppress(FetchError):  # then the first answer tells more
                plain = self._ask(route, query, pretty=False)
                if plain.data is not None:
                    self._pretty = False
                    return plain
        self._pretty = True
        return answer

    def list(self, route: str, query: Query) -> Answer:
        """Asks for a short list; raises `SourceError` where it does not come."""
        return self._checked(route, self.get(route, query))

    def pieces(self, route: str, query: Query) -> Iterator[Piece]:
        """A whole list, piece by piece; raises `SourceError` when the site cannot be read."""
        offset, total, broken = 0, None, 0
        while True:
            piece = self._piece(route, query, offset, 0)
            broken += len(piece.broken)
            if broken > MAX_BROKEN:
                what = f"{self._url} fails on post after post ({next(iter(piece.broken.values()))})"
                raise SourceError(self.source, f"{what}. Its error log says why.")
            if not piece.items and not piece.broken:
                return
            yield piece
            offset += len(piece.items) + len(piece.broken)
            if total is not None and piece.total is not None:  # what was taken away moved the rest up
                offset -= max(0, total - piece.total)
            total = piece.total
            if total is not None and offset >= total:
                return

    def failed(self, error: FetchError) -> SourceError:
        """What a failed fetch means for the source."""
        again = self.now + error.retry_after if error.retry_after else None
        return SourceError(self.source, str(error), try_again_at=again)

    def _piece(self, route: str, query: Query, offset: int, step: int) -> Piece:
        """Up to `SIZES[step]` posts; asked for again in smaller pieces when that fails."""
        size = SIZES[step]
        try:
            answer = self._checked(route, self.try_get(route, {**query, "per_page": size, "offset": offset}))
        except FetchError as error:
            # Smaller pieces are more requests: no answer to one who asks for fewer.
            if error.status == TOO_MANY or isinstance(error, RefusedAddressError):
                raise self.failed(error) from error
            if size == 1:
                return self._broken(route, query, offset, error)
            return self._smaller(route, query, offset, step + 1)
        return Piece(items=answer.data, total=answer.total)

    def _smaller(self, route: str, query: Query, offset: int, step: int) -> Piece:
        items: list[Any] = []
        broken: dict[str, str] = {}
        total = None
        end = offset + SIZES[step - 1]
        while offset < end:
            piece = self._piece(route, query, offset, step)
            items += piece.items
            broken |= piece.broken
            total = piece.total if piece.total is not None else total
            count = len(piece.items) + len(piece.broken)
            offset += count
            if not count or len(broken) > MAX_BROKEN or (total is not None and offset >= total):
                break
        return Piece(items=items, broken=broken, total=total)

    def _broken(self, route: str, query: Query, offset: int, error: FetchError) -> Piece:
        """Names the one post that fails; when not even its id comes, it is the site that fails."""
        # Without its text and pictures even a post that breaks the theme's code can be named.
        bare = {name: value for name, value in query.items() if name != "_embed"}
        answer = self.list(route, {**bare, "per_page": 1, "offset": offset, "_fields": "id"})
        why = "is too large" if isinstance(error, TooLargeError) else error.what
        return Piece(items=[], broken={str(one["id"]): why for one in answer.data[:1]}, total=answer.total)

    def _ask(self, route: str, query: Query, *, pretty: bool) -> Answer:
        text = urlencode({key: str(value) for key, value in query.items()}, safe=":,")
        url = f"{self._url}/wp-json{route}?{text}" if pretty else f"{self._url}/?rest_route={route}&{text}"
        response = self.fetcher.get(url, auth=self._auth, max_bytes=MAX_BYTES)
        data = read_json(response.body)
        head = response.body[:BEGINNING].lower()
        code = data.get("code") if isinstance(data, dict) else None
        total = response.headers.get("X-WP-Total", "")
        return Answer(
            status=response.status,
            data=data,
            is_page=data is None and (b"<html" in head or b"<!doctype" in head),
            code=code if isinstance(code, str) else "",
            total=int(total) if total.isdecimal() else None,
            date=date_of(response),
        )

    def _checked(self, route: str, answer: Answer) -> Answer:
        if answer.is_list:
            return answer
        what = f"{self._url}: the REST API answers {answer.status} {answer.code} for {route}".replace("  ", " ")
        kind: type[SourceError] = SourceError
        if answer.status in KEPT_OUT and self._auth:
            cure = "It does not take `user` and `password`: give an application password of an account that may read."
        elif answer.data is None:
            cure = "This is no JSON: the address may be no WordPress, or something before it keeps us out."
            kind = RestOffError if answer.is_page or answer.status != OK else SourceError
        elif answer.status in KEPT_OUT:
            cure = "It wants a login: give `user` and `password` (an application password) in the source's options."
            kind = RestOffError
        elif answer.code == "rest_no_route":
            cure = "There is no such type; `types` takes REST bases, such as posts."
            kind = RestOffError if route == POSTS else SourceError  # every WordPress has posts, if it shows any
        else:
            cure = "This is not a list of posts."
        raise kind(self.source, f"{what}. {cure}")


def read_json(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON of a body, without characters that no store takes; None for what is no JSON."""
    try:
        return mended(json.loads(body.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return None


def mended(value: Any) -> Any:  # noqa: ANN401 - JSON
    """JSON whose texts are Unicode: PHP cuts emoji in half, and half of one can be neither printed nor stored."""
    match value:
        case str():
            return clean_characters(value)
        case list():
            return [mended(one) for one in value]
        case dict():
            return {clean_characters(key): mended(one) for key, one in value.items()}
        case _:
            return value


def date_of(response: Response) -> datetime | None:
    """When the site answered, by its own clock."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
