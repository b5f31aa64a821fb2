"""Sends the notices that wait for partners, each once: a message of its own, nothing of any edition (R24).

    waiting ─► begin(): last look and mark `writing`, durable ─► first byte ─► answer ─► sent | refused | waiting
                                                                    │
                                                          lost: unknown, and nobody sends it again by itself

The mark at the provider is `{store id}n{notice}t{try}`, the tag `notice`: no batch and no proof has such names.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

import structlog

from publisher.deliver.mailer import Mailer
from publisher.model.delivery import (
    Accepted,
    Blame,
    Envelope,
    NotBegun,
    NotNow,
    Outcome,
    Recipient,
    Refused,
    RenderedBatch,
    Unclear,
)
from publisher.model.edition import Hole, Letter
from publisher.store import notices
from publisher.store.batches import WRITE_MARGIN
from publisher.store.notices import Notice, NoticeState

log = structlog.get_logger()

#: Of all notices: editions' tags end with their slot, so that none is called so.
TAG = "notice"
#: After an answer about the account (key, plan, domain) somebody has to mend it first.
WAIT_FOR_MENDING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """In whose name notices go."""

    mailbox: str  #: `Example Observatory <digest@mail.example.org>`
    reply_to: str | None = None

    @property
    def host(self) -> str:
        """The domain of the address: that of Message-IDs."""
        return self.mailbox.rpartition("@")[2].strip(" >")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeResult:
    """How one notice went."""

    notice: Notice
    state: NoticeState
    words: str = ""  #: why it is not sent, or not known to be


Write = Callable[[Notice], Letter]


def send_notices(mailer: Mailer, sender: Sender, write: Write) -> list[NoticeResult]:
    """Sends what waits, one after the other, and gives how each went; ends early when the provider says not now.

    Safe to repeat, and by several processes at once: whoever marks a notice first has it.
    """
    now = mailer.clock.now()
    with mailer.store.begin() as tx:
        notices.give_up_lost(tx, begun_before=now - mailer.provider.limits.deadline - WRITE_MARGIN)
        notices.drop_overtaken(tx)
        waiting = notices.list_waiting(tx, now=now)
    results = []
    for notice in waiting:
        result, goes_on = send_notice(mailer, sender, notice, write)
        results += [result] if result else []
        if not goes_on:
            break
    return results


def send_notice(mailer: Mailer, sender: Sender, notice: Notice, write: Write) -> tuple[NoticeResult | None, bool]:
    """Sends one; gives how it went (None: another sender has it), and whether the next can be tried."""
    begun: list[bool] = []

    def begin() -> bool:
        with mailer.store.begin() as tx:
            begun.append(notices.begin_notice(tx, notice, now=mailer.clock.now()))
        return begun[-1]

    try:
        batch = render_notice(mailer, sender, notice, write(notice))
        outcome: Outcome = mailer.provider.send(batch, begin=begin)[0]
    except ValueError as error:  # it cannot be built, today or tomorrow
        log.exception("notice.not_built", notice=notice.id)
        outcome = Refused(blame=Blame.REQUEST, words=f"it cannot be built: {error}")
    result = record(mailer, notice, outcome, tries=notice.tries + any(begun))
    if result:
        log.info("notice.ended", notice=notice.id, article=notice.article, state=result.state)
    goes_on = not isinstance(outcome, NotNow) and not (isinstance(outcome, Refused) and outcome.blame is Blame.ACCOUNT)
    return result, goes_on


def render_notice(mailer: Mailer, sender: Sender, notice: Notice, letter: Letter) -> RenderedBatch:
    """The request of one notice; every try of it has the same Message-ID and date."""
    attempt_id = f"{mailer.store_id}n{notice.id}t{notice.tries + 1}"
    headers = (("Reply-To", sender.reply_to), ("Auto-Submitted", "auto-generated"))
    envelope = Envelope(
        sender=sender.mailbox,
        headers=tuple((name, value) for name, value in headers if value),
        date=notice.made_at,
        tag=TAG,
        # a notice has nothing personal to put in; a mark has to be there, and in no text
        mark=hashlib.sha256(attempt_id.encode()).hexdigest()[:16],
    )
    message_id = f"n{notice.id}.{mailer.store_id}@{sender.host}"
    recipient = Recipient(
        subscriber=0, address=notice.email or "", variant=letter.variant, holes={Hole.MESSAGE_ID: message_id}
    )
    return RenderedBatch(
        batch=0,
        attempt=notice.tries + 1,
        attempt_id=attempt_id,
        envelope=envelope,
        letters={letter.variant: letter},
        recipients=(recipient,),
    )


def record(mailer: Mailer, notice: Notice, outcome: Outcome, *, tries: int) -> NoticeResult | None:
    """Writes down what was answered to this try."""
    match outcome:
        case NotBegun():
            return None
        case Accepted():
            return end(mailer, notice, tries, NoticeState.SENT)
        case Unclear():  # it may have gone: never again by itself
            return end(mailer, notice, tries, NoticeState.UNKNOWN, f"the answer was lost: {outcome.words}")
        case Refused(blame=Blame.ACCOUNT):  # nothing is the matter with the notice
            return wait(mailer, notice, tries, outcome.words, WAIT_FOR_MENDING)
        case Refused():
            return end(mailer, notice, tries, NoticeState.REFUSED, outcome.words)
        case NotNow():
            return wait(mailer, notice, tries, outcome.words, outcome.wait)
        case _:
            assert_never(outcome)


def end(mailer: Mailer, notice: Notice, tries: int, state: NoticeState, words: str = "") -> NoticeResult:
    """Ends a try, for good or until a person decides."""
    with mailer.store.begin() as tx:
        notices.end_notice(tx, notice.id, tries, state, error=words or None, now=mailer.clock.now())
    return NoticeResult(notice=notice, state=state, words=words)


def wait(mailer: Mailer, notice: Notice, tries: int, words: str, span: timedelta) -> NoticeResult:
    """Puts a notice off that was clearly not taken."""
    with mailer.store.begin() as tx:
        notices.put_off(tx, notice.id, tries, error=words, until=mailer.clock.now() + span)
    return NoticeResult(notice=notice, state=NoticeState.WAITING, words=words)
