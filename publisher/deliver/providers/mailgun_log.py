"""Asking Mailgun's event log what became of a call whose answer was lost (R4).

    wrote_at - 5 min     wrote_at                     over_at                              over_at + 30 min
      ├── earlier events ──┼── ours? one is proof: accepted ──┼── later ones of ours: the control ──┤ no further

"Not there" counts only when the same query shows something of ours that was accepted after the exchange was over, and
when the log still reaches back to the attempt. Events come in the order of their times, so that reading can stop where
ours can be no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from publisher.deliver.providers.http import Answer
from publisher.model.delivery import Accepted, Attempt, NotSent, Settled, Unclear

LEAD = timedelta(minutes=5)  #: our clock against theirs
#: Ours was accepted before the exchange was over, or soon after; the rest is for clocks that differ.
LATEST = timedelta(minutes=30)
#: A free account keeps a day; older than this, the log must show that it reaches back.
SURE_RETENTION = timedelta(hours=23)
PAGE_EVENTS = 300
MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One reader's `accepted`, as far as it matters here."""

    attempt: str
    at: datetime
    tags: frozenset[str]
    message_id: str


@dataclass(slots=True, kw_only=True)
class Evidence:
    """What the events so far say; holds no events."""

    attempt: Attempt
    message_id: str | None = None  #: of the attempt itself
    has_control: bool = False
    has_earlier: bool = False
    is_past: bool = False

    def look_at(self, event: Event) -> None:
        """Takes one event into account."""
        if event.attempt == self.attempt.attempt_id:
            self.message_id = event.message_id
        elif event.attempt and event.tags & {self.attempt.tag.lower(), self.attempt.control_tag.lower()}:
            self.has_control |= event.at > self.attempt.over_at
            self.has_earlier |= event.at <= self.attempt.wrote_at
        self.is_past |= event.at > self.attempt.over_at + LATEST

    def conclude(self, now: datetime) -> Settled:
        """What the whole reading proves."""
        if self.message_id is not None:  # the call is taken whole: one of its readers stands for all
            return Accepted(provider_id=f"<{self.message_id}>" if self.message_id else "")
        if not self.has_control:
            return Unclear(words="not in Mailgun's log, but nothing of ours from later is either: no control yet")
        if now - self.attempt.wrote_at > SURE_RETENTION and not self.has_earlier:
            return Unclear(words="not in Mailgun's log, which may not reach back so far any more")
        return NotSent(words="not in Mailgun's log, which shows later messages of ours")


def search_log(
    attempt: Attempt, *, now: datetime, events_path: str, fetch_page: Callable[[str], Answer | Unclear]
) -> Settled:
    """Follows the pages until one is empty, or past what can be ours; keeps none of them."""
    target = f"{events_path}?{urlencode(build_query(attempt, now))}"
    evidence = Evidence(attempt=attempt)
    for _ in range(MOST_PAGES):
        answer = fetch_page(target)
        page = answer if isinstance(answer, Unclear) else read_page(answer)
        if isinstance(page, Unclear):
            return page
        for event in page.events:
            evidence.look_at(event)
        if not page.events or evidence.is_past or evidence.message_id is not None:
            return evidence.conclude(now)
        target = page.next_target
    return Unclear(words=f"Mailgun's log has no end after {MOST_PAGES} pages")


def build_query(attempt: Attempt, now: datetime) -> dict[str, str]:
    """One query for the attempt and its control."""
    tags = dict.fromkeys(tag for tag in (attempt.tag, attempt.control_tag) if tag)
    return {
        "begin": str(int((attempt.wrote_at - LEAD).timestamp())),
        "end": str(int(now.timestamp()) + 1),
        "ascending": "yes",
        "limit": str(PAGE_EVENTS),
        "event": "accepted",
        "tags": " OR ".join(tags),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the log."""

    events: tuple[Event, ...]
    next_target: str


def read_page(answer: Answer) -> Page | Unclear:
    """The events of a page; an answer that is no page proves nothing."""
    raw = answer.json_object()
    if answer.status != 200 or raw is None:  # noqa: PLR2004 - OK
        return Unclear(words=f"Mailgun's log could not be read: {answer.words()}")
    try:
        events = tuple(to_event(item) for item in raw["items"])
        # Only the path: the key never follows an address that an answer names.
        parts = urlsplit(raw["paging"]["next"])
        path = parts.path[parts.path.index("/v3/") :]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return Unclear(words=f"Mailgun's log answered in an unknown form: {type(error).__name__} {error}")
    return Page(events=events, next_target=f"{path}?{parts.query}" if parts.query else path)


def to_event(item: dict[str, Any]) -> Event:
    """One item of the log; an item without our variables is someone else's."""
    variables = item.get("user-variables") or {}
    headers = (item.get("message") or {}).get("headers") or {}
    return Event(
        attempt=str(variables.get("attempt") or ""),
        at=datetime.fromtimestamp(float(item["timestamp"]), UTC),
        tags=frozenset(str(tag).lower() for tag in item.get("tags") or ()),
        message_id=str(headers.get("message-id") or ""),
    )
