"""Kits of "The gold route", for the tests of kits and their pages."""

from typing import Any

from publisher.syndicate.house import House
from publisher.syndicate.kit import Kit, build_kit
from tests.licensing.article_builders import NOW, an_article
from tests.syndicate.house_builders import a_house


def a_kit(house: House | None = None, **changes: Any) -> Kit:  # noqa: ANN401 - fields of the article
    """The kit of "The gold route"."""
    return build_kit(an_article(**changes), house or a_house(), now=NOW)
