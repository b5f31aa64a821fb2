"""The documented samples for other servers say what our server says, and the page shows them as they are."""

from pathlib import Path

import pytest

from publisher.web.file_headers import KEEP_A_DAY, KEEP_SHORTLY, TYPES, VARY, type_of
from publisher.web.headers import A_YEAR, HOUSE_HEADERS, MESSAGE_POLICY

DOCS = Path(__file__).parents[2] / "docs"
SAMPLES = ["nginx.conf", "Caddyfile"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_knows_every_type_and_header_of_ours(name: str) -> None:
    sample = (DOCS / "samples" / name).read_text(encoding="utf-8")

    types = {type_of(f"a{suffix}") for suffix in TYPES} | {type_of("feeds/a.json"), type_of("feeds/opml.xml")}
    said = [*types, *HOUSE_HEADERS.values(), MESSAGE_POLICY, A_YEAR, KEEP_A_DAY, KEEP_SHORTLY, VARY]
    assert [one for one in said if one not in sample] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_shows_the_sample_as_it_is(name: str) -> None:
    sample = (DOCS / "samples" / name).read_text(encoding="utf-8")

    assert f"\n{sample}```\n" in (DOCS / "serving.md").read_text(encoding="utf-8")
