"""Whatever is published and whatever the rules: nothing is carried twice, and nothing is lost without a word."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.compose.choose import Choice, Rules, choose_items, marks_at_freezing
from publisher.model.article import Article, Kind
from publisher.model.edition import Arrangement, ItemState
from tests.builders import FRIDAY
from tests.compose.test_choose import an_article, some_rules

DAY, WEEK = timedelta(days=1), timedelta(days=7)
NUMBERS = st.integers(1, 12)


@st.composite
def some_articles(draw: st.DrawFn) -> list[Article]:
    """Articles of any kind, age and language, newest first."""
    made = [
        an_article(
            number,
            language=draw(st.sampled_from(["en", "es", "fr"])),
            kind=draw(st.sampled_from(list(Kind))),
            published=FRIDAY - draw(st.integers(0, 40)) * DAY,
        )
        for number in range(1, draw(st.integers(0, 12)) + 1)
    ]
    return sorted(made, key=lambda one: one.published, reverse=True)


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    """Rules that a configuration may hold."""
    maximum = draw(st.integers(1, 6))
    by_hand = draw(st.lists(NUMBERS, unique=True, max_size=6))
    return some_rules(
        maximum=maximum,
        minimum=draw(st.integers(1, maximum)),
        is_first=draw(st.booleans()),
        blocks=draw(st.sampled_from([("stories",), ("updates", "stories")])),
        arrangement=Arrangement(
            pinned=tuple(by_hand[:2]), dropped=tuple(by_hand[2:4]), order=tuple(draw(st.permutations(by_hand)))
        ),
    )


def is_ours(article: Article, rules: Rules) -> bool:
    """Whether the newsletter could carry it at all."""
    return article.language in rules.languages and (article.kind is Kind.STORY or "updates" in rules.blocks)


@given(articles=some_articles(), rules=any_rules())
@settings(deadline=None)
def test_every_article_of_the_newsletter_is_in_or_left_out_with_one_reason(
    articles: list[Article], rules: Rules
) -> None:
    choice = choose_items(articles, rules, slot=FRIDAY)

    told = Counter([*(item.article for item in choice.items), *(one.article for one in choice.left_out)])
    assert told == Counter(article.number for article in articles if is_ours(article, rules))
    assert all(one.why for one in choice.left_out)


@given(articles=some_articles(), rules=any_rules())
@settings(deadline=None)
def test_a_language_is_in_with_at_least_its_minimum_and_at_most_its_maximum_or_not_at_all(
    articles: list[Article], rules: Rules
) -> None:
    choice = choose_items(articles, rules, slot=FRIDAY)

    found = Counter(item.language for item in choice.items)
    assert set(found) == set(choice.languages)
    assert all(rules.minimum <= count <= rules.maximum for count in found.values())
    assert all(choice.counts[tag] < rules.minimum for tag in rules.languages if tag not in found)


@given(articles=some_articles(), rules=any_rules())
@settings(deadline=None)
def test_a_persons_word_counts_and_the_order_is_without_gaps(articles: list[Article], rules: Rules) -> None:
    choice = choose_items(articles, rules, slot=FRIDAY)

    dropped, pinned = set(rules.arrangement.dropped), rules.arrangement.pinned
    assert not dropped & {item.article for item in choice.items}
    for tag in choice.languages:
        mine = [item for item in choice.items if item.language == tag]
        assert [item.position for item in mine] == list(range(len(mine)))
        first = [item.article for item in mine if item.article in pinned]
        assert [item.article for item in mine][: len(first)] == first == [n for n in pinned if n in first]


@given(weeks=st.lists(st.integers(0, 6), min_size=1, max_size=8), rules=any_rules())
@settings(deadline=None)
def test_over_many_weeks_nothing_is_carried_twice_and_what_is_not_has_a_reason(weeks: list[int], rules: Rules) -> None:
    carried: list[int] = []
    states: dict[int, ItemState] = {}
    published: list[Article] = []
    for week, count in enumerate(weeks):
        slot = FRIDAY + week * WEEK
        published += [an_article(len(published) + n + 1, published=slot - n * DAY) for n in range(count)]
        waiting = [one for one in reversed(published) if one.number not in states]

        choice = choose_items(waiting, rules_of_week(rules, is_first=not carried), slot=slot)

        carried += mark(states, choice)
        if choice.languages:  # what is neither carried nor expired is young enough for the next week
            left = [one for one in published if one.number not in states]
            assert all(one.published >= slot - rules.max_age for one in left)
    assert len(carried) == len(set(carried))


def rules_of_week(rules: Rules, *, is_first: bool) -> Rules:
    """The rules without a person's word."""
    return some_rules(minimum=rules.minimum, maximum=rules.maximum, is_first=is_first)


def mark(states: dict[int, ItemState], choice: Choice) -> list[int]:
    """What freezing writes down; gives what was carried. Too little ends the slot and writes nothing."""
    if not choice.languages:
        return []
    states.update({number: state for number, state, _ in marks_at_freezing(choice.left_out)})
    taken = [item.article for item in choice.items]
    states.update(dict.fromkeys(taken, ItemState.USED))
    return taken
