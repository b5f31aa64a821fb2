"""Reading articles: one by whatever names it, pages of all, the newest with their filters, terms and languages."""

from collections.abc import Sequence

import pytest
from sqlalchemy import event

from publisher.model.article import Article, Kind, RevisionKind, Scope, SourceTerm
from publisher.model.errors import NotFoundError
from publisher.store import articles
from publisher.store.engine import Tx
from tests.builders import FRIDAY
from tests.store.store_builders import HOUR, LATER, MAP, RIVER, publish, revise, withdraw

STORIES = [Kind.STORY]


@pytest.fixture
def five(tx: Tx) -> list[int]:
    """The numbers of the stories `a` to `e`, from old to new, the last two published at one moment."""
    return [publish(tx, key, published=FRIDAY + n * HOUR) for key, n in zip("abcde", (1, 2, 3, 4, 4), strict=True)]


def keys(found: Sequence[Article]) -> str:
    """The articles by their keys, in order."""
    return " ".join(one.key for one in found)


def test_all_articles_come_in_pages_by_number_withdrawn_ones_too(tx: Tx, five: list[int]) -> None:
    withdraw(tx, five[2])

    first = articles.iter_articles(tx, limit=3)
    second = articles.iter_articles(tx, after=first[-1].number, limit=3)

    assert (keys(first), keys(second)) == ("a b c", "d e")
    assert keys(articles.list_articles(tx, after=five[1])) == "c d e"


def test_a_list_takes_a_kind_a_language_and_a_first_moment(tx: Tx, five: list[int]) -> None:
    publish(tx, "update", kind=Kind.UPDATE)
    publish(tx, "oro", language="es")

    assert keys(articles.list_articles(tx, kind=Kind.UPDATE)) == "update"
    assert keys(articles.list_articles(tx, language="es")) == "oro"
    assert keys(articles.list_articles(tx, since=FRIDAY + 4 * HOUR)) == "d e"
    assert keys(articles.list_articles(tx, language="en", after=five[3])) == "e update"


@pytest.mark.usefixtures("five")
def test_the_newest_come_first_and_of_one_moment_the_higher_number(tx: Tx) -> None:
    assert keys(articles.list_newest(tx, kinds=STORIES, limit=3)) == "e d c"


@pytest.mark.usefixtures("five")
def test_the_newest_take_kinds_a_language_and_a_term_as_it_stands_now(tx: Tx) -> None:
    gold = SourceTerm(name="Gold", key="gold")
    publish(tx, "update", kind=Kind.UPDATE, topics=(gold,))
    publish(tx, "oro", language="es", topics=(gold,))
    revise(tx, publish(tx, "was-gold", topics=(gold,)), RevisionKind.MINOR, key="was-gold", topics=())
    term = articles.list_terms(tx, Scope.TOPIC)[0].id

    assert keys(articles.list_newest(tx, kinds=STORIES, limit=9, term=term)) == "oro"
    assert keys(articles.list_newest(tx, kinds=STORIES, limit=9, language="es")) == "oro"
    assert keys(articles.list_newest(tx, kinds=list(Kind), limit=9, term=term)) == "oro update"


def test_the_newest_hold_what_was_withdrawn_since_a_moment_where_that_is_asked_for(tx: Tx, five: list[int]) -> None:
    withdraw(tx, five[0], now=FRIDAY)
    withdraw(tx, five[1], now=LATER)

    assert keys(articles.list_newest(tx, kinds=STORIES, limit=9)) == "e d c"
    assert keys(articles.list_newest(tx, kinds=STORIES, limit=9, withdrawn_since=LATER)) == "e d c b"


