"""After approving, the source may only veto: what is withdrawn stays behind, and nobody gets a second letter."""

from pathlib import Path

import pytest

from publisher.compose.decide import resume_edition
from publisher.model.article import Kind
from publisher.model.delivery import LeftOut
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.store import batches, editions, ledger, slots
from publisher.store.engine import Store
from tests.builders import ANA, BEN, CHIDI, FRIDAY
from tests.composing import letters_of
from tests.deliver.scripted import Scripted
from tests.house import House


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    return House(sqlite_store, tmp_path)


def resume(house: House, edition: Edition) -> Edition:
    """A person lets it go on."""
    return resume_edition(house.publisher.composer, edition.id, now=house.clock.now())


def test_a_takedown_in_the_middle_leaves_it_out_for_those_who_wait_and_repeats_it_to_nobody(
    store: Store, tmp_path: Path
) -> None:
    house = Scripted(store, tmp_path)
    house.limit(recipients=1)
    doomed = house.publish("doomed", title="A mistaken story")
    edition = house.frozen_edition(audience=[ANA, BEN, CHIDI])
    house.provider.before_begin = [lambda: None, lambda: house.withdraw(doomed)]

    halted = house.send(edition.id)
    resume(house, edition)
    sent = house.send(edition.id)

    assert (halted, sent) == (EditionState.HALTED, EditionState.SENT)
    assert sorted(house.provider.taken) == [(ANA,), (BEN,), (CHIDI,)]
    shown = ["A mistaken story" in letter.html for one in house.provider.begun for letter in one.letters.values()]
    assert shown == [True, False, False]


def test_the_second_cut_has_the_date_the_marks_and_the_message_ids_of_the_freeze(
    sqlite_store: Store, tmp_path: Path
) -> None:
    house = Scripted(sqlite_store, tmp_path)
    house.limit(recipients=1)
    doomed = house.publish("doomed")
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.provider.before_begin = [lambda: None, lambda: house.withdraw(doomed)]

    house.send(edition.id)
    resume(house, edition)
    house.send(edition.id)

    first, second = house.provider.begun
    assert second.envelope == first.envelope
    assert first.recipients[0].holes.keys() == second.recipients[0].holes.keys()


def test_subject_and_preview_text_do_not_name_what_was_withdrawn(house: House) -> None:
    house.publish("kept", title="What stays", published=FRIDAY.replace(hour=1))
    doomed = house.publish("doomed", title="A mistaken story", published=FRIDAY.replace(hour=2))
    edition = house.frozen_edition(audience=[ANA])
    before = letters_of(house, edition)["en"]

    house.withdraw(doomed)
    house.publisher.send(edition.id, by_hand=True)
    resume(house, edition)

    after = letters_of(house, edition)["en"]
    assert "A mistaken story" in before.subject
    assert "A mistaken story" not in after.subject + after.preheader + after.html + after.text
    assert "What stays" in after.subject


def test_nothing_else_of_the_letter_is_altered(house: House) -> None:
    doomed = house.publish("doomed", title="A mistaken story")
    edition = house.frozen_edition(audience=[ANA])
    with house.store.read() as tx:
        variant = editions.list_variants(tx, edition.cut or 0)["en"]
        before = {one.html for one in editions.list_fragments(tx, variant) if one.article != doomed}

    house.withdraw(doomed)
    house.publisher.send(edition.id, by_hand=True)
    resume(house, edition)

    with house.store.read() as tx:
        variant = editions.list_variants(tx, house.edition(edition.id).cut or 0)["en"]
        after = {one.html for one in editions.list_fragments(tx, variant)}
    assert len(after - before) == 1  # the opening, which names headlines in its preview text
    assert len(before - after) == 1


def test_the_heading_of_a_block_in_which_nothing_is_left_goes_too(house: House) -> None:
    doomed = house.publish("job", title="We are hiring", kind=Kind.UPDATE)
    edition = house.frozen_edition(audience=[ANA])
    blocks = blocks_of(house, edition)

    house.withdraw(doomed)
    house.publisher.send(edition.id, by_hand=True)
    resume(house, edition)

    assert (blocks, blocks_of(house, edition)) == ({"stories", "updates"}, {"stories"})


def test_an_edition_of_which_nothing_is_left_is_mailed_to_nobody_and_skipped(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    house.withdraw(1)
    house.publisher.send(edition.id, by_hand=True)

    resume(house, edition)
    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.left_out, house.outbox(edition)) == (EditionState.SKIPPED, 1, {})
    assert outcome_of(house, edition) == (SlotOutcome.SKIPPED, "nobody was left to send it to")


def test_a_language_of_which_nothing_is_left_leaves_its_readers_out_and_the_others_get_theirs(house: House) -> None:
    spanish = house.publish("oro", language="es", title="La ruta del oro")
    house.subscribe(BEN, language="es")
    edition = house.frozen_edition(audience=[ANA])

    house.withdraw(spanish)
    house.publisher.send(edition.id, by_hand=True)
    resume(house, edition)
    report = house.publisher.send(edition.id, by_hand=True)

    with house.store.read() as tx:
        assert ledger.count_left_out(tx, edition.id) == {LeftOut.NOTHING_NEW: 1}
    assert (report.state, list(house.outbox(edition))) == (EditionState.SENT, [ANA])


def test_resuming_without_a_withdrawal_makes_no_second_cut(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.HALTED, among=[EditionState.FROZEN], reason="401")

    resumed = resume(house, edition)

    assert resumed.cut == edition.cut


def test_a_batch_that_was_rendered_from_the_older_cut_cannot_be_begun_any_more(house: House) -> None:
    doomed = house.publish("doomed")
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        claimed = batches.claim_batch(tx, edition.id, now=FRIDAY)
        assert claimed
        editions.move_edition(tx, edition.id, to=EditionState.HALTED, among=[EditionState.SENDING], reason="withdrawn")
    house.withdraw(doomed)

    resume(house, edition)
    with house.store.begin() as tx:
        deadline = house.publisher.provider.limits.deadline
        is_begun = batches.begin_writing(tx, claimed, account="outbox", deadline=deadline, now=FRIDAY)

    assert is_begun is False


def test_a_batch_that_a_dead_worker_held_at_the_second_cut_goes_with_the_new_letter(house: House) -> None:
    doomed = house.publish("doomed", title="A mistaken story")
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batches.claim_batch(tx, edition.id, now=FRIDAY)
        editions.move_edition(tx, edition.id, to=EditionState.HALTED, among=[EditionState.SENDING], reason="withdrawn")
    house.withdraw(doomed)
    resume(house, edition)

    house.clock.forward(batches.CLAIM_LEASE)
    report = house.publisher.send(edition.id, by_hand=True)

    assert report.accepted == 1
    assert b"A mistaken story" not in house.outbox(edition)[ANA]


def blocks_of(house: House, edition: Edition) -> set[str]:
    """The blocks that an edition's letter has headings or articles of."""
    with house.store.read() as tx:
        variant = editions.list_variants(tx, house.edition(edition.id).cut or 0)["en"]
        return {one.block for one in editions.list_fragments(tx, variant) if one.block in {"stories", "updates"}}


def outcome_of(house: House, edition: Edition) -> tuple[SlotOutcome | None, str | None]:
    """How the slot ended, and why."""
    with house.store.read() as tx:
        line = slots.find_slot(tx, edition.id)
    assert line
    return line.outcome, line.why
