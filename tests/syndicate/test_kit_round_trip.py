"""What a partner pastes still shows a complete credit, whatever the CMS does to it."""

from pathlib import Path
from typing import Any

import pytest

from tests.licensing.article_builders import BY_ND, an_image
from tests.syndicate.cms_behaviours import BEHAVIOURS, Behaviour
from tests.syndicate.kit_builders import a_kit
from tests.syndicate.round_trip_page import page, read_credit

PAGE = Path(__file__).parents[2] / "docs" / "kit-round-trip.md"
FIGURE = (
    '<figure><img src="https://news.example.org/img/river.jpg" alt="a"><figcaption>The river.</figcaption></figure>'
)
ARTICLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "with all that bodies hold": {
        "title": 'Gold & "mercury" -- the route...',
        "content_html": f"<p>a</p><h2>b</h2><ul><li>c</li></ul>{FIGURE}<blockquote><p>d</p></blockquote>",
        "images": (an_image(),),
    },
    "in Spanish": {"language": "es", "title": "La ruta del oro", "licence": BY_ND},
    "right to left": {"language": "ar", "title": "طريق الذهب", "content_html": "<p>يغادر الذهب</p>"},
    "in the public domain": {"licence": "https://creativecommons.org/publicdomain/zero/1.0/"},
}
every_behaviour = pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.name)


@every_behaviour
@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize("file", ["article.html", "notice.html"])
def test_a_paste_still_shows_a_complete_credit(behaviour: Behaviour, article: str, file: str) -> None:
    kit = a_kit(**ARTICLES[article])

    credit = read_credit(behaviour.paste(kit.files[file]), kit)

    assert credit.is_complete, credit


@pytest.mark.parametrize("outlet", ["Partner News", "Ben Okri"])
def test_another_outlets_article_keeps_its_outlets_credit(outlet: str) -> None:
    kit = a_kit(source="partner", rights_holder=outlet, url="https://partner.example.com/a/")

    credits_left = [read_credit(one.paste(kit.files["article.html"]), kit, outlet=outlet) for one in BEHAVIOURS]

    assert all(one.is_complete for one in credits_left)


def test_a_fragment_without_its_credit_is_told_from_a_complete_one() -> None:
    kit = a_kit()
    top = kit.files["article.html"].partition("<hr>")[0]

    assert read_credit(top, kit).licence == "-"


@every_behaviour
def test_a_behaviour_does_something(behaviour: Behaviour) -> None:
    pasted = a_kit(**ARTICLES["with all that bodies hold"]).files["article.html"]

    assert behaviour.paste(pasted) != pasted


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text() == page()