def test_an_article_is_found_by_number_tag_uri_and_address_with_or_without_the_last_slash(
    tx: Tx, five: list[int]
) -> None:
    stored = articles.get_article(tx, five[1])
    address = "https://news.example.org/investigations/b"

    references = (five[1], f"{five[1]}", f" {five[1]} ", stored.uri, address, f"{address}/", f"{address}//")
    found = [articles.find_article(tx, reference) for reference in references]

    assert found == [stored] * len(references)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    "reference",
    [10**9, f"{10**9}", "9" * 40, "tag:news.example.org,2026-03-06:article/0", "https://news.example.org/", ""],
)
def test_what_is_not_there_is_not_found(tx: Tx, reference: str | int) -> None:
    assert articles.find_article(tx, reference) is None
    with pytest.raises(NotFoundError, match="There is no article"):
        articles.get_article(tx, reference)


def test_of_several_at_one_address_the_public_one_is_meant_else_the_newest(tx: Tx) -> None:
    url = "https://news.example.org/twice/"
    old, new = publish(tx, "old", url=url), publish(tx, "new", url=url)

    both = articles.get_article(tx, url).key
    withdraw(tx, new)
    one = articles.get_article(tx, url).key
    withdraw(tx, old)
    none = articles.get_article(tx, url).key

    assert (both, one, none) == ("new", "old", "new")


def test_an_article_that_moved_is_found_at_its_new_address_only(tx: Tx, five: list[int]) -> None:
    old = articles.get_article(tx, five[0]).url

    revise(tx, five[0], RevisionKind.MINOR, key="a", url="https://news.example.org/moved/")

    assert articles.find_article(tx, old) is None
    assert articles.get_article(tx, "https://news.example.org/moved/").key == "a"


def test_articles_are_read_by_their_numbers_and_missing_ones_left_out(tx: Tx, five: list[int]) -> None:
    assert sorted(articles.read_numbers(tx, [five[4], 10**9, five[0]])) == [five[0], five[4]]
    assert articles.read_numbers(tx, []) == {}


def test_a_picture_is_shown_while_a_public_article_has_it_at_its_current_revision(tx: Tx) -> None:
    pictured, withdrawn = publish(tx, "a", images=(MAP,)), publish(tx, "b", images=(RIVER,))
    before = [articles.is_image_shown(tx, one.url) for one in (MAP, RIVER)]

    revise(tx, pictured, RevisionKind.MINOR, key="a", images=())
    withdraw(tx, withdrawn)

    assert before == [True, True]
    assert [articles.is_image_shown(tx, one.url) for one in (MAP, RIVER)] == [False, False]


def test_the_listed_terms_are_those_that_public_articles_of_the_kinds_have_now_by_slug(tx: Tx) -> None:
    kinds = {"peru": Kind.STORY, "brazil": Kind.STORY, "chile": Kind.UPDATE, "cuba": Kind.STORY}
    added = {
        key: publish(tx, key, kind=kind, countries=(SourceTerm(name=key, key=key),)) for key, kind in kinds.items()
    }
    withdraw(tx, added["cuba"])
    revise(tx, publish(tx, "moved"), RevisionKind.MINOR, key="moved", countries=())

    assert [term.slug for term in articles.list_terms(tx, Scope.COUNTRY)] == ["brazil", "peru"]
    assert [term.slug for term in articles.list_terms(tx, Scope.COUNTRY, kinds=[Kind.UPDATE])] == ["chile"]


def test_the_languages_are_those_of_public_articles(tx: Tx) -> None:
    publish(tx, "gold")
    publish(tx, "oro", language="es")
    withdraw(tx, publish(tx, "ouro", language="pt"))

    assert articles.list_languages(tx) == ["en", "es"]


def test_a_work_is_its_original_and_its_translations_by_number(tx: Tx) -> None:
    original = publish(tx, "gold")
    publish(tx, "oro", language="es", translation_of="gold")
    publish(tx, "ships")

    assert keys(articles.list_work(tx, original)) == "gold oro"


@pytest.mark.usefixtures("five")
def test_a_page_of_articles_takes_no_more_statements_than_one_article(tx: Tx) -> None:
    statements: list[str] = []
    event.listen(tx, "before_cursor_execute", lambda *given: statements.append(given[2]))

    articles.iter_articles(tx)

    assert len(statements) == 4  # articles, terms, pictures, corrections
