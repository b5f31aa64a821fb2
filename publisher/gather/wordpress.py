"""WordPress, by its REST API.

    probe: newest change, newest date, how many      as at the last visit, and compared today? → nothing to do
      └─► read, newest change first, back to the last visit
            └─► compare all ids with the store, if the numbers do not add up, at the first visit, daily, and when asked
                  ├─► ids that are not stored: fetched
                  └─► stored ones that are not listed: asked for one by one; only WordPress's own word withdraws

The key of an article is its post id: ids are unique over all types, so a stored key needs no type to be asked for,
and `translation_of` is a key as it stands. What is listed and not stored (refused, or behind a password) is in the
cursor, or it would be missed at every visit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from publisher.gather.fetch import Fetcher, FetchError
from publisher.gather.page_licence import fetch_page_licence
from publisher.gather.rights import rights_of
from publisher.gather.source import Event, Gone, Reached, Refusal, Seen, Source, Visit
from publisher.gather.times import read_time
from publisher.gather.wordpress_api import WordPressApi
from publisher.gather.wordpress_article import Reading, read_post, to_article
from publisher.gather.wordpress_compare import listed_ids, standing_of
from publisher.gather.wordpress_embedded import with_all_terms
from publisher.gather.wordpress_fields import Post, Term, read_each
from publisher.gather.wordpress_media import read_library
from publisher.gather.wordpress_options import check_options
from publisher.gather.wordpress_terms import Tree, missing_terms, needs_tree
from publisher.model.article import Status
from publisher.model.clock import stamp
from publisher.model.errors import SourceError
from publisher.settings import Settings, SourceSettings, read_secret

EMBED = "author,wp:featuredmedia,wp:term"
PROBED = 10  #: changes looked at, because those of one second may come in any order
#: WordPress sorts by the site's local time, which in autumn goes through one hour twice.
OVERLAP = timedelta(hours=2)
#: A change that is younger may be followed by another in the same second.
SETTLED = timedelta(seconds=60)
COMPARE_EVERY = timedelta(days=1)
AT_ONCE = 100


@dataclass(slots=True)
class _Tour:
    """What one visit has learnt so far."""

    api: WordPressApi
    visit: Visit
    skipped: set[int]  #: listed, but not stored
    was_skipped: frozenset[int]
    tree: Tree | None = None
    seen: set[int] = field(default_factory=set)
    fresh: int = 0  #: listed now, and not at the last visit


class WordPress:
    """One WordPress site; holds the settings, asks through the fetcher."""

    def __init__(self, source: SourceSettings, settings: Settings, fetcher: Fetcher) -> None:
        check_options(source, settings.file)
        self._source = source
        self._settings = settings
        self._fetcher = fetcher

    def changes(self, visit: Visit) -> Iterator[Event]:
        """What changed since the last visit."""
        skipped = set(visit.cursor.get("skipped", ()))
        tour = _Tour(api=self._api(visit.now), visit=visit, skipped=skipped, was_skipped=frozenset(skipped))
        marks = {base: probe(tour.api, base) for base in self._source.options.types}
        before = visit.cursor.get("types", {})
        odd = False
        for base, mark in marks.items():
            old = before.get(base)
            if visit.full or old is None or not is_same(old, mark):
                tour.fresh = 0
                yield from self._read_since(tour, base, {} if visit.full or old is None else old, mark)
                odd = odd or old is None or not adds_up(old, mark, tour)
            else:
                mark["read"] = old["read"]
        compared = read_time(visit.cursor.get("compared", ""))
        due = visit.full or compared is None or visit.now - compared >= COMPARE_EVERY
        if odd or due or compared is None:
            yield from self._compare(tour, retry=due)
            compared = visit.now
        cursor = {"types": marks, "skipped": sorted(tour.skipped), "compared": compared.isoformat()}
        yield Reached(cursor=cursor, whole=visit.full)

    def _read_since(self, tour: _Tour, base: str, old: dict[str, Any], mark: dict[str, Any]) -> Iterator[Event]:
        """Everything that changed since the old mark, newest first; everything there is without one.

        What was read in the overlap and has the same time of change still is passed over: blocks such as "latest
        posts" make a post look different whenever another one is published.
        """
        since, read = read_time(old.get("since", "")), old.get("read", {})
        query = {"orderby": "modified", "order": "desc"}
        if since:  # WordPress 5.7; an older one gives all, and we stop by ourselves
            query["modified_after"] = stamp(since)
        for items, broken in self._posts(tour, base, query):
            changed = {post.id: read_time(post.modified_gmt) for post in items}
            late = [post for post in items if not (since and (moment := changed[post.id]) and moment < since)]
            new = [post for post in late if read.get(str(post.id)) != post.modified_gmt]
            mark["read"] |= {str(post.id): post.modified_gmt for post in late if is_done(post, mark)}
            yield from self._take(tour, base, new, broken)
            if len(late) < len(items):
                return

    def _compare(self, tour: _Tour, *, retry: bool) -> Iterator[Event]:
        """All ids of the site against all keys of the store; `retry` those that could not be taken before, too."""
        listed = {id_: base for base in self._source.options.types for id_ in listed_ids(tour.api, base)}
        waiting, vanished = set(listed) - tour.seen - (set() if retry else tour.skipped), []
        for known in tour.visit.known():
            id_ = int(known.key) if known.key.isdecimal() else 0
            if known.status is Status.PUBLIC and id_ in listed:
                waiting.discard(id_)
            elif known.status is Status.PUBLIC:
                vanished.append(known.key)
        for base in self._source.options.types:
            ids = sorted(id_ for id_ in waiting if listed[id_] == base)
            for start in range(0, len(ids), AT_ONCE):
                include = ",".join(map(str, ids[start : start + AT_ONCE]))
                for items, broken in self._posts(tour, base, {"include": include, "orderby": "include"}):
                    yield from self._take(tour, base, items, broken)
        yield from self._ask_for(tour, vanished)
        # Their refusals would stand for ever otherwise: nothing else will ever speak of them.
        for id_ in tour.skipped - set(listed):  # no longer there to be refused
            yield Gone(key=str(id_), why="no longer listed")
        tour.skipped &= set(listed)

    def _ask_for(self, tour: _Tour, keys: list[str]) -> Iterator[Event]:
        """Asks for stored articles that are not listed, one by one; only a clear answer is an answer."""
        unclear = []
        for key in keys:
            standing = standing_of(tour.api, self._source.options.types, key)
            if standing.gone:
                yield Gone(key=key, why=standing.why)
            elif standing.base:
                for items, broken in self._posts(tour, standing.base, {"include": key}):
                    yield from self._take(tour, standing.base, items, broken)
            else:
                unclear.append(f"{key} ({standing.why})")
        if unclear:
            what = f"{self._source.url} no longer lists {len(unclear)} of its posts and does not say why"
            raise SourceError(self._source.id, f"{what}: {', '.join(unclear[:5])}. They stay as they are.")

    def _posts(self, tour: _Tour, base: str, query: dict[str, str]) -> Iterator[tuple[list[Post], list[Refusal]]]:
        """Posts piece by piece, with those that could not be read."""
        for piece in tour.api.pieces(f"/wp/v2/{base}", {"_embed": EMBED, **query}):
            read = [read_post(raw) for raw in piece.items]
            refused = [one for one in read if isinstance(one, Refusal)]
            refused += [
                Refusal(key=key, url="", title="", reason=f"the site cannot give it: {why}")
                for key, why in piece.broken.items()
            ]
            yield [one for one in read if isinstance(one, Post)], refused

    def _take(self, tour: _Tour, base: str, posts: list[Post], refused: list[Refusal]) -> Iterator[Event]:
        """Turns a piece of posts into events, and keeps count."""
        for refusal in refused:
            if refusal.key.isdecimal():
                self._count(tour, int(refusal.key), stored=False)
            yield refusal
        public = [post for post in posts if post.status == "publish" and post.id not in tour.seen]
        open_posts = [with_all_terms(tour.api, post) for post in public if not post.content.protected]
        for post in public:
            if post.content.protected:
                self._count(tour, post.id, stored=False)
                yield Gone(key=str(post.id), why="is behind a password now")
        reading = self._reading(tour, base, open_posts)
        for post in open_posts:
            event = to_article(post, reading)
            self._count(tour, post.id, stored=not isinstance(event, Refusal))
            yield event if isinstance(event, Refusal) else Seen(article=event, dated=False)

    def _count(self, tour: _Tour, id_: int, *, stored: bool) -> None:
        """Whether a listed post was listed at the last visit too, as far as store and cursor tell."""
        known = tour.visit.find(str(id_))
        tour.fresh += id_ not in tour.was_skipped and (known is None or known.status is not Status.PUBLIC)
        tour.seen.add(id_)
        if stored:
            tour.skipped.discard(id_)
        else:
            tour.skipped.add(id_)

    def _reading(self, tour: _Tour, base: str, posts: list[Post]) -> Reading:
        options = self._source.options
        if tour.tree is None:
            tour.tree = read_tree(tour.api, needed=needs_tree(options))
            # Loud: a renamed category would turn updates into stories, and mail them as such.
            if missing := missing_terms(options, tour.tree):
                what = f"{self._source.url} has no category with the slug {', '.join(missing)}"
                raise SourceError(self._source.id, f"{what}. Correct the options of source {self._source.id}.")
        return Reading(
            base=base,
            options=options,
            tree=tour.tree,
            library=read_library(tour.api, posts),
            rights=rights_of(self._source, self._settings),
            language=self._settings.newsroom.languages[0],
            page_licence=lambda url: self._page_licence(tour, url),
            now=tour.visit.now,
        )

    def _page_licence(self, tour: _Tour, url: str) -> str:
        try:
            return fetch_page_licence(self._fetcher, url)
        except FetchError as error:
            raise tour.api.failed(error) from error

    def _api(self, now: datetime) -> WordPressApi:
        options, auth = self._source.options, None
        if options.user and options.password:
            key = f"sources.{self._source.id}.options.password"
            auth = options.user, read_secret(options.password, folder=self._settings.folder, key=key)
        return WordPressApi(self._source.id, self._source.url, self._fetcher, auth, now)


def make(source: SourceSettings, settings: Settings, fetcher: Fetcher) -> Source:
    """A WordPress source; raises `ConfigurationError` for options that mean nothing to it."""
    return WordPress(source, settings, fetcher)


def probe(api: WordPressApi, base: str) -> dict[str, Any]:
    """How a type stands, in two small questions: its newest changes, its newest date, how many there are.

    A scheduled post that goes public keeps its old time of change; its date tells.
    """
    route = f"/wp/v2/{base}"
    answer = api.list(route, {"orderby": "modified", "order": "desc", "per_page": PROBED, "_fields": "id,modified_gmt"})
    latest = api.list(route, {"orderby": "date", "order": "desc", "per_page": 1, "_fields": "id,date_gmt"})
    posts = read_each(Post, answer.data)
    changed = read_time(posts[0].modified_gmt) if posts else None
    asked = answer.date or api.now
    return {
        "total": answer.total,
        "newest": [[post.id, post.modified_gmt] for post in posts],
        "latest": [[post.id, post.date_gmt] for post in read_each(Post, latest.data)],
        "since": (min(changed, asked) - OVERLAP).isoformat() if changed else "",
        "settled": changed is None or changed < asked - SETTLED,
        "asked": asked.isoformat(),
        "read": {},
    }


def is_done(post: Post, mark: dict[str, Any]) -> bool:
    """Whether a post lies in the overlap of the next visit, and cannot change again without showing it."""
    changed, since, asked = (read_time(text) for text in (post.modified_gmt, mark["since"], mark["asked"]))
    return bool(changed and asked and changed < asked - SETTLED and (since is None or changed >= since))


def is_same(old: dict[str, Any], mark: dict[str, Any]) -> bool:
    """Whether nothing happened since the old mark, and nothing can have happened unseen."""
    return bool(old["settled"]) and all(old[name] == mark[name] for name in ("total", "newest", "latest"))


def adds_up(old: dict[str, Any], mark: dict[str, Any], tour: _Tour) -> bool:
    """Whether what was read explains how the site stands now: nothing went, and nothing came by another way."""
    is_newest_read = old["latest"] == mark["latest"] or all(id_ in tour.seen for id_, _ in mark["latest"])
    return is_newest_read and mark["total"] == old["total"] + tour.fresh


def read_tree(api: WordPressApi, *, needed: bool) -> Tree:
    """All categories; without them, sections are only less well chosen, unless an option names one."""
    # Some sites close all routes but those of posts; that costs them nothing unless an option needs the tree.
    answer = api.get("/wp/v2/categories", {"per_page": 1, "_fields": "id"})
    if not answer.is_list and not needed:
        return Tree(terms={})
    query = {"_fields": "id,name,slug,parent,link", "orderby": "id"}
    terms = [term for piece in api.pieces("/wp/v2/categories", query) for term in read_each(Term, piece.items)]
    return Tree(terms={term.id: term for term in terms})
