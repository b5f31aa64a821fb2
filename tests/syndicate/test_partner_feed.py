"""A partner's feed: only what may be republished now, in full, and what became of what it has taken."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publisher.model.article import Article, ImageRights, RevisionKind, Status
from publisher.store.engine import Store, Tx
from publisher.store.partners import Partner
from publisher.syndicate.feed import Feed
from publisher.syndicate.house import House
from publisher.syndicate.partner_feed import (
    FORMATS,
    TOLD_FOR,
    Shelf,
    build_partner_feed,
    load_shelf,
    may_go,
    render_partner_feed,
    texts_in,
)
from tests.licensing.article_builders import BY_NC, NOW, a_correction, a_withdrawn_article, an_article, an_image
from tests.store.partner_builders import DAILY, a_partner, take
from tests.store.store_builders import publish, revise, withdraw
from tests.syndicate.house_builders import a_house

ADDRESS = "https://follow.example.org/partner/s3cret/feed"
NAMES = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
RESERVED = "all-rights-reserved"


@pytest.fixture
def tx(sqlite_store: Store) -> Iterator[Tx]:
    """A transaction in an empty store; what databases do is tested in `tests/store`."""
    with sqlite_store.begin() as transaction:
        yield transaction


def the_daily(*languages: str) -> Partner:
    """A partner that is not stored."""
    return Partner(id=3, name=DAILY, languages=languages, email=None, made_at=NOW)


def a_feed(*offered: Article, withdrawn: Sequence[Article] = (), house: House | None = None) -> Feed:
    """The Daily's feed of these articles."""
    shelf = Shelf(offered=offered, withdrawn=tuple(withdrawn))
    return build_partner_feed(the_daily(), shelf, house or a_house(), address=ADDRESS, now=NOW)


def shelf_of(tx: Tx, partner: Partner, house: House | None = None, **options: Any) -> list[int]:  # noqa: ANN401 - `now`
    """The numbers of all that a partner's feed holds."""
    values: dict[str, Any] = {"now": NOW}
    shelf = load_shelf(tx, partner, house or a_house(), **values | options)
    return [one.number for one in (*shelf.offered, *shelf.withdrawn)]


@pytest.mark.parametrize("form", FORMATS)
def test_the_text_comes_in_full_with_credit_and_kit_whatever_the_public_feeds_hold(form: str) -> None:
    house = a_house(feeds={"content": "summary"})

    data = render_partner_feed(a_feed(an_article(), house=house), form).decode()

    assert "The gold leaves the river at night." in data
    assert "Republished without changes." in data
    assert "https://follow.example.org/republish/41/" in data
    assert BY_NC in data


@pytest.mark.parametrize("form", FORMATS)
def test_a_feed_names_its_own_secret_address_and_no_hub(form: str) -> None:
    data = render_partner_feed(a_feed(an_article()), form).decode()

    assert f"{ADDRESS}.{form}" in data
    assert "hub.example.net" not in data
    assert data.count("s3cret") == 1


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_independent_reader_takes_it(form: str) -> None:
    parsed: Any = feedparser.parse(render_partner_feed(a_feed(an_article(), an_article(40)), form))

    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [an_article(41).uri, an_article(40).uri]
    assert parsed.feed.title == "Example Observatory: to republish"


def test_pictures_that_may_not_leave_are_left_out() -> None:
    agency = an_image("https://news.example.org/agency.jpg", rights=ImageRights.AGENCY, is_main=True)
    own = an_image()
    pictures = "".join(f'<img src="{one.url}">' for one in (agency, own))

    entry = a_feed(an_article(content_html=f"<p>Text {pictures}</p>", images=(agency, own))).entries[0]

    assert "agency.jpg" not in (entry.content_html or "")
    assert own.url in (entry.content_html or "")
    assert entry.image is None


def test_a_correction_is_seen_in_the_text_and_in_updated() -> None:
    later = NOW + timedelta(hours=1)
    article = an_article(corrections=(a_correction(),), updated=later)

    feed = a_feed(article)

    assert "Correction (March 6, 2026): An earlier version misnamed the river." in (feed.entries[0].content_html or "")
    assert (feed.entries[0].updated, feed.updated) == (later, later)


def test_a_withdrawal_is_a_tombstone_and_a_stand_in_in_atom() -> None:
    data = render_partner_feed(a_feed(an_article(40), withdrawn=[a_withdrawn_article()]), "atom")

    root = etree.fromstring(data)
    ids: Any = root.xpath("a:entry/a:id/text()", namespaces=NAMES)
    titles: Any = root.xpath("a:entry/a:title/text()", namespaces=NAMES)
    refs: Any = root.xpath("at:deleted-entry/@ref", namespaces=NAMES)
    assert refs == [a_withdrawn_article().uri]
    assert ids == [a_withdrawn_article().uri, an_article(40).uri]
    assert titles[0] == "Withdrawn: The gold route"
    assert b"leaves the river" in data  # of the one that is there
    assert data.count(b"leaves the river") == 1


@pytest.mark.parametrize("form", ["rss", "json"])
def test_a_withdrawal_is_a_stand_in_elsewhere(form: str) -> None:
    data = render_partner_feed(a_feed(withdrawn=[a_withdrawn_article()]), form).decode()

    assert "Withdrawn: The gold route" in data
    assert "leaves the river" not in data


def test_a_feed_speaks_the_partners_one_language() -> None:
    shelf = Shelf(offered=(an_article(language="es"),), withdrawn=())

    feed = build_partner_feed(the_daily("es"), shelf, a_house(), address=ADDRESS, now=NOW)

    assert (feed.language, feed.title) == ("es", "Example Observatory: para republicar")


