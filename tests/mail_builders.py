"""Builders of what a provider is given: batches, letters, readers, attempts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.model.delivery import Attempt, Envelope, Recipient, RenderedBatch
from publisher.model.edition import Hole, Letter, hole_token

FRIDAY = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
MARK = "q7m2x9k4"
TAG = "weekly20260306t1200z"
CONTROL_TAG = "control20260306t1200z"
TOKENS = {hole: hole_token(hole, MARK) for hole in Hole}


def a_letter(**changes: Any) -> Letter:  # noqa: ANN401 - fields of the letter
    """An English digest of one article."""
    letter = Letter(
        variant=1,
        language="en",
        subject="The week: The gold route",
        preheader="The gold leaves the river at night.",
        html=f'<p>The gold route</p><a href="{TOKENS[Hole.UNSUBSCRIBE]}">Unsubscribe</a>',
        text=f"The gold route\n\nUnsubscribe: {TOKENS[Hole.UNSUBSCRIBE]}\n",
    )
    return replace(letter, **changes)


def an_envelope(**changes: Any) -> Envelope:  # noqa: ANN401 - fields of the envelope
    """What every message of the edition carries."""
    envelope = Envelope(
        sender="Example Observatory <digest@mail.example.org>",
        headers=(
            ("List-Id", "The week <weekly.mail.example.org>"),
            ("List-Unsubscribe", f"<{TOKENS[Hole.UNSUBSCRIBE]}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
        date=FRIDAY,
        tag=TAG,
        mark=MARK,
    )
    return replace(envelope, **changes)


def a_recipient(number: int = 1, **changes: Any) -> Recipient:  # noqa: ANN401 - fields of the recipient
    """Reader number so and so, with values of her own."""
    recipient = Recipient(
        subscriber=number,
        address=f"reader{number}@example.org",
        variant=1,
        holes={
            Hole.UNSUBSCRIBE: f"https://follow.example.org/u/token{number}?a=1&b=2",
            Hole.PREFERENCES: f"https://follow.example.org/p/token{number}",
            Hole.SINCE: "2026-01-05",
            Hole.MESSAGE_ID: f"e7.{number:04}@mail.example.org",
        },
    )
    return replace(recipient, **changes)


def a_batch(recipients: int = 1, **changes: Any) -> RenderedBatch:  # noqa: ANN401 - fields of the batch
    """A batch of readers of one letter."""
    batch = RenderedBatch(
        batch=41,
        attempt=1,
        attempt_id="teststorb41a1",
        envelope=an_envelope(),
        letters={1: a_letter()},
        recipients=tuple(a_recipient(number) for number in range(1, recipients + 1)),
    )
    return replace(batch, **changes)


def an_attempt(batch: RenderedBatch, **changes: Any) -> Attempt:  # noqa: ANN401 - fields of the attempt
    """The attempt that this batch was, as it is asked for."""
    attempt = Attempt(
        batch=batch.batch,
        number=batch.attempt,
        attempt_id=batch.attempt_id,
        tag=batch.envelope.tag,
        account="",
        wrote_at=FRIDAY + timedelta(minutes=1),
        over_at=FRIDAY + timedelta(minutes=2, seconds=15),
        addresses=tuple(recipient.address for recipient in batch.recipients),
        control_tag=CONTROL_TAG,
    )
    return replace(attempt, **changes)
