"""What can go wrong while fetching, sorted by what the caller does about it.

FetchError                 this address, this time: shown to people, tried again later
├── RefusedAddressError    never connected to: only the operator can change that
└── TooLargeError          more than was asked for: trying again does not help
"""

import re
from datetime import timedelta

from publisher.model.errors import PublisherError


class FetchError(PublisherError):
    """An address could not be fetched; `what` is for people, `retry_after` is what the server asked for.

    `url` is the hop that failed, without user info and query: those carry keys, and errors end in logs.
    """

    def __init__(self, url: str, what: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        self.url = without_secrets(url)
        super().__init__(f"{self.url}: {what}")
        self.what = what
        self.status = status
        self.retry_after = retry_after


class RefusedAddressError(FetchError):
    """The address is one that we do not connect to: not public, another port, another scheme, user info."""


class TooLargeError(FetchError):
    """The body is larger than asked for, or unpacks to far more than was sent."""


def without_secrets(url: str) -> str:
    """The address as it may be shown: no user info, no query, no fragment."""
    return re.sub(r"//[^/?#]*@", "//", re.split(r"[?#]", url, maxsplit=1)[0])
