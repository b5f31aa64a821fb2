"""A whole edition through Mailgun, over a socket: every kind of bad day, and each reader has one copy at its end."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publisher.compose.decide import resume_edition
from publisher.deliver.send import Stop
from publisher.deliver.settle import settle_batches
from publisher.model.delivery import BatchState, Outcomes, RenderedBatch
from publisher.model.edition import EditionState
from publisher.store import batches
from publisher.store.engine import Store
from tests.deliver.providers.stand_ins import MailgunStandIn
from tests.house import House

READERS = [f"reader{number}@example.org" for number in range(6)]
OK = MailgunStandIn.ANSWERS["ok"]
HOSTILE = [
    "%recipient.unsubscribe%",
    "%recipient%",
    "%unsubscribe_url%",
    "{{name}} {% raw %}",
    "<script>alert(1)</script>",
    "a & b < c > d \"quoted\" 'single'",
    "v:attempt=x",
    "--form-boundary",
    "עברית العربية",
    "=?utf-8?q?Evil?=",
    "x" * 300,
    "🗞️ news",
]


class MailgunHouse(House):
    """A house that sends through a stand-in of Mailgun."""

    def __init__(self, store: Store, folder: Path, stand_in: MailgunStandIn, **keys: object) -> None:
        url = f"http://127.0.0.1:{stand_in.listener.port}"
        provider = {"kind": "mailgun", "url": url, "domain": "mail.example.org", "api_key": "env:MAILGUN_TEST_KEY"}
        super().__init__(store, folder, **provider | {"concurrency": 1, "max_batch": 3} | keys)
        self.stand_in = stand_in

    def copies(self) -> Counter[str]:
        """How many copies each reader has."""
        addresses = (address for call in self.stand_in.calls for address in call["to"].split(","))
        return Counter(address for address in addresses if address != "digest@mail.example.org")


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailgunHouse]:
    monkeypatch.setenv("MAILGUN_TEST_KEY", "key")
    stand_in = MailgunStandIn(tmp_path)
    made = MailgunHouse(sqlite_store, tmp_path, stand_in)
    yield made
    made.publisher.provider.close()
    stand_in.close()


def test_a_good_day(house: MailgunHouse) -> None:
    edition = house.frozen_edition(audience=READERS)

    report = house.publisher.send(edition.id, by_hand=True)

    assert (report.state, house.copies()) == (EditionState.SENT, Counter(READERS))
    assert {call["o:tag"] for call in house.stand_in.calls} == {edition.tag}
    assert {call["v:attempt"] for call in house.stand_in.calls} == {"teststorb1a1", "teststorb2a1"}


def test_a_429_is_waited_out_as_long_as_it_asks_for(house: MailgunHouse) -> None:
    edition = house.frozen_edition(audience=READERS[:1])
    house.stand_in.answer, house.stand_in.extra_headers = (429, "{}"), "Retry-After: 30\r\n"

    stop = stop_at_first_call(house)
    house.publisher.send(edition.id, by_hand=True, stop=stop)
    house.stand_in.answer = OK
    tried = [try_after(house, edition.id, seconds) for seconds in (29, 1)]

    assert tried == [0, 1]
    assert house.copies() == Counter(READERS[:1])


def try_after(house: MailgunHouse, number: int, seconds: int) -> int:
    """Whether a batch could be claimed so much later; if so it is sent."""
    house.clock.forward(timedelta(seconds=seconds))
    with house.store.read() as tx:
        if not batches.has_ready(tx, number, now=house.clock.now()):
            return 0
    return house.publisher.send(number, by_hand=True).accepted


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_5xx_is_in_doubt_and_not_sent_again(house: MailgunHouse, status: int) -> None:
    edition = house.frozen_edition(audience=READERS[:1])
    house.stand_in.answer = (status, '{"message": "Internal Server Error"}')

    first = house.publisher.send(edition.id, by_hand=True)
    house.stand_in.answer = OK
    again = house.publisher.send(edition.id, by_hand=True)
    report = settle_batches(house.publisher.mailer)

    assert (first.unknown, again.unknown, house.copies()) == (1, 1, Counter())
    assert [one.recipients for one in report.open] == [tuple(READERS[:1])]


def test_a_wrong_key_halts_and_the_right_one_goes_on(house: MailgunHouse) -> None:
    edition = house.frozen_edition(audience=READERS)
    house.stand_in.misbehave("account")

    halted = house.publisher.send(edition.id, by_hand=True)
    why = house.edition(edition.id).reason
    house.stand_in.answer = OK
    resume_edition(house.publisher.composer, edition.id, now=house.clock.now())
    sent = house.publisher.send(edition.id, by_hand=True)

    assert (halted.state, why) == (EditionState.HALTED, "401 Forbidden; is provider.api_key right?")
    assert (sent.state, house.copies()) == (EditionState.SENT, Counter(READERS))


def test_a_key_that_is_not_there_halts_before_anything_is_asked(
    house: MailgunHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = house.frozen_edition(audience=READERS)
    monkeypatch.delenv("MAILGUN_TEST_KEY")

    halted = house.publisher.send(edition.id, by_hand=True)

    assert halted.state is EditionState.HALTED
    assert "MAILGUN_TEST_KEY is not set" in str(house.edition(edition.id).reason)
    assert house.stand_in.bytes_in == 0


def test_a_provider_that_is_away_leaves_everything_as_it_was(house: MailgunHouse) -> None:
    edition = house.frozen_edition(audience=READERS)
    house.stand_in.go_away()

    house.publisher.send(edition.id, by_hand=True, stop=stop_at_first_call(house))

    with house.store.read() as tx:
        states = {batch.state for batch in batches.list_batches(tx, edition.id)}
    assert states == {BatchState.READY}


@pytest.mark.parametrize("title", HOSTILE[:5], ids=range(5))
def test_a_subject_arrives_as_it_was_written_whatever_stands_in_it(house: MailgunHouse, title: str) -> None:
    house.subscribe(READERS[0])
    house.publish(title=title)

    edition = house.compose()
    house.publisher.send(edition.id, by_hand=True)

    (copy,) = house.stand_in.copies(READERS[0])
    assert copy.subject.replace("\u2060", "") == edition.subject == f"The week: {title}"


def test_titles_and_summaries_arrive_as_they_were_written_whatever_stands_in_them(house: MailgunHouse) -> None:
    house.configure(maximum=20)
    house.subscribe(READERS[0])
    for number, title in enumerate(HOSTILE):
        house.publish(f"a{number}", title=title, summary=f"About {title}")

    report = house.publisher.send(house.compose().id, by_hand=True)

    (copy,) = house.stand_in.copies(READERS[0])
    read = "".join(copy.text.replace("\u2060", "").split())  # lines are broken where they are too long
    missing = [title for title in HOSTILE if "".join(title.split()) not in read]
    assert (report.state, missing) == (EditionState.SENT, [])
    assert "<script>" not in copy.html
    assert copy.headers["list-unsubscribe"].startswith("<https://follow.example.org/u/v1.")


def test_no_reader_sees_another(house: MailgunHouse) -> None:
    edition = house.frozen_edition(audience=READERS)

    house.publisher.send(edition.id, by_hand=True)

    for reader in READERS:
        (copy,) = house.stand_in.copies(reader)
        others = [other for other in READERS if other != reader]
        assert not [other for other in others if other in copy.html + copy.text + str(copy.headers)]


def stop_at_first_call(house: MailgunHouse) -> Stop:
    """Ends a sending as Ctrl-C does, once the provider was asked or could not be."""
    stop, exchange = Stop(), house.publisher.provider

    class Stopping:
        def __getattr__(self, name: str) -> object:
            return getattr(exchange, name)

        def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
            stop.event.set()
            return exchange.send(batch, begin=begin)

    provider: Any = Stopping()
    house.publisher.__dict__["mailer"] = replace(house.publisher.mailer, provider=provider)
    return stop
