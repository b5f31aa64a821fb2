"""One visit to a WordPress: asks for posts, makes articles of them, and keeps count of what was met."""

from collections.abc import Iterator
from datetime import tzinfo

from publisher.gather.fetching.fetch import Fetcher, FetchError
from publisher.gather.pages.licence import fetch_page_licence
from publisher.gather.rights import rights_of
from publisher.gather.source import Event, Gone, Refusal, Seen, Visit
from publisher.gather.wordpress.api import WordPressApi
from publisher.gather.wordpress.article import Reading, read_post, to_article
from publisher.gather.wordpress.authors import CoAuthors
from publisher.gather.wordpress.embedded import with_all_terms
from publisher.gather.wordpress.fields import Post, Term, read_each
from publisher.gather.wordpress.media import read_library
from publisher.gather.wordpress.meta import is_shown, key_of
from publisher.gather.wordpress.republish import fetch_zone
from publisher.gather.wordpress.terms import Tree, category_rules, missing_terms
from publisher.model.article import Status
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings

EMBED = "author,wp:featuredmedia,wp:term,wp:authorship"
AT_ONCE = 100

Posts = tuple[list[Post], list[Refusal]]  #: posts, and those that could not be read


class Tour:
    """What one visit has learnt so far, and how it asks for more."""

    def __init__(
        self, source: SourceSettings, settings: Settings, fetcher: Fetcher, api: WordPressApi, visit: Visit
    ) -> None:
        self.source = source
        self.types = source.options.types
        self.api = api
        self.visit = visit
        self.skipped: set[int] = set(visit.cursor.get("skipped", ()))  #: listed, but not stored
        self.gone: set[int] = set(visit.cursor.get("gone", ()))  #: said to be gone at the last comparing of ids
        self.seen: set[int] = set()
        self.fresh: int | None = None  #: listed now, and not at the last visit; None: not counted
        self.note: str = visit.cursor.get("note", "")  #: what a person should know of the last comparing of ids
        self._was_skipped = frozenset(self.skipped)
        self._settings = settings
        self._fetcher = fetcher
        self._coauthors = CoAuthors(api)
        self._tree: Tree | None = None
        self._zone: tuple[tzinfo | None] | None = None
        self._guarded = {key for rule in guarded_rules(source) if (key := key_of(rule))}
        self._shown: set[str] = set()

    def fetch(self, base: str, query: dict[str, str]) -> Iterator[Posts]:
        """Posts of a type, piece by piece."""
        for piece in self.api.pieces(f"/wp/v2/{base}", {"_embed": EMBED, **query}):
            read = [read_post(raw) for raw in piece.items]
            refused = [one for one in read if isinstance(one, Refusal)]
            refused += [
                Refusal(key=key, url="", title="", reason=f"the site cannot give it: {why}")
                for key, why in piece.broken.items()
            ]
            yield [one for one in read if isinstance(one, Post)], refused

    def take_ids(self, base: str, ids: list[int]) -> Iterator[Event]:
        """Fetches posts by their ids, and takes them."""
        for start in range(0, len(ids), AT_ONCE):
            include = ",".join(map(str, ids[start : start + AT_ONCE]))
            for posts in self.fetch(base, {"include": include, "orderby": "include"}):
                yield from self.take(base, posts)

    def take(self, base: str, found: Posts, declared: frozenset[int] = frozenset()) -> Iterator[Event]:
        """Turns a piece of posts into events, and keeps count; the time of the `declared` cannot show their change."""
        posts, refused = found
        for refusal in refused:
            if refusal.key.isdecimal():
                self._count(int(refusal.key), stored=False)
            yield refusal
        public = [post for post in posts if post.status == "publish" and post.id not in self.seen]
        for post in public:
            if post.content.protected:
                self._count(post.id, stored=False)
                yield Gone(key=str(post.id), why="is behind a password now")
        yield from self._take_open(base, [post for post in public if not post.content.protected], declared)

    def _take_open(self, base: str, posts: list[Post], declared: frozenset[int]) -> Iterator[Event]:
        posts = [with_all_terms(self.api, post) for post in posts]
        reading = self._reading(base, posts)
        for post in posts:
            event = to_article(post, reading)
            self._count(post.id, stored=not isinstance(event, Refusal))
            self._shown |= {key for key in self._guarded - self._shown if is_shown(post, key)}
            if isinstance(event, Refusal):
                yield event
                continue
            # What only the site's feed told until now is told more fully: nobody edited it.
            is_retold = post.id in self.visit.cursor.get("fed", ())
            yield Seen(article=event, dated=False, declared=post.id in declared, retold=is_retold)

    def _count(self, id_: int, *, stored: bool) -> None:
        """Whether a listed post was listed at the last visit too, as far as store and cursor tell."""
        if self.fresh is not None and id_ not in self._was_skipped:
            known = self.visit.find(str(id_))
            self.fresh += known is None or known.status is not Status.PUBLIC
        self.seen.add(id_)
        if stored:
            self.skipped.discard(id_)
        else:
            self.skipped.add(id_)

    def hidden(self) -> list[str]:
        """Fields that the options name and that no post shows, as far as this visit or the last whole one can tell."""
        is_whole = self.visit.full or "types" not in self.visit.cursor
        suspected = self._guarded if is_whole and self.seen else set(self.visit.cursor.get("hidden", ()))
        return sorted(suspected - self._shown)

    def _reading(self, base: str, posts: list[Post]) -> Reading:
        options = self.source.options
        return Reading(
            base=base,
            options=options,
            tree=self._read_tree(),
            library=read_library(self.api, posts, key_of(options.credit)),
            rights=rights_of(self.source, self._settings),
            language=self._settings.newsroom.languages[0],
            page_licence=self._page_licence,
            coauthors=self._coauthors,
            zone=self._fetch_zone,
            now=self.visit.now,
        )

    def _read_tree(self) -> Tree:
        options = self.source.options
        if self._tree is None:
            self._tree = read_tree(self.api, needed=bool(category_rules(options)))
            # Loud: a renamed category would turn updates into stories, and mail them as such.
            if missing := missing_terms(options, self._tree):
                what = f"{self.source.url} has no category with the slug {', '.join(missing)}"
                raise SourceError(self.source.id, f"{what}. Correct the options of source {self.source.id}.")
        return self._tree

    def _fetch_zone(self) -> tzinfo | None:
        if self._zone is None:
            self._zone = (fetch_zone(self.api),)
        return self._zone[0]

    def _page_licence(self, url: str) -> str:
        try:
            return fetch_page_licence(self._fetcher, url)
        except FetchError as error:
            raise self.api.failed(error) from error


def guarded_rules(source: SourceSettings) -> tuple[str, ...]:
    """The options whose field must not be overlooked: what is to be kept back would go out."""
    return source.options.no_republish, source.options.embargo, source.options.licence


def read_tree(api: WordPressApi, *, needed: bool) -> Tree:
    """All categories; without them, sections are only less well chosen, unless an option names one."""
    # Some sites close all routes but those of posts; that costs them nothing unless an option needs the tree.
    answer = api.get("/wp/v2/categories", {"per_page": 1, "_fields": "id"})
    if not answer.is_list and not needed:
        return Tree(terms={})
    query = {"_fields": "id,name,slug,parent,link", "orderby": "id"}
    terms = [term for piece in api.pieces("/wp/v2/categories", query) for term in read_each(Term, piece.items)]
    return Tree(terms={term.id: term for term in terms})
