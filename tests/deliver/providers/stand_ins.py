"""Stand-ins of providers over real sockets, which misbehave on request; one row for each provider's kind.

`misbehave` takes one of: `lose` (reads everything, takes it, hangs up), `hang` (takes it, never answers), `later`
(a clear "not now"), `account` and `content` (clear refusals). What was taken is read back as the reader's copy.
"""

import email
import email.policy
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from publisher.deliver.provider import Provider, ProviderConfig
from publisher.deliver.providers import PROVIDERS

SECRET = "key-of-the-account"
PLACEHOLDER = re.compile(
    r"%(recipient\.[^%\s]+|recipient_\w+|recipient|\w*unsubscribe_url|mailing_list_\w+)%", re.IGNORECASE
)


class Begin:
    """A `begin` that says yes and remembers what it saw."""

    def __init__(self, look: Callable[[], object] = lambda: None) -> None:
        self.look, self.saw = look, list[object]()

    def __call__(self) -> bool:
        time.sleep(0.02)  # a byte or a connection too early would be there by now
        self.saw.append(self.look())
        return True


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What one reader got."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]  #: names in lower case


class StandIn(Protocol):
    """A provider's place, and what came there."""

    kind: str

    @property
    def connections(self) -> int: ...
    def provider(self, **changes: Any) -> Provider: ...  # noqa: ANN401 - fields of the configuration
    def misbehave(self, how: str) -> None: ...
    def has_begun(self) -> bool:
        """Whether a byte came that belongs to a message."""

    def copies(self, address: str) -> list[Copy]: ...
    def hang_up(self) -> None: ...
    def go_away(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Listener:
    """Accepts connections and hands each to `serve` on a thread of its own."""

    serve: Callable[[socket.socket], None]
    context: ssl.SSLContext | None = None
    connections: int = 0
    opened: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.sock.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.sock.accept()
                self.connections += 1
                self.opened.append(connection)
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection:
            if self.context is None:
                self.serve(connection)
                return
            with self.context.wrap_socket(connection, server_side=True) as wrapped:
                self.serve(wrapped)

    def hang_up(self) -> None:
        """Closes what is open, as servers do with idle connections."""
        for connection in self.opened:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.opened.clear()

    def close(self) -> None:
        """Nobody is there any more."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.hang_up()


class MailgunStandIn:
    """Mailgun's messages endpoint, which puts variables in as Mailgun does."""

    kind = "mailgun"
    ANSWERS: Mapping[str, tuple[int, str]] = {
        "ok": (200, '{"id": "<20260306.1@mail.example.org>", "message": "Queued. Thank you."}'),
        "later": (429, '{"message": "Domain mail.example.org is not allowed to send: try again after 120 seconds"}'),
        "account": (401, "Forbidden"),
        "content": (400, '{"message": "\'html\' parameter could not be processed"}'),
    }

    def __init__(self, _: Path, context: ssl.SSLContext | None = None) -> None:
        self.listener = Listener(self._serve, context)
        self.made: list[Provider] = []
        self.answer: tuple[int, str] | str = self.ANSWERS["ok"]
        self.extra_headers = ""
        self.calls: list[dict[str, str]] = []
        self.targets: list[str] = []
        self.bytes_in = 0

    @property
    def connections(self) -> int:
        return self.listener.connections

    def provider(self, **changes: Any) -> Provider:  # noqa: ANN401 - fields of the configuration
        scheme = "https" if self.listener.context else "http"
        config = ProviderConfig(
            kind="mailgun",
            url=f"{scheme}://127.0.0.1:{self.listener.port}",
            domain="mail.example.org",
            api_key=lambda: SECRET,
        )
        self.made.append(PROVIDERS["mailgun"](replace(config, **changes)))
        return self.made[-1]

    def misbehave(self, how: str) -> None:
        self.answer = self.ANSWERS.get(how, how)

    def has_begun(self) -> bool:
        return self.bytes_in > 0

    def hang_up(self) -> None:
        self.listener.hang_up()

    def go_away(self) -> None:
        self.listener.close()

    def close(self) -> None:
        for provider in self.made:
            provider.close()
        self.go_away()

    def copies(self, address: str) -> list[Copy]:
        return [self._copy(call, address) for call in self.calls if address in call["to"].split(",")]

    def _copy(self, call: dict[str, str], address: str) -> Copy:
        values = json.loads(call["recipient-variables"])[address] | {"": address}

        def put_in(text: str) -> str:
            return PLACEHOLDER.sub(lambda m: str(values.get(m[1].removeprefix("recipient."), "UNFILLED")), text)

        headers = {name[2:].lower(): put_in(value) for name, value in call.items() if name.startswith("h:")}
        return Copy(
            subject=put_in(call["subject"]), text=put_in(call["text"]), html=put_in(call["html"]), headers=headers
        )

    def _serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        while request := stream.readline():
            self.bytes_in += len(request)
            self.targets.append(request.split(b" ")[1].decode())
            head = dict(line.decode().rstrip().split(": ", 1) for line in iter(stream.readline, b"\r\n"))
            body = stream.read(int(head["Content-Length"]))
            if isinstance(self.answer, tuple) and self.answer[0] != 200:
                pass
            elif body:
                self.calls.append(read_form(body, head["Content-Type"].partition("boundary=")[2]))
            if self.answer == "lose":
                return
            if self.answer == "hang":
                connection.recv(1)
                return
            status, text = self.answer if isinstance(self.answer, tuple) else (200, self.answer)
            length = f"Content-Length: {len(text.encode())}\r\n"
            connection.sendall(f"HTTP/1.1 {status} X\r\n{length}{self.extra_headers}\r\n{text}".encode())


def read_form(body: bytes, boundary: str) -> dict[str, str]:
    """The fields of a multipart form, as text."""
    parts = ("\r\n" + body.decode().removesuffix(f"\r\n--{boundary}--\r\n")).split(f"\r\n--{boundary}\r\n")[1:]
    heads = [part.partition("\r\n\r\n") for part in parts]
    return {head.split('name="')[1].rstrip('"'): rest for head, _, rest in heads}


class SmtpStandIn:
    """A mail server; `replies` holds what it says at a command instead of yes."""

    kind = "smtp"
    USUAL: Mapping[str, str] = {
        "EHLO": "250-mx.example.org\r\n250 SIZE 30000000",
        "STARTTLS": "220 go on",
        "DATA": "354 go on",
        "DOT": "250 2.0.0 queued as 4bXk",
    }

    def __init__(self, _: Path, context: ssl.SSLContext | None = None) -> None:
        self.listener = Listener(self._serve)
        self.made: list[Provider] = []
        self.context = context
        self.replies: dict[str, str] = {}
        self.commands: list[str] = []
        self.messages: list[tuple[str, bytes]] = []

    @property
    def connections(self) -> int:
        return self.listener.connections

    def provider(self, **changes: Any) -> Provider:  # noqa: ANN401 - fields of the configuration
        config = ProviderConfig(kind="smtp", host="127.0.0.1", port=self.listener.port, tls="none")
        self.made.append(PROVIDERS["smtp"](replace(config, **changes)))
        return self.made[-1]

    def misbehave(self, how: str) -> None:
        at, reply = {
            "lose": ("DOT", "lose"),
            "hang": ("DOT", "hang"),
            "later": ("RCPT", "450 4.2.0 greylisted"),
            "account": ("MAIL", "530 5.7.0 authentication required"),
            "content": ("DOT", "554 5.6.0 refused"),
        }[how]
        self.replies[at] = reply

    def has_begun(self) -> bool:
        return "DATA" in self.commands

    def hang_up(self) -> None:
        self.listener.hang_up()

    def go_away(self) -> None:
        self.listener.close()

    def close(self) -> None:
        for provider in self.made:
            provider.close()
        self.go_away()

    def copies(self, address: str) -> list[Copy]:
        return [read_copy(raw) for to, raw in self.messages if to == address]

    def _serve(self, connection: socket.socket) -> None:
        stream, address = connection.makefile("rb"), ""
        if not isinstance(connection, ssl.SSLSocket) and not self._reply(connection, "GREETING", "220 hello"):
            return
        while line := stream.readline().decode().rstrip():
            self.commands.append(line)
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
            if not self._reply(connection, verb, self.USUAL.get(verb, "250 ok")):
                return
            if verb == "DATA" and "DATA" not in self.replies:
                lines = list(iter(stream.readline, b".\r\n"))
                self.messages.append((address, b"".join(one.removeprefix(b".") for one in lines)))
                if not self._reply(connection, "DOT", self.USUAL["DOT"]):
                    return
            if verb == "STARTTLS" and self.context:
                with self.context.wrap_socket(connection, server_side=True) as wrapped:
                    self._serve(wrapped)
                return

    def _reply(self, connection: socket.socket, at: str, usual: str) -> bool:
        """Says what was set, or the usual; False when it hangs up."""
        reply = self.replies.get(at, usual)
        if reply == "hang":
            connection.recv(1)
        if reply in {"hang", "lose"}:
            return False
        connection.sendall(f"{reply}\r\n".encode())
        return True


class OutboxStandIn:
    """The outbox, which stands for itself."""

    kind = "outbox"
    connections = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "outbox"

    def provider(self, **changes: Any) -> Provider:  # noqa: ANN401 - fields of the configuration
        return PROVIDERS["outbox"](replace(ProviderConfig(kind="outbox", folder=self.folder), **changes))

    def misbehave(self, how: str) -> None:
        raise NotImplementedError(how)

    def has_begun(self) -> bool:
        return self.folder.exists()

    def hang_up(self) -> None:
        raise NotImplementedError

    def go_away(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        pass

    def copies(self, address: str) -> list[Copy]:
        found = [read_copy(file.read_bytes()) for file in self.folder.rglob("*.eml")]
        return [copy for copy in found if copy.headers["to"] == address]


def read_copy(raw: bytes) -> Copy:
    """A message as its reader sees it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    headers = {name.lower(): str(value) for name, value in message.items()}
    return Copy(subject=str(message["Subject"]), text=text, html=html, headers=headers)


STAND_INS: Mapping[str, Callable[[Path], StandIn]] = {
    "outbox": OutboxStandIn,
    "smtp": SmtpStandIn,
    "mailgun": MailgunStandIn,
}


def tls_context(certificate: Path) -> ssl.SSLContext:
    """A server's context with the certificate of the fixture."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
