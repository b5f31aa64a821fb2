"""The outbox: a file whole or not at all, a name that is nothing but a name, an attempt that can be asked for."""

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.deliver.provider import ProviderConfig
from publisher.deliver.providers import outbox as adapter
from publisher.deliver.providers.outbox import safe_name
from publisher.model.delivery import Accepted, Blame, NotNow, NotSent, Outcome, Refused, Settled
from publisher.model.errors import ConfigurationError
from tests.deliver.providers.stand_ins import OutboxStandIn
from tests.mail_builders import FRIDAY, TAG, a_batch, a_letter, a_recipient, an_attempt


def send(stand_in: OutboxStandIn, recipients: int = 1, *, subject: str = "The week") -> list[Outcome]:
    """The outcomes of a batch, in the order of its readers."""
    batch = a_batch(recipients, letters={1: a_letter(subject=subject)})
    return list(stand_in.provider().send(batch, begin=lambda: True).values())


def settle(stand_in: OutboxStandIn, recipients: int) -> Settled:
    """What became of an attempt for so many readers."""
    return stand_in.provider().settle(an_attempt(a_batch(recipients)), now=FRIDAY + timedelta(hours=1))


def names(stand_in: OutboxStandIn) -> list[str]:
    """The files of the edition, hidden ones too."""
    return sorted(path.name for path in (stand_in.folder / TAG).iterdir())


def test_each_reader_has_a_file_under_the_editions_tag(outbox: OutboxStandIn) -> None:
    send(outbox, 2)

    assert names(outbox) == ["reader1@example.org.eml", "reader2@example.org.eml"]


def test_the_same_delivery_written_again_is_one_file(outbox: OutboxStandIn) -> None:
    assert send(outbox, 2) == send(outbox, 2)
    assert len(names(outbox)) == 2


def test_another_message_of_the_edition_to_the_same_reader_is_seen_beside_the_first(outbox: OutboxStandIn) -> None:
    send(outbox)
    send(outbox, subject="Another")

    assert names(outbox) == ["reader1@example.org-2.eml", "reader1@example.org.eml"]


def test_an_attempt_cut_short_is_not_sent_and_a_whole_one_is_accepted(outbox: OutboxStandIn) -> None:
    send(outbox, 2)

    assert isinstance(settle(outbox, 3), NotSent)
    assert isinstance(settle(outbox, 2), Accepted)


def test_a_full_disk_waits_leaves_no_half_file_and_touches_no_old_one(
    outbox: OutboxStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(outbox)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    first, second = send(outbox, 2)

    assert isinstance(first, Accepted)
    assert isinstance(second, NotNow)
    assert "make room" in second.words
    assert names(outbox) == ["reader1@example.org.eml"]


def test_a_folder_that_cannot_be_written_halts_with_words_that_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands where the folder should be")

    (outcome,) = send(OutboxStandIn(tmp_path))

    assert isinstance(outcome, Refused)
    assert outcome.blame is Blame.ACCOUNT
    assert "give this user the right to" in outcome.words


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "/etc/passwd", ".hidden", "", "..", "a/b@c", "x" * 300, "con\0"]
)
def test_a_hostile_name_is_one_name_inside_its_folder(hostile: str) -> None:
    name = safe_name(hostile)

    assert Path("/outbox", name).resolve().parent == Path("/outbox")
    assert 0 < len(f".{name}-2.eml.tmp".encode()) < 255
    assert not name.startswith(".")


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_addresses_never_share_a_name(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one.lower() == other.lower())


def test_an_address_with_a_slash_stays_in_the_folder(outbox: OutboxStandIn) -> None:
    hostile = replace(a_batch(), recipients=(a_recipient(address="../../x@example.org"),))

    outbox.provider().send(hostile, begin=lambda: True)

    (name,) = names(outbox)
    assert name.startswith("_.._x@example.org-")


def test_the_factory_needs_a_folder() -> None:
    with pytest.raises(ConfigurationError, match="no folder"):
        adapter.make(ProviderConfig(kind="outbox"))


def test_what_is_written_for_a_reader_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "outbox" / "weekly"

    adapter.write_once(folder, "ana@example.org", b"To: ana@example.org\r\n\r\n")

    assert [one.stat().st_mode & 0o777 for one in (folder, *folder.iterdir())] == [0o700, 0o600]
