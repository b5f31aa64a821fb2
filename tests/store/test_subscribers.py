"""Subscribers: "out" always wins, consent is kept, an erased reader leaves a hash and nothing else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from publisher.model.errors import NotFoundError
from publisher.model.subscriber import SubscriptionState, SuppressionReason
from publisher.store import subscribers
from publisher.store.engine import Tx
from publisher.store.schema import address, subscriber
from publisher.store.subscribers import Imported, Subscribed
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY, a_reader
from tests.store.store_builders import LATER, a_newsletter, subscribe

IN, PENDING = SubscriptionState.SUBSCRIBED, SubscriptionState.PENDING
OUT, PAUSED = SubscriptionState.UNSUBSCRIBED, SubscriptionState.PAUSED


@pytest.fixture
def weekly(tx: Tx) -> int:
    """A newsletter without readers."""
    return a_newsletter(tx)


def store(tx: Tx, newsletter: int, *readers: subscribers.NewReader) -> Imported:
    """Stores a page of readers an hour later."""
    return subscribers.store_readers(tx, newsletter, readers, now=LATER)


def find(tx: Tx, email: str = ANA) -> Subscribed:
    """The one subscription of a reader."""
    (found,) = subscribers.find_subscriptions(tx, email)
    return found


def test_a_subscription_keeps_who_when_what_was_agreed_to_and_what_was_chosen(tx: Tx, weekly: int) -> None:
    reader = a_reader(
        "Ana@example.org", name="Ana", language="es", sections=("gold",), topics=("a", "b"), frequency="weekly"
    )

    store(tx, weekly, reader)

    ana = find(tx)
    assert (ana.email, ana.name, ana.language, ana.newsletter) == ("Ana@example.org", "Ana", "es", "weekly")
    assert (ana.state, ana.since, ana.consent) == (IN, datetime(2026, 1, 5, tzinfo=UTC), "form on news.example.org")
    assert ana.choices == {"sections": ["gold"], "countries": [], "topics": ["a", "b"], "frequency": "weekly"}
    assert (ana.public_id, ana.suppressed) == (reader.public_id, None)


def test_a_reader_of_unknown_date_is_one_from_now_on(tx: Tx, weekly: int) -> None:
    store(tx, weekly, a_reader(ANA, subscribed_at=None))

    assert find(tx).since == LATER


def test_one_mailbox_in_two_letter_cases_is_one_reader_who_keeps_her_id(tx: Tx, weekly: int) -> None:
    first = store(tx, weekly, a_reader(ANA))
    again = store(tx, weekly, a_reader(ANA.upper()), a_reader(BEN))

    assert (first, again) == (Imported(added=1, kept=0, left=0), Imported(added=1, kept=1, left=0))
    assert (find(tx).email, find(tx, ANA.upper()).public_id) == (ANA, a_reader(ANA).public_id)


def test_a_reader_of_one_newsletter_subscribes_to_another_under_the_same_id(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    store(tx, weekly, a_reader(ANA))
    store(tx, alerts, a_reader(ANA))

    found = subscribers.find_subscriptions(tx, f" {ANA.upper()} ")

    assert {one.newsletter for one in found} == {"weekly", "alerts"}
    assert len({one.subscriber for one in found}) == 1


#: What a second line makes of what is stored: "out" always wins, and only a line that vouches ends the waiting.
SECOND_LINES = [
    (IN, IN, IN),
    (IN, PENDING, IN),
    (IN, OUT, OUT),
    (PENDING, PENDING, PENDING),
    (PENDING, IN, IN),
    (PENDING, OUT, OUT),
    (PAUSED, IN, PAUSED),
    (PAUSED, OUT, OUT),
    (OUT, IN, OUT),
    (OUT, PENDING, OUT),
    (OUT, OUT, OUT),
]


@pytest.mark.parametrize(("stored", "line", "after"), SECOND_LINES)
def test_a_second_line_of_a_reader_never_brings_back_one_who_left(
    tx: Tx, weekly: int, stored: SubscriptionState, line: SubscriptionState, after: SubscriptionState
) -> None:
    store(tx, weekly, a_reader(ANA, state=stored, consent="the first"))

    done = store(tx, weekly, a_reader(ANA, state=line, consent="the second"))

    assert find(tx).state is after
    assert done.left == (1 if after is OUT and stored is not OUT else 0)
    assert done.added + done.kept + done.left == 1


def test_the_line_that_vouches_for_a_waiting_reader_is_her_consent_and_no_other_line_changes_it(
    tx: Tx, weekly: int
) -> None:
    store(tx, weekly, a_reader(ANA, state=PENDING, consent="a list"), a_reader(BEN, consent="a form"))

    store(tx, weekly, a_reader(ANA, consent="signed paper"), a_reader(BEN, consent="signed paper"))

    assert (find(tx, ANA).consent, find(tx, BEN).consent) == ("signed paper", "a form")


def test_a_line_vouches_for_its_own_newsletter_only(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    for newsletter in (alerts, weekly):
        store(tx, newsletter, a_reader(ANA, state=PENDING))

    store(tx, weekly, a_reader(ANA))

    states = {one.newsletter: one.state for one in subscribers.find_subscriptions(tx, ANA)}
    assert states == {"alerts": PENDING, "weekly": IN}


def test_a_line_that_complained_suppresses_the_address_for_all_newsletters(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    store(tx, alerts, a_reader(ANA))

    store(tx, weekly, a_reader(ANA, state=OUT, suppressed=SuppressionReason.COMPLAINED))

    assert {one.suppressed for one in subscribers.find_subscriptions(tx, ANA)} == {"complained"}


def test_leaving_by_the_public_id_ends_one_subscription_once(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    subscribe(tx, weekly, ANA)
    subscribe(tx, alerts, ANA)

    left = [subscribers.unsubscribe(tx, weekly, a_reader(ANA).public_id, now=LATER) for _ in range(2)]

    assert left == [True, False]
    states = {one.newsletter: one.state for one in subscribers.find_subscriptions(tx, ANA)}
    assert states == {"weekly": OUT, "alerts": IN}


def test_leaving_under_an_id_that_nobody_has_ends_nothing(tx: Tx, weekly: int) -> None:
    subscribe(tx, weekly, ANA)

    assert not subscribers.unsubscribe(tx, weekly, b"?" * 16, now=LATER)
    assert find(tx).state is IN


def test_an_unknown_address_has_no_subscriptions(tx: Tx) -> None:
    with pytest.raises(NotFoundError, match=f"There is no subscriber {ANA}"):
        subscribers.find_subscriptions(tx, ANA)


def test_subscriptions_come_in_pages_by_reader_each_once_and_of_one_newsletter(tx: Tx, weekly: int) -> None:
    subscribe(tx, weekly, CHIDI, ANA, DOLORES, BEN)
    subscribe(tx, a_newsletter(tx, "alerts"), ANA)

    first = subscribers.list_subscriptions(tx, weekly, limit=3)
    second = subscribers.list_subscriptions(tx, weekly, after=first[-1].subscriber, limit=3)

    assert [one.email for one in first + second] == [CHIDI, ANA, DOLORES, BEN]
    assert subscribers.list_subscriptions(tx, weekly, after=second[-1].subscriber) == []


def test_the_first_reason_for_not_writing_to_an_address_stays(tx: Tx, weekly: int) -> None:
    subscribe(tx, weekly, ANA)
    for reason in (SuppressionReason.BOUNCED, SuppressionReason.MANUAL):
        subscribers.suppress(tx, f"key of {ANA}", reason, now=FRIDAY)

    found = subscribers.find_suppression(tx, f"key of {ANA}")

    assert found is not None
    assert (found.reason, found.at, found.email) == (SuppressionReason.BOUNCED, FRIDAY, ANA)
    assert find(tx).suppressed == "bounced"


def test_suppressions_come_in_pages_by_key_also_of_addresses_that_are_not_stored(tx: Tx, weekly: int) -> None:
    subscribe(tx, weekly, ANA)
    for key in ("key of nobody", f"key of {ANA}", "key of zoe"):
        subscribers.suppress(tx, key, SuppressionReason.MANUAL, now=FRIDAY)

    first = subscribers.list_suppressions(tx, limit=2)
    second = subscribers.list_suppressions(tx, after=first[-1].key, limit=2)

    assert [(one.key, one.email) for one in first + second] == [
        (f"key of {ANA}", ANA),
        ("key of nobody", None),
        ("key of zoe", None),
    ]


def erase(tx: Tx, email: str = ANA) -> bytes:
    """Erases a reader; gives the public id that her old mails hold."""
    reader = subscribers.find_subscriptions(tx, email)[0]
    subscribers.erase(tx, reader.subscriber, now=LATER)
    return reader.public_id


def test_of_an_erased_reader_no_address_name_or_language_is_left(tx: Tx, weekly: int) -> None:
    store(tx, weekly, a_reader(ANA, name="Ana Ruiz", language="es"), a_reader(BEN, name="Ben"))

    public_id = erase(tx)

    people = tx.execute(select(subscriber.c.name, subscriber.c.language).order_by(subscriber.c.id)).all()
    assert [tuple(row) for row in people] == [("", None), ("Ben", "en")]
    assert list(tx.execute(select(address.c.email)).scalars()) == [BEN]
    assert subscribers.find_language(tx, public_id) is None


def test_an_erased_reader_is_out_everywhere_and_her_hash_keeps_her_out(tx: Tx, weekly: int) -> None:
    alerts = a_newsletter(tx, "alerts")
    subscribe(tx, weekly, ANA, BEN)
    subscribe(tx, alerts, ANA)

    public_id = erase(tx)

    assert not any(subscribers.unsubscribe(tx, one, public_id, now=LATER) for one in (weekly, alerts))
    found = subscribers.find_suppression(tx, f"key of {ANA}")
    assert found is not None
    assert (found.reason, found.at, found.email) == (SuppressionReason.ERASED, LATER, None)
    assert [one.email for one in subscribers.list_subscriptions(tx, weekly)] == [BEN]


def test_an_erased_reader_who_had_complained_stays_one_who_complained(tx: Tx, weekly: int) -> None:
    subscribe(tx, weekly, ANA)
    subscribers.suppress(tx, f"key of {ANA}", SuppressionReason.COMPLAINED, now=FRIDAY)

    erase(tx)

    found = subscribers.find_suppression(tx, f"key of {ANA}")
    assert found is not None
    assert found.reason is SuppressionReason.COMPLAINED


def test_erasing_twice_changes_nothing(tx: Tx, weekly: int) -> None:
    (number,) = subscribe(tx, weekly, ANA)
    subscribers.erase(tx, number, now=FRIDAY)

    subscribers.erase(tx, number, now=LATER)

    found = subscribers.find_suppression(tx, f"key of {ANA}")
    assert found is not None
    assert found.at == FRIDAY


def test_one_who_comes_again_after_erasure_is_a_new_reader_whom_nothing_ties_to_the_old_one(
    tx: Tx, weekly: int
) -> None:
    (old,) = subscribe(tx, weekly, ANA)
    subscribers.erase(tx, old, now=LATER)
    line = subscribers.NewReader(line=a_reader(ANA).line, public_id=b"n" * 16, suppression_key=f"key of {ANA}")

    store(tx, weekly, line)

    assert find(tx).subscriber != old
    assert find(tx).suppressed == "erased"  # until she lifts it herself


@pytest.mark.parametrize("language", ["es", None])
def test_a_readers_language_is_found_by_her_public_id(tx: Tx, weekly: int, language: str | None) -> None:
    subscribe(tx, weekly, ANA, language=language)

    assert subscribers.find_language(tx, a_reader(ANA).public_id) == language
    assert subscribers.find_language(tx, b"?" * 16) is None


def test_a_page_of_many_readers_gives_each_her_own_address(tx: Tx, weekly: int) -> None:
    emails = [f"reader{number:04}@example.org" for number in range(1000)]

    store(tx, weekly, *(a_reader(email, name=email) for email in emails))

    found = subscribers.list_subscriptions(tx, weekly)
    assert [one.email for one in found] == emails
    assert all(one.name == one.email for one in found)
