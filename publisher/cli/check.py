"""`publisher check`: is the newsroom fit to run? Every part says what was looked at, and what was not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import config_of, start_log
from publisher.cli.printing import AsJson, fitted, note, print_json, say
from publisher.model.errors import ConfigurationError, PublisherError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.cli.checks import Finding
    from publisher.settings import Settings

MARKS = {"ok": "ok", "fault": "FAULT", "warning": "warning", "not_checked": "not checked"}


def check(
    context: typer.Context,
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask every source for its first articles. Nothing is sent or stored.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check configuration, secrets, store, templates, licences and provider settings."""
    start_log("warning")
    from publisher.settings import load_settings

    try:
        settings = load_settings(config_of(context))
    except ConfigurationError as error:
        report_unusable(error, config_of(context), as_json=as_json)
        raise typer.Exit(2) from error
    found = []
    for one in look(settings, online=online):
        found.append(one)
        if not as_json:
            say(fitted(f"{MARKS[one.result]:<12} {one.part}: {one.words}", indent=13))
    faults = [one for one in found if one.result == "fault"]
    if as_json:
        checks = [{"part": one.part, "result": one.result, "words": one.words} for one in found]
        print_json({"ok": not faults, "checks": checks})
    else:
        say("Nothing is wrong." if not faults else f"{len(faults)} to mend, marked FAULT.")
    if faults:
        # what the configuration can mend is wrong usage; a source that does not answer is something not done
        raise typer.Exit(2 if any(one.is_configuration for one in faults) else 1)


def report_unusable(error: ConfigurationError, file: Path, *, as_json: bool) -> None:
    """Says all that is wrong with a configuration that cannot be used, its licences too, so that one look is enough."""
    from publisher.cli import checks

    lines = [*error.faults, *checks.licence_faults(file)]
    for line in lines:
        note(line)
    if as_json:
        found = [{"part": "configuration", "result": "fault", "words": line} for line in lines]
        fault = {"kind": type(error).__name__, "messages": lines, "exit": 2}
        print_json({"ok": False, "checks": found, "error": fault})


def look(settings: "Settings", *, online: bool) -> "Iterator[Finding]":
    """All findings, in the order of a newsroom's set-up; one part that breaks does not hide the others."""
    from publisher.cli import checks, checks_online
    from publisher.store.engine import SystemClock

    for part in checks.PARTS:
        try:
            yield from part(settings)
        except ConfigurationError as error:
            yield from (checks.fault("configuration", line) for line in error.faults)
        except (PublisherError, OSError) as error:
            yield checks.fault("newsroom", str(error), is_configuration=False)
    if online:
        yield from checks_online.look_outside(settings, now=SystemClock().now())
    else:
        yield checks.not_checked("outside", "nothing was asked over the network; `publisher check --online` does")
