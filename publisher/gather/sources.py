"""The kinds of source that can be gathered, in one table."""

from collections.abc import Callable, Mapping

from publisher.gather.feed import source as feed
from publisher.gather.fetching.fetch import Fetcher
from publisher.gather.folder import source as folder
from publisher.gather.ghost import source as ghost
from publisher.gather.sitemap import source as sitemap
from publisher.gather.source import Source
from publisher.gather.wordpress import source as wordpress
from publisher.settings import Settings, SourceKind, SourceSettings

SourceFactory = Callable[[SourceSettings, Settings, Fetcher], Source]

SOURCES: Mapping[SourceKind, SourceFactory] = {
    SourceKind.WORDPRESS: wordpress.make,
    SourceKind.GHOST: ghost.make,
    SourceKind.FEED: feed.make,
    SourceKind.SITEMAP: sitemap.make,
    SourceKind.FOLDER: folder.make,
}


def make_source(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """The source as configured; raises `ConfigurationError` for options that mean nothing to its kind."""
    return SOURCES[source.kind](source, settings, fetcher)
