"""Telling hubs that a feed changed (WebSub, as a publisher): what is sent, and what an answer means. All of it is pure.

| answer                            | means                                                                |
|-----------------------------------|----------------------------------------------------------------------|
| 2xx                               | taken; the hub fetches the feed now                                  |
| 408, 429, 5xx, none               | not now: asked again after 1 min, 2, 4, ... 6 h, or when the hub says |
| anything else, a redirect too     | refused for good: the address or the hub is wrong, a person must look |

How a publisher tells its hub is left open by WebSub (section 6.1); this is the way that public hubs take, from
PubSubHubbub 0.4 section 7.1.
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
DOUBLINGS = 9  # enough to pass the longest
NOT_NOW = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
#: Feeds of which there is one of a kind; the others stand in a folder of their scope.
ALONE = frozenset({"all", "updates"})
OF_SCOPE = 3  # parts of `feeds/section/investigations.rss`


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The hub took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """To be asked again."""

    why: str
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Asking again would not help."""

    why: str


Verdict = Told | NotNow | Refused


def ping_form(topic: str) -> dict[str, str]:
    """The form that tells a hub that one feed changed; hubs read the address under one of two names."""
    return {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}


def judge_answer(status: int | None, why: str, *, tries: int, retry_after: timedelta | None = None) -> Verdict:
    """What a hub's answer means; `status` is None when there was none, `tries` are those in vain before this one."""
    if status is None or status in NOT_NOW or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return NotNow(why=why, wait=max(wait_after(tries), retry_after or timedelta()))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Told()
    return Refused(why=why)


def wait_after(tries: int) -> timedelta:
    """How long a hub is left alone after so many tries in vain before this one: each time twice as long."""
    return min(FIRST_WAIT * (1 << min(tries, DOUBLINGS)), LONGEST_WAIT)


def is_topic(path: str, formats: tuple[str, ...]) -> bool:
    """Whether a path under `public/` is a feed that readers subscribe to: an archive document of a month is not."""
    name, _, form = path.rpartition(".")
    parts = name.split("/")
    if form not in formats or parts[0] != "feeds":
        return False
    return parts[1:] in ([one] for one in ALONE) or (len(parts) == OF_SCOPE and parts[1] not in ALONE)
