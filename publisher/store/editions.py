"""Newsletters, the slot book, editions with their items, cuts, fragments and variants."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, or_, select, update

from publisher.model.edition import (
    OPEN_STATES,
    Arrangement,
    Edition,
    EditionItem,
    EditionState,
    Form,
    Fragment,
    LeftOutItem,
    Letter,
)
from publisher.model.errors import NotFoundError, WrongStateError
from publisher.store.engine import Tx
from publisher.store.schema import (
    article,
    cut,
    edition,
    edition_item,
    fragment,
    newsletter,
    revision,
    unbuilt,
    variant,
    variant_item,
)
from publisher.store.upsert import insert_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One frozen content: what all its messages share."""

    id: int
    edition: int
    mark: str
    sender: str
    headers: tuple[tuple[str, str], ...]
    at: datetime
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A variant to store: its language, its words in the inbox list, and its fragments in order (by position)."""

    language: str
    subject: str
    preheader: str
    fragments: tuple[int, ...]  #: positions in the list of fragments that is stored with it


def ensure_newsletter(tx: Tx, name: str, *, list_id: str) -> int:
    """A newsletter's number; made, with its List-Id, at first use (RFC 2919: constant for ever)."""
    if find_number(tx, name) is None:
        insert_missing(tx, newsletter, [{"name": name, "list_id": list_id}])  # two processes may be first at once
    return get_number(tx, name)


def find_number(tx: Tx, name: str) -> int | None:
    """A newsletter's number; None for one that was never used."""
    return tx.execute(select(newsletter.c.id).where(newsletter.c.name == name)).scalar_one_or_none()


def get_number(tx: Tx, name: str) -> int:
    """A newsletter's number; raises `NotFoundError`."""
    number = find_number(tx, name)
    if number is None:
        raise NotFoundError("newsletter", name)
    return number


def find_newsletter(tx: Tx, number: int) -> str | None:
    """The name of a newsletter by its number; None where there never was one."""
    return tx.execute(select(newsletter.c.name).where(newsletter.c.id == number)).scalar_one_or_none()


def list_id_of(tx: Tx, newsletter_id: int) -> str:
    """The stored List-Id of a newsletter."""
    return str(tx.execute(select(newsletter.c.list_id).where(newsletter.c.id == newsletter_id)).scalar_one())


def open_edition(tx: Tx, newsletter_id: int, slot: datetime, values: Mapping[str, Any]) -> tuple[Edition, bool]:
    """The edition of a slot, and whether this call made it. Whoever comes first makes it, everybody else finds it.

    Raises `WrongStateError` while another edition of the newsletter is open.
    """
    wait_for_turn(tx, newsletter_id)
    found = find_edition(tx, newsletter_id, slot)
    if found:
        return found, False
    other = find_open_edition(tx, newsletter_id)
    if other:
        raise WrongStateError(
            f"Edition {other.id} of {other.newsletter}, slot {other.slot:%Y-%m-%dT%H:%M:%SZ},",
            other.state,
            ["sent", "cancelled"],
        )
    row = {
        "newsletter": newsletter_id,
        "slot": slot,
        "subject": "",
        "preheader": "",
        "is_custom": 0,
        "note": "",
        "arrangement": {},
    } | dict(values)
    number = tx.execute(insert(edition).values(row).returning(edition.c.id)).scalar_one()
    return get_edition(tx, number), True


def wait_for_turn(tx: Tx, newsletter_id: int) -> None:
    """Lets one transaction at a time open an edition of a newsletter; SQLite's writers are one at a time anyway.

    Not FOR UPDATE: whoever wrote a slot of the newsletter holds its key, and two of them would wait for each other.
    """
    mine = select(newsletter.c.id).where(newsletter.c.id == newsletter_id)
    tx.execute(mine.with_for_update(key_share=True))


def find_edition(tx: Tx, newsletter_id: int, slot: datetime) -> Edition | None:
    """The edition of a newsletter's slot."""
    query = edition_query().where(edition.c.newsletter == newsletter_id, edition.c.slot == slot)
    row = tx.execute(query).one_or_none()
    return edition_of(row) if row else None


def find_open_edition(tx: Tx, newsletter_id: int) -> Edition | None:
    """The one edition of a newsletter that still wants something."""
    query = edition_query().where(edition.c.newsletter == newsletter_id, edition.c.state.in_(OPEN_STATES))
    row = tx.execute(query.order_by(edition.c.id)).first()
    return edition_of(row) if row else None


def get_edition(tx: Tx, number: int | str) -> Edition:
    """One edition; raises `NotFoundError`."""
    text = str(number)
    is_number = re.fullmatch(r"[0-9]{1,18}", text)
    row = tx.execute(edition_query().where(edition.c.id == int(text))).one_or_none() if is_number else None
    if row is None:
        raise NotFoundError("edition", number)
    return edition_of(row)


