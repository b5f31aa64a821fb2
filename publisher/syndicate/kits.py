"""Kits under `public/republish/`: which articles have one now, which only an explanation, and what is left over."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from publisher.licensing.decisions import republishable
from publisher.model.article import Article, Status
from publisher.store.articles import iter_articles
from publisher.store.engine import Store
from publisher.store.files import PublicFile, find_file
from publisher.syndicate.files import has_file
from publisher.syndicate.kit import FILES, PAGE, build_kit
from publisher.syndicate.kit_page import kit_texts
from publisher.syndicate.pages import Site, render_withdrawn_page
from publisher.syndicate.writer import Made, PublicWriter

GONE = f"{PAGE}.gone"  #: servers answer 410 for a page that has it beside it
ALL = (*FILES, PAGE, GONE)
PAGE_OF_ARTICLES = 100
Known = dict[int, PublicFile | None]


def build_kits(
    site: Site, writer: PublicWriter, *, now: datetime, everything: bool, progress: Callable[[str, int], None]
) -> list[str]:
    """Writes the kits that are due and gives the paths that must go, for the end of the build.

    A withdrawal puts its explanation and its mark in place at once. `everything` renders current kits too.
    """
    leftovers: list[str] = []
    done = 0
    for articles, known in _pages(writer.store):
        for article in articles:
            wanted = wanted_files(article, site, now=now)
            # Rendering is what costs here: 7 ms an article, against 0.2 ms for looking.
            if everything or not _is_current(article, wanted, known[article.number], writer):
                writer.write({_path(article, name): made for name, made in _render(article, wanted, site, now)})
            else:
                writer.keep(len(wanted))
            extra = [_path(article, name) for name in ALL if name not in wanted]
            _sort_out(writer, [path for path in extra if (writer.root / path).exists()], leftovers, wanted)
        done += len(articles)
        progress("kits", done)
    return leftovers


def wanted_files(article: Article, site: Site, *, now: datetime) -> tuple[str, ...]:
    """The names that an article's folder should hold, in the order of writing."""
    if article.status is Status.WITHDRAWN:
        return (PAGE, GONE)
    house = site.house
    return () if republishable(article, now=now, embargo=house.embargo, own=house.own) else (*FILES, PAGE)


def _pages(store: Store) -> Iterator[tuple[Sequence[Article], Known]]:
    """All articles, a page at a time, with what is known of their kits' pages; no read stays open meanwhile."""
    after = 0
    while True:
        with store.read() as tx:
            articles = iter_articles(tx, after=after, limit=PAGE_OF_ARTICLES)
            known = {one.number: find_file(tx, _path(one, PAGE)) for one in articles}
        if not articles:
            return
        yield articles, known
        after = articles[-1].number


def _is_current(article: Article, wanted: tuple[str, ...], known: PublicFile | None, writer: PublicWriter) -> bool:
    """Whether what stands was made from this revision and is all there."""
    if not wanted:
        return True
    # Embargo and names are not in the revision, but they only change what is wanted, not what it holds.
    made_from_it = known is not None and known.revision == article.revision
    return made_from_it and all(has_file(writer.root, _path(article, name)) for name in wanted)


def _render(article: Article, wanted: tuple[str, ...], site: Site, now: datetime) -> Iterator[tuple[str, Made]]:
    """The wanted files, in their order."""
    if not wanted:
        return
    if GONE in wanted:
        texts = {PAGE: render_withdrawn_page(site, article), GONE: ""}
    else:
        texts = kit_texts(site, build_kit(article, site.house, now=now))
    for name in wanted:
        yield name, Made(data=texts[name].encode(), revision=article.revision)


def _sort_out(writer: PublicWriter, extra: list[str], leftovers: list[str], wanted: tuple[str, ...]) -> None:
    """What is not wanted goes at the end; but the mark of a restored article goes now, or its kit would answer 410."""
    marks = [path for path in extra if wanted and path.endswith(GONE)]
    if marks:
        writer.remove(marks)
    leftovers += [path for path in extra if path not in marks]


def _path(article: Article, name: str) -> str:
    return f"republish/{article.number}/{name}"
