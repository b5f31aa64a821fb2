"""Opening a newsroom for the length of a command: configuration, store, log; and reading what was typed."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from publisher.cli.printing import note, say
from publisher.model.clock import parse_stamp
from publisher.model.errors import NotFoundError, PublisherError, UsageError, WrongStateError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.model.edition import Edition

LEVELS = ("debug", "info", "warning", "error")


@contextmanager
def opened(context: typer.Context, *, log_level: str = "warning") -> Iterator["Publisher"]:
    """The newsroom of this command, closed at its end."""
    from publisher.assembly import assembled
    from publisher.settings import KNOWN_VARIABLES, unknown_variables

    start_log(log_level)
    for name in unknown_variables():
        note(f"The environment variable {name} means nothing here; known are {', '.join(sorted(KNOWN_VARIABLES))}.")
    with assembled(config_of(context)) as publisher:
        yield publisher


def config_of(context: typer.Context) -> Path:
    """The configuration file that was named, or the usual one."""
    file = context.obj
    if not isinstance(file, Path):
        raise TypeError("the command line was started without its options")
    return file


def start_log(level: str) -> None:
    """Sends the log to standard error; `PUBLISHER_LOG` sets its level."""
    import structlog

    wanted = os.environ.get("PUBLISHER_LOG", "").strip().lower() or level
    if wanted not in LEVELS:
        raise UsageError(f"PUBLISHER_LOG is {wanted!r}; it must be one of {', '.join(LEVELS)}.")
    is_terminal = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(wanted),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            *([] if is_terminal else [structlog.processors.format_exc_info]),
            last,
        ],
    )


def tell_outbox(publisher: "Publisher", *, as_json: bool) -> None:
    """Says, where the provider is the outbox, that nothing is mailed."""
    from publisher.settings import ProviderKind

    if publisher.settings.provider.kind is ProviderKind.OUTBOX:
        line = "Outbox provider: messages are written to var/outbox, nothing is mailed."
        note(line) if as_json else say(line)


def find_edition(publisher: "Publisher", reference: str) -> "Edition":
    """The edition that was named; raises `NotFoundError`."""
    from publisher.store import editions

    with publisher.store.read() as tx:
        return editions.get_edition(tx, number_of("edition", reference))


def find_open_newsletter(publisher: "Publisher", reference: str) -> "Edition":
    """An edition whose newsletter is still configured, as deciding and sending need; not one that a person holds."""
    edition = find_edition(publisher, reference)
    publisher.composer.rules(edition.newsletter)
    return edition


def refuse_held(edition: "Edition") -> None:
    """Somebody said stop, or something did: only `resume` takes that back."""
    from publisher.model.edition import EditionState

    if edition.state in {EditionState.HELD, EditionState.HALTED}:
        raise WrongStateError(f"Edition {edition.id}", edition.state, ["resumed"], because=edition.reason)


def cut_of(edition: "Edition") -> int:
    """The content that counts for an edition; one that was skipped, or cut short while it was composed, has none."""
    if edition.cut is None:
        cure = f"`publisher compose {edition.newsletter}` makes the one that is due."
        raise PublisherError(f"Edition {edition.id} is {edition.state} and has no content. {cure}")
    return edition.cut


def number_of(kind: str, reference: str) -> int:
    """A number as typed; what is none names nothing in the store."""
    if not re.fullmatch(r"[0-9]{1,18}", reference.strip()):
        raise NotFoundError(kind, reference)
    return int(reference)


def parse_moment(text: str, option: str) -> datetime:
    """A time with its zone, or a day in UTC."""
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        pass
    try:
        return parse_stamp(text).replace(microsecond=0)
    except ValueError as error:
        cure = "Write it as 2026-03-06T12:00:00Z, or with an offset as 2026-03-06T07:00:00-05:00."
        raise UsageError(f"{option} {text!r} is no time with a zone. {cure}") from error
