"""Which posts a WordPress shows, and what it says of one that it does not list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.gather.wordpress_api import Answer, WordPressApi
from publisher.gather.wordpress_fields import Post, read_each

OK = 200
#: WordPress's own words for "not for the public" and "there is no such post"; a plugin or firewall has others.
FORBIDDEN = frozenset({(401, "rest_forbidden"), (403, "rest_forbidden")})
NO_SUCH_POST = (404, "rest_post_invalid_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a post stands that is not listed: gone, or public under a type, or neither for sure."""

    gone: bool = False
    base: str = ""  #: the type under which it is public after all
    why: str = ""


def listed_ids(api: WordPressApi, base: str) -> Iterator[int]:
    """The ids of all posts of a type that the public may see."""
    query = {"_fields": "id", "orderby": "id", "order": "asc"}
    for piece in api.pieces(f"/wp/v2/{base}", query):
        yield from (post.id for post in read_each(Post, piece.items))


def standing_of(api: WordPressApi, bases: Sequence[str], key: str) -> Standing:
    """Asks for one post under each type in turn: ids are unique over all of them."""
    if not key.isdecimal():
        return Standing(why="its key is no id of a post")
    # A 404 under one type may be a post of another; only when all say so is there no such post.
    for base in bases:
        fields = "id,status,content.protected"
        answer = api.get(f"/wp/v2/{base}/{key}", {"_fields": fields})
        if (standing := judge(answer, base)) is not None:
            return standing
    return Standing(gone=True, why="was deleted")


def judge(answer: Answer, base: str) -> Standing | None:
    """What one answer means; None: it is not of this type, if it is there at all."""
    if (answer.status, answer.code) in FORBIDDEN:
        return Standing(gone=True, why="is no longer public")
    if (answer.status, answer.code) == NO_SUCH_POST:
        return None
    found = read_each(Post, [answer.data]) if answer.status == OK else []
    if not found:
        return Standing(why=f"the site answers {answer.status} {answer.code}".strip())
    if found[0].content.protected:
        return Standing(gone=True, why="is behind a password now")
    if found[0].status != "publish":  # whoever signs in sees drafts too
        return Standing(gone=True, why=f"is no longer public ({found[0].status})")
    return Standing(base=base)
