"""Any mail server, by SMTP: one reader, one message, one transaction (`docs/providers/smtp.md`).

    connect, EHLO, STARTTLS, AUTH │ MAIL, RCPT │ begin │ DATA, text │ final dot │ answer
    ──────────── not sent: NotNow or Refused ──────────────────────►│◄ unclear ►│

Only a loss between the final dot and the answer is in doubt (RFC 1047), and nothing can be asked afterwards.
`smtplib` is driven step by step: its `sendmail` would say HELO again, and not say where it was when it failed.
"""

import select
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.deliver.provider import ProviderConfig, one_for_all, unfit_addresses
from publisher.deliver.providers.leash import Leash, Watch, closed_on_failure, wait_for, write_all
from publisher.deliver.providers.smtp_answers import (
    Reply,
    judge_message,
    judge_opening,
    judge_recipient,
    judge_sender,
    judge_text,
)
from publisher.model.delivery import (
    Attempt,
    Blame,
    Limits,
    NotBegun,
    NotNow,
    Outcome,
    Outcomes,
    Packing,
    Refused,
    RenderedBatch,
    Settled,
    Unclear,
)
from publisher.model.errors import ConfigurationError
from publisher.render.message import build_message, parse_mailbox

PORTS = {"starttls": 587, "tls": 465, "none": 25}
DEADLINE = timedelta(minutes=10)  #: RFC 5321 section 4.5.3.2.6: so long a server may think after the final dot
COMMAND_SECONDS = 15.0  #: for each command before `begin`; the claim of a batch lasts a minute
IDLE_SECONDS = 4.0
MESSAGES_PER_SESSION = 50
WAIT_FOR_NETWORK = timedelta(seconds=30)
GOES_ON = 354


