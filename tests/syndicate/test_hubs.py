"""What a hub is sent, and what its answer means."""

from datetime import timedelta

import pytest

from publisher.syndicate.hubs import NotNow, Refused, Told, is_topic, judge_answer, ping_form, wait_after

FORMATS = ("rss", "atom", "json")
HOUR = timedelta(hours=1)


def test_a_ping_names_the_feed_in_both_ways_that_hubs_read() -> None:
    topic = "https://follow.example.org/feeds/all.rss"

    assert ping_form(topic) == {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Told),
        (202, Told),
        (204, Told),
        (301, Refused),
        (302, Refused),
        (400, Refused),
        (404, Refused),
        (410, Refused),
        (408, NotNow),
        (429, NotNow),
        (500, NotNow),
        (503, NotNow),
        (None, NotNow),
    ],
)
def test_an_answer_is_taken_not_now_or_refused(status: int | None, kind: type) -> None:
    assert type(judge_answer(status, "words", tries=0)) is kind


def test_the_words_of_an_answer_are_kept() -> None:
    assert judge_answer(404, "answered 404", tries=0) == Refused(why="answered 404")


def test_a_hub_is_left_alone_twice_as_long_each_time_and_six_hours_at_most() -> None:
    minutes = [wait_after(tries).total_seconds() / 60 for tries in (0, 1, 2, 3, 8, 9, 10, 1000)]

    assert minutes == [1, 2, 4, 8, 256, 360, 360, 360]


@pytest.mark.parametrize(("asked", "wait"), [(HOUR, HOUR), (timedelta(seconds=5), timedelta(minutes=1))])
def test_a_hub_that_says_when_is_asked_then_and_not_before_its_turn(asked: timedelta, wait: timedelta) -> None:
    assert judge_answer(429, "too many", tries=0, retry_after=asked) == NotNow(why="too many", wait=wait)


@pytest.mark.parametrize(
    "path",
    [
        "feeds/all.rss",
        "feeds/updates.json",
        "feeds/section/investigations.atom",
        "feeds/language/es.rss",
        "feeds/topic/2026-03.rss",
        "feeds/section/all.rss",
    ],
)
def test_a_feed_to_subscribe_to_is_a_topic(path: str) -> None:
    assert is_topic(path, FORMATS)


@pytest.mark.parametrize(
    "path",
    [
        "feeds/index.html",
        "feeds/opml.xml",
        "feeds/all/index.html",
        "feeds/all/2026-03.rss",
        "feeds/updates/2026-03.atom",
        "feeds/section/investigations/2026-03.rss",
        "feeds/section/investigations/index.html",
        "republish/41/article.json",
        "sitemap-news.xml",
        "feeds/all.rss.gz",
    ],
)
def test_a_page_an_archive_document_or_a_kit_is_none(path: str) -> None:
    assert not is_topic(path, FORMATS)


def test_a_format_that_is_not_written_has_no_topics() -> None:
    assert not is_topic("feeds/all.json", ("rss",))
