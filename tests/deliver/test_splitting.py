"""A refused request: a named address is taken out, else one control message decides; nothing is split without end."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.deliver.send import Stop
from publisher.model.delivery import (
    Accepted,
    BatchState,
    Blame,
    DeliveryState,
    NotNow,
    Outcome,
    Packing,
    Refused,
    RenderedBatch,
    Unclear,
)
from publisher.model.edition import EditionState
from publisher.store import batches
from publisher.store.engine import Store
from tests.builders import ANA, BEN, CHIDI
from tests.deliver.scripted import Scripted

READERS = [f"reader{number}@example.org" for number in range(8)]
MAILBOX = "digest@mail.example.org"
BAD = Refused(blame=Blame.REQUEST, words="400 bad request")


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> Scripted:
    return Scripted(sqlite_store, tmp_path)


def refusing(*addresses: str) -> Callable[[RenderedBatch], Outcome]:
    """A provider that refuses a request with one of these in it, and does not say which."""

    def judge(batch: RenderedBatch) -> Outcome:
        return BAD if {one.address for one in batch.recipients} & set(addresses) else Accepted()

    return judge


def requests(house: Scripted) -> Counter[int]:
    """How many requests there were of each size; those to our own mailbox are of size 0."""
    return Counter(
        0 if [one.address for one in batch.recipients] == [MAILBOX] else len(batch.recipients)
        for batch in house.provider.begun
    )


@pytest.mark.parametrize("bad", [READERS[:1], READERS[-1:], [READERS[2], READERS[5]]], ids=["first", "last", "two"])
def test_bad_addresses_that_nobody_names_are_found_and_all_others_get_it_once(
    store: Store, tmp_path: Path, bad: list[str]
) -> None:
    house = Scripted(store, tmp_path)
    edition = house.frozen_edition(audience=READERS)
    house.provider.judge = refusing(*bad)

    report = house.publisher.send(edition.id, by_hand=True)

    taken = Counter(address for batch in house.provider.taken for address in batch if address != MAILBOX)
    assert taken == Counter(set(READERS) - set(bad))
    assert (report.state, report.accepted, report.rejected) == (EditionState.SENT, 8 - len(bad), len(bad))
    assert all(house.fates(one) == [(DeliveryState.REJECTED, BAD.words)] for one in bad)


def test_a_batch_that_was_split_stays_so_and_its_parts_have_numbers_of_their_own(house: Scripted) -> None:
    edition = house.frozen_edition(audience=READERS)
    house.provider.judge = refusing(READERS[0])

    house.send(edition.id)

    states = Counter(batch.state for batch in house.batches(edition.id))
    attempts = [batch.attempt_id for batch in house.provider.begun]
    assert states == {BatchState.SPLIT: 3, BatchState.ACCEPTED: 3, BatchState.REJECTED: 1}
    assert len(set(attempts)) == len(attempts)
    assert sum(batch.recipients for batch in house.batches(edition.id) if batch.state is not BatchState.SPLIT) == 8


def test_a_content_that_is_refused_costs_one_control_message_and_halts(house: Scripted) -> None:
    edition = house.frozen_edition(audience=READERS)
    house.provider.judge = lambda _: BAD

    state = house.send(edition.id)

    assert (state, house.edition(edition.id).reason) == (EditionState.HALTED, BAD.words)
    assert requests(house) == {8: 1, 0: 1}
    assert [(one.state, one.recipients) for one in house.batches(edition.id)] == [(BatchState.READY, 8)]


def test_an_edition_is_split_only_so_often_and_then_halts(house: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SPLIT_BUDGET", 2)
    edition = house.frozen_edition(audience=READERS)
    house.provider.judge = refusing(READERS[0])

    state = house.send(edition.id)

    counts = Counter(batch.state for batch in house.batches(edition.id))
    assert (state, counts[BatchState.SPLIT], requests(house)[0]) == (EditionState.HALTED, 2, 3)
    assert house.fates(READERS[0]) == [(DeliveryState.PENDING, BAD.words)]


def test_batches_that_everybody_left_do_not_use_the_budget(house: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SPLIT_BUDGET", 1)
    house.limit(recipients=2)
    edition = house.frozen_edition(audience=READERS[:4])
    for reader in READERS[:2]:
        house.unsubscribe(reader)
    house.provider.judge = refusing(READERS[2])

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted, report.rejected, report.left_out) == (EditionState.SENT, 1, 1, 2)


@pytest.mark.parametrize("unsure", [NotNow(words="429"), Unclear(words="lost")])
def test_a_control_message_that_says_nothing_makes_the_batch_wait_unsplit(house: Scripted, unsure: Outcome) -> None:
    edition = house.frozen_edition(audience=READERS)
    stop = Stop()  # as Ctrl-C does it, once the control message was answered
    house.provider.answers = [BAD, unsure]
    house.provider.before_begin = [lambda: None, stop.event.set]

    house.publisher.send(edition.id, by_hand=True, stop=stop)

    (batch,) = house.batches(edition.id)
    assert (batch.state, batch.recipients, batch.words) == (BatchState.READY, 8, BAD.words)


def test_several_named_addresses_are_taken_out_at_once_without_a_control_message(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN, CHIDI])
    named = Refused(blame=Blame.ADDRESS, words="not valid")
    house.provider.answers = [{ANA: named, BEN: NotNow(words="another's"), CHIDI: named}]

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.accepted, report.rejected) == (1, 2)
    assert requests(house) == {3: 1, 1: 1}


def test_a_message_that_cannot_be_built_halts_before_anything_is_begun(house: Scripted) -> None:
    edition = house.frozen_edition(audience=[ANA])

    def unbuildable() -> None:
        raise ValueError("Subject holds the character U+202E")

    house.provider.before_begin = [unbuildable]
    state = house.send(edition.id)

    assert (state, house.provider.begun) == (EditionState.HALTED, [])
    assert "cannot be built: Subject holds the character U+202E" in str(house.edition(edition.id).reason)
    assert [one.state for one in house.batches(edition.id)] == [BatchState.READY]


@pytest.mark.parametrize(
    ("packing", "limit", "sizes"),
    [(Packing.WHOLE, 1, {1: 8}), (Packing.WHOLE, 3, {3: 2, 2: 1}), (Packing.SHARED, 8, {4: 2})],
)
def test_batches_made_for_another_provider_are_packed_anew_and_nobody_gets_two(
    house: Scripted, packing: Packing, limit: int, sizes: dict[int, int]
) -> None:
    house.limit(packing=Packing.WHOLE)
    house.publish("oro", language="es")
    for number, reader in enumerate(READERS):
        house.subscribe(reader, language="es" if number % 2 else "en")
    edition = house.frozen_edition()

    house.limit(recipients=limit, packing=packing)
    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, report.accepted) == (EditionState.SENT, 8)
    assert requests(house) == sizes
    mixed = [batch for batch in house.provider.begun if len({one.variant for one in batch.recipients}) > 1]
    assert packing is Packing.WHOLE or not mixed
