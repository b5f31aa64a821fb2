"""A notifier as a process of its own, to be killed: `python notifier.py FOLDER STORE LOG [KILL_AT]`.

Each mail that its provider takes is a line of LOG. KILL_AT ends the process as power loss does: `mark` just after the
mark `writing`, before the mail is taken; `answer` when it was taken and nobody knows yet.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from publisher.assembly import Publisher
from publisher.model.delivery import Outcomes, RenderedBatch
from publisher.schedule.notifying import notify_partners
from publisher.store.engine import Store
from tests.deliver.scripted import ScriptedProvider
from tests.house import FixedClock, some_settings


class DyingProvider(ScriptedProvider):
    """Writes down what it takes, and dies where it is told to."""

    def __init__(self, log: Path, kill_at: str) -> None:
        super().__init__()
        self.file = log
        self.kill_at = kill_at

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """Takes one mail, or dies."""

        def begin_and_die() -> bool:
            is_ours = begin()
            self.die("mark")
            return is_ours

        outcomes = super().send(batch, begin=begin_and_die)
        with self.file.open("a") as file:
            file.write(f"{batch.recipients[0].address} {batch.attempt_id}\n")
            file.flush()
            os.fsync(file.fileno())
        self.die("answer")
        return outcomes

    def die(self, at: str) -> None:
        """Ends the process at once, if this is the place."""
        if self.kill_at == at:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Tells partners once."""
    folder, store, log, *kill_at = sys.argv[1:]
    publisher = open_publisher(Path(folder), store)
    publisher.__dict__["provider"] = DyingProvider(Path(log), "".join(kill_at))
    notify_partners(publisher)
    publisher.close()


def open_publisher(folder: Path, store: str) -> Publisher:
    """The house that the test has made, at its hour."""
    settings = some_settings(folder)
    return Publisher(settings=settings, store=Store(store, folder), clock=FixedClock())


if __name__ == "__main__":
    main()
