"""How a type of posts stands, in one small question, sometimes two: newest changes, how many, newest date.

A scheduled post that goes public keeps its old time of change. Its date tells, but costs a question: it is asked for
when anything else is new, and at other visits for one of the types in turn, because another post may have gone at the
same time, so that the number stays as it was.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

from publisher.gather.times import read_time
from publisher.gather.wordpress.api import Query, WordPressApi
from publisher.gather.wordpress.fields import Post, read_each

PROBED = 10  #: changes looked at, because those of one second may come in any order
#: WordPress sorts by the site's local time, which in autumn goes through one hour twice.
OVERLAP = timedelta(hours=2)
#: A change that is younger may be followed by another in the same second.
SETTLED = timedelta(seconds=60)

Mark = dict[str, Any]  #: as it stands in the cursor


def probe(api: WordPressApi, base: str, old: Mark | None, *, latest: bool) -> Mark:
    """How a type stands; with `latest`, or where it is not as in the old mark, its newest date is asked for too."""
    query: Query = {"orderby": "modified", "order": "desc", "per_page": PROBED, "_fields": "id,modified_gmt"}
    answer = api.list(f"/wp/v2/{base}", query)
    posts = read_each(Post, answer.data)
    changed = read_time(posts[0].modified_gmt) if posts else None
    asked = answer.date or api.now
    mark = {
        "total": answer.total,
        "newest": [[post.id, post.modified_gmt] for post in posts],
        "latest": old["latest"] if old else [],
        "since": (min(changed, asked) - OVERLAP).isoformat() if changed else "",
        "settled": changed is None or changed < asked - SETTLED,
        "asked": asked.isoformat(),
        "read": {},
    }
    if latest or old is None or not is_same(old, mark):
        mark["latest"] = fetch_latest(api, base)
    return mark


def fetch_latest(api: WordPressApi, base: str) -> list[list[Any]]:
    """The post with the newest date."""
    query: Query = {"orderby": "date", "order": "desc", "per_page": 1, "_fields": "id,date_gmt"}
    posts = read_each(Post, api.list(f"/wp/v2/{base}", query).data)
    return [[post.id, post.date_gmt] for post in posts]


def is_same(old: Mark, mark: Mark) -> bool:
    """Whether nothing happened since the old mark, and nothing can have happened unseen."""
    return bool(old["settled"]) and all(old[name] == mark[name] for name in ("total", "newest", "latest"))


def adds_up(old: Mark, mark: Mark, *, fresh: int, seen: AbstractSet[int]) -> bool:
    """Whether what was read explains how the site stands now: nothing went, and nothing came by another way.

    `fresh`: how many were listed that were not at the last visit; `seen`: the ids that were read.
    """
    is_newest_read = old["latest"] == mark["latest"] or all(id_ in seen for id_, _ in mark["latest"])
    return is_newest_read and mark["total"] == old["total"] + fresh


def is_done(post: Post, mark: Mark) -> bool:
    """Whether a post lies in the overlap of the next visit, and cannot change again without showing it."""
    changed, since, asked = (read_time(text) for text in (post.modified_gmt, mark["since"], mark["asked"]))
    return bool(changed and asked and changed < asked - SETTLED and (since is None or changed >= since))


def is_unsettled(post: Post, old: Mark) -> bool:
    """Whether a post had been changed so shortly before the last visit that its time cannot show another change."""
    changed, asked = read_time(post.modified_gmt), read_time(old.get("asked", ""))
    return bool(changed and asked and changed >= asked - SETTLED)


def read_before(old: Mark) -> tuple[datetime | None, dict[str, str]]:
    """Since when there is something new, and what was read of the time after that: id → time of change."""
    return read_time(old.get("since", "")), old.get("read", {})
