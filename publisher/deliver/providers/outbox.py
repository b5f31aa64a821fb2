"""The outbox: every message a file, `{folder}/{edition tag}/{address}.eml`; for looking and trying.

It keeps the contract of a provider: an outcome for each reader, the same delivery written twice is one file, and an
attempt that was cut short can be asked for. A file is there whole or not at all.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from publisher.deliver.provider import ProviderConfig, one_for_all, unfit_addresses
from publisher.model.delivery import (
    Accepted,
    Attempt,
    Blame,
    Limits,
    NotBegun,
    NotNow,
    NotSent,
    Outcome,
    Outcomes,
    Packing,
    Refused,
    RenderedBatch,
    Settled,
    Unclear,
)
from publisher.model.edition import Hole
from publisher.model.errors import ConfigurationError
from publisher.render.message import build_message

RECIPIENTS = 100
DEADLINE = timedelta(seconds=60)
LONGEST_NAME = 180  #: in octets; file systems allow 255, the temporary name is longer
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})
WAIT_FOR_SPACE = timedelta(minutes=1)


class Outbox:
    """One folder of messages."""

    account = "outbox"  #: it moves with the newsroom's folder, and is the same outbox there

    def __init__(self, folder: Path, *, limits: Limits) -> None:
        self.limits = limits
        self._folder = folder
        self._is_stopping = False

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """Writes one file for each reader; what could not be written is told for each."""
        if unfit := unfit_addresses(batch):
            return unfit
        if len(batch.recipients) > self.limits.recipients:
            raise ValueError(f"{len(batch.recipients)} readers in a batch of at most {self.limits.recipients}")
        messages = [(recipient, build_message(batch, recipient)) for recipient in batch.recipients]
        if self._is_stopping:
            return one_for_all(batch, NotNow(words="sending is being stopped"))
        if not begin():
            return one_for_all(batch, NotBegun())
        folder = self._folder / safe_name(batch.envelope.tag)
        outcomes: dict[int, Outcome] = {}
        for recipient, message in messages:
            try:
                write_once(folder, safe_name(recipient.address), message)
                outcomes[recipient.subscriber] = Accepted(provider_id=recipient.holes[Hole.MESSAGE_ID])
            except OSError as error:
                outcomes[recipient.subscriber] = judge(error, folder)
        return outcomes

    def settle(self, attempt: Attempt, *, now: datetime) -> Settled:  # noqa: ARG002 - the contract's
        """Looks for the files: all there is accepted; one missing is not sent, since writing again doubles nothing."""
        folder = self._folder / safe_name(attempt.tag)
        if not attempt.addresses:
            return Unclear(words="nobody knows any more whom this attempt was for")
        try:
            there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
        except OSError as error:
            return Unclear(words=f"{folder} cannot be read: {error.strerror}; give this user the right to")
        missing = [a for a in attempt.addresses if f"{safe_name(a)}.eml" not in there]
        return NotSent(words=f"{len(missing)} of its files are not in {folder}") if missing else Accepted()

    def stop(self, *, within: timedelta) -> None:  # noqa: ARG002 - a file is written in no time
        """Begins nothing new."""
        self._is_stopping = True

    def close(self) -> None:
        """Holds nothing open."""
        self._is_stopping = True


def make(config: ProviderConfig) -> Outbox:
    """The outbox from its configuration."""
    if config.folder is None:
        raise ConfigurationError(["provider.kind is outbox and no folder for it is given"])
    limits = Limits(
        recipients=config.max_batch or RECIPIENTS,
        packing=Packing.WHOLE,
        deadline=DEADLINE,
        concurrency=config.concurrency or 2,
        can_settle=True,
        settle_after=config.settle_after or timedelta(0),
    )
    return Outbox(config.folder, limits=limits)


def safe_name(text: str) -> str:
    """A file name that is the same for the same address, readable, and nothing but a name.

    >>> safe_name("Ana@example.org")
    'ana@example.org'
    """
    low = text.lower()
    name = re.sub(r"[^a-z0-9@._+-]", "_", low).lstrip(".-")[:LONGEST_NAME]
    if name == low and name:
        return name
    return f"{name}-{hashlib.sha256(low.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"  # two must not become one


def for_owner(path: str, flags: int) -> int:
    """Opens a file that only its owner may read: it names a reader."""
    return os.open(path, flags, 0o600)


def write_once(folder: Path, name: str, message: bytes) -> None:
    """Writes `{name}.eml` whole or not at all, and durably; nothing when it is there with the same bytes.

    Another message of the edition to the same address goes beside it as `{name}-2.eml`: a double has to be seen.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1
    while (file := folder / (f"{name}.eml" if number == 1 else f"{name}-{number}.eml")).exists():
        if file.read_bytes() == message:
            return
        number += 1
    unfinished = folder / f".{name}.tmp"
    try:
        with open(unfinished, "wb", opener=for_owner) as stream:
            stream.write(message)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)  # the name, too, has to outlast a loss of power
    finally:
        os.close(handle)


def judge(error: OSError, folder: Path) -> Outcome:
    """A full disk passes; a folder that we may not write does not pass by itself."""
    if error.errno in FULL:
        return NotNow(words=f"{folder}: {error.strerror}; make room, then it goes on by itself", wait=WAIT_FOR_SPACE)
    return Refused(
        blame=Blame.ACCOUNT, words=f"{folder} cannot be written: {error.strerror}; give this user the right to"
    )
