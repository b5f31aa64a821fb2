"""`publisher approve`, `hold`, `cancel`, `resume`, `edit`: the editor's decisions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.editions import Reference
from publisher.cli.opening import cut_of, find_edition, find_open_newsletter, opened, refuse_held, tell_outbox
from publisher.cli.printing import AsJson, note, print_json
from publisher.model.errors import UsageError, WrongStateError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.compose.decide import Changes

LONGEST_NOTE = 20_000  # characters; a mail longer than that is clipped by mail programs


def approve(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Approve an edition: freeze its content and audience. It is then sent at its slot, or by `publisher send`."""
    with opened(context) as publisher:
        from publisher.model.edition import OPEN_TO_EDIT, EditionState

        edition = find_open_newsletter(publisher, reference)
        refuse_held(edition)
        if edition.state in {EditionState.CANCELLED, EditionState.SKIPPED, EditionState.LATE}:
            raise WrongStateError(f"Edition {edition.id}", edition.state, ["composed", "review"])
        cut_of(edition)
        tell_outbox(publisher, as_json=as_json)
        if edition.state not in {*OPEN_TO_EDIT, EditionState.FREEZING}:
            note(f"Edition {edition.id} was approved before; nothing was changed.")
        _, changes = publisher.freeze(edition.id)
        for change in changes:
            note(f"Since it was composed {change}.")
        show(publisher, edition.id, as_json=as_json)


def hold(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Hold an edition: nothing of it goes until `publisher resume`; what is on its way ends."""
    with opened(context) as publisher:
        from publisher.compose.decide import hold_edition

        edition = find_edition(publisher, reference)
        hold_edition(publisher.store, edition.id)
        show(publisher, edition.id, as_json=as_json)


def cancel(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """End an edition for good. Its articles are new again if nobody has got it."""
    with opened(context) as publisher:
        from publisher.compose.decide import cancel_edition

        edition = find_edition(publisher, reference)
        cancel_edition(publisher.store, edition.id, now=publisher.now())
        show(publisher, edition.id, as_json=as_json)


def resume(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Let a held or halted edition go on: to review where it was not frozen, else to sending."""
    with opened(context) as publisher:
        from publisher.compose.decide import resume_edition

        edition = find_open_newsletter(publisher, reference)
        tell_outbox(publisher, as_json=as_json)
        resume_edition(publisher.composer, edition.id, now=publisher.now())
        show(publisher, edition.id, as_json=as_json)


def edit(  # noqa: PLR0913 - one option for each thing that can be changed
    context: typer.Context,
    reference: Reference,
    *,
    subject: Annotated[str | None, typer.Option(help="A new subject, in the edition's first language.")] = None,
    preheader: Annotated[str | None, typer.Option(help="The line after the subject in the inbox.")] = None,
    note_file: Annotated[
        Path | None,
        typer.Option("--note", metavar="FILE", help="The editor's note, plain paragraphs; - reads it here."),
    ] = None,
    pin: Annotated[list[str] | None, typer.Option(metavar="REF", help="Put this article first; repeatable.")] = None,
    drop: Annotated[list[str] | None, typer.Option(metavar="REF", help="Take this article out; repeatable.")] = None,
    order: Annotated[str | None, typer.Option(metavar="REF,...", help="Articles in this order.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change an edition that is not frozen, and render it anew."""
    with opened(context) as publisher:
        from publisher.compose.decide import Changes, edit_edition

        edition = find_open_newsletter(publisher, reference)
        changes = Changes(
            subject=header_text(subject, "--subject"),
            preheader=header_text(preheader, "--preheader"),
            note=read_note(note_file) if note_file else None,
            pin=tuple(pin or ()),
            drop=tuple(drop or ()),
            order=parts_of(order),
        )
        if changes == Changes():
            raise UsageError("Nothing to change was given. `publisher edit --help` lists what can be.")
        refuse_both(publisher, changes)
        edit_edition(publisher.composer, edition.id, changes, now=publisher.now())
        show(publisher, edition.id, as_json=as_json)


def refuse_both(publisher: "Publisher", changes: "Changes") -> None:
    """An article that is pinned and dropped at once: nobody can tell what is meant."""
    from publisher.store import articles

    with publisher.store.read() as tx:
        pinned, dropped = (
            {articles.get_article(tx, one).number for one in some} for some in (changes.pin, changes.drop)
        )
    both = sorted(pinned & dropped)
    if both:
        numbers = ", ".join(map(str, both))
        raise UsageError(f"--pin and --drop both name article {numbers}. Say one of the two; nothing was changed.")


def header_text(text: str | None, option: str) -> str | None:
    """A text that will stand in a header field."""
    from publisher.settings_values import check_plain

    if text is None:
        return None
    try:
        return check_plain(text).strip()
    except ValueError as error:
        raise UsageError(f"{option} {error}; write it as one line of text.") from error


def read_note(file: Path) -> str:
    """The editor's note."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"--note: there is no file {file}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--note: {file} is not in UTF-8.") from error
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"--note: {file} is longer than {LONGEST_NOTE:,} characters.")
    return text.strip()


def parts_of(text: str | None) -> tuple[str, ...]:
    """References parted by commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def show(publisher: "Publisher", number: int, *, as_json: bool) -> None:
    """Prints how an edition stands now."""
    from publisher.cli.edition_view import load_view, show_edition
    from publisher.cli.shapes import edition_shape

    view = load_view(publisher, number)
    if as_json:
        print_json(edition_shape(view))
    else:
        show_edition(publisher, view)
