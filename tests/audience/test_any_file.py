"""Any file at all as a reader file: every line taken or refused with its number, and nothing raised but words."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.audience.readers import (
    COLUMNS,
    Consent,
    IgnoredColumns,
    Importer,
    RefusedLine,
    check_address,
    check_line,
    export_rows,
    import_readers,
    open_lines,
    read_lines,
    safe_cell,
    unquoted,
)
from publisher.audience.secrets import SIGNING, SUPPRESSION, load_secrets, make_secrets
from publisher.deliver.provider import is_bare
from publisher.model.errors import ConfigurationError, FilesError, UsageError
from publisher.model.subscriber import ReaderLine
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.house import House

CONSENT = Consent(text="paper list of 2026", is_confirmed=True)
CELLS = st.text(max_size=30) | st.sampled_from(
    ["ana@example.org", "=cmd()", "es", "subscribed", "2026-01-05", "a;b", '"']
)
LINES = st.dictionaries(st.sampled_from(COLUMNS), CELLS)


@given(
    raw=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"email,name\n{text}".encode("utf-8", "replace"))
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_readers_refusals_or_wrong_usage(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "readers.csv"
    file.write_bytes(raw)

    try:
        with open_lines(file) as lines:
            found = list(read_lines(lines, CONSENT))
    except UsageError as error:
        found, why = [], str(error)
        assert why.endswith((".", "..."))

    assert all(isinstance(one, ReaderLine | RefusedLine | IgnoredColumns) for one in found)
    assert all(one.line > 0 and one.reason for one in found if isinstance(one, RefusedLine))


@given(values=LINES)
def test_any_line_is_a_reader_whom_a_provider_may_see_or_refused(values: dict[str, str]) -> None:
    line = check_line(values, 2, CONSENT)

    if isinstance(line, ReaderLine):
        assert is_bare(line.email)
        assert not set(line.name) & {"\r", "\n", "\0", "\u202e", "\u2028"}
    else:
        assert (line.line, bool(line.reason)) == (2, True)


@given(text=st.text(max_size=60) | st.emails())
def test_an_address_that_is_taken_is_bare_and_taken_again_as_it_is(text: str) -> None:
    try:
        address = check_address(text)
    except ValueError:
        return

    assert is_bare(address)
    assert check_address(address) == address


@given(cell=st.text(max_size=20))
def test_no_cell_of_ours_is_a_formula_and_each_comes_back(cell: str) -> None:
    assert safe_cell(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unquoted(safe_cell(cell)) == cell


ADDRESSES = st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    numbers=ADDRESSES,
    name=NAMES,
    states=st.lists(st.sampled_from(["subscribed", "pending", "unsubscribed"]), min_size=8),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_exported_and_imported_elsewhere_is_the_same_audience(
    sqlite_store: Store, tmp_path: Path, numbers: list[int], name: str, states: list[str]
) -> None:
    house = House(sqlite_store, tmp_path)
    rows = [[f"r{n}@example.org", name, state] for n, state in zip(numbers, states, strict=False)]
    take(house, house.newsletter, [["email", "name", "status"], *rows])
    exported = list(export_rows(house.store, house.newsletter))

    other = another_newsletter(house)
    take(house, other, exported)

    assert sorted(export_rows(house.store, other)) == sorted(exported)


def take(house: House, number: int, rows: list[list[str]]) -> None:
    """Imports rows as a file."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    file.seek(0)
    importer = Importer(store=house.store, secrets=house.publisher.secrets, newsletter=number, now=FRIDAY)
    report = import_readers(read_lines(file, CONSENT), importer)
    assert report.refused == []


def another_newsletter(house: House) -> int:
    """A newsletter that was never used."""
    from sqlalchemy import func, select

    from publisher.store import editions
    from publisher.store.schema import newsletter

    with house.store.begin() as tx:
        count = tx.execute(select(func.count()).select_from(newsletter)).scalar_one()
        return editions.ensure_newsletter(tx, f"other{count}", list_id=f"other{count}.news.example.org")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SIGNING, ""),
        (SIGNING, "k1"),
        (SIGNING, "k1 zz"),
        (SIGNING, "k1 00 11"),
        (SIGNING, "k1 é"),
        (SUPPRESSION, "not hexadecimal"),
    ],
)
def test_damaged_secrets_are_told_with_the_cure_and_never_shown(tmp_path: Path, name: str, content: str) -> None:
    make_secrets(tmp_path)
    (tmp_path / "secrets" / name).write_text(content)

    with pytest.raises(ConfigurationError, match="Restore it from the backup") as caught:
        load_secrets(tmp_path)

    assert not content or content not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("in the way")

    with pytest.raises(FilesError, match="Let this user write to var/"):
        make_secrets(tmp_path)


def test_a_suppression_is_kept_by_a_hash_that_ignores_letter_case_and_spaces(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    secrets = load_secrets(tmp_path)

    assert secrets.suppression_key(" Ana@Example.ORG ") == secrets.suppression_key("ana@example.org")
    assert secrets.suppression_key("ana@example.org") != secrets.suppression_key("ben@example.org")
    assert "ana" not in secrets.suppression_key("ana@example.org")
    assert repr(secrets) == "Secrets()"
