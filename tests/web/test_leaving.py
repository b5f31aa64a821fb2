"""The links in readers' letters: looking changes nothing, one POST takes out, whatever comes with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from publisher.audience.tokens import Purpose, Signer, Token
from publisher.model.subscriber import SubscriptionState
from publisher.store import subscribers
from publisher.store.engine import Store
from publisher.web.app import make_app
from tests.builders import ANA, FRIDAY
from tests.house import House

FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    made = House(store, tmp_path)
    made.subscribe(ANA, language="es")
    return made


@pytest.fixture
def web(house: House, serve: Callable[..., Any]) -> Any:  # noqa: ANN401 - the client of conftest
    return serve(make_app(house.publisher))


def test_looking_at_the_link_changes_nothing(house: House, web: Any) -> None:  # noqa: ANN401
    pages = [web.ask(link(house)), web.ask(link(house), "HEAD"), web.ask(link(house, Purpose.PREFERENCES))]

    assert [page.status for page in pages] == [200, 200, 200]
    assert '<form method="post">' in pages[0].text
    assert state_of(house) is SubscriptionState.SUBSCRIBED


@pytest.mark.parametrize(
    ("body", "media"),
    [(b"List-Unsubscribe=One-Click", FORM), MULTIPART, (None, FORM), (b"", FORM), (b"nonsense", "text/plain")],
)
def test_one_post_takes_the_reader_out_at_once(house: House, web: Any, body: bytes | None, media: str) -> None:  # noqa: ANN401
    answer = web.ask(link(house), "POST", body=body, content_type=media)

    assert answer.status == 200
    assert state_of(house) is SubscriptionState.UNSUBSCRIBED
    assert not {"set-cookie", "location"} & set(answer.headers)


def test_leaving_twice_is_answered_like_leaving_once(house: House, web: Any) -> None:  # noqa: ANN401
    first, second = web.ask(link(house), "POST"), web.ask(link(house), "POST")

    assert (second.status, second.text) == (first.status, first.text)


def test_a_reader_whom_nobody_knows_any_more_is_told_the_same(house: House, web: Any) -> None:  # noqa: ANN401
    unknown = link(house, public_id=b"0" * 16)
    no_newsletter = link(house, newsletter=99)

    assert [web.ask(unknown, "POST").status, web.ask(no_newsletter, "POST").status] == [200, 200]
    assert web.ask(unknown).status == 200


def test_the_page_speaks_the_readers_language(house: House, web: Any) -> None:  # noqa: ANN401
    page, done = web.ask(link(house)), web.ask(link(house), "POST")

    assert ('lang="es"' in page.text, "La semana" in page.text) == (True, True)
    assert "Ya no recibirá La semana" in done.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_damaged_link_is_404_with_a_short_text(house: House, web: Any, method: str) -> None:  # noqa: ANN401
    answer = web.ask(link(house)[:-1] + "!", method)

    assert (answer.status, "This link is not valid" in answer.text) == (404, True)
    assert state_of(house) is SubscriptionState.SUBSCRIBED


def test_a_link_of_one_purpose_fails_on_every_other_route(house: House, web: Any) -> None:  # noqa: ANN401
    preferences = link(house, Purpose.PREFERENCES).removeprefix("/preferences/")
    leaving = link(house).removeprefix("/u/")

    assert web.ask(f"/u/{preferences}", "POST").status == 404
    assert web.ask(f"/preferences/{leaving}", "POST").status == 404
    assert state_of(house) is SubscriptionState.SUBSCRIBED


def test_the_preferences_page_offers_leaving(house: House, web: Any) -> None:  # noqa: ANN401
    answer = web.ask(link(house, Purpose.PREFERENCES), "POST", body=b"List-Unsubscribe=One-Click")

    assert answer.status == 200
    assert state_of(house) is SubscriptionState.UNSUBSCRIBED


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_with_a_token_are_not_kept_passed_on_or_found(house: House, web: Any, method: str) -> None:  # noqa: ANN401
    headers = web.ask(link(house), method).headers

    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]


def test_a_store_that_is_away_is_503_and_promises_nothing(
    sqlite_store: Store, tmp_path: Path, serve: Callable[..., Any]
) -> None:
    house = House(sqlite_store, tmp_path)
    away = Store("postgresql://nobody@127.0.0.1:1/nothing", tmp_path)
    web = serve(make_app(replace(house.publisher, store=away)))

    answer = web.ask(link(house), "POST")

    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    away.close()


def test_a_body_over_the_limit_is_refused_announced_or_not(house: House, web: Any) -> None:  # noqa: ANN401
    announced = web.ask(link(house), "POST", body=b"a" * 70_000)
    streamed = web.ask(link(house), "POST", body=pieces(70))

    assert (announced.status, streamed.status) == (413, 413)
    assert state_of(house) is SubscriptionState.SUBSCRIBED


def test_no_token_and_no_address_is_in_the_log(house: House, web: Any) -> None:  # noqa: ANN401
    with capture_logs() as told:
        web.ask(link(house), "POST")

    assert [line["event"] for line in told] == ["reader.left"]
    assert ("v1." in repr(told), ANA in repr(told)) == (False, False)


def link(house: House, purpose: Purpose = Purpose.UNSUBSCRIBE, **changes: Any) -> str:  # noqa: ANN401 - of the token
    """The path of Ana's link."""
    with house.store.read() as tx:
        known = [one.public_id for one in subscribers.list_subscriptions(tx, house.newsletter)]
    values: dict[str, Any] = {"public_id": known[0] if known else b"1" * 16, "newsletter": house.newsletter}
    values |= {"issued": FRIDAY}
    token = Signer(house.publisher.secrets, purpose).sign(Token(**values | changes))
    return f"/u/{token}" if purpose is Purpose.UNSUBSCRIBE else f"/preferences/{token}"


def state_of(house: House) -> SubscriptionState:
    """How Ana's subscription stands."""
    with house.store.read() as tx:
        return subscribers.find_subscriptions(tx, ANA)[0].state


def pieces(count: int) -> Iterator[bytes]:
    """A body of so many KB whose length nobody announced."""
    for _ in range(count):
        yield b"a" * 1000
