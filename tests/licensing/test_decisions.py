"""May it be republished? Every reason against it, in words."""

from datetime import timedelta

import pytest

from publisher.licensing.decisions import republishable
from publisher.model.article import Article, Scope
from tests.licensing.article_builders import NOW, PUBLISHED, a_term, a_withdrawn_article, an_article


def test_a_licensed_public_article_may_be_republished() -> None:
    assert republishable(an_article(), now=NOW) == ()


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        (an_article(licence=None, licence_why=""), "no open licence"),
        (an_article(licence=None, licence_why="the source names none"), "no open licence: the source names none"),
        (an_article(licence=None, licence_why="all-rights-reserved"), "all rights reserved"),
        (an_article(licence="https://licence.example.org/"), "unknown licence: https://licence.example.org/"),
        (an_article(no_republish=True), "marked not to be republished"),
        (an_article(embargo_until=NOW + timedelta(hours=1)), "under embargo until 2026-03-06T13:00:00Z"),
        (a_withdrawn_article(), "withdrawn"),
        (an_article(rights_holder="Agence France-Presse"), "owned by another: Agence France-Presse"),
        (an_article(authors=(a_term(Scope.AUTHOR, "EFE"),)), "owned by another: EFE"),
    ],
)
def test_each_reason_is_named(article: Article, reason: str) -> None:
    assert republishable(article, now=NOW) == (reason,)


def test_all_reasons_are_named_at_once() -> None:
    article = a_withdrawn_article(licence=None, licence_why="", no_republish=True)

    assert republishable(article, now=NOW) == ("no open licence", "marked not to be republished", "withdrawn")


def test_the_houses_embargo_counts_from_publication_and_ends() -> None:
    article = an_article()
    two_days = timedelta(days=2)

    assert republishable(article, now=PUBLISHED + two_days - timedelta(seconds=1), embargo=two_days)
    assert republishable(article, now=PUBLISHED + two_days, embargo=two_days) == ()


def test_an_agency_that_is_the_newsroom_owns_its_text() -> None:
    article = an_article(rights_holder="EFE")

    assert republishable(article, now=NOW, own={"EFE"}) == ()


def test_a_person_whose_name_holds_an_agencys_is_a_person() -> None:
    article = an_article(authors=(a_term(Scope.AUTHOR, "Ana Keystone Ruiz de la Torre"),))

    assert republishable(article, now=NOW) == ()
