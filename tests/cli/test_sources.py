"""`publisher sources`, `held`, `release`."""

from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import Newsroom, write_article

MANY = 60


def write_many(newsroom: Newsroom, text: str) -> None:
    """Sixty articles with this text."""
    for number in range(MANY):
        moment = f"2026-01-{number % 28 + 1:02}T12:{number:02}:00Z"
        write_article(newsroom.folder / "articles" / f"a{number}.md", title=f"{text} {number}", published=moment)


def flood(newsroom: Newsroom) -> None:
    """Sixty articles that all change at once."""
    write_many(newsroom, "The first text of number")
    newsroom.done("gather")
    write_many(newsroom, "Everything is another text now, number")


def test_a_source_that_is_well_says_when_it_was_gathered(newsroom: Newsroom) -> None:
    document = newsroom.done("sources", "--json").document
    told = newsroom.done("sources")

    check_shape("sources", document)
    assert document["sources"][0]["error"] is None
    assert "articles" in told.out


def test_a_source_that_fails_is_told_with_what_and_how_often(newsroom: Newsroom) -> None:
    (newsroom.folder / "articles").rename(newsroom.folder / "elsewhere")
    for _ in range(2):
        newsroom.run("gather")

    told = newsroom.done("sources")

    assert "failing (2)" in told.out
    assert "no such folder" in told.out


def test_a_flood_ends_with_1_and_says_how_to_look_and_what_to_do(newsroom: Newsroom) -> None:
    flood(newsroom)

    result = newsroom.run("gather", "--json")

    source = result.document["sources"][0]
    assert (result.status, source["status"], source["changed"]) == (1, "held", 0)
    assert "60 changes of its 65 articles at once" in source["error"]
    assert "publisher held articles" in result.err


def test_what_is_held_is_listed(newsroom: Newsroom) -> None:
    flood(newsroom)
    newsroom.run("gather")

    document = newsroom.done("held", "--json").document
    told = newsroom.done("held", "articles")

    check_shape("held", document)
    assert len(document["held"]) == MANY
    assert "articles: 60 held" in told.out
    assert "and 40 more" in told.out
    assert "title: “The first text of number 0” → “Everything is another text now, number 0”" in told.out


def test_a_flood_is_released_silently(newsroom: Newsroom) -> None:
    flood(newsroom)
    newsroom.run("gather")

    document = newsroom.done("release", "articles", "--as", "silently", "--json").document

    assert document == {"source": "articles", "as": "silently", "released": {"change": MANY}}
    assert newsroom.done("gather", "--json").document["sources"][0]["unchanged"] == 65
    assert "articles: nothing is held" in newsroom.done("held").out


def test_what_a_person_said_no_to_waits_for_nothing_any_more(newsroom: Newsroom) -> None:
    flood(newsroom)
    newsroom.run("gather")
    newsroom.done("release", "articles", "--as", "ignore")

    source = newsroom.done("gather", "--json").document["sources"][0]

    assert (source["status"], source["changed"], source["waiting"]) == ("ok", 0, 0)


def test_a_word_or_a_source_that_is_not_known_changes_nothing(newsroom: Newsroom) -> None:
    assert "announce, silently, ignore, same, new" in newsroom.run("release", "articles", "--as", "loudly").err
    assert "There is no source nobody" in newsroom.run("held", "nobody").err
    assert "There is no source nobody" in newsroom.run("release", "nobody", "--as", "silently").err
    assert "a1 is not held" in newsroom.run("release", "articles", "a1", "--as", "silently").err
