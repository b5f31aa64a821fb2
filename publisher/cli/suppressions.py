"""`publisher suppressions`: addresses that must not be written to, kept as keyed hashes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import opened
from publisher.cli.printing import AsJson, count_words, print_json, say, short_moment, show_table, stream_json
from publisher.cli.subscribers import reader_file
from publisher.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from publisher.assembly import Publisher
    from publisher.store.subscribers import Suppressed

PAGE = 1000


def list_(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the suppressed addresses; of one that is not stored any more, only its hash is known."""
    with opened(context) as publisher:
        from publisher.cli.shapes import suppression_shape

        found = iter_suppressed(publisher)
        if as_json:
            shapes = ({"key": o.key, "address": o.email} | (suppression_shape(o) or {}) for o in found)
            stream_json("suppressions", shapes)
            return
        rows = [(short_moment(o.at), o.reason, o.email or f"(hash {o.key[:12]}...)") for o in found]
        if rows:
            show_table(("Since (UTC)", "Reason", "Address"), rows, wide="Address")
        else:
            say("No address is suppressed.")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One address a line, or CSV with a column `email`.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Add addresses to the suppression list, from another system's list for example."""
    with opened(context) as publisher, reader_file(file) as lines:
        count, refused = store_suppressed(publisher, lines)
    if as_json:
        print_json({"suppressed": count, "refused": [{"line": n, "reason": why} for n, why in refused]})
        return
    say(f"{count_words(count, 'address', 'addresses')} suppressed, {count_words(len(refused), 'line')} refused.")
    for number, reason in refused:
        say(f"Line {number} refused: {reason}")


def store_suppressed(publisher: "Publisher", lines: "TextIO") -> tuple[int, list[tuple[int, str]]]:
    """Suppresses every address of a file, a page a transaction; gives how many, and the lines that are none."""
    import itertools

    from publisher.model.subscriber import SuppressionReason
    from publisher.store import subscribers

    refused: list[tuple[int, str]] = []
    addresses = iter_addresses(lines, refused)
    count = 0
    while page := list(itertools.islice(addresses, PAGE)):
        with publisher.store.begin() as tx:
            for address in page:
                key = publisher.secrets.suppression_key(address)
                subscribers.suppress(tx, key, SuppressionReason.MANUAL, now=publisher.now())
        count += len(page)
    return count, refused


def iter_addresses(lines: "TextIO", refused: list[tuple[int, str]]) -> "Iterator[str]":
    """The addresses of a list or of a CSV file; lines that hold none go to `refused`."""
    import csv

    from publisher.audience.readers import check_address, check_commas

    rows = csv.reader(lines)
    column = 0
    for cells in readable(rows):
        names = [cell.strip().lower() for cell in cells]
        if rows.line_num == 1:
            check_commas(names)
        if rows.line_num == 1 and "email" in names:
            column = names.index("email")
            continue
        text = cells[column] if column < len(cells) else ""
        if not any(names):
            continue
        try:
            yield check_address(text)
        except ValueError as error:
            refused.append((rows.line_num, str(error)))


def readable(rows: "Iterator[list[str]]") -> "Iterator[list[str]]":
    """The rows of a CSV file; raises `UsageError` for one that is none."""
    import csv

    try:
        yield from rows
    except csv.Error as error:
        raise UsageError(f"The file is not readable as CSV: {error}. What stood before that line is taken.") from error


def iter_suppressed(publisher: "Publisher") -> "Iterator[Suppressed]":
    """The list, a page at a time."""
    from publisher.store import subscribers

    after = ""
    while True:
        with publisher.store.read() as tx:
            page = subscribers.list_suppressions(tx, after=after)
        if not page:
            return
        yield from page
        after = page[-1].key


COMMANDS = (("list", list_), ("import", import_))
