"""What partners are told: each declared correction and each withdrawal, once, to those who hold an earlier version.

    waiting ─► writing ─► sent
      │  ▲        ├─────► refused    by the provider, for good
      │  └────────┤                  not now: tried again later
      ▼           └─────► unknown    the answer was lost: never sent again blindly, a person decides
    dropped                          overtaken: withdrawn before its correction went, or public again

    unaddressed                      the partner has no e-mail address

A `minor` or `substantive` edit tells nobody: a diff is not a correction (R17).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select, update

from publisher.model.article import Correction, RevisionKind, Status
from publisher.store.columns import Instant
from publisher.store.engine import Tx
from publisher.store.schema import article, correction, partner, partner_copy, partner_notice, revision
from publisher.store.upsert import missing

TOLD = (RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL)
OVERTAKEN = "overtaken: the article was withdrawn, or is public again"
LOST = "its sending broke off and no answer was written down"


class NoticeState(StrEnum):
    """Where a notice is."""

    WAITING = "waiting"
    WRITING = "writing"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DROPPED = "dropped"
    UNADDRESSED = "unaddressed"


#: What a person can have sent after all.
STUCK = (NoticeState.REFUSED, NoticeState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one partner about one article."""

    id: int
    partner: str  #: its name
    email: str | None
    article: int
    revision: int  #: the correction or withdrawal that it tells of
    kind: RevisionKind
    state: NoticeState
    made_at: datetime
    tries: int  #: that reached `writing`
    wrote_at: datetime | None = None
    error: str | None = None


def has_undecided(tx: Tx) -> bool:
    """Whether somebody is to be told of something that no notice stands for yet."""
    return tx.execute(_due().limit(1)).first() is not None


def has_unsent(tx: Tx, *, now: datetime) -> bool:
    """Whether a notice is to be sent now, or one that was begun has to be looked at."""
    is_begun = partner_notice.c.state == NoticeState.WRITING
    query = select(partner_notice.c.id).where(or_(is_begun, _is_to_send(now)))
    return tx.execute(query.limit(1)).first() is not None


def decide_notices(tx: Tx, *, now: datetime) -> int:
    """Makes the notices that are due, in one statement, and gives how many; repeating makes none twice."""
    state = case((partner.c.email.is_(None), NoticeState.UNADDRESSED.value), else_=NoticeState.WAITING.value)
    due = _due().with_only_columns(
        partner.c.id, revision.c.article, revision.c.id, revision.c.kind, state, literal(now, Instant()), literal(0)
    )
    names = ["partner", "article", "revision", "kind", "state", "made_at", "tries"]
    made = missing(tx, partner_notice).from_select(names, due.order_by(revision.c.id))
    return len(tx.execute(made.returning(partner_notice.c.id)).all())


def drop_overtaken(tx: Tx) -> None:
    """Drops notices that would say what is true no longer."""
    is_overtaken = and_(partner_notice.c.state == NoticeState.WAITING, ~_is_true())
    tx.execute(update(partner_notice).where(is_overtaken).values(state=NoticeState.DROPPED, error=OVERTAKEN))


def give_up_lost(tx: Tx, *, begun_before: datetime) -> None:
    """Marks as unknown what was begun so long ago that no answer can come any more."""
    is_lost = and_(partner_notice.c.state == NoticeState.WRITING, partner_notice.c.wrote_at < begun_before)
    tx.execute(update(partner_notice).where(is_lost).values(state=NoticeState.UNKNOWN, error=LOST))


def list_waiting(tx: Tx, *, now: datetime) -> list[Notice]:
    """The notices to send now, oldest first."""
    return _notices(tx, notice_query().where(_is_to_send(now)))


def list_open(tx: Tx) -> list[Notice]:
    """The notices that are neither sent nor dropped, oldest first."""
    ended = (NoticeState.SENT, NoticeState.DROPPED)
    return _notices(tx, notice_query().where(partner_notice.c.state.not_in(ended)))


def count_notices(tx: Tx) -> dict[int, dict[NoticeState, int]]:
    """How many notices of each partner are in which state."""
    counted: dict[int, dict[NoticeState, int]] = {}
    columns = (partner_notice.c.partner, partner_notice.c.state)
    for number, state, count in tx.execute(select(*columns, func.count()).group_by(*columns)):
        counted.setdefault(number, {})[NoticeState(state)] = count
    return counted


def begin_notice(tx: Tx, one: Notice, *, now: datetime) -> bool:
    """The mark `writing`, with a last look at the world: false where another sender has it, or it is overtaken.

    What is marked is never listed as waiting again by itself: it may have left the house.
    """
    same_address = select(partner.c.id).where(partner.c.id == partner_notice.c.partner, partner.c.email == one.email)
    is_ours = and_(
        partner_notice.c.id == one.id,
        partner_notice.c.state == NoticeState.WAITING,
        partner_notice.c.tries == one.tries,
        same_address.exists(),
        _is_true(),
    )
    values = {"state": NoticeState.WRITING, "wrote_at": now, "tries": one.tries + 1, "error": None, "not_before": None}
    return tx.execute(update(partner_notice).where(is_ours).values(values)).rowcount == 1


