"""The Content API of one Ghost: lists read to their end, its answers as JSON, its failures in words.

A list is read by id, always its first page, each time behind the last id that came: page numbers shift when something
is published or taken away meanwhile. A piece that fails is asked for in smaller ones, down to single posts; one that
fails alone is named and left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from publisher.gather.fetching.fetch import Fetcher, FetchError, RefusedAddressError, TooLargeError
from publisher.gather.ghost.fields import Listed
from publisher.gather.wordpress.api import date_of, read_json
from publisher.gather.wordpress.fields import read_each
from publisher.model.errors import SourceError

SIZES = (100, 20, 5, 1)  #: posts asked for at once; Ghost gives at most 100, whatever it is asked for
MAX_BYTES = 20_000_000
MAX_BROKEN = 5  #: posts that fail alone, before we say that the site fails
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 200, 401, 403, 404, 429
WHERE_KEYS_ARE = "Ghost shows it under Settings → Integrations, in a custom integration, as Content API key"

Query = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Ghost said."""

    status: int
    data: Any  #: the JSON; None where it was none
    date: datetime | None  #: the site's clock

    @property
    def error(self) -> Mapping[str, Any]:
        """The first of its errors; empty where it names none."""
        errors = self.data.get("errors") if isinstance(self.data, dict) else None
        first = errors[0] if isinstance(errors, list) and errors else None
        return first if isinstance(first, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a list: what came, what the site could not give, and how many there are from here on."""

    items: list[Any]
    broken: Mapping[str, str] = field(default_factory=dict)  #: id → why
    total: int | None = None
    date: datetime | None = None


class GhostApi:
    """Asks one site, with its content key."""

    def __init__(self, source: str, url: str, fetcher: Fetcher, key: str, now: datetime) -> None:
        self.source = source
        self.now = now
        self._url = url.rstrip("/")
        self._fetcher = fetcher
        self._key = key

    def get(self, path: str, query: Query) -> Answer:
        """Asks for a path below the API; any answer of Ghost's own is a value. Raises `SourceError` for all else."""
        try:
            return self._ask(path, query)
        except FetchError as error:
            raise self.failed(error) from error

    def list(self, base: str, query: Query) -> Piece:
        """Asks for a short list of `posts` or `pages`; raises `SourceError` where it does not come."""
        return self._checked(base, self.get(f"{base}/", query))

    def pieces(self, base: str, query: Query) -> Iterator[Piece]:
        """A whole list by id, piece by piece; `filter` may narrow it. Raises `SourceError` when it cannot be read."""
        last, step, broken = "", 0, 0
        while True:
            piece, used = self._piece(base, behind(query, last), step)
            broken += len(piece.broken)
            if broken > MAX_BROKEN:
                what = f"{self._url} fails on post after post ({next(iter(piece.broken.values()))})"
                raise SourceError(self.source, f"{what}. Its log says why.")
            ids = [*ids_in(piece.items), *piece.broken]
            yield piece
            if not ids:
                return
            if max(ids) <= last:  # a filter that Ghost does not know is dropped without a word
                raise SourceError(self.source, f"{self._url} does not give its {base} in the order of their ids.")
            last, step = max(ids), max(0, used - 1)
            if piece.total is not None and piece.total <= len(ids):
                return

    def failed(self, error: FetchError) -> SourceError:
        """What a failed fetch means for the source."""
        again = self.now + error.retry_after if error.retry_after else None
        cure = ""
        if error.status == TOO_MANY and again is None:
            cure = (
                ". Ghost shuts an address out for an hour after too many wrong keys, and does not let the right one in"
            )
        return SourceError(self.source, f"{error}{cure}", try_again_at=again)

    def _piece(self, base: str, query: Query, step: int) -> tuple[Piece, int]:
        """The next posts, in the first of the sizes from `step` on that works; and which one did."""
        try:
            return self._checked(base, self._ask(f"{base}/", {**query, "limit": SIZES[step]})), step
        except FetchError as error:
            # Smaller pieces are more requests: no answer to one who asks for fewer.
            if error.status == TOO_MANY or isinstance(error, RefusedAddressError):
                raise self.failed(error) from error
            if SIZES[step] == 1:
                return self._broken(base, query, error), step
        return self._piece(base, query, step + 1)

    def _broken(self, base: str, query: Query, error: FetchError) -> Piece:
        """Names the one post that fails; when not even its id comes, it is the site that fails."""
        bare = {name: value for name, value in query.items() if name not in {"include", "formats"}}
        piece = self.list(base, {**bare, "limit": 1, "fields": "id"})
        why = "is too large" if isinstance(error, TooLargeError) else error.what
        return Piece(items=[], broken=dict.fromkeys(ids_in(piece.items), why), total=piece.total, date=piece.date)

    def _ask(self, path: str, query: Query) -> Answer:
        text = urlencode({**query, "key": self._key}, safe=":,")
        response = self._fetcher.get(f"{self._url}/ghost/api/content/{path}?{text}", max_bytes=MAX_BYTES)
        return Answer(status=response.status, data=read_json(response.body), date=date_of(response))

    def _checked(self, base: str, answer: Answer) -> Piece:
        items = answer.data.get(base) if isinstance(answer.data, dict) else None
        if answer.status == OK and isinstance(items, list):
            return Piece(items=items, total=total_in(answer.data), date=answer.date)
        what = f"{self._url}: the Content API answers {answer.status} for {base}"
        raise SourceError(self.source, f"{what}. {cure_for(answer)}")


def cure_for(answer: Answer) -> str:
    """What an answer that is no list means, and what to do."""
    if answer.data is None:
        return "This is no JSON: the address may be no Ghost, or something before it keeps us out."
    if not answer.error:
        return "This is no list of posts: the address may be the API of something else."
    if answer.status == UNAUTHORIZED:
        return f"It does not know the content key: correct `key` in the source's options. {WHERE_KEYS_ARE}."
    if answer.status == FORBIDDEN:
        return f"It does not let us in: see whether `key` in the source's options is a content key. {WHERE_KEYS_ARE}."
    return f"It says: {str(answer.error.get('message', ''))[:200]}"


def behind(query: Query, last: str) -> Query:
    """A query for what comes behind an id, in the order of ids."""
    narrowed = [str(query["filter"])] if "filter" in query else []
    later = [f"id:>'{last}'"] if last else []
    chosen = {"filter": "+".join(narrowed + later)} if narrowed or later else {}
    return {**query, **chosen, "order": "id asc"}


def ids_in(items: list[Any]) -> list[str]:
    """The ids of what came."""
    return [one.id for one in read_each(Listed, items)]


def total_in(data: Mapping[str, Any]) -> int | None:
    """How many a list has in all, by its own account."""
    meta = data.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    total = pagination.get("total") if isinstance(pagination, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None
