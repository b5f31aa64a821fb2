"""A source's article as JSON and back, for proposals that wait in the store."""

from typing import Any

from pydantic import TypeAdapter

from publisher.gather.digests import Digests
from publisher.model.article import SourceArticle
from publisher.store.revisions import State

ARTICLE = TypeAdapter(SourceArticle)


def pack(found: SourceArticle, digests: Digests) -> dict[str, Any]:
    """All that is needed to store the article later; the digests stay those of the source's own words."""
    article = ARTICLE.dump_python(found, mode="json")
    return {"article": article, "digest": digests.whole, "words": digests.words, "steady": digests.steady}


def unpack(packed: dict[str, Any]) -> State:
    """The state as it was packed."""
    found = ARTICLE.validate_python(packed["article"])
    return State(found=found, digest=packed["digest"], words=packed["words"], steady=packed["steady"])
