"""The options' syntax, on terms alone."""

import pytest

from publisher.gather.wordpress.fields import Post, Term
from publisher.gather.wordpress.terms import Tree, as_term, file_post, missing_terms
from publisher.model.article import Kind, SourceTerm
from publisher.settings import SourceOptions

TERMS = [
    Term(id=2, name="News", slug="news", taxonomy="category", parent=0),
    Term(id=3, name="Analysis", slug="analysis", taxonomy="category", parent=2),
    Term(id=4, name="Brief", slug="brief", taxonomy="category", parent=2),
    Term(id=5, name="Places", slug="places", taxonomy="category", parent=0),
    Term(id=6, name="Peru", slug="peru", taxonomy="category", parent=5),
    Term(id=7, name="Gold", slug="gold", taxonomy="post_tag", parent=None),
    Term(id=8, name="#es", slug="es", taxonomy="post_tag", parent=None),
    Term(id=9, name="Mining desk", slug="mining", taxonomy="desk", parent=None),
]
TREE = Tree(terms={term.id: term for term in TERMS if term.taxonomy == "category"})


def a_post(*ids: int, link: str = "https://news.example.org/1/") -> Post:
    """A post with these terms."""
    terms = [term.model_dump() for term in TERMS if term.id in ids]
    return Post.model_validate({"id": 1, "link": link, "type": "post", "_embedded": {"wp:term": [terms]}})


@pytest.mark.parametrize(
    ("ids", "link", "section"),
    [
        ((2, 3), "https://news.example.org/1/", "Analysis"),
        ((3, 4), "https://news.example.org/news/brief/1/", "Brief"),
        ((3, 4), "https://news.example.org/1/", "Analysis"),
        ((6,), "https://news.example.org/1/", None),
        ((), "https://news.example.org/1/", None),
    ],
)
def test_the_section_is_the_deepest_category_then_the_addresss_then_the_oldest(
    ids: tuple[int, ...], link: str, section: str | None
) -> None:
    filed = file_post(a_post(*ids, link=link), "posts", SourceOptions(countries="category:places"), TREE)

    assert (filed.section.name if filed.section else None) == section


def test_another_taxonomy_may_be_the_section() -> None:
    filed = file_post(a_post(3, 9), "posts", SourceOptions(section="taxonomy:desk"), TREE)

    assert filed.section is not None
    assert filed.section.name == "Mining desk"


def with_fields(post: Post, **fields: object) -> Post:
    """The post with these custom fields."""
    return post.model_copy(update={"meta": fields})


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Peru", ["Peru"]),
        ("Peru, Brazil;  Chile", ["Peru", "Brazil", "Chile"]),
        (["Peru, the north", "Brazil"], ["Peru, the north", "Brazil"]),
        ([6, 7], ["Peru", "Gold"]),
        ([{"term_id": 6, "name": "Peru"}, {"value": "br", "label": "Brazil"}], ["Peru", "Brazil"]),
        ("", []),
    ],
)
def test_fields_may_name_countries_and_topics(value: object, names: list[str]) -> None:
    options = SourceOptions(countries="meta:places", topics="meta:places")

    filed = file_post(with_fields(a_post(3, 6, 7), places=value), "posts", options, TREE)

    assert [term.name for term in filed.countries] == names
    assert [term.name for term in filed.topics] == names


def test_a_field_may_name_the_section() -> None:
    filed = file_post(with_fields(a_post(3, 7), desk="Mining"), "posts", SourceOptions(section="meta:desk"), TREE)

    assert filed.section == SourceTerm(name="Mining", key="Mining")
    assert [term.name for term in filed.topics] == ["Gold"]


def test_what_marks_an_update_or_a_ban_is_no_topic_and_no_section() -> None:
    options = SourceOptions(updates=("tag:es",), no_republish="category:brief", topics="tag")

    filed = file_post(a_post(3, 4, 7, 8, link="https://news.example.org/news/brief/1/"), "posts", options, TREE)

    assert filed.section is not None
    assert (filed.section.name, [term.name for term in filed.topics]) == ("Analysis", ["Gold"])


def test_none_is_nothing() -> None:
    filed = file_post(a_post(3, 7), "posts", SourceOptions(section="none", topics="none"), TREE)

    assert (filed.section, filed.topics, filed.countries) == (None, (), ())


@pytest.mark.parametrize(
    ("rule", "language"), [("tag-prefix:#", "es"), ("en-GB", "en-GB"), ("", None), ("taxonomy:nothing", None)]
)
def test_the_language_is_a_tag_with_a_prefix_or_fixed(rule: str, language: str | None) -> None:
    filed = file_post(a_post(7, 8), "posts", SourceOptions(language=rule), TREE)

    assert filed.language == language
    assert "Gold" in [term.name for term in filed.topics]
    assert ("#es" in [term.name for term in filed.topics]) is (rule != "tag-prefix:#")


@pytest.mark.parametrize(("base", "kind"), [("org-updates", Kind.UPDATE), ("posts", Kind.STORY)])
def test_a_type_may_be_the_updates(base: str, kind: Kind) -> None:
    assert file_post(a_post(3), base, SourceOptions(updates=("type:org-updates",)), TREE).kind is kind


def test_a_term_keeps_the_key_of_the_site() -> None:
    filed = file_post(a_post(6), "posts", SourceOptions(countries="category:places"), TREE)

    assert [(term.name, term.key, term.slug) for term in filed.countries] == [("Peru", "6", "peru")]


def test_a_slug_that_wordpress_wrote_percent_encoded_is_read_as_letters() -> None:
    term = Term(id=10, name="安全", slug="%e5%ae%89%e5%85%a8", taxonomy="post_tag", parent=None)

    assert as_term(term, "tag").slug == "安全"


def test_categories_that_are_not_there_are_named() -> None:
    options = SourceOptions(updates=("category:jobs", "tag:x"), countries="category:places", section="category:news")

    assert missing_terms(options, TREE) == ["jobs"]


def test_a_tree_that_goes_round_in_a_circle_ends() -> None:
    circle = Tree(terms={1: Term(id=1, slug="a", parent=2), 2: Term(id=2, slug="b", parent=1)})

    assert circle.depth(circle.terms[1]) == 2
    assert circle.below("a") == {1, 2}
