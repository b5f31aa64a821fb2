"""The kinds of source that can be gathered, in one table."""

from collections.abc import Callable, Mapping

from publisher.gather import feed, folder, wordpress
from publisher.gather.fetch import Fetcher
from publisher.gather.source import Source
from publisher.model.errors import ConfigurationError
from publisher.settings import Settings, SourceKind, SourceSettings

SourceFactory = Callable[[SourceSettings, Settings, Fetcher], Source]

SOURCES: Mapping[SourceKind, SourceFactory] = {
    SourceKind.WORDPRESS: wordpress.make,
    SourceKind.FEED: feed.make,
    SourceKind.FOLDER: folder.make,
}


def make_source(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """The source as configured; raises `ConfigurationError` for a kind that is not built yet."""
    factory = SOURCES.get(source.kind)
    if factory is None:
        built = ", ".join(sorted(SOURCES))
        what = f"{settings.file}: sources.{source.id}.kind: {source.kind} is not built yet. Use one of {built}"
        raise ConfigurationError([f"{what}; most sites have a feed."])
    return factory(source, settings, fetcher)
