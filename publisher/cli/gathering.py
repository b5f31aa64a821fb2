"""`publisher gather`: fetch what changed at the sources."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import opened
from publisher.cli.printing import AsJson, note, print_json, progress_bar, say, show_table

if TYPE_CHECKING:
    from publisher.gather.run import GatherReport

SHOWN = 20  # refused items; the rest are counted


def gather(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these sources.")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="Look at everything again, not only at what changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch what changed at the sources.

    A source that fails does not stop the others; its articles stay as they were.
    """
    with opened(context) as publisher:
        from publisher.cli.shapes import gather_shape
        from publisher.gather.run import gather_all

        with progress_bar() as bar:
            report = gather_all(
                publisher.settings,
                publisher.store,
                clock=publisher.clock,
                only=sources or (),
                full=full,
                progress=bar.at,
            )
        if as_json:
            print_json(gather_shape(report))
        else:
            show_gathered(report)
    if not report.ok:
        for one in report.sources:
            if one.error:
                note(f"{one.id}: {one.status}: {one.error}")
        if any(one.error and not one.held for one in report.sources):
            note("Not every source was read to its end. Mend what is said above, then run `publisher gather` again.")
        raise typer.Exit(1)


def show_gathered(report: "GatherReport") -> None:
    """Prints what each source brought, and what was refused and why."""
    from publisher.gather.run import GatherStatus

    if not report.sources:
        say("No source is configured. Add one under [[sources]] in the configuration.")
        return
    rows = [
        (one.id, one.status, one.new, one.changed, one.unchanged, one.withdrawn, len(one.refused))
        for one in report.sources
    ]
    show_table(("Source", "Status", "New", "Changed", "Unchanged", "Withdrawn", "Refused"), rows, wide="Source")
    for source in report.sources:
        for one in source.refused[:SHOWN]:
            say(f"Refused from {source.id}: {one.url or one.key}: {one.reason}")
        if len(source.refused) > SHOWN:
            say(f"... and {len(source.refused) - SHOWN} more from {source.id}; `--json` shows all.")
        for held in source.held[:SHOWN] if source.status is not GatherStatus.HELD else ():
            say(f"Held from {source.id}: {held.key}: {held.why} (`publisher release {source.id}` decides)")
        if source.waiting:
            say(f"{source.id}: {source.waiting:,} changes count when they are seen once more.")
        if source.note:
            say(f"{source.id}: {source.note}")
