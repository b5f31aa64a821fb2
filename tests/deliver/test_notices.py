"""Telling partners: exactly the holders, each once, and never again blindly; a name space of its own."""

import signal
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from publisher.deliver.notices import TAG, NoticeResult
from publisher.model.article import RevisionKind
from publisher.model.delivery import Accepted, Blame, NotNow, Outcome, Refused
from publisher.schedule.notifying import notify_partners
from publisher.store import batches, notices, partners, revisions
from publisher.store.articles import read_numbers
from publisher.store.engine import Store
from publisher.store.notices import LOST, Notice, NoticeState
from publisher.store.partners import CopyForm
from tests.builders import ANA, a_state
from tests.deliver.scripted import LOST as NO_ANSWER
from tests.deliver.scripted import Scripted
from tests.house import House
from tests.store.partner_builders import DAILY, DESK, RADIO, a_partner

NOTIFIER = Path(__file__).with_name("notifier.py")
OTHER_DESK = "desk@radio.example.net"
HOUR = timedelta(hours=1)


class Telling(Scripted):
    """A house with partners and a provider that answers as told."""

    def add(self, name: str = DAILY, email: str | None = DESK) -> None:
        """A partner."""
        with self.store.begin() as tx:
            a_partner(tx, name, email=email)

    def take(self, name: str, number: int) -> None:
        """A partner takes an article as it is now."""
        with self.store.begin() as tx:
            taken, one = read_numbers(tx, [number]).values(), partners.get_partner(tx, name)
            partners.record_copies(tx, one.id, taken, form=CopyForm.FEED, now=self.clock.now())

    def held_article(self, *names: str, **changes: Any) -> int:  # noqa: ANN401 - fields of the article
        """An article that partners hold; the Daily where none is named."""
        number = self.publish(**changes)
        for name in names or (DAILY,):
            self.add(name, {DAILY: DESK, RADIO: OTHER_DESK}[name])
            self.take(name, number)
        return number

    def revise(self, number: int, kind: RevisionKind = RevisionKind.CORRECTION) -> None:
        """A new version."""
        with self.store.begin() as tx:
            state = a_state(title="The gold road")
            revisions.add_revision(tx, "site", number, state, kind=kind, now=self.clock.now())

    def tell(self) -> list[NoticeResult]:
        """What the clock does after a build."""
        return notify_partners(self.publisher)

    def states(self) -> list[NoticeState]:
        """How the notices of one run went."""
        return [one.state for one in self.tell()]

    def open(self) -> list[Notice]:
        """What could not be told."""
        with self.store.read() as tx:
            return notices.list_open(tx)

    @property
    def mailed(self) -> list[str]:
        """Whose mailboxes got something, in order."""
        return [batch.recipients[0].address for batch in self.provider.begun]


@pytest.fixture
def house(store: Store, tmp_path: Path) -> Telling:
    return Telling(store, tmp_path)


@pytest.fixture
def small(sqlite_store: Store, tmp_path: Path) -> Telling:
    """The same where the database does not matter."""
    return Telling(sqlite_store, tmp_path)


def test_a_correction_is_told_to_its_holders_once(house: Telling) -> None:
    number = house.held_article(DAILY, RADIO)
    house.add("Never took it", "desk@other.example.net")
    house.revise(number)

    first, second = house.states(), house.states()

    assert (first, second) == ([NoticeState.SENT] * 2, [])
    assert sorted(house.mailed) == [DESK, OTHER_DESK]


def test_a_withdrawal_is_told_too(house: Telling) -> None:
    house.withdraw(house.held_article())

    assert house.states() == [NoticeState.SENT]
    assert house.provider.begun[0].letters[0].subject == "Withdrawn: The gold route"


@pytest.mark.parametrize("kind", [RevisionKind.MINOR, RevisionKind.SUBSTANTIVE])
def test_an_edit_is_told_to_nobody(small: Telling, kind: RevisionKind) -> None:
    small.revise(small.held_article(), kind)

    assert (small.tell(), small.mailed) == ([], [])


def test_a_partner_without_an_address_gets_nothing_and_is_listed(small: Telling) -> None:
    number = small.publish()
    small.add(DAILY, None)
    small.take(DAILY, number)
    small.withdraw(number)

    assert (small.tell(), small.mailed) == ([], [])
    assert [one.state for one in small.open()] == [NoticeState.UNADDRESSED]


def test_without_anything_to_tell_the_provider_is_not_asked_for(small: Telling) -> None:
    del small.publisher.__dict__["mailer"], small.publisher.__dict__["provider"]
    small.held_article()

    assert small.tell() == []
    assert "provider" not in small.publisher.__dict__


def test_a_notice_has_names_that_no_edition_and_no_proof_has(small: Telling) -> None:
    small.withdraw(small.held_article())
    small.tell()
    (batch,) = small.provider.begun

    assert (batch.envelope.tag, batch.batch) == (TAG, 0)
    assert batch.attempt_id == f"{small.publisher.mailer.store_id}n{1}t1"
    with small.store.read() as tx:
        assert batches.list_in_doubt(tx) == []


