"""A sender as a process of its own, to be killed and stopped: `python sender.py FOLDER URL STORE [STOP_AT]`.

Deadlines and leases are shortened, so that a test need not wait them out. STOP_AT stops the process, as a closed lid
does, at `claimed` (before the mark `writing`) or at `writing` (after it, just before the first byte), once.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from publisher.assembly import Publisher
from publisher.deliver import send
from publisher.deliver.providers import http
from publisher.deliver.settle import settle_batches
from publisher.model.edition import EditionState
from publisher.store import batches
from publisher.store.engine import Store, SystemClock
from tests.house import some_settings

SECOND = timedelta(seconds=1)


def open_publisher(folder: Path, url: str, store: str, *, at_once: int) -> Publisher:
    """A publisher whose provider is the stand-in at `url`, in a hurry."""
    os.environ["SENDER_KEY"] = "key"
    batches.CLAIM_LEASE = SECOND
    batches.WRITE_MARGIN = SECOND
    http.PAUSE_SECONDS = 0.3
    keys = {"kind": "mailgun", "url": url, "domain": "mail.example.org", "api_key": "env:SENDER_KEY"}
    settings = some_settings(folder, **keys, max_batch=10, settle_after="0s", concurrency=at_once)
    made = Publisher(settings=settings, store=Store(store, folder), clock=SystemClock())
    provider: Any = made.provider
    provider.limits = replace(provider.limits, deadline=SECOND * 2)
    return made


def stop_once(at: str) -> None:
    """Stops this process just before or just after its mark `writing`, the first time it comes there."""
    exchange = http.HttpClient.exchange
    done: list[bool] = []

    def stop() -> None:
        if not done:
            done.append(True)
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.2)  # the stop reaches this thread a moment later; it must not take SQLite's lock meanwhile

    def exchange_and_stop(self: http.HttpClient, request: http.Request, *, begin: Callable[[], bool]) -> object:
        def begin_and_stop() -> bool:
            if at == "claimed":
                stop()
            is_ours = begin()
            stop()
            return is_ours

        return exchange(self, request, begin=begin_and_stop)

    http.HttpClient.exchange = exchange_and_stop  # type: ignore[method-assign,assignment]  # a stop between two steps


def finish(publisher: Publisher) -> None:
    """Settles and sends until everything is clear, as an operator does."""
    for _ in range(5):
        if publisher.send(1, by_hand=True).state is EditionState.SENT:
            return
        settle_batches(publisher.mailer)


def main() -> None:
    """Sends edition 1 once, stopping at a mark if told; or sends and settles it to the end when told `finish`."""
    folder, url, store, *more = sys.argv[1:]
    # one that is to be stopped works alone: another of its threads might be stopped with a lock in its hand
    alone = bool(set(more) & {"claimed", "writing"})
    if alone:
        send.RENDER_AHEAD = 0
    publisher = open_publisher(Path(folder), url, store, at_once=1 if alone else 4)
    if more == ["finish"]:
        finish(publisher)
    else:
        if more:
            stop_once(more[0])
        publisher.send(1, by_hand=True)
    publisher.close()


if __name__ == "__main__":
    main()
