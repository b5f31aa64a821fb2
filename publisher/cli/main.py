"""`publisher`: the table of all commands, and the one place where a fault becomes words and an exit status.

    0  done: refused items, a skipped edition and an empty result too
    1  something was not done, and the message says what and what to do
    2  wrong usage or configuration

Modules of commands import the rest of the house inside their functions, so that `publisher --help` is quick.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from publisher.cli import (
    articles,
    check,
    decisions,
    demo,
    editions,
    gathering,
    newsroom,
    partners,
    preview,
    public,
    sending,
    serving,
    sources,
    subscribers,
    suppressions,
    why,
)
from publisher.cli.faults import NOT_DONE, WRONG_USAGE, print_fault, report_fault, report_stopped
from publisher.model.errors import PublisherError

INTERRUPTED = 130  # what the command library makes of Ctrl-C
DEFAULT_CONFIG = Path("config/newsroom.toml")

NEWSROOM, ARTICLES, EDITIONS, READERS, SERVICE = (
    "The newsroom",
    "Articles, feeds and kits",
    "Editions",
    "Readers",
    "Running it",
)
COMMANDS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("init", newsroom.init, NEWSROOM),
    ("check", check.check, NEWSROOM),
    ("migrate", newsroom.migrate, NEWSROOM),
    ("demo", demo.demo, NEWSROOM),
    ("gather", gathering.gather, ARTICLES),
    ("sources", sources.sources, ARTICLES),
    ("held", sources.held, ARTICLES),
    ("release", sources.release, ARTICLES),
    ("articles", articles.articles, ARTICLES),
    ("article", articles.article, ARTICLES),
    ("build", public.build, ARTICLES),
    ("kit", public.kit, ARTICLES),
    ("compose", editions.compose, EDITIONS),
    ("editions", editions.editions, EDITIONS),
    ("edition", editions.edition, EDITIONS),
    ("edit", decisions.edit, EDITIONS),
    ("preview", preview.preview, EDITIONS),
    ("test-send", preview.send_proof, EDITIONS),
    ("approve", decisions.approve, EDITIONS),
    ("hold", decisions.hold, EDITIONS),
    ("resume", decisions.resume, EDITIONS),
    ("cancel", decisions.cancel, EDITIONS),
    ("send", sending.send, EDITIONS),
    ("settle", sending.settle, EDITIONS),
    ("why", why.why, READERS),
    ("run", serving.run, SERVICE),
    ("web", serving.web, SERVICE),
    ("clock", serving.clock, SERVICE),
    ("worker", serving.worker, SERVICE),
)
GROUPS: tuple[tuple[str, str, tuple[tuple[str, Callable[..., Any]], ...]], ...] = (
    ("subscribers", "The audience: import, export, add, show, erase.", subscribers.COMMANDS),
    ("suppressions", "Addresses that must not be written to.", suppressions.COMMANDS),
    ("partners", "Those who republish: list, add, revoke, notify.", partners.COMMANDS),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status; never a traceback for what a user can cause."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # a terminal that cannot show a letter shows its code
            reconfigure(errors="backslashreplace")
    as_json = "--json" in words
    try:
        status = run_command(words, as_json=as_json)
    except (PublisherError, OSError) as error:
        return report_fault(error, as_json=as_json)
    if status == INTERRUPTED:
        return report_stopped(as_json=as_json)
    return flush(status)


def run_command(words: list[str], *, as_json: bool) -> int:
    """Runs the command as typed; the library reports on standard error what it cannot parse, with status 2."""
    command = typer.main.get_command(make_app())
    try:
        command.main(args=words, prog_name="publisher")
    except SystemExit as end:
        # the library's own fault is what made it end; it is not handed out in another way
        words_of_fault = getattr(end.__context__, "format_message", None)
        if as_json and words_of_fault:
            print_fault("UsageError", [words_of_fault()], WRONG_USAGE)
        return end.code if isinstance(end.code, int) else NOT_DONE if end.code else 0
    return 0


def flush(status: int) -> int:
    """Lets the last output go; whoever read it may have gone before."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return NOT_DONE
    return status


def make_app() -> typer.Typer:
    """The commands with their groups, in the order of a newsroom's day."""
    app = typer.Typer(
        help="Newsletter and syndication publisher for newsrooms.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    for name, function, panel in COMMANDS:
        app.command(name, rich_help_panel=panel)(function)
    for name, about, commands in GROUPS:
        group = typer.Typer(help=about, no_args_is_help=True)
        for command, function in commands:
            group.command(command)(function)
        app.add_typer(group, name=name, rich_help_panel=READERS)
    return app


def show_version(*, asked: bool) -> None:
    """Prints the version and ends, before a command is asked for."""
    if asked:
        from importlib.metadata import version as version_of

        typer.echo(f"publisher {version_of('newsroom-publisher')}")
        raise typer.Exit


def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(envvar="PUBLISHER_CONFIG", help="The newsroom's configuration; else config/newsroom.toml."),
    ] = None,
    *,
    version: Annotated[  # noqa: ARG001 - its callback has ended the command
        bool, typer.Option("--version", is_eager=True, callback=show_version, help="Print the version and end.")
    ] = False,
) -> None:
    """Newsletter and syndication publisher for newsrooms.

    `publisher init DIR` makes a new newsroom; `publisher demo` shows the main job on an example one.
    """
    context.obj = config or DEFAULT_CONFIG
