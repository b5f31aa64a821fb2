"""A house whose provider answers as told, for what no server on a socket can be made to do at will."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from publisher.deliver.provider import one_for_all
from publisher.model.delivery import (
    Accepted,
    Attempt,
    Batch,
    DeliveryState,
    Limits,
    NotBegun,
    NotSent,
    Outcome,
    Outcomes,
    Packing,
    RenderedBatch,
    Settled,
    Unclear,
)
from publisher.model.edition import EditionState
from publisher.store import batches, ledger
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.house import House

LOST = Unclear(words="no answer")


class ScriptedProvider:
    """A provider that answers as told and keeps a log of what it took; it honours the contract of `Provider`."""

    account = "scripted one"

    def __init__(self) -> None:
        self.limits = Limits(
            recipients=10,
            packing=Packing.SHARED,
            deadline=timedelta(seconds=60),
            concurrency=1,
            can_settle=True,
            settle_after=timedelta(minutes=30),
        )
        self.answers: list[Outcome | Mapping[str, Outcome]] = []  #: by address where they differ
        self.judge: Callable[[RenderedBatch], Outcome] = lambda _: Accepted()  #: when no answer is left
        self.before_begin: list[Callable[[], object]] = []  #: what happens in the world meanwhile, a call each
        self.begun: list[RenderedBatch] = []
        self.taken: list[tuple[str, ...]] = []
        self.log: dict[str, datetime] = {}  #: attempt id, and when it was taken
        self.on_settle: list[Callable[[], object]] = []
        self.now: Callable[[], datetime] = lambda: FRIDAY

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """The next scripted answer."""
        if self.before_begin:
            self.before_begin.pop(0)()
        if not begin():
            return one_for_all(batch, NotBegun())
        self.begun.append(batch)
        answer = self.answers.pop(0) if self.answers else self.judge(batch)
        if isinstance(answer, Mapping):
            return {one.subscriber: answer[one.address] for one in batch.recipients}
        if isinstance(answer, Accepted):
            self.take(batch)
        return one_for_all(batch, answer)

    def take(self, batch: RenderedBatch) -> None:
        """Accepts a batch into the log."""
        self.taken.append(tuple(one.address for one in batch.recipients))
        self.log[batch.attempt_id] = self.now()

    def settle(self, attempt: Attempt, *, now: datetime) -> Settled:
        """Found, absent with something later in the log, or neither."""
        if self.on_settle:
            self.on_settle.pop(0)()
        if attempt.attempt_id in self.log:
            return Accepted()
        if any(at > attempt.over_at for at in self.log.values()):
            return NotSent(words="not in the log, which shows later messages")
        return Unclear(words=f"not in the log at {now}")

    def stop(self, *, within: timedelta) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""


class Scripted(House):
    """A house whose provider is scripted."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store, folder)
        self.provider = ScriptedProvider()
        self.use(self.provider)

    def use(self, provider: ScriptedProvider) -> None:
        """Sends through this provider from now on, as after a change of the configuration."""
        self.provider = provider
        provider.now = self.clock.now
        self.publisher.__dict__["provider"] = provider
        self.publisher.__dict__["mailer"] = replace(self.publisher.mailer, provider=provider)

    def limit(self, **changes: Any) -> None:  # noqa: ANN401 - fields of the limits
        """Changes what the provider can take."""
        self.provider.limits = replace(self.provider.limits, **changes)

    def send(self, number: int) -> EditionState:
        """Sends and gives the state."""
        return self.publisher.send(number, by_hand=True).state

    def batches(self, number: int) -> list[Batch]:
        """The batches of an edition."""
        with self.store.read() as tx:
            return batches.list_batches(tx, number)

    def fates(self, email: str) -> list[tuple[DeliveryState, str | None]]:
        """What the ledger says of one reader's copies, with the reason or the provider's words, newest first."""
        from publisher.store import subscribers

        with self.store.read() as tx:
            reader = subscribers.find_subscriptions(tx, email)[0].subscriber
            return [(one.state, one.left_out or one.words) for one in ledger.list_stories(tx, reader)]