def end_notice(tx: Tx, number: int, tries: int, state: NoticeState, *, error: str | None = None, now: datetime) -> None:
    """Writes down how a try went; one that was sent is sent, whatever was thought of it meanwhile."""
    is_same = and_(partner_notice.c.id == number, partner_notice.c.tries == tries)
    values = {"state": state, "error": error, "sent_at": now if state is NoticeState.SENT else None}
    tx.execute(update(partner_notice).where(is_same, partner_notice.c.state != NoticeState.SENT).values(values))


def put_off(tx: Tx, number: int, tries: int, *, error: str, until: datetime) -> None:
    """Lets a notice wait that was clearly not taken."""
    is_same = and_(partner_notice.c.id == number, partner_notice.c.tries == tries)
    values = {"state": NoticeState.WAITING, "error": error, "not_before": until}
    tx.execute(update(partner_notice).where(is_same).values(values))


def send_again(tx: Tx, number: int) -> bool:
    """A person says that it did not arrive: it waits again. False for one that is not stuck."""
    is_stuck = and_(partner_notice.c.id == number, partner_notice.c.state.in_(STUCK))
    values = {"state": NoticeState.WAITING, "not_before": None}
    return tx.execute(update(partner_notice).where(is_stuck).values(values)).rowcount == 1


def mark_arrived(tx: Tx, number: int) -> bool:
    """A person says that it did arrive. False for one that is not stuck."""
    is_stuck = and_(partner_notice.c.id == number, partner_notice.c.state.in_(STUCK))
    values = {"state": NoticeState.SENT, "error": None, "sent_at": partner_notice.c.wrote_at}
    return tx.execute(update(partner_notice).where(is_stuck).values(values)).rowcount == 1


def list_new_corrections(tx: Tx, number: int, current: int) -> list[Correction]:
    """The corrections that a revision has and the one before it had not, newest first."""
    before = select(func.max(revision.c.id)).where(revision.c.article == number, revision.c.id < current)
    query = select(correction).where(correction.c.revision.in_((current, before.scalar_subquery())))
    rows = tx.execute(query.order_by(correction.c.date.desc(), correction.c.position)).all()
    known = {row.text for row in rows if row.revision != current}
    new = [row for row in rows if row.revision == current and row.text not in known]
    return [Correction(date=date.fromisoformat(row.date), text=row.text) for row in new]


def notice_query() -> Select[Any]:
    """Notices with the names and addresses of their partners, oldest first."""
    names = ("id", "article", "revision", "kind", "state", "made_at", "tries", "wrote_at", "error")
    columns = [partner_notice.c[name] for name in names]
    joined = partner_notice.join(partner, partner.c.id == partner_notice.c.partner)
    return (
        select(*columns, partner.c.name.label("partner"), partner.c.email)
        .select_from(joined)
        .order_by(partner_notice.c.id)
    )


def _notices(tx: Tx, query: Select[Any]) -> list[Notice]:
    return [
        Notice(**row._asdict() | {"kind": RevisionKind(row.kind), "state": NoticeState(row.state)})
        for row in tx.execute(query)
    ]


def _due() -> Select[Any]:
    """Corrections and withdrawals of articles of which a partner took an earlier version, and has no notice."""
    held = (
        select(partner_copy.c.partner, partner_copy.c.article, func.min(partner_copy.c.revision).label("since"))
        .group_by(partner_copy.c.partner, partner_copy.c.article)
        .subquery("held")
    )
    known = select(partner_notice.c.id).where(
        partner_notice.c.partner == held.c.partner, partner_notice.c.revision == revision.c.id
    )
    return (
        select(revision.c.id)
        .select_from(held)
        .join(partner, partner.c.id == held.c.partner)
        # most articles stay as they were taken: those cost one look at the article's row
        .join(article, and_(article.c.number == held.c.article, article.c.revision > held.c.since))
        .join(revision, and_(revision.c.article == article.c.number, revision.c.id > held.c.since))
        .where(revision.c.kind.in_(TOLD), ~known.exists())
    )


def _is_to_send(now: datetime) -> Any:  # noqa: ANN401 - a condition
    """Whether a notice waits and its hour has come."""
    is_due = or_(partner_notice.c.not_before.is_(None), partner_notice.c.not_before <= now)
    return and_(partner_notice.c.state == NoticeState.WAITING, is_due)


def _is_true() -> Any:  # noqa: ANN401 - a condition
    """Whether what a notice says holds: a withdrawn article is withdrawn still, a corrected one public."""
    needed = case((partner_notice.c.kind == RevisionKind.WITHDRAWAL, Status.WITHDRAWN.value), else_=Status.PUBLIC.value)
    return (
        select(article.c.number)
        .where(article.c.number == partner_notice.c.article, article.c.status == needed)
        .exists()
    )
