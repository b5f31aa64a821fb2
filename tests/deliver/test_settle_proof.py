"""What counts as proof: only the account's own log, and absence only beside something of ours from later (R4, R5)."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.compose.decide import cancel_edition, resume_edition
from publisher.deliver import settle
from publisher.deliver.control import CONTROL_TAG
from publisher.deliver.proof import send_proofs
from publisher.deliver.settle import decide_by_hand, settle_batches
from publisher.model.delivery import BatchState, Blame, DeliveryState, NotNow, Refused
from publisher.model.edition import Edition, EditionState
from publisher.model.errors import NotFoundError, WrongStateError
from publisher.store import batches
from publisher.store.engine import Store
from tests.builders import ANA, BEN, FRIDAY
from tests.composing import item_states
from tests.deliver.scripted import LOST, Scripted, ScriptedProvider

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> Scripted:
    return Scripted(sqlite_store, tmp_path)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for passes on the house's clock only."""
    monkeypatch.setattr(settle, "POLL_SECONDS", 0.0)
    monkeypatch.setattr("publisher.deliver.settle.time.sleep", lambda _: None)


def in_doubt(house: Scripted, *readers: str) -> Edition:
    """An edition whose only batch was begun, and its answer lost, 31 minutes ago."""
    edition = house.frozen_edition(audience=readers or [ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)
    house.clock.forward(31 * MINUTE)
    return edition


def test_a_control_message_is_in_the_proofs_name_space_and_touches_nobodys_copy(house: Scripted) -> None:
    edition = in_doubt(house)

    settle_batches(house.publisher.mailer)

    control = house.provider.begun[-1]
    assert (control.envelope.tag, control.batch, control.attempt_id) == (CONTROL_TAG, 0, "teststorp1")
    assert [one.address for one in control.recipients] == ["digest@mail.example.org"]
    assert house.fates(ANA) == [(DeliveryState.PENDING, "not in the log, which shows later messages")]
    assert house.edition(edition.id).state is EditionState.SENDING


def test_a_control_message_that_the_log_does_not_show_in_time_proves_nothing(house: Scripted) -> None:
    in_doubt(house)
    house.provider.on_settle = [lambda: forget(house)] * 30

    report = settle_batches(house.publisher.mailer)

    assert report.settled == ()
    assert "does not show our control message yet" in report.open[0].why


def forget(house: Scripted) -> None:
    """A log that lags, while time passes."""
    house.provider.log.clear()
    house.clock.forward(SECOND)


def test_a_log_that_lags_is_looked_at_once_more_before_absence_counts(house: Scripted) -> None:
    in_doubt(house)
    asked: list[int] = []

    def late() -> None:
        asked.append(1)
        if len(asked) == 2:  # the control message shows, three seconds after it was sent
            house.clock.forward(3 * SECOND)
        if len(asked) == 3:  # and now the attempt too, which came in before it
            house.provider.log["teststorb1a1"] = FRIDAY

    house.provider.on_settle = [late] * 3

    report = settle_batches(house.publisher.mailer)

    assert [one.verdict for one in report.settled] == ["accepted"]
    assert len(asked) == 3


@pytest.mark.parametrize("answer", [LOST, NotNow(words="429"), Refused(blame=Blame.ACCOUNT, words="401")])
def test_without_a_control_message_that_was_taken_there_is_no_proof(house: Scripted, answer: NotNow | Refused) -> None:
    in_doubt(house)
    house.provider.answers = [answer]

    report = settle_batches(house.publisher.mailer)

    assert [one.recipients for one in report.open] == [(ANA,)]
    assert "took no control message" in report.open[0].why


def test_a_later_batch_of_ours_is_control_enough(house: Scripted) -> None:
    house.limit(recipients=1)
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.provider.answers = [LOST]
    house.send(edition.id)
    house.clock.forward(31 * MINUTE)
    house.provider.log["teststorb2a1"] = house.clock.now() - MINUTE

    report = settle_batches(house.publisher.mailer)

    assert [one.verdict for one in report.settled] == ["not-sent"]
    assert len(house.provider.begun) == 2  # no control message was needed


def test_what_was_settled_as_not_sent_does_not_go_by_itself_after_send_by(house: Scripted) -> None:
    edition = in_doubt(house)
    house.clock.moment = edition.send_by + HOUR

    settle_batches(house.publisher.mailer)
    late = house.publisher.send(edition.id, by_hand=False)
    by_hand = house.publisher.send(edition.id, by_hand=True)

    assert (late.state, late.accepted) == (EditionState.LATE, 0)
    assert (by_hand.state, by_hand.accepted) == (EditionState.SENT, 1)


def test_what_was_settled_as_not_sent_of_a_cancelled_edition_is_never_sent(house: Scripted) -> None:
    edition = in_doubt(house)
    cancel_edition(house.store, edition.id, now=house.clock.now())
    kept = item_states(house)

    settle_batches(house.publisher.mailer)
    with pytest.raises(WrongStateError, match="is cancelled"):
        house.send(edition.id)

    assert [str(state) for state in kept.values()] == ["used"]  # a batch in doubt counts as got
    assert (ANA,) not in house.provider.taken


def test_who_left_while_the_batch_was_in_doubt_does_not_get_it_a_second_time(house: Scripted) -> None:
    edition = in_doubt(house, ANA, BEN)
    house.unsubscribe(BEN)

    settle_batches(house.publisher.mailer)
    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.accepted, report.left_out, house.provider.taken[-1]) == (1, 1, (ANA,))


