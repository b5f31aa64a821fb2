"""A look at the clock may be repeated and raced: a slot has one edition, and what fails stops nothing else."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from structlog.testing import capture_logs

from publisher.deliver.send import Stop
from publisher.model.delivery import BatchState
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.schedule.tick import tick
from publisher.store import batches, editions
from publisher.store.engine import Store
from tests.builders import ANA, BEN, FRIDAY
from tests.house import NEWSLETTER, FixedClock, House, a_publisher
from tests.ticking import HOUR, MINUTE, WEEK, all_editions, book, look, look_at

ARTICLE = """---
key: gold-route
title: The gold route
url: https://news.example.org/gold-route/
published: 2026-03-06T11:59:00Z
language: en
---

The gold leaves the river at night.
"""


def test_an_edition_goes_out_at_its_slot(house: House) -> None:
    house.subscribe(ANA)
    house.publish()

    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]
    assert list(house.outbox(all_editions(house)[0])) == [ANA]


def test_looking_often_makes_one_edition(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)

    for seconds in range(0, 60, 5):
        look_at(house, FRIDAY + timedelta(seconds=seconds))

    assert [edition.state for edition in all_editions(house)] == [EditionState.SENT]


def test_two_processes_that_look_at_once_make_one_edition_and_one_line(house: House, tmp_path: Path) -> None:
    house.subscribe(ANA, BEN)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    house.clock.moment = FRIDAY

    race([look_of_another_process(house, tmp_path) for _ in range(4)])
    look_at(house, FRIDAY + 2 * MINUTE)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]
    assert [edition.state for edition in all_editions(house)] == [EditionState.SENT]
    assert sorted(house.outbox(all_editions(house)[0])) == [ANA, BEN]


def test_two_processes_that_see_a_newsletter_first_at_once_agree(house: House, tmp_path: Path) -> None:
    race([look_of_another_process(house, tmp_path) for _ in range(4)])

    look_at(house, FRIDAY + WEEK)

    assert book(house) == [(FRIDAY + WEEK, SlotOutcome.SKIPPED)]


def test_what_was_published_just_before_the_slot_is_in_its_edition(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    house.configure(sources=[{"id": "files", "kind": "folder", "url": str(folder)}])
    house.subscribe(ANA)
    look_at(house, FRIDAY - HOUR)

    (folder / "gold-route.md").write_text(ARTICLE)
    look_at(house, FRIDAY)

    edition = all_editions(house)[0]
    assert b"The gold route" in house.outbox(edition)[ANA]
    assert (house.publisher.settings.public / "feeds" / "all.rss").is_file()


def test_a_batch_in_doubt_is_settled_by_itself_when_its_time_has_come(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batch = batches.claim_batch(tx, edition.id, now=house.clock.now())
        assert batch
        deadline = house.publisher.provider.limits.deadline
        batches.begin_writing(tx, batch, account="outbox", deadline=deadline, now=house.clock.now())

    look(house)
    under_way = states_of(house, edition)
    look_at(house, FRIDAY + 2 * MINUTE)
    look(house)

    assert under_way == [BatchState.WRITING]
    assert (states_of(house, edition), house.edition(edition.id).state) == ([BatchState.ACCEPTED], EditionState.SENT)


def test_a_newsletter_that_fails_is_told_in_words_and_stops_no_other(sqlite_house: House) -> None:
    house = sqlite_house
    house.subscribe(ANA)
    house.publish()
    rules = house.publisher.settings.newsletters[NEWSLETTER]
    newsletters = {"broken": rules, NEWSLETTER: rules}
    settings = house.publisher.settings.model_copy(update={"newsletters": newsletters})
    house.publisher = a_publisher(settings, house.store, house.clock)
    look_at(house, FRIDAY - HOUR)
    with house.store.begin() as tx:
        tx.execute(text("UPDATE newsletter SET timetable = 'no zone' WHERE name = 'broken'"))

    with capture_logs() as told:
        look_at(house, FRIDAY)

    assert [line["job"] for line in told if line["event"].startswith("job.")] == ["newsletter:broken"]
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_stopped_process_starts_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    stop = Stop()
    stop.event.set()

    house.clock.moment = FRIDAY
    tick(house.publisher, stop=stop)

    assert book(house) == []


def states_of(house: House, edition: Edition) -> list[BatchState]:
    """The states of an edition's batches."""
    with house.store.read() as tx:
        return [batch.state for batch in batches.list_batches(tx, edition.id)]


def look_of_another_process(house: House, folder: Path) -> Callable[[], None]:
    """A look with a store and a publisher of its own."""

    def look_once() -> None:
        store = Store(house.store.engine.url.render_as_string(hide_password=False), folder)
        try:
            tick(a_publisher(house.publisher.settings, store, FixedClock(house.clock.moment)), stop=Stop())
        finally:
            store.close()

    return look_once


def race(works: list[Callable[[], None]]) -> None:
    """Runs all at once."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
