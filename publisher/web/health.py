"""Signs of life for whoever watches the process: that it answers, and that it can do its work."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.model.errors import StoreError
from publisher.store.engine import Store
from publisher.store.migrate import check_step

FRESH = {"cache-control": "no-store"}


async def say_alive(_: Request) -> Response:
    """The process answers; says nothing of the store."""
    return PlainTextResponse("ok\n", headers=FRESH)


class Readiness:
    """Whether the store answers and is at the step that this program needs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answer(self, _: Request) -> Response:
        """200, or 503 with the words."""
        try:
            await run_in_threadpool(check_step, self._store)
        except StoreError as error:
            return PlainTextResponse(f"{error}\n", 503, FRESH)
        return PlainTextResponse("ready\n", headers=FRESH)
