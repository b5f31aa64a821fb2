"""Mailgun's adapter against the independent stand-in of the shared tools, which interprets, forgets and lags."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.deliver.provider import Provider, ProviderConfig
from publisher.deliver.providers import PROVIDERS
from publisher.model.delivery import Accepted, NotSent, RenderedBatch, Unclear
from tests.mail_builders import a_batch, a_letter, a_recipient, an_attempt

SINK = Path(__file__).parents[3].parent / "shared" / "tools" / "mailgun_sink.py"
pytestmark = pytest.mark.skipif(not SINK.exists(), reason=f"{SINK} is not here: MAILGUN'S SINK IS NOT TESTED AGAINST")


class Sink:
    """The running tool."""

    def __init__(self, url: str) -> None:
        self.url = url
        config = ProviderConfig(kind="mailgun", url=url, domain="mail.example.org", api_key=lambda: "key")
        self.provider: Provider = PROVIDERS["mailgun"](config)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """One of its pages."""
        with urllib.request.urlopen(self.url + path) as answer:  # noqa: S310 - our own loopback
            return json.load(answer)

    def send(self, batch: RenderedBatch) -> list[type]:
        """The outcomes' types."""
        return [type(outcome) for outcome in self.provider.send(batch, begin=lambda: True).values()]


def now() -> datetime:
    """The sink's own clock is the machine's."""
    return datetime.fromtimestamp(time.time(), UTC)


@pytest.fixture
def sink() -> Iterator[Sink]:
    """One that substitutes and checks the variables."""
    options = ["--port", "0", "--substitute", "--verify-vars", "--api-key", "key"]
    command = [sys.executable, str(SINK), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        made = Sink(process.stdout.readline().split()[-1])
        yield made
        made.provider.close()
        process.terminate()


def test_a_thousand_readers_with_a_plus_among_them_get_their_own_copies(sink: Sink) -> None:
    plus = a_recipient(1000, address="seed+weekly@example.org")
    batch = replace(a_batch(999, letters={1: a_letter(text="About %recipient.unsubscribe% and %recipient%.\n")}))
    batch = replace(batch, recipients=(*batch.recipients, plus))

    assert sink.send(batch) == [Accepted] * 1000

    stats, copy = sink.get("/_stats"), sink.get("/_copy?recipient=seed%2Bweekly@example.org")
    assert (stats["distinct"], stats["duplicates"], stats["bad"]) == (1000, 0, {})
    assert copy["headers"]["List-Unsubscribe"] == "<https://follow.example.org/u/token1000?a=1&b=2>"
    assert copy["text"].replace("\u2060", "") == "About %recipient.unsubscribe% and %recipient%.\n"
    assert copy["unresolved"] == {}
    assert copy["user-variables"] == {"edition": batch.envelope.tag, "attempt": batch.attempt_id}


@pytest.mark.parametrize(("outcome", "verdict"), [("accept_reset", Accepted), ("reset", NotSent)])
def test_a_lost_answer_is_settled_by_the_log_with_a_later_batch_as_control(
    sink: Sink, outcome: str, verdict: type
) -> None:
    sink.get(f"/_control?next={outcome}")
    lost = a_batch(3)
    wrote_at = now()

    assert sink.send(lost) == [Unclear] * 3
    attempt = an_attempt(lost, wrote_at=wrote_at, over_at=wrote_at)
    before = sink.provider.settle(attempt, now=now())
    sink.send(a_batch(2, batch=42, attempt_id="teststorb42a1"))
    after = sink.provider.settle(attempt, now=now() + timedelta(seconds=1))

    assert isinstance(before, Unclear if verdict is NotSent else Accepted)
    assert isinstance(after, verdict)


def test_the_log_of_another_domain_proves_nothing(sink: Sink) -> None:
    attempt = an_attempt(a_batch())
    sink.send(a_batch())
    config = ProviderConfig(kind="mailgun", url=sink.url, domain="other.example.org", api_key=lambda: "key")
    other = PROVIDERS["mailgun"](config)

    settled = other.settle(attempt, now=now())
    other.close()

    assert isinstance(settled, Unclear)


def test_a_log_of_many_pages_is_read_to_the_attempt(sink: Sink) -> None:
    wrote_at = now()
    sink.send(a_batch(700, batch=40, attempt_id="teststorb40a1"))
    sink.send(a_batch(3))

    settled = sink.provider.settle(
        an_attempt(a_batch(3), wrote_at=wrote_at, over_at=wrote_at), now=now() + timedelta(seconds=1)
    )

    assert isinstance(settled, Accepted)
