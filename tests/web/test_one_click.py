"""One click from a real letter: what scanners do changes no row, and the POST of RFC 8058 takes out."""

import email
import email.policy
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from publisher.audience.secrets import Secrets
from publisher.audience.tokens import Purpose, Signer, Token
from publisher.compose.edition import compose_edition
from publisher.model.subscriber import SubscriptionState
from publisher.store import editions, subscribers
from publisher.store.engine import Store
from publisher.store.schema import metadata
from publisher.web.app import make_app
from tests.builders import ANA, BEN, FRIDAY, a_reader
from tests.house import NEWSLETTER, House, a_publisher

FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    return House(sqlite_store, tmp_path)


@pytest.fixture
def letter(house: House) -> email.message.EmailMessage:
    """Ana's letter, as it came."""
    edition = house.frozen_edition(audience=[ANA, BEN])
    house.publisher.send(edition.id, by_hand=True)
    message = email.message_from_bytes(house.outbox(edition)[ANA], policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


@pytest.fixture
def web(house: House, letter: email.message.EmailMessage, serve: Callable[..., Any]) -> Any:  # noqa: ANN401, ARG001 - the client of conftest
    return serve(make_app(house.publisher))


def path_of(letter: email.message.EmailMessage) -> str:
    """The path of the one-click address in a letter's header."""
    (url,) = re.findall(r"<(https://[^>]+)>", letter["List-Unsubscribe"])
    return str(urlsplit(url).path)


def links_of(letter: email.message.EmailMessage) -> set[str]:
    """Every path of ours that the letter names, in a header or in either part."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    found = re.findall(r"https://follow\.example\.org(/[^\s\"'<>)]*)", " ".join([*parts, *map(str, letter.values())]))
    return {path.replace("&amp;", "&") for path in found}


def all_rows(house: House) -> dict[str, list[str]]:
    """Everything that is in the store."""
    with house.store.read() as tx:
        return {
            table.name: sorted(repr(tuple(row)) for row in tx.execute(select(table)))
            for table in metadata.sorted_tables
        }


def state_of(house: House, address: str) -> SubscriptionState:
    """How a reader's subscription stands."""
    with house.store.read() as tx:
        return subscribers.find_subscriptions(tx, address)[0].state


def test_a_scanner_that_opens_every_link_of_a_letter_changes_no_row(
    house: House,
    letter: email.message.EmailMessage,
    web: Any,  # noqa: ANN401
) -> None:
    house.publisher.build()
    before = all_rows(house)

    asked = [web.ask(path, method) for path in sorted(links_of(letter)) for method in ("GET", "HEAD", "GET")]

    assert {answer.status for answer in asked} <= {200, 301}
    assert len(asked) >= 9
    assert all_rows(house) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_nothing_but_a_post_takes_out(house: House, letter: Any, web: Any, method: str) -> None:  # noqa: ANN401
    answer = web.ask(path_of(letter), method, body=ONE_CLICK if method in {"PUT", "PATCH"} else None)

    assert answer.status == (200 if method in {"GET", "HEAD"} else 405)
    assert state_of(house, ANA) is SubscriptionState.SUBSCRIBED


def test_the_post_that_mail_programs_make_takes_out_this_reader_only(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    answer = web.ask(path_of(letter), "POST", body=ONE_CLICK, content_type=FORM)

    assert (answer.status, {"location", "set-cookie"} & set(answer.headers)) == (200, set())
    assert (state_of(house, ANA), state_of(house, BEN)) == (
        SubscriptionState.UNSUBSCRIBED,
        SubscriptionState.SUBSCRIBED,
    )


def test_it_takes_out_of_this_newsletter_only(house: House, letter: Any, serve: Callable[..., Any]) -> None:  # noqa: ANN401
    rules = house.publisher.settings.newsletters[NEWSLETTER]
    settings = house.publisher.settings.model_copy(update={"newsletters": {NEWSLETTER: rules, "monthly": rules}})
    house.publisher = a_publisher(settings, house.store, house.clock)
    with house.store.begin() as tx:
        other = editions.ensure_newsletter(tx, "monthly", list_id="monthly.news.example.org")
        subscribers.store_readers(tx, other, [a_reader(ANA)], now=FRIDAY)

    serve(make_app(house.publisher)).ask(path_of(letter), "POST", body=ONE_CLICK, content_type=FORM)

    with house.store.read() as tx:
        states = {one.newsletter: one.state for one in subscribers.find_subscriptions(tx, ANA)}
    assert states == {NEWSLETTER: SubscriptionState.UNSUBSCRIBED, "monthly": SubscriptionState.SUBSCRIBED}


def test_who_left_by_one_click_gets_no_further_edition(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    web.ask(path_of(letter), "POST", body=ONE_CLICK, content_type=FORM)

    house.publish("next", published=FRIDAY)
    edition = compose_edition(
        house.publisher.composer, NEWSLETTER, FRIDAY.replace(day=13), by_clock=True, now=house.clock.now()
    )
    house.publisher.send(edition.id, by_hand=True)

    assert list(house.outbox(edition)) == [BEN]


def test_an_erased_reader_is_answered_200_and_nothing_of_her_comes_back(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    with house.store.begin() as tx:
        subscribers.erase(tx, subscribers.find_subscriptions(tx, ANA)[0].subscriber, now=FRIDAY)
    before = all_rows(house)

    answers = [web.ask(path_of(letter), method) for method in ("GET", "HEAD", "POST")]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert ANA not in answers[0].text + answers[2].text
    assert all_rows(house) == before


def test_the_link_works_after_the_newsletter_was_closed(house: House, letter: Any, serve: Callable[..., Any]) -> None:  # noqa: ANN401
    settings = house.publisher.settings.model_copy(update={"newsletters": {}})
    web = serve(make_app(a_publisher(settings, house.store, house.clock)))

    assert [web.ask(path_of(letter), method).status for method in ("GET", "POST")] == [200, 200]
    assert state_of(house, ANA) is SubscriptionState.UNSUBSCRIBED


def test_the_link_works_after_the_signing_key_was_changed(house: House, letter: Any, serve: Callable[..., Any]) -> None:  # noqa: ANN401
    old = house.publisher.secrets
    house.publisher.__dict__["secrets"] = Secrets(signing=(("k9", b"new"), *old.signing), suppression=old.suppression)
    for made in ("unsubscribing", "mailer"):
        house.publisher.__dict__.pop(made, None)

    answer = serve(make_app(house.publisher)).ask(path_of(letter), "POST")

    assert (answer.status, state_of(house, ANA)) == (200, SubscriptionState.UNSUBSCRIBED)


def test_a_token_is_read_from_the_path_only(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    token = path_of(letter).removeprefix("/u/")
    bad = f"/u/{token[:-2]}xx"

    asked = [
        web.ask(f"{bad}?token={token}", "POST", body=f"token={token}".encode(), content_type=FORM),
        web.ask(f"/u/?token={token}", "POST"),
        web.ask("/u", "POST", body=f"token={token}".encode(), content_type=FORM),
    ]

    assert asked[0].status == 404
    assert {answer.status for answer in asked} <= {307, 404, 405}
    assert state_of(house, ANA) is SubscriptionState.SUBSCRIBED


DAMAGED: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "reversed": lambda token: token[::-1],
    "without its mac": lambda token: token.rpartition(".")[0],
    "with a dot more": lambda token: f"{token}.",
    "with padding": lambda token: f"{token}=",
    "twice": lambda token: token * 2,
    "very long": lambda token: token + "a" * 5000,
    "with a space": lambda token: f"{token}%20",
    "with a NUL": lambda token: f"{token}%00",
    "beyond ASCII": lambda token: f"{token}%C3%A9",
    "no UTF-8": lambda token: f"{token}%FF",
    "of another version": lambda token: token.replace("v1.", "v2.", 1),
    "empty": lambda _: "v1...",
}


def test_a_damaged_token_is_404_and_never_a_fault(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    token = path_of(letter).removeprefix("/u/")

    statuses = {
        how: [web.ask(f"/u/{damage(token)}", method).status for method in ("GET", "HEAD", "POST")]
        for how, damage in DAMAGED.items()
    }

    assert set(map(tuple, statuses.values())) == {(404, 404, 404)}
    assert token not in web.ask(f"/u/{token}x").text
    assert state_of(house, ANA) is SubscriptionState.SUBSCRIBED


def test_a_token_in_other_words_for_the_same_path_is_the_same_token(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    token = path_of(letter).removeprefix("/u/")

    answer = web.ask(f"/u/%{ord(token[0]):02X}{token[1:]}?utm_source=mail#top", "POST")

    assert (answer.status, state_of(house, ANA)) == (200, SubscriptionState.UNSUBSCRIBED)


def test_many_clicks_at_once_are_all_answered_200(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(web.ask(path_of(letter), "POST", body=ONE_CLICK).status))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 8
    assert state_of(house, ANA) is SubscriptionState.UNSUBSCRIBED


def test_a_forged_token_needs_the_key_of_its_own_purpose(house: House, letter: Any, web: Any) -> None:  # noqa: ANN401, ARG001
    with house.store.read() as tx:
        public_id = subscribers.find_subscriptions(tx, ANA)[0].public_id
    token = Token(public_id=public_id, newsletter=house.newsletter, issued=FRIDAY)
    other = Secrets(signing=(("k1", b"guessed"),), suppression=b"x")

    for purpose in Purpose:
        assert web.ask(f"/u/{Signer(other, purpose).sign(token)}", "POST").status == 404


def test_pages_of_a_link_load_nothing_from_elsewhere_and_run_no_script(letter: Any, web: Any) -> None:  # noqa: ANN401
    page = web.ask(path_of(letter))

    assert not re.search(r"<script|<img|<iframe|@import|url\(", page.text)
    assert not re.search(r'(?:src|href)="(?!\.{0,2}/|#|mailto:|https://(?:follow|news)\.example\.org)', page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
