"""A person's word on what is held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from publisher.gather.release import Word, WrongWordError, release
from publisher.gather.run import GatherStatus
from publisher.gather.source import Gone
from publisher.model.article import RevisionKind, SourceArticle, Status
from tests.builders import FRIDAY
from tests.gather.gathering import counts
from tests.gather.visiting import Newsroom, gold, many

HOST = "news.example.org"
LATER = FRIDAY + timedelta(hours=1)
FIRST, MINOR, SUBSTANTIVE = RevisionKind.FIRST, RevisionKind.MINOR, RevisionKind.SUBSTANTIVE


def said(newsroom: Newsroom, word: Word, *keys: str) -> dict[str, int]:
    """Says a word on what the site's source holds."""
    return release(newsroom.store, "site", word, keys=keys, host=HOST, now=newsroom.clock.now())


@pytest.fixture
def flooded(newsroom: Newsroom) -> list[SourceArticle]:
    """A source of sixty articles that all changed at once; gives how they are now."""
    newsroom.hear(*many(60, modified=FRIDAY))
    after = [replace(one, content_html=f"<p>Rewritten, {one.key}.</p>", modified=LATER) for one in many(60)]
    newsroom.hear(*after)
    return after


@pytest.mark.parametrize(("word", "kind"), [(Word.ANNOUNCE, SUBSTANTIVE), (Word.SILENTLY, MINOR)])
def test_a_flood_is_taken_over_loudly_or_silently(
    newsroom: Newsroom, flooded: list[SourceArticle], word: Word, kind: RevisionKind
) -> None:
    assert said(newsroom, word) == {"change": 60}

    assert {one.content_html for one in newsroom.articles} == {one.content_html for one in flooded}
    assert newsroom.kinds() == [FIRST, kind]
    assert newsroom.hear(*flooded).status is GatherStatus.OK


def test_a_flood_that_is_ignored_stays_ignored_until_the_source_says_something_else(
    newsroom: Newsroom, flooded: list[SourceArticle]
) -> None:
    said(newsroom, Word.IGNORE)

    again = newsroom.hear(*flooded)
    edited = newsroom.hear(replace(flooded[0], content_html="<p>Edited.</p>", modified=LATER + timedelta(hours=1)))

    assert (again.status, newsroom.kinds(2)) == (GatherStatus.OK, [FIRST])
    assert counts(edited)["changed"] == 1


def test_a_flood_of_withdrawals_is_obeyed_when_a_person_says_so(newsroom: Newsroom) -> None:
    articles = many(60)
    newsroom.hear(*articles)
    newsroom.hear(*[Gone(key=one.key, why="no such post") for one in articles])

    assert said(newsroom, Word.ANNOUNCE) == {"withdrawal": 60}
    assert {one.status for one in newsroom.articles} == {Status.WITHDRAWN}


def test_withdrawals_that_are_ignored_leave_the_articles_public(newsroom: Newsroom) -> None:
    articles, gone = many(60), [Gone(key=one.key, why="no such post") for one in many(60)]
    newsroom.hear(*articles)
    newsroom.hear(*gone)
    said(newsroom, Word.IGNORE)

    report = newsroom.hear(*gone)

    assert (report.status, report.withdrawn) == (GatherStatus.OK, 0)


def other_story() -> SourceArticle:
    """Another article under the key of the first one."""
    text = "A container vessel carried eleven tons of cocaine through Guayaquil."
    moment = FRIDAY + timedelta(days=3)
    return gold(text=text, title="The ship is a village", published=moment, modified=moment)


def test_a_doubtful_item_can_be_an_article_of_its_own(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    newsroom.hear(other_story())

    said(newsroom, Word.NEW, "gold")

    assert [one.title for one in newsroom.articles] == ["The gold route", "The ship is a village"]
    assert counts(newsroom.hear(other_story())) == {"unchanged": 2}


def test_a_doubtful_item_can_be_the_article_that_it_looks_like(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    newsroom.hear(other_story())

    said(newsroom, Word.SAME)

    assert [one.title for one in newsroom.articles] == ["The ship is a village"]
    assert newsroom.hear(other_story()).held == ()


def test_what_looks_like_a_repetition_can_be_the_same_article(newsroom: Newsroom) -> None:
    again = gold("again", published=FRIDAY + timedelta(days=9))
    newsroom.hear(gold())
    newsroom.hear(again)

    said(newsroom, Word.SAME)

    assert [one.url for one in newsroom.articles] == ["https://news.example.org/again/"]
    assert counts(newsroom.hear(again)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("word", "key", "words"),
    [(Word.ANNOUNCE, "gold", "Say one of: ignore, new, same"), (Word.SAME, "silver", "silver is not held")],
)
def test_a_word_that_does_not_fit_changes_nothing_and_says_which_would(
    newsroom: Newsroom, word: Word, key: str, words: str
) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    newsroom.hear(other_story())

    with pytest.raises(WrongWordError, match=words):
        said(newsroom, word, key)

    assert len(newsroom.articles) == 1
