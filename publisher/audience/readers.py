"""Readers by hand and by file: CSV in and out, as a stream, a page at a time.

A line that cannot be taken is refused with its number and reason, and the others go on. "Out" always wins: over files,
and over the lines of one file, in whatever order and letter case they stand.
"""

import csv
import re
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
REGION = 2  # letters of a country in a language tag
MAX_FIELD = 10_000  # characters; an unclosed quote would otherwise swallow the rest of the file
#: Characters that would end or reorder a header line.
UNSAFE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
BLANKED = dict.fromkeys(UNSAFE, " ")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
#: Before what a spreadsheet would run as a formula stands an apostrophe in our files; one more before each of those.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line that was not taken."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    added: int = 0
    kept: int = 0  #: were subscribed already, or stay as they were; a second line of one reader too
    pending: int = 0  #: lines of readers who must still confirm
    left: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredColumns:
    """Columns of the file that mean nothing to us."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What stands behind an import: where consent comes from, and whether an admin vouches for it."""

    text: str
    is_confirmed: bool  #: readers without a status are subscribed at once; else they stay pending


def check_address(text: str) -> str:
    """An address fit for a header, as typed but with its domain in IDNA; raises `ValueError` with the reason."""
    typed = text.strip()
    if not typed:
        raise ValueError("the address is empty")
    if typed != typed.translate(UNSAFE):
        raise ValueError("the address holds a line break or another control character")
    try:
        checked = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"no e-mail address: {str(error).rstrip('.')}") from error
    if checked.ascii_email is None:
        raise ValueError("the part before the @ must be ASCII")
    return checked.ascii_email


def read_lines(file: TextIO, consent: Consent) -> Iterator[ReaderLine | RefusedLine | IgnoredColumns]:
    """The lines of a reader file, each checked; raises `UsageError` for a file without an `email` column."""
    csv.field_size_limit(MAX_FIELD)
    rows = csv.reader(file, strict=True)
    header = read_header(rows)
    ignored = tuple(name for name in header if name and name not in COLUMNS)
    if ignored:
        yield IgnoredColumns(names=ignored)
    while True:
        try:
            values = next(rows)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as error:
            yield RefusedLine(line=rows.line_num, reason=f"not readable as CSV: {error}")
            continue
        if any(values):
            cells = {name: unquoted(cell) for name, cell in zip(header, values, strict=False)}
            yield check_line(cells, rows.line_num, consent)


def open_lines(path: Path) -> TextIO:
    """Opens a reader file. A byte that is not UTF-8 costs its own line only: a decoder's error would cost 8 KB."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def read_header(rows: Iterator[list[str]]) -> list[str]:
    """The names of the columns; raises `UsageError` where they are not what we can read."""
    try:
        header = [name.strip().lower().removeprefix("\ufeff") for name in next(rows)]
    except (StopIteration, csv.Error, UnicodeDecodeError):
        header = []
    if "email" not in header:
        check_commas(header)
        if any(0xD800 <= ord(sign) <= 0xDFFF or sign == "\0" for name in header for sign in name):  # noqa: PLR2004
            raise UsageError("The file is not in UTF-8. Save it as CSV in UTF-8 and import it again.")
        raise UsageError(
            "The first line must name the columns, parted by commas, one of them `email`: email,name,language,..."
        )
    twice = [name for name in dict.fromkeys(header) if name in COLUMNS and header.count(name) > 1]
    if twice:
        raise UsageError(f"The first line names the column {', '.join(twice)} twice. Leave one of each.")
    return header


def check_commas(header: list[str]) -> None:
    """Raises `UsageError` for a header whose columns are parted by something else than commas."""
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if any(sign in cell and "email" in [part.strip(' "') for part in cell.split(sign)] for cell in header):
            raise UsageError(f"The columns are parted by {name}. Save the file with commas (CSV), in UTF-8.")


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
            name=" ".join(values.get("name", "").translate(BLANKED).split())[:200],
            language=read_language(values.get("language", "")),
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


def read_language(text: str) -> str | None:
    """A language tag in the usual letter case; None for none.

    >>> read_language("ES_mx"), read_language(" ")
    ('es-MX', None)
    """
    tag = text.strip()
    if not tag:
        return None
    if not LANGUAGE.fullmatch(tag):
        raise ValueError(f"language {tag!r} is no language tag; write it as es or es-MX")
    first, *rest = tag.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == REGION else part for part in rest)])


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
    lines: Iterable[ReaderLine | RefusedLine | IgnoredColumns],
    importer: Importer,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Stores readers a page at a time, each page in a transaction of its own; safe to repeat.

    Who had herself erased is not stored again: her line is counted as kept out.
    """
    report = ImportReport()
    page: list[ReaderLine] = []
    erased = erased_keys(importer.store)
    for line in lines:
        if isinstance(line, IgnoredColumns):
            report.ignored_columns = line.names
            continue
        if isinstance(line, RefusedLine):
            report.refused.append(line)
            continue
        if erased and importer.secrets.suppression_key(line.email) in erased:
            report.kept += 1
            continue
        report.pending += line.state is SubscriptionState.PENDING
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
    one_each = merged(page)
    report.kept += len(page) - len(one_each)
    readers = [
        subscribers.NewReader(
            line=line,
            public_id=random.token_bytes(16),
            suppression_key=importer.secrets.suppression_key(line.email),
        )
        for line in one_each
    ]
    with importer.store.begin() as tx:
        done = subscribers.store_readers(tx, importer.newsletter, readers, now=importer.now)
    report.added += done.added
    report.kept += done.kept
    report.left += done.left


def erased_keys(store: Store) -> frozenset[str]:
    """The keyed hashes of those who had themselves erased."""
    keys: list[str] = []
    after = ""
    while True:
        with store.read() as tx:
            page = subscribers.list_suppressions(tx, after=after)
        if not page:
            return frozenset(keys)
        after = page[-1].key
        keys += [one.key for one in page if one.reason is SuppressionReason.ERASED]


def merged(page: Iterable[ReaderLine]) -> list[ReaderLine]:
    """One line for each address, the first; but any line that says "out" takes it out, wherever it stands."""
    found: dict[str, ReaderLine] = {}
    for line in page:
        first = found.setdefault(line.email.lower(), line)
        if line.state is SubscriptionState.UNSUBSCRIBED:
            out = replace(first, state=line.state, suppressed=first.suppressed or line.suppressed)
            found[line.email.lower()] = out
    return list(found.values())


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
    """One reader as a row; who is suppressed for another reason than these two leaves as unsubscribed, never as in."""
    out = {None: str(one.state), "bounced": "bounced", "complained": "complained"}
    status = out.get(one.suppressed, str(SubscriptionState.UNSUBSCRIBED))
    choices = [";".join(one.choices.get(name, [])) for name in ("sections", "countries", "topics")]
    cells = [one.email, one.name, one.language or "", *choices, one.choices.get("frequency", "")]
    return [safe_cell(cell) for cell in [*cells, stamp(one.since), one.consent, status]]


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unquoted(cell: str) -> str:
    """A cell as it was before `safe_cell`."""
    return cell[1:] if QUOTED_FORMULA.match(cell) else cell
