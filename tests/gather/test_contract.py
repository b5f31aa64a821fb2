"""What every kind of source must do, over real sockets and files, into the real store."""

import pytest

from publisher.gather.run import GatherStatus
from publisher.model.article import RevisionKind, Status
from tests.gather.gathering import Desk, counts
from tests.gather.kinds import every_kind, every_withdrawing_kind, only_a_feed
from tests.gather.newsrooms import Newsroom, Piece, changed, pieces

GOLD = Piece(key=1)


@every_kind
def test_what_is_published_is_stored(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)

    report = desk.gather()

    stored = desk.article(site.key_of(1))
    assert (counts(report), report.status) == ({"new": 1}, GatherStatus.OK)
    assert (stored.title, stored.published, stored.language) == (GOLD.title, GOLD.published, "en")
    assert stored.content_html.strip() == GOLD.body
    assert [author.name for author in stored.authors] == ["Jane Doe"]


@every_kind
def test_a_second_run_with_nothing_new_changes_nothing(desk: Desk, site: Newsroom) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()

    report = desk.gather()

    assert counts(report) == {"unchanged": 3}


@every_kind
def test_looking_at_everything_again_changes_nothing(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()

    report = desk.gather(full=True)

    assert counts(report) == {"unchanged": 1}


@every_kind
def test_looking_at_everything_finds_what_the_source_did_not_say(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()
    site.publish(changed(GOLD, hours=0, body="<p>The silver stays in the hills by day.</p>"))

    desk.gather(full=True)
    desk.gather(full=True)

    assert desk.article(site.key_of(1)).content_html.strip() == "<p>The silver stays in the hills by day.</p>"


@every_kind
def test_new_words_are_a_revision_that_counts(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()
    site.publish(changed(GOLD, body="<p>The gold leaves the river by day.</p>"))

    report = desk.gather_until_sure()

    assert counts(report) == {"changed": 1}
    assert desk.kinds(site.key_of(1)) == [RevisionKind.FIRST, RevisionKind.SUBSTANTIVE]


@every_kind
def test_new_markup_is_a_minor_revision(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()
    site.publish(changed(GOLD, body="<p>The <strong>gold</strong> leaves the river at night.</p>"))

    desk.gather_until_sure()

    assert desk.kinds(site.key_of(1)) == [RevisionKind.FIRST, RevisionKind.MINOR]


@every_withdrawing_kind
def test_what_the_newsroom_takes_away_is_withdrawn(desk: Desk, site: Newsroom) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    site.withdraw(2)

    report = desk.gather()

    assert counts(report) == {"unchanged": 2, "withdrawn": 1}
    assert desk.article(site.key_of(2)).status is Status.WITHDRAWN


@every_withdrawing_kind
def test_what_comes_back_is_restored_under_its_number(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    site.publish(Piece(key=2))
    desk.gather()
    number = desk.article(site.key_of(1)).number
    site.withdraw(1)
    desk.gather()
    site.publish(GOLD)

    report = desk.gather()

    assert counts(report) == {"changed": 1, "unchanged": 1}
    assert desk.article(site.key_of(1)).number == number
    assert desk.kinds(site.key_of(1)) == [RevisionKind.FIRST, RevisionKind.WITHDRAWAL, RevisionKind.RESTORED]


@only_a_feed
def test_what_fell_out_of_a_feed_stays(desk: Desk, site: Newsroom) -> None:
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    site.withdraw(2)

    report = desk.gather()

    assert counts(report) == {"unchanged": 3}


@every_kind
def test_more_than_fits_one_answer_comes_whole(desk: Desk, site: Newsroom) -> None:
    for piece in pieces(250):
        site.publish(piece)

    report = desk.gather()

    assert counts(report) == {"new": 250}
    assert set(desk.articles()) >= {site.key_of(1), site.key_of(120)}


@every_kind
def test_hostile_markup_and_titles_are_stored_harmless(desk: Desk, site: Newsroom) -> None:
    title = "Gold <script>alert(1)</script>&amp; \u202efdp.exe"
    body = '<p onclick="x()">Text<script>alert(1)</script><a href="javascript:alert(1)">link</a></p>'
    site.publish(Piece(key=1, title=title, body=body))

    desk.gather()

    stored = desk.article(site.key_of(1))
    assert stored.title == "Gold & fdp.exe"
    assert stored.content_html.strip() == "<p>Textlink</p>"


@every_kind
@pytest.mark.parametrize("title", ["", "  ", "<em></em>", "&nbsp;"])
def test_no_title_is_a_refusal_with_a_reason(desk: Desk, site: Newsroom, title: str) -> None:
    site.publish(Piece(key=1, title=title))
    site.publish(Piece(key=2))

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert [one.reason for one in report.refused] == ["has no title"]


@every_kind
def test_no_text_is_a_refusal_that_stays_visible(desk: Desk, site: Newsroom) -> None:
    site.publish(Piece(key=1, body="<p> </p>"))
    desk.gather()

    report = desk.gather()

    assert report.status is GatherStatus.OK
    assert [(one.title, one.reason) for one in report.refused] == [("The gold route", "has no text")]


@every_kind
def test_a_refusal_is_over_when_the_piece_is_mended(desk: Desk, site: Newsroom) -> None:
    site.publish(Piece(key=1, title=""))
    desk.gather()
    site.publish(changed(GOLD))

    report = desk.gather()

    assert (counts(report), report.refused) == ({"new": 1}, ())


@every_kind
def test_a_long_text_is_kept_whole_and_an_endless_one_is_refused(desk: Desk, site: Newsroom) -> None:
    long = "".join(f"<p>{'gold ' * 1000}{number}</p>\n" for number in range(190))
    site.publish(Piece(key=1, body=long))
    site.publish(Piece(key=2, body=long + long))

    report = desk.gather()

    assert len(desk.article(site.key_of(1)).content_html) > 900_000
    assert "larger than 1,000,000 bytes" in report.refused[0].reason


@every_kind
def test_a_source_that_fails_is_named_and_loses_nothing(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()
    site.break_down()

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert report.error
    assert desk.article(site.key_of(1)).status is Status.PUBLIC


@every_kind
def test_what_was_missed_while_it_failed_comes_afterwards(desk: Desk, site: Newsroom) -> None:
    site.publish(GOLD)
    desk.gather()
    site.break_down()
    desk.gather()
    site.recover()
    site.publish(Piece(key=2))

    report = desk.gather()

    assert (counts(report), report.error) == ({"new": 1, "unchanged": 1}, None)


@every_kind
def test_a_date_in_the_future_is_kept_and_noted(desk: Desk, site: Newsroom) -> None:
    future = desk.clock.moment.replace(year=2031)
    site.publish(Piece(key=1, published=future))

    desk.gather()

    stored = desk.article(site.key_of(1))
    assert stored.published == future
    assert "published in the future, says the source" in stored.notes


@every_kind
def test_a_date_before_1970_is_a_date(desk: Desk, site: Newsroom) -> None:
    old = GOLD.published.replace(year=1968)
    site.publish(Piece(key=1, published=old))

    desk.gather()

    assert desk.article(site.key_of(1)).published == old


@every_kind
def test_a_changed_setting_is_taken_over_without_a_word_from_the_source(desk: Desk, site: Newsroom) -> None:
    site.publish(changed(GOLD, body='<p>The gold leaves.</p><div class="box"><p>Read this, too.</p></div>'))
    desk.gather()
    source = site.source()
    dropping = source.options.model_copy(update={"drop": (".box",)})

    for _ in range(3):
        desk.gather(source=source.model_copy(update={"options": dropping}))

    assert desk.article(site.key_of(1)).content_html.strip() == "<p>The gold leaves.</p>"
