"""Damaged sitemaps and pages: nothing that was stored is lost, what is right is taken, and the operator reads why."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Request, Response

from publisher.gather.fetching import fetch
from publisher.gather.run import GatherStatus, SourceReport
from publisher.model.article import Article, Status
from publisher.store import schema
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.gather.damage_table import Damage, Where, printed
from tests.gather.gathering import Desk, counts
from tests.gather.newsrooms import Piece, changed
from tests.gather.page_damages import ELSEWHERE, EVERYTHING, GOLD_PATH, SILVER_PATH, SILVER_TEXT
from tests.gather.sitemap_newsroom import SitemapStandIn

PAGE = Path(__file__).parents[2] / "docs" / "damage.md"
SECONDS = 1.0
GOLD = "The gold route"
SILVER = Piece(
    key=2, title="Silver", body=SILVER_TEXT, published=FRIDAY + timedelta(days=2), modified=FRIDAY + timedelta(days=2)
)
COPPER = Piece(
    key=3,
    title="Copper",
    body="<p>Copper goes by train to the coast, in wagons that are older than the line itself.</p>",
    published=FRIDAY + timedelta(days=1),
    modified=FRIDAY + timedelta(days=1),
)


class DamagedSite(SitemapStandIn):
    """A site with three pages, where one address answers something else."""

    def __init__(self, server: HTTPServer) -> None:
        super().__init__(server)
        self.options = {}
        server.expect_request(re.compile(".*")).respond_with_handler(self.answered(lambda _: Response("", 404)))

    def damage(self, damage: Damage, path: str) -> None:
        """Answers so at this path."""

        def answer(request: Request) -> Response | None:
            if request.path == path:
                return damage.serve(request)
            return ELSEWHERE[request.path](request) if request.path in ELSEWHERE else None

        self.breakage = answer


@pytest.fixture
def site(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> DamagedSite:
    """The site; a fetch may take a second instead of thirty."""
    monkeypatch.setattr(fetch, "Limits", partial(fetch.Limits, total_seconds=SECONDS))
    return DamagedSite(httpserver)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: DamagedSite) -> Desk:
    """The desk that gathers from it, and has one story; two others were published since."""
    desk = Desk(sqlite_store, tmp_path, site)
    site.publish(Piece(key=1, title=GOLD))
    assert counts(desk.gather()) == {"new": 1}
    site.publish(SILVER)
    site.publish(COPPER)
    return desk


def rows(*wanted: Where) -> pytest.MarkDecorator:
    """The rows whose message stands at one of these places."""
    found = [one for one in EVERYTHING if one.where in wanted]
    return pytest.mark.parametrize("damage", found, ids=lambda damage: damage.name)


def page_rows(*wanted: Where, besides: str) -> pytest.MarkDecorator:
    """Those of these rows that are of a page, less those whose names begin like this."""
    found = [one for one in EVERYTHING if one.where in wanted and one.path == SILVER_PATH]
    kept = [one for one in found if not re.match(besides, one.name)]
    return pytest.mark.parametrize("damage", kept, ids=lambda damage: damage.name)


every_damage = rows(*(where for where in Where if where is not Where.GONE))


@every_damage
def test_a_damaged_page_costs_nothing_and_says_why(desk: Desk, site: DamagedSite, damage: Damage) -> None:
    site.damage(damage, damage.path)

    report = desk.gather()

    assert {one.title for one in desk.articles().values()} == {GOLD, *damage.adds}
    assert said(site, damage) in where_it_says(desk, report, damage)
    assert (report.status is GatherStatus.FAILED) == (damage.where is Where.FAILED)


@every_damage
def test_looking_at_the_same_damage_again_changes_nothing(desk: Desk, site: DamagedSite, damage: Damage) -> None:
    site.damage(damage, damage.path)
    desk.gather()
    stored = desk.articles()
    desk.clock.moment = desk.clock.moment.replace(month=12)  # whatever the server asked for is over

    report = desk.gather(full=True)

    assert counts(report) == counts(replace(report, new=0, withdrawn=0, changed=0))
    assert desk.articles() == stored


@page_rows(Where.FAILED, Where.REFUSED, Where.PASSED, besides="404")
def test_damage_never_becomes_the_state_of_a_stored_article(desk: Desk, site: DamagedSite, damage: Damage) -> None:
    before = desk.article(site.key_of(1))
    site.publish(changed(site.pieces[1], title=GOLD))  # so that its page is asked
    site.damage(damage, GOLD_PATH)

    for _ in range(4):
        desk.gather()

    assert in_words(desk.article(site.key_of(1))) == in_words(before)


def in_words(article: Article) -> Article:
    """An article, whatever is noted of it."""
    return replace(article, notes=())


@rows(Where.GONE)
def test_a_stored_article_is_withdrawn_when_its_page_says_twice_that_it_is_gone(
    desk: Desk, site: DamagedSite, damage: Damage
) -> None:
    site.publish(changed(site.pieces[1], title=GOLD))
    site.damage(damage, damage.path)

    statuses = [(desk.gather().withdrawn, desk.article(site.key_of(1)).status) for _ in range(2)]

    assert statuses == [(0, Status.PUBLIC), (1, Status.WITHDRAWN)]
    with desk.store.read() as tx:
        whys = set(tx.execute(select(schema.article.c.withdrawn_why)).scalars())
    assert whys == {None, damage.says}


@page_rows(Where.PASSED, besides="404|a PDF|a picture")
def test_a_stored_article_whose_page_is_no_article_any_more_is_named(
    desk: Desk, site: DamagedSite, damage: Damage
) -> None:
    site.publish(changed(site.pieces[1], title=GOLD))
    site.damage(damage, GOLD_PATH)

    report = desk.gather()

    reason = "does not say any more that it is an article; what is stored of it stays"
    assert [(one.key, one.reason) for one in report.refused] == [(site.key_of(1), reason)]


def said(site: DamagedSite, damage: Damage) -> str:
    """The message of a row, at this site."""
    return (
        damage.says.replace("{url}", site.source().url).replace("{site}", site.home).replace("{total}", f"{SECONDS:g}")
    )


def where_it_says(desk: Desk, report: SourceReport, damage: Damage) -> set[str]:
    """All that stands where the message is to be read."""
    match damage.where:
        case Where.FAILED:
            return {str(report.error)}
        case Where.REFUSED:
            return {one.reason for one in report.refused}
        case Where.SOURCE:
            return {str(report.note)}
        case Where.ARTICLE:
            return {note for one in desk.articles().values() if one.title == damage.adds[0] for note in one.notes}
        case Where.LICENCE:
            return {one.licence_why for one in desk.articles().values()}
        case Where.NOWHERE | Where.PASSED | Where.GONE:
            return {report.note or "", *(one.reason for one in report.refused), report.error or ""}


# The page that people read


@pytest.mark.parametrize("damage", EVERYTHING, ids=lambda damage: damage.name)
def test_every_damage_stands_on_the_page(damage: Damage) -> None:
    assert printed(damage) in PAGE.read_text()
