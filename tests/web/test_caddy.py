"""Caddy with the documented sample answers as the built-in server does: header by header, byte by byte.

What may differ besides what may in nginx: it names no time in a 304 and no length of a packed body, and follows links.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.store.engine import Store
from publisher.web.app import make_app
from tests.web.conftest import Client
from tests.web.front_answers import GZIP, REQUESTS, STRONG, a_public_house, comparable, known
from tests.web.front_servers import CADDY, running_caddy

pytestmark = pytest.mark.skipif(CADDY is None, reason="no caddy on this machine; the package `caddy` has it")

#: A packed body goes out in chunks, and a 304 names the tag alone.
ITS_OWN_WAY = {"content-length", "transfer-encoding", "last-modified"}

Both = tuple[Client, Client]


@pytest.fixture
def both(sqlite_store: Store, tmp_path: Path, serve: Callable[..., Any]) -> Iterator[Both]:
    """The built-in server, and Caddy before it."""
    house = a_public_house(sqlite_store, tmp_path)
    ours = serve(make_app(house.publisher))
    with running_caddy(tmp_path / "caddy", house.publisher.settings.public, ours.address) as address:
        yield ours, Client(address)


def test_caddy_answers_as_we_do(both: Both, subtests: pytest.Subtests) -> None:
    for name, (method, path, headers, status) in REQUESTS.items():
        if name == "link":  # Caddy follows it
            continue
        with subtests.test(name):
            mine, theirs = (one.ask(path, method, **headers) for one in both)

            assert (mine.status, theirs.status) == (status, status)
            assert comparable(theirs, without=ITS_OWN_WAY) == comparable(mine, without=ITS_OWN_WAY)
            assert theirs.body == mine.body


def test_a_folder_without_its_slash_leads_to_the_one_with_it(both: Both) -> None:
    answers = [one.ask(path) for path in ("/feeds", "/feeds?a=b") for one in both]

    told = [(one.status, one.headers["location"]) for one in answers]
    assert told == [(301, "/feeds/")] * 2 + [(301, "/feeds/?a=b")] * 2


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "packed"])
def test_who_has_the_feed_is_told_so_in_the_same_headers(both: Both, headers: dict[str, Any]) -> None:
    mine, theirs = (known(one, "/feeds/all.rss", headers) for one in both)

    assert (mine.status, theirs.status, mine.body, theirs.body) == (304, 304, b"", b"")
    assert comparable(theirs, without=ITS_OWN_WAY) == comparable(mine, without=ITS_OWN_WAY)


def test_each_encoding_has_a_strong_tag_of_its_own(both: Both) -> None:
    for one in both:
        tags = [one.ask("/feeds/all.rss", **headers).headers["etag"] for headers in ({}, GZIP)]

        assert [bool(STRONG.fullmatch(tag)) for tag in tags] == [True, True]
        assert tags[0] != tags[1]
