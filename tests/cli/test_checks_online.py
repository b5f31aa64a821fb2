"""A look at a source: what it says of what is gone is no article, and does not end the looking."""

from publisher.cli.checks_online import FIRST, first_article
from publisher.gather.source import Gone, Reached, Refusal

GONE = Gone(key="1", why="password")
REFUSED = Refusal(key="2", url="https://news.example.org/2", title="", reason="no title")


def test_the_first_article_is_found_behind_what_is_gone() -> None:
    assert first_article([*[GONE] * (FIRST - 1), REFUSED]) is REFUSED


def test_a_source_is_not_read_on_for_ever() -> None:
    assert first_article([*[GONE] * FIRST, REFUSED]) is None


def test_a_source_of_which_nothing_is_there_has_no_article() -> None:
    assert first_article([Reached(cursor={})]) is None
