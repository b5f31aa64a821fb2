"""`/r/ID.gif`: the counter of a kit, where the newsroom turned it on. Everybody gets the same empty picture.

    request ─► whose kit? ─► which page, as far as the newsroom wants to know ─► this reader today already? ─► counted

Of a reader nothing is kept but that there was one: no cookie is set, and the IP address is only in memory, as a hash
whose salt is thrown away every day. Counts reach the store every few seconds, so that no reader waits for it; those
of the last seconds are lost when the process ends.
"""

import threading
from collections import Counter as Sums
from datetime import timedelta

import structlog
from starlette.requests import Request
from starlette.responses import Response

from publisher.assembly import Publisher
from publisher.audience.kit_ids import KitIds
from publisher.model.errors import StoreError
from publisher.store.readings import OTHERS, Seen, add_readings
from publisher.web.referrers import kept_referrer
from publisher.web.visitors import Visitors

log = structlog.get_logger()

#: One transparent pixel, 43 bytes.
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "cross-origin",  # it is made to be shown on partners' pages
}
EVERY = timedelta(seconds=2)  #: counts reach the store so soon
MOST_WAITING = 10_000  #: different things that may wait for that


class Counter:
    """Counts the readings of kits, for one process."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._ids = KitIds(publisher.secrets)
        self._level = publisher.settings.licence.counter
        self._visitors = Visitors()
        self._lock = threading.Lock()
        self._waiting: Sums[Seen] = Sums()
        self._timer: threading.Timer | None = None

    async def answer(self, request: Request) -> Response:
        """The picture, whatever was asked."""
        if self._level != "off" and request.method == "GET":
            self._count(request)
        return Response(PIXEL, media_type="image/gif", headers=HEADERS)

    def flush(self) -> None:
        """Brings what waits to the store; what it does not take now waits on."""
        with self._lock:
            waiting, self._waiting, self._timer = self._waiting, Sums(), None
        try:
            with self._publisher.store.begin() as tx:
                add_readings(tx, waiting)
        except StoreError as error:
            log.warning("readings.not_stored", waiting=len(waiting), why=str(error))
            with self._lock:
                self._waiting.update(waiting)
                self._start_timer()

    def _count(self, request: Request) -> None:
        article = self._ids.read(request.path_params["kit"])
        if article is None or request.client is None:
            return
        referrer = kept_referrer(request.headers.get("referer", ""), with_path=self._level == "page")
        now = self._publisher.now()
        if self._visitors.is_new(request.client.host, f"{article} {referrer}", now=now):
            self._add(Seen(article=article, day=now.date().isoformat(), referrer=referrer))

    def _add(self, one: Seen) -> None:
        with self._lock:
            if len(self._waiting) >= MOST_WAITING and one not in self._waiting:
                one = Seen(article=one.article, day=one.day, referrer=OTHERS)
            self._waiting[one] += 1
            self._start_timer()

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(EVERY.total_seconds(), self.flush)
            self._timer.daemon = True  # a process that ends does not wait for it
            self._timer.start()