def test_the_next_try_of_a_batch_has_a_mark_of_its_own(house: Scripted) -> None:
    edition = in_doubt(house)

    settle_batches(house.publisher.mailer)
    house.send(edition.id)

    marks = [batch.attempt_id for batch in house.provider.begun if batch.batch]
    assert marks == ["teststorb1a1", "teststorb1a2"]


def test_an_answer_that_comes_after_the_settling_changes_nothing_and_is_kept(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    answer_late(house)

    house.send(edition.id)

    assert [one.state for one in house.batches(edition.id)] == [BatchState.ACCEPTED]
    assert house.edition(edition.id).state is EditionState.SENT


def answer_late(house: Scripted) -> None:
    """The lease runs out and a person decides, before the provider answers that it could not be reached."""

    def judge(_: object) -> NotNow:
        house.clock.forward(10 * MINUTE)
        with house.store.begin() as tx:
            batches.sweep(tx, now=house.clock.now())
        decide_by_hand(house.publisher.mailer, 1, is_accepted=True)
        return NotNow(words="connection reset")

    house.provider.judge = judge


def test_after_a_change_of_the_account_the_rest_goes_there_and_the_doubt_stays_where_it_was(house: Scripted) -> None:
    house.limit(recipients=1)
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.provider.answers = [LOST, Refused(blame=Blame.ACCOUNT, words="402 plan ended")]
    house.send(edition.id)
    old, new = house.provider, ScriptedProvider()
    new.account = "scripted two"

    house.use(new)
    resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    house.send(edition.id)
    house.clock.forward(HOUR)
    report = settle_batches(house.publisher.mailer)

    assert new.taken == [(BEN,)]
    assert [(one.batch, one.recipients) for one in report.open] == [(1, (ANA,))]
    assert "it went through scripted one; configure that account again" in report.open[0].why
    house.use(old)
    old.log["teststorb1a1"] = FRIDAY
    assert [one.verdict for one in settle_batches(house.publisher.mailer).settled] == ["accepted"]
    assert house.edition(edition.id).state is EditionState.SENT


def test_a_provider_without_a_log_leaves_every_doubt_to_a_person(house: Scripted) -> None:
    in_doubt(house)
    house.limit(can_settle=False)

    report = settle_batches(house.publisher.mailer)

    assert "decide it by hand" in report.open[0].why
    assert len(house.provider.begun) == 1


@pytest.mark.parametrize(("is_accepted", "state"), [(True, BatchState.ACCEPTED), (False, BatchState.READY)])
def test_a_persons_word_settles_a_batch_once(house: Scripted, *, is_accepted: bool, state: BatchState) -> None:
    edition = in_doubt(house)

    decide_by_hand(house.publisher.mailer, 1, is_accepted=is_accepted)

    assert [one.state for one in house.batches(edition.id)] == [state]
    with pytest.raises(WrongStateError):
        decide_by_hand(house.publisher.mailer, 1, is_accepted=not is_accepted)


def test_a_batch_that_there_is_not_cannot_be_decided(house: Scripted) -> None:
    with pytest.raises(NotFoundError, match="no batch 99"):
        decide_by_hand(house.publisher.mailer, 99, is_accepted=True)


def test_an_edition_with_a_doubt_is_not_finished(house: Scripted) -> None:
    house.limit(recipients=1)
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.provider.answers = [LOST]

    report = house.publisher.send(edition.id, by_hand=True)
    again = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted, report.unknown) == (EditionState.SENDING, 1, 1)
    assert (again.accepted, again.unknown, len(house.provider.begun)) == (1, 1, 2)


def test_proofs_have_marks_that_no_edition_has_and_only_the_subject_differs(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])

    send_proofs(house.publisher.mailer, edition.id, ["desk@example.org", "chief@example.org"])
    house.send(edition.id)

    *proofs, letter = house.provider.begun
    assert [one.envelope.tag for one in proofs] == [f"proof{edition.tag}"] * 2
    assert len({one.attempt_id for one in (*proofs, letter)}) == 3
    (proof,), (real,) = proofs[0].letters.values(), letter.letters.values()
    assert proof.subject == f"[Proof] {real.subject}"
    assert (proof.html, proof.text) == (real.html, real.text)


def test_an_edition_without_content_has_no_proof(house: Scripted) -> None:
    edition = house.compose()

    with pytest.raises(WrongStateError, match="is skipped"):
        send_proofs(house.publisher.mailer, edition.id, ["desk@example.org"])


def test_a_proof_that_is_refused_says_why(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [Refused(blame=Blame.ADDRESS, words="no such mailbox")]

    (proof,) = send_proofs(house.publisher.mailer, edition.id, ["nobody@example.org"])

    assert (proof.is_accepted, proof.words, proof.language) == (False, "no such mailbox", "en")
