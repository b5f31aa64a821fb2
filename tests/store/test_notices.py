"""What partners are told: exactly those who hold an earlier version, of corrections and withdrawals alone, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.model.article import Correction, RevisionKind
from publisher.store.engine import Tx
from publisher.store.notices import (
    LOST,
    NoticeState,
    begin_notice,
    count_notices,
    decide_notices,
    drop_overtaken,
    end_notice,
    give_up_lost,
    has_undecided,
    list_new_corrections,
    list_open,
    list_waiting,
    put_off,
    send_again,
)
from publisher.store.partners import revoke_partner
from tests.builders import FRIDAY
from tests.store.partner_builders import DAILY, RADIO, a_partner, all_notices, take, the_notice
from tests.store.store_builders import HOUR, LATER, publish, revise, withdraw

CORRECTION, WITHDRAWAL = RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL
SUBSTANTIVE, MINOR, RESTORED = RevisionKind.SUBSTANTIVE, RevisionKind.MINOR, RevisionKind.RESTORED
WAITING, SENT, UNKNOWN = NoticeState.WAITING, NoticeState.SENT, NoticeState.UNKNOWN


@pytest.fixture
def corrected(tx: Tx) -> int:
    """An article that the Daily took before it was corrected."""
    number = publish(tx)
    take(tx, a_partner(tx), number)
    revise(tx, number, CORRECTION, title="The gold road")
    decide_notices(tx, now=LATER)
    return number


def test_a_correction_reaches_those_who_hold_an_earlier_version(tx: Tx) -> None:
    daily, radio, number = a_partner(tx), a_partner(tx, RADIO), publish(tx)
    take(tx, daily, number)
    revise(tx, number, CORRECTION)
    take(tx, radio, number)

    count = decide_notices(tx, now=LATER)

    assert (count, all_notices(tx)) == (1, [(DAILY, number, "correction", WAITING)])


def test_one_who_took_the_corrected_version_too_is_told_of_what_it_published(tx: Tx) -> None:
    daily, number = a_partner(tx), publish(tx)
    take(tx, daily, number)
    revise(tx, number, CORRECTION)
    take(tx, daily, number)

    assert decide_notices(tx, now=LATER) == 1


@pytest.mark.parametrize("kind", [MINOR, SUBSTANTIVE, RESTORED])
def test_an_edit_tells_nobody(tx: Tx, kind: RevisionKind) -> None:
    number = publish(tx)
    take(tx, a_partner(tx), number)
    revise(tx, number, kind)

    assert (has_undecided(tx), decide_notices(tx, now=LATER)) == (False, 0)


def test_a_withdrawal_reaches_holders_of_any_version_and_nobody_else(tx: Tx) -> None:
    daily, number, other = a_partner(tx), publish(tx), publish(tx, "other")
    a_partner(tx, RADIO)
    revise(tx, number, SUBSTANTIVE)
    take(tx, daily, number)

    withdraw(tx, number, other, now=LATER)
    decide_notices(tx, now=LATER)

    assert all_notices(tx) == [(DAILY, number, "withdrawal", WAITING)]


def test_a_partner_whose_feed_was_closed_still_hears_of_what_it_holds(tx: Tx) -> None:
    daily, number = a_partner(tx), publish(tx)
    take(tx, daily, number)
    revoke_partner(tx, daily.id, now=FRIDAY)
    withdraw(tx, number, now=LATER)

    assert decide_notices(tx, now=LATER) == 1


def test_deciding_again_makes_no_second_notice(tx: Tx, corrected: int) -> None:
    before = all_notices(tx)

    assert (has_undecided(tx), decide_notices(tx, now=LATER)) == (False, 0)
    assert all_notices(tx) == before == [(DAILY, corrected, "correction", WAITING)]


def test_what_is_due_is_seen_without_writing(tx: Tx) -> None:
    number = publish(tx)
    take(tx, a_partner(tx), number)
    revise(tx, number, CORRECTION)

    assert has_undecided(tx)


def test_a_partner_without_an_address_is_written_down_and_not_written_to(tx: Tx) -> None:
    number = publish(tx)
    take(tx, a_partner(tx, email=None), number)
    withdraw(tx, number, now=LATER)
    decide_notices(tx, now=LATER)

    assert [one.state for one in list_open(tx)] == [NoticeState.UNADDRESSED]
    assert list_waiting(tx, now=LATER) == []
    assert not send_again(tx, the_notice(tx).id)


def test_what_is_begun_waits_no_more_and_can_be_begun_once(tx: Tx, corrected: int) -> None:
    notice = the_notice(tx)

    begun = [begin_notice(tx, notice, now=LATER) for _ in range(2)]

    assert (begun, list_waiting(tx, now=LATER + 1000 * HOUR)) == ([True, False], [])
    assert (the_notice(tx).article, the_notice(tx).state, the_notice(tx).tries) == (corrected, NoticeState.WRITING, 1)


@pytest.mark.usefixtures("corrected")
def test_the_last_look_refuses_an_address_that_is_the_partners_no_more(tx: Tx) -> None:
    assert not begin_notice(tx, replace(the_notice(tx), email="old@daily.example.net"), now=LATER)


@pytest.mark.usefixtures("corrected")
def test_what_was_begun_long_ago_is_unknown_and_never_waits_by_itself(tx: Tx) -> None:
    begin_notice(tx, the_notice(tx), now=LATER)

    give_up_lost(tx, begun_before=LATER)
    early = the_notice(tx).state
    give_up_lost(tx, begun_before=LATER + timedelta(seconds=1))

    assert (early, the_notice(tx).state, the_notice(tx).error) == (NoticeState.WRITING, UNKNOWN, LOST)
    assert list_waiting(tx, now=LATER + 1000 * HOUR) == []


@pytest.mark.usefixtures("corrected")
def test_a_person_can_have_it_sent_again_and_a_late_answer_still_counts(tx: Tx) -> None:
    notice = the_notice(tx)
    begin_notice(tx, notice, now=LATER)
    end_notice(tx, notice.id, 1, UNKNOWN, error="no answer", now=LATER)

    again = [send_again(tx, notice.id) for _ in range(2)]
    end_notice(tx, notice.id, 1, SENT, now=LATER)

    assert (again, [state for *_, state in all_notices(tx)]) == ([True, False], [SENT])


@pytest.mark.usefixtures("corrected")
def test_an_answer_to_an_older_try_says_nothing_of_the_newer_one(tx: Tx) -> None:
    notice = the_notice(tx)
    begin_notice(tx, notice, now=LATER)
    put_off(tx, notice.id, 1, error="429", until=LATER)
    begin_notice(tx, the_notice(tx), now=LATER)

    end_notice(tx, notice.id, 1, NoticeState.REFUSED, error="late", now=LATER)

    assert (the_notice(tx).state, the_notice(tx).tries) == (NoticeState.WRITING, 2)


@pytest.mark.usefixtures("corrected")
def test_what_was_put_off_comes_back_at_its_hour(tx: Tx) -> None:
    put_off(tx, the_notice(tx).id, 0, error="429 slow down", until=LATER + HOUR)

    assert list_waiting(tx, now=LATER) == []
    assert [one.error for one in list_waiting(tx, now=LATER + HOUR)] == ["429 slow down"]


def test_a_correction_of_what_was_withdrawn_meanwhile_is_dropped(tx: Tx, corrected: int) -> None:
    notice = the_notice(tx)
    withdraw(tx, corrected, now=LATER)
    decide_notices(tx, now=LATER)

    begun = begin_notice(tx, notice, now=LATER)
    drop_overtaken(tx)

    assert not begun
    assert [(kind, state) for _, _, kind, state in all_notices(tx)] == [
        ("correction", NoticeState.DROPPED),
        ("withdrawal", WAITING),
    ]


def test_a_withdrawal_that_was_taken_back_before_it_was_told_is_dropped(tx: Tx) -> None:
    daily, number = a_partner(tx), publish(tx)
    take(tx, daily, number)
    withdraw(tx, number, now=LATER)
    decide_notices(tx, now=LATER)

    revise(tx, number, RESTORED)
    drop_overtaken(tx)

    assert count_notices(tx) == {daily.id: {NoticeState.DROPPED: 1}}


def test_a_notice_knows_what_its_own_correction_added(tx: Tx) -> None:
    old, new = (Correction(date=date(2026, 3, day), text=f"The {day}th.") for day in (5, 6))
    number = publish(tx, corrections=(old,))
    first = revise(tx, number, CORRECTION, corrections=(old, new))
    second = revise(tx, number, SUBSTANTIVE, corrections=(old, new))

    assert list_new_corrections(tx, number, first) == [new]
    assert list_new_corrections(tx, number, second) == []


STEPS = st.one_of(
    st.sampled_from([CORRECTION, WITHDRAWAL, SUBSTANTIVE, MINOR]),
    st.sampled_from([DAILY, RADIO, "decide"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=10))
def test_whatever_happens_in_whatever_order_each_holder_of_an_earlier_version_is_told_once(
    tx: Tx, steps: list[str]
) -> None:
    with tx.begin_nested() as undone:
        partners = {name: a_partner(tx, name) for name in (DAILY, RADIO)}
        number, holders, wanted, is_gone = publish(tx), set[str](), [], False
        for step in steps:
            if step in partners:
                take(tx, partners[step], number)
                holders.add(step)
            elif step == WITHDRAWAL:
                withdraw(tx, number)
            elif step == "decide":
                decide_notices(tx, now=LATER)
            else:
                revise(tx, number, RevisionKind(step))
            is_told = step == CORRECTION or (step == WITHDRAWAL and not is_gone)
            wanted += [(name, step) for name in holders if is_told]
            is_gone = step == WITHDRAWAL or (is_gone and step not in {CORRECTION, SUBSTANTIVE, MINOR})
        decide_notices(tx, now=LATER)

        assert sorted((name, kind) for name, _, kind, _ in all_notices(tx)) == sorted(wanted)
        undone.rollback()
