"""WebSub as a subscriber: finding a feed's hub, asking it to tell us of changes, and judging what it sends.

    find_hub ─► subscription_form ─► Fetcher.post_form ─► the hub asks back ─► answer_intent ─► a push ─► is_from_hub

A push is a hint to fetch now, and nothing more: whatever it brings is never parsed, a forged one costs one fetch.
All of this is pure.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.gather.cleaning.links import absolute_url
from publisher.gather.feed.document import Fields, links_of

#: Bytes of a secret at most (WebSub section 5.1); ours is 43 characters.
LONGEST_SECRET = 200
#: What is asked for, and what is believed at most: a hub may not make a subscription perpetual.
LEASE = timedelta(days=10)
LONGEST_LEASE = timedelta(days=30)
SHORTEST_LEASE = timedelta(minutes=5)
#: The methods of `X-Hub-Signature` (WebSub section 7.1); sha1 is what older hubs know.
METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
SIGNATURE = re.compile(r"(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})")
#: One link-value of RFC 8288 section 3: `<address>; name=value; name="value"`.
LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s\",;]*))?)*)")
PARAMETER = re.compile(r";\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s\",;]*)))?")
LONGEST_HEADER = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """Whom to ask, and for what."""

    hubs: tuple[str, ...]  #: addresses of hubs, in the feed's order; one is enough
    topic: str  #: the feed's own name for itself, which the hub knows it by


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What we asked of a hub."""

    hub: str
    topic: str
    callback: str  #: our address, with a part that cannot be guessed
    secret: str
    lease_seconds: int = int(LEASE.total_seconds())
    wanted: bool = True  #: false when it is to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The hub's question was about what we asked: answered 200 with the challenge."""

    challenge: str
    ends_at: datetime | None  #: when it is to be renewed at the latest; None for an end that was confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The hub will not do it: answered 200."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOurs:
    """A question about something that we did not ask: answered 404."""

    why: str


Answer = Confirmed | Denied | NotOurs


def find_hub(headers: Mapping[str, str], feed: Fields, url: str) -> Hub | None:
    """A feed's hubs and its name for itself: from the header, else from the feed (WebSub section 4); None without both.

    `url` is where the feed was fetched; addresses may be relative to it.
    """
    in_header = list(header_links(headers.get("Link", "")))
    for said in (in_header, [(rel, href) for rel in ("hub", "self") for href in links_of(feed, rel)]):
        hubs = [absolute_url(href, url) for rel, href in said if rel == "hub"]
        topics = [absolute_url(href, url) for rel, href in said if rel == "self"]
        topic = next(filter(None, topics), None)
        if topic and (found := tuple(dict.fromkeys(filter(None, hubs)))):
            return Hub(hubs=found, topic=topic)
    return None


def header_links(value: str) -> Iterator[tuple[str, str]]:
    """Pairs of relation and address of a `Link` header (RFC 8288); a link with two relations is two pairs."""
    for link in LINK.finditer(value[:LONGEST_HEADER]):
        for name, quoted, plain in PARAMETER.findall(link[2]):
            if name.lower() == "rel":
                yield from ((relation.lower(), link[1].strip()) for relation in (quoted or plain).split())
                break  # the first one counts (section 3.3)


def subscription_form(subscription: Subscription, *, is_near: bool = False) -> dict[str, str]:
    """The fields of a request to a hub (WebSub section 5.1); raises `ValueError` for a secret that may not be sent.

    `is_near`: the operator named the hub's host as one of the source's private ones, so that nobody listens between.
    """
    if not subscription.hub.startswith("https:") and subscription.secret and not is_near:
        raise ValueError(f"a secret is sent to a hub over https only, not to {subscription.hub}")
    if len(subscription.secret.encode()) >= LONGEST_SECRET:
        raise ValueError(f"the secret is longer than a hub takes: {LONGEST_SECRET - 1} bytes")
    fields = {
        "hub.mode": mode_of(subscription),
        "hub.topic": subscription.topic,
        "hub.callback": subscription.callback,
        "hub.lease_seconds": str(subscription.lease_seconds),
        "hub.secret": subscription.secret,
    }
    return {name: value for name, value in fields.items() if value}


def answer_intent(params: Mapping[str, str], subscription: Subscription | None, *, now: datetime) -> Answer:
    """What to answer when a hub asks whether we meant it (WebSub section 5.3), or says no (section 5.2)."""
    mode, topic, challenge = (params.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    if subscription is None:
        return NotOurs(why="no subscription has this address")
    if topic != subscription.topic:
        return NotOurs(why="the topic is not the one that we asked for")
    if mode == "denied":
        return Denied(why=params.get("hub.reason", "").strip()[:200] or "the hub gives no reason")
    if mode != mode_of(subscription):
        return NotOurs(why=f"we asked to {mode_of(subscription)}, not to {mode[:20]!r}")
    if not challenge:
        return NotOurs(why="there is no challenge to answer")
    return Confirmed(challenge=challenge, ends_at=now + lease_of(params) if subscription.wanted else None)


def lease_of(params: Mapping[str, str]) -> timedelta:
    """How long the hub will tell us; within bounds, and ours where it does not say."""
    text = params.get("hub.lease_seconds", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 12):  # noqa: PLR2004 - three thousand years
        return LEASE
    return min(max(timedelta(seconds=int(text)), SHORTEST_LEASE), LONGEST_LEASE)


def is_from_hub(body: bytes, signature: str, secret: str) -> bool:
    """Whether a push was signed with our secret (WebSub section 7.1), over the raw bytes, in constant time.

    `signature` is the header `X-Hub-Signature`. One that is missing or wrong is answered 2xx all the same and ignored,
    so that nobody learns what is right.
    """
    found = SIGNATURE.fullmatch(signature.strip())
    if found is None or not secret:
        return False
    wanted = hmac.new(secret.encode(), body, METHODS[found[1]]).hexdigest()
    return hmac.compare_digest(wanted, found[2].lower())


def mode_of(subscription: Subscription) -> str:
    """What was asked, in the standard's word."""
    return "subscribe" if subscription.wanted else "unsubscribe"
