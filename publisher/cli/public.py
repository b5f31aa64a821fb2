"""`publisher build`, `publisher kit`: what the public and partners read, as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import opened
from publisher.cli.printing import AsJson, count_words, print_json, progress_bar, say
from publisher.model.errors import NotFoundError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.model.article import Article
    from publisher.schedule.pings import HubReport


def build(
    context: typer.Context,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Render everything again, even what cannot have changed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring public/ up to date: feeds, republish kits, pages."""
    with opened(context) as publisher:
        from publisher.cli.shapes import build_shape, hub_shape
        from publisher.schedule.pings import tell_hubs

        with progress_bar() as bar:
            report = publisher.build(full=full, progress=bar.at)
        hubs = tell_hubs(publisher)  # what they do not take now, the clock tells them later
        if as_json:
            print_json(build_shape(report) | {"hubs": [hub_shape(one) for one in hubs]})
            return
        say(
            f"{publisher.settings.public}: {report.written:,} written, {report.unchanged:,} unchanged,"
            f" {report.removed:,} removed in {report.seconds:.1f} s."
        )
        for one in hubs:
            say(hub_words(one))
        say("`publisher web` serves it; so does any web server.")


def hub_words(one: "HubReport") -> str:
    """What a hub was told, and why not all of it."""
    told = f"{one.hub} was told of {count_words(one.told, 'changed feed')}."
    return f"{told} It was not told of others: {one.error}. `publisher run` goes on telling it." if one.error else told


def kit(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The article: number, address or tag URI.")],
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.")],
    language: Annotated[str | None, typer.Option(help="The translation in this language instead.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write one article's republish kit, if its licence permits that."""
    with opened(context) as publisher:
        found = find_translation(publisher, reference, language)
        paths = write_kit(publisher, found, out)
    if as_json:
        print_json({"article": found.number, "language": found.language, "out": str(out), "files": paths})
        return
    say(f"The kit of article {found.number}, {found.title}, is in {out}: {', '.join(paths)}.")
    say(f"Give a partner the folder, or look at {out / 'index.html'}.")


def find_translation(publisher: "Publisher", reference: str, language: str | None) -> "Article":
    """The article, or its translation into a language; raises `NotFoundError`."""
    from publisher.store import articles

    with publisher.store.read() as tx:
        found = articles.get_article(tx, reference)
        if language is None or found.language == language:
            return found
        work = articles.list_work(tx, found.work_id)
    for one in work:
        if one.language == language and one.withdrawn_at is None:
            return one
    there = ", ".join(sorted({one.language for one in work}))
    raise NotFoundError("article", f"{reference} in {language}; it is there in {there}")


def write_kit(publisher: "Publisher", found: "Article", out: Path) -> list[str]:
    """Writes the files; those of a kit before are replaced, anything else in the folder stays."""
    from publisher.syndicate.build import open_site
    from publisher.syndicate.kit import PAGE, build_kit
    from publisher.syndicate.kit_page import render_kit_page

    site = open_site(publisher.settings, publisher.kit_id)
    made = build_kit(found, site.house, now=publisher.now())
    texts = {PAGE: render_kit_page(site, made), **made.files}
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_bytes(text.encode())
    return list(texts)
