"""Readers by hand and by file: CSV in and out, as a stream, a page at a time.

A line that cannot be taken is refused with its number and reason, and the others go on. "Out" always wins.
"""

import csv
import secrets as random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TextIO

from email_validator import EmailNotValidError, validate_email

from publisher.audience.secrets import Secrets
from publisher.model.clock import parse_stamp, stamp
from publisher.model.errors import UsageError
from publisher.model.subscriber import ReaderLine, SubscriptionState, SuppressionReason
from publisher.store import subscribers
from publisher.store.engine import Store

COLUMNS = (
    "email",
    "name",
    "language",
    "sections",
    "countries",
    "topics",
    "frequency",
    "subscribed_at",
    "consent",
    "status",
)
PAGE = 1000
MAX_FIELD = 10_000  # characters; an unclosed quote would otherwise swallow the rest of the file
#: Characters that would end or reorder a header line.
UNSAFE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that was not taken."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    added: int = 0
    kept: int = 0
    left: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What stands behind an import: where consent comes from, and whether an admin vouches for it."""

    text: str
    is_confirmed: bool  #: readers without a status are subscribed at once; else they stay pending


def check_address(text: str) -> str:
    """An address fit for a header, as typed but with its domain in IDNA; raises `ValueError` with the reason."""
    typed = text.strip()
    if typed != typed.translate(UNSAFE):
        raise ValueError("the address holds a line break or another control character")
    try:
        checked = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"no e-mail address: {error}") from error
    if checked.ascii_email is None:
        raise ValueError("the part before the @ must be ASCII")
    return checked.ascii_email


def read_lines(file: TextIO, consent: Consent) -> Iterator[ReaderLine | RefusedLine]:
    """The lines of a reader file, each checked; raises `UsageError` for a file without an `email` column."""
    csv.field_size_limit(MAX_FIELD)
    rows = csv.reader(file, strict=True)
    header = read_header(rows)
    while True:
        try:
            values = next(rows)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as error:
            yield RefusedLine(line=rows.line_num, reason=f"not readable as CSV: {error}")
            continue
        if any(values):
            yield check_line(dict(zip(header, values, strict=False)), rows.line_num, consent)


def open_lines(path: Path) -> TextIO:
    """Opens a reader file. A byte that is not UTF-8 costs its own line only: a decoder's error would cost 8 KB."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def read_header(rows: Iterator[list[str]]) -> list[str]:
    """The names of the columns."""
    try:
        header = [name.strip().lower().removeprefix("\ufeff") for name in next(rows)]
    except (StopIteration, csv.Error, UnicodeDecodeError):
        header = []
    if "email" not in header:
        raise UsageError("The first line must name the columns, one of them `email`: email,name,language,...")
    return header


def check_line(values: dict[str, str], number: int, consent: Consent) -> ReaderLine | RefusedLine:
    """One line as a reader, or the reason against it."""
    try:
        "".join(values.values()).encode()  # bytes that are not UTF-8 come as lone surrogates; see `open_lines`
    except UnicodeEncodeError:
        return RefusedLine(line=number, reason="is not in UTF-8; save the file as UTF-8 and import it again")
    try:
        state, suppressed = read_status(values.get("status", ""), consent)
        return ReaderLine(
            email=check_address(values.get("email", "")),
            name=values.get("name", "").translate(UNSAFE).strip()[:200],
            language=values.get("language", "").strip() or None,
            sections=split_list(values.get("sections", "")),
            countries=split_list(values.get("countries", "")),
            topics=split_list(values.get("topics", "")),
            frequency=values.get("frequency", "").strip(),
            subscribed_at=read_day(values.get("subscribed_at", "")),
            consent=values.get("consent", "").strip() or consent.text,
            state=state,
            suppressed=suppressed,
        )
    except ValueError as error:
        return RefusedLine(line=number, reason=str(error))


def read_status(text: str, consent: Consent) -> tuple[SubscriptionState, SuppressionReason | None]:
    """A line's status; one without is pending until confirmed, unless an admin vouches for it."""
    match text.strip().lower():
        case "":
            return (SubscriptionState.SUBSCRIBED if consent.is_confirmed else SubscriptionState.PENDING), None
        case "subscribed":
            return SubscriptionState.SUBSCRIBED, None
        case "pending":
            return SubscriptionState.PENDING, None
        case "unsubscribed":
            return SubscriptionState.UNSUBSCRIBED, None
        case "bounced":
            return SubscriptionState.UNSUBSCRIBED, SuppressionReason.BOUNCED
        case "complained":
            return SubscriptionState.UNSUBSCRIBED, SuppressionReason.COMPLAINED
        case other:
            raise ValueError(f"status {other!r} is none of subscribed, unsubscribed, bounced, complained, pending")


def read_day(text: str) -> datetime | None:
    """A date or a time with a zone."""
    text = text.strip()
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return parse_stamp(text)


def split_list(text: str) -> tuple[str, ...]:
    """Values parted by `;`."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """What an import needs at hand."""

    store: Store
    secrets: Secrets
    newsletter: int
    now: datetime


def import_readers(
    lines: Iterable[ReaderLine | RefusedLine], importer: Importer, *, progress: Callable[[int], None] = lambda _: None
) -> ImportReport:
    """Stores readers a page at a time, each page in a transaction of its own; safe to repeat."""
    report = ImportReport()
    page: list[ReaderLine] = []
    for line in lines:
        if isinstance(line, RefusedLine):
            report.refused.append(line)
            continue
        page.append(line)
        if len(page) == PAGE:
            store_page(page, importer, report)
            progress(len(page))
            page = []
    store_page(page, importer, report)
    progress(len(page))
    return report


def store_page(page: list[ReaderLine], importer: Importer, report: ImportReport) -> None:
    """Stores one page and adds what became of it to the report."""
    readers = [
        subscribers.NewReader(
            line=line,
            public_id=random.token_bytes(16),
            suppression_key=importer.secrets.suppression_key(line.email),
        )
        for line in page
    ]
    with importer.store.begin() as tx:
        done = subscribers.store_readers(tx, importer.newsletter, readers, now=importer.now)
    report.added += done.added
    report.kept += done.kept
    report.left += done.left


def export_rows(store: Store, newsletter: int) -> Iterator[list[str]]:
    """The rows of a reader file, header first; cells that a spreadsheet would run as a formula are quoted."""
    yield list(COLUMNS)
    after = 0
    while True:
        with store.read() as tx:
            page = subscribers.list_subscriptions(tx, newsletter, after=after)
        if not page:
            return
        after = page[-1].subscriber
        yield from (export_row(one) for one in page)


def export_row(one: subscribers.Subscribed) -> list[str]:
    """One reader as a row."""
    status = {"bounced": "bounced", "complained": "complained"}.get(one.suppressed or "", str(one.state))
    choices = [";".join(one.choices.get(name, [])) for name in ("sections", "countries", "topics")]
    cells = [one.email, one.name, one.language or "", *choices, one.choices.get("frequency", "")]
    return [safe_cell(cell) for cell in [*cells, stamp(one.since), one.consent, status]]


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def confirmed(line: ReaderLine) -> ReaderLine:
    """A line as of a reader who is subscribed by a person's word."""
    return replace(line, state=SubscriptionState.SUBSCRIBED)
