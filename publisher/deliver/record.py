"""Writes down what a provider answered: each outcome has one consequence, in one transaction.

accepted → accepted          not now → ready again after the wait      unclear → unknown
account refused → ready again, the edition halts with the provider's words, nothing is burnt
address refused → that reader is rejected by name, the others move to a new batch
request refused → one control message to our own mailbox decides: passes → split, fails → halt (R9)
"""

import structlog

from publisher.deliver.control import Verdict, send_control
from publisher.deliver.mailer import Claim, Content, Mailer
from publisher.model.delivery import (
    Accepted,
    Blame,
    NotBegun,
    NotNow,
    Outcome,
    Outcomes,
    Refused,
    Unclear,
)
from publisher.model.edition import EditionState, SlotOutcome
from publisher.store import batches, editions, slots
from publisher.store.batches import Ending
from publisher.store.engine import Tx

log = structlog.get_logger()


def record_outcomes(mailer: Mailer, content: Content, claim: Claim, outcomes: Outcomes) -> None:
    """Writes down one answer. A whole request that was refused, address unnamed, costs a control message first."""
    batch = claim.batch
    outcome = gravest(outcomes)
    log.info("batch.answered", edition=batch.edition, batch=batch.id, attempt=batch.attempt, answer=name_of(outcome))
    if isinstance(outcome, Refused) and outcome.blame is Blame.REQUEST:
        verdict = send_control(mailer, content, claim.readers[0][1])
        with mailer.store.begin() as tx:
            end(tx, mailer, claim, outcome)
            judge_request(tx, mailer, claim, outcome, verdict)
        return
    with mailer.store.begin() as tx:
        end(tx, mailer, claim, outcome)
        apply_outcome(tx, mailer, claim, outcome, outcomes)


def gravest(outcomes: Outcomes) -> Outcome:
    """The outcome that decides for the batch: doubt before everything, a named address before "not now"."""
    ranks = (Unclear, Refused, NotBegun, NotNow, Accepted)
    return min(outcomes.values(), key=lambda outcome: ranks.index(type(outcome)))


def name_of(outcome: Outcome) -> str:
    """An outcome's name in the log and in the attempt's row."""
    match outcome:
        case Accepted():
            return "accepted"
        case Refused():
            return "refused"
        case NotNow():
            return "not_now"
        case Unclear():
            return "unclear"
        case NotBegun():
            return "not_begun"


def words_of(outcome: Outcome) -> str:
    """The provider's words, where it said any."""
    return "" if isinstance(outcome, (Accepted, NotBegun)) else outcome.words


def end(tx: Tx, mailer: Mailer, claim: Claim, outcome: Outcome) -> None:
    """Ends the attempt's own row."""
    provider_id = outcome.provider_id if isinstance(outcome, Accepted) else ""
    ending = Ending(outcome=name_of(outcome), words=words_of(outcome), provider_id=provider_id)
    batches.end_attempt(tx, claim.batch.id, claim.batch.attempt, ending, now=mailer.clock.now())


def apply_outcome(tx: Tx, mailer: Mailer, claim: Claim, outcome: Outcome, outcomes: Outcomes) -> None:
    """What one outcome does to its batch and edition."""
    number, attempt, moved = claim.batch.id, claim.batch.attempt, True
    match outcome:
        case Accepted():
            moved = batches.accept(tx, number, attempt, words="accepted")
        case Unclear():
            moved = batches.doubt(tx, number, attempt, words=outcome.words)
        case NotNow():
            again = mailer.clock.now() + outcome.wait
            moved = batches.make_ready(tx, number, attempt, words=outcome.words, not_before=again)
        case NotBegun():
            batches.release_claim(tx, claim.batch)
            halt_if_withdrawn(tx, claim.batch.edition)
            return
        case Refused():
            moved = refuse(tx, claim, outcome, outcomes)
    if not moved:  # settled by somebody meanwhile: the attempt's row keeps the late answer as evidence
        log.warning("batch.answered_late", batch=number, attempt=attempt, answer=name_of(outcome))


def refuse(tx: Tx, claim: Claim, outcome: Refused, outcomes: Outcomes) -> bool:
    """A refusal of some addresses takes those out; one of the account halts the edition and burns nothing."""
    if outcome.blame is Blame.ADDRESS:
        return take_out_refused(tx, claim, outcomes)
    halt(tx, claim.batch.edition, outcome.words)
    return batches.make_ready(tx, claim.batch.id, claim.batch.attempt, words=outcome.words, not_before=None)


def take_out_refused(tx: Tx, claim: Claim, outcomes: Outcomes) -> bool:
    """Rejects the readers whose address the provider named, and moves the others to a new batch."""
    refused = {reader: one.words for reader, one in outcomes.items() if isinstance(one, Refused)}
    others = [reader.id for reader, _ in claim.readers if reader.id not in refused]
    if len(claim.readers) == 1:
        words = next(iter(refused.values()))
        return batches.reject(tx, claim.batch.id, claim.batch.attempt, words=words)
    words = f"{len(refused)} of its addresses were refused"
    return batches.split_batch(tx, claim.batch, [others] if others else [], words=words, refused=refused)


def judge_request(tx: Tx, mailer: Mailer, claim: Claim, outcome: Refused, verdict: Verdict) -> None:
    """What a control message says of a refused request: an address in it is at fault, or all that we send."""
    number, attempt, readers = claim.batch.id, claim.batch.attempt, [reader.id for reader, _ in claim.readers]
    has_budget = batches.count_splits(tx, claim.batch.edition) < batches.SPLIT_BUDGET
    if verdict is Verdict.PASSED and len(readers) == 1:
        batches.reject(tx, number, attempt, words=outcome.words)
    elif verdict is Verdict.PASSED and has_budget:
        half = len(readers) // 2
        batches.split_batch(tx, claim.batch, [readers[:half], readers[half:]], words=outcome.words, refused={})
    elif verdict is Verdict.UNSURE:
        wait = mailer.clock.now() + mailer.provider.limits.deadline
        batches.make_ready(tx, number, attempt, words=outcome.words, not_before=wait)
    else:
        batches.make_ready(tx, number, attempt, words=outcome.words, not_before=None)
        halt(tx, claim.batch.edition, outcome.words)


def halt_unbuilt(mailer: Mailer, claim: Claim, words: str) -> None:
    """Gives back a batch whose messages cannot be built, and stops its edition: nothing was sent."""
    with mailer.store.begin() as tx:
        batches.release_claim(tx, claim.batch)
        halt(tx, claim.batch.edition, f"its messages cannot be built: {words}")


def halt(tx: Tx, edition: int, words: str) -> None:
    """Stops an edition with the provider's words; `publisher resume` goes on once the cause is mended."""
    if editions.move_edition(tx, edition, to=EditionState.HALTED, among=[EditionState.SENDING], reason=words):
        slots.close_slot(tx, edition, SlotOutcome.HALTED, words)
        log.error("edition.halted", edition=edition, words=words)


def halt_if_withdrawn(tx: Tx, edition: int) -> None:
    """Stops an edition that holds an article which was withdrawn after the freeze."""
    withdrawn = batches.withdrawn_items(tx, edition)
    if withdrawn:
        named = ", ".join(str(number) for number in withdrawn)
        halt(tx, edition, f"article {named} was withdrawn; `publisher resume` sends the rest without it")
