"""Freezing: the content closed, the whole audience written down once, and the same bytes whenever they are made."""

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from publisher.compose import freeze
from publisher.compose.decide import hold_edition
from publisher.deliver.mailer import Claim, load_content, render_batch
from publisher.model.delivery import DeliveryState, LeftOut, Packing
from publisher.model.edition import Edition, EditionState
from publisher.model.errors import StoreError, WrongStateError
from publisher.model.subscriber import SubscriptionState, SuppressionReason
from publisher.render.message import build_message
from publisher.store import batches, editions, ledger
from publisher.store.engine import Store
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY
from tests.composing import letters_of
from tests.house import House

READERS = [f"reader{number}@example.org" for number in range(5)]


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    return House(sqlite_store, tmp_path)


def an_audience_of_all_kinds(house: House) -> None:
    """One reader who gets it, and one for each reason not to."""
    house.subscribe("gets@example.org")
    house.subscribe(ANA, state=SubscriptionState.PENDING)
    house.subscribe(BEN, state=SubscriptionState.UNSUBSCRIBED)
    house.subscribe(CHIDI, state=SubscriptionState.PAUSED)
    house.subscribe("spanish@example.org", language="es")
    for address, state in (("c1@example.org", "subscribed"), ("c2@example.org", "unsubscribed")):
        house.subscribe(address, state=SubscriptionState(state), suppressed=SuppressionReason.COMPLAINED)


REASONS = {
    LeftOut.PENDING: 1,
    LeftOut.UNSUBSCRIBED: 1,
    LeftOut.PAUSED: 1,
    LeftOut.NOTHING_NEW: 1,
    LeftOut.SUPPRESSED: 2,
}


def test_everyone_is_in_the_ledger_with_the_reason_and_suppression_comes_first(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path)
    an_audience_of_all_kinds(house)

    edition = house.frozen_edition()

    with house.store.read() as tx:
        assert ledger.count_left_out(tx, edition.id) == REASONS
        assert ledger.count_deliveries(tx, edition.id) == {DeliveryState.PENDING: 1, DeliveryState.LEFT_OUT: 6}


def test_what_is_counted_before_the_freeze_is_what_is_frozen(house: House) -> None:
    an_audience_of_all_kinds(house)
    house.publish()
    edition = house.compose()

    audience = freeze.audience_of(house.store, house.publisher.settings, edition.id)
    with house.store.read() as tx:
        counted = ledger.count_audience(tx, audience)
    house.publisher.freeze(edition.id)

    with house.store.read() as tx:
        assert counted == (1, ledger.count_left_out(tx, edition.id))


def test_freezing_again_changes_nothing(house: House) -> None:
    edition = house.frozen_edition(audience=READERS)
    before = whole_state(house, edition)

    house.clock.forward(timedelta(hours=1))
    house.subscribe("late@example.org")
    again, changes = house.publisher.freeze(edition.id)

    assert (again.frozen_at, changes) == (FRIDAY, [])
    assert whole_state(house, edition) == before


