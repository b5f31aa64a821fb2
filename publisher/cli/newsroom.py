"""`publisher init`, `publisher migrate`: a newsroom's folder and its store."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.opening import config_of, start_log
from publisher.cli.printing import AsJson, print_json, program, say
from publisher.model.errors import FilesError

#: Made beside `config/`; readable by others only where the public reads.
FOLDERS = (("config", 0o755), ("articles", 0o755), ("templates", 0o755), ("public", 0o755), ("var", 0o700))
EXAMPLE = Path("config/example-article.md")
#: What to do after `init`, from nothing to a first edition in the outbox; one command a line, to be copied.
STEPS = (
    ("See whether it fits:", ("cd {folder}", "{publisher} check")),
    (
        "Without a site of your own yet, write an article; then fetch, make the pages, and look at public/:",
        (f"cp {EXAMPLE} articles/first.md", "{publisher} gather", "{publisher} build"),
    ),
    (
        "Put yourself down as the first reader (later: publisher subscribers import FILE, with the same options):",
        ('{publisher} subscribers add you@example.org --newsletter weekly --consent "my own" --confirmed',),
    ),
    (
        "Make an edition, look at it, send it: the outbox writes it to var/outbox and mails nothing:",
        ("{publisher} compose weekly", "{publisher} preview 1 --out look", "{publisher} send 1"),
    ),
)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new newsroom's folder; made if need be.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a new newsroom: a commented configuration, folders, and its secrets."""
    from publisher.audience.secrets import make_secrets
    from publisher.shipped import shipped_folder

    file = folder / "config" / "newsroom.toml"
    if file.exists():
        raise FilesError(f"{file} is there already; nothing was changed. Name a folder that is no newsroom yet.")
    for name, mode in FOLDERS:
        (folder / name).mkdir(mode=mode, parents=True, exist_ok=True)
    make_secrets(folder / "var")
    with file.open("x", encoding="utf-8") as written:
        written.write((shipped_folder("config") / "init.toml").read_text(encoding="utf-8"))
    write_example(folder)
    if as_json:
        print_json({"folder": str(folder), "config": str(file), "secrets": str(folder / "var" / "secrets")})
        return
    say(f"A new newsroom is in {folder}.")
    say(f"1. Write your name, addresses and sources into {file}.")
    for number, (step, commands) in enumerate(STEPS, 2):
        say(f"{number}. {step}")
        for command in commands:
            filled = command.format(folder=shlex.quote(str(folder)), publisher=program())
            sys.stdout.write(f"   {filled}\n")  # never broken: it is copied
    say(f"Put {folder / 'var' / 'secrets'} into your backup: without it nobody can tell who must not be written to.")


def write_example(folder: Path) -> None:
    """An article to copy from; it is in no source's folder, so that it never goes out by itself."""
    from publisher.settings import load_settings
    from publisher.shipped import shipped_folder
    from publisher.store.engine import SystemClock

    settings = load_settings(folder / "config" / "newsroom.toml")
    text = (shipped_folder("config") / "init-article.md").read_text(encoding="utf-8")
    values = {"url": settings.newsroom.url, "language": settings.newsroom.languages[0]}
    values |= {"day": f"{SystemClock().now():%Y-%m-%d}"}
    (folder / EXAMPLE).write_text(text.format(**values), encoding="utf-8")


def migrate(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Bring the store's tables up to date; safe to repeat."""
    from publisher.assembly import assemble
    from publisher.settings import load_settings
    from publisher.store.engine import Store
    from publisher.store.migrate import current_step

    start_log("warning")
    settings = load_settings(config_of(context))
    store = Store(settings.store.url, settings.folder)
    try:
        before = current_step(store)
        assemble(settings.file, is_migrating=True).close()
        after = current_step(store)
    finally:
        store.close()
    if as_json:
        print_json({"before": before, "after": after, "changed": before != after})
    elif before == after:
        say(f"The store is up to date (step {after}).")
    else:
        say(f"The store was brought from {f'step {before}' if before else 'nothing'} to step {after}.")
