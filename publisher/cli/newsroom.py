"""`publisher init`, `publisher migrate`: a newsroom's folder and its store."""

from pathlib import Path
from typing import Annotated

import typer

from publisher.cli.opening import config_of, start_log
from publisher.cli.printing import AsJson, print_json, say
from publisher.model.errors import FilesError

#: Made beside `config/`; readable by others only where the public reads.
FOLDERS = (("config", 0o755), ("articles", 0o755), ("templates", 0o755), ("public", 0o755), ("var", 0o700))


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
    if as_json:
        print_json({"folder": str(folder), "config": str(file), "secrets": str(folder / "var" / "secrets")})
        return
    say(f"A new newsroom is in {folder}.")
    say(f"1. Write your name, addresses and sources into {file}.")
    say(f"2. cd {folder} && publisher check")
    say("3. publisher gather, publisher build, and look at public/.")
    say("4. publisher subscribers import readers.csv --newsletter weekly --consent TEXT; publisher compose weekly")
    say(f"Put {folder / 'var' / 'secrets'} into your backup: without it nobody can tell who must not be written to.")


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
