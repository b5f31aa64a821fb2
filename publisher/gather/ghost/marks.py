"""How a Ghost stands, in small questions: what is newest, how many there are, what is marked, where one post is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from publisher.gather.ghost.api import NOT_FOUND, OK, Answer, GhostApi, ids_in
from publisher.gather.ghost.fields import Listed
from publisher.gather.ghost.tags import slug_in
from publisher.gather.times import read_time
from publisher.gather.wordpress.fields import read_each

PROBED = 10  #: changes looked at, because those of one second may come in any order
#: An edit is dated when it is begun, and seen when it is done.
OVERLAP = timedelta(minutes=5)
#: A change that is younger may be followed by another in the same second.
SETTLED = timedelta(seconds=60)
MARKED = 100  #: as many as one answer holds
#: Ghost's own words for "there is no such post"; a firewall or another route has others.
NO_SUCH_POST = frozenset({"Post not found.", "Page not found."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a post stands that is not listed: gone, or public under a type, or neither for sure."""

    gone: bool = False
    base: str = ""  #: the type under which it is public after all
    why: str = ""


def probe(api: GhostApi, base: str) -> dict[str, Any]:
    """How a type stands, in one small question: its newest changes, and how many there are."""
    piece = api.list(base, {"fields": "id,updated_at", "order": "updated_at desc,id desc", "limit": PROBED})
    posts = read_each(Listed, piece.items)
    changed = [moment for post in posts if (moment := read_time(post.updated_at))]
    asked = piece.date or api.now
    return {
        "total": piece.total,
        "newest": sorted([post.id, post.updated_at] for post in posts),
        "filter": changed_since(min(max(changed), asked) - OVERLAP) if changed else "",
        "settled": not changed or max(changed) < asked - SETTLED,
    }


def changed_since(moment: datetime) -> str:
    """The filter for what changed since then; in UTC and in this form, or SQLite leaves out the changes of that day."""
    return f"updated_at:>='{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"


def probe_marked(api: GhostApi, rule: str) -> dict[str, Any]:
    """Which posts bear the tag of the rule: its filter, how many, the ids of as many as one answer holds."""
    slug = slug_in(rule)
    if not slug:
        return {"filter": "", "total": 0, "ids": []}
    narrowed = f"tag:'{tag_slug(slug)}'"
    piece = api.list("posts", {"filter": narrowed, "fields": "id", "order": "id desc", "limit": MARKED})
    return {"filter": narrowed, "total": piece.total, "ids": sorted(ids_in(piece.items))}


def tag_slug(name: str) -> str:
    """The slug of a tag as a rule names it: `#no-republish` is an internal one."""
    plain = name.replace("'", "")
    return f"hash-{plain[1:].casefold()}" if plain.startswith("#") else plain


def is_same(old: dict[str, Any], mark: dict[str, Any]) -> bool:
    """Whether nothing happened since the old mark, and nothing can have happened unseen."""
    return bool(old["settled"]) and all(old[name] == mark[name] for name in ("total", "newest"))


def adds_up(old: dict[str, Any], mark: dict[str, Any], fresh: int) -> bool:
    """Whether what was read explains how many there are now: nothing went, and nothing came in another way."""
    return mark["total"] is not None and mark["total"] == (old["total"] or 0) + fresh


def standing_of(api: GhostApi, bases: Sequence[str], key: str) -> Standing:
    """Asks for one post under each type in turn: ids are unique over both."""
    if not key.isalnum():
        return Standing(why="its key is no id of a post")
    # A 404 under one type may be a post of another; only when all say so is there no such post.
    for base in bases:
        answer = api.get(f"{base}/{key}/", {"fields": "id"})
        if (standing := judge(answer, base)) is not None:
            return standing
    return Standing(gone=True, why="was taken back or deleted")


def judge(answer: Answer, base: str) -> Standing | None:
    """What one answer means; None: it is not of this type, if it is there at all."""
    if answer.status == NOT_FOUND and answer.error.get("context") in NO_SUCH_POST:
        return None
    given = answer.data.get(base) if isinstance(answer.data, dict) else None
    is_there = answer.status == OK and bool(read_each(Listed, given))
    return Standing(base=base) if is_there else Standing(why=f"the site answers {answer.status}")
