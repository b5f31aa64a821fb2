"""Faults in words: what happened, to what, and what to do; and the exit status that goes with each.

On standard error for people; with `--json` also as the one document on standard output: `{"error": {...}}`.
"""

import re
from collections.abc import Sequence

from publisher.cli.printing import note, print_json
from publisher.model.errors import ConfigurationError, NotFoundError, PublisherError, UsageError, WrongStateError

NOT_DONE = 1
WRONG_USAGE = 2
#: Where to look for what there is, by the kind of thing that there is not.
LOOK = {
    "article": "`publisher articles` lists what there is.",
    "edition": "`publisher editions` lists what there is.",
    "batch": "`publisher edition ID` lists an edition's batches.",
    "source": "Sources are named in the configuration, by their id.",
    "subscriber": "`publisher subscribers export` lists a newsletter's readers.",
}
#: What lets a thing out of a state.
WAY_OUT = {
    "held": "`publisher resume ID` lets it go on.",
    "halted": "Mend what halted it (`publisher edition ID` says), then `publisher resume ID`.",
    "cancelled": "A cancelled edition stays cancelled; `publisher compose` makes the next one.",
    "composed": "It waits for `publisher approve ID` or `publisher send ID`.",
    "review": "It waits for `publisher approve ID` or `publisher send ID`.",
    "frozen": "What is approved stays as it is: `publisher send ID`, or `publisher cancel ID` and compose anew.",
    "sending": "`publisher hold ID` stops it; what is on its way ends.",
    "sent": "What is sent cannot be taken back; `publisher compose` makes the next one.",
    "late": "`publisher send ID` sends it late; `publisher cancel ID` ends it.",
    "skipped": "A skipped edition stays skipped; `publisher compose` makes the next one.",
}


def report_fault(error: PublisherError | OSError, *, as_json: bool) -> int:
    """Says what went wrong and gives the exit status."""
    status = WRONG_USAGE if isinstance(error, (ConfigurationError, UsageError)) else NOT_DONE
    lines = list(error.faults) if isinstance(error, ConfigurationError) else [words_of(error)]
    for line in lines:
        note(line)
    if as_json:
        print_fault(type(error).__name__, lines, status)
    return status


def print_fault(kind: str, lines: Sequence[str], status: int) -> None:
    """The one document of a command that failed."""
    print_json({"error": {"kind": kind, "messages": list(lines), "exit": status}})


def report_stopped(*, as_json: bool) -> int:
    """After Ctrl-C: what was written holds."""
    words = "Stopped. What was done so far holds; it is safe to run the same command again."
    note(f"\n{words}")
    if as_json:
        print_fault("KeyboardInterrupt", [words], NOT_DONE)
    return NOT_DONE


def words_of(error: PublisherError | OSError) -> str:
    """One fault as a sentence."""
    match error:
        case NotFoundError():
            return f"There is no {error.kind} {error.reference}. {LOOK.get(error.kind, '')}".strip()
        case WrongStateError():
            found = re.search(r"Edition (\d+)", error.what)
            way_out = WAY_OUT.get(error.state, "") if found else ""
            return f"{error} {way_out.replace('ID', found[1] if found else 'ID')}".strip()
        case OSError():
            where = f"{error.filename}: " if error.filename is not None else ""
            return f"{where}{error.strerror or error}. Mend that and run the command again."
        case _:
            return str(error)
