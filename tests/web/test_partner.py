"""Partners' feeds over real sockets: who is let in, what is answered, what is written down, and what is in no log."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from structlog.testing import capture_logs

from publisher.model.article import RevisionKind
from publisher.store import partners, revisions
from publisher.store.engine import Store
from publisher.store.partners import Partner
from publisher.store.schema import partner_copy
from publisher.syndicate.partner_feed import FORMATS
from publisher.web.app import make_app
from publisher.web.partner import AN_HOUR, GIVEN_AN_HOUR, HourlyLimit
from tests.builders import FRIDAY, a_state
from tests.house import House
from tests.store.partner_builders import DAILY, RADIO
from tests.web.conftest import Client

TOKEN, OTHER = "a2" * 16, "b3" * 16
PATH = f"/partner/{TOKEN}/feed.atom"


class Served(House):
    """A house that is served, with the Daily as its partner."""

    def __init__(self, store: Store, folder: Path, serve: Callable[..., Client]) -> None:
        super().__init__(store, folder)
        self.daily = self.add_partner()
        self.web = serve(make_app(self.publisher))

    def add_partner(self, name: str = DAILY, token: str = TOKEN, **values: Any) -> Partner:  # noqa: ANN401 - of a partner
        """A partner with this token."""
        with self.store.begin() as tx:
            added = partners.add_partner(tx, name, token=token, now=self.clock.now(), **values)
        assert added is not None
        return added

    def copies(self, one: Partner | None = None) -> list[tuple[int, int]]:
        """What the partner has taken: article, revision."""
        columns = (partner_copy.c.article, partner_copy.c.revision)
        query = select(*columns).where(partner_copy.c.partner == (one or self.daily).id).order_by(*columns)
        with self.store.read() as tx:
            return [(row.article, row.revision) for row in tx.execute(query)]

    def correct(self, number: int) -> int:
        """A declared correction; gives its revision."""
        with self.store.begin() as tx:
            state = a_state(title="The gold road")
            kind = RevisionKind.CORRECTION
            return revisions.add_revision(tx, "site", number, state, kind=kind, now=self.clock.now())


@pytest.fixture
def house(store: Store, tmp_path: Path, serve: Callable[..., Client]) -> Served:
    return Served(store, tmp_path, serve)


@pytest.fixture
def small(sqlite_store: Store, tmp_path: Path, serve: Callable[..., Client]) -> Served:
    """The same where the database does not matter."""
    return Served(sqlite_store, tmp_path, serve)


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("json", "application/feed+json"),
    ],
)
def test_a_partner_gets_its_feed_in_each_format(small: Served, form: str, media: str) -> None:
    small.publish()

    answer = small.web.ask(f"/partner/{TOKEN}/feed.{form}")

    assert (answer.status, answer.headers["content-type"]) == (200, media)
    assert "The gold leaves the river at night." in answer.text
    assert f"https://follow.example.org/partner/{TOKEN}/feed.{form}" in answer.text


def test_it_is_private_and_readable_by_no_page_elsewhere(small: Served) -> None:
    headers = small.web.ask(PATH, origin="https://evil.example.com").headers

    assert headers["cache-control"] == "private, no-cache"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["vary"] == "Accept-Encoding"
    assert not [name for name in headers if name.startswith("access-control")]
    assert "last-modified" not in headers


@pytest.mark.parametrize(
    "path",
    [
        f"/partner/{OTHER}/feed.atom",
        f"/partner/{TOKEN}/feed.xml",
        f"/partner/{TOKEN}/feed.atom/",
        f"/partner/{TOKEN.upper()}/feed.atom",
        f"/partner/{TOKEN}%00/feed.atom",
        "/partner//feed.atom",
        f"/partner/{TOKEN}/",
    ],
)
def test_what_nobody_was_given_is_not_there(small: Served, path: str) -> None:
    assert small.web.ask(path).status == 404


def test_a_revoked_partner_is_told_at_once_and_takes_nothing(house: Served) -> None:
    house.publish()
    etag = house.web.ask(PATH, "HEAD").headers["etag"]
    with house.store.begin() as tx:
        partners.revoke_partner(tx, house.daily.id, now=house.clock.now())

    answers = [house.web.ask(PATH), house.web.ask(PATH, if_none_match=etag)]

    assert [answer.status for answer in answers] == [410, 410]
    assert "This feed address was closed. For a new one, ask Example Observatory" in answers[0].text
    assert house.copies() == []


def test_each_feed_given_is_written_down_with_the_versions_in_it(house: Served) -> None:
    number, embargoed = house.publish(), house.publish("secret", embargo_until=house.clock.now() + timedelta(days=1))

    house.web.ask(PATH)
    before = house.copies()
    corrected = house.correct(number)
    house.web.ask(PATH)

    assert [article for article, _ in before] == [number]
    assert house.copies() == [*before, (number, corrected)]
    assert embargoed not in dict(house.copies())


def test_nothing_is_written_down_for_a_head_or_a_304(house: Served) -> None:
    house.publish()

    head = house.web.ask(PATH, "HEAD")
    same = house.web.ask(PATH, if_none_match=head.headers["etag"])

    assert (head.status, head.body, same.status, same.body) == (200, b"", 304, b"")
    assert int(head.headers["content-length"]) > 0
    assert (same.headers["etag"], same.headers["cache-control"]) == (head.headers["etag"], "private, no-cache")
    assert house.copies() == []


def test_the_etag_is_that_of_the_bytes(small: Served) -> None:
    number = small.publish()
    first, again = small.web.ask(PATH), small.web.ask(PATH)

    small.correct(number)
    changed = small.web.ask(PATH, if_none_match=f'"nothing", W/{first.headers["etag"]}')

    assert (first.headers["etag"], first.body) == (again.headers["etag"], again.body)
    assert (changed.status, changed.headers["etag"] != first.headers["etag"]) == (200, True)
    assert "The gold road" in changed.text


def test_gzip_comes_when_it_is_asked_for_with_an_etag_of_its_own(small: Served) -> None:
    small.publish()

    plain, packed, again = small.web.ask(PATH), *(small.web.ask(PATH, accept_encoding="gzip") for _ in range(2))

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.body[4:8] == bytes(4)  # no time in it (RFC 1952 section 2.3.1): any process gives the same
    assert gzip.decompress(packed.body) == plain.body
    assert (packed.headers["etag"], packed.body) == (again.headers["etag"], again.body)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert small.web.ask(PATH, accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304


def test_another_method_is_refused(small: Served) -> None:
    assert small.web.ask(PATH, "POST").status == 405


@pytest.mark.parametrize("form", FORMATS)
def test_an_embargoed_text_is_nowhere_until_its_hour(small: Served, form: str) -> None:
    small.publish(content_html="<p>Not before its hour.</p>", embargo_until=small.clock.now() + timedelta(hours=1))
    path = f"/partner/{TOKEN}/feed.{form}"

    early = small.web.ask(path)
    small.clock.forward(timedelta(hours=1))
    late = small.web.ask(path, if_none_match=early.headers["etag"])

    assert "Not before its hour." not in early.text
    assert (late.status, "Not before its hour." in late.text) == (200, True)


def test_a_withdrawn_article_is_told_to_the_one_who_took_it(small: Served) -> None:
    radio = small.add_partner(RADIO, OTHER)
    number = small.publish()
    small.web.ask(PATH)
    small.withdraw(number)

    mine, others = small.web.ask(PATH), small.web.ask(f"/partner/{OTHER}/feed.atom")

    assert "deleted-entry" in mine.text
    assert "Withdrawn: The gold route" in mine.text
    assert "gold" not in others.text
    assert small.copies(radio) == []


def test_each_partner_gets_its_languages(small: Served) -> None:
    small.add_partner(RADIO, OTHER, languages=["es"])
    small.publish()
    small.publish("la-ruta", language="es-CO", title="La ruta del oro")

    items = json.loads(small.web.ask(f"/partner/{OTHER}/feed.json").text)["items"]

    assert [item["title"] for item in items] == ["La ruta del oro"]


def test_an_eager_program_is_slowed_down_and_let_in_again(small: Served) -> None:
    small.add_partner(RADIO, OTHER)
    given = [small.web.ask(PATH).status for _ in range(GIVEN_AN_HOUR)]
    small.clock.forward(timedelta(minutes=20))

    refused = small.web.ask(PATH)
    small.clock.forward(timedelta(minutes=40))
    later = small.web.ask(PATH)

    assert set(given) == {200}
    assert (refused.status, refused.headers["retry-after"], later.status) == (429, "2400", 200)
    assert "If-None-Match" in refused.text


def test_what_was_not_changed_is_not_counted_as_given(small: Served) -> None:
    etag = small.web.ask(PATH).headers["etag"]

    answers = [small.web.ask(PATH, if_none_match=etag).status for _ in range(GIVEN_AN_HOUR + 5)]

    assert set(answers) == {304}


def test_looks_are_limited_too(
    sqlite_store: Store, tmp_path: Path, serve: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.web.partner.ASKED_AN_HOUR", 3)
    house = Served(sqlite_store, tmp_path, serve)

    assert [house.web.ask(PATH, "HEAD").status for _ in range(4)] == [200, 200, 200, 429]


@given(st.lists(st.integers(0, 4000), max_size=40), st.integers(1, 5))
def test_no_hour_ever_holds_more_than_the_limit(steps: list[int], most: int) -> None:
    limit, now, taken = HourlyLimit(most), FRIDAY, []
    for step in steps:
        now += timedelta(seconds=step)
        wait = limit.take(1, now)
        assert wait is None or timedelta(0) < wait <= AN_HOUR
        taken += [now] if wait is None else []

    assert all(sum(one <= other < one + AN_HOUR for other in taken) <= most for one in taken)


def test_the_limit_is_each_partners_own(small: Served) -> None:
    small.add_partner(RADIO, OTHER)
    mine = [small.web.ask(PATH).status for _ in range(GIVEN_AN_HOUR + 1)]

    assert (mine[-1], small.web.ask(f"/partner/{OTHER}/feed.atom").status) == (429, 200)


def test_a_look_without_news_is_seen_as_a_sign_of_life(small: Served) -> None:
    etag = small.web.ask(PATH).headers["etag"]
    small.clock.forward(timedelta(days=1))

    small.web.ask(PATH, if_none_match=etag)

    with small.store.read() as tx:
        assert partners.get_partner(tx, DAILY).fetched_at == small.clock.now()


def test_a_text_is_not_given_when_it_cannot_be_written_down(small: Served) -> None:
    small.publish()
    with small.store.begin() as tx:
        tx.exec_driver_sql("ALTER TABLE partner_copy RENAME TO elsewhere")

    answer = small.web.ask(PATH)

    assert (answer.status, answer.headers["retry-after"], "gold" in answer.text) == (503, "60", False)


def test_the_copies_of_a_feed_are_written_in_one_statement(small: Served) -> None:
    for number in range(7):
        small.publish(f"a{number}")
    statements: list[str] = []
    event.listen(small.store.engine, "before_cursor_execute", lambda *found: statements.append(found[2]))

    small.web.ask(PATH)

    assert [one.split()[0] for one in statements if "partner_copy" in one and one.startswith("INSERT")] == ["INSERT"]
    assert len(small.copies()) == 7


def test_the_token_is_in_no_log(small: Served, capfd: pytest.CaptureFixture[str]) -> None:
    small.publish()

    with capture_logs() as logs:
        for path in (PATH, f"/partner/{OTHER}/feed.atom"):
            small.web.ask(path)

    written = repr(logs) + "".join(capfd.readouterr())
    assert [one["event"] for one in logs] == ["partner.served"]
    assert (TOKEN in written, OTHER in written) == (False, False)
