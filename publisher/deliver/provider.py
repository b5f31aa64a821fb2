"""What a mail provider is to us: the contract that every adapter keeps, and what an adapter is made from.

    render ──► send: fit? ──► connect ──► begin() ──► first byte ... last byte ──► answer
                 │              │           │                  │                     │
              Refused         NotNow     NotBegun           Unclear      Accepted, Refused, NotNow, Unclear

What went wrong before the first byte is clear: nothing was taken. What went wrong after it is not, and is never
guessed at (R1). `tests/deliver/providers/test_contract.py` runs over the whole table of adapters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from publisher.model.delivery import (
    Attempt,
    Blame,
    Limits,
    NotNow,
    Outcome,
    Outcomes,
    Refused,
    RenderedBatch,
    Settled,
)

#: RFC 5322 section 3.4.1, the dot-atom form in ASCII: no quoted local part, no comment, no name, no list (R13).
BARE_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]*")
LONGEST_ADDRESS = 254  #: RFC 5321 section 4.5.3.1.3, less the angle brackets


class Provider(Protocol):
    """A mail provider. Methods return what was answered and raise only for our own mistakes; threads may share one."""

    @property
    def limits(self) -> Limits:
        """What one request may hold, how long it may take, and whether the log can be asked."""
        ...

    @property
    def account(self) -> str:
        """Where an attempt belongs and is settled, in words: kind, host, domain or user; never a secret (R5)."""
        ...

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """Hands over one request and gives an outcome for every recipient.

        `begin` marks the attempt `writing`. It is called at most once, on a connection that is open, with the request
        built, just before the first byte; false, and nothing is written (`NotBegun`). After it there is no second
        connection and no second try; the exchange ends within `limits.deadline` of it, by a clock that counts suspend.
        A batch that does not fit the limits, or whose message cannot be built, raises `ValueError`.
        """
        ...

    def settle(self, attempt: Attempt, *, now: datetime) -> Settled:
        """Asks the provider what became of an attempt; changes nothing there, may be repeated.

        `NotSent` only where the log shows something of ours accepted later than the attempt (R4). That the attempt can
        be in flight no more, and that the log had time to catch up (`limits.settle_after`), the caller has to know.
        """
        ...

    def stop(self, *, within: timedelta) -> None:
        """Gives open exchanges this long and then ends them; new ones are not begun (`NotNow`)."""
        ...

    def close(self) -> None:
        """Lets all connections go; nothing is sent afterwards."""
        ...


def no_secret() -> str:
    """Stands where a provider needs no secret."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfig:
    """What an adapter is made from: the settings' `[provider]`, with secrets as functions, looked up when used."""

    kind: str
    url: str | None = None
    domain: str | None = None
    host: str | None = None
    port: int | None = None
    user: str | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    max_batch: int | None = None
    settle_after: timedelta | None = None
    concurrency: int | None = None
    folder: Path | None = None  #: of the outbox
    api_key: Callable[[], str] = no_secret
    password: Callable[[], str] = no_secret


ProviderFactory = Callable[[ProviderConfig], Provider]


def one_for_all(batch: RenderedBatch, outcome: Outcome) -> Outcomes:
    """The same outcome for every reader of the batch."""
    return {recipient.subscriber: outcome for recipient in batch.recipients}


def unfit_addresses(batch: RenderedBatch) -> Outcomes:
    """What to answer, unsent, when the batch holds an address that no provider may see; empty when all are fit.

    A value rather than an error: one such row must not stop the others, who may go at once in a new batch.
    """
    unfit = {r.subscriber for r in batch.recipients if not is_bare(r.address)}
    if not unfit:
        return {}
    refused = Refused(blame=Blame.ADDRESS, words="not a bare address of ASCII letters; correct it or take it out")
    others = NotNow(words="another address of the same request was not fit; nothing was sent")
    return {r.subscriber: refused if r.subscriber in unfit else others for r in batch.recipients}


def is_bare(address: str) -> bool:
    """One address and nothing else: what cannot be read as two, as a header or as a command."""
    return len(address) <= LONGEST_ADDRESS and BARE_ADDRESS.fullmatch(address) is not None
