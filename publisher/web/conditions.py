"""What a request says it can take and has already: its encodings, and RFC 9110 section 13 of GET and HEAD."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

from publisher.web.kept import Kept


@dataclass(slots=True)
class Asked:
    """The headers that decide which answer is right; None: not sent."""

    accept_encoding: str = ""
    none_match: str | None = None
    modified_since: str | None = None

    @property
    def is_gzip(self) -> bool:
        """Whether a compressed answer may be sent."""
        return wants_gzip(self.accept_encoding)


def read_asked(headers: Iterable[tuple[bytes, bytes]]) -> Asked:
    """Reads them from a request's headers; a list may come in several lines (RFC 9110 section 5.3)."""
    asked = Asked()
    for name, value in headers:
        if name == b"accept-encoding":
            text = value.decode("latin-1")
            asked.accept_encoding = f"{asked.accept_encoding}, {text}" if asked.accept_encoding else text
        elif name == b"if-none-match":
            text = value.decode("latin-1")
            asked.none_match = text if asked.none_match is None else f"{asked.none_match}, {text}"
        elif name == b"if-modified-since":
            asked.modified_since = value.decode("latin-1")
    return asked


@lru_cache(maxsize=256)  # clients send a few lists, over and over
def wants_gzip(accept_encoding: str) -> bool:
    """Whether gzip is acceptable (RFC 9110 section 12.5.3); `q=0` means no, and what is named beats `*`."""
    weights = {}
    for offer in accept_encoding.lower().split(","):
        coding, _, parameters = offer.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([\d.]+)\s*", parameters)
        weights[coding.strip()] = found[1].strip("0.") != "" if found else True
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def has_it(asked: Asked, kept: Kept) -> bool:
    """Whether the asker has this already: by ETag, else by time (RFC 9110 section 13.2.2). Nobody has what is gone."""
    if kept.is_gone:
        return False
    if asked.none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in asked.none_match.split(",")}
        return bool(tags & {kept.etag, "*"})
    return asked.modified_since is not None and is_since(asked.modified_since, kept.modified)


def is_since(date: str, modified: int) -> bool:
    """Whether nothing changed after a date, in whole seconds; what is no date counts for nothing (section 13.1.3)."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return False
    # -0000 means UTC as well (RFC 5322 section 3.3), but leaves the time without a zone
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() >= modified
