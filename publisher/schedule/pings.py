"""Telling the hubs of our feeds what changed (WebSub): after the build, beside everything else, each hub by itself.

    the build records a feed's new bytes, and the pings, in one transaction ─► the next look tells each hub ─► settled

Nobody waits for a hub: not the build, not gathering, not another hub. What it did not take is owed until it does, or
for two days; so nothing is lost when the process ends in between.
"""

from dataclasses import dataclass
from functools import partial
from typing import assert_never
from urllib.parse import urlsplit

import structlog

from publisher.assembly import Publisher
from publisher.deliver.send import Stop
from publisher.gather.fetching.fetch import Fetcher, FetchError, Limits, RefusedAddressError
from publisher.schedule.jobs import Jobs
from publisher.settings import NewsroomSettings
from publisher.store.pings import (
    Ping,
    claim_ping,
    drop_hub,
    drop_ping,
    forget_told,
    list_owed,
    repeat_ping,
    settle_ping,
)
from publisher.syndicate.hubs import NotNow, Refused, Told, Verdict, judge_answer, ping_form

log = structlog.get_logger()

#: A hub only has to take note. With the connections that are opened it ends well within the lease of a ping.
LIMITS = Limits(read_seconds=10.0, total_seconds=15.0)
WEB_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class HubReport:
    """What one hub was told."""

    hub: str
    told: int  #: feeds
    error: str | None  #: why it was not told of all of them, in words


def start_pings(publisher: Publisher, jobs: Jobs, stop: Stop) -> None:
    """Starts a job for each hub that is to be told something now."""
    now = publisher.now()
    with publisher.store.read() as tx:
        due = [one.hub for one in list_owed(tx) if one.due_at <= now]
    for hub in due:
        jobs.run(f"pings:{hub}", partial(work_hub, publisher, hub, stop))


def work_hub(publisher: Publisher, hub: str, stop: Stop) -> None:
    """Tells one hub, as a job."""
    tell_hub(publisher, hub, stop)


def tell_hubs(publisher: Publisher) -> list[HubReport]:
    """Tells every hub what is due, and gives how that went; what a hub did not take stays owed."""
    now = publisher.now()
    with publisher.store.read() as tx:
        owed = list_owed(tx)
    waiting = [HubReport(hub=one.hub, told=0, error=one.error) for one in owed if one.due_at > now and one.error]
    return [tell_hub(publisher, one.hub, Stop()) for one in owed if one.due_at <= now] + waiting


def tell_hub(publisher: Publisher, hub: str, stop: Stop) -> HubReport:
    """Tells one hub of each feed that is due; the first that it cannot take now puts the others off too."""
    if hub not in publisher.settings.feeds.hub:
        with publisher.store.begin() as tx:
            count = drop_hub(tx, hub)
        log.info("pings.dropped", hub=hub, topics=count, why="it is not in feeds.hub any more")
        return HubReport(hub=hub, told=0, error=None)
    told, error = 0, None
    with hub_client(hub, publisher.settings.newsroom) as client:
        while not stop() and (one := next_ping(publisher, hub)):
            verdict = ask_hub(client, one)
            settle(publisher, one, verdict)
            if isinstance(verdict, Told):
                told += 1
            else:
                error = verdict.why
    with publisher.store.begin() as tx:
        forget_told(tx, hub, now=publisher.now())
    log.info("pings.sent", hub=hub, topics=told, error=error)
    return HubReport(hub=hub, told=told, error=error)


def hub_client(hub: str, newsroom: NewsroomSettings) -> Fetcher:
    """The guarded client for one hub. The newsroom named it, so its host and port are trusted; no redirect is."""
    parts = urlsplit(hub)
    place = f"{parts.hostname}:{parts.port or WEB_PORTS[parts.scheme]}"
    agent = f"newsroom-publisher (+{newsroom.url}; {newsroom.contact})".encode("ascii", "ignore").decode()
    return Fetcher(agent, private_hosts=frozenset({place}), source_url=hub, limits=LIMITS)


def next_ping(publisher: Publisher, hub: str) -> Ping | None:
    """Takes the next ping that is due; another process takes another one."""
    with publisher.store.begin() as tx:
        return claim_ping(tx, hub, now=publisher.now())


def ask_hub(client: Fetcher, one: Ping) -> Verdict:
    """Tells a hub of one feed. No transaction is open meanwhile."""
    try:
        answer = client.post_form(one.hub, ping_form(one.topic))
    except RefusedAddressError as error:
        return Refused(why=str(error))
    except FetchError as error:
        return judge_answer(error.status, str(error), tries=one.tries, retry_after=error.retry_after)
    return judge_answer(answer.status, f"{one.hub}: answered {answer.status}", tries=one.tries)


def settle(publisher: Publisher, one: Ping, verdict: Verdict) -> None:
    """Writes down what became of a ping."""
    now = publisher.now()
    with publisher.store.begin() as tx:
        match verdict:
            case Told():
                settle_ping(tx, one, now=now)
            case Refused():
                drop_ping(tx, one)
                log.warning("ping.refused", hub=one.hub, topic=one.topic, why=verdict.why)
            case NotNow():
                dropped = repeat_ping(tx, one, wait=verdict.wait, why=verdict.why, now=now)
                if dropped:
                    log.warning("pings.dropped", hub=one.hub, topics=len(dropped), why=verdict.why)
            case _:
                assert_never(verdict)
