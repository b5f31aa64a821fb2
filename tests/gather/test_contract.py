"""What every kind of source must do, over real sockets and files, into the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.gather.run import GatherStatus
from publisher.gather.sources import SOURCES
from publisher.model.article import RevisionKind, Status
from publisher.settings import SourceKind
from publisher.store.engine import Store
from tests.gather.gathering import Desk, counts
from tests.gather.ghost_newsroom import GhostStandIn
from tests.gather.newsrooms import FeedStandIn, FolderStandIn, Newsroom, Piece, WordPressStandIn, changed, pieces
from tests.gather.sitemap_newsroom import SitemapStandIn

KINDS = sorted(SOURCES)
WITHDRAWING = [SourceKind.FOLDER, SourceKind.GHOST, SourceKind.WORDPRESS]
GOLD = Piece(key=1)


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    """The stand-in of one kind."""
    if request.param is SourceKind.FOLDER:
        yield FolderStandIn(tmp_path)
        return
    server = request.getfixturevalue("httpserver")
    if request.param is SourceKind.GHOST:
        yield GhostStandIn(server, tmp_path)
        return
    if request.param is SourceKind.SITEMAP:
        yield SitemapStandIn(server)
        return
    yield WordPressStandIn(server) if request.param is SourceKind.WORDPRESS else FeedStandIn(server)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, newsroom: Newsroom) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, newsroom)


every_kind = pytest.mark.parametrize("newsroom", KINDS, indirect=True)
every_withdrawing_kind = pytest.mark.parametrize("newsroom", WITHDRAWING, indirect=True)


@every_kind
def test_what_is_published_is_stored(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)

    report = desk.gather()

    stored = desk.article(newsroom.key_of(1))
    assert (counts(report), report.status) == ({"new": 1}, GatherStatus.OK)
    assert (stored.title, stored.published, stored.language) == (GOLD.title, GOLD.published, "en")
    assert stored.content_html.strip() == GOLD.body
    assert [author.name for author in stored.authors] == ["Jane Doe"]


@every_kind
def test_a_second_run_with_nothing_new_changes_nothing(desk: Desk, newsroom: Newsroom) -> None:
    for piece in pieces(3):
        newsroom.publish(piece)
    desk.gather()

    report = desk.gather()

    assert counts(report) == {"unchanged": 3}


@every_kind
def test_looking_at_everything_again_changes_nothing(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    desk.gather()

    report = desk.gather(full=True)

    assert counts(report) == {"unchanged": 1}


@every_kind
def test_new_words_are_a_revision_that_counts(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    desk.gather()
    newsroom.publish(changed(GOLD, body="<p>The gold leaves the river by day.</p>"))

    report = desk.gather_until_sure()

    assert counts(report) == {"changed": 1}
    assert desk.kinds(newsroom.key_of(1)) == [RevisionKind.FIRST, RevisionKind.SUBSTANTIVE]


@every_kind
def test_new_markup_is_a_minor_revision(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    desk.gather()
    newsroom.publish(changed(GOLD, body="<p>The <strong>gold</strong> leaves the river at night.</p>"))

    desk.gather_until_sure()

    assert desk.kinds(newsroom.key_of(1)) == [RevisionKind.FIRST, RevisionKind.MINOR]


@every_withdrawing_kind
def test_what_the_newsroom_takes_away_is_withdrawn(desk: Desk, newsroom: Newsroom) -> None:
    for piece in pieces(3):
        newsroom.publish(piece)
    desk.gather()
    newsroom.withdraw(2)

    report = desk.gather()

    assert counts(report) == {"unchanged": 2, "withdrawn": 1}
    assert desk.article(newsroom.key_of(2)).status is Status.WITHDRAWN


@every_withdrawing_kind
def test_what_comes_back_is_restored_under_its_number(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    newsroom.publish(Piece(key=2))
    desk.gather()
    number = desk.article(newsroom.key_of(1)).number
    newsroom.withdraw(1)
    desk.gather()
    newsroom.publish(GOLD)

    report = desk.gather()

    assert counts(report) == {"changed": 1, "unchanged": 1}
    assert desk.article(newsroom.key_of(1)).number == number
    assert desk.kinds(newsroom.key_of(1)) == [RevisionKind.FIRST, RevisionKind.WITHDRAWAL, RevisionKind.RESTORED]


@pytest.mark.parametrize("newsroom", [SourceKind.FEED], indirect=True)
def test_what_fell_out_of_a_feed_stays(desk: Desk, newsroom: Newsroom) -> None:
    for piece in pieces(3):
        newsroom.publish(piece)
    desk.gather()
    newsroom.withdraw(2)

    report = desk.gather()

    assert counts(report) == {"unchanged": 3}


@every_kind
def test_more_than_fits_one_answer_comes_whole(desk: Desk, newsroom: Newsroom) -> None:
    for piece in pieces(250):
        newsroom.publish(piece)

    report = desk.gather()

    assert counts(report) == {"new": 250}
    assert set(desk.articles()) >= {newsroom.key_of(1), newsroom.key_of(120)}


@every_kind
def test_hostile_markup_and_titles_are_stored_harmless(desk: Desk, newsroom: Newsroom) -> None:
    title = "Gold <script>alert(1)</script>&amp; \u202efdp.exe"
    body = '<p onclick="x()">Text<script>alert(1)</script><a href="javascript:alert(1)">link</a></p>'
    newsroom.publish(Piece(key=1, title=title, body=body))

    desk.gather()

    stored = desk.article(newsroom.key_of(1))
    assert stored.title == "Gold & fdp.exe"
    assert stored.content_html.strip() == "<p>Textlink</p>"


@every_kind
@pytest.mark.parametrize("title", ["", "  ", "<em></em>", "&nbsp;"])
def test_no_title_is_a_refusal_with_a_reason(desk: Desk, newsroom: Newsroom, title: str) -> None:
    newsroom.publish(Piece(key=1, title=title))
    newsroom.publish(Piece(key=2))

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert [one.reason for one in report.refused] == ["has no title"]


@every_kind
def test_no_text_is_a_refusal_that_stays_visible(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(Piece(key=1, body="<p> </p>"))
    desk.gather()

    report = desk.gather()

    assert report.status is GatherStatus.OK
    assert [(one.title, one.reason) for one in report.refused] == [("The gold route", "has no text")]


@every_kind
def test_a_refusal_is_over_when_the_piece_is_mended(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(Piece(key=1, title=""))
    desk.gather()
    newsroom.publish(changed(GOLD))

    report = desk.gather()

    assert (counts(report), report.refused) == ({"new": 1}, ())


@every_kind
def test_a_long_text_is_kept_whole_and_an_endless_one_is_refused(desk: Desk, newsroom: Newsroom) -> None:
    long = "".join(f"<p>{'gold ' * 1000}{number}</p>\n" for number in range(190))
    newsroom.publish(Piece(key=1, body=long))
    newsroom.publish(Piece(key=2, body=long + long))

    report = desk.gather()

    assert len(desk.article(newsroom.key_of(1)).content_html) > 900_000
    assert "larger than 1,000,000 bytes" in report.refused[0].reason


@every_kind
def test_a_source_that_fails_is_named_and_loses_nothing(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    desk.gather()
    newsroom.break_down()

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert report.error
    assert desk.article(newsroom.key_of(1)).status is Status.PUBLIC


@every_kind
def test_what_was_missed_while_it_failed_comes_afterwards(desk: Desk, newsroom: Newsroom) -> None:
    newsroom.publish(GOLD)
    desk.gather()
    newsroom.break_down()
    desk.gather()
    newsroom.recover()
    newsroom.publish(Piece(key=2))

    report = desk.gather()

    assert (counts(report), report.error) == ({"new": 1, "unchanged": 1}, None)


@every_kind
def test_a_date_in_the_future_is_kept_and_noted(desk: Desk, newsroom: Newsroom) -> None:
    future = desk.clock.moment.replace(year=2031)
    newsroom.publish(Piece(key=1, published=future))

    desk.gather()

    stored = desk.article(newsroom.key_of(1))
    assert stored.published == future
    assert "published in the future, says the source" in stored.notes


@every_kind
def test_a_date_before_1970_is_a_date(desk: Desk, newsroom: Newsroom) -> None:
    old = GOLD.published.replace(year=1968)
    newsroom.publish(Piece(key=1, published=old))

    desk.gather()

    assert desk.article(newsroom.key_of(1)).published == old
