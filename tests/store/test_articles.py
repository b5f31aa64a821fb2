"""Articles in the store: numbers, tag URIs, revisions, works."""

from datetime import timedelta

from publisher.model.article import Kind, RevisionKind, Scope, SourceTerm, Status
from publisher.store import articles
from publisher.store.engine import Store
from tests.builders import FRIDAY, a_state

HOST = "news.example.org"


def test_an_article_is_read_back_as_it_was_stored(store: Store) -> None:
    state = a_state()

    with store.begin() as tx:
        number = articles.add_article(tx, "site", state, host=HOST, now=FRIDAY)
    with store.read() as tx:
        stored = articles.get_article(tx, number)

    assert (stored.title, stored.content_html, stored.published) == (
        state.found.title,
        state.found.content_html,
        state.found.published,
    )
    assert [author.name for author in stored.authors] == ["Jane Doe"]
    assert stored.uri == f"tag:news.example.org,2026-03-06:article/{number}"


def test_an_article_is_found_by_number_address_and_tag_uri(store: Store) -> None:
    with store.begin() as tx:
        number = articles.add_article(tx, "site", a_state(), host=HOST, now=FRIDAY)
        uri = articles.get_article(tx, number).uri

        found = [
            articles.find_article(tx, reference)
            for reference in (number, str(number), uri, "https://news.example.org/investigations/gold-route")
        ]

    assert [one.number if one else None for one in found] == [number] * 4


def test_a_minor_revision_leaves_updated_alone_and_a_correction_moves_it(store: Store) -> None:
    later = FRIDAY + timedelta(hours=1)
    with store.begin() as tx:
        number = articles.add_article(tx, "site", a_state(), host=HOST, now=FRIDAY)
        first = articles.get_article(tx, number).updated

        articles.add_revision(tx, "site", number, a_state(), kind=RevisionKind.MINOR, now=later)
        after_minor = articles.get_article(tx, number).updated
        articles.add_revision(tx, "site", number, a_state(), kind=RevisionKind.CORRECTION, now=later)
        after_correction = articles.get_article(tx, number).updated

    assert (after_minor, after_correction) == (first, later)


def test_a_withdrawn_article_keeps_its_words_and_leaves_the_listing(store: Store) -> None:
    with store.begin() as tx:
        number = articles.add_article(tx, "site", a_state(), host=HOST, now=FRIDAY)

        articles.withdraw_article(tx, number, why="404 rest_post_invalid_id", now=FRIDAY)
        stored = articles.get_article(tx, number)

        assert (stored.status, stored.title, len(stored.authors)) == (Status.WITHDRAWN, "The gold route", 1)
        assert articles.list_newest(tx, kinds=[Kind.STORY], limit=10) == []
        assert [
            one.number for one in articles.list_newest(tx, kinds=[Kind.STORY], limit=10, withdrawn_since=FRIDAY)
        ] == [number]


def test_a_translation_joins_its_original_whichever_comes_first(store: Store) -> None:
    with store.begin() as tx:
        early = articles.add_article(
            tx, "site", a_state("la-ruta", translation_of="gold-route", language="es"), host=HOST, now=FRIDAY
        )
        original = articles.add_article(tx, "site", a_state(), host=HOST, now=FRIDAY)
        late = articles.add_article(
            tx, "site", a_state("a-rota", translation_of="gold-route", language="pt"), host=HOST, now=FRIDAY
        )

        works = [articles.get_article(tx, number).work_id for number in (early, original, late)]

    assert works == [original] * 3


def test_two_terms_with_one_slug_get_addresses_of_their_own_for_ever(store: Store) -> None:
    one, two = SourceTerm(name="José Díaz", key="7"), SourceTerm(name="Jose Diaz", key="8")
    nothing_left = SourceTerm(name="安全", key="9")
    with store.begin() as tx:
        articles.add_article(tx, "site", a_state(authors=(one, two, nothing_left)), host=HOST, now=FRIDAY)

        slugs = [term.slug for term in articles.list_terms(tx, Scope.AUTHOR)]

    assert slugs[:2] == ["jose-diaz", "jose-diaz-2"]
    assert slugs[2].startswith("t")


def test_a_byline_without_an_address_takes_none_away(store: Store) -> None:
    with_address = SourceTerm(name="Jane Doe", key="jane doe", url="https://news.example.org/by/jane-doe/")
    without = SourceTerm(name="Jane Doe", key="jane doe")
    with store.begin() as tx:
        articles.add_article(tx, "site", a_state("a", authors=(with_address,)), host=HOST, now=FRIDAY)
        articles.add_article(tx, "site", a_state("b", authors=(without,)), host=HOST, now=FRIDAY)

        stored = [term.url for term in articles.list_terms(tx, Scope.AUTHOR)]

    assert stored == ["https://news.example.org/by/jane-doe/"]


def test_numbers_are_never_reused(store: Store) -> None:
    with store.begin() as tx:
        first = articles.add_article(tx, "site", a_state("a"), host=HOST, now=FRIDAY)
        second = articles.add_article(tx, "site", a_state("b"), host=HOST, now=FRIDAY)

    assert second > first
