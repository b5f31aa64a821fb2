"""Which pages of a sitemap are asked, decided from what is listed and what is remembered."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.gather.sitemap.due import MAX_PAGES, due_pages, remembered
from publisher.gather.sitemap.maps import Map, Maps
from publisher.gather.sitemap.memory import MapMemory, Memory, cursor_of, mark, read_memory
from publisher.gather.sitemap.parse import Listed

URL = "https://news.example.org/sitemap.xml"
DAY = datetime(2026, 3, 6, tzinfo=UTC)


def listing(count: int, *, is_news: bool = False) -> tuple[Listed, ...]:
    """So many pages, each a minute newer than the one before."""
    urls = (f"https://news.example.org/{number}/" for number in range(count))
    return tuple(Listed(url=url, lastmod=DAY + timedelta(minutes=at), is_news=is_news) for at, url in enumerate(urls))


def maps_of(pages: tuple[Listed, ...] | None, known: MapMemory | None = None) -> Maps:
    """One map that lists these pages."""
    is_news = bool(pages) and pages is not None and pages[0].is_news
    return Maps(read=[Map(url=URL, now=known or MapMemory(is_news=is_news), pages=pages)])


@pytest.mark.parametrize(
    ("paths", "is_news", "count"), [((), False, MAX_PAGES), (("/*",), False, MAX_PAGES + 9), ((), True, MAX_PAGES + 9)]
)
def test_at_first_the_newest_pages_of_a_plain_map_are_asked(
    paths: tuple[str, ...],
    is_news: bool,  # noqa: FBT001 - a table
    count: int,
) -> None:
    pages = listing(MAX_PAGES + 9, is_news=is_news)

    due = due_pages(maps_of(pages), Memory(), paths, lambda _: None)

    assert (len(due.pages), due.left_out) == (count, MAX_PAGES + 9 - count)
    assert due.pages[0] == pages[-1]


def test_what_was_left_out_at_first_is_not_asked_the_next_time() -> None:
    maps = maps_of(listing(MAX_PAGES + 9))
    cursor = cursor_of(Memory(maps=remembered(maps, frozenset())))

    due = due_pages(maps, read_memory(cursor), (), lambda _: None)

    assert (due.pages, due.left_out) == ((), 0)


def test_the_memory_of_a_page_is_eight_bytes() -> None:
    cursor = cursor_of(Memory(maps=remembered(maps_of(listing(3000)), frozenset())))

    assert len(cursor["maps"][URL]["read"]) == 3000 * 8 * 4 / 3


def test_a_damaged_memory_is_none() -> None:
    cursor = cursor_of(Memory(maps={URL: MapMemory(read=frozenset({mark(listing(1)[0])}))}))
    cursor["maps"][URL]["read"] = "not base64"

    assert read_memory(cursor).maps[URL].read == frozenset()


def test_a_map_that_did_not_change_keeps_what_it_listed() -> None:
    known = MapMemory(etag='"a"', read=frozenset(map(mark, listing(3))))

    assert remembered(maps_of(None, known), frozenset())[URL] == known
