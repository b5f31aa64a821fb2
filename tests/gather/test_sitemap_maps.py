"""Maps in maps: how deep an index is followed, and that what lies deeper is not taken for gone."""

import pytest

from publisher.gather.fetching.fetch import Response
from publisher.gather.sitemap.maps import MAX_DEPTH, read_maps
from publisher.gather.sitemap.memory import MapMemory, Memory

SITE = "https://news.example.org"


def nested(depth: int) -> dict[str, str]:
    """Documents by address: so many indexes in one another, and a map with a page in the innermost."""
    indexes = {
        f"{SITE}/{level}.xml": f"<sitemapindex><sitemap><loc>/{level + 1}.xml</loc></sitemap></sitemapindex>"
        for level in range(depth)
    }
    return {**indexes, f"{SITE}/{depth}.xml": "<urlset><url><loc>/story/</loc></url></urlset>"}


@pytest.mark.parametrize(("depth", "count", "is_cut"), [(1, 1, False), (MAX_DEPTH, 1, False), (MAX_DEPTH + 1, 0, True)])
def test_an_index_is_followed_three_levels_deep(depth: int, count: int, is_cut: bool) -> None:  # noqa: FBT001 - a table
    documents = nested(depth)

    def get(url: str, _: MapMemory) -> Response:
        return Response(url=url, status=200, headers={}, body=documents[url].encode())

    maps = read_maps("site", f"{SITE}/0.xml", Memory(), get)

    assert (len(maps.read), maps.cut) == (count, is_cut)
