"""What becomes of what a source says, visit by visit: proof, flaps, floods, and who may speak for an article."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from publisher.gather.run import GatherStatus
from publisher.gather.source import Gone, Missing
from publisher.model.article import RevisionKind, SourceArticle, SourceTerm, Status
from tests.builders import FRIDAY
from tests.gather.gathering import counts
from tests.gather.visiting import CMS, PARTNER, Newsroom, gold, many

BY, BY_ND, BY_NC = (f"https://creativecommons.org/licenses/{code}/4.0/" for code in ("by", "by-nd", "by-nc"))
FIRST, MINOR, SUBSTANTIVE = RevisionKind.FIRST, RevisionKind.MINOR, RevisionKind.SUBSTANTIVE


# Proof


def test_an_edit_that_nobody_declares_counts_when_it_is_seen_twice(newsroom: Newsroom) -> None:
    newsroom.hear(gold())

    once = newsroom.hear(gold(text="The gold leaves by day."))
    twice = newsroom.hear(gold(text="The gold leaves by day."))

    assert (counts(once), once.waiting) == ({"unchanged": 1}, 1)
    assert (counts(twice), twice.waiting) == ({"changed": 1}, 0)
    assert newsroom.kinds() == [FIRST, SUBSTANTIVE]


def test_a_source_that_says_nothing_changed_confirms_what_it_said(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    newsroom.hear(gold(text="The gold leaves by day."))

    report = newsroom.unchanged()

    assert counts(report) == {"changed": 1}


def test_an_entry_that_stands_twice_in_one_answer_is_one_look(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    edited = gold(text="The gold leaves by day.")

    report = newsroom.hear(edited, edited)

    assert (counts(report), report.waiting) == ({"unchanged": 1}, 1)


def test_an_edit_that_the_source_dates_counts_at_once(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))

    report = newsroom.hear(gold(text="The gold leaves by day.", modified=FRIDAY + timedelta(hours=1)))

    assert counts(report) == {"changed": 1}


def test_a_date_that_moved_before_declares_no_later_edit(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    newsroom.hear(gold(modified=FRIDAY + timedelta(hours=1)))

    report = newsroom.hear(gold(text="The gold leaves by day.", modified=FRIDAY + timedelta(hours=1)))

    assert report.waiting == 1


def test_the_sources_own_word_withdraws_at_once(newsroom: Newsroom) -> None:
    newsroom.hear(gold())

    report = newsroom.hear(Gone(key="gold", why="is a draft now"))

    assert counts(report) == {"withdrawn": 1}


def test_not_found_withdraws_when_it_is_said_again_an_hour_later(newsroom: Newsroom) -> None:
    missing = Missing(key="gold", why="answered 404")
    newsroom.hear(gold())

    reports = [newsroom.hear(missing, after=timedelta(minutes=minutes)) for minutes in (10, 30, 30)]

    assert [one.withdrawn for one in reports] == [0, 0, 1]


def test_what_was_missing_and_is_there_again_has_to_be_missed_anew(newsroom: Newsroom) -> None:
    missing = Missing(key="gold", why="answered 404")
    newsroom.hear(gold())
    newsroom.hear(missing)
    newsroom.hear(gold(), after=timedelta(hours=1))

    report = newsroom.hear(missing, after=timedelta(hours=1))

    assert counts(report) == {"unchanged": 1}


# Flaps


def test_a_state_that_comes_and_goes_leaves_no_trace_but_is_counted(newsroom: Newsroom) -> None:
    newsroom.hear(gold())

    for poll in range(20):
        newsroom.hear(gold(text=f"The gold leaves the river at night. Advertisement {poll % 3}"))
        newsroom.hear(gold())

    assert newsroom.kinds() == [FIRST]
    assert newsroom.articles[0].content_html == "<p>The gold leaves the river at night.</p>"


def test_an_unstable_article_keeps_its_text_even_when_a_state_is_seen_twice(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    for poll in range(4):
        newsroom.hear(gold(text=f"The gold leaves the river at night. Advertisement {poll}"))

    newsroom.hear(gold(text="The gold leaves the river at night. Advertisement 3"))

    assert newsroom.kinds() == [FIRST]


def test_what_lasts_a_day_is_no_flap_any_more(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    for poll in range(4):
        newsroom.hear(gold(text=f"The gold leaves the river at night. Advertisement {poll}"))
    newsroom.hear(gold(text="The gold leaves by day."))

    newsroom.hear(gold(text="The gold leaves by day."), after=timedelta(hours=25))

    assert newsroom.kinds() == [FIRST, SUBSTANTIVE]


def test_what_the_source_declares_counts_on_an_unstable_article_too(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    for poll in range(4):
        newsroom.hear(gold(text=f"The gold leaves the river at night. Advertisement {poll}", modified=FRIDAY))

    newsroom.hear(gold(text="The gold leaves by day.", modified=FRIDAY + timedelta(hours=1)))

    assert newsroom.kinds() == [FIRST, SUBSTANTIVE]


def test_a_return_to_what_it_was_is_no_news(newsroom: Newsroom) -> None:
    by_day = gold(text="The gold leaves by day.")
    for said in (gold(), by_day, by_day, gold(), gold()):
        newsroom.hear(said)

    assert newsroom.kinds() == [FIRST, SUBSTANTIVE, MINOR]
    assert newsroom.articles[0].content_html == "<p>The gold leaves the river at night.</p>"


def test_headlines_that_are_tried_out_move_nothing(newsroom: Newsroom) -> None:
    newsroom.hear(gold())
    updated = newsroom.articles[0].updated

    for poll in range(12):
        newsroom.hear(gold(title=("The gold route", "Where the gold goes")[poll // 2 % 2]))

    assert newsroom.articles[0].updated == updated


def test_an_article_changes_six_times_a_day_at_most(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))

    for edit in range(1, 20):
        newsroom.hear(gold(text=f"Version {edit}.", modified=FRIDAY + timedelta(minutes=edit)))

    assert newsroom.kinds() == [FIRST, *[SUBSTANTIVE] * 6]


def test_what_waited_for_the_next_day_comes_then(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    for edit in range(1, 9):
        newsroom.hear(gold(text=f"Version {edit}.", modified=FRIDAY + timedelta(minutes=edit)))

    newsroom.hear(after=timedelta(hours=25))

    assert newsroom.articles[0].content_html == "<p>Version 8.</p>"


def test_an_edit_is_seen_twice_though_signatures_sizes_and_spaces_are_others_at_each_look(newsroom: Newsroom) -> None:
    def at(poll: int, text: str) -> SourceArticle:
        picture = f'<img src="https://c{poll}.example.net/a.jpg?Signature={poll}" alt="" width="{900 + poll}">'
        return gold(text=f"{text}</p>{' ' * poll}<p>{poll} minutes{' ' * poll}ago {picture}")

    newsroom.hear(at(1, "The gold leaves at night."))
    newsroom.hear(at(2, "The gold leaves by day."))
    newsroom.hear(at(3, "The gold leaves by day."))

    assert newsroom.kinds() == [FIRST, SUBSTANTIVE]


def test_a_licence_that_is_lost_is_believed_at_once_though_the_text_varies(newsroom: Newsroom) -> None:
    newsroom.hear(gold(text="Night. Ad 1", licence=BY))

    newsroom.hear(gold(text="Night. Ad 2", licence=None, licence_why="all-rights-reserved"))

    assert [one.licence for one in newsroom.articles] == [None]


def test_a_licence_that_comes_back_is_believed_when_it_is_seen_twice(newsroom: Newsroom) -> None:
    for text, licence in (("Night. Ad 1", BY), ("Night. Ad 2", None), ("Night. Ad 1", BY)):
        newsroom.hear(gold(text=text, licence=licence))
    assert [one.licence for one in newsroom.articles] == [None]

    newsroom.hear(gold(text="Night. Ad 1", licence=BY))

    assert [one.licence for one in newsroom.articles] == [BY]


def test_an_unstable_article_is_not_made_stable_by_its_first_state(newsroom: Newsroom) -> None:
    for letter in "ABBCDEFACCDD":
        newsroom.hear(gold(text=f"The gold leaves. {letter}"))

    assert newsroom.kinds().count(SUBSTANTIVE) == 1


# Floods


def test_too_many_changes_at_once_wait_for_a_person(newsroom: Newsroom) -> None:
    newsroom.hear(*many(60, modified=FRIDAY))
    later = FRIDAY + timedelta(hours=1)

    report = newsroom.hear(*[replace(one, content_html="<p>Subscribe now!</p>", modified=later) for one in many(60)])

    assert report.status is GatherStatus.HELD
    assert "60 changes of its 60 articles at once" in str(report.error)
    assert {one.content_html for one in newsroom.articles} != {"<p>Subscribe now!</p>"}


def test_what_a_flood_narrows_is_narrowed_at_once_and_quietly(newsroom: Newsroom) -> None:
    newsroom.hear(*many(60, licence=BY, modified=FRIDAY))
    before = {one.number: one.updated for one in newsroom.articles}

    newsroom.hear(*many(60, licence=None, licence_why="the feed names none", modified=FRIDAY + timedelta(hours=1)))

    assert {one.licence for one in newsroom.articles} == {None}
    assert {one.number: one.updated for one in newsroom.articles} == before


@pytest.mark.parametrize(("before", "after", "then"), [(BY_ND, BY, BY_ND), (BY, BY_NC, BY_NC), (BY_NC, BY_ND, None)])
def test_what_a_flood_widens_waits(newsroom: Newsroom, before: str, after: str, then: str | None) -> None:
    newsroom.hear(*many(60, licence=before, modified=FRIDAY))

    newsroom.hear(*many(60, licence=after, modified=FRIDAY + timedelta(hours=1)))

    assert {one.licence for one in newsroom.articles} == {then}


def test_a_flood_that_goes_back_holds_nothing_any_more(newsroom: Newsroom) -> None:
    newsroom.hear(*many(60, modified=FRIDAY))
    newsroom.hear(*many(60, content_html="<p>Subscribe now!</p>", modified=FRIDAY + timedelta(hours=1)))

    report = newsroom.hear(*many(60, modified=FRIDAY + timedelta(hours=2)))

    assert (report.status, report.waiting, report.held) == (GatherStatus.OK, 0, ())


def test_too_many_withdrawals_at_once_wait_and_the_rest_goes_on(newsroom: Newsroom) -> None:
    articles = many(60)
    newsroom.hear(*articles)

    report = newsroom.hear(*[Gone(key=one.key, why="no such post") for one in articles], gold("new", title="New"))

    assert (report.status, report.new, report.withdrawn) == (GatherStatus.HELD, 1, 0)
    assert all(one.status is Status.PUBLIC for one in newsroom.articles)


# Who speaks for an article


def test_another_key_at_the_same_address_is_the_same_article(newsroom: Newsroom) -> None:
    newsroom.hear(gold("gold"))

    report = newsroom.hear(gold("?p=7", url="http://www.news.example.org/gold?utm_source=feed"))

    assert report.new == 0
    assert len(newsroom.articles) == 1


def test_entries_of_a_live_blog_stand_at_one_address_and_are_many(newsroom: Newsroom) -> None:
    page = "https://news.example.org/live/"
    entries = [replace(one, url=f"{page}#{one.key}") for one in many(3)]

    assert newsroom.hear(*entries).new == 3


def test_another_address_with_the_same_time_and_text_is_the_same_article(newsroom: Newsroom) -> None:
    newsroom.hear(gold("old-slug"))

    report = newsroom.hear(gold("new-slug"))

    assert [(one.number, one.url) for one in newsroom.articles] == [(1, "https://news.example.org/new-slug/")]
    assert counts(report) == {"changed": 1}
    assert newsroom.kinds() == [FIRST, MINOR]


def test_two_that_are_listed_side_by_side_are_two(newsroom: Newsroom) -> None:
    newsroom.hear(gold("one"))

    report = newsroom.hear(gold("two"), gold("one"))

    assert report.new == 1


def test_the_same_beginning_at_another_time_waits_for_a_person(newsroom: Newsroom) -> None:
    newsroom.hear(gold("gold"))

    report = newsroom.hear(gold("again", published=FRIDAY + timedelta(days=9)))

    assert report.new == 0
    assert [one.why for one in report.held] == [
        "has title and beginning of article 1 of 2026-03-05, at another address"
    ]


def test_a_key_that_was_given_to_another_article_waits_for_a_person(newsroom: Newsroom) -> None:
    newsroom.hear(gold(modified=FRIDAY))
    other = gold(
        text="A container vessel carried eleven tons of cocaine through Guayaquil.",
        title="The ship is a village",
        published=FRIDAY + timedelta(days=3),
        modified=FRIDAY + timedelta(days=3),
    )

    report = newsroom.hear(other)

    assert "title, text and date are all others" in report.held[0].why
    assert newsroom.articles[0].title == "The gold route"


def test_the_cms_leads_an_article_that_the_feed_brought_first(newsroom: Newsroom) -> None:
    newsroom.hear(gold("guid", text="A summary."))

    report = newsroom.hear(gold("7", url="https://news.example.org/guid/"), source=CMS)

    stored = newsroom.articles
    assert [(one.source, one.key, one.content_html) for one in stored] == [
        ("cms", "7", "<p>The gold leaves the river at night.</p>")
    ]
    assert (report.new, newsroom.kinds()) == (0, [FIRST, MINOR])


def test_the_feed_changes_nothing_that_the_cms_leads(newsroom: Newsroom) -> None:
    newsroom.hear(gold("7", url="https://news.example.org/guid/"), source=CMS)

    for _ in range(3):
        newsroom.hear(gold("guid", text="A summary."), Gone(key="guid", why="a tombstone"))

    assert [(one.source, one.content_html) for one in newsroom.articles] == [
        ("cms", "<p>The gold leaves the river at night.</p>")
    ]
    assert newsroom.kinds() == [FIRST]


def test_anothers_source_brings_none_of_our_own_articles(newsroom: Newsroom) -> None:
    newsroom.hear(gold("7"), source=CMS)

    report = newsroom.hear(gold("7", text="Not what we wrote."), source=PARTNER)

    assert "does not bring our own articles" in report.refused[0].reason
    assert len(newsroom.articles) == 1


def test_anothers_article_that_is_here_already_is_not_taken_twice(newsroom: Newsroom) -> None:
    theirs = {"url": "https://partner.example.net/gold", "rights_holder": "The Partner"}
    newsroom.hear(gold("a", **theirs), source=PARTNER)

    report = newsroom.hear(gold("b", **theirs))

    assert report.refused[0].reason == "is here already, as article 1 from source partner"


def test_where_states_come_and_go_what_nobody_declares_counts_after_an_hour(newsroom: Newsroom) -> None:
    newsroom.hear(*many(2))
    one, two = many(2)
    newsroom.hear(one, replace(two, title="Another one"))
    newsroom.hear(one, two)
    edited = replace(one, content_html="<p>Quite another text.</p>")

    reports = [newsroom.hear(edited, two) for _ in range(7)]

    assert [report.changed for report in reports] == [0] * 6 + [1]
    assert newsroom.kinds() == [FIRST, SUBSTANTIVE]


@pytest.mark.parametrize("seed", range(3))
def test_advertisements_drawn_all_day_make_no_revision_that_counts(newsroom: Newsroom, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable
    texts = [f"The company number {n} sells what nobody needs." for n in range(5)]

    def with_advertisement(one: SourceArticle) -> SourceArticle:
        return replace(one, content_html=f"{one.content_html}<p>{random.choice(texts)}</p>")

    for _ in range(144):
        newsroom.hear(*map(with_advertisement, many(8)))

    assert {kind for one in newsroom.articles for kind in newsroom.kinds(one.number)} <= {FIRST, MINOR}


def test_terms_move_nothing_that_a_reader_was_told(newsroom: Newsroom) -> None:
    newsroom.hear(gold())

    report = newsroom.hear(gold(topics=(SourceTerm(name="Mercury", key="mercury"),)))

    assert (counts(report), newsroom.kinds()) == ({"changed": 1}, [FIRST, MINOR])


def test_times_and_signatures_that_tick_all_day_make_no_revision(newsroom: Newsroom) -> None:
    def at(poll: int) -> SourceArticle:
        picture = f'<img src="https://c{poll % 4}.example.net/a.jpg?Signature={poll}" alt="">'
        return gold(text=f"The gold leaves. {1 + poll // 6} hours ago</p><p>{picture}")

    for poll in range(144):
        newsroom.hear(at(poll))

    assert newsroom.kinds() == [FIRST]
