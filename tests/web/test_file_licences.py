"""The licence in `Link`: of a feed the one that all its entries share, of a kit's files the kit's."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publisher.store.engine import Store
from publisher.syndicate.build import build_public
from publisher.syndicate.files import write_files
from publisher.web.app import make_app
from publisher.web.file_licences import licence_in, licence_of_kit
from tests.house import House

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
BY = "https://creativecommons.org/licenses/by/4.0/"
GZIP: dict[str, Any] = {"accept_encoding": "gzip"}


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    return House(sqlite_store, tmp_path)


def build(house: House) -> None:
    """Builds what the public reads."""
    build_public(house.publisher.settings, house.store, now=house.clock.now())


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "packed"])
@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_names_the_licence_of_all_its_entries(
    house: House, serve: Callable[..., Any], form: str, headers: dict[str, Any]
) -> None:
    house.publish()
    build(house)

    link = serve(make_app(house.publisher)).ask(f"/feeds/all.{form}", **headers).headers["link"]

    assert link == f'<https://follow.example.org/feeds/all.{form}>; rel="self", <{BY_NC}>; rel="license"'


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_feed_of_several_licences_names_none(house: House, serve: Callable[..., Any], form: str) -> None:
    house.publish()
    house.publish("another", licence=BY)
    build(house)

    assert "license" not in serve(make_app(house.publisher)).ask(f"/feeds/all.{form}").headers["link"]


def test_every_file_of_a_kit_names_the_licence_of_the_kit(house: House, serve: Callable[..., Any]) -> None:
    house.publish(licence=BY)
    build(house)
    web = serve(make_app(house.publisher))

    links = {web.ask(f"/republish/1/{name}", **GZIP).headers["link"] for name in ("", "article.md", "LICENSE.txt")}

    assert links == {f'<{BY}>; rel="license"'}


def test_what_was_taken_back_is_licensed_no_more(house: House, serve: Callable[..., Any]) -> None:
    number = house.publish()
    build(house)
    web = serve(make_app(house.publisher))
    licensed = web.ask(f"/republish/{number}/").headers
    house.withdraw(number)
    build(house)
    write_files(house.publisher.settings.public, {f"republish/{number}/LICENSE.txt": f"{BY_NC}\n".encode()})

    assert ("link" in licensed, "link" in web.ask(f"/republish/{number}/").headers) == (True, False)


def test_a_kit_whose_licence_changed_says_so_in_every_file(house: House, serve: Callable[..., Any]) -> None:
    house.publish()
    build(house)
    web = serve(make_app(house.publisher))
    before = web.ask("/republish/1/article.json").headers["link"]
    write_files(house.publisher.settings.public, {"republish/1/LICENSE.txt": f"{BY}\n".encode()})

    assert (BY in before, BY in web.ask("/republish/1/article.json").headers["link"]) == (False, True)


@pytest.mark.parametrize(
    ("path", "body", "licence"),
    [
        ("a.html", f'<head><link href="{BY}" rel="license"></head>', BY),
        ("a.html", f'<head><link rel="license" href="{BY}?a=1&amp;b=2"></head>', f"{BY}?a=1&b=2"),
        ("a.html", f'<head></head><body><link rel="license" href="{BY}">', ""),
        ("a.html", f'<head></head><body><a rel="license" href="{BY}">CC</a>', ""),
        ("a.atom", f'<feed><link rel="self" href="{BY}"/><link rel="alternate" href="/"/>', ""),
        ("a.atom", f'<feed><entry xml:lang="en"><link rel="license" href="{BY}"/></entry>', ""),
        ("a.atom", f'<feed><at:deleted-entry><link rel="license" href="{BY}"/></at:deleted-entry>', ""),
        ("a.rss", f'<channel><atom:link rel="license" href="{BY}"/><item>', BY),
        ("a.rss", f'<channel><item><atom:link rel="license" href="{BY}"/><item>', ""),
        ("a.json", f'{{"_republish": {{"about": "x", "license": "{BY}"}}, "items": []}}', BY),
        ("a.json", '{"_republish": {"about": "x", "license": null}, "items": []}', ""),
        ("a.json", f'{{"items": [{{"_republish": {{"license": "{BY}"}}}}]}}', ""),
        ("a.txt", f'<link rel="license" href="{BY}">', ""),
        ("a.html", '<link rel="license" href="javascript:alert(1)">', ""),
        ("a.html", '<link rel="license" href="https://evil.example/&gt;; rel=&quot;hub&quot;">', ""),
        ("a.html", '<link rel="license" href="https://evil.example/\r\nSet-Cookie: a=b">', ""),
        ("a.html", '<link rel="license" href="https://evil.example/&#13;&#10;Set-Cookie:a">', ""),
        ("a.html", '<link rel="license" href="https://evil.example/é">', ""),
    ],
)
def test_only_what_a_file_says_of_itself_counts(path: str, body: str, licence: str) -> None:
    raw = body.encode()

    assert licence_in(path, raw, is_gzip=False) == licence
    assert licence_in(path, gzip.compress(raw), is_gzip=True) == licence


def test_a_licence_file_that_begins_with_no_address_names_none() -> None:
    assert [licence_of_kit(raw) for raw in (b"", b"All rights reserved\n", f"{BY}\nCC".encode())] == ["", "", BY]
