"""`publisher send`, `publisher settle`: handing an edition over, and clearing what is in doubt."""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.editions import Reference
from publisher.cli.opening import cut_of, find_open_newsletter, number_of, opened, refuse_held, tell_outbox
from publisher.cli.printing import AsJson, count_words, note, print_json, progress_bar, say
from publisher.model.errors import UsageError, WrongStateError

if TYPE_CHECKING:
    from types import FrameType

    from publisher.assembly import Publisher
    from publisher.deliver.send import SendReport, Stop
    from publisher.deliver.settle import SettleReport
    from publisher.store.ledger import Rejection


#: What exchanges under way get when the command is told to end.
FOR_EXCHANGES = timedelta(seconds=8)


class Verdict(StrEnum):
    """What a person can decide of a batch in doubt."""

    ACCEPTED = "accepted"
    NOT_SENT = "not-sent"


def send(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Send what is still to send of an edition; freezes it if need be. Safe to repeat: nobody gets it twice."""
    with opened(context) as publisher:
        from publisher.cli.shapes import send_shape
        from publisher.store import ledger

        tell_outbox(publisher, as_json=as_json)
        was_sent = find_open_newsletter(publisher, reference).state == "sent"
        report = send_watched(publisher, reference)
        edition = find_open_newsletter(publisher, reference)
        with publisher.store.read() as tx:
            rejected = ledger.list_rejected(tx, edition.id)
        if as_json:
            print_json(send_shape(report, rejected))
        else:
            say(sent_before_words(report) if was_sent else sent_words(report, edition.reason))
    left = what_is_left(report, rejected)
    for line in left:
        note(line)
    if left:
        raise typer.Exit(1)


def send_watched(publisher: "Publisher", reference: str) -> "SendReport":
    """Freezes and sends, with a progress bar; Ctrl-C lets what is on its way end and begins nothing new."""
    from publisher.cli.edition_view import load_view
    from publisher.deliver.send import Stop
    from publisher.model.edition import EditionState

    edition = find_open_newsletter(publisher, reference)
    refuse_held(edition)
    if edition.state is EditionState.CANCELLED:
        raise WrongStateError(f"Edition {edition.id}", edition.state, ["frozen", "sending", "late"])
    if edition.state is not EditionState.SKIPPED:
        cut_of(edition)
    _, changes = publisher.freeze(edition.id)
    for change in changes:
        note(f"Since it was composed {change}.")
    waiting = load_view(publisher, edition.id).deliveries.get("pending", 0)
    stop = Stop()
    give_up = partial(publisher.provider.stop, within=FOR_EXCHANGES)
    with stopped_by_signals(stop, give_up), progress_bar(total=waiting) as bar:
        return publisher.send(
            edition.id, by_hand=True, stop=stop, progress=lambda count: bar.add(f"Edition {edition.id}", count)
        )


@contextmanager
def stopped_by_signals(stop: "Stop", give_up: Callable[[], None]) -> Iterator[None]:
    """While it lasts, Ctrl-C and SIGTERM end the sending: nothing new begins, what is on its way gets 8 s."""

    def say_stop(_number: int, _frame: "FrameType | None") -> None:
        stop.event.set()
        # not here: a handler runs between any two instructions, where the adapter's own lock may be held
        threading.Thread(target=give_up, daemon=True).start()
        note("Stopping: what is on its way ends, nothing new begins.")

    before = {number: signal.signal(number, say_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def sent_words(report: "SendReport", reason: str | None) -> str:
    """The result as a sentence."""
    because = f" ({reason})" if reason else ""
    return f"Edition {report.edition} is {report.state}{because}: {told_counts(report)}, in {report.seconds:.1f} s."


def sent_before_words(report: "SendReport") -> str:
    """Nothing was mailed by this command."""
    return f"Edition {report.edition} was sent before: {told_counts(report)}. There was nothing to do."


def told_counts(report: "SendReport") -> str:
    """What became of the copies."""
    counts = [
        (report.accepted, "accepted"),
        (report.rejected, "rejected"),
        (report.unknown, "in doubt"),
        (report.pending, "still to send"),
        (report.left_out, "left out"),
    ]
    return ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nobody to send it to"


def what_is_left(report: "SendReport", rejected: "Sequence[Rejection]" = ()) -> list[str]:
    """What was not done, each with what to do; empty when everything was."""
    from publisher.cli.edition_view import rejected_words

    number = report.edition
    left = []
    if report.unknown:
        what = count_words(report.unknown, "reader is", "readers are")
        left.append(f"{what} in doubt: the answer was lost. `publisher settle {number}` asks the provider.")
    if report.rejected:
        left += rejected_words(rejected, report.rejected)
        left.append("Correct the address; `publisher why ADDRESS` shows all that is known of it.")
    if report.state == "halted":
        left.append(f"It halted. `publisher edition {number}` says why; mend that, then `publisher resume {number}`.")
    elif report.state == "cancelled" and report.pending:
        left.append(f"It was cancelled: {count_words(report.pending, 'reader gets', 'readers get')} nothing of it.")
    elif report.pending and report.state != "skipped":
        what = count_words(report.pending, "reader waits", "readers wait")
        left.append(f"{what}. `publisher send {number}` goes on where it ended.")
    return left


def settle(
    context: typer.Context,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[ID | BATCH]", help="An edition; with --as, a batch.")
    ] = None,
    *,
    verdict: Annotated[
        Verdict | None, typer.Option("--as", help="Decide this batch by hand, after looking in the provider's log.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Settle batches in doubt by asking the provider; list those that a person must decide."""
    with opened(context) as publisher:
        from publisher.cli.shapes import settle_shape
        from publisher.deliver.settle import SettleReport, decide_by_hand, settle_batches

        tell_outbox(publisher, as_json=as_json)
        given = numbers or []
        if verdict:
            batch = number_of("batch", one_of(given, "--as needs the number of a batch"))
            decided = decide_by_hand(publisher.mailer, batch, is_accepted=verdict is Verdict.ACCEPTED)
            report = SettleReport(settled=(decided,), open=())
        else:
            edition = find_open_newsletter(publisher, one_of(given, "one edition at a time")).id if given else None
            report = settle_batches(publisher.mailer, edition_id=edition, tell=note)
        if as_json:
            print_json(settle_shape(report))
        else:
            show_settled(report)
    if report.open:
        note("What is still in doubt is neither sent again nor given up. Look in the provider's log for the addresses,")
        note("then `publisher settle --as accepted BATCH`, or `--as not-sent BATCH` to have it sent again.")
        raise typer.Exit(1)


def one_of(given: list[str], fault: str) -> str:
    """The one number that was given."""
    if len(given) != 1:
        raise UsageError(f"`publisher settle`: {fault}; {count_words(len(given), 'number')} given.")
    return given[0]


def show_settled(report: "SettleReport") -> None:
    """Prints what was settled, and each batch that is not with everyone in it."""
    for one in report.settled:
        say(f"Batch {one.batch} is settled as {one.verdict}: {one.how}.")
    for doubt in report.open:
        say(f"Batch {doubt.batch} stays in doubt: {doubt.why}.")
        say(f"    {', '.join(doubt.recipients)}")
    if any(one.verdict == Verdict.NOT_SENT for one in report.settled):
        say("What was not sent goes with the next `publisher send`.")
    if not report.settled and not report.open:
        say("Nothing is in doubt.")
