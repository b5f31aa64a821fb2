"""Control messages: one mail to our own mailbox, in the proofs' name space, that tells what the provider does now.

Two questions use it: is it the content that a provider refuses, or an address (R9); and does the provider's log show
what came in after an attempt whose answer was lost (R4).
"""

from dataclasses import replace
from enum import Enum, auto

from publisher.deliver.mailer import Content, Mailer
from publisher.model.delivery import Accepted, NotNow, Recipient, RenderedBatch, Unclear
from publisher.model.edition import Letter
from publisher.model.subscriber import Reader
from publisher.store import proofs

#: Of all control messages: letters only, one for the whole account.
CONTROL_TAG = "control"
NOBODY = bytes(16)  # a public id that no reader has


class Verdict(Enum):
    """What a control message met."""

    PASSED = auto()
    FAILED = auto()
    UNSURE = auto()  # not now, or no answer: says nothing


def send_control(mailer: Mailer, content: Content, variant: int) -> Verdict:
    """Sends the same content to our own mailbox, once."""
    letter = content.letters[variant]
    outcome = send_apart(mailer, content, letter, mailer.mailbox, tag=CONTROL_TAG)
    if isinstance(outcome, Accepted):
        return Verdict.PASSED
    return Verdict.UNSURE if isinstance(outcome, (NotNow, Unclear)) else Verdict.FAILED


def send_apart(mailer: Mailer, content: Content, letter: Letter, address: str, *, tag: str) -> object:
    """Sends one message outside the ledger: its own tag, its own number, nobody's delivery. Gives the outcome."""
    now = mailer.clock.now()
    with mailer.store.begin() as tx:
        number = proofs.add_proof(tx, content.edition.id, now=now)
    reader = Reader(id=0, public_id=NOBODY, address=address, since=now)
    holes = mailer.holes(content.facts)(reader, letter.language)
    recipient = Recipient(subscriber=0, address=address, variant=letter.variant, holes=holes)
    batch = RenderedBatch(
        batch=0,
        attempt=number,
        attempt_id=f"{mailer.store_id}p{number}",
        envelope=replace(content.envelope, tag=tag),
        letters={letter.variant: letter},
        recipients=(recipient,),
    )
    outcome = mailer.provider.send(batch, begin=lambda: True)[0]
    with mailer.store.begin() as tx:
        proofs.end_proof(tx, number, type(outcome).__name__)
    return outcome