def list_editions(tx: Tx, *, states: Sequence[EditionState] = (), limit: int = 200) -> list[Edition]:
    """Editions, newest slot first."""
    query = edition_query().order_by(edition.c.slot.desc(), edition.c.id.desc()).limit(limit)
    return [edition_of(row) for row in tx.execute(query.where(edition.c.state.in_(states)) if states else query)]


def editions_of_unbuilt(tx: Tx) -> set[int]:
    """The editions that carry an article which `public/` does not show as it is."""
    query = select(edition_item.c.edition).where(edition_item.c.article.in_(select(unbuilt.c.article)))
    return set(tx.execute(query.distinct()).scalars())


def move_edition(tx: Tx, number: int, *, to: EditionState, among: Sequence[EditionState], **values: Any) -> bool:  # noqa: ANN401 - columns of the edition
    """Changes an edition's state if it is in one of `among`; False when somebody else was first."""
    moved = update(edition).where(edition.c.id == number, edition.c.state.in_(among)).values(state=to, **values)
    return int(tx.execute(moved).rowcount) == 1


def change_edition(tx: Tx, number: int, **values: Any) -> None:  # noqa: ANN401 - columns of the edition
    """Writes columns of an edition, its state untouched."""
    tx.execute(update(edition).where(edition.c.id == number).values(**values))


def edition_query() -> Select[Any]:
    """Editions with the name of their newsletter."""
    return select(edition, newsletter.c.name.label("newsletter_name")).join(
        newsletter, newsletter.c.id == edition.c.newsletter
    )


def edition_of(row: Row[Any]) -> Edition:
    """A row as an `Edition`."""
    values = row._asdict()
    values["newsletter"] = values.pop("newsletter_name")
    arrangement = Arrangement(**{name: tuple(numbers) for name, numbers in row.arrangement.items()})
    return Edition(
        **values | {"state": EditionState(row.state), "is_custom": bool(row.is_custom), "arrangement": arrangement}
    )


def newsletter_of(tx: Tx, number: int) -> int:
    """The number of an edition's newsletter."""
    return int(tx.execute(select(edition.c.newsletter).where(edition.c.id == number)).scalar_one())


def store_items(tx: Tx, number: int, items: Sequence[EditionItem], left_out: Sequence[LeftOutItem]) -> None:
    """Writes an edition's items anew."""
    tx.execute(delete(edition_item).where(edition_item.c.edition == number))
    rows = [
        {"article": one.article, "block": one.block, "position": one.position, "why": one.why, "is_left_out": 0}
        for one in items
    ] + [
        {"article": one.article, "block": "", "position": position, "why": one.why, "is_left_out": 1}
        for position, one in enumerate(left_out)
    ]
    current = {
        row.number: row.revision
        for row in tx.execute(
            select(article.c.number, article.c.revision).where(article.c.number.in_([row["article"] for row in rows]))
        )
    }
    if rows:
        tx.execute(
            insert(edition_item), [row | {"edition": number, "revision": current[row["article"]]} for row in rows]
        )


def list_items(tx: Tx, number: int) -> list[EditionItem]:
    """What is in an edition, in order."""
    query = (
        item_query(number)
        .where(edition_item.c.is_left_out == 0)
        .order_by(edition_item.c.block, edition_item.c.position)
    )
    return [
        EditionItem(
            article=row.article,
            revision=row.revision,
            work_id=row.work_id,
            title=row.title,
            language=row.language,
            block=row.block,
            position=row.position,
            why=row.why,
        )
        for row in tx.execute(query)
    ]


def list_left_out(tx: Tx, number: int) -> list[LeftOutItem]:
    """What was looked at and is not in an edition."""
    query = item_query(number).where(edition_item.c.is_left_out == 1).order_by(edition_item.c.position)
    return [LeftOutItem(article=row.article, title=row.title, why=row.why) for row in tx.execute(query)]


def item_query(number: int) -> Select[Any]:
    """An edition's items with the title and language of the revision that they were made from."""
    return (
        select(edition_item, revision.c.title, revision.c.language, article.c.work_id)
        .join(revision, revision.c.id == edition_item.c.revision)
        .join(article, article.c.number == edition_item.c.article)
        .where(edition_item.c.edition == number)
    )


