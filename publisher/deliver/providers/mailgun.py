"""Mailgun: one call for up to 1,000 readers, one body with holes that Mailgun fills (`docs/providers/mailgun.md`).

A call is taken whole or not at all, and answered with one id. There is no idempotency key: a lost answer is settled
by the event log (`mailgun_log.py`), where every event carries the attempt's id.
"""

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

from publisher.deliver.provider import ProviderConfig, one_for_all, unfit_addresses
from publisher.deliver.providers.http import Answer, HttpClient, Request
from publisher.deliver.providers.mailgun_form import build_form
from publisher.deliver.providers.mailgun_log import search_log
from publisher.model.delivery import (
    Accepted,
    Attempt,
    Blame,
    Limits,
    NotBegun,
    NotNow,
    Outcome,
    Outcomes,
    Packing,
    Refused,
    RenderedBatch,
    Settled,
    Unclear,
)
from publisher.model.errors import ConfigurationError

US_URL = "https://api.mailgun.net"
MOST_RECIPIENTS = 1000
DEADLINE = timedelta(seconds=60)
INDEX_DELAY = timedelta(minutes=30)  #: events reach the log out of order; a page is whole when it is this old
LONGEST_PAGE = 16_000_000  #: 300 events, each with all the headers that the message had
WAIT_WITHOUT_WORD = timedelta(seconds=60)
LONGEST_WAIT = timedelta(days=1)
#: No 5xx is here: Mailgun documents no body of one that would say "not taken". A redirect is not followed: a wrong URL.
REFUSALS = dict.fromkeys((301, 307, 308, 401, 402, 403, 404), Blame.ACCOUNT) | dict.fromkeys(
    (400, 413, 422), Blame.REQUEST
)
TRIES = 3  #: of asking the log
#: "try again after Mon, 20 Dec 2021 20:33:21 UTC" is the older wording, "try again after 120 seconds" the newer.
TRY_AFTER = re.compile(r"try again after (?:(?P<seconds>\d{1,7}) sec|(?P<date>\w{3}, \d.{18,28}))", re.IGNORECASE)


class Mailgun:
    """One sending domain at Mailgun, and the connections to it."""

    def __init__(self, *, url: str, domain: str, api_key: Callable[[], str], limits: Limits) -> None:
        self.limits = limits
        # A `/` in the domain would make another path of it, which Mailgun answers with a friendly 200.
        self._path = f"/v3/{quote(domain, safe='')}"
        self._api_key = api_key
        self._mail = HttpClient(url, deadline=limits.deadline)
        self._log = HttpClient(url, deadline=limits.deadline, longest_answer=LONGEST_PAGE)
        self.account = f"mailgun {self._mail.authority} {domain}"

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """One call; its one answer is everybody's, but for an address that a refusal names."""
        if unfit := unfit_addresses(batch):
            return unfit
        if len(batch.recipients) > self.limits.recipients:
            raise ValueError(f"{len(batch.recipients)} readers in a call of at most {self.limits.recipients}")
        content_type, body = build_form(batch)
        try:
            headers = {"Authorization": self._authorization(), "Content-Type": content_type}
        except ConfigurationError as error:
            return one_for_all(batch, Refused(blame=Blame.ACCOUNT, words=str(error)))
        request = Request(method="POST", target=f"{self._path}/messages", headers=headers, body=body)
        answer = self._mail.exchange(request, begin=begin)
        return read_answer(batch, answer) if isinstance(answer, Answer) else one_for_all(batch, answer)

    def settle(self, attempt: Attempt, *, now: datetime) -> Settled:
        """Looks through the event log from before the attempt on; one event of it proves the whole call."""
        try:
            headers = {"Authorization": self._authorization()}
        except ConfigurationError as error:
            return Unclear(words=str(error))

        def fetch_page(target: str) -> Answer | Unclear:
            return fetch(self._log, Request(method="GET", target=target, headers=headers))

        return search_log(attempt, now=now, events_path=f"{self._path}/events", fetch_page=fetch_page)

    def stop(self, *, within: timedelta) -> None:
        """Ends open calls after this long."""
        for client in (self._mail, self._log):
            client.watch.stop(within=within.total_seconds())

    def close(self) -> None:
        """Lets all connections go."""
        self._mail.close()
        self._log.close()

    def _authorization(self) -> str:
        return "Basic " + base64.b64encode(f"api:{self._api_key()}".encode()).decode()


