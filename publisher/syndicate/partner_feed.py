"""The feed of one partner: only what it may republish now, in full, and what became of what it has taken.

| an article                                      | is in the feed as                                         |
|-------------------------------------------------|-----------------------------------------------------------|
| that may be republished now, in its languages   | an entry, of the newest `feeds.items`                     |
| that it took, corrected in the last 30 days     | an entry with its new `updated`, however old it is        |
| that it took, withdrawn in the last 30 days     | a stand-in; in Atom a tombstone as well                   |
| under an embargo, or otherwise not to republish | nothing: the token alone opens no embargoed text (R23)    |

The text is a kit's: without pictures that may not leave, with corrections and the notice to be shown.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publisher.licensing.decisions import republishable
from publisher.licensing.notices import Changes, addresses_html, notice_html
from publisher.model.article import Article, Kind
from publisher.store.engine import Tx
from publisher.store.partners import Partner, list_corrected_copies, list_offered, list_withdrawn_copies
from publisher.syndicate.atom import render_atom
from publisher.syndicate.credits import licence_of, notice_of
from publisher.syndicate.entries import correction_html
from publisher.syndicate.feed import FEED_YEAR, Entry, Feed
from publisher.syndicate.feeds import FeedPlan, build_feed
from publisher.syndicate.house import House
from publisher.syndicate.images import republishable_body
from publisher.syndicate.json_feed import render_json_feed
from publisher.syndicate.markup import clean_text
from publisher.syndicate.partner_words import partner_words
from publisher.syndicate.rss import render_rss

FORMATS = ("rss", "atom", "json")
TOLD_FOR = timedelta(days=30)  #: so long a feed tells of a correction or withdrawal, whatever else is new
PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The articles of a partner's feed."""

    offered: tuple[Article, ...]  #: may be republished now; newest first
    withdrawn: tuple[Article, ...]  #: that the partner has


def load_shelf(tx: Tx, partner: Partner, house: House, *, now: datetime) -> Shelf:
    """What a partner's feed holds now."""
    since = now - TOLD_FOR
    newest = {one.number: one for one in _newest(tx, partner, house, now=now)}
    corrected = list_corrected_copies(tx, partner.id, since=since)
    offered = newest | {one.number: one for one in corrected if may_go(one, house, now=now)}
    return Shelf(
        offered=tuple(sorted(offered.values(), key=_age, reverse=True)),
        withdrawn=tuple(list_withdrawn_copies(tx, partner.id, since=since)),
    )


def may_go(article: Article, house: House, *, now: datetime) -> bool:
    """Whether nothing stands against republishing an article now."""
    return not republishable(article, now=now, embargo=house.embargo, own=house.own)


def build_partner_feed(partner: Partner, shelf: Shelf, house: House, *, address: str, now: datetime) -> Feed:
    """The feed as data; `address` is its own, without extension."""
    # The text is added below, and is not the one of the newsroom's own feeds; hubs would learn the secret address.
    plain = replace(house, full_text=False, hubs=())
    language = partner.languages[0] if len(partner.languages) == 1 else house.language
    words = partner_words(language)
    title = words["feed_title"].format(house=house.name)
    plan = FeedPlan(scope="all", slug="", name="", title=title, kinds=(Kind.STORY, Kind.UPDATE), language=language)
    articles = sorted([*shelf.offered, *shelf.withdrawn], key=_age, reverse=True)
    by_uri = {one.uri: one for one in shelf.offered}
    feed = build_feed(plan, articles, plain, now=now)
    return replace(
        feed,
        id=f"tag:{house.host},{FEED_YEAR}:feed/partner/{partner.id}",
        description=words["feed_about"].format(partner=clean_text(partner.name)),
        home_url=house.address(""),
        self_urls={form: f"{address}.{form}" for form in FORMATS},
        entries=tuple(_with_text(entry, by_uri.get(entry.id), house) for entry in feed.entries),
    )


def render_partner_feed(feed: Feed, form: str) -> bytes:
    """The feed in one of `FORMATS`. A withdrawal is both in Atom: few readers know tombstones."""
    if form == "atom":
        stand_ins = {entry.id: replace(entry, withdrawn=None) for entry in feed.entries if entry.withdrawn}
        doubled = [one for entry in feed.entries for one in (entry, stand_ins.get(entry.id)) if one]
        return render_atom(replace(feed, entries=tuple(doubled)))
    return render_rss(feed) if form == "rss" else render_json_feed(feed)


def texts_in(feed: Feed, shelf: Shelf) -> list[Article]:
    """The articles whose text is in a feed: the copies that whoever fetches it has taken."""
    there = {entry.id for entry in feed.entries}
    return [one for one in shelf.offered if one.uri in there]


def _newest(tx: Tx, partner: Partner, house: House, *, now: datetime) -> list[Article]:
    """The newest articles that may go, a page at a time: licence and owner are read here, not by the store."""
    found: list[Article] = []
    before: Article | None = None
    while len(found) < house.items:
        page = list_offered(tx, partner.languages, before=before, limit=PAGE, now=now)
        found += [one for one in page if may_go(one, house, now=now)]
        if len(page) < PAGE:
            break
        before = page[-1]
    return found[: house.items]


def _with_text(entry: Entry, article: Article | None, house: House) -> Entry:
    """An entry with the text to paste; a stand-in has its own."""
    if article is None:
        return entry
    body = republishable_body(article)
    licence = licence_of(article, house)
    notice = replace(notice_of(article, house, licence), changes=Changes()) if licence else None
    end = f"<p>{notice_html(notice)}</p><p>{addresses_html(notice)}</p>" if notice else ""
    return replace(entry, content_html=f"{correction_html(article, body)}{body}{end}")


def _age(article: Article) -> tuple[datetime, int]:
    return article.published, article.number
