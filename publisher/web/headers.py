"""Security headers for everything that leaves the web server, and the limit of what comes in. Pure ASGI.

A page may bring a policy of its own; what it does not say is filled in here.
"""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Our own pages: one style sheet and one script from here, pictures from the newsroom's site.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
#: An edition in the archive is a message body: inline styles, no script, no form, and our own pictures.
MESSAGE_POLICY = (
    "default-src 'none'; img-src 'self' https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
HOUSE_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
A_YEAR = "max-age=31536000"
#: One-click bodies and forms hold a few words; nothing here takes more.
BODY_BYTES = 65_536


class SecurityHeaders:
    """Adds the house's headers to every answer that does not have its own."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        headers = HOUSE_HEADERS | ({"strict-transport-security": A_YEAR} if is_https else {})
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"]
                named = {name for name, _ in own}
                message["headers"] = [*own, *(pair for pair in self._headers if pair[0] not in named)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a request body over the limit: by its announced length, and by what really comes."""

    def __init__(self, app: ASGIApp, *, max_bytes: int = BODY_BYTES, larger: Mapping[str, int] | None = None) -> None:
        """`larger`: other limits, by the beginning of a path."""
        self._app = app
        self._max_bytes = max_bytes
        self._larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, or 413."""
        path = scope.get("path", "")
        most = next((size for start, size in self._larger.items() if path.startswith(start)), self._max_bytes)
        announced = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced) > most:
            await PlainTextResponse("The request is too large.\n", 413)(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:  # raised inside the application: outside, it would have answered 500 already
                raise HTTPException(413, "The request is too large.\n")
            return message

        await self._app(scope, receive_counted, send)
