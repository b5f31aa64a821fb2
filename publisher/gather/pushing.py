"""Being told of changes (WebSub): a feed's hub is asked to tell us, again in time, and believed only to fetch now.

    a visit names a hub ─► noted ─► the clock asks it ─► it asks back at /push/TOKEN ─► its pushes make us fetch at once

What a push brings is never read (R23): the feed itself is fetched, by the guarded client, as ever.
"""

import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import assert_never
from urllib.parse import parse_qsl, urlsplit

import structlog

from publisher.gather.fetching.fetch import Fetcher, FetchError
from publisher.gather.push import (
    Answer,
    Confirmed,
    Denied,
    Hub,
    NotOurs,
    Subscription,
    answer_intent,
    is_from_hub,
    subscription_form,
)
from publisher.settings import SourceSettings
from publisher.store.engine import Store, Tx
from publisher.store.pushes import (
    Push,
    find_by_token,
    find_push,
    note_answer,
    note_asked,
    note_hint,
    save_push,
)

log = structlog.get_logger()

PATH = "push"
#: A confirmed subscription is renewed so long before its end.
AHEAD = timedelta(days=1)
#: A hub that did not confirm is asked again so much later.
PATIENCE = timedelta(hours=6)
#: Hints that come faster than this are one.
QUIET = timedelta(seconds=1)


def note_hub(tx: Tx, source: str, hub: Hub | None) -> None:
    """Remembers whom a source names as its hub; one that is known stays as it is."""
    known = find_push(tx, source)
    if hub is None or (known and known.topic == hub.topic and known.hub in hub.hubs):
        return
    one = Push(
        source=source,
        hub=hub.hubs[0],
        topic=hub.topic,
        token=secrets.token_urlsafe(24),
        secret=secrets.token_urlsafe(32),
    )
    save_push(tx, one)


def is_due(one: Push, *, now: datetime) -> bool:
    """Whether the hub is to be asked: never asked, not confirmed for long, or about to end."""
    if one.asked_at is None:
        return True
    is_ending = one.ends_at is None or one.ends_at <= now + AHEAD
    return is_ending and one.asked_at <= now - PATIENCE


def ask_hub(store: Store, source: SourceSettings, fetcher: Fetcher, *, public_url: str, now: datetime) -> str | None:
    """Asks a source's hub, if that is due, to tell us of changes; gives what went wrong, in words.

    `fetcher` is the source's own guarded client: its `private_hosts` hold, and no other source's.
    """
    with store.read() as tx:
        one = find_push(tx, source.id)
    if one is None or not is_due(one, now=now):
        return None
    try:
        is_near = bool({urlsplit(one.hub).netloc, urlsplit(one.hub).hostname} & source.private_hosts)
        form = subscription_form(subscription_of(one, public_url), is_near=is_near)
        answer = fetcher.post_form(one.hub, form)
        is_taken = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
        fault = None if is_taken else f"its hub {one.hub} answered {answer.status} to our asking"
    except (FetchError, ValueError) as error:
        fault = f"its hub cannot be asked: {error}"
    with store.begin() as tx:
        note_asked(tx, source.id, now=now, note=fault)
    log.info("push.asked", source=source.id, hub=one.hub, fault=fault)
    return fault


def answer_hub(store: Store, token: str, query: str, *, public_url: str, now: datetime) -> Answer:
    """What to answer when a hub asks whether we meant it."""
    with store.begin() as tx:
        one = find_by_token(tx, token)
        asked = subscription_of(one, public_url) if one else None
        answer = answer_intent(dict(parse_qsl(query)), asked, now=now)
        match answer:
            case Confirmed():
                note_answer(tx, one.source if one else "", ends_at=answer.ends_at, note=None)
            case Denied():
                note_answer(tx, one.source if one else "", ends_at=None, note=f"its hub will not: {answer.why}")
            case NotOurs():
                pass
            case _:
                assert_never(answer)
    log.info("push.confirmed", source=one.source if one else None, answer=type(answer).__name__)
    return answer


def take_push(store: Store, token: str, body: bytes, signature: str, *, now: datetime) -> bool:
    """Takes what a hub sends as a hint to fetch now, if the hub signed it; gives whether our address is known."""
    with store.read() as tx:
        one = find_by_token(tx, token)
    if one is None:
        return False
    if not is_from_hub(body, signature, one.secret):
        log.warning("push.not_signed", source=one.source)
        return True
    if one.hinted_at is None or one.hinted_at <= now - QUIET:
        with store.begin() as tx:  # the visit may wait a little, the hint is kept
            note_hint(tx, one.source, now=now)
    return True


def subscription_of(one: Push, public_url: str) -> Subscription:
    """What is asked of a hub."""
    callback = f"{public_url.rstrip('/')}/{PATH}/{one.token}"
    return Subscription(hub=one.hub, topic=one.topic, callback=callback, secret=one.secret)
