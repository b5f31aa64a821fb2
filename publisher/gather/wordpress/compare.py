"""Which posts a WordPress shows, and what it says of those that it does not list.

Only an answer to a question for one post is WordPress's own word about it: a list leaves out what a plugin hides, and
names the status of what is not public only to editors. So each missing post is asked for alone, but not thousands of
them: when so many are missing at once, a sample decides whether they are gone or only hidden.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from publisher.gather.source import Event, Gone
from publisher.gather.wordpress.api import Answer, WordPressApi
from publisher.gather.wordpress.fields import Post, read_each
from publisher.gather.wordpress.tour import Tour
from publisher.model.article import Status
from publisher.model.errors import SourceError

OK = 200
#: WordPress's own words for "not for the public" and "there is no such post"; a plugin or firewall has others.
FORBIDDEN = frozenset({(401, "rest_forbidden"), (403, "rest_forbidden")})
NO_SUCH_POST = (404, "rest_post_invalid_id")
#: More missing posts than this, or this part of all, are not asked for one by one.
MANY, PART = 50, 20
SAMPLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a post stands that is not listed: gone, or public under a type, or neither for sure."""

    gone: bool = False
    base: str = ""  #: the type under which it is public after all
    why: str = ""


def compare(tour: Tour, *, retry: bool) -> Iterator[Event]:
    """All ids of the site against all keys of the store; `retry` those that could not be taken before, too."""
    gone_before, tour.gone, tour.note = tour.gone, set(), ""
    listed = {id_: base for base in tour.types for id_ in listed_ids(tour.api, base)}
    waiting, vanished, stored = set(listed) - tour.seen - (set() if retry else tour.skipped), [], 0
    for known in tour.visit.known():
        if known.status is not Status.PUBLIC:
            continue
        stored, id_ = stored + 1, int(known.key) if known.key.isdecimal() else 0
        if id_ not in gone_before:  # else its withdrawal may wait for a person, who must hear that it is back
            waiting.discard(id_)
        if id_ not in listed:
            vanished.append(known.key)
    for base in tour.types:
        yield from tour.take_ids(base, sorted(id_ for id_ in waiting if listed[id_] == base))
    yield from ask_for(tour, vanished, stored=stored, control=next(iter(listed), 0))
    # Their refusals would stand for ever otherwise: nothing else will ever speak of them.
    for id_ in tour.skipped - set(listed):  # no longer there to be refused
        yield Gone(key=str(id_), why="no longer listed")
    tour.skipped &= set(listed)


def ask_for(tour: Tour, vanished: list[str], *, stored: int, control: int) -> Iterator[Event]:
    """Asks for stored articles that are not listed; `control` is the id of a post that is, 0 without one."""
    standings: dict[str, Standing] = {}
    for key in sample_of(vanished, stored):
        standing = standings[key] = standing_of(tour.api, tour.types, key)
        if standing.gone and control:
            check_control(tour, control)
            control = 0
        if standing.gone:
            yield from say_gone(tour, [key], standing.why)
        elif standing.base:
            yield from tour.take_ids(standing.base, [int(key)])
    yield from settle_rest(tour, vanished, standings)


def check_control(tour: Tour, control: int) -> None:
    """Raises `SourceError` where the site says of a post that it lists what it says of one that is gone."""
    if not standing_of(tour.api, tour.types, str(control)).base:
        what = f"{tour.source.url} lists its post {control}, but does not show it to one who asks for it alone"
        raise SourceError(tour.source.id, f"{what}: so what it says of others proves nothing. They stay as they are.")


def settle_rest(tour: Tour, vanished: list[str], standings: Mapping[str, Standing]) -> Iterator[Event]:
    """What the answers mean for the missing posts that were not asked for."""
    what = f"{tour.source.url} no longer lists {len(vanished)} of its posts"
    unclear = [f"{key} ({one.why})" for key, one in standings.items() if not (one.gone or one.base)]
    if unclear:
        raise SourceError(tour.source.id, f"{what} and does not say why: {', '.join(unclear[:5])}. They stay.")
    rest = [key for key in vanished if key not in standings and key.isdecimal()]
    gone = sum(one.gone for one in standings.values())
    if rest and not gone:
        tour.note = f"{what}, but shows all {len(standings)} that were asked for: they stay as they are"
    elif rest and gone < len(standings):
        raise SourceError(tour.source.id, f"{what}; of {len(standings)} asked for, {gone} are gone. The others stay.")
    elif rest:
        why = f"is not listed any more, with {len(vanished) - 1} others; all {gone} that were asked for are gone"
        yield from say_gone(tour, rest, why)


def say_gone(tour: Tour, keys: Iterable[str], why: str) -> Iterator[Gone]:
    """Says that articles are gone, and keeps it in mind."""
    for key in keys:
        tour.gone.add(int(key))
        yield Gone(key=key, why=why)


def listed_ids(api: WordPressApi, base: str) -> Iterator[int]:
    """The ids of all posts of a type that the public may see."""
    query = {"_fields": "id", "orderby": "id", "order": "asc"}
    for piece in api.pieces(f"/wp/v2/{base}", query):
        yield from (post.id for post in read_each(Post, piece.items))


def sample_of(keys: Sequence[str], stored: int) -> list[str]:
    """The missing keys to ask for: all, or, of too many for `stored` articles, some that are spread over them."""
    if len(keys) <= max(MANY, stored // PART):
        return list(keys)
    in_order = sorted(keys, key=lambda key: (len(key), key))
    return [in_order[place * len(in_order) // SAMPLE] for place in range(SAMPLE)]


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