def test_the_message_is_whole_and_needs_no_leave_link(sqlite_store: Store, tmp_path: Path) -> None:
    house = House(sqlite_store, tmp_path, reply_to="Desk <desk@news.example.org>")
    number = house.publish()
    with house.store.begin() as tx:
        one = a_partner(tx)
        partners.record_copies(
            tx, one.id, read_numbers(tx, [number]).values(), form=CopyForm.FEED, now=house.clock.now()
        )
    house.withdraw(number)

    notify_partners(house.publisher)

    (file,) = (house.publisher.settings.var / "outbox" / TAG).glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == (DESK, "Withdrawn: The gold route")
    assert (message["Auto-Submitted"], message["Reply-To"]) == ("auto-generated", "Desk <desk@news.example.org>")
    assert message["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (NO_ANSWER, NoticeState.UNKNOWN, "the answer was lost: no answer"),
        (Refused(blame=Blame.ADDRESS, words="550 no such user"), NoticeState.REFUSED, "550 no such user"),
        (Refused(blame=Blame.REQUEST, words="400 bad"), NoticeState.REFUSED, "400 bad"),
    ],
)
def test_what_did_not_clearly_arrive_stays_in_words_and_is_not_sent_again(
    house: Telling, answer: Outcome, state: NoticeState, words: str
) -> None:
    house.withdraw(house.held_article())
    house.provider.answers = [answer]

    first = house.states()
    house.clock.forward(1000 * HOUR)
    second = house.states()

    assert (first, second, house.mailed) == ([state], [], [DESK])
    assert [(one.state, one.error) for one in house.open()] == [(state, words)]


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (NotNow(words="429 slow down", wait=HOUR), HOUR),
        (Refused(blame=Blame.ACCOUNT, words="401 Forbidden"), timedelta(minutes=15)),
    ],
)
def test_what_was_clearly_not_taken_is_tried_again_later_and_stops_the_run(
    small: Telling, answer: Outcome, wait: timedelta
) -> None:
    small.withdraw(small.held_article(DAILY, RADIO))
    small.provider.answers = [answer]

    first = small.states()
    at_once = small.states()
    small.clock.forward(wait)
    later = small.states()

    assert (first, at_once, later) == ([NoticeState.WAITING], [NoticeState.SENT], [NoticeState.SENT])
    assert sorted(small.mailed[1:]) == [DESK, OTHER_DESK]
    assert small.open() == []


def test_a_notice_that_cannot_be_built_stops_no_other(small: Telling) -> None:
    small.withdraw(small.held_article(DAILY, RADIO))
    small.provider.before_begin = [lambda: (_ for _ in ()).throw(ValueError("cannot be built"))]

    assert small.states() == [NoticeState.REFUSED, NoticeState.SENT]


def test_every_try_has_one_message_id_and_a_name_of_its_own(small: Telling) -> None:
    small.withdraw(small.held_article())
    small.provider.answers = [NotNow(words="429"), Accepted()]

    small.tell()
    small.tell()

    one, two = small.provider.begun
    assert one.recipients[0].holes == two.recipients[0].holes
    assert (one.envelope.date, one.attempt_id[-2:], two.attempt_id[-2:]) == (two.envelope.date, "t1", "t2")


def test_a_correction_that_is_overtaken_in_the_last_moment_does_not_go(house: Telling) -> None:
    number = house.held_article()
    house.revise(number)
    house.provider.before_begin = [lambda: house.withdraw(number)]

    first, second = house.states(), house.states()

    assert (first, second) == ([], [NoticeState.SENT])
    assert house.provider.begun[0].letters[0].subject == "Withdrawn: The gold road"


def test_two_that_tell_at_one_moment_send_one_mail(house: Telling) -> None:
    house.withdraw(house.held_article())
    inner: list[list[NoticeState]] = []
    house.provider.before_begin = [lambda: inner.append(house.states())]

    outer = house.states()

    assert (inner, outer, house.mailed) == ([[NoticeState.SENT]], [], [DESK])


def test_a_sender_that_dies_after_the_mark_leaves_it_in_doubt(house: Telling) -> None:
    house.withdraw(house.held_article())
    house.provider.judge = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        house.tell()
    house.provider.judge = lambda _: Accepted()

    soon = house.states()
    on_its_way = [one.state for one in house.open()]
    house.clock.forward(house.provider.limits.deadline + batches.WRITE_MARGIN + timedelta(seconds=1))
    late = house.states()

    assert (soon, late, house.mailed) == ([], [], [DESK])
    assert on_its_way == [NoticeState.WRITING]
    assert [(one.state, one.error) for one in house.open()] == [(NoticeState.UNKNOWN, LOST)]


@pytest.mark.slow
@pytest.mark.parametrize(("kill_at", "mails"), [("mark", 0), ("answer", 1)])
def test_a_notifier_that_is_killed_tells_nobody_twice(house: Telling, tmp_path: Path, kill_at: str, mails: int) -> None:
    house.withdraw(house.held_article())
    log = tmp_path / "mails"
    command = [sys.executable, str(NOTIFIER), str(tmp_path), house.store.engine.url.render_as_string(), str(log)]

    killed = subprocess.run([*command, kill_at], check=False, timeout=60)
    again = subprocess.run(command, check=False, timeout=60)

    taken = log.read_text().splitlines() if log.exists() else []
    assert (killed.returncode, again.returncode, len(taken)) == (-signal.SIGKILL, 0, mails)
    assert [one.state for one in house.open()] == [NoticeState.WRITING]


def test_an_edition_is_nothing_to_the_notices(small: Telling) -> None:
    small.withdraw(small.held_article(key="held"))
    edition = small.frozen_edition(audience=[ANA])

    small.tell()
    small.send(edition.id)

    assert small.mailed == [DESK, ANA]
