"""How a source fares, in words, and when it is asked next."""

from datetime import timedelta

import pytest

from publisher.gather.health import SELDOM, health_of, next_try, silence
from publisher.store.sightings import Pace
from publisher.store.sources import SourceState
from tests.builders import FRIDAY
from tests.gather.visiting import SITE, Newsroom, gold, many

EVERY = timedelta(minutes=5)
DAY = timedelta(days=1)


def test_a_source_that_was_never_tried_is_due_at_once() -> None:
    assert next_try(SourceState(id="site", cursor={}), EVERY) is None


@pytest.mark.parametrize(
    ("failures", "pause"), [(0, EVERY), (1, 2 * EVERY), (3, 8 * EVERY), (10, SELDOM), (10_000, SELDOM)]
)
def test_a_source_that_fails_is_asked_ever_more_seldom(failures: int, pause: timedelta) -> None:
    state = SourceState(id="site", cursor={}, last_try=FRIDAY, failures=failures)

    assert next_try(state, EVERY) == FRIDAY + pause


def test_a_source_that_asked_to_be_left_alone_is() -> None:
    state = SourceState(id="site", cursor={}, last_try=FRIDAY, failures=1, try_again_at=FRIDAY + DAY)

    assert next_try(state, EVERY) == FRIDAY + DAY


def test_a_source_that_is_asked_seldom_is_not_asked_more_often_because_it_fails() -> None:
    state = SourceState(id="site", cursor={}, last_try=FRIDAY, failures=3)

    assert next_try(state, DAY) == FRIDAY + DAY


def daily(count: int) -> Pace:
    """One article a day."""
    return Pace(week=7, month=28, newest=tuple(FRIDAY - n * DAY for n in range(count)))


@pytest.mark.parametrize(("days", "is_told"), [(0, False), (2, False), (4, True)])
def test_a_silence_longer_than_the_habit_is_told(days: int, *, is_told: bool) -> None:
    words = silence(daily(30), now=FRIDAY + days * DAY)

    assert (words is not None) is is_told


def test_the_words_of_a_silence_say_since_when_and_what_is_usual() -> None:
    assert silence(daily(30), now=FRIDAY + 9 * DAY) == (
        "nothing new for 9 days (since 2026-03-06T12:00:00Z); nine times in ten it has something within 24 hours"
    )


def test_of_a_few_articles_no_habit_is_read() -> None:
    assert silence(daily(5), now=FRIDAY + 90 * DAY) is None


def test_what_waits_and_what_is_refused_is_counted(newsroom: Newsroom) -> None:
    newsroom.hear(gold("one"), gold("two", title="Two", text="Two.", published=FRIDAY - DAY))
    newsroom.hear(gold("one", text="Edited."), gold("again", published=FRIDAY + DAY))

    health = health_of(newsroom.store, SITE, now=newsroom.clock.now())

    assert (health.waiting, health.held, health.is_well) == (1, 0, True)


def test_articles_that_come_and_go_are_a_warning(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    for poll in range(5):
        newsroom.hear(gold(text=f"Advertisement {poll}"))

    health = health_of(newsroom.store, SITE, now=newsroom.clock.now())

    assert health.warnings == ("1 of its articles come and go in different states; they stay as they came",)
    assert not health.is_well


def test_a_week_is_held_against_the_month_before_it(newsroom: Newsroom) -> None:
    newsroom.clock.moment = FRIDAY
    newsroom.hear(*many(14))

    health = health_of(newsroom.store, SITE, now=FRIDAY + timedelta(days=1))

    assert (health.per_day, health.usual_per_day) == (2.0, 0.0)
