"""`publisher preview`, `publisher test-send`: an edition as its readers will get it, before they do."""

import html
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.editions import Reference
from publisher.cli.opening import cut_of, find_edition, number_of, opened, tell_outbox
from publisher.cli.printing import AsJson, note, print_json, say, show_table
from publisher.model.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.deliver.mailer import Content
    from publisher.model.edition import Edition, Letter
    from publisher.model.subscriber import Reader
    from publisher.store.subscribers import Subscribed


def preview(
    context: typer.Context,
    reference: Reference,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.")],
    subscriber: Annotated[
        str | None, typer.Option(metavar="REF", help="As this reader gets it: her address or number.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the edition as mail programs show it: edition.html, edition.txt and edition.eml of each language.

    The first language goes to DIR itself, others to DIR/LANGUAGE; the bytes are those that go out.
    """
    with opened(context) as publisher:
        from publisher.deliver.mailer import load_content

        edition = find_edition(publisher, reference)
        content = load_content(publisher.store, edition.id, cut_of(edition))
        letters, reader = choose_letters(publisher, content, subscriber)
        written = []
        for position, letter in enumerate(letters):
            folder = out / letter.language if position else out
            write_letter(publisher, content, letter, reader, folder)
            written.append((letter.language, folder, letter.subject))
        gone = left_out_words(publisher, edition, subscriber) if subscriber else ""
    if gone:
        note(gone)
    if as_json:
        variants = [{"language": tag, "folder": str(to), "subject": subject} for tag, to, subject in written]
        print_json({"edition": edition.id, "reader": reader.address, "variants": variants})
        return
    for tag, folder, subject in written:
        say(f"{tag}: {subject}")
        say(f"    {folder / 'edition.html'}, edition.txt, edition.eml")


def send_proof(
    context: typer.Context,
    reference: Reference,
    more: Annotated[list[str] | None, typer.Argument(metavar="[ADDRESS]...", help="More addresses.")] = None,
    *,
    to: Annotated[list[str], typer.Option(metavar="ADDRESS", help="Where to send it; repeatable.")],
    as_json: AsJson = False,
) -> None:
    """Send a proof through the provider: the same message in each language, `[Proof]` before the subject."""
    with opened(context) as publisher:
        from publisher.deliver.proof import send_proofs

        addresses = [check_typed(address) for address in [*to, *(more or [])]]
        edition = find_edition(publisher, reference)
        cut_of(edition)
        tell_outbox(publisher, as_json=as_json)
        proofs = send_proofs(publisher.mailer, edition.id, addresses)
    if as_json:
        rows = [
            {"address": p.address, "language": p.language, "accepted": p.is_accepted, "words": p.words} for p in proofs
        ]
        print_json({"edition": edition.id, "proofs": rows})
    else:
        answers = [(p.address, p.language, "accepted" if p.is_accepted else f"not sent: {p.words}") for p in proofs]
        show_table(("Address", "Lang.", "Answer"), answers, wide="Answer")
    if not all(proof.is_accepted for proof in proofs):
        note(
            "Not every proof was taken. Mend what the provider says above and send it again; nobody else got anything."
        )
        raise typer.Exit(1)


def check_typed(address: str) -> str:
    """An address that a person typed."""
    from publisher.audience.readers import check_address

    try:
        return check_address(address)
    except ValueError as error:
        raise UsageError(f"{address!r}: {error}.") from error


def choose_letters(publisher: "Publisher", content: "Content", subscriber: str | None) -> "tuple[list[Letter], Reader]":
    """All languages for a reader who is nobody, or the one that a subscriber gets."""
    from publisher.assembly import mailbox_of
    from publisher.deliver.control import NOBODY
    from publisher.model.subscriber import Reader

    letters = list(content.letters.values())
    if subscriber is None:
        address = mailbox_of(publisher.settings)
        return letters, Reader(id=0, public_id=NOBODY, address=address, since=content.facts.issued)
    found = find_subscribed(publisher, content, subscriber)
    reader = Reader(id=found.subscriber, public_id=found.public_id, address=found.email, since=found.since)
    return [letter_for(publisher, content, found)], reader


def find_subscribed(publisher: "Publisher", content: "Content", reference: str) -> "Subscribed":
    """A subscriber of the edition's newsletter, by address or number."""
    from publisher.cli.why import normal
    from publisher.store import subscribers

    newsletter = content.facts.newsletter
    with publisher.store.read() as tx:
        if "@" in reference:
            found = subscribers.find_subscriptions(tx, normal(reference))
            mine = [one for one in found if one.newsletter == content.edition.newsletter]
        else:
            number = number_of("subscriber", reference)
            page = subscribers.list_subscriptions(tx, newsletter, after=number - 1, limit=1)
            mine = [one for one in page if one.subscriber == number]
    if not mine:
        raise NotFoundError("subscriber", f"{reference} of {content.edition.newsletter}")
    return mine[0]


def left_out_words(publisher: "Publisher", edition: "Edition", reference: str) -> str:
    """Why the reader whose copy was written does not get one; empty for one who does."""
    from publisher.cli.why import WORDS
    from publisher.deliver.mailer import load_content
    from publisher.store import ledger

    content = load_content(publisher.store, edition.id, cut_of(edition))
    found = find_subscribed(publisher, content, reference)
    with publisher.store.read() as tx:
        stories = ledger.list_stories(tx, found.subscriber, edition_id=edition.id)
    why = stories[0].left_out if stories else "suppressed" if found.suppressed else found.state
    return f"She gets none of it: {WORDS[why]}. This is what she would get." if why in WORDS else ""


def letter_for(publisher: "Publisher", content: "Content", found: "Subscribed") -> "Letter":
    """The variant that she was put down for, or before the freeze the one in her language."""
    from publisher.store import ledger

    with publisher.store.read() as tx:
        variant = ledger.find_variant(tx, content.edition.id, found.subscriber)
    if variant is not None and variant in content.letters:
        return content.letters[variant]
    by_language = {letter.language: letter for letter in content.letters.values()}
    wanted = found.language or publisher.settings.newsroom.languages[0]
    for tag in (wanted, wanted.partition("-")[0], publisher.settings.newsroom.languages[0]):
        if tag in by_language:
            return by_language[tag]
    raise NotFoundError("variant", f"of edition {content.edition.id} in {wanted}, and so she gets none")


def write_letter(publisher: "Publisher", content: "Content", letter: "Letter", reader: "Reader", folder: Path) -> None:
    """Writes one variant with everything that is personal put in."""
    from publisher.assembly import hole_maker
    from publisher.model.delivery import Recipient, RenderedBatch
    from publisher.render.message import build_message, hole_filler

    # without the mailer: a preview needs no provider and none of its secrets
    fill_holes = hole_maker(publisher.settings, publisher.secrets, publisher.unsubscribing)(content.facts)
    holes = fill_holes(reader, letter.language)
    recipient = Recipient(subscriber=reader.id, address=reader.address, variant=letter.variant, holes=holes)
    batch = RenderedBatch(
        batch=0,
        attempt=0,
        attempt_id="preview",
        envelope=content.envelope,
        letters={letter.variant: letter},
        recipients=(recipient,),
    )
    fill = hole_filler(holes, content.envelope.mark)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "edition.html").write_bytes(fill(letter.html, html.escape).encode())
    (folder / "edition.txt").write_bytes(fill(letter.text, str).encode())
    (folder / "edition.eml").write_bytes(build_message(batch, recipient))
