"""The ledger: one row for each reader of the audience, with a variant or with the reason why not."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from publisher.model.delivery import BatchState, DeliveryState, LeftOut, Packing
from publisher.model.subscriber import SubscriptionState, SuppressionReason
from publisher.store import batches, editions, ledger, subscribers
from publisher.store.engine import Tx
from publisher.store.ledger import Audience
from publisher.store.schema import delivery, subscription
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY, a_reader
from tests.store.store_builders import (
    HOUR,
    LATER,
    a_cut,
    a_newsletter,
    a_sending,
    an_audience,
    an_edition,
    begin,
    claim,
    subscribe,
)

CARLA = "carla@example.org"


@pytest.fixture
def audience(tx: Tx) -> Audience:
    """An edition in English and Spanish, as yet for nobody."""
    newsletter = a_newsletter(tx)
    edition = an_edition(tx, newsletter).id
    return an_audience(edition, newsletter, a_cut(tx, edition))


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes the ledger two readers at a time."""
    monkeypatch.setattr(ledger, "CHUNK", 2)


def write(tx: Tx, audience: Audience) -> int:
    """Writes the whole ledger; gives in how many chunks."""
    after, chunks = ledger.write_ledger(tx, audience, after=0), 0
    while after is not None:
        after, chunks = ledger.write_ledger(tx, audience, after=after), chunks + 1
    return chunks


def rows(tx: Tx, edition: int) -> dict[int, tuple[str, str | None, int | None]]:
    """State, reason and variant of each reader."""
    query = select(delivery).where(delivery.c.edition == edition)
    return {row.subscriber: (row.state, row.left_out, row.variant) for row in tx.execute(query)}


def rows_in_batches(tx: Tx, edition: int) -> list[list[int]]:
    """The readers of each batch, in the order of the batches."""
    found = [one.id for one in batches.list_batches(tx, edition)]
    query = select(delivery.c.subscriber).order_by(delivery.c.subscriber)
    return [list(tx.execute(query.where(delivery.c.batch == number)).scalars()) for number in found]


REASONS = [
    ({"state": SubscriptionState.UNSUBSCRIBED}, LeftOut.UNSUBSCRIBED),
    ({"state": SubscriptionState.PENDING}, LeftOut.PENDING),
    ({"state": SubscriptionState.PAUSED}, LeftOut.PAUSED),
    ({"suppressed": SuppressionReason.BOUNCED}, LeftOut.SUPPRESSED),
    ({"state": SubscriptionState.UNSUBSCRIBED, "suppressed": SuppressionReason.BOUNCED}, LeftOut.SUPPRESSED),
    ({"state": SubscriptionState.PENDING, "language": "pt"}, LeftOut.PENDING),
    ({"language": "pt"}, LeftOut.LANGUAGE),
    ({"language": "fr"}, LeftOut.NOTHING_NEW),
]


@pytest.mark.parametrize(("line", "reason"), REASONS)
def test_who_gets_nothing_is_in_the_ledger_with_the_gravest_reason(
    tx: Tx, audience: Audience, line: dict[str, str], reason: LeftOut
) -> None:
    of_four_languages = an_audience(
        audience.edition, audience.newsletter, audience.variants, languages=("en", "es", "fr", "pt"), not_for=("pt",)
    )
    (ana,) = subscribe(tx, audience.newsletter, ANA, **line)

    write(tx, of_four_languages)

    assert rows(tx, audience.edition) == {ana: ("left_out", reason, None)}
    assert ledger.count_audience(tx, of_four_languages) == (0, {reason: 1})


@pytest.mark.parametrize(
    ("chosen", "written"),
    [("es", "es"), ("es-MX", "es"), ("ES", "es"), ("en", "en"), ("fr", "en"), ("est", "en"), (None, "en"), ("", "en")],
)
def test_a_reader_is_written_to_in_her_language_exactly_or_by_its_first_part_else_in_the_first_of_the_newsroom(
    tx: Tx, audience: Audience, chosen: str | None, written: str
) -> None:
    (ana,) = subscribe(tx, audience.newsletter, ANA, language=chosen)

    write(tx, audience)

    assert rows(tx, audience.edition) == {ana: ("pending", None, audience.variants[written])}
    assert ledger.find_variant(tx, audience.edition, ana) == audience.variants[written]


