"""Reader files: every line taken or refused with its number, and "out" always wins."""

import io
from pathlib import Path

import pytest

from publisher.audience.readers import (
    PAGE,
    Consent,
    Importer,
    ImportReport,
    RefusedLine,
    check_address,
    export_rows,
    import_readers,
    open_lines,
    read_lines,
    safe_cell,
    unquoted,
)
from publisher.model.errors import NotFoundError, UsageError
from publisher.model.subscriber import SubscriptionState, SuppressionReason
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


def test_a_confirmed_import_vouches_for_one_who_was_pending(house: House) -> None:
    imported(house, f"email\n{ANA}\n", Consent(text="a list", is_confirmed=False))

    imported(house, f"email\n{ANA}\n")

    assert state_of(house, ANA) is SubscriptionState.SUBSCRIBED


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


@pytest.mark.parametrize("lines", ["{0},subscribed\n{1},{2}", "{1},{2}\n{0},subscribed"], ids=["last", "first"])
@pytest.mark.parametrize("status", ["unsubscribed", "bounced", "complained"])
def test_out_wins_over_the_other_lines_of_one_file_in_any_order_and_letter_case(
    house: House, lines: str, status: str
) -> None:
    report = imported(house, f"email,status\n{lines.format(ANA, ANA.upper(), status)}\n")

    with house.store.begin() as tx:
        ana = subscribers.find_subscriptions(tx, ANA)[0]
    assert ana.state is SubscriptionState.UNSUBSCRIBED
    assert ana.suppressed == (None if status == "unsubscribed" else status)
    assert (report.added, report.kept) == (1, 1)


def test_out_wins_over_the_lines_of_another_page(house: House) -> None:
    others = "".join(f"r{number}@example.org,subscribed\n" for number in range(PAGE))

    imported(house, f"email,status\n{ANA},unsubscribed\n{others}{ANA},subscribed\n")

    assert state_of(house, ANA) is SubscriptionState.UNSUBSCRIBED


def test_of_two_lines_of_one_reader_the_first_stays(house: House) -> None:
    imported(house, f"email,name\n{ANA},Ana\n{ANA.upper()},Another\n")

    with house.store.read() as tx:
        found = subscribers.find_subscriptions(tx, ANA)[0]
    assert (found.email, found.name) == (ANA, "Ana")


def test_unknown_columns_are_named(house: House) -> None:
    report = imported(house, f"\ufeffEmail,Foo Bar,name,tags\r\n{ANA},x,Ana,y\r\n")

    assert (report.ignored_columns, report.added) == (("foo bar", "tags"), 1)


@pytest.mark.parametrize("header", ["email;name", "name;email", "email\tname"])
def test_a_file_without_commas_is_told_what_to_do(header: str) -> None:
    with pytest.raises(UsageError, match=r"Save the file with commas"):
        list(read_lines(io.StringIO(f"{header}\nx\n"), CONFIRMED))


def test_a_column_that_stands_twice_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="column email twice"):
        list(read_lines(io.StringIO("email,email\na@example.org,b@example.org\n"), CONFIRMED))


def test_a_file_in_utf_16_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_bytes("email\nana@example.org\n".encode("utf-16"))

    with open_lines(file) as lines, pytest.raises(UsageError, match="not in UTF-8"):
        list(read_lines(lines, CONFIRMED))


@pytest.mark.parametrize(("typed", "kept"), [("ES", "es"), ("es_mx", "es-MX"), ("zh-Hant", "zh-Hant"), ("", None)])
def test_a_language_is_kept_in_its_usual_letter_case(house: House, typed: str, kept: str | None) -> None:
    imported(house, f"email,language\n{ANA},{typed}\n")

    with house.store.read() as tx:
        assert subscribers.find_subscriptions(tx, ANA)[0].language == kept


def test_a_language_that_is_none_is_refused(house: House) -> None:
    report = imported(house, f"email,language\n{ANA},Spanish please\n")

    assert "no language tag" in report.refused[0].reason


def test_a_line_break_in_a_name_becomes_a_space(house: House) -> None:
    imported(house, f'email,name\n{ANA},"Ana\r\nB."\n')

    with house.store.read() as tx:
        assert subscribers.find_subscriptions(tx, ANA)[0].name == "Ana B."


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-x", "@y", "'=z", "''-w", "'Quote", "plain"])
def test_a_cell_comes_back_from_a_file_as_it_went_in(name: str) -> None:
    assert unquoted(safe_cell(name)) == name


def test_an_address_that_looks_like_a_formula_survives_a_round_trip(house: House) -> None:
    imported(house, "email,status\n=ana@example.org,unsubscribed\n")
    header, row = export_rows(house.store, house.newsletter)

    report = imported(house, "\n".join(",".join(line) for line in (header, row)))

    assert (report.added, report.kept) == (0, 1)


@pytest.mark.parametrize("reason", [SuppressionReason.MANUAL, SuppressionReason.ERASED])
def test_who_is_suppressed_is_never_exported_as_subscribed(house: House, reason: SuppressionReason) -> None:
    house.subscribe(ANA)
    with house.store.begin() as tx:
        subscribers.suppress(tx, house.publisher.secrets.suppression_key(ANA), reason, now=FRIDAY)

    header, row = export_rows(house.store, house.newsletter)

    assert dict(zip(header, row, strict=True))["status"] == "unsubscribed"


def test_an_erased_reader_is_not_stored_again(house: House) -> None:
    house.subscribe(ANA)
    with house.store.begin() as tx:
        subscribers.erase(tx, subscribers.find_subscriptions(tx, ANA)[0].subscriber, now=FRIDAY)

    report = imported(house, f"email,status\n{ANA.upper()},subscribed\n")

    assert (report.added, report.kept) == (0, 1)
    with house.store.read() as tx, pytest.raises(NotFoundError):
        subscribers.find_subscriptions(tx, ANA)
