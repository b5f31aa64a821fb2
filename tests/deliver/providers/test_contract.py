"""What every provider's adapter keeps, over the whole table, against stand-ins over real sockets."""

import html
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.deliver.providers import PROVIDERS, http, mailgun, smtp
from publisher.model.delivery import Accepted, Blame, NotBegun, NotNow, Outcomes, Refused, RenderedBatch, Unclear
from publisher.model.edition import Hole
from tests.deliver.providers.stand_ins import SECRET, STAND_INS, Begin, StandIn
from tests.mail_builders import FRIDAY, TOKENS, a_batch, a_letter, a_recipient, an_attempt, an_envelope

DOCS = Path(__file__).parents[3] / "docs" / "providers"


def kinds(outcomes: Outcomes) -> list[type]:
    """The outcomes' types, by subscriber."""
    return [type(outcomes[subscriber]) for subscriber in sorted(outcomes)]


def as_many(stand_in: StandIn) -> RenderedBatch:
    """A batch of three, or of one where a request holds one."""
    return a_batch(min(3, stand_in.provider().limits.recipients))


def test_every_provider_has_a_stand_in_and_a_page() -> None:
    assert set(PROVIDERS) == set(STAND_INS)
    assert {page.stem for page in DOCS.glob("*.md")} >= set(PROVIDERS)


def test_every_reader_of_a_batch_gets_one_copy_and_one_outcome(stand_in: StandIn) -> None:
    batch, begin = as_many(stand_in), Begin()

    outcomes = stand_in.provider().send(batch, begin=begin)

    assert kinds(outcomes) == [Accepted] * len(batch.recipients)
    assert [len(stand_in.copies(recipient.address)) for recipient in batch.recipients] == [1] * len(batch.recipients)
    assert len(begin.saw) == 1


def test_nothing_is_written_when_the_batch_is_not_ours_any_more(stand_in: StandIn) -> None:
    batch = as_many(stand_in)

    outcomes = stand_in.provider().send(batch, begin=lambda: False)

    assert kinds(outcomes) == [NotBegun] * len(batch.recipients)
    assert not stand_in.has_begun()


def test_after_a_batch_that_was_not_ours_the_next_one_goes(stand_in: StandIn) -> None:
    provider = stand_in.provider()
    provider.send(a_batch(), begin=lambda: False)

    assert kinds(provider.send(a_batch(), begin=Begin())) == [Accepted]


def test_a_failing_store_is_heard_of_and_nothing_is_written(stand_in: StandIn) -> None:
    def failing() -> bool:
        raise OSError("the store is gone")

    with pytest.raises(OSError, match="the store is gone"):
        stand_in.provider().send(a_batch(), begin=failing)

    assert not stand_in.has_begun()


def test_each_copy_can_be_left_by_its_own_address_in_one_click(stand_in: StandIn) -> None:
    batch = as_many(stand_in)

    stand_in.provider().send(batch, begin=Begin())

    for recipient in batch.recipients:
        (copy,) = stand_in.copies(recipient.address)
        url = recipient.holes[Hole.UNSUBSCRIBE]
        assert copy.headers["list-unsubscribe"] == f"<{url}>"
        assert copy.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert copy.headers["message-id"] == f"<{recipient.holes[Hole.MESSAGE_ID]}>"
        assert f'href="{html.escape(url)}"' in copy.html
        assert url in copy.text


WORDS = """
%recipient.unsubscribe% %RECIPIENT.x% %recipient% %unsubscribe_url% %mailing_list_unsubscribe_url% %recipient_name%
%tag_unsubscribe_url% {{x}} {{#each}} {{{RESEND_UNSUBSCRIBE_URL}}} [[var:x]] *|X|* % %% \\ . .. =3D é -- word
"""


