"""What the command line asks the store for, on both databases."""

from datetime import UTC, datetime

import pytest

from publisher.model.edition import EditionState, Form, Fragment
from publisher.model.subscriber import SubscriptionState, SuppressionReason
from publisher.store import articles, editions, ledger, revisions, subscribers
from publisher.store.engine import Store, Tx
from tests.builders import ANA, BEN, CHIDI, DOLORES, FRIDAY, a_reader, a_state


@pytest.fixture
def newsletter(store: Store) -> int:
    """A newsletter that Ana, Ben, Chidi and Dolores know."""
    with store.begin() as tx:
        number = editions.ensure_newsletter(tx, "weekly", list_id="weekly.news.example.org")
        readers = [
            a_reader(ANA, language="es"),
            a_reader(BEN),
            a_reader(CHIDI, state=SubscriptionState.PENDING),
            a_reader(DOLORES, state=SubscriptionState.UNSUBSCRIBED),
        ]
        subscribers.store_readers(tx, number, readers, now=FRIDAY)
    return number


def an_edition(tx: Tx, newsletter: int) -> int:
    """An edition without content: whom it is for does not depend on that."""
    values: dict[str, object] = {
        "tag": "t",
        "state": EditionState.FREEZING,
        "reason": None,
        "archive": "",
        "send_by": FRIDAY,
    }
    values |= {"composed_at": FRIDAY, "goes_at": None, "arrangement": {}}
    return editions.open_edition(tx, newsletter, FRIDAY, values)[0].id


@pytest.mark.parametrize("variants", [{"en": 1, "es": 2}, {"en": 1}], ids=str)
def test_the_audience_counted_before_is_the_one_that_freezing_writes(
    store: Store, newsletter: int, variants: dict[str, int]
) -> None:
    with store.begin() as tx:
        subscribers.suppress(tx, f"key of {BEN}", SuppressionReason.COMPLAINED, now=FRIDAY)
        stored = store_variants(tx, an_edition(tx, newsletter), variants)
        audience = ledger.Audience(
            edition=1, newsletter=newsletter, variants=stored, default="en", languages=("en", "es")
        )

        eligible, left_out = ledger.count_audience(tx, audience)
        ledger.write_ledger(tx, audience, after=0)

        assert ledger.count_left_out(tx, 1) == left_out
        assert sum(ledger.count_deliveries(tx, 1).values()) == eligible + sum(left_out.values())
        assert left_out["suppressed"] == 1


def store_variants(tx: Tx, edition: int, wanted: dict[str, int]) -> dict[str, int]:
    """Empty variants in these languages; their numbers."""
    values = {"edition": edition, "mark": "m", "sender": "s", "headers": [], "at": FRIDAY, "frozen_at": None}
    fragments = [a_fragment(language) for language in wanted]
    made = [
        editions.NewVariant(language=language, subject="s", preheader="p", fragments=(place,))
        for place, language in enumerate(wanted)
    ]
    return editions.list_variants(tx, editions.store_cut(tx, values, fragments, made))


def a_fragment(language: str) -> Fragment:
    """The least that a variant can hold."""
    return Fragment(form=Form.OPEN, language=language, html="", text="")


def test_a_reader_s_variant_is_the_one_of_the_ledger(store: Store, newsletter: int) -> None:
    with store.begin() as tx:
        stored = store_variants(tx, an_edition(tx, newsletter), {"en": 1, "es": 2})
        audience = ledger.Audience(
            edition=1, newsletter=newsletter, variants=stored, default="en", languages=("en", "es")
        )
        ledger.write_ledger(tx, audience, after=0)
        ana, chidi = (subscribers.find_subscriptions(tx, one)[0].subscriber for one in (ANA, CHIDI))

        assert ledger.find_variant(tx, 1, ana) == stored["es"]
        assert ledger.find_variant(tx, 1, chidi) is None
        assert ledger.find_variant(tx, 1, 999) is None


@pytest.mark.usefixtures("newsletter")
def test_suppressions_are_found_by_their_key_and_listed(store: Store) -> None:
    with store.begin() as tx:
        for key in (f"key of {ANA}", "key of nobody"):
            subscribers.suppress(tx, key, SuppressionReason.BOUNCED, now=FRIDAY)

        found = subscribers.find_suppression(tx, f"key of {ANA}")
        assert found is not None
        assert (found.reason, found.at, found.email) == (SuppressionReason.BOUNCED, FRIDAY, ANA)
        assert subscribers.find_suppression(tx, "key of another") is None
        assert [one.email for one in subscribers.list_suppressions(tx)] == [ANA, None]
        assert [one.email for one in subscribers.list_suppressions(tx, after=f"key of {ANA}")] == [None]


def test_a_work_is_its_original_and_its_translations(store: Store) -> None:
    now = datetime(2026, 3, 5, tzinfo=UTC)
    with store.begin() as tx:
        first = revisions.add_article(tx, "site", a_state("gold"), host="news.example.org", now=now)
        spanish = a_state("oro", language="es", translation_of="gold")
        second = revisions.add_article(tx, "site", spanish, host="news.example.org", now=now)
        revisions.add_article(tx, "site", a_state("ships"), host="news.example.org", now=now)

        assert [one.number for one in articles.list_work(tx, first)] == [first, second]
