"""`/partner/TOKEN/feed.{rss|atom|json}`: what one partner may republish, for whoever has its secret address.

    token ──► unknown 404, revoked 410 ──► asked too often 429 ──► rendered ──► known ETag 304
                                                  ▲                                  │
                                                  └────── given too often 429 ◄──────┘──► copies written down ──► 200

What was given is written down before it leaves: a text of which nobody knows who has it could not be corrected there.
The token is in no log. There is no Last-Modified: what may be republished changes without any article's changing.
"""

import gzip
import hashlib
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.assembly import Publisher
from publisher.model.errors import StoreError
from publisher.store.partners import CopyForm, Partner, find_by_token, note_fetch, record_copies
from publisher.syndicate.feed import MEDIA_TYPES
from publisher.syndicate.house import house_of
from publisher.syndicate.partner_feed import (
    FORMATS,
    Shelf,
    build_partner_feed,
    load_shelf,
    render_partner_feed,
    texts_in,
)
from publisher.web.conditions import wants_gzip

log = structlog.get_logger()

TOKEN = re.compile(r"[a-z2-7]{32}")  #: 160 bits in base32
#: No cache between us keeps it, and none answers in our place after a revocation.
PRIVATE = {
    "cache-control": "private, no-cache",
    "vary": "Accept-Encoding",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}
REFUSED = PRIVATE | {"cache-control": "no-store"}
AN_HOUR = timedelta(hours=1)
GIVEN_AN_HOUR = 60  #: whole feeds
ASKED_AN_HOUR = 600  #: requests at all: each costs a rendering
SELDOM = timedelta(minutes=10)  #: how exactly it is known when a feed that had not changed was last asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request wants."""

    token: str
    form: str
    is_head: bool
    is_gzip: bool
    known: frozenset[str]  #: ETags that the asker has


class HourlyLimit:
    """So many of something in any hour, for each partner; counted by this process alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[int, deque[datetime]] = {}
        self._lock = threading.Lock()

    def take(self, partner: int, now: datetime) -> timedelta | None:
        """Counts one more; where that would be too many, gives how long to wait instead."""
        with self._lock:
            taken = self._taken.setdefault(partner, deque())
            while taken and taken[0] <= now - AN_HOUR:
                taken.popleft()
            if len(taken) >= self._most:
                return taken[0] + AN_HOUR - now
            taken.append(now)
            return None


class PartnerFeeds:
    """The feeds of all partners."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._house = house_of(publisher.settings)
        self._asked = HourlyLimit(ASKED_AN_HOUR)
        self._given = HourlyLimit(GIVEN_AN_HOUR)

    async def answer(self, request: Request) -> Response:
        """Answers GET and HEAD."""
        asked = read_asked(request.path_params, request.headers, is_head=request.method == "HEAD")
        return await run_in_threadpool(self._answer, asked)

    def _answer(self, asked: Asked) -> Response:
        if asked.form not in FORMATS or not TOKEN.fullmatch(asked.token):
            return not_found()
        now = self._publisher.now()
        try:
            with self._publisher.store.read() as tx:
                partner = find_by_token(tx, asked.token)
                if partner is None or partner.revoked_at:
                    return self._closed() if partner else not_found()
                if wait := self._asked.take(partner.id, now):
                    return too_often(wait)
                shelf = load_shelf(tx, partner, self._house, now=now)
            return self._give(asked, partner, shelf, now)
        except StoreError as error:
            log.warning("partner.not_served", why=str(error))
            return PlainTextResponse("The feed cannot be read just now.\n", 503, REFUSED | {"retry-after": "60"})

    def _give(self, asked: Asked, partner: Partner, shelf: Shelf, now: datetime) -> Response:
        address = f"{self._house.public_url}/partner/{asked.token}/feed"
        feed = build_partner_feed(partner, shelf, self._house, address=address, now=now)
        body = render_partner_feed(feed, asked.form)
        headers = feed_headers(asked.form)
        if asked.is_gzip:
            body = gzip.compress(body, mtime=0)  # no time in it: the same feed, the same ETag
            headers["content-encoding"] = "gzip"
        headers["etag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if asked.known & {headers["etag"], "*"}:
            self._note(partner, now)
            del headers["content-type"]
            return Response(None, 304, headers)
        if asked.is_head:
            return Response(body, 200, headers)
        if wait := self._given.take(partner.id, now):
            return too_often(wait)
        taken = texts_in(feed, shelf)
        with self._publisher.store.begin() as tx:
            record_copies(tx, partner.id, taken, form=CopyForm.FEED, now=now)
        log.info("partner.served", partner=partner.id, format=asked.form, articles=len(taken))
        return Response(body, 200, headers)

    def _note(self, partner: Partner, now: datetime) -> None:
        """Writes down that a partner is alive, seldom enough not to make each of its looks a write."""
        if partner.fetched_at is None or now - partner.fetched_at >= SELDOM:
            with self._publisher.store.begin() as tx:
                note_fetch(tx, partner.id, now=now)

    def _closed(self) -> Response:
        contact = self._publisher.settings.newsroom.contact
        text = f"This feed address was closed. For a new one, ask {self._house.name}: {contact}\n"
        return PlainTextResponse(text, 410, REFUSED)


def read_asked(path: Mapping[str, str], headers: Mapping[str, str], *, is_head: bool) -> Asked:
    """Reads a request; a weak tag counts as its strong one (RFC 9110 section 13.1.2)."""
    tags = (tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(","))
    return Asked(
        token=path["token"],
        form=path["form"],
        is_head=is_head,
        is_gzip=wants_gzip(headers.get("accept-encoding", "")),
        known=frozenset(tags),
    )


def feed_headers(form: str) -> dict[str, str]:
    """What is said of a feed; JSON is UTF-8 by RFC 8259 and says no character set."""
    charset = "" if form == "json" else "; charset=utf-8"
    return PRIVATE | {"content-type": f"{MEDIA_TYPES[form]}{charset}"}


def not_found() -> Response:
    """Nobody has this token, or there is no such format."""
    return PlainTextResponse("There is no such feed.\n", 404, REFUSED)


def too_often(wait: timedelta) -> Response:
    """The partner's program is too eager; an answer it has already costs it little: `If-None-Match`."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    text = f"Asked too often. Ask again in {seconds} s, with If-None-Match; once in 5 minutes is plenty.\n"
    return PlainTextResponse(text, 429, REFUSED | {"retry-after": str(seconds)})