def store_cut(tx: Tx, values: Mapping[str, Any], fragments: Sequence[Fragment], variants: Sequence[NewVariant]) -> int:
    """Writes a new cut with its fragments and variants, and makes it the one that counts for its edition."""
    number = int(tx.execute(insert(cut).values(dict(values)).returning(cut.c.id)).scalar_one())
    rows = [
        {
            "cut": number,
            "language": one.language,
            "form": one.form,
            "block": one.block,
            "article": one.article,
            "revision": one.revision,
            "html": one.html,
            "text": one.text,
        }
        for one in fragments
    ]
    ids = (
        list(tx.execute(insert(fragment).returning(fragment.c.id, sort_by_parameter_order=True), rows).scalars())
        if rows
        else []
    )
    for one in variants:
        told = [
            one.language,
            *(f"{fragments[n].form}:{fragments[n].block}:{fragments[n].article}" for n in one.fragments),
        ]
        made = insert(variant).values(
            cut=number,
            hash=hashlib.sha256("\n".join(told).encode()).hexdigest(),
            language=one.language,
            subject=one.subject,
            preheader=one.preheader,
        )
        variant_id = tx.execute(made.returning(variant.c.id)).scalar_one()
        placed = [{"variant": variant_id, "position": p, "fragment": ids[n]} for p, n in enumerate(one.fragments)]
        tx.execute(insert(variant_item), placed)
    tx.execute(update(edition).where(edition.c.id == values["edition"]).values(cut=number))
    return number


def get_cut(tx: Tx, number: int) -> Cut:
    """One cut."""
    row = tx.execute(select(cut).where(cut.c.id == number)).one()
    return Cut(**row._asdict() | {"headers": tuple((name, value) for name, value in row.headers)})


def freeze_cut(tx: Tx, number: int, *, now: datetime) -> None:
    """Writes down when a cut was frozen: the Date of all its messages, the time of all its tokens."""
    tx.execute(update(cut).where(cut.c.id == number, cut.c.frozen_at.is_(None)).values(frozen_at=now))


def drop_cuts(tx: Tx, number: int) -> None:
    """Deletes the cuts of an edition that was never frozen, with all that hangs on them."""
    cuts = select(cut.c.id).where(cut.c.edition == number, cut.c.frozen_at.is_(None)).scalar_subquery()
    variants = select(variant.c.id).where(variant.c.cut.in_(cuts)).scalar_subquery()
    tx.execute(update(edition).where(edition.c.id == number).values(cut=None))
    tx.execute(delete(variant_item).where(variant_item.c.variant.in_(variants)))
    tx.execute(delete(variant).where(variant.c.cut.in_(cuts)))
    tx.execute(delete(fragment).where(fragment.c.cut.in_(cuts)))
    tx.execute(delete(cut).where(cut.c.edition == number, cut.c.frozen_at.is_(None)))


def list_fragments(tx: Tx, variant_id: int) -> list[Fragment]:
    """A variant's fragments in order."""
    query = (
        select(fragment)
        .join(variant_item, variant_item.c.fragment == fragment.c.id)
        .where(variant_item.c.variant == variant_id)
        .order_by(variant_item.c.position)
    )
    return [
        Fragment(
            form=Form(row.form),
            language=row.language,
            block=row.block,
            article=row.article,
            revision=row.revision,
            html=row.html,
            text=row.text,
        )
        for row in tx.execute(query)
    ]


def list_variants(tx: Tx, cut_id: int) -> dict[str, int]:
    """The variants of a cut, by language (one each, until digests are cut to the reader)."""
    return {
        row.language: row.id
        for row in tx.execute(
            select(variant.c.id, variant.c.language).where(variant.c.cut == cut_id).order_by(variant.c.id)
        )
    }


def list_all_variants(tx: Tx, edition_id: int) -> list[tuple[int, str]]:
    """The variants of all cuts of an edition, with the language of each."""
    query = select(variant.c.id, variant.c.language).join(cut, cut.c.id == variant.c.cut)
    return [(row.id, row.language) for row in tx.execute(query.where(cut.c.edition == edition_id))]


def load_letter(tx: Tx, variant_id: int) -> Letter:
    """A variant as its readers get it, before what is personal is put in."""
    row = tx.execute(select(variant).where(variant.c.id == variant_id)).one()
    fragments = list_fragments(tx, variant_id)
    return Letter(
        variant=variant_id,
        language=row.language,
        subject=row.subject,
        preheader=row.preheader,
        html="".join(one.html for one in fragments),
        text="".join(one.text for one in fragments),
    )


def count_archives(tx: Tx, folder: str) -> int:
    """How many editions have their page in this folder of the archive, or in one numbered after it.

    One that was skipped reached nobody, so nobody knows its folder.
    """
    is_there = or_(edition.c.archive == folder, edition.c.archive.like(f"{folder}-%"))
    query = select(func.count()).select_from(edition).where(is_there, edition.c.state != EditionState.SKIPPED)
    return int(tx.execute(query).scalar_one())