def test_a_regional_language_of_the_newsroom_is_taken_before_its_first_part(tx: Tx) -> None:
    newsletter = a_newsletter(tx)
    edition = an_edition(tx, newsletter).id
    variants = a_cut(tx, edition, languages=("pt", "pt-BR"))
    (ana,) = subscribe(tx, newsletter, ANA, language="pt-br")

    write(tx, an_audience(edition, newsletter, variants, languages=("pt", "pt-BR"), default="pt"))

    assert ledger.find_variant(tx, edition, ana) == variants["pt-BR"]


def test_an_erased_reader_is_not_in_the_audience(tx: Tx, audience: Audience) -> None:
    ana, ben = subscribe(tx, audience.newsletter, ANA, BEN)
    subscribers.erase(tx, ana, now=FRIDAY)

    write(tx, audience)

    assert list(rows(tx, audience.edition)) == [ben]


def test_the_audience_is_that_of_its_own_newsletter(tx: Tx, audience: Audience) -> None:
    subscribe(tx, a_newsletter(tx, "alerts"), ANA)

    assert write(tx, audience) == 0
    assert rows(tx, audience.edition) == {}
    assert ledger.count_audience(tx, audience) == (0, {})


@pytest.mark.usefixtures("chunks_of_two")
def test_the_whole_audience_is_written_in_chunks_by_the_readers_number(tx: Tx, audience: Audience) -> None:
    numbers = subscribe(tx, audience.newsletter, ANA, BEN, CHIDI, DOLORES, CARLA)

    first = ledger.write_ledger(tx, audience, after=0)

    assert (first, sorted(rows(tx, audience.edition))) == (numbers[1], numbers[:2])
    assert write(tx, audience) == 3
    assert sorted(rows(tx, audience.edition)) == numbers


@pytest.mark.usefixtures("chunks_of_two")
def test_a_freeze_that_is_resumed_from_the_start_leaves_what_is_written_as_it_is(tx: Tx, audience: Audience) -> None:
    ana, ben, *_ = subscribe(tx, audience.newsletter, ANA, BEN, CHIDI)
    ledger.write_ledger(tx, audience, after=0)
    subscribers.take_out(tx, audience.newsletter, [ana, ben], now=LATER)

    write(tx, audience)

    assert Counter(state for state, *_ in rows(tx, audience.edition).values()) == {"pending": 3}


def test_what_was_counted_before_is_what_freezing_writes(tx: Tx, audience: Audience) -> None:
    subscribe(tx, audience.newsletter, ANA, CARLA, language="es")
    subscribe(tx, audience.newsletter, BEN)
    subscribe(tx, audience.newsletter, CHIDI, state=SubscriptionState.PENDING)
    subscribe(tx, audience.newsletter, DOLORES, state=SubscriptionState.UNSUBSCRIBED)
    english_only = an_audience(audience.edition, audience.newsletter, {"en": audience.variants["en"]})

    counted = ledger.count_audience(tx, english_only)
    write(tx, english_only)

    expected = {LeftOut.NOTHING_NEW: 2, LeftOut.PENDING: 1, LeftOut.UNSUBSCRIBED: 1}
    assert counted == (1, expected)
    assert ledger.count_left_out(tx, audience.edition) == expected
    assert ledger.count_deliveries(tx, audience.edition) == {"pending": 1, "left_out": 4}


@pytest.mark.parametrize(
    ("packing", "sizes"), [(Packing.WHOLE, [3, 3, 1]), (Packing.SHARED, [3, 1, 3])], ids=["whole", "shared"]
)
def test_batches_are_filled_in_the_order_of_variants_and_shared_ones_hold_one_variant(
    tx: Tx, audience: Audience, packing: Packing, sizes: list[int]
) -> None:
    for number in range(7):  # four of English, three of Spanish, one after the other
        subscribe(tx, audience.newsletter, f"reader{number}@example.org", language="es" if number % 2 else "en")
    write(tx, audience)

    made = ledger.cut_batches(tx, audience.edition, size=3, packing=packing)

    found = batches.list_batches(tx, audience.edition)
    assert (made, [one.recipients for one in found]) == (3, sizes)
    assert [len(readers) for readers in rows_in_batches(tx, audience.edition)] == sizes
    assert {(one.state, one.attempt, one.cut) for one in found} == {
        (BatchState.READY, 0, editions.get_edition(tx, audience.edition).cut)
    }


