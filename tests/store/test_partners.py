"""Partners: a key that is stored as a hash, and which version of which article each has taken."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from publisher.model.article import RevisionKind
from publisher.model.errors import NotFoundError
from publisher.store.articles import read_numbers
from publisher.store.engine import Tx
from publisher.store.partners import (
    CopyForm,
    Taken,
    add_partner,
    count_taken,
    find_by_token,
    get_partner,
    list_corrected_copies,
    list_offered,
    list_partners,
    list_withdrawn_copies,
    record_copies,
    revoke_partner,
)
from publisher.store.schema import partner, partner_copy
from tests.builders import FRIDAY
from tests.store.partner_builders import DAILY, DESK, RADIO, a_partner, take
from tests.store.store_builders import HOUR, LATER, publish, revise, withdraw

CORRECTION, MINOR = RevisionKind.CORRECTION, RevisionKind.MINOR


def offered(tx: Tx, *languages: str, **options: Any) -> list[int]:  # noqa: ANN401 - of `list_offered`
    """The numbers of what is offered in these languages."""
    values: dict[str, Any] = {"limit": 10, "now": FRIDAY}
    return [one.number for one in list_offered(tx, languages, **values | options)]


def copies(tx: Tx) -> list[tuple[int, int, int]]:
    """Every row: partner, article, revision."""
    columns = (partner_copy.c.partner, partner_copy.c.article, partner_copy.c.revision)
    return [tuple(row) for row in tx.execute(select(*columns).order_by(*columns))]


def test_a_partner_is_found_by_its_token_alone(tx: Tx) -> None:
    added = add_partner(tx, DAILY, token="s3cret", languages=["es"], email=DESK, now=FRIDAY)

    assert added == get_partner(tx, DAILY) == find_by_token(tx, "s3cret")
    assert added is not None
    assert (added.languages, added.email, added.revoked_at) == (("es",), DESK, None)
    assert find_by_token(tx, "another") is None


def test_the_token_is_nowhere_in_the_store(tx: Tx) -> None:
    add_partner(tx, DAILY, token="s3cret", now=FRIDAY)

    row = tx.execute(select(partner)).one()

    assert "s3cret" not in repr(row)
    assert len(row.token_hash) == 64


def test_a_name_is_given_once_whatever_became_of_it(tx: Tx) -> None:
    revoke_partner(tx, a_partner(tx).id, now=FRIDAY)

    assert add_partner(tx, DAILY, token="another", now=FRIDAY) is None
    assert [one.name for one in list_partners(tx)] == [DAILY]


def test_revoking_is_written_once_and_keeps_its_hour(tx: Tx) -> None:
    number = a_partner(tx).id

    done = [revoke_partner(tx, number, now=FRIDAY), revoke_partner(tx, number, now=LATER)]

    assert (done, get_partner(tx, DAILY).revoked_at) == ([True, False], FRIDAY)


def test_a_name_that_nobody_has_is_told(tx: Tx) -> None:
    with pytest.raises(NotFoundError, match="There is no partner Nobody"):
        get_partner(tx, "Nobody")


def test_each_version_is_one_copy_however_often_it_was_taken(tx: Tx) -> None:
    daily, number = a_partner(tx), publish(tx)
    first = read_numbers(tx, [number])
    record_copies(tx, daily.id, first.values(), form=CopyForm.FEED, now=FRIDAY)

    record_copies(tx, daily.id, first.values(), form=CopyForm.FEED, now=LATER)
    second = revise(tx, number, MINOR)
    take(tx, daily, number)

    assert copies(tx) == [(daily.id, number, first[number].revision), (daily.id, number, second)]
    row = tx.execute(select(partner_copy).order_by(partner_copy.c.revision).limit(1)).one()
    assert (row.first_at, row.last_at, row.form) == (FRIDAY, LATER, "feed")
    assert count_taken(tx) == {daily.id: Taken(copies=2, articles=1)}


def test_a_fetch_that_brought_nothing_is_a_fetch(tx: Tx) -> None:
    daily = a_partner(tx)

    record_copies(tx, daily.id, [], form=CopyForm.FEED, now=LATER)

    assert (get_partner(tx, DAILY).fetched_at, count_taken(tx)) == (LATER, {})


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": None},
        {"no_republish": True},
        {"embargo_until": FRIDAY + HOUR},
    ],
)
def test_what_never_passes_is_not_even_looked_at(tx: Tx, changes: dict[str, Any]) -> None:
    publish(tx, **changes)

    assert offered(tx) == []


def test_an_embargo_ends(tx: Tx) -> None:
    number = publish(tx, embargo_until=FRIDAY + HOUR)

    assert offered(tx, now=FRIDAY + HOUR) == [number]


def test_what_is_offered_comes_newest_first_in_pages(tx: Tx) -> None:
    old = publish(tx, "old", published=FRIDAY - 3 * HOUR)
    twins = [publish(tx, key, published=FRIDAY - HOUR) for key in ("one", "two")]
    withdraw(tx, publish(tx, "gone"))

    page = list_offered(tx, (), limit=2, now=FRIDAY)

    assert [one.number for one in page] == twins[::-1]
    assert offered(tx, before=page[0]) == [twins[0], old]
    assert offered(tx, before=page[1]) == [old]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((), {"en", "es", "es-MX", "pt-BR"}),
        (("es",), {"es", "es-MX"}),
        (("es-mx",), {"es-MX"}),
        (("ES", "pt"), {"es", "es-MX", "pt-BR"}),
        (("e",), set()),
    ],
)
def test_a_language_is_for_its_regions_too(tx: Tx, wanted: tuple[str, ...], found: set[str]) -> None:
    numbers = {publish(tx, tag, language=tag): tag for tag in ("en", "es", "es-MX", "pt-BR")}

    assert {numbers[number] for number in offered(tx, *wanted)} == found


def test_a_partner_sees_the_withdrawals_of_what_it_has(tx: Tx) -> None:
    daily, radio = a_partner(tx), a_partner(tx, RADIO)
    mine, others, never = publish(tx, "mine"), publish(tx, "others"), publish(tx, "never")
    take(tx, daily, mine)
    take(tx, radio, others)

    withdraw(tx, mine, others, never, now=LATER)

    assert [one.number for one in list_withdrawn_copies(tx, daily.id, since=LATER)] == [mine]
    assert list_withdrawn_copies(tx, daily.id, since=LATER + timedelta(seconds=1)) == []


@pytest.mark.parametrize(("kind", "is_there"), [(CORRECTION, True), (RevisionKind.SUBSTANTIVE, False), (MINOR, False)])
def test_a_partner_sees_the_corrections_of_what_it_has(tx: Tx, kind: RevisionKind, is_there: bool) -> None:  # noqa: FBT001 - a row of a table
    daily = a_partner(tx)
    mine, others = publish(tx, "mine"), publish(tx, "others")
    take(tx, daily, mine)

    for number, key in ((mine, "mine"), (others, "others")):
        revise(tx, number, kind, key=key, title="Corrected")

    assert [one.number for one in list_corrected_copies(tx, daily.id, since=LATER)] == [mine] * is_there
    assert list_corrected_copies(tx, daily.id, since=LATER + HOUR) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([DAILY, RADIO]), st.sets(st.integers(0, 3))), max_size=6))
def test_copies_are_the_union_of_all_that_was_taken(tx: Tx, fetches: list[tuple[str, set[int]]]) -> None:
    with tx.begin_nested() as undone:
        ids = {name: a_partner(tx, name).id for name in (DAILY, RADIO)}
        found = read_numbers(tx, [publish(tx, f"a{n}") for n in range(4)])
        articles = [found[number] for number in sorted(found)]

        for name, places in fetches:
            record_copies(tx, ids[name], [articles[n] for n in places], form=CopyForm.FEED, now=FRIDAY)

        wanted = {(ids[name], articles[n].number, articles[n].revision) for name, places in fetches for n in places}
        assert set(copies(tx)) == wanted
        undone.rollback()
