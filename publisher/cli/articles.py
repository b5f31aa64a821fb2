"""`publisher articles`, `publisher article`: what is in the store."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from publisher.cli.opening import opened, parse_moment
from publisher.cli.printing import (
    AsJson,
    count_words,
    moment_words,
    print_json,
    say,
    show_pairs,
    show_table,
    stream_json,
)
from publisher.model.article import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.assembly import Publisher
    from publisher.model.article import Article, Revision


def articles(
    context: typer.Context,
    *,
    kind: Annotated[Kind | None, typer.Option(help="Only stories, or only updates.")] = None,
    language: Annotated[str | None, typer.Option(help="Only this language, as in `es`.")] = None,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Only those published since.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the articles in the store, withdrawn ones too."""
    after = parse_moment(since, "--since") if since else None
    with opened(context) as publisher:
        from publisher.cli.shapes import article_row

        against = Judge(publisher)
        found = iter_found(publisher, kind=kind, language=language, since=after)
        if as_json:
            stream_json("articles", (article_row(one, against.reasons(one)) for one in found))
            return
        rows = [
            (
                one.number,
                f"{one.published:%Y-%m-%d}",
                one.language,
                kind_words(one),
                answer(against.reasons(one)),
                one.title,
            )
            for one in found
        ]
        if rows:
            show_table(("No.", "Published", "Lang.", "Kind", "Republish", "Title"), rows, wide="Title")
            say(f"{count_words(len(rows), 'article')}. `publisher article NUMBER` shows one.")
        else:
            say("There are none. `publisher gather` fetches them from the sources.")


def article(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="Its number, address or tag URI.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one article: terms, licence, pictures with their rights, history."""
    with opened(context) as publisher:
        from publisher.cli.readings import find_readings, readings_shape, readings_words
        from publisher.cli.shapes import article_shape
        from publisher.store import articles as stored

        with publisher.store.read() as tx:
            found = stored.get_article(tx, reference)
            revisions = stored.list_revisions(tx, found.number)
        reasons = Judge(publisher).reasons(found)
        total, places = find_readings(publisher, found.number)
        if as_json:
            print_json(article_shape(found, reasons, revisions) | {"readings": readings_shape(total, places)})
            return
        show_article(found, reasons, revisions, ZoneInfo(publisher.settings.newsroom.timezone))
        if total:
            say(f"Read elsewhere {readings_words(total, places)}")


class Judge:
    """Says what stands against republishing; holds what the newsroom calls its own."""

    def __init__(self, publisher: "Publisher") -> None:
        from publisher.syndicate.house import house_of

        self._house = house_of(publisher.settings)
        self._now = publisher.now()

    def reasons(self, one: "Article") -> tuple[str, ...]:
        """Every reason against republishing an article now."""
        from publisher.licensing.decisions import republishable

        return republishable(one, now=self._now, embargo=self._house.embargo, own=self._house.own)


def iter_found(
    publisher: "Publisher", *, kind: Kind | None, language: str | None, since: "datetime | None"
) -> Iterator["Article"]:
    """The articles that fit, a page at a time."""
    from publisher.store.articles import list_articles

    after = 0
    while True:
        with publisher.store.read() as tx:
            page = list_articles(tx, kind=kind, language=language, since=since, after=after)
        if not page:
            return
        yield from page
        after = page[-1].number


def kind_words(one: "Article") -> str:
    """Story or update; a withdrawn one says so instead."""
    return one.kind.value if one.withdrawn_at is None else "withdrawn"


def answer(reasons: Sequence[str]) -> str:
    """Whether partners may have it."""
    return "no" if reasons else "yes"


def show_article(one: "Article", reasons: Sequence[str], revisions: Sequence["Revision"], zone: ZoneInfo) -> None:
    """Prints one article for an editor."""
    say(one.title)
    show_pairs(
        (
            ("Number", f"{one.number} ({kind_words(one)}, {one.language}, from {one.source})"),
            ("Address", one.url),
            ("URI", one.uri),
            ("Published", moment_words(one.published, zone)),
            ("Updated", moment_words(one.updated, zone)),
            ("Withdrawn", moment_words(one.withdrawn_at, zone) if one.withdrawn_at else ""),
            ("Translation of", one.translation_of),
            ("Authors", ", ".join(term.name for term in one.authors)),
            ("Section", one.section.name if one.section else ""),
            ("Countries", ", ".join(term.name for term in one.countries)),
            ("Topics", ", ".join(term.name for term in one.topics)),
            ("Licence", f"{one.licence or 'none'} ({one.licence_why})" if one.licence_why else one.licence or "none"),
            ("Rights holder", one.rights_holder),
            ("Republish", f"no: {'; '.join(reasons)}" if reasons else f"yes: `publisher kit {one.number} --out DIR`"),
            ("Summary", one.summary),
            ("Notes", "; ".join(one.notes)),
        )
    )
    for image in one.images:
        say(f"Picture, {image.rights} ({image.rights_why}): {image.url}")
    for correction in one.corrections:
        say(f"Correction {correction.date}: {correction.text}")
    say("History: " + ", ".join(f"{revision.kind} {revision.at:%Y-%m-%d %H:%MZ}" for revision in revisions))
