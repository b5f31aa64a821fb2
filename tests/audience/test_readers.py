"""Reader files: every line taken or refused with its number, and "out" always wins."""

import io
from pathlib import Path

import pytest

from publisher.audience.readers import (
    Consent,
    Importer,
    ImportReport,
    RefusedLine,
    check_address,
    export_rows,
    import_readers,
    read_lines,
)
from publisher.model.errors import UsageError
from publisher.model.subscriber import SubscriptionState
from publisher.store import subscribers
from publisher.store.engine import Store
from tests.builders import ANA, FRIDAY
from tests.house import House

CONFIRMED = Consent(text="paper list of 2026", is_confirmed=True)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def imported(house: House, text: str, consent: Consent = CONFIRMED) -> ImportReport:
    """Imports a file."""
    importer = Importer(
        store=house.store, secrets=house.publisher.secrets, newsletter=house.newsletter, now=house.clock.now()
    )
    return import_readers(read_lines(io.StringIO(text), consent), importer)


def state_of(house: House, email: str) -> SubscriptionState:
    """The state of a reader's subscription."""
    with house.store.read() as tx:
        return subscribers.find_subscriptions(tx, email)[0].state


def test_a_confirmed_import_subscribes_and_keeps_the_consent(house: House) -> None:
    report = imported(house, f"email,language\n{ANA},es\n")

    with house.store.read() as tx:
        ana = subscribers.find_subscriptions(tx, ANA)[0]
    assert (report.added, ana.state, ana.consent) == (1, SubscriptionState.SUBSCRIBED, "paper list of 2026")


def test_without_a_confirmation_readers_stay_pending(house: House) -> None:
    imported(house, f"email\n{ANA}\n", Consent(text="a list", is_confirmed=False))

    assert state_of(house, ANA) is SubscriptionState.PENDING


def test_importing_twice_adds_nobody_twice(house: House) -> None:
    imported(house, f"email\n{ANA}\n")

    again = imported(house, f"email\n{ANA.upper()}\n")

    assert (again.added, again.kept) == (0, 1)


def test_an_import_never_brings_back_one_who_left(house: House) -> None:
    house.subscribe(ANA)
    house.unsubscribe(ANA)

    imported(house, f"email,status\n{ANA},subscribed\n")

    assert state_of(house, ANA) is SubscriptionState.UNSUBSCRIBED


def test_a_line_that_says_out_takes_out(house: House) -> None:
    house.subscribe(ANA)

    report = imported(house, f"email,status\n{ANA},complained\n")

    with house.store.read() as tx:
        ana = subscribers.find_subscriptions(tx, ANA)[0]
    assert (report.left, ana.state, ana.suppressed) == (1, SubscriptionState.UNSUBSCRIBED, "complained")


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org\nBcc: x@example.org",
        "Smith, John",
        "x>, victim@y.org, <",
        "ana",
        '"a b"@example.org',
        "añá@example.org",
    ],
)
def test_an_address_that_could_be_read_as_more_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|ASCII"):
        check_address(address)


def test_a_bad_line_is_refused_with_its_number_and_the_others_go_on(house: House) -> None:
    report = imported(house, f'email\n"a\nb@example.org"\nnobody\n{ANA}\n')

    assert [one.line for one in report.refused] == [3, 4]
    assert report.added == 1


def test_an_unclosed_quote_does_not_swallow_the_file_in_silence() -> None:
    lines = list(read_lines(io.StringIO('email\n"ana@example.org\n' + "x@example.org\n" * 2000), CONFIRMED))

    assert isinstance(lines[0], RefusedLine)


def test_a_file_without_an_email_column_is_not_one_of_readers() -> None:
    with pytest.raises(UsageError, match="must name the columns"):
        list(read_lines(io.StringIO("name,language\nAna,es\n"), CONFIRMED))


def test_what_is_exported_can_be_imported_again_and_runs_no_formula(house: House) -> None:
    imported(house, f"email,name,subscribed_at,sections\n{ANA},=cmd(),2026-01-05,analysis;briefs\n")

    header, row = export_rows(house.store, house.newsletter)

    assert dict(zip(header, row, strict=True)) == {
        "email": ANA,
        "name": "'=cmd()",
        "language": "",
        "sections": "analysis;briefs",
        "countries": "",
        "topics": "",
        "frequency": "",
        "subscribed_at": "2026-01-05T00:00:00Z",
        "consent": "paper list of 2026",
        "status": "subscribed",
    }


def test_an_erased_reader_is_gone_and_never_written_to_again(house: House) -> None:
    house.subscribe(ANA)
    with house.store.begin() as tx:
        number = subscribers.find_subscriptions(tx, ANA)[0].subscriber
        subscribers.erase(tx, number, now=FRIDAY)

    imported(house, f"email,status\n{ANA},subscribed\n")
    edition = house.frozen_edition()

    assert house.outbox(edition) == {}
