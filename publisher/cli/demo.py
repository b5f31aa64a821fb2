"""`publisher demo`: the main job on the example newsroom, in a scratch folder of its own.

The example's articles are of early 2026, and so is the demo's clock: a little after the slot of Friday 2026-03-06.
"""

import re
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from publisher.cli.opening import start_log, tell_outbox
from publisher.cli.printing import AsJson, count_words, moment_words, note, print_json, program, say
from publisher.cli.serving import run_parts
from publisher.cli.subscribers import import_file, reader_file

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.cli.edition_view import EditionView

NEWSLETTER = "weekly"
SLOT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  #: 07:00 in Bogotá
CONSENT = "form on news.example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClock:
    """A clock that stands still a moment after the slot, so that the edition is due."""

    moment: datetime

    def now(self) -> datetime:
        """Always the same moment."""
        return self.moment


def demo(
    *,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the result afterwards, until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the main job on the example newsroom: gather, build, compose, send to the outbox."""
    from publisher.assembly import assembled

    start_log("info" if serve else "warning")
    file, listen = make_newsroom()
    with assembled(file, clock=DemoClock(moment=SLOT + timedelta(minutes=5))) as publisher:
        tell_outbox(publisher, as_json=as_json)
        results = run_steps(publisher, quiet=as_json)
        if as_json:
            print_json({"folder": str(file.parent.parent)} | results)
        else:
            show_places(publisher, file)
        if serve:
            note(f"Serving at http://{listen}/ until Ctrl-C.")
            run_parts(publisher, listen=listen, with_web=True)  # no clock: the demo's stands still


def make_newsroom() -> tuple[Path, str]:
    """Copies the example newsroom to a scratch folder; gives its configuration and where it will be served."""
    from publisher.shipped import shipped_folder

    folder = Path(tempfile.mkdtemp(prefix="publisher-demo-"))
    file = folder / "config" / "newsroom.toml"
    shutil.copytree(shipped_folder("config"), file.parent, ignore=shutil.ignore_patterns("init*", ".*"))
    listen = f"127.0.0.1:{free_port()}"
    text = file.read_text(encoding="utf-8")
    # links in feeds and mails must lead to where this copy is looked at
    text = re.sub(r'(?m)^public_url = "[^"]*"', f'public_url = "http://{listen}"', text, count=1)
    text = re.sub(r'(?m)^listen = "[^"]*"', f'listen = "{listen}"', text, count=1)
    file.write_text(text, encoding="utf-8")
    return file, listen


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def run_steps(publisher: "Publisher", *, quiet: bool) -> dict[str, Any]:
    """The main job; says what each step did unless it shall be quiet."""
    from publisher.cli.edition_view import load_view
    from publisher.cli.shapes import build_shape, edition_shape, gather_shape, import_shape, send_shape
    from publisher.compose.edition import compose_edition
    from publisher.gather.run import gather_all

    tell = (lambda _line: None) if quiet else say
    with reader_file(publisher.settings.file.parent / "readers.csv") as lines:
        readers = import_file(publisher, lines, NEWSLETTER, CONSENT, confirmed=True)
    tell(f"1. Readers imported: {readers.added}.")
    gathered = gather_all(publisher.settings, publisher.store, clock=publisher.clock)
    for source in gathered.sources:
        tell(f"2. Gathered from {source.id}: {count_words(source.new, 'article')}, {len(source.refused)} refused.")
    built = publisher.build()
    tell(f"3. Built: {built.written:,} public files in {built.seconds:.1f} s.")
    edition = compose_edition(publisher.composer, NEWSLETTER, SLOT, by_clock=True, now=publisher.now())
    composed = load_view(publisher, edition.id)
    tell(f"4. {composed_words(publisher, composed)}")
    sent = publisher.send(edition.id, by_hand=True)
    tell(f"5. Sent to the outbox: {sent.accepted} accepted, {sent.left_out} left out, in {sent.seconds:.1f} s.")
    rebuilt = publisher.build()
    tell(f"6. Built again: {rebuilt.written:,} written, {rebuilt.unchanged:,} unchanged.")
    return {
        "import": import_shape(readers),
        "gather": gather_shape(gathered),
        "build": build_shape(built),
        "edition": edition_shape(load_view(publisher, edition.id)),
        "send": send_shape(sent, ()),
        "rebuild": build_shape(rebuilt),
    }


def composed_words(publisher: "Publisher", view: "EditionView") -> str:
    """The composed edition in a sentence or two."""
    edition = view.edition
    slot = moment_words(edition.slot, publisher.settings.zone(NEWSLETTER))
    languages = ", ".join(sorted({item.language for item in view.items}))
    items = count_words(len(view.items), "article")
    return f"Composed edition {edition.id}, {items} ({languages}), due\n   {slot}:\n   {edition.subject}"


def show_places(publisher: "Publisher", file: Path) -> None:
    """Says where each result is and how to look at it."""
    settings = publisher.settings
    public, outbox = settings.public, settings.var / "outbox"
    kits = sorted((public / "republish").glob("*/article.html"), key=lambda path: int(path.parent.name))
    letters = sorted(outbox.glob("*/*.eml"))
    say()
    say(f"The newsroom is in {settings.folder}, and there:")
    say("  pages     public/index.html")
    say("  feeds     public/feeds/all.rss, all.atom, all.json; public/feeds/index.html lists all")
    if kits:
        say(f"  kits      {len(kits)}, the first in {kits[0].parent.relative_to(settings.folder)}/index.html")
    if letters:
        say(f"  messages  {len(letters)} in {letters[0].parent.relative_to(settings.folder)}/, as {letters[0].name}")
    say()
    say("Open an .eml file in a mail program. Look at the pages as the public does, or into the edition:")
    for command in ("web", "edition 1"):
        sys.stdout.write(f"  {program()} --config {file} {command}\n")  # never broken: it is copied
