"""`publisher gather`, `articles`, `article`, `build`, `kit`."""

import json
from pathlib import Path

import pytest

from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import AIRSTRIP, GOLD, ORO, PODCAST, VERDICT, Newsroom, write_article


def numbers(newsroom: Newsroom, *words: str) -> list[int]:
    """The articles that a listing gives."""
    document = newsroom.done("articles", *words, "--json").document
    check_shape("articles", document)
    return [one["number"] for one in document["articles"]]


def test_gathering_again_finds_nothing_new(newsroom: Newsroom) -> None:
    document = newsroom.done("gather", "--json").document

    check_shape("gather", document)
    source = document["sources"][0]
    assert (source["new"], source["changed"], source["unchanged"]) == (0, 0, 5)


def test_gathering_tells_what_was_withdrawn_and_refused(newsroom: Newsroom) -> None:
    (newsroom.folder / "articles" / "gold-route.md").unlink()
    write_article(newsroom.folder / "articles" / "broken.md", title="")

    document = newsroom.done("gather", "--json").document
    told = newsroom.done("gather")

    check_shape("gather", document)
    assert document["sources"][0]["withdrawn"] == 1
    assert len(document["sources"][0]["refused"]) == 1
    assert "Refused from articles" in told.out


def test_a_source_that_fails_ends_with_1_and_its_words(newsroom: Newsroom) -> None:
    (newsroom.folder / "articles").rename(newsroom.folder / "elsewhere")

    result = newsroom.run("gather", "articles", "--json")

    check_shape("gather", result.document)
    assert result.status == 1
    assert result.document["sources"][0]["status"] == "failed"
    assert "no such folder" in result.err
    assert result.err.index("no such folder") < result.err.index("Mend what is said above")


def test_gathering_without_sources_says_where_they_go(newsroom: Newsroom) -> None:
    text = newsroom.config.read_text()
    start, end = text.index("[[sources]]"), text.index("[licence]")
    newsroom.config.write_text(text[:start] + text[end:])

    assert "[[sources]]" in newsroom.done("gather").out


def test_articles_are_listed_by_kind_language_and_day(newsroom: Newsroom) -> None:
    assert numbers(newsroom) == [AIRSTRIP, GOLD, PODCAST, ORO, VERDICT]
    assert numbers(newsroom, "--kind", "update") == [PODCAST]
    assert numbers(newsroom, "--language", "es") == [ORO]
    assert numbers(newsroom, "--since", "2026-03-05") == [PODCAST, ORO]
    assert numbers(newsroom, "--since", "2026-03-05T10:00:00-05:00") == [PODCAST, ORO]
    assert numbers(newsroom, "--language", "fr") == []


@pytest.mark.parametrize("time", ["yesterday", "2026-03-05T10:00:00", "2026-13-01"])
def test_a_time_without_a_zone_is_wrong_usage(newsroom: Newsroom, time: str) -> None:
    result = newsroom.run("articles", "--since", time)

    assert result.status == 2
    assert "2026-03-06T12:00:00Z" in result.err


def test_the_list_for_people_says_what_may_be_republished(newsroom: Newsroom) -> None:
    lines = [line.rstrip() for line in newsroom.done("articles").out.split("\n")]

    assert [line.split()[4] for line in lines if line.endswith(("The gold route", "A verdict"))] == ["yes", "no"]
    assert "5 articles" in lines[-2]


def test_an_empty_list_says_what_to_do(newsroom: Newsroom) -> None:
    assert "publisher gather" in newsroom.done("articles", "--language", "fr").out


@pytest.mark.parametrize("reference", [str(ORO), "https://news.example.org/investigations/ruta-del-oro", "uri"])
def test_an_article_is_found_by_number_address_and_uri(newsroom: Newsroom, reference: str) -> None:
    if reference == "uri":
        reference = newsroom.done("article", str(ORO), "--json").document["uri"]

    document = newsroom.done("article", reference, "--json").document

    check_shape("article", document)
    assert (document["number"], document["translation_of"]) == (ORO, GOLD)
    assert document["revisions"][0]["kind"] == "first"


def test_an_article_is_shown_with_the_reasons_against_republishing(newsroom: Newsroom) -> None:
    shown = newsroom.done("article", str(VERDICT))

    assert "no: all rights reserved" in shown.out
    assert "America/Bogota (2026-03-03T15:00:00Z)" in shown.out


def test_what_stands_in_a_title_does_not_reach_the_terminal(newsroom: Newsroom) -> None:
    write_article(newsroom.folder / "articles" / "odd.md", title="[bold]red[/bold] {x}", published="2026-03-01")
    newsroom.done("gather")

    assert "[bold]red[/bold] {x}" in newsroom.done("articles").out


def test_building_twice_writes_once(newsroom: Newsroom) -> None:
    first, second = newsroom.done("build", "--json").document, newsroom.done("build", "--json").document

    check_shape("build", first)
    assert first["written"] > 0
    assert second["written"] == 0
    assert second["unchanged"] == first["written"] + first["unchanged"]
    assert "0 written" in newsroom.done("build", "--full").out


def test_a_public_folder_that_cannot_be_written_is_told_in_words(newsroom: Newsroom) -> None:
    (newsroom.folder / "public").write_text("in the way")

    result = newsroom.run("build")

    assert result.status == 1
    assert "could not be written" in result.err


def test_a_kit_is_the_one_that_building_writes(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.done("build")
    document = newsroom.done("kit", str(GOLD), "--out", str(tmp_path / "kit"), "--json").document

    public = newsroom.folder / "public" / "republish" / str(GOLD)
    there = {file.name: file.read_bytes() for file in public.iterdir() if file.suffix != ".gz"}
    assert {file.name: file.read_bytes() for file in (tmp_path / "kit").iterdir()} == there
    assert set(document["files"]) == set(there)


def test_a_kit_may_be_that_of_the_translation(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.done("kit", str(GOLD), "--out", str(tmp_path), "--language", "es")

    assert json.loads((tmp_path / "article.json").read_text())["number"] == ORO
    assert newsroom.run("kit", str(GOLD), "--out", str(tmp_path), "--language", "fr").status == 1


def test_an_article_that_is_not_ours_to_give_has_no_kit(newsroom: Newsroom, tmp_path: Path) -> None:
    result = newsroom.run("kit", str(VERDICT), "--out", str(tmp_path / "kit"))

    assert result.status == 1
    assert "all rights reserved" in result.err
    assert not (tmp_path / "kit").exists()


def test_a_folder_that_cannot_be_made_is_named(newsroom: Newsroom) -> None:
    result = newsroom.run("kit", str(GOLD), "--out", str(newsroom.config / "kit"))

    assert result.status == 1
    assert str(newsroom.config) in result.err
