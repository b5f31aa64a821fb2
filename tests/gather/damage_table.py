"""Damage in general: what a row of the tables says, the servers that do harm, and how the rows are printed."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from werkzeug import Request, Response

Serve = Callable[[Request], Response]


class Where(StrEnum):
    """Where the operator reads it."""

    FAILED = "the source failed"
    REFUSED = "the item is refused"
    SOURCE = "note on the source"
    ARTICLE = "note on the article"
    LICENCE = "why it may not be republished"
    NOWHERE = "nowhere: nothing is wrong with it"
    PASSED = "nowhere: it is no article"
    GONE = "why it was withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One kind of damage."""

    name: str
    serve: Serve
    where: Where
    #: letter for letter; `{url}` is the source's address, `{site}` its host, `{total}` the seconds of a fetch
    says: str = ""
    adds: tuple[str, ...] = ()  #: titles that are stored besides "The gold route"
    rest: str = "the rest of the feed"  #: what is kept where the damaged item is not
    looked_up: str = ""  #: what the name of the source's host resolves to now
    path: str = ""  #: where it is served, if not at the source's own address


def send(body: str | bytes, *, status: int = 200, media_type: str = "application/rss+xml", **headers: str) -> Serve:
    """Answers with these bytes; `Retry_After` is the header of that name."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Response(body, status, content_type=media_type, headers=fields)


def drip(piece: bytes, *, pause: float, media_type: str = "application/rss+xml") -> Serve:
    """Answers for ever, piece by piece."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield piece
            time.sleep(pause)

    return lambda _: Response(pieces(), content_type=media_type)


def cut_short(body: str, *, media_type: str = "text/xml") -> Serve:
    """Announces more than it sends."""
    return lambda _: Response(iter([body.encode()]), headers={"Content-Length": "99999", "Content-Type": media_type})


def counting(make: Callable[[int], str]) -> Serve:
    """Answers otherwise each time."""
    number = itertools.count()
    return lambda _: Response(make(next(number)), content_type="application/rss+xml")


def table(parts: Mapping[str, Sequence[Damage]]) -> str:
    """The rows as Markdown, a table below each heading."""
    lines = []
    for heading, rows in parts.items():
        lines += [
            f"### {heading}",
            "",
            "| damage | kept | where it shows | what the operator reads |",
            "|---|---|---|---|",
        ]
        lines += [printed(row) for row in rows]
        lines.append("")
    return "\n".join(lines)


def printed(row: Damage) -> str:
    """A row as it stands in the page."""
    return f"| {row.name} | {kept(row)} | {row.where} | {shown(row)} |"


def kept(row: Damage) -> str:
    """What the store holds besides what it held."""
    if row.where is Where.FAILED:
        return "all as it was"
    if row.where in {Where.REFUSED, Where.PASSED}:
        return row.rest
    if row.where is Where.GONE:
        return "until it says so again, an hour later"
    return f"“{row.adds[0]}”"


def shown(row: Damage) -> str:
    """The message as it stands in the page: braces filled with words."""
    said = row.says.replace("{url}", "URL").replace("{site}", "SITE").replace("{total}", "30")
    return f"`{said.replace('`', chr(39))}`" if "`" in said else (f"`{said}`" if said else "")