def test_cutting_batches_takes_a_limited_step_and_is_safe_to_repeat(tx: Tx, audience: Audience) -> None:
    numbers = subscribe(tx, audience.newsletter, ANA, BEN, CHIDI, DOLORES, CARLA)
    write(tx, audience)

    made = [ledger.cut_batches(tx, audience.edition, size=2, packing=Packing.WHOLE, limit=limit) for limit in (1, 9, 9)]

    assert made == [1, 2, 0]
    assert rows_in_batches(tx, audience.edition) == [numbers[:2], numbers[2:4], numbers[4:]]


def test_who_is_left_out_is_in_no_batch(tx: Tx, audience: Audience) -> None:
    subscribe(tx, audience.newsletter, ANA, state=SubscriptionState.PENDING)
    write(tx, audience)

    assert ledger.cut_batches(tx, audience.edition, size=2, packing=Packing.WHOLE) == 0


AUDIENCES = st.lists(st.tuples(st.sampled_from(SubscriptionState), st.sampled_from(["en", "es", "fr"])), max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=AUDIENCES, chunk=st.integers(1, 4), size=st.integers(1, 4), packing=st.sampled_from(Packing))
def test_everyone_is_in_the_ledger_once_and_who_gets_it_in_one_batch_whatever_the_sizes(
    tx: Tx, people: list[tuple[SubscriptionState, str]], chunk: int, size: int, packing: Packing
) -> None:
    with tx.begin_nested() as example, pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "CHUNK", chunk)
        newsletter = a_newsletter(tx)
        edition = an_edition(tx, newsletter).id
        for number, (state, language) in enumerate(people):
            subscribe(tx, newsletter, f"reader{number}@example.org", state=state, language=language)
        write(tx, an_audience(edition, newsletter, a_cut(tx, edition, languages=["en"])))
        while ledger.cut_batches(tx, edition, size=size, packing=packing, limit=2):
            pass

        found = rows(tx, edition)
        assert len(found) == len(people)
        assert all(
            (reason is None) == (state == "pending") == (variant is not None)
            for state, reason, variant in found.values()
        )
        in_batches = [reader for readers in rows_in_batches(tx, edition) for reader in readers]
        assert sorted(in_batches) == sorted(reader for reader, (state, *_) in found.items() if state == "pending")
        assert all(1 <= len(readers) <= size for readers in rows_in_batches(tx, edition))
        example.rollback()


def test_who_left_was_suppressed_or_erased_since_the_freeze_is_taken_out_of_a_claimed_batch(tx: Tx) -> None:
    sending = a_sending(tx, ANA, BEN, CHIDI, DOLORES, size=4)
    mine = claim(tx, sending.edition)
    subscribers.take_out(tx, sending.newsletter, [sending.readers[ANA]], now=LATER)
    subscribers.suppress(tx, f"key of {BEN}", SuppressionReason.COMPLAINED, now=LATER)
    subscribers.erase(tx, sending.readers[CHIDI], now=LATER)
    assert ledger.has_gone_readers(tx, mine.id)

    left = ledger.leave_out_the_gone(tx, mine.id)

    assert (left, [reader.address for reader, _ in ledger.list_readers(tx, mine.id)]) == (1, [DOLORES])
    assert not ledger.has_gone_readers(tx, mine.id)
    assert ledger.count_left_out(tx, sending.edition) == {LeftOut.UNSUBSCRIBED: 2, LeftOut.SUPPRESSED: 1}
    assert [one.recipients for one in batches.list_batches(tx, sending.edition)] == [1]


@pytest.mark.parametrize("left", ["alerts", "weekly"])
def test_a_reader_of_two_newsletters_leaves_the_one_that_she_left(tx: Tx, left: str) -> None:
    sending = a_sending(tx, ANA)
    newsletters = {"weekly": sending.newsletter, "alerts": a_newsletter(tx, "alerts")}
    subscribe(tx, newsletters["alerts"], ANA)

    subscribers.take_out(tx, newsletters[left], [sending.readers[ANA]], now=LATER)

    assert ledger.has_gone_readers(tx, claim(tx, sending.edition).id) == (left == "weekly")


