"""What operators rely on stands in docs/sources.md."""

from pathlib import Path

import pytest

from publisher.gather.folder.matter import FrontMatter
from publisher.gather.sources import SOURCES
from publisher.gather.wordpress.options import RULES
from publisher.model.article import RevisionKind

DOCS = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
GATHERED = {RevisionKind.MINOR, RevisionKind.SUBSTANTIVE, RevisionKind.CORRECTION, RevisionKind.RESTORED}


@pytest.mark.parametrize("word", [*sorted(SOURCES), *RULES, "types", "updates", "user", *sorted(GATHERED)])
def test_every_kind_option_and_revision_is_documented(word: str) -> None:
    assert f"`{word}`" in DOCS


@pytest.mark.parametrize("key", list(FrontMatter.model_fields))
def test_every_key_of_the_front_matter_is_documented(key: str) -> None:
    assert f"\n{key}:" in DOCS