def make(config: ProviderConfig) -> Mailgun:
    """Mailgun from its configuration."""
    if not config.domain:
        raise ConfigurationError(
            ["config/newsroom.toml: provider.domain is missing; name the domain that you send from"]
        )
    limits = Limits(
        recipients=min(config.max_batch or MOST_RECIPIENTS, MOST_RECIPIENTS),
        packing=Packing.SHARED,
        deadline=DEADLINE,
        concurrency=config.concurrency or 8,
        can_settle=True,
        settle_after=INDEX_DELAY if config.settle_after is None else config.settle_after,
    )
    return Mailgun(url=config.url or US_URL, domain=config.domain, api_key=config.api_key, limits=limits)


def read_answer(batch: RenderedBatch, answer: Answer) -> Outcomes:
    """The outcome for each reader, by the classes of answers."""
    if answer.status in {400, 413, 422} and (named := find_named(batch, answer.words())):
        refused = Refused(blame=Blame.ADDRESS, words=answer.words())
        others = NotNow(words=f"the whole call was refused for another reader's address: {answer.status}")
        return {r.subscriber: refused if r.subscriber in named else others for r in batch.recipients}
    return one_for_all(batch, judge(answer))


def judge(answer: Answer) -> Outcome:
    """What an answer means for the call; whatever is not known for certain is unclear."""
    words = answer.words()
    if answer.status == 200:  # noqa: PLR2004 - OK
        provider_id = (answer.json_object() or {}).get("id")
        if isinstance(provider_id, str) and provider_id:
            return Accepted(provider_id=provider_id)
        # A wrong path is answered "200 Mailgun Magnificent API", and nothing was taken; but that is not known here.
        return Unclear(words=f"answered without an id; are provider.url and provider.domain right? {words}")
    if blame := REFUSALS.get(answer.status):
        cure = "; is provider.api_key right?" if answer.status == 401 else ""  # noqa: PLR2004 - Unauthorized
        return Refused(blame=blame, words=f"{words}{cure}")
    if answer.status == 429:  # noqa: PLR2004 - Too Many Requests
        return NotNow(words=words, wait=read_wait(answer))
    return Unclear(words=words)


def read_wait(answer: Answer) -> timedelta:
    """How long a 429 asks to wait: the header, else either wording of the message; a second to a day."""
    found = TRY_AFTER.search(answer.words())
    wait = answer.retry_after()
    if wait is None and found:
        wait = timedelta(seconds=int(found["seconds"])) if found["seconds"] else answer.time_until(found["date"])
    return min(max(WAIT_WITHOUT_WORD if wait is None else wait, timedelta(seconds=1)), LONGEST_WAIT)


def find_named(batch: RenderedBatch, words: str) -> frozenset[int]:
    """The readers whose whole address stands in an answer; a part of a longer one is nobody's."""
    low = words.lower()
    near = [r for r in batch.recipients if r.address.lower() in low]
    return frozenset(
        r.subscriber for r in near if re.search(rf"(?<![\w.+-]){re.escape(r.address.lower())}(?![\w-]|\.\w)", low)
    )


def fetch(client: HttpClient, request: Request) -> Answer | Unclear:
    """Reads with a few tries: asking changes nothing."""
    words = ""
    for _ in range(TRIES):
        answer = client.exchange(request, begin=lambda: True)
        if isinstance(answer, Answer):
            return answer
        words = answer.words if not isinstance(answer, NotBegun) else ""
    return Unclear(words=f"the event log could not be asked: {words}")
