"""A folder of articles: `*.md` and `*.html` with YAML front matter, pictures beside them.

The folder is the whole truth: a file that is no longer there is the newsroom's own word that its article is withdrawn.
A file that cannot be read is not gone, so the cursor keeps which key each file had.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from publisher.gather.cleaning.selectors import refuse_selectors
from publisher.gather.fetching.fetch import Fetcher
from publisher.gather.folder.article import FolderReading, to_article
from publisher.gather.folder.matter import NotAnArticleError, read_front_matter
from publisher.gather.folder.media import media_base
from publisher.gather.rights import rights_of
from publisher.gather.source import Event, Gone, Reached, Refusal, Seen, Source, Visit
from publisher.model.article import Status
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings

SUFFIXES = frozenset({".md", ".html"})
MAX_BYTES = 4_000_000  #: of a file, front matter and markup included
#: So many articles do not vanish at once by somebody's wish: a disk is not mounted, a checkout is under way.
MANY = 10


class Folder:
    """One folder of articles."""

    def __init__(self, source: SourceSettings, settings: Settings) -> None:
        self._source = source
        self._settings = settings
        self.root = folder_of(source, settings)

    def changes(self, visit: Visit) -> Iterator[Event]:
        """Every article in the folder, and those that went."""
        if not self.root.is_dir():
            raise SourceError(self._source.id, f"{self.root}: there is no such folder. Correct `url`, or mount it.")
        before: dict[str, str] = visit.cursor.get("files", {})
        files: dict[str, str] = {}
        drafts: set[str] = set()
        closed: list[OSError] = []
        for path in article_files(self.root, closed.append):
            name = path.relative_to(self.root).as_posix()
            event = self._read(path, name, visit)
            if isinstance(event, Gone):
                # Not yet told: the same key may stand in another file that is no draft.
                drafts.add(event.key)
            elif isinstance(event, Seen) and event.article.key in files.values():
                reason = f"another file has the key {event.article.key} too"
                yield Refusal(key=name, url=event.article.url, title=event.article.title, reason=reason)
            else:
                files[name] = event.article.key if isinstance(event, Seen) else before.get(name, event.key)
                yield event
        if closed:  # what is in there is not gone
            words = f"{closed[0].filename} cannot be listed: {closed[0].strerror}. Let this user read it"
            raise SourceError(self._source.id, f"{words}; until then nothing of the folder is withdrawn.")
        yield from self._gone(visit, set(files.values()), drafts)
        yield Reached(cursor={"files": files}, whole=True)

    def _read(self, path: Path, name: str, visit: Visit) -> Seen | Gone | Refusal:
        """One file as an event."""
        try:
            matter, body = read_front_matter(read_file(path, self.root), self._settings.newsroom.timezone)
        except NotAnArticleError as error:
            return Refusal(key=name, url="", title="", reason=str(error))
        if matter.draft:
            return Gone(key=matter.key or key_of(name), why="is marked as a draft")
        reading = FolderReading(
            key=matter.key or key_of(name),
            name=name,
            root=self.root,
            media=media_base(self._settings, self._source.id),
            rights=rights_of(self._source, self._settings),
            language=self._settings.newsroom.languages[0],
            now=visit.now,
            drop=self._source.options.drop,
        )
        event = to_article(matter, body, is_markdown=path.suffix == ".md", reading=reading)
        return event if isinstance(event, Refusal) else Seen(article=event, declared=True)

    def _gone(self, visit: Visit, present: set[str], drafts: set[str]) -> Iterator[Event]:
        """What is stored and public and has no file any more."""
        gone = [one.key for one in visit.known() if one.status is Status.PUBLIC and one.key not in present]
        if not present and len(gone) > MANY:
            what = f"{self.root} is empty, and {len(gone)} articles came from it"
            raise SourceError(self._source.id, f"{what}. They stay; to withdraw them all, leave one file in it.")
        for key in gone:
            yield Gone(key=key, why="is marked as a draft" if key in drafts else "its file was removed")


def make(source: SourceSettings, settings: Settings, _fetcher: Fetcher) -> Source:
    """A folder, which fetches nothing; raises `ConfigurationError` for selectors that cannot be used."""
    refuse_selectors(source, settings.file)
    return Folder(source, settings)


def folder_of(source: SourceSettings, settings: Settings) -> Path:
    """Where the folder is; a relative path starts at the newsroom's folder."""
    return settings.folder / source.url


def article_files(root: Path, refuse: Callable[[OSError], None]) -> Iterator[Path]:
    """The files that are articles, in a fixed order; what begins with a dot or underscore is none.

    `refuse` is told of a folder that cannot be listed; the others are.
    """
    found: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if is_shown(name)]
        found += [Path(folder, name) for name in names if is_shown(name) and Path(name).suffix in SUFFIXES]
    yield from (path for path in sorted(found) if path.is_file())


def is_shown(name: str) -> bool:
    """Whether a file or folder is to be looked at."""
    return not name.startswith((".", "_"))


def read_file(path: Path, root: Path) -> str:
    """The text of a file; raises `NotAnArticleError` for one that is not to be read."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise NotAnArticleError("is a link to a file outside of the folder")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise NotAnArticleError(f"is larger than {MAX_BYTES:,} bytes ({size:,})")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotAnArticleError(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotAnArticleError("is not in UTF-8") from error


def key_of(name: str) -> str:
    """The key of an article that names none: its path without the ending."""
    return name.rpartition(".")[0]