def test_the_same_shelf_gives_the_same_bytes_at_any_hour() -> None:
    shelf = Shelf(offered=(an_article(),), withdrawn=(a_withdrawn_article(40),))
    feeds = [
        build_partner_feed(the_daily(), shelf, a_house(), address=ADDRESS, now=NOW + timedelta(hours=hours))
        for hours in (0, 5)
    ]

    assert [render_partner_feed(feeds[0], form) for form in FORMATS] == [
        render_partner_feed(feeds[1], form) for form in FORMATS
    ]


def test_copies_are_the_texts_that_are_in_it() -> None:
    shelf = Shelf(offered=(an_article(), an_article(40, url="mailto:nobody")), withdrawn=(a_withdrawn_article(39),))

    feed = build_partner_feed(the_daily(), shelf, a_house(), address=ADDRESS, now=NOW)

    there = {entry.id for entry in feed.entries if entry.withdrawn is None}
    assert {one.uri for one in texts_in(feed, shelf)} == there


def test_what_may_not_be_republished_is_not_on_the_shelf(tx: Tx) -> None:
    publish(tx, "reserved", licence=None, licence_why=RESERVED)
    publish(tx, "marked", no_republish=True)
    publish(tx, "embargo", embargo_until=NOW + timedelta(hours=1))
    publish(tx, "agency", rights_holder="Reuters")
    number = publish(tx)

    assert shelf_of(tx, a_partner(tx)) == [number]


def test_the_houses_embargo_counts(tx: Tx) -> None:
    house = a_house(licence={"default": BY_NC, "rights_holder": "Example Observatory", "embargo": "48h"})
    number = publish(tx, published=NOW - timedelta(hours=47))
    daily = a_partner(tx)

    early, late = (shelf_of(tx, daily, house, now=NOW + timedelta(hours=hours)) for hours in (0, 1))

    assert (early, late) == ([], [number])


def test_only_the_newest_that_may_go_are_counted(tx: Tx) -> None:
    house = a_house(feeds={"items": 2})
    ages = {publish(tx, f"a{n}", published=NOW - timedelta(hours=n)): n for n in range(1, 5)}
    publish(tx, "newest", published=NOW, rights_holder="Reuters")

    assert [ages[number] for number in shelf_of(tx, a_partner(tx), house)] == [1, 2]


def test_pages_are_read_until_enough_may_go(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.syndicate.partner_feed.PAGE", 2)
    for n in range(5):
        publish(tx, f"agency{n}", rights_holder="Reuters")
    number = publish(tx, "old", published=NOW - timedelta(days=90))

    assert shelf_of(tx, a_partner(tx)) == [number]


def test_a_corrected_copy_is_told_for_thirty_days_however_old_it_is(tx: Tx) -> None:
    house = a_house(feeds={"items": 1})
    daily, old = a_partner(tx), publish(tx, "old", published=NOW - timedelta(days=900))
    new = publish(tx, "new")
    take(tx, daily, old)
    revise(tx, old, RevisionKind.CORRECTION, key="old", published=NOW - timedelta(days=900))

    told = [shelf_of(tx, daily, house, now=NOW + span) for span in (TOLD_FOR, TOLD_FOR + timedelta(days=1))]

    assert told == [[new, old], [new]]


def test_a_corrected_copy_under_a_new_embargo_is_not_told_with_its_text(tx: Tx) -> None:
    daily, number = a_partner(tx), publish(tx)
    take(tx, daily, number)
    revise(tx, number, RevisionKind.CORRECTION, embargo_until=NOW + timedelta(days=2))

    assert shelf_of(tx, daily) == []


def test_a_withdrawn_copy_is_told_for_thirty_days_to_those_who_have_it(tx: Tx) -> None:
    daily, radio, number = a_partner(tx), a_partner(tx, "Radio"), publish(tx)
    take(tx, daily, number)
    withdraw(tx, number, now=NOW)

    spans = (timedelta(0), TOLD_FOR, TOLD_FOR + timedelta(seconds=1))

    assert [shelf_of(tx, daily, now=NOW + span) for span in spans] == [[number], [number], []]
    assert shelf_of(tx, radio) == []


LICENCES = st.sampled_from([None, "", RESERVED, BY_NC, "https://creativecommons.org/licenses/by-nd/4.0/", "CC-BY"])
SHELVES = st.lists(
    st.fixed_dictionaries(
        {
            "licence": LICENCES,
            "no_republish": st.booleans(),
            "embargo_until": st.sampled_from([None, NOW, NOW + timedelta(seconds=1), NOW - timedelta(days=1)]),
            "rights_holder": st.sampled_from(["Example Observatory", "Reuters", ""]),
            "status": st.sampled_from(Status),
        }
    ),
    max_size=5,
)


@given(SHELVES)
def test_no_text_that_may_not_go_is_ever_in_any_format(rows: list[dict[str, Any]]) -> None:
    articles = [an_article(n, content_html=f"<p>words-of-{n}</p>", **row) for n, row in enumerate(rows, 1)]
    house = a_house()
    free = [one for one in articles if may_go(one, house, now=NOW)]

    texts = [render_partner_feed(a_feed(*free, house=house), form).decode() for form in FORMATS]

    hidden = [one for one in articles if one not in free]
    assert all(f"words-of-{one.number}" in text for text in texts for one in free)
    assert not any(f"words-of-{one.number}" in text for text in texts for one in hidden)
    assert all(one.licence and not one.no_republish and one.status is Status.PUBLIC for one in free)
    assert all(one.embargo_until is None or one.embargo_until <= NOW for one in free)


def test_json_says_that_each_item_may_be_republished() -> None:
    items = json.loads(render_partner_feed(a_feed(an_article()), "json"))["items"]

    assert [item["_republish"]["republishable"] for item in items] == [True]
