"""What every kind of source must take for one: a piece at another address, and a piece in two languages."""

from datetime import timedelta

import pytest

from publisher.model.article import Status
from publisher.store.articles import list_work
from tests.gather.gathering import Desk, counts
from tests.gather.kinds import every_kind, every_translating_kind, only_a_feed, only_a_folder, only_a_sitemap
from tests.gather.newsrooms import FeedStandIn, FolderStandIn, Newsroom, Piece, changed, pieces
from tests.gather.sitemap_newsroom import SitemapStandIn

# Another address


@every_kind
def test_a_piece_at_another_address_is_the_same_article(desk: Desk, site: Newsroom) -> None:
    number = number_of_first(desk, site)
    site.move(1, "the-new-way")

    reports = [desk.gather() for _ in range(3)]

    assert_moved(desk, site, number)
    assert [counts(one) for one in reports] == [{"changed": 1, "unchanged": 2}, *[{"unchanged": 3}] * 2]


@only_a_sitemap
def test_an_old_address_that_leads_nowhere_makes_no_difference(desk: Desk, site: SitemapStandIn) -> None:
    number = number_of_first(desk, site)
    site.redirects = False
    site.move(1, "the-new-way")

    for _ in range(3):
        desk.gather()

    assert_moved(desk, site, number)


@only_a_feed
def test_an_id_that_moves_with_its_address_makes_no_difference(desk: Desk, site: FeedStandIn) -> None:
    site.permalinks = True
    number = number_of_first(desk, site)
    site.move(1, "the-new-way")

    for _ in range(3):
        desk.gather()

    assert_moved(desk, site, number)


@only_a_folder
def test_a_file_that_is_only_renamed_makes_no_difference(desk: Desk, site: FolderStandIn) -> None:
    number = number_of_first(desk, site)
    site.file_of(1).rename(site.folder / "the-new-way.md")

    reports = [desk.gather() for _ in range(3)]

    assert (desk.article("the-new-way").number, desk.article("the-new-way").status) == (number, Status.PUBLIC)
    assert {(one.new, one.withdrawn) for one in reports} == {(0, 0)}


def number_of_first(desk: Desk, site: Newsroom) -> int:
    """The number that the first of three pieces got."""
    for piece in pieces(3):
        site.publish(piece)
    desk.gather()
    return desk.article(site.key_of(1)).number


def assert_moved(desk: Desk, site: Newsroom, number: int) -> None:
    """The first of three pieces is at its new address under its old number, and nothing else happened."""
    moved = desk.article(site.key_of(1))
    assert (moved.number, moved.url, moved.status) == (number, site.address_of(1), Status.PUBLIC)
    assert [one.status for one in desk.articles().values()] == [Status.PUBLIC] * 3


# Two languages

ORIGINAL = Piece(key=1)
TRANSLATION = Piece(key=2, title="La ruta del oro", published=ORIGINAL.published + timedelta(hours=1))


@every_translating_kind
def test_a_piece_and_its_translation_are_one_work(desk: Desk, site: Newsroom) -> None:
    site.publish(ORIGINAL)
    site.publish(TRANSLATION)
    site.pair(1, 2)

    desk.gather()

    assert_one_work(desk, site)


@every_translating_kind
@pytest.mark.parametrize(("first", "second"), [(ORIGINAL, TRANSLATION), (TRANSLATION, ORIGINAL)])
def test_they_are_one_work_whichever_comes_first(desk: Desk, site: Newsroom, first: Piece, second: Piece) -> None:
    site.publish(first)
    desk.gather()
    site.publish(second)
    site.pair(1, 2)

    report = desk.gather()

    assert (report.new, report.withdrawn) == (1, 0)
    assert_one_work(desk, site)


@every_translating_kind
def test_a_translation_waits_for_an_original_that_is_mended_later(desk: Desk, site: Newsroom) -> None:
    site.publish(changed(ORIGINAL, title=""))
    site.publish(TRANSLATION)
    site.pair(1, 2)
    refused = desk.gather()
    site.publish(changed(site.pieces[1], title=ORIGINAL.title))

    report = desk.gather()

    assert (counts(refused), counts(report)) == ({"new": 1}, {"new": 1, "unchanged": 1})
    assert_one_work(desk, site)


@only_a_feed
def test_a_feed_that_names_other_languages_has_an_article_for_each(desk: Desk, site: FeedStandIn) -> None:
    site.publish(ORIGINAL)
    site.publish(TRANSLATION)
    site.pair(1, 2)

    desk.gather()

    assert [desk.article(site.key_of(key)).url for key in (1, 2)] == [site.address_of(1), site.address_of(2)]


def assert_one_work(desk: Desk, site: Newsroom) -> None:
    """The second piece is stored as the translation of the first."""
    original, translation = (desk.article(site.key_of(key)) for key in (1, 2))
    assert (original.translation_of, translation.translation_of) == (None, original.number)
    with desk.store.read() as tx:
        assert {one.number for one in list_work(tx, original.number)} == {original.number, translation.number}
