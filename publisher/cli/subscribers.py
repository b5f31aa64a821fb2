"""`publisher subscribers`: import, export, add, show, erase."""

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from publisher.cli.opening import opened
from publisher.cli.printing import AsJson, count_words, note, print_json, progress_bar, say
from publisher.cli.why import find_reader, show_reader
from publisher.model.errors import UsageError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.audience.readers import Importer, ImportReport
    from publisher.store.subscribers import Subscribed, Suppressed

Newsletter = Annotated[str, typer.Option(help="The newsletter's name in the configuration.")]
Consent = Annotated[str, typer.Option(metavar="TEXT", help="What they agreed to, or where, as in `form on the site`.")]
Confirmed = Annotated[
    bool, typer.Option("--confirmed", help="You vouch for their consent: subscribed at once, not pending.")
]
Address = Annotated[str, typer.Argument(help="The reader's address.")]
SHOWN = 20  # refused lines; the rest are counted


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, first line names the columns; - reads it here.")],
    *,
    newsletter: Newsletter,
    consent: Consent,
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> None:
    """Import readers from CSV. Who left or is suppressed stays out, whatever the file says."""
    with opened(context) as publisher:
        from publisher.cli.shapes import import_shape

        with reader_file(file) as lines, progress_bar() as bar:
            report = import_file(
                publisher, lines, newsletter, consent, confirmed=confirmed, tell=lambda n: bar.add("Readers", n)
            )
    if as_json:
        print_json(import_shape(report))
    else:
        show_import(report, newsletter, confirmed=confirmed)


def import_file(
    publisher: "Publisher",
    lines: TextIO,
    newsletter: str,
    consent: str,
    *,
    confirmed: bool,
    tell: Callable[[int], None] = lambda _: None,
) -> "ImportReport":
    """Imports an open reader file."""
    from publisher.audience.readers import Consent as Proof
    from publisher.audience.readers import import_readers, read_lines

    proof = Proof(text=consent_text(consent), is_confirmed=confirmed)
    return import_readers(read_lines(lines, proof), importer_for(publisher, newsletter), progress=tell)


def importer_for(publisher: "Publisher", newsletter: str) -> "Importer":
    """What storing readers of a newsletter needs; raises `UsageError` for a name that is not configured."""
    from publisher.audience.readers import Importer
    from publisher.store import editions

    publisher.composer.rules(newsletter)
    with publisher.store.begin() as tx:
        number = editions.ensure_newsletter(tx, newsletter, list_id=publisher.composer.list_id(newsletter))
    return Importer(store=publisher.store, secrets=publisher.secrets, newsletter=number, now=publisher.now())


def consent_text(text: str) -> str:
    """What stands behind the readers' consent: words, not nothing."""
    if not text.strip():
        raise UsageError("--consent is empty. Say what the readers agreed to, or where: it is their proof and yours.")
    return text.strip()


@contextmanager
def reader_file(file: Path) -> Iterator[TextIO]:
    """A reader file, or standard input."""
    from publisher.audience.readers import open_lines

    if str(file) == "-":
        # as `open_lines` does: a byte that is not UTF-8 costs its own line only
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape", newline="")
        return
    try:
        lines = open_lines(file)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {file}.") from error
    with lines:
        yield lines


def show_import(report: "ImportReport", newsletter: str, *, confirmed: bool) -> None:
    """Prints what an import did, and each line that was refused."""
    say(
        f"{newsletter}: {report.added:,} added, {report.kept:,} there before and unchanged, {report.left:,} taken out,"
        f" {count_words(len(report.refused), 'line')} refused."
    )
    if report.ignored_columns:
        say(f"Ignored columns: {', '.join(report.ignored_columns)}.")
    for one in report.refused[:SHOWN]:
        say(f"Line {one.line} refused: {one.reason}")
    if len(report.refused) > SHOWN:
        say(f"... and {len(report.refused) - SHOWN:,} more; `--json` shows all.")
    if report.pending:
        say(f"{count_words(report.pending, 'reader is', 'readers are')} pending: they get nothing until they confirm.")
    if report.pending and not confirmed:
        say("Where you vouch for their consent, import again with --confirmed: it subscribes them at once.")


