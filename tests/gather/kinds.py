"""Every kind of source by its stand-in, and what a test of all of them says that it is for."""

from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from publisher.gather.sources import SOURCES
from publisher.settings import SourceKind
from tests.gather.ghost_newsroom import GhostStandIn
from tests.gather.newsrooms import FeedStandIn, FolderStandIn, Newsroom, ServedNewsroom, WordPressStandIn
from tests.gather.sitemap_newsroom import SitemapStandIn

KINDS = sorted(SOURCES)
OVER_HTTP = [kind for kind in KINDS if kind is not SourceKind.FOLDER]
WITHDRAWING = [SourceKind.FOLDER, SourceKind.GHOST, SourceKind.WORDPRESS]
TRANSLATING = [kind for kind in KINDS if kind is not SourceKind.FEED]  #: a feed does not say what translates what

every_kind = pytest.mark.parametrize("site", KINDS, indirect=True)
every_kind_over_http = pytest.mark.parametrize("site", OVER_HTTP, indirect=True)
every_withdrawing_kind = pytest.mark.parametrize("site", WITHDRAWING, indirect=True)
every_translating_kind = pytest.mark.parametrize("site", TRANSLATING, indirect=True)
only_a_feed = pytest.mark.parametrize("site", [SourceKind.FEED], indirect=True)
only_a_folder = pytest.mark.parametrize("site", [SourceKind.FOLDER], indirect=True)
only_a_sitemap = pytest.mark.parametrize("site", [SourceKind.SITEMAP], indirect=True)


def stand_in(kind: SourceKind, request: pytest.FixtureRequest, folder: Path) -> Newsroom:
    """The stand-in of a kind; a server is started for those that need one."""
    if kind is SourceKind.FOLDER:
        return FolderStandIn(folder)
    return served(kind, request.getfixturevalue("httpserver"), folder)


def served(kind: SourceKind, server: HTTPServer, folder: Path) -> ServedNewsroom:
    """The stand-in of a kind that is asked over the network."""
    match kind:
        case SourceKind.GHOST:
            return GhostStandIn(server, folder)
        case SourceKind.SITEMAP:
            return SitemapStandIn(server)
        case SourceKind.WORDPRESS:
            return WordPressStandIn(server)
        case SourceKind.FEED:
            return FeedStandIn(server)
        case _:
            raise AssertionError(kind)
