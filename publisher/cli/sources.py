"""`publisher sources`, `held`, `release`: how sources fare, and what of them waits for a person."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import opened
from publisher.cli.printing import AsJson, print_json, say, short_moment, show_table, stream_json

if TYPE_CHECKING:
    from publisher.gather.health import SourceHealth

SHOWN = 20  # of what is held, in a list for people


def sources(context: typer.Context, *, as_json: AsJson = False) -> None:
    """How each source fares: when it was last gathered, when it is next, what is wrong with it."""
    with opened(context) as publisher:
        from publisher.cli.shapes import health_shape
        from publisher.gather.health import health_of

        healths = [health_of(publisher.store, one, now=publisher.now()) for one in publisher.settings.sources]
        if as_json:
            print_json({"sources": [health_shape(one) for one in healths]})
        else:
            show_healths(healths)


def held(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these sources.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """What sources said and what waits for your look: floods of changes, and items that may be other articles."""
    with opened(context) as publisher:
        from publisher.cli.shapes import held_shape
        from publisher.model.errors import NotFoundError
        from publisher.store.proposals import count_proposals, iter_held, list_held

        ids = [one.id for one in publisher.settings.sources]
        if missing := [name for name in names or [] if name not in ids]:
            raise NotFoundError("source", missing[0])
        ids = names or ids
        if as_json:
            with publisher.store.read() as tx:
                stream_json("held", (held_shape(one) for name in ids for one in iter_held(tx, name)))
            return
        for name in ids:
            with publisher.store.read() as tx:
                count = sum(n for (_, is_held), n in count_proposals(tx, name).items() if is_held)
                page = list_held(tx, name, limit=SHOWN)
            say(f"{name}: {count:,} held" if count else f"{name}: nothing is held")
            for one in page:
                title = f" “{one.state['article']['title']}”" if one.state else ""
                say(f"  {one.key}:{title}: {one.why or f'{one.kind or one.what}'}")
            if count > len(page):
                say(f"  ... and {count - len(page):,} more; `--json` shows all.")


def release(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The source.")],
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Only these items; default all.")] = None,
    *,
    word: Annotated[
        str,
        typer.Option(
            "--as",
            help="announce: take it over, as updated; silently: take it over, tell nobody; ignore: leave the articles "
            "as they are now; same, new: a doubtful item is the article that it looks like, or one of its own.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Say what becomes of what is held."""
    with opened(context) as publisher:
        from publisher.gather.release import Word
        from publisher.gather.release import release as release_held
        from publisher.model.errors import NotFoundError, UsageError

        if source not in {one.id for one in publisher.settings.sources}:
            raise NotFoundError("source", source)
        if word not in set(Word):
            raise UsageError(f"--as {word} is not known. Use one of: {', '.join(Word)}.")
        host = publisher.settings.newsroom.host
        done = release_held(publisher.store, source, Word(word), keys=keys or (), host=host, now=publisher.now())
        if as_json:
            print_json({"source": source, "as": word, "released": done})
        else:
            told = ", ".join(f"{count:,} {what}" for what, count in sorted(done.items()))
            say(f"{source}: {told} released as “{word}”." if told else f"{source}: nothing held fits “{word}”.")


def show_healths(healths: "list[SourceHealth]") -> None:
    """Prints a table of all sources, and below it what is wrong, in words."""
    if not healths:
        say("No source is configured. Add one under [[sources]] in the configuration.")
        return
    rows = [
        (
            one.id,
            status_of(one),
            short_moment(one.state.last_success) if one.state.last_success else "never",
            short_moment(one.next_try) if one.next_try else "at once",
            f"{one.per_day:.1f} ({one.usual_per_day:.1f})",
        )
        for one in healths
    ]
    show_table(("Source", "State", "Last gathered", "Next", "A day (usual)"), rows, wide="Source")
    for one in healths:
        for words in filter(None, (one.state.error, one.state.held_why, *one.warnings)):
            say(f"{one.id}: {words}")
        if one.refused:
            say(f"{one.id}: {one.refused:,} items are refused; `publisher gather {one.id}` tells which and why")
        if one.held:
            say(f"{one.id}: {one.held:,} items wait for your look; `publisher held {one.id}` tells which and why")


def status_of(health: "SourceHealth") -> str:
    """A source's state in a word or two."""
    if health.state.error:
        return f"failing ({health.state.failures})"
    if health.state.held_why or health.held:
        return "held"
    if health.state.last_success is None:
        return "not tried"
    return "look" if health.warnings else "well"
