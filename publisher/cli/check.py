"""`publisher check`: is the newsroom fit to run? Every part says what was looked at, and what was not."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import config_of, start_log
from publisher.cli.printing import AsJson, fitted, print_json, say
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

    settings = load_settings(config_of(context))
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
