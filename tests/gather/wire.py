"""The line between a newsroom's server and us: what becomes of an answer on its way."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Protocol

from werkzeug import Request, Response

Wire = Callable[[Request, Response], Response]  #: what was asked, and what the server would answer


class OnTheWire(Protocol):
    """A server whose answers go over a line."""

    wire: Wire


def over_the_wire(server: OnTheWire, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """What arrives of what a server answers."""
    return lambda request: server.wire(request, answer(request))


def sound(_: Request, answer: Response) -> Response:
    """As it should be."""
    return answer


def says(body: str | bytes = "", status: int = 200, **headers: str) -> Wire:
    """Something else in the place of every answer; `Retry_After` is the header of that name."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, answer: Response(body, status, content_type=answer.content_type, headers=fields)


def cut(_: Request, answer: Response) -> Response:
    """The connection ends in the middle of the answer."""
    whole = answer.get_data() or b"nothing"
    half = iter([whole[: len(whole) // 2]])
    return Response(half, content_type=answer.content_type, headers={"Content-Length": str(len(whole))})


def cut_unseen(_: Request, answer: Response) -> Response:
    """The same where the server did not say how much it would send: nothing but the text tells."""
    whole = answer.get_data()
    return Response(iter([whole[: len(whole) // 2]]), content_type=answer.content_type)


def endless(piece: bytes, *, pause: float = 0.0) -> Wire:
    """The answer never ends: a piece, and another one after so many seconds."""

    def pieces() -> Iterator[bytes]:
        while True:
            yield piece
            sleep(pause)

    return lambda _, answer: Response(pieces(), content_type=answer.content_type)


def from_then_on(is_then: Callable[[Request], bool], trouble: Wire) -> Wire:
    """Sound until something is asked for, and in trouble from that answer on."""
    came: list[Request] = []

    def wire(request: Request, answer: Response) -> Response:
        if came or is_then(request):
            came.append(request)
            return trouble(request, answer)
        return answer

    return wire


def noting(asked: list[str], wire: Wire = sound) -> Wire:
    """Writes down what is asked."""

    def noted(request: Request, answer: Response) -> Response:
        asked.append(request.full_path)
        return wire(request, answer)

    return noted
