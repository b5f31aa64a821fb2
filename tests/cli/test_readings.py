"""`publisher article` tells where an article's kit was read."""

from publisher.store.readings import Seen, add_readings
from tests.cli.newsrooms import GOLD, Newsroom


def read_at(newsroom: Newsroom, referrer: str, count: int) -> None:
    """Readers on a partner's page."""
    store = newsroom.store()
    with store.begin() as tx:
        add_readings(tx, {Seen(article=GOLD, day="2026-03-06", referrer=referrer): count})
    store.close()


def test_an_article_that_was_not_read_elsewhere_says_nothing_of_it(newsroom: Newsroom) -> None:
    assert newsroom.done("article", str(GOLD), "--json").document["readings"] == {"total": 0, "places": []}
    assert "Read elsewhere" not in newsroom.done("article", str(GOLD)).out


def test_an_article_says_how_often_and_where_it_was_read(newsroom: Newsroom) -> None:
    read_at(newsroom, "partner.example.com/gold", 1200)
    read_at(newsroom, "", 4)

    readings = newsroom.done("article", str(GOLD), "--json").document["readings"]
    told = newsroom.done("article", str(GOLD)).out

    assert readings["total"] == 1204
    assert readings["places"][0] == {
        "referrer": "partner.example.com/gold",
        "count": 1200,
        "first": "2026-03-06",
        "last": "2026-03-06",
    }
    assert "Read elsewhere 1,204 times: partner.example.com/gold 1,200, unknown page 4" in told


def test_the_kit_that_is_written_by_hand_has_the_counter_of_the_public_one(newsroom: Newsroom) -> None:
    newsroom.change_config("[licence]\n", '[licence]\ncounter = "page"\n')
    newsroom.done("build")
    newsroom.done("kit", str(GOLD), "--out", str(newsroom.folder / "kit"))

    written = (newsroom.folder / "kit" / "article.html").read_text()
    public = (newsroom.folder / "public" / "republish" / str(GOLD) / "article.html").read_text()
    assert written == public
    assert "http://127.0.0.1:8080/r/" in public


def test_a_level_that_there_is_not_is_told_with_those_there_are(newsroom: Newsroom) -> None:
    newsroom.change_config("[licence]\n", '[licence]\ncounter = "all"\n')

    result = newsroom.run("articles")

    assert result.status == 2
    assert "licence.counter" in result.err
    assert "'off', 'host' or 'page'" in result.err
