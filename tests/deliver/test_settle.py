"""Settling: found is accepted, "not there" needs a control, and what nobody can prove a person decides."""

from datetime import timedelta
from pathlib import Path

import pytest

from publisher.deliver.settle import decide_by_hand, settle_batches
from publisher.model.delivery import Accepted, Blame, NotNow, Refused
from publisher.model.edition import EditionState
from publisher.model.errors import WrongStateError
from publisher.store import batches, editions
from publisher.store.engine import Store
from tests.builders import ANA, BEN
from tests.deliver.scripted import LOST, Scripted


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Scripted:
    return Scripted(store, tmp_path)


def test_what_the_log_shows_is_accepted(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)
    house.provider.log["teststorb1a1"] = house.clock.now()

    report = settle_batches(house.publisher.mailer)

    assert [(one.batch, one.verdict) for one in report.settled] == [(1, "accepted")]
    assert house.edition(edition.id).state is EditionState.SENT


def test_what_a_dead_sender_began_is_settled_at_once_where_the_log_shows_it(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batch = batches.claim_batch(tx, edition.id, now=house.clock.now())
        assert batch
        batches.begin_writing(tx, batch, account="scripted one", deadline=timedelta(minutes=1), now=house.clock.now())
    house.provider.log["teststorb1a1"] = house.clock.now()

    report = settle_batches(house.publisher.mailer)

    assert [(one.batch, one.verdict) for one in report.settled] == [(1, "accepted")]
    assert house.edition(edition.id).state is EditionState.SENT


def test_one_batch_that_is_waited_for_is_told_as_one(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batch = batches.claim_batch(tx, edition.id, now=house.clock.now())
        assert batch
        batches.begin_writing(tx, batch, account="scripted one", deadline=timedelta(minutes=1), now=house.clock.now())
    told: list[str] = []

    def tell(words: str) -> None:
        told.append(words)
        house.clock.forward(timedelta(minutes=5))

    settle_batches(house.publisher.mailer, tell=tell)

    assert told[0].startswith("1 batch may still be under way; waiting until ")


def test_absence_means_nothing_before_the_log_had_time(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)

    house.clock.forward(timedelta(minutes=29))
    report = settle_batches(house.publisher.mailer)

    assert [(one.batch, one.recipients) for one in report.open] == [(1, (ANA,))]
    assert house.provider.taken == []


def test_absence_with_a_control_is_proof_and_the_batch_goes_again(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)

    house.clock.forward(timedelta(minutes=31))
    report = settle_batches(house.publisher.mailer)
    state = house.send(edition.id)

    assert [one.verdict for one in report.settled] == ["not-sent"]
    assert house.provider.taken == [("digest@mail.example.org",), (ANA,)]
    assert state is EditionState.SENT


def test_a_provider_that_takes_no_control_message_proves_nothing(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST, NotNow(words="slow down", wait=timedelta(minutes=1))]
    house.send(edition.id)

    house.clock.forward(timedelta(minutes=31))
    report = settle_batches(house.publisher.mailer)

    assert report.settled == ()
    assert "took no control message" in report.open[0].why


def test_an_attempt_through_another_account_is_not_settled_here(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)

    house.provider.account = "another"
    report = settle_batches(house.publisher.mailer)

    assert "it went through scripted one" in report.open[0].why


def test_a_person_decides_what_nobody_can_prove(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [LOST]
    house.send(edition.id)

    decide_by_hand(house.publisher.mailer, 1, is_accepted=True)

    assert house.edition(edition.id).state is EditionState.SENT
    with pytest.raises(WrongStateError, match="is accepted"):
        decide_by_hand(house.publisher.mailer, 1, is_accepted=False)


def test_a_wrong_key_halts_the_edition_burns_nothing_and_resume_goes_on(house: Scripted) -> None:
    from publisher.compose.decide import resume_edition

    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [Refused(blame=Blame.ACCOUNT, words="401 Forbidden")]

    halted = house.send(edition.id)
    reason = house.edition(edition.id).reason
    resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    sent = house.send(edition.id)

    assert (halted, reason, sent) == (EditionState.HALTED, "401 Forbidden", EditionState.SENT)
    assert house.provider.taken == [(ANA,)]


def test_a_named_bad_address_is_left_out_by_name_and_the_others_get_it(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    refused = Refused(blame=Blame.ADDRESS, words="'to' parameter is not a valid address: ben@example.net")
    house.provider.answers = [{ANA: NotNow(words="another's address"), BEN: refused}]

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted, report.rejected) == (EditionState.SENT, 1, 1)
    assert house.provider.taken == [(ANA,)]


def test_an_unnamed_bad_address_is_found_by_splitting_after_one_control(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    bad = Refused(blame=Blame.REQUEST, words="400 bad request")
    # the whole call; control passes; Ana's half passes; Ben's half is refused; control passes
    house.provider.answers = [bad, Accepted(), Accepted(), bad, Accepted()]

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted, report.rejected) == (EditionState.SENT, 1, 1)
    assert house.provider.taken.count((ANA,)) == 1


def test_a_refused_content_halts_without_splitting(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    bad = Refused(blame=Blame.REQUEST, words="400 'html' parameter could not be processed")
    house.provider.answers = [bad, bad]

    state = house.send(edition.id)

    assert state is EditionState.HALTED
    assert house.edition(edition.id).reason == bad.words
    assert house.provider.taken == []


def test_not_now_is_waited_out(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [NotNow(words="429", wait=timedelta(0))]

    assert house.send(edition.id) is EditionState.SENT
    assert house.provider.taken == [(ANA,)]


def test_an_edition_the_provider_took_for_nobody_failed(house: Scripted) -> None:
    from publisher.model.edition import SlotOutcome
    from publisher.store import slots

    edition = house.frozen_edition(audience=[ANA])
    house.provider.answers = [Refused(blame=Blame.ADDRESS, words="no such mailbox")]

    house.send(edition.id)

    with house.store.read() as tx:
        line = slots.find_slot(tx, edition.id)
    assert line is not None
    assert line.outcome is SlotOutcome.FAILED


def test_a_proof_touches_nobodys_delivery(house: Scripted) -> None:
    from publisher.deliver.proof import send_proofs

    edition = house.frozen_edition(audience=[ANA])

    proofs = send_proofs(house.publisher.mailer, edition.id, ["desk@example.org"])
    report = house.publisher.send(edition.id, by_hand=True)

    assert [proof.is_accepted for proof in proofs] == [True]
    assert house.provider.taken == [("desk@example.org",), (ANA,)]
    assert report.accepted == 1