@pytest.mark.parametrize("kind", STAND_INS)
@given(words=st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_content_in_a_providers_syntax_arrives_as_it_was_written(kind: str, words: list[str]) -> None:
    joined = "".join(words)
    letter = a_letter(
        subject=f"x{joined}",
        html=f"<p>{joined}</p>{TOKENS[Hole.SINCE]}{joined}",
        text=f"{joined}{TOKENS[Hole.SINCE]}\n",
    )

    with TemporaryDirectory() as folder:
        stand_in = STAND_INS[kind](Path(folder))
        stand_in.provider().send(a_batch(letters={1: letter}), begin=Begin())
        (copy,) = stand_in.copies(a_recipient().address)
        stand_in.close()

    # U+2060 has no width: a reader sees what was written.
    assert copy.subject.replace("\u2060", "") == letter.subject
    assert copy.text.replace("\u2060", "").rstrip() == f"{joined}2026-01-05"
    assert html.unescape(copy.html).rstrip() == f"<p>{joined}</p>2026-01-05{joined}"


@pytest.mark.parametrize(
    "address",
    [
        "x>, victim@example.net, <y@example.org",
        "a@example.org,b@example.org",
        "a@example.org\r\nRCPT TO:<b@example.org>",
        '"quoted name"@example.org',
        "a@example.org\0",
        "ana <a@example.org>",
        "ñ@example.org",
        f"a@{'x' * 260}.org",
    ],
)
def test_an_address_that_is_not_bare_is_refused_unsent(stand_in: StandIn, address: str) -> None:
    begin = Begin()
    batch = replace(a_batch(), recipients=(a_recipient(address=address),))

    outcomes = stand_in.provider().send(batch, begin=begin)

    assert [(type(o), getattr(o, "blame", None)) for o in outcomes.values()] == [(Refused, Blame.ADDRESS)]
    assert begin.saw == []


def test_a_header_with_a_line_break_is_our_own_mistake(stand_in: StandIn) -> None:
    batch = a_batch(envelope=an_envelope(headers=(("X-Note", "a\r\nBcc: b@example.org"),)))

    with pytest.raises(ValueError, match="X-Note holds the character"):
        stand_in.provider().send(batch, begin=Begin())

    assert not stand_in.has_begun()


def test_more_readers_than_the_limit_are_our_own_mistake(stand_in: StandIn) -> None:
    provider = stand_in.provider(max_batch=2)

    with pytest.raises(ValueError, match="3 readers"):
        provider.send(a_batch(3), begin=Begin())


def test_nothing_is_begun_while_stopping(stand_in: StandIn) -> None:
    provider, begin = stand_in.provider(), Begin()
    provider.stop(within=timedelta(0))

    assert kinds(provider.send(a_batch(), begin=begin)) == [NotNow]
    assert begin.saw == []


def test_a_provider_can_be_closed_after_use_and_unused(stand_in: StandIn) -> None:
    used = stand_in.provider()
    used.send(a_batch(), begin=Begin())

    used.close()
    stand_in.provider().close()

    assert "provider-watch" not in {thread.name for thread in threading.enumerate()}


def test_the_account_is_named_without_its_secret(stand_in: StandIn) -> None:
    account = stand_in.provider(user="digest").account

    assert account.startswith(stand_in.kind)
    assert SECRET not in account


def test_an_attempt_that_nobody_knows_is_never_called_accepted(stand_in: StandIn) -> None:
    settled = stand_in.provider().settle(an_attempt(a_batch()), now=FRIDAY + timedelta(hours=1))

    assert not isinstance(settled, Accepted)


def test_begin_is_called_once_on_an_open_connection_before_the_first_byte(wire: StandIn) -> None:
    begin = Begin(lambda: (wire.connections, wire.has_begun()))

    wire.provider().send(a_batch(), begin=begin)

    assert begin.saw == [(1, False)]


@pytest.mark.parametrize("how", ["lose", "hang"])
def test_a_lost_answer_is_unclear_never_accepted_and_never_sent_again(
    wire: StandIn, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (mailgun, smtp):
        monkeypatch.setattr(module, "DEADLINE", timedelta(seconds=0.4))
    wire.misbehave(how)
    batch = as_many(wire)

    began = time.monotonic()
    outcomes = wire.provider().send(batch, begin=Begin())

    assert kinds(outcomes) == [Unclear] * len(batch.recipients)
    assert [len(wire.copies(recipient.address)) for recipient in batch.recipients] == [1] * len(batch.recipients)
    assert wire.connections == 1
    assert time.monotonic() - began < 2


def test_stopping_ends_an_exchange_that_hangs(wire: StandIn) -> None:
    wire.misbehave("hang")
    provider = wire.provider()
    threading.Timer(0.2, lambda: provider.stop(within=timedelta(seconds=0.1))).start()

    began = time.monotonic()
    outcomes = provider.send(a_batch(), begin=Begin())

    assert kinds(outcomes) == [Unclear]
    assert time.monotonic() - began < 2


def test_a_provider_that_cannot_be_reached_is_asked_later(wire: StandIn) -> None:
    begin, provider = Begin(), wire.provider()
    wire.go_away()

    (outcome,) = provider.send(a_batch(), begin=begin).values()

    assert isinstance(outcome, NotNow)
    assert outcome.wait >= timedelta(seconds=10)
    assert begin.saw == []


@pytest.mark.parametrize(
    ("how", "kind", "blame"),
    [("later", NotNow, None), ("account", Refused, Blame.ACCOUNT), ("content", Refused, Blame.REQUEST)],
)
def test_a_clear_answer_is_told_with_the_providers_words(
    wire: StandIn, how: str, kind: type, blame: Blame | None
) -> None:
    wire.misbehave(how)

    (outcome,) = wire.provider().send(a_batch(), begin=Begin()).values()

    assert (type(outcome), getattr(outcome, "blame", None)) == (kind, blame)
    assert getattr(outcome, "words", "")[0] in "45"


def test_a_connection_used_just_now_is_used_again(wire: StandIn) -> None:
    provider = wire.provider()

    outcomes = [kinds(provider.send(a_batch(), begin=Begin())) for _ in range(3)]

    assert outcomes == [[Accepted]] * 3
    assert wire.connections == 1


def test_a_connection_idle_too_long_is_not_used_again(wire: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (http, smtp):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    provider, begin = wire.provider(), Begin(lambda: wire.connections)
    provider.send(a_batch(), begin=begin)
    time.sleep(0.1)

    assert kinds(provider.send(a_batch(), begin=begin)) == [Accepted]
    assert begin.saw == [1, 2]


def test_a_connection_that_the_server_closed_is_replaced_before_begin(wire: StandIn) -> None:
    provider, begin = wire.provider(), Begin(lambda: wire.connections)
    provider.send(a_batch(), begin=begin)
    wire.hang_up()
    time.sleep(0.05)

    assert kinds(provider.send(a_batch(), begin=begin)) == [Accepted]
    assert begin.saw == [1, 2]


def test_threads_can_send_at_once_each_on_its_own_connection(wire: StandIn) -> None:
    provider = wire.provider()
    both = threading.Barrier(2, timeout=5)
    outcomes: list[Outcomes] = []

    def together() -> bool:
        both.wait()
        return True

    threads = [threading.Thread(target=lambda: outcomes.append(provider.send(a_batch(), begin=together))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [kinds(found) for found in outcomes] == [[Accepted], [Accepted]]
    assert wire.connections == 2
