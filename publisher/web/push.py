"""`/push/TOKEN`: where a feed's hub asks whether we meant it (GET) and tells us of changes (POST); WebSub section 5."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.assembly import Publisher
from publisher.gather.push import Confirmed, Denied
from publisher.gather.pushing import answer_hub, take_push

GONE = PlainTextResponse("There is no such subscription.\n", 410)  # tells a hub to stop (WebSub section 7)


class PushPages:
    """What hubs talk to."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def answer(self, request: Request) -> Response:
        """Answers GET, HEAD and POST."""
        token = request.path_params["token"]
        if request.method == "POST":
            body, signature = await request.body(), request.headers.get("x-hub-signature", "")
            return await run_in_threadpool(self._take, token, body, signature)
        return await run_in_threadpool(self._confirm, token, request.url.query)

    def _confirm(self, token: str, query: str) -> Response:
        house = self._publisher
        url = house.settings.newsroom.public_url
        match answer_hub(house.store, token, query, public_url=url, now=house.now()):
            case Confirmed(challenge=challenge):
                return PlainTextResponse(challenge)
            case Denied():
                return PlainTextResponse("noted\n")
            case _:
                return PlainTextResponse("We did not ask for this.\n", 404)

    def _take(self, token: str, body: bytes, signature: str) -> Response:
        # One that is not signed is answered as any other, so that nobody learns what is right (section 7.1).
        is_known = take_push(self._publisher.store, token, body, signature, now=self._publisher.now())
        return Response(status_code=202) if is_known else GONE