@dataclass(slots=True)
class Session:
    """An open connection after its greeting, and how much it was used."""

    smtp: smtplib.SMTP
    used_at: float
    messages: int = 0

    @property
    def sock(self) -> socket.socket:
        """The socket itself, which STARTTLS changes."""
        if self.smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self.smtp.sock


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One transaction."""

    sender: str
    address: str
    text: bytes  #: dots doubled, ends with CRLF, the final dot not in it
    attempt_id: str


class Smtp:
    """One mail server and the sessions with it, each used by one thread at a time."""

    def __init__(self, config: ProviderConfig, *, limits: Limits) -> None:
        self.limits = limits
        self._host = config.host or ""
        self._port = config.port or PORTS[config.tls]
        self._user, self._password, self._tls = config.user, config.password, config.tls
        self.account = f"smtp {self._user or ''}@{self._host}:{self._port}"
        self._context = None if config.tls == "none" else ssl.create_default_context()
        self._watch = Watch()
        self._idle: list[Session] = []
        self._lock = threading.Lock()

    def send(self, batch: RenderedBatch, *, begin: Callable[[], bool]) -> Outcomes:
        """One transaction; `begin` is called before DATA."""
        if unfit := unfit_addresses(batch):
            return unfit
        if len(batch.recipients) != 1:
            raise ValueError(f"{len(batch.recipients)} readers in a transaction of one")
        text = build_message(batch, batch.recipients[0]).replace(b"\r\n.", b"\r\n..")  # RFC 5321 section 4.5.2
        mail = Mail(
            sender=parse_mailbox(batch.envelope.sender).addr_spec,
            address=batch.recipients[0].address,
            text=text,
            attempt_id=batch.attempt_id,
        )
        return one_for_all(batch, self._hand_over(mail, begin))

    def settle(self, attempt: Attempt, *, now: datetime) -> Settled:  # noqa: ARG002 - the contract's
        """SMTP has nobody to ask: a person looks, and decides."""
        return Unclear(
            words="SMTP keeps no log that can be asked; look for the Message-ID in the mail server's own log"
        )

    def stop(self, *, within: timedelta) -> None:
        """Ends open transactions after this long."""
        self._watch.stop(within=within.total_seconds())

    def close(self) -> None:
        """Lets all sessions go."""
        self._watch.close()
        with self._lock:
            for session in self._idle:
                session.smtp.close()
            self._idle.clear()

    def _hand_over(self, mail: Mail, begin: Callable[[], bool]) -> Outcome:
        session = self._open_transaction(mail)
        if not isinstance(session, Session):
            return session
        started = self._watch.clock()
        with closed_on_failure(session.smtp):
            is_ours = begin()
        if not is_ours:
            self._give_back(session, reset=True)
            return NotBegun()
        with self._watch.hold(session.sock, until=started + self.limits.deadline.total_seconds()) as leash:
            outcome = write_message(session.smtp, mail.text, leash)
        self._give_back(session)
        return outcome

    def _open_transaction(self, mail: Mail) -> Session | Outcome:
        """A session on which sender and recipient are accepted, or why there is none; nothing was sent."""
        if self._watch.is_stopping:
            return NotNow(words="sending is being stopped")
        try:
            if (session := self._take()) is not None:
                with suppress(OSError):  # it had gone stale, and nothing was begun: once more, on a fresh one
                    return self._propose(session, mail)
            return self._propose(self._dial(mail), mail)
        except (ConfigurationError, OSError) as error:  # what `smtplib` raises is an `OSError` too
            return self._judge_failure(error)

    def _judge_failure(self, error: Exception) -> Outcome:
        """What kept a transaction from being opened."""
        match error:
            case smtplib.SMTPResponseException():
                return judge_opening(Reply.of(error.smtp_code, error.smtp_error))
            case smtplib.SMTPNotSupportedError():
                words = f"{self._host} cannot do what provider.tls or provider.user asks for: {error}"
                return Refused(blame=Blame.ACCOUNT, words=words)
            case ConfigurationError():
                return Refused(blame=Blame.ACCOUNT, words=str(error))
            case _:  # names, connections, certificates that do not fit
                return NotNow(words=f"{self._host}:{self._port} cannot be reached: {error}", wait=WAIT_FOR_NETWORK)

    def _dial(self, mail: Mail) -> Session:
        """A session that is ready for MAIL. Raises what `smtplib` raises."""
        name = mail.sender.rpartition("@")[2]  # in EHLO; the machine's own name is nobody's business
        smtp = (  # with the host: it names the certificate; connecting later would leave it empty
            smtplib.SMTP_SSL(self._host, self._port, name, timeout=COMMAND_SECONDS, context=self._context)
            if self._tls == "tls"
            else smtplib.SMTP(self._host, self._port, name, timeout=COMMAND_SECONDS)
        )
        with closed_on_failure(smtp):
            Reply.of(*smtp.ehlo()).expect(250)
            if self._tls == "starttls":
                Reply.of(*smtp.starttls(context=self._context)).expect(220)
                Reply.of(*smtp.ehlo()).expect(250)
            if self._user:
                smtp.login(self._user, self._password())
        return Session(smtp, self._watch.clock())

    def _propose(self, session: Session, mail: Mail) -> Session | Outcome:
        """MAIL and RCPT. Raises `OSError` when the connection is lost or the server says that it closes it."""
        smtp, has_dsn = session.smtp, session.smtp.has_extn("dsn")
        options = [f"SIZE={len(mail.text)}"] if smtp.has_extn("size") else []
        options += [f"ENVID={mail.attempt_id}", "RET=HDRS"] if has_dsn else []  # a bounce names the attempt (RFC 3461)
        with closed_on_failure(smtp):
            session.sock.settimeout(COMMAND_SECONDS)
            trouble = judge_sender(Reply.of(*smtp.mail(mail.sender, options)))
            if trouble is None:
                notify = ["NOTIFY=FAILURE,DELAY"] if has_dsn else []
                trouble = judge_recipient(Reply.of(*smtp.rcpt(mail.address, notify)))
        if trouble is None:
            return session
        self._give_back(session, reset=True)
        return trouble

    def _take(self) -> Session | None:
        """A session that was used just now, if there is one."""
        while True:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            if session is None:
                return None
            is_fresh = self._watch.clock() - session.used_at < IDLE_SECONDS
            if is_fresh and not wait_for(session.sock, select.POLLIN, 0):  # readable: the server says goodbye
                return session
            session.smtp.close()

    def _give_back(self, session: Session, *, reset: bool = False) -> None:
        if reset:
            with suppress(OSError):  # it closes itself then
                session.smtp.rset()
        session.messages += 1
        session.used_at = self._watch.clock()
        if session.smtp.sock is None or session.messages >= MESSAGES_PER_SESSION:
            with suppress(OSError):
                session.smtp.putcmd("quit")  # said, and not waited for
            session.smtp.close()
            return
        with self._lock:
            self._idle.append(session)


def write_message(smtp: smtplib.SMTP, text: bytes, leash: Leash) -> Outcome:
    """DATA, the text, the final dot, and what its answer means."""
    try:
        leash.sock.settimeout(leash.left())
        reply = Reply.of(*smtp.docmd("DATA"))
        if reply.code != GOES_ON:
            return judge_text(reply)
        write_all(leash, text)
    except OSError as error:  # a text without its final dot is not taken (RFC 5321 section 4.1.1.4)
        smtp.close()
        return NotNow(words=f"the connection was lost within the message: {error}", wait=WAIT_FOR_NETWORK)
    try:
        write_all(leash, b".\r\n")
        return judge_message(Reply.of(*smtp.getreply()))
    except OSError as error:
        smtp.close()
        return Unclear(words=f"the message was written and the answer was lost: {error}")


def make(config: ProviderConfig) -> Smtp:
    """A mail server from its configuration."""
    if not config.host:
        raise ConfigurationError(["config/newsroom.toml: provider.host is missing: the mail server to send through"])
    limits = Limits(
        recipients=1,
        packing=Packing.WHOLE,
        deadline=DEADLINE,
        concurrency=config.concurrency or 4,
        can_settle=False,
        settle_after=timedelta(0),
    )
    return Smtp(config, limits=limits)
