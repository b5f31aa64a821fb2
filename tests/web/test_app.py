"""The whole application: signs of life, and what every answer carries."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from publisher.store.engine import Store
from publisher.web.app import make_app
from tests.house import House


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_a_house_that_can_work_is_ready(house: House, serve: Callable[..., Any]) -> None:
    web = serve(make_app(house.publisher))

    assert (web.ask("/healthz").text, web.ask("/readyz").text) == ("ok\n", "ready\n")


def test_a_store_at_another_step_is_told_in_words(house: House, serve: Callable[..., Any]) -> None:
    web = serve(make_app(house.publisher))
    with house.store.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    answer = web.ask("/readyz")

    assert (answer.status, "Run `publisher migrate`" in answer.text) == (503, True)


def test_a_process_whose_store_is_away_is_alive_and_not_ready(
    sqlite_store: Store, tmp_path: Path, serve: Callable[..., Any]
) -> None:
    away = Store("postgresql://nobody@127.0.0.1:1/nothing", tmp_path)
    web = serve(make_app(replace(House(sqlite_store, tmp_path).publisher, store=away)))

    assert (web.ask("/healthz").status, web.ask("/readyz").status) == (200, 503)
    away.close()


def test_every_answer_carries_the_security_headers(house: House, serve: Callable[..., Any]) -> None:
    web = serve(make_app(house.publisher))

    headers = web.ask("/nothing-here").headers

    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "server" not in headers


def test_the_built_pages_are_served_from_the_root(house: House, serve: Callable[..., Any]) -> None:
    from publisher.syndicate.build import build_public

    number = house.publish()
    build_public(house.publisher.settings, house.store, now=house.clock.now())
    web = serve(make_app(house.publisher))

    assert "The gold route" in web.ask(f"/republish/{number}/").text
    assert b"The gold route" in web.ask("/feeds/all.atom").body
