"""`publisher send`, `settle`: what was not done, and what to do about it."""

import os
import signal
import threading
from datetime import timedelta

import pytest

from publisher.cli.sending import stopped_by_signals, what_is_left
from publisher.deliver.send import SendReport, Stop
from publisher.model.edition import EditionState
from publisher.store import batches, editions, subscribers
from publisher.store.engine import SystemClock
from tests.builders import a_reader
from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import Newsroom


def lose_an_answer(newsroom: Newsroom, *, account: str) -> None:
    """Freezes edition 1 and takes its batch to `writing` as a worker that then died."""
    newsroom.done("approve", "1")
    store = newsroom.store()
    then = SystemClock().now() - timedelta(minutes=10)
    with store.begin() as tx:
        editions.change_edition(tx, 1, send_by=then + timedelta(days=1))
        editions.move_edition(tx, 1, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batch = batches.claim_batch(tx, 1, now=then)
        assert batch is not None
        assert batches.begin_writing(tx, batch, account=account, deadline=timedelta(seconds=60), now=then)
    store.close()


def test_sending_sends_to_everybody_once(composed: Newsroom) -> None:
    first = composed.done("send", "1", "--json")
    files = {file.name: file.stat().st_mtime_ns for file in composed.outbox.iterdir()}
    second = composed.done("send", "1", "--json")

    check_shape("send", first.document)
    assert (first.document["state"], first.document["accepted"], first.document["left_out"]) == ("sent", 2, 2)
    assert second.document | {"seconds": 0} == first.document | {"seconds": 0}
    assert {file.name: file.stat().st_mtime_ns for file in composed.outbox.iterdir()} == files
    assert set(files) == {"ana@example.org.eml", "ben@example.net.eml"}


def test_sending_says_that_nothing_is_mailed(composed: Newsroom) -> None:
    result = composed.done("send", "1")

    assert "nothing is mailed" in result.out
    assert "Edition 1 is sent: 2 accepted, 2 left out" in result.out


def test_a_sent_edition_has_its_outcome_and_batches(composed: Newsroom) -> None:
    composed.done("send", "1")

    document = composed.done("edition", "1", "--json").document

    check_shape("edition", document)
    assert document["outcome"] == "sent"
    assert document["deliveries"] == {"accepted": 2, "left_out": 2}
    assert [one["state"] for one in document["batches"]] == ["accepted"]


def test_a_skipped_edition_is_no_fault(newsroom: Newsroom) -> None:
    newsroom.change_config("minimum = 1", "minimum = 9")
    newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z")

    result = newsroom.done("send", "1")

    assert "the minimum is 9" in result.out


def test_a_halted_edition_ends_with_1_and_goes_on_after_resuming(composed: Newsroom) -> None:
    obstacle = composed.folder / "var" / "outbox"
    obstacle.write_text("in the way")

    halted = composed.run("send", "1", "--json")
    obstacle.unlink()
    refused = composed.run("send", "1")
    composed.done("resume", "1")
    sent = composed.done("send", "1", "--json")

    check_shape("send", halted.document)
    assert (halted.status, halted.document["state"]) == (1, "halted")
    assert "publisher resume 1" in halted.err
    assert refused.status == 1
    assert sent.document["accepted"] == 2


def test_a_rejected_reader_ends_with_1_and_the_others_get_it(newsroom: Newsroom) -> None:
    store = newsroom.store()
    with store.begin() as tx:  # as an import before addresses were checked would have left her
        subscribers.store_readers(tx, 1, [a_reader("no address@example.org")], now=SystemClock().now())
    store.close()
    newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z")

    result = newsroom.run("send", "1", "--json")

    check_shape("send", result.document)
    assert result.status == 1
    assert (result.document["accepted"], result.document["rejected"]) == (2, 1)
    named = result.document["rejected_readers"]
    assert [one["address"] for one in named] == ["no address@example.org"]
    assert f"no address@example.org: {named[0]['reason']}" in result.err
    assert "publisher why ADDRESS" in result.err


def test_whom_the_provider_rejected_is_named_with_its_words(newsroom: Newsroom) -> None:
    store = newsroom.store()
    with store.begin() as tx:
        subscribers.store_readers(tx, 1, [a_reader("no address@example.org")], now=SystemClock().now())
    store.close()
    newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z")
    newsroom.run("send", "1")

    shown, told = newsroom.done("edition", "1"), newsroom.done("edition", "1", "--json").document

    assert [one["address"] for one in told["rejected"]] == ["no address@example.org"]
    assert told["rejected"][0]["reason"]
    assert "The provider rejected 1 reader:\n  no address@example.org: " in shown.out


def test_what_was_sent_before_is_not_told_as_sent_now(composed: Newsroom) -> None:
    composed.done("send", "1")

    again = composed.done("send", "1")

    assert "Edition 1 was sent before: 2 accepted, 2 left out. There was nothing to do." in again.out


def test_pages_that_cannot_be_written_stop_a_sending_before_the_first_mail(composed: Newsroom) -> None:
    composed.done("approve", "1")
    (composed.folder / "public").mkdir(exist_ok=True)
    in_the_way = composed.folder / "public" / "editions"
    in_the_way.write_text("no folder")

    stopped = composed.run("send", "1")
    in_the_way.unlink()
    sent = composed.done("send", "1")

    assert stopped.status == 1
    assert "Nothing was sent yet: when that is mended, `publisher send 1` goes on." in stopped.err
    assert "2 accepted" in sent.out


def test_one_that_is_halted_says_why_and_what_to_do(composed: Newsroom) -> None:
    composed.done("hold", "1")

    refused = composed.run("send", "1")

    assert refused.err.startswith("Edition 1 is held (held by hand). `publisher resume 1` lets it go on.")


def test_a_lost_answer_ends_with_1_and_is_settled_by_asking(composed: Newsroom) -> None:
    lose_an_answer(composed, account="outbox")

    doubtful = composed.run("send", "1", "--json")
    settled = composed.done("settle", "1", "--json")
    sent = composed.done("send", "1", "--json")

    check_shape("send", doubtful.document)
    assert (doubtful.status, doubtful.document["unknown"]) == (1, 2)
    assert "publisher settle 1" in doubtful.err
    check_shape("settle", settled.document)
    assert settled.document["settled"][0]["as"] == "not-sent"
    assert sent.document["accepted"] == 2


def test_what_cannot_be_proven_is_listed_by_name_and_left_to_a_person(composed: Newsroom) -> None:
    lose_an_answer(composed, account="smtp old.example.org")

    listed = composed.run("settle", "--json")
    shown = composed.run("settle")
    decided = composed.done("settle", "--as", "accepted", "1", "--json")

    check_shape("settle", listed.document)
    assert listed.status == shown.status == 1
    assert listed.document["open"][0]["recipients"] == ["ana@example.org", "ben@example.net"]
    assert "ana@example.org" in shown.out
    assert "--as not-sent BATCH" in shown.err
    check_shape("settle", decided.document)
    assert composed.done("edition", "1", "--json").document["state"] == "sent"


def test_a_person_may_decide_that_it_was_not_sent(composed: Newsroom) -> None:
    lose_an_answer(composed, account="smtp old.example.org")
    composed.run("settle")

    decided = composed.done("settle", "1", "--as", "not-sent")

    assert "publisher send" in decided.out
    assert composed.done("send", "1", "--json").document["accepted"] == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_sending_between_two_batches(number: signal.Signals) -> None:
    stop, told = Stop(), threading.Event()
    before = signal.getsignal(number)

    with stopped_by_signals(stop, told.set):
        os.kill(os.getpid(), number)

    assert stop()
    assert told.wait(5)
    assert signal.getsignal(number) is before


def test_nothing_in_doubt_is_nothing_to_do(composed: Newsroom) -> None:
    composed.done("send", "1")

    assert composed.done("settle", "--json").document == {"settled": [], "open": []}
    assert "Nothing is in doubt" in composed.done("settle").out


@pytest.mark.parametrize("words", [("--as", "accepted"), ("1", "2"), ("--as", "accepted", "1", "2")], ids=" ".join)
def test_settling_takes_one_number(composed: Newsroom, words: tuple[str, ...]) -> None:
    assert composed.run("settle", *words).status == 2


def test_a_batch_that_is_not_in_doubt_cannot_be_decided(composed: Newsroom) -> None:
    composed.done("send", "1")

    result = composed.run("settle", "--as", "not-sent", "1")

    assert result.status == 1
    assert "Batch 1 is accepted" in result.err


def test_what_was_cancelled_while_sending_does_not_go_on() -> None:
    report = SendReport(
        edition=1, state=EditionState.CANCELLED, accepted=1, rejected=0, unknown=0, pending=2, left_out=0, seconds=0.1
    )

    assert what_is_left(report) == ["It was cancelled: 2 readers get nothing of it."]
