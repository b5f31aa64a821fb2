"""Kits under `public/republish/`: which articles have one now, which only an explanation, and what is left over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from publisher.licensing.decisions import republishable
from publisher.model.article import Article, Status
from publisher.store.articles import iter_articles, read_numbers
from publisher.store.due import list_unbuilt
from publisher.store.engine import Store
from publisher.syndicate.kit import FILES, PAGE, build_kit
from publisher.syndicate.kit_page import kit_texts
from publisher.syndicate.pages import Site, render_withdrawn_page
from publisher.syndicate.writer import Made, PublicWriter

GONE = f"{PAGE}.gone"  #: servers answer 410 for a page that has it beside it
ALL = (*FILES, PAGE, GONE)
PAGE_OF_ARTICLES = 100
AT_ONCE = 20  #: kits that are written together: the disk is waited for once


@dataclass(frozen=True, slots=True)
class Kits:
    """What writing some kits came to."""

    written: list[str]  #: paths whose bytes changed
    leftovers: list[str]  #: paths that must go, at the end of the build


def build_kits(
    site: Site, writer: PublicWriter, *, now: datetime, everything: bool, progress: Callable[[str, int], None]
) -> list[str]:
    """Writes the kits of the articles that changed, or of all, and gives the paths that must go at the end."""
    leftovers: list[str] = []
    done = 0
    for articles in _pages(writer.store, everything=everything):
        leftovers += write_kits(site, writer, articles, now=now).leftovers
        done += len(articles)
        progress("kits", done)
    return leftovers


def write_kits(site: Site, writer: PublicWriter, articles: Sequence[Article], *, now: datetime) -> Kits:
    """Writes the kits of some articles. A withdrawal puts its explanation and its mark in place at once."""
    kits = Kits([], [])
    for start in range(0, len(articles), AT_ONCE):
        wanted = {one: wanted_files(one, site, now=now) for one in articles[start : start + AT_ONCE]}
        files = {
            _path(article, name): made
            for article, names in wanted.items()
            for name, made in _render(article, names, site, now)
        }
        kits.written.extend(writer.write(files))
        for article, names in wanted.items():
            extra = [_path(article, name) for name in ALL if name not in names]
            _sort_out(writer, [path for path in extra if (writer.root / path).exists()], kits.leftovers, names)
    return kits


def wanted_files(article: Article, site: Site, *, now: datetime) -> tuple[str, ...]:
    """The names that an article's folder should hold, in the order of writing."""
    if article.status is Status.WITHDRAWN:
        return (PAGE, GONE)
    house = site.house
    return () if republishable(article, now=now, embargo=house.embargo, own=house.own) else (*FILES, PAGE)


def _pages(store: Store, *, everything: bool) -> Iterator[Sequence[Article]]:
    """The articles that are due, a page at a time; no read stays open meanwhile."""
    after = 0
    while True:
        with store.read() as tx:
            if everything:
                articles = iter_articles(tx, after=after, limit=PAGE_OF_ARTICLES)
            else:
                numbers = list_unbuilt(tx, after=after, limit=PAGE_OF_ARTICLES)
                articles = sorted(read_numbers(tx, numbers).values(), key=lambda one: one.number)
        if not articles:
            return
        yield articles
        after = articles[-1].number


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