@pytest.mark.parametrize(
    ("step", "after"),
    [("write_ledger", 0), ("write_ledger", 2), ("cut_batches", 0), ("cut_batches", 1), ("count_deliveries", 0)],
)
def test_a_freezing_that_stops_anywhere_is_resumed_to_the_same_end(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    monkeypatch.setattr(ledger, "CHUNK", 2)
    house.subscribe(*READERS)
    house.publish()
    edition = house.compose()

    with monkeypatch.context() as patched:
        patched.setattr(f"publisher.compose.freeze.ledger.{step}", failing_after(after, getattr(ledger, step)))
        with pytest.raises(StoreError):
            house.publisher.freeze(edition.id)
    frozen, _ = house.publisher.freeze(edition.id)

    assert frozen.state is EditionState.FROZEN
    report = house.publisher.send(edition.id, by_hand=True)
    assert (report.state, report.accepted) == (EditionState.SENT, 5)
    assert sorted(house.outbox(edition)) == READERS


def test_nobody_acts_on_an_edition_that_is_freezing(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    edition = house.compose()
    freeze.close_content(house.store, edition.id, now=FRIDAY)

    with pytest.raises(WrongStateError, match="is freezing"):
        hold_edition(house.store, edition.id)
    with house.store.begin() as tx:
        assert batches.claim_batch(tx, edition.id, now=FRIDAY) is None


@pytest.mark.parametrize(
    ("packing", "sizes"), [(Packing.WHOLE, [2, 2, 2]), (Packing.SHARED, [2, 1, 2, 1])], ids=["whole", "shared"]
)
def test_batches_are_cut_as_the_provider_takes_them(house: House, packing: Packing, sizes: list[int]) -> None:
    house.publish()
    house.publish("oro", language="es")
    for number in range(6):
        house.subscribe(f"r{number}@example.org", language="es" if number % 2 else "en")
    edition = house.compose()

    cutting = freeze.Cutting(size=2, packing=packing)
    freeze.freeze_edition(house.store, house.publisher.settings, edition.id, cutting, now=FRIDAY)

    with house.store.read() as tx:
        assert [batch.recipients for batch in batches.list_batches(tx, edition.id)] == sizes


def test_a_second_building_gives_the_same_bytes_on_any_day_and_machine(house: House, tmp_path: Path) -> None:
    edition = house.frozen_edition(audience=READERS)

    first = messages(house, edition)
    house.clock.forward(timedelta(days=3))
    another = House(Store("sqlite:///var/publisher.db", tmp_path), tmp_path)
    second = messages(another, edition)
    another.store.close()

    assert len(first) == 5
    assert first == second


def test_the_date_is_that_of_the_freeze_however_late_it_is_sent(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    house.clock.forward(timedelta(hours=20))
    house.publisher.send(edition.id, by_hand=True)

    assert parsedate_to_datetime(header(house.outbox(edition)[ANA], "Date")) == FRIDAY


def test_what_is_configured_after_the_freeze_changes_no_letter(house: House, tmp_path: Path) -> None:
    edition = house.frozen_edition(audience=[ANA])
    before = messages(house, edition)

    settings = house.publisher.settings
    newsroom = settings.newsroom.model_copy(update={"name": "Another name", "postal_address": "Elsewhere 1"})
    house.publisher = house.publisher.__class__(
        settings=settings.model_copy(update={"newsroom": newsroom}), store=house.store, clock=house.clock
    )
    own = tmp_path / "templates" / "email"
    own.mkdir(parents=True)
    (own / "item.html").write_text("{{ nosuch.thing }}")
    house.configure(title={"en": "Renamed", "es": "Otro"})

    assert messages(house, edition) == before


def test_the_list_id_of_a_newsletter_never_follows_the_configuration(house: House) -> None:
    settings = house.publisher.settings
    moved = settings.newsroom.model_copy(update={"url": "https://moved.example.net"})
    house.publisher.__dict__["composer"] = house.publisher.composer.__class__(
        settings=settings.model_copy(update={"newsroom": moved}),
        store=house.store,
        templates=house.publisher.templates,
    )

    edition = house.frozen_edition(audience=[ANA])
    house.publisher.send(edition.id, by_hand=True)

    assert header(house.outbox(edition)[ANA], "List-Id").endswith("<weekly.news.example.org>")


def test_what_was_edited_before_the_freeze_is_shown_as_it_is_now(house: House) -> None:
    house.subscribe(ANA)
    number = house.publish()
    house.publish("other", published=FRIDAY - timedelta(days=2))
    edition = house.compose()

    house.withdraw(number)
    frozen, changes = house.publisher.freeze(edition.id)

    assert changes == [f"article {number} was withdrawn and is out: The gold route"]
    assert f"republish/{number}/" not in letters_of(house, frozen)["en"].html


def test_an_edition_that_loses_its_last_article_before_the_freeze_is_skipped_with_the_number(house: House) -> None:
    house.subscribe(ANA)
    number = house.publish()
    edition = house.compose()

    house.withdraw(number)
    report = house.publisher.send(edition.id, by_hand=True)

    assert report.state is EditionState.SKIPPED
    assert house.edition(edition.id).reason == "too little is new: 0 in en, 0 in es; the minimum is 1"
    assert house.outbox(edition) == {}


def test_a_reader_who_comes_after_the_freeze_is_not_in_it(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])

    house.subscribe(DOLORES)
    house.publisher.send(edition.id, by_hand=True)

    assert list(house.outbox(edition)) == [ANA]


def failing_after(count: int, real: Callable[..., object]) -> Callable[..., object]:
    """The real step so many times, then a store that goes away."""
    calls = [0]

    def step(*args: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] > count:
            raise StoreError("the store went away")
        return real(*args, **named)

    return step


def whole_state(house: House, edition: Edition) -> tuple[object, ...]:
    """Everything that freezing writes."""
    with house.store.read() as tx:
        made = batches.list_batches(tx, edition.id)
        readers = [ledger.list_readers(tx, batch.id) for batch in made]
        return editions.get_edition(tx, edition.id), made, readers, ledger.count_deliveries(tx, edition.id)


def messages(house: House, edition: Edition) -> list[bytes]:
    """Every message of an edition, built anew from the store."""
    with house.store.read() as tx:
        made = batches.list_batches(tx, edition.id)
        claims = [Claim(batch=batch, readers=ledger.list_readers(tx, batch.id)) for batch in made]
    mailer = house.publisher.mailer
    rendered = [render_batch(mailer, load_content(house.store, edition.id, c.batch.cut), c) for c in claims]
    return [build_message(batch, recipient) for batch in rendered for recipient in batch.recipients]


def header(raw: bytes, name: str) -> str:
    """A header field of a message, on one line."""
    return str(email.message_from_bytes(raw, policy=email.policy.default)[name])
