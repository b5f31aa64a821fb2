"""What goes into an edition. Pure: articles and rules in, items and reasons out.

What is new is what this newsletter has not carried; a date only proposes. Each language is filled by itself, so that
a reader gets a work once, in the language she reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.model.article import Article, Kind
from publisher.model.edition import Arrangement, EditionItem, ItemState, LeftOutItem

STORIES, UPDATES = "stories", "updates"
TOO_OLD = "too old: published more than {span} before the slot"
FIRST_EDITION = "the first edition takes the newest only"
#: Reasons that end an article's chances with this newsletter, by how they begin.
FINAL = ("too old", "the first edition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A newsletter's rules, as far as choosing goes."""

    languages: tuple[str, ...]
    kinds: tuple[Kind, ...]
    sections: frozenset[str]
    countries: frozenset[str]
    topics: frozenset[str]
    blocks: tuple[str, ...]
    minimum: int
    maximum: int
    max_age: timedelta
    is_first: bool  #: the newsletter has carried nothing yet
    arrangement: Arrangement
    kept: frozenset[int] = frozenset()  #: what the edition has since it was composed, whatever its date became


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was decided."""

    items: tuple[EditionItem, ...]
    left_out: tuple[LeftOutItem, ...]
    languages: tuple[str, ...]  #: those that have enough for an edition
    counts: dict[str, int]  #: items found in each language, enough or not


def choose_items(candidates: Iterable[Article], rules: Rules, *, slot: datetime) -> Choice:
    """Chooses from candidates that come newest first."""
    left_out: list[LeftOutItem] = []
    fitting: dict[str, list[Article]] = {language: [] for language in rules.languages}
    for article in candidates:
        why = reason_against(article, rules, slot=slot)
        if why is not None:
            if why:
                left_out.append(left(article, why))
            continue
        fitting[article.language].append(article)
    chosen: list[EditionItem] = []
    enough: list[str] = []
    for language, found in fitting.items():
        articles = in_order(found, rules.arrangement)
        taken, over = articles[: rules.maximum], articles[rules.maximum :]
        if len(taken) < rules.minimum:
            left_out += [left(one, f"fewer than {rules.minimum} new in {language}") for one in articles]
            continue
        enough.append(language)
        chosen += place(taken, rules)
        reason = FIRST_EDITION if rules.is_first else f"over the maximum of {rules.maximum}"
        left_out += [left(one, reason) for one in over]
    counts = {language: len(articles) for language, articles in fitting.items()}
    return Choice(items=tuple(chosen), left_out=tuple(left_out), languages=tuple(enough), counts=counts)


def reason_against(article: Article, rules: Rules, *, slot: datetime) -> str | None:
    """Why an article is not for this edition; empty for one that is not this newsletter's at all; None: it is."""
    terms = {
        "section": ({article.section.slug} if article.section else set(), rules.sections),
        "countries": ({term.slug for term in article.countries}, rules.countries),
        "topics": ({term.slug for term in article.topics}, rules.topics),
    }
    is_ours = article.kind in rules.kinds and block_of(article) in rules.blocks and article.language in rules.languages
    if not is_ours or any(wanted and not wanted & has for has, wanted in terms.values()):
        return ""
    if article.number in rules.arrangement.dropped:
        return "taken out by hand"
    if article.number in rules.arrangement.pinned or article.number in rules.kept:
        return None
    if article.published < slot - rules.max_age:
        return TOO_OLD.format(span=span_words(rules.max_age))
    return None


def span_words(span: timedelta) -> str:
    """A length of time in its largest whole unit.

    >>> span_words(timedelta(hours=36))
    '36 hours'
    """
    units = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
    unit, length = next((one for one in units if not span % one[1]), ("second", timedelta(seconds=1)))
    count = span // length
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"


def in_order(articles: Sequence[Article], arrangement: Arrangement) -> list[Article]:
    """Pinned ones first, then those ordered by hand, then the rest as they came."""
    wanted = [*arrangement.pinned, *arrangement.order]
    place_of = {number: position for position, number in reversed(list(enumerate(wanted)))}
    return sorted(articles, key=lambda one: place_of.get(one.number, len(wanted)))


def place(articles: Sequence[Article], rules: Rules) -> list[EditionItem]:
    """Articles in their blocks, numbered in the order they will stand."""
    return [
        EditionItem(
            article=one.number,
            revision=one.revision,
            work_id=one.work_id,
            title=one.title,
            language=one.language,
            block=block_of(one),
            position=position,
            why="pinned by hand" if one.number in rules.arrangement.pinned else "new to this newsletter",
        )
        for position, one in enumerate(articles)
    ]


def block_of(article: Article) -> str:
    """The block that an article stands in."""
    return STORIES if article.kind is Kind.STORY else UPDATES


def left(article: Article, why: str) -> LeftOutItem:
    """An article that is not in, with its reason."""
    return LeftOutItem(article=article.number, title=article.title, why=why)


def marks_at_freezing(left_out: Iterable[LeftOutItem]) -> list[tuple[int, ItemState, str]]:
    """What becomes of articles that were left out: some never compete again, the others stay new."""
    marks = []
    for one in left_out:
        if one.why.startswith(FINAL):
            marks.append((one.article, ItemState.EXPIRED, one.why))
        elif one.why == "taken out by hand":
            marks.append((one.article, ItemState.EXCLUDED, one.why))
    return marks
