"""What commands print: one JSON document, or short sentences and tables; notes and progress on standard error.

Titles, names and providers' answers come from outside: nothing in them is taken for markup or for the terminal.
"""

import json
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO
from zoneinfo import ZoneInfo

import typer

from publisher.model.clock import stamp

if TYPE_CHECKING:  # imported where something is printed: they cost a tenth of a second
    from rich.console import Console
    from rich.progress import Progress, TaskID

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
#: What could move the cursor, change colours or turn the writing round.
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def print_json(document: Mapping[str, Any]) -> None:
    """The one document of a command."""
    sys.stdout.write(dumped(document) + "\n")


def stream_json(key: str, items: Iterable[Mapping[str, Any]]) -> None:
    """`{KEY: [...]}` written item by item, so that a long list needs no memory."""
    sys.stdout.write(f'{{"{key}": [')
    for number, item in enumerate(items):
        sys.stdout.write((",\n" if number else "\n") + dumped(item))
    sys.stdout.write("\n]}\n")


def dumped(document: Mapping[str, Any]) -> str:
    """JSON, in ASCII where the other side may not read UTF-8."""
    is_utf8 = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    return json.dumps(document, ensure_ascii=not is_utf8, indent=1)


def say(text: str = "") -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(fitted(plain(text)) + "\n")


def note(text: str) -> None:
    """A line beside the result."""
    sys.stderr.write(fitted(plain(text), where=sys.stderr) + "\n")


def fitted(text: str, *, indent: int = 0, where: TextIO | None = None) -> str:
    """Text broken between words on a terminal; as it is in a file or a pipe, where somebody looks for it."""
    if not (where or sys.stdout).isatty():
        return text
    width = max(40, shutil.get_terminal_size().columns)
    lines = [
        textwrap.fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    ]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Text without what a terminal would obey."""
    return UNPRINTABLE.sub("\ufffd", text)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, wide: str) -> None:
    """A table as wide as the terminal; only the column `wide` is broken into several lines."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=name != wide, overflow="fold", ratio=1 if name == wide else None)
    for row in rows:
        table.add_row(*(plain("" if cell is None else str(cell)) for cell in row))
    console(is_error=False).print(table)


def show_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one pair a line, values under each other; empty values are left out."""
    shown = [(name, plain(str(value))) for name, value in pairs if value not in {None, ""}]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        say(fitted(f"{name:<{width}}  {value}", indent=width + 2))


def console(*, is_error: bool) -> "Console":
    """Where tables and progress go; nothing in a text is markup."""
    from rich.console import Console

    return Console(stderr=is_error, markup=False, highlight=False, emoji=False)


class Bar:
    """A progress bar on a terminal, nothing anywhere else."""

    def __init__(self, progress: "Progress | None", total: int | None) -> None:
        self._progress = progress
        self._total = total
        self._tasks: dict[str, TaskID] = {}

    def at(self, what: str, done: int) -> None:
        """So many of something are done."""
        if self._progress:
            self._progress.update(self._task(what), completed=done)

    def add(self, what: str, count: int) -> None:
        """So many more of something are done."""
        if self._progress:
            self._progress.update(self._task(what), advance=count)

    def _task(self, what: str) -> "TaskID":
        if what not in self._tasks and self._progress:
            self._tasks[what] = self._progress.add_task(what, total=self._total)
        return self._tasks[what]


@contextmanager
def progress_bar(*, total: int | None = None) -> Iterator[Bar]:
    """Shows how far a long command is, on standard error."""
    if not sys.stderr.isatty():
        yield Bar(None, total)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(is_error=True), transient=True) as progress:
        yield Bar(progress, total)


def program() -> str:
    """How this program is called from the person's shell: by its name where it is found so, else by its path."""
    ours = Path(sys.argv[0])
    if ours.name != "publisher" or shutil.which("publisher"):
        return "publisher"
    return shlex.quote(str(ours.absolute()))


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """A time as its reader's clock shows it, with the zone, and in UTC.

    >>> moment_words(datetime(2026, 3, 6, 12, tzinfo=UTC), ZoneInfo("America/Bogota"))
    'Fri 6 Mar 2026 07:00 America/Bogota (2026-03-06T12:00:00Z)'
    """
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M} {zone.key} ({stamp(moment)})"


def short_moment(moment: datetime) -> str:
    """A time in a table: UTC, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%MZ}"


def count_words(count: int, one: str, many: str = "") -> str:
    """`1 reader`, `1,200 readers`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
