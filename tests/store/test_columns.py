"""Column types: a moment and a JSON value come back as they went in, alike on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from publisher.store.columns import Instant, Json, Number
from publisher.store.engine import Tx

metadata = MetaData()
probe = Table("probe", metadata, Column("id", Number, primary_key=True), Column("at", Instant), Column("value", Json))

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - `timezones` adds it


@pytest.fixture
def probed(tx: Tx) -> Tx:
    """A transaction with a table of all types."""
    metadata.create_all(tx)
    return tx


def stored(tx: Tx, **values: Any) -> Any:  # noqa: ANN401 - any row
    """A row after its way through the database."""
    number = tx.execute(insert(probe).values(values).returning(probe.c.id)).scalar_one()
    return tx.execute(select(probe).where(probe.c.id == number)).one()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 6, 7, 0, 0, 123456, timezone(timedelta(hours=-5))),
        datetime(999, 1, 1, tzinfo=UTC),  # a year of three digits
        datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
    ],
    ids=str,
)
def test_a_moment_comes_back_to_the_microsecond_and_in_utc(probed: Tx, moment: datetime) -> None:
    found = stored(probed, at=moment).at

    assert (found, found.utcoffset()) == (moment, timedelta(0))


@pytest.mark.parametrize("kept_store", ["postgresql"], indirect=True)
def test_a_moment_comes_back_in_utc_whatever_zone_the_server_is_in(probed: Tx) -> None:
    probed.exec_driver_sql("SET LOCAL TIME ZONE 'America/Bogota'")

    assert stored(probed, at=datetime(2026, 3, 6, 12, 0, tzinfo=UTC)).at.utcoffset() == timedelta(0)


def test_no_moment_stays_no_moment(probed: Tx) -> None:
    assert stored(probed, at=None).at is None


def test_a_moment_without_a_zone_is_refused(probed: Tx) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        stored(probed, at=datetime(2026, 3, 6, 12, 0))  # noqa: DTZ001 - what is refused


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_text_on_sqlite_as_they_do_in_time(one: datetime, two: datetime) -> None:
    written = [Instant().process_bind_param(moment, sqlite.dialect()) for moment in (one, two)]

    assert (str(written[0]) < str(written[1])) == (one < two)


def test_moments_are_compared_in_time_whatever_their_zone(probed: Tx) -> None:
    bogota = timezone(timedelta(hours=-5))
    early, late = datetime(2026, 3, 6, 6, 59, tzinfo=bogota), datetime(2026, 3, 6, 7, 1, tzinfo=bogota)
    probed.execute(insert(probe), [{"id": 1, "at": late}, {"id": 2, "at": early}])

    query = select(probe.c.id).where(probe.c.at <= datetime(2026, 3, 6, 12, 0, tzinfo=UTC))

    assert list(probed.execute(query).scalars()) == [2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_any_json_comes_back_as_it_was(probed: Tx, value: object) -> None:
    assert stored(probed, value=value).value == value


def test_the_same_json_is_the_same_text_in_whatever_order_it_was_made() -> None:
    written = [
        Json().process_bind_param(value, sqlite.dialect()) for value in ({"b": "ñ", "a": [1]}, {"a": [1], "b": "ñ"})
    ]

    assert written == ['{"a": [1], "b": "ñ"}'] * 2


def test_a_number_outgrows_32_bits(probed: Tx) -> None:
    assert stored(probed, id=2**40).id == 2**40