def export(
    context: typer.Context,
    *,
    newsletter: Newsletter,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file, readable by you only.")] = None,
) -> None:
    """Write a newsletter's readers as CSV, to standard output unless a file is named."""
    with opened(context) as publisher:
        from publisher.audience.readers import export_rows

        number = importer_for(publisher, newsletter).newsletter
        if out is None:
            csv.writer(sys.stdout, lineterminator="\n").writerows(export_rows(publisher.store, number))
            return
        out.touch(mode=0o600)
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(export_rows(publisher.store, number))
        note(f"Written to {out}. It holds people's addresses: keep it no longer than you need it.")


def add(  # noqa: PLR0913 - one option for each column of a reader file
    context: typer.Context,
    address: Address,
    *,
    newsletter: Newsletter,
    consent: Consent,
    name: Annotated[str, typer.Option(help="Her name.")] = "",
    language: Annotated[str, typer.Option(help="The language she reads, as in `es`.")] = "",
    sections: Annotated[str, typer.Option(help="Section slugs parted by `;`.")] = "",
    countries: Annotated[str, typer.Option(help="Country slugs parted by `;`.")] = "",
    topics: Annotated[str, typer.Option(help="Topic slugs parted by `;`.")] = "",
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> None:
    """Add one reader. One who left or is suppressed stays out."""
    columns = {"email": address, "name": name, "language": language, "consent": consent_text(consent)}
    columns |= {"sections": sections, "countries": countries, "topics": topics}
    with opened(context) as publisher:
        from publisher.cli.shapes import import_shape

        report = add_reader(publisher, newsletter, columns, confirmed=confirmed)
        found, suppressed = find_reader(publisher, address)
        subscribed = [one for one in found if one.newsletter == newsletter]
        if as_json:
            print_json(import_shape(report) | {"state": subscribed[0].state.value if subscribed else None})
            return
        say(added_words(report, subscribed, suppressed))
        show_reader(publisher, address, subscribed, suppressed)


def added_words(report: "ImportReport", subscribed: "list[Subscribed]", suppressed: "Suppressed | None") -> str:
    """What became of a reader who was added by hand."""
    if not subscribed:
        return "She had herself erased and stays out; nothing was stored."
    if not report.added:
        return "She was there before; nothing was changed."
    return "Added, but nothing is sent to her: the address is suppressed." if suppressed else "Added."


def add_reader(publisher: "Publisher", newsletter: str, columns: dict[str, str], *, confirmed: bool) -> "ImportReport":
    """Stores one reader by the same checks as a line of a file."""
    from publisher.audience.readers import Consent as Proof
    from publisher.audience.readers import RefusedLine, check_line, import_readers

    line = check_line(columns, 1, Proof(text=columns["consent"], is_confirmed=confirmed))
    if isinstance(line, RefusedLine):
        raise UsageError(f"{columns['email']!r} was not added: {line.reason}.")
    return import_readers([line], importer_for(publisher, newsletter))


def show(context: typer.Context, address: Address, *, as_json: AsJson = False) -> None:
    """Show what is stored of a reader."""
    with opened(context) as publisher:
        from publisher.cli.shapes import subscription_shape, suppression_shape

        subscribed, suppressed = find_reader(publisher, address)
        if as_json:
            shown: dict[str, Any] = {"address": address, "name": subscribed[0].name if subscribed else ""}
            shown |= {"subscriptions": [subscription_shape(one) for one in subscribed]}
            print_json(shown | {"suppressed": suppression_shape(suppressed)})
        else:
            show_reader(publisher, address, subscribed, suppressed)


def erase(
    context: typer.Context,
    address: Address,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a reader's address and name for good; a hash of the address stays, so that it is never written to."""
    with opened(context) as publisher:
        from publisher.store import subscribers

        subscribed, _ = find_reader(publisher, address)
        if not subscribed:  # erased before, or known to the suppression list only
            tell_erased(None, as_json=as_json)
            return
        number = subscribed[0].subscriber
        if sys.stdin.isatty() and not yes and not as_json:
            typer.confirm(f"Erase {address} for good?", abort=True)
        with publisher.store.begin() as tx:
            subscribers.erase(tx, number, now=publisher.now())
    tell_erased(number, as_json=as_json)


def tell_erased(number: int | None, *, as_json: bool) -> None:
    """Says what was deleted, and where copies may still be."""
    if as_json:
        print_json({"erased": number is not None, "subscriber": number})
    elif number is None:
        say("Nothing is stored of this address but its hash on the suppression list, which keeps it from being mailed.")
    else:
        say("Erased, here. Copies in the provider's log, exports and backups are not in reach of this command.")


COMMANDS = (("import", import_), ("export", export), ("add", add), ("show", show), ("erase", erase))
