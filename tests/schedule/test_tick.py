"""What a look at the clock does: the book tells the truth, and a slot has one edition, whoever looks and how often."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import ANA, BEN, FRIDAY
from house import NEWSLETTER, FixedClock, House
from sqlalchemy import text
from structlog.testing import capture_logs

from publisher.compose.decide import cancel_edition
from publisher.compose.edition import compose_edition
from publisher.deliver.send import Stop
from publisher.model.delivery import BatchState
from publisher.model.edition import Edition, EditionState, SlotOutcome
from publisher.schedule.tick import tick
from publisher.store import batches, editions, slots
from publisher.store.engine import Store

WEEK, DAY, HOUR, MINUTE = timedelta(days=7), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
Lines = list[tuple[Any, SlotOutcome | None]]


def look(house: House) -> None:
    """One look at the clock, to its end."""
    tick(house.publisher, stop=Stop())


def look_at(house: House, moment: Any) -> None:  # noqa: ANN401 - a datetime
    """One look at a moment."""
    house.clock.moment = moment
    look(house)


def book(house: House) -> Lines:
    """The slots and how they ended."""
    with house.store.read() as tx:
        return [(line.at, line.outcome) for line in slots.list_slots(tx, house.newsletter)]


def whys(house: House) -> list[str | None]:
    """The words of the book."""
    with house.store.read() as tx:
        return [line.why for line in slots.list_slots(tx, house.newsletter)]


def all_editions(house: House) -> list[Edition]:
    """All editions, oldest first."""
    with house.store.read() as tx:
        return list(reversed(editions.list_editions(tx)))


def test_an_edition_goes_out_at_its_slot(house: House) -> None:
    house.subscribe(ANA)
    house.publish()

    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]
    assert list(house.outbox(all_editions(house)[0])) == [ANA]


def test_nothing_that_was_before_the_clocks_first_look_is_caught_up(house: House) -> None:
    house.publish()

    look_at(house, FRIDAY + MINUTE)

    assert book(house) == []


def test_looking_often_makes_one_edition(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)

    for seconds in range(0, 60, 5):
        look_at(house, FRIDAY + timedelta(seconds=seconds))

    assert [edition.state for edition in all_editions(house)] == [EditionState.SENT]


def test_after_a_restart_two_slots_later_the_newest_is_worked_and_the_other_missed(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)  # stopped right after its start

    look_at(house, FRIDAY + WEEK + HOUR)

    assert book(house) == [(FRIDAY, SlotOutcome.MISSED), (FRIDAY + WEEK, SlotOutcome.SENT)]
    assert whys(house)[0] == "the clock was not running; a later slot has come"


def test_a_slot_that_is_found_after_its_send_by_is_late_and_has_no_edition(house: House) -> None:
    house.publish()
    look_at(house, FRIDAY - HOUR)

    look_at(house, FRIDAY + 2 * DAY)

    assert (book(house), all_editions(house)) == ([(FRIDAY, SlotOutcome.LATE)], [])


def test_a_year_of_slots_has_a_year_of_lines_in_the_book(sqlite_house: House) -> None:
    house = sqlite_house
    house.configure(schedule="30 2 * * *", timezone="America/New_York")
    look_at(house, FRIDAY - WEEK)

    for days in range(366):
        look_at(house, FRIDAY + days * DAY)

    assert len(book(house)) == 372
    assert {outcome for _, outcome in book(house)} == {SlotOutcome.MISSED, SlotOutcome.SKIPPED}
    assert [outcome for _, outcome in book(house)].count(SlotOutcome.MISSED) == 6  # between the first two looks


def test_an_edition_with_too_little_in_it_is_skipped_and_the_book_says_how_little(house: House) -> None:
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert book(house) == [(FRIDAY, SlotOutcome.SKIPPED)]
    assert "the minimum is 1" in str(whys(house)[0])


def test_an_edition_is_composed_before_its_slot_and_sent_at_it(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)

    look_at(house, FRIDAY - 2 * HOUR)
    states = [edition.state for edition in all_editions(house)]
    look_at(house, FRIDAY - MINUTE)
    still = [edition.state for edition in all_editions(house)]
    look_at(house, FRIDAY)

    assert (states, still) == ([EditionState.COMPOSED], [EditionState.COMPOSED])
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_late_composing_keeps_its_full_review(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - DAY)

    look_at(house, FRIDAY + HOUR)
    look_at(house, FRIDAY + 3 * HOUR - MINUTE)
    early = book(house)
    look_at(house, FRIDAY + 3 * HOUR)

    assert (early, book(house)) == ([(FRIDAY, None)], [(FRIDAY, SlotOutcome.SENT)])


def test_an_edition_that_must_be_approved_waits_for_it_and_then_goes(house: House) -> None:
    house.configure(review="required")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)
    look_at(house, FRIDAY + HOUR)
    waiting = all_editions(house)[0]

    house.publisher.freeze(waiting.id)
    look(house)

    assert waiting.state is EditionState.REVIEW
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_an_approved_edition_goes_at_its_slot_not_before(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)
    house.publisher.freeze(all_editions(house)[0].id)

    look(house)
    before = all_editions(house)[0].state
    look_at(house, FRIDAY)

    assert (before, all_editions(house)[0].state) == (EditionState.FROZEN, EditionState.SENT)


def test_an_open_edition_keeps_the_next_slot_waiting_until_it_ends(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    blocking = compose_edition(
        house.publisher.composer, NEWSLETTER, FRIDAY - HOUR, by_clock=False, now=house.clock.now()
    )

    look_at(house, FRIDAY)
    waiting = book(house)
    cancel_edition(house.store, blocking.id, now=house.clock.now())
    look_at(house, FRIDAY + HOUR)

    assert waiting[1:] == [(FRIDAY, None)]
    assert book(house)[1:] == [(FRIDAY, SlotOutcome.SENT)]


def test_a_slot_behind_an_open_edition_is_missed_and_the_book_names_it(house: House) -> None:
    house.publish()
    look_at(house, FRIDAY - HOUR)
    blocking = compose_edition(
        house.publisher.composer, NEWSLETTER, FRIDAY - HOUR, by_clock=False, now=house.clock.now()
    )
    look_at(house, FRIDAY)

    look_at(house, FRIDAY + DAY)

    assert book(house)[1:] == [(FRIDAY, SlotOutcome.MISSED)]
    assert f"edition {blocking.id}," in str(whys(house)[1])


def test_an_edition_that_was_composed_by_hand_for_the_clocks_slot_goes_at_it(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    compose_edition(house.publisher.composer, NEWSLETTER, FRIDAY, by_clock=False, now=house.clock.now())

    look(house)
    before = all_editions(house)[0].state
    look_at(house, FRIDAY)

    assert before is EditionState.COMPOSED
    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_an_edition_that_missed_its_time_is_late_and_goes_by_a_persons_word(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)  # stopped between composing and sending

    look_at(house, FRIDAY + DAY)
    late = all_editions(house)[0]
    report = house.publisher.send(late.id, by_hand=True)

    assert (late.state, book(house)[0]) == (EditionState.LATE, (FRIDAY, SlotOutcome.SENT))
    assert (report.state, report.accepted) == (EditionState.SENT, 1)


def test_a_late_edition_does_not_repeat_what_a_later_one_has_carried(house: House) -> None:
    house.configure(review="2h")
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - 3 * HOUR)
    look_at(house, FRIDAY - 2 * HOUR)
    look_at(house, FRIDAY + DAY)
    look_at(house, FRIDAY + WEEK - 2 * HOUR)
    look_at(house, FRIDAY + WEEK)

    late, later = all_editions(house)
    report = house.publisher.send(late.id, by_hand=True)

    assert (later.state, report.state) == (EditionState.SENT, EditionState.SKIPPED)


@pytest.mark.parametrize("cron", ["30 7 * * fri", "0 7 * * fri,sat"])
def test_a_schedule_that_is_changed_after_its_slot_makes_no_second_edition(house: House, cron: str) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)
    house.publish("another")

    house.configure(schedule=cron)
    look_at(house, FRIDAY + MINUTE)
    look_at(house, FRIDAY + HOUR)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_schedule_that_is_changed_does_not_fill_the_past_with_missed_slots(house: House) -> None:
    look_at(house, FRIDAY - WEEK + HOUR)
    house.configure(schedule="0 * * * *")

    look_at(house, FRIDAY - HOUR)
    look_at(house, FRIDAY)

    assert [at for at, _ in book(house)] == [FRIDAY]


def test_what_was_missed_under_the_old_schedule_is_booked_before_the_new_one_counts(house: House) -> None:
    look_at(house, FRIDAY - HOUR)
    house.configure(schedule="0 9 * * mon")

    look_at(house, FRIDAY + 2 * WEEK)

    assert [at for at, _ in book(house)] == [FRIDAY, FRIDAY + WEEK, FRIDAY + 2 * WEEK]


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


def test_a_freezing_that_was_cut_short_is_finished_and_sent(house: House) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    house.clock.moment = FRIDAY
    edition = house.compose()
    with house.store.begin() as tx:
        editions.freeze_cut(tx, edition.cut or 0, now=FRIDAY)
        editions.move_edition(tx, edition.id, to=EditionState.FREEZING, among=[EditionState.COMPOSED])

    look(house)
    look(house)

    assert house.edition(edition.id).state is EditionState.SENT


def test_a_composing_that_was_cut_short_is_done_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.subscribe(ANA)
    house.publish()
    look_at(house, FRIDAY - HOUR)
    with monkeypatch.context() as patched:
        patched.setattr("publisher.compose.edition.arrange_edition", end_here)
        look_at(house, FRIDAY)

    look_at(house, FRIDAY + 2 * MINUTE)
    look(house)

    assert book(house) == [(FRIDAY, SlotOutcome.SENT)]


def test_a_sending_that_was_cut_short_goes_on(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA, BEN])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])
        batches.claim_batch(tx, edition.id, now=house.clock.now())  # by a worker that died

    look_at(house, FRIDAY + 2 * MINUTE)

    assert house.edition(edition.id).state is EditionState.SENT
    assert sorted(house.outbox(edition)) == [ANA, BEN]


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


def test_what_is_left_of_a_sending_after_send_by_stays(house: House) -> None:
    edition = house.frozen_edition(audience=[ANA])
    with house.store.begin() as tx:
        editions.move_edition(tx, edition.id, to=EditionState.SENDING, among=[EditionState.FROZEN])

    look_at(house, FRIDAY + DAY)

    assert (house.edition(edition.id).state, house.outbox(edition)) == (EditionState.LATE, {})


def test_a_newsletter_that_fails_is_told_in_words_and_stops_no_other(sqlite_house: House) -> None:
    house = sqlite_house
    house.subscribe(ANA)
    house.publish()
    rules = house.publisher.settings.newsletters[NEWSLETTER]
    newsletters = {"broken": rules, NEWSLETTER: rules}
    house.publisher = replace(
        house.publisher, settings=house.publisher.settings.model_copy(update={"newsletters": newsletters})
    )
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


ARTICLE = """---
title: The gold route
date: 2026-03-06T06:59:00-05:00
language: en
url: https://news.example.org/gold-route/
---

The gold leaves the river at night.
"""


def end_here(*_: object, **__: object) -> None:
    """Stands for a process that ended."""
    raise KeyError("ended")


def states_of(house: House, edition: Edition) -> list[BatchState]:
    """The states of an edition's batches."""
    with house.store.read() as tx:
        return [batch.state for batch in batches.list_batches(tx, edition.id)]


def look_of_another_process(house: House, folder: Path) -> Callable[[], None]:
    """A look with a store and a publisher of its own."""

    def look_once() -> None:
        store = Store(house.store.engine.url.render_as_string(hide_password=False), folder)
        try:
            tick(
                replace(house.publisher, store=store, clock=FixedClock(house.clock.moment)),
                stop=Stop(),
            )
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
