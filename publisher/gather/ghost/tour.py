"""One visit to a Ghost: reads posts, turns them into events, and keeps count of what was listed and what was stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from publisher.gather.cleaning.clean import clean_text
from publisher.gather.fetching.fetch import Fetcher, FetchError
from publisher.gather.ghost.api import GhostApi
from publisher.gather.ghost.article import Reading, read_post, to_article, why_closed
from publisher.gather.ghost.fields import Post
from publisher.gather.ghost.options import with_defaults
from publisher.gather.ghost.pairs import read_originals
from publisher.gather.ghost.rights import plain_host
from publisher.gather.pages.licence import fetch_page_licence
from publisher.gather.rights import OWN_KINDS, rights_of
from publisher.gather.source import Event, Gone, Refusal, Seen, Visit
from publisher.model.article import Status
from publisher.settings import Settings, SourceSettings

#: Never `plaintext` or the fields that Ghost cuts from it: they hold what is for members only.
WHOLE = {"include": "tags,authors", "formats": "html"}
AT_ONCE = 50  #: ids in one question: they make its address longer


@dataclass(slots=True, kw_only=True)
class Tour:
    """What one visit has learnt so far."""

    api: GhostApi
    visit: Visit
    source: SourceSettings
    settings: Settings
    fetcher: Fetcher
    bases: tuple[str, ...]
    skipped: set[str]  #: listed, but not stored
    was_skipped: frozenset[str]
    seen: set[str] = field(default_factory=set)
    fresh: int = 0  #: listed now, and not at the last visit

    def read(self, base: str, query: dict[str, str]) -> Iterator[Event]:
        """Posts of a type piece by piece, as events; none of them twice."""
        for piece in self.api.pieces(base, {**WHOLE, **query}):
            read = [read_post(raw) for raw in piece.items]
            refused = [one for one in read if isinstance(one, Refusal)]
            refused += [
                Refusal(key=key, url="", title="", reason=f"the site cannot give it: {why}")
                for key, why in piece.broken.items()
            ]
            for refusal in refused:
                self.count(refusal.key, stored=False)
                yield refusal
            yield from self.take(base, [one for one in read if isinstance(one, Post) and one.id not in self.seen])

    def read_ids(self, base: str, ids: set[str]) -> Iterator[Event]:
        """Posts of a type by their ids."""
        wanted = sorted(ids)
        for start in range(0, len(wanted), AT_ONCE):
            yield from self.read(base, {"filter": f"id:[{','.join(wanted[start : start + AT_ONCE])}]"})

    def take(self, base: str, posts: list[Post]) -> Iterator[Event]:
        """Turns posts into events, and keeps count."""
        reading = self.reading(base, [post for post in posts if not why_closed(post)])
        for post in posts:
            closed = why_closed(post)
            event = (
                Refusal(key=post.id, url=post.url, title=clean_text(post.title), reason=closed)
                if closed
                else to_article(post, reading)
            )
            was_public = self.count(post.id, stored=not isinstance(event, Refusal))
            if closed and was_public:  # the next look refuses it
                yield Gone(key=post.id, why=closed)
            elif isinstance(event, Refusal):
                yield event
            else:
                # Ghost renders a text when an editor saves it, not at each look: another text is another state.
                yield Seen(article=event, declared=True)

    def count(self, id_: str, *, stored: bool) -> bool:
        """Keeps count of a listed post: whether it is stored as public, and so was listed at the last visit too."""
        known = self.visit.find(id_)
        was_public = known is not None and known.status is Status.PUBLIC
        self.fresh += id_ not in self.was_skipped and not was_public
        self.seen.add(id_)
        if stored:
            self.skipped.discard(id_)
        else:
            self.skipped.add(id_)
        return was_public

    def reading(self, base: str, posts: list[Post]) -> Reading:
        """What is needed to read these posts; asks for the originals that they name."""
        options = with_defaults(self.source.options)
        # A text may stand on several sites of one newsroom, and be at home on another of them.
        sites = [one.url for one in self.settings.sources if one.kind in OWN_KINDS]
        urls = [self.source.url, self.settings.newsroom.url, *sites, *(post.url for post in posts)]
        return Reading(
            base=base,
            options=options,
            rights=rights_of(self.source, self.settings),
            language=self.settings.newsroom.languages[0],
            own_hosts=frozenset(map(plain_host, urls)) - {""},
            originals={} if options.translation_of == "none" else read_originals(self.api, self.bases, posts),
            page_licence=self.page_licence,
            now=self.visit.now,
        )

    def page_licence(self, url: str) -> str:
        """The licence that an article's page names."""
        try:
            return fetch_page_licence(self.fetcher, url)
        except FetchError as error:
            raise self.api.failed(error) from error
