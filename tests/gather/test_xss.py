"""Hostile bodies: nothing that a browser could run is in what is stored."""

import re

import lxml.html
import pytest

from publisher.gather.cleaning.clean import clean_html
from publisher.model.markup import ATTRIBUTES, TAGS
from tests.gather.xss_vectors import VECTORS, Vector

PAGE = "https://news.example.org/gold/route"
SAFE_ADDRESS = re.compile(r"(?:https?://[^/]|mailto:)", re.IGNORECASE)


def test_the_corpus_is_large_and_has_all_families() -> None:
    families = {vector.family for vector in VECTORS}

    assert len({vector.html for vector in VECTORS}) == len(VECTORS) > 250
    assert {"mutation", "broken markup", "addresses to follow", "events"} <= families


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.family)
def test_a_hostile_body_is_left_with_nothing_that_runs(vector: Vector) -> None:
    html = clean_html(vector.calling("top.ran(1)"), PAGE).html

    for element in lxml.html.fragment_fromstring(html, create_parent="div").iterdescendants():
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(element.tag, set())
        addresses = [element.get(name) for name in ("href", "src") if name in element.attrib]
        assert element.tag in TAGS
        assert set(element.attrib) <= allowed
        assert all(SAFE_ADDRESS.match(address) for address in addresses)
    assert clean_html(html, PAGE).html == html