def test_the_readers_of_a_batch_come_with_the_address_that_they_have_now(tx: Tx) -> None:
    sending = a_sending(tx, ANA, BEN)
    tx.execute(update(subscription).values(since=FRIDAY - HOUR))

    readers = ledger.list_readers(tx, claim(tx, sending.edition).id)

    assert [(reader.id, reader.address, reader.since) for reader, _ in readers] == [
        (sending.readers[email], email, FRIDAY - HOUR) for email in (ANA, BEN)
    ]
    assert [reader.public_id for reader, _ in readers] == [a_reader(email).public_id for email in (ANA, BEN)]


def recut(tx: Tx, edition: int) -> tuple[dict[str, int], dict[str, int]]:
    """A second cut, to which all who wait are moved; the old variants and the new ones."""
    cut = editions.get_edition(tx, edition).cut
    old, new = editions.list_variants(tx, cut or 0), a_cut(tx, edition)
    by_old = {old[language]: new[language] for language in old}
    ledger.move_to_cut(tx, edition, editions.get_edition(tx, edition).cut or 0, by_old=by_old)
    return old, new


def test_a_newer_cut_is_for_those_not_yet_served_whether_their_batch_is_ready_or_claimed(tx: Tx) -> None:
    sending = a_sending(tx, ANA, BEN, size=1)
    mine = claim(tx, sending.edition)

    _, new = recut(tx, sending.edition)

    newest = editions.get_edition(tx, sending.edition).cut
    assert [one.cut for one in batches.list_batches(tx, sending.edition)] == [newest, newest]
    assert {variant for *_, variant in rows(tx, sending.edition).values()} == {new["en"]}
    assert not begin(tx, mine)  # it was rendered from the older cut


@pytest.mark.parametrize("becomes", [BatchState.WRITING, BatchState.ACCEPTED, BatchState.UNKNOWN, BatchState.REJECTED])
def test_what_a_reader_was_written_stays_what_the_ledger_says_whatever_newer_cuts_there_are(
    tx: Tx, becomes: BatchState
) -> None:
    sending = a_sending(tx, ANA)
    mine = claim(tx, sending.edition)
    begin(tx, mine)
    ends = {BatchState.ACCEPTED: batches.accept, BatchState.UNKNOWN: batches.doubt, BatchState.REJECTED: batches.reject}
    if becomes in ends:
        ends[becomes](tx, mine.id, mine.attempt, words="so it was answered")

    old, new = recut(tx, sending.edition)
    ledger.leave_out_variants(tx, sending.edition, [*old.values(), *new.values()])

    (found,) = batches.list_batches(tx, sending.edition)
    assert (found.cut, found.state) == (mine.cut, becomes)
    assert ledger.find_variant(tx, sending.edition, sending.readers[ANA]) == old["en"]
    assert ledger.count_left_out(tx, sending.edition) == {}


def test_an_edition_that_became_empty_in_a_language_leaves_out_who_waits_for_it(tx: Tx) -> None:
    sending = a_sending(tx, ANA, BEN, size=1)
    accepted = claim(tx, sending.edition)
    begin(tx, accepted)
    batches.accept(tx, accepted.id, accepted.attempt, words="")
    variant = ledger.find_variant(tx, sending.edition, sending.readers[BEN])

    ledger.leave_out_variants(tx, sending.edition, [variant or 0])

    found = rows(tx, sending.edition)
    assert found[sending.readers[ANA]][:2] == ("accepted", None)
    assert found[sending.readers[BEN]][:2] == ("left_out", LeftOut.NOTHING_NEW)


def test_a_readers_story_tells_each_edition_with_what_became_of_her_copy_newest_first(tx: Tx) -> None:
    sending = a_sending(tx, ANA)
    mine = claim(tx, sending.edition)
    begin(tx, mine)
    batches.accept(tx, mine.id, mine.attempt, words="queued as 7")
    editions.change_edition(tx, sending.edition, state="sent")
    later = an_edition(tx, sending.newsletter, LATER).id
    subscribers.take_out(tx, sending.newsletter, [sending.readers[ANA]], now=LATER)
    write(tx, an_audience(later, sending.newsletter, a_cut(tx, later)))

    second, first = ledger.list_stories(tx, sending.readers[ANA])

    assert (first.edition, first.state, first.batch, first.words) == (
        sending.edition,
        DeliveryState.ACCEPTED,
        mine.id,
        "queued as 7",
    )
    assert (second.edition, second.state, second.left_out) == (later, DeliveryState.LEFT_OUT, LeftOut.UNSUBSCRIBED)
    assert [one.edition for one in ledger.list_stories(tx, sending.readers[ANA], edition_id=later)] == [later]
