"""Articles, editions and batches straight in the store: no source, no template, no provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from publisher.model.article import Image, ImageRights, RevisionKind
from publisher.model.delivery import Batch, BatchState, Packing
from publisher.model.edition import Edition, EditionState, Form, Fragment
from publisher.store import batches, editions, ledger, revisions, subscribers
from publisher.store.engine import Tx
from tests.builders import FRIDAY, a_reader, a_state

HOST = "news.example.org"
LANGUAGES = ("en", "es")
DEADLINE = timedelta(seconds=60)
HOUR = timedelta(hours=1)
LATER = FRIDAY + HOUR
SEND_BY = FRIDAY + 24 * HOUR
MAP = Image(
    url="https://news.example.org/map.png",
    alt="The route",
    caption="From river to port",
    credit="Ana / Example Observatory",
    licence="https://creativecommons.org/licenses/by/4.0/",
    rights=ImageRights.CC,
    rights_why="the credit names a licence",
    width=1200,
    height=800,
    is_main=True,
    media_type="image/png",
)
RIVER = Image(
    url="https://news.example.org/river.jpg",
    alt="",
    caption="",
    credit="",
    licence=None,
    rights=ImageRights.UNKNOWN,
    rights_why="no credit",
)


def publish(tx: Tx, key: str = "gold-route", **changes: Any) -> int:  # noqa: ANN401 - fields of the article
    """Stores an article; gives its number."""
    return revisions.add_article(tx, "site", a_state(key, **changes), host=HOST, now=FRIDAY)


def revise(tx: Tx, number: int, kind: RevisionKind, *, key: str = "gold-route", **changes: Any) -> int:  # noqa: ANN401 - fields of the article
    """Stores a new state of an article an hour later; gives the revision."""
    return revisions.add_revision(tx, "site", number, a_state(key, **changes), kind=kind, now=LATER)


def withdraw(tx: Tx, *numbers: int, now: datetime = FRIDAY) -> None:
    """Withdraws articles."""
    for number in numbers:
        revisions.withdraw_article(tx, number, why="404 rest_post_invalid_id", now=now)


def a_newsletter(tx: Tx, name: str = "weekly") -> int:
    """A newsletter's number."""
    return editions.ensure_newsletter(tx, name, list_id=f"{name}.{HOST}")


def an_edition(tx: Tx, newsletter: int, slot: datetime = FRIDAY, **changes: Any) -> Edition:  # noqa: ANN401 - its columns
    """The edition of a slot."""
    values = {
        "tag": f"weekly{slot:%Y%m%dt%H%Mz}",
        "state": EditionState.COMPOSED,
        "reason": None,
        "archive": f"editions/weekly/{slot:%Y-%m-%d}",
        "composed_at": FRIDAY,
        "goes_at": None,
        "send_by": SEND_BY,
    }
    return editions.open_edition(tx, newsletter, slot, values | changes)[0]


def subscribe(tx: Tx, newsletter: int, *emails: str, **changes: Any) -> list[int]:  # noqa: ANN401 - fields of the line
    """Subscribes readers; gives their numbers."""
    readers = [a_reader(email, **changes) for email in emails]
    subscribers.store_readers(tx, newsletter, readers, now=FRIDAY)
    return [subscribers.find_subscriptions(tx, email)[0].subscriber for email in emails]


def a_fragment(language: str = "en", **changes: Any) -> Fragment:  # noqa: ANN401 - fields of the fragment
    """A piece of a letter, without an article unless one is named."""
    values: dict[str, Any] = {"form": Form.OPEN, "language": language, "html": "<p>open</p>", "text": "open\n"}
    return Fragment(**values | changes)


def an_item_fragment(number: int, language: str, **changes: Any) -> Fragment:  # noqa: ANN401 - fields of the fragment
    """An article's piece of a letter."""
    return a_fragment(language, form=Form.ITEM, block="stories", article=number, **changes)


def a_cut(tx: Tx, edition: int, *, items: Sequence[int] = (), languages: Sequence[str] = LANGUAGES) -> dict[str, int]:
    """A cut of these articles, alike in every language; gives its variants."""
    fragments: list[Fragment] = []
    variants = []
    for language in languages:
        start = len(fragments)
        fragments += [a_fragment(language), *(an_item_fragment(number, language) for number in items)]
        places = tuple(range(start, len(fragments)))
        variants.append(editions.NewVariant(language=language, subject="s", preheader="p", fragments=places))
    values = {"edition": edition, "mark": "q7m2", "sender": "s", "headers": [], "at": FRIDAY, "frozen_at": None}
    return editions.list_variants(tx, editions.store_cut(tx, values, fragments, variants))


def an_audience(edition: int, newsletter: int, variants: Mapping[str, int], **changes: Any) -> ledger.Audience:  # noqa: ANN401 - its fields
    """How an edition for readers of English and Spanish sorts them."""
    values: dict[str, Any] = {"default": "en", "languages": LANGUAGES}
    return ledger.Audience(edition=edition, newsletter=newsletter, variants=variants, **values | changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """An edition under way, with its readers by address."""

    edition: int
    newsletter: int
    readers: Mapping[str, int]
    articles: Sequence[int]


def a_sending(tx: Tx, *emails: str, size: int = 2, items: Sequence[str] = ()) -> Sending:
    """An edition of these articles that is being sent to these readers of English, in batches."""
    newsletter = a_newsletter(tx)
    numbers = dict(zip(emails, subscribe(tx, newsletter, *emails), strict=True))
    edition = an_edition(tx, newsletter, state=EditionState.SENDING).id
    placed = [publish(tx, key) for key in items]
    ledger.write_ledger(tx, an_audience(edition, newsletter, a_cut(tx, edition, items=placed)), after=0)
    ledger.cut_batches(tx, edition, size=size, packing=Packing.WHOLE)
    return Sending(edition=edition, newsletter=newsletter, readers=numbers, articles=placed)


def claim(tx: Tx, edition: int, now: datetime = FRIDAY) -> Batch:
    """Takes the next batch, which must be there."""
    claimed = batches.claim_batch(tx, edition, now=now)
    assert claimed is not None
    return claimed


def begin(tx: Tx, mine: Batch, now: datetime = FRIDAY) -> bool:
    """Begins to write a claimed batch."""
    return batches.begin_writing(tx, mine, account="outbox", deadline=DEADLINE, now=now)


def state_of(tx: Tx, batch: int) -> BatchState:
    """Where a batch is."""
    found = batches.get_batch(tx, batch)
    assert found is not None
    return found.state
