"""What a mail server's reply means, by where in the transaction it was given (RFC 5321 section 4.2, RFC 3463).

| at                | 2xx      | 4xx    | 5xx                                                            |
| up to AUTH, MAIL  | go on    | NotNow | Refused, account: nothing of ours would pass                   |
| RCPT              | go on    | NotNow | Refused, address; request where the words are of policy        |
| DATA, final dot   | Accepted | NotNow | Refused, request: a control message shows whose fault it is    |
"""

import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from publisher.model.delivery import Accepted, Blame, NotNow, Outcome, Refused, Unclear

CLOSING = 421
WAIT = timedelta(minutes=5)  #: greylisting lets a second try pass after one to five minutes
#: "No such mailbox", "not local", "bad name": about this reader. 552 is her full mailbox, or too many recipients.
ADDRESS_CODES = frozenset({550, 551, 553})
FULL = 552
#: X.7.X is security and policy (RFC 3463 section 3.8): a relay that knows us not says so of every reader.
POLICY = re.compile(r"5\.7\.\d+")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a server."""

    code: int
    text: str

    @classmethod
    def of(cls, code: int, text: bytes | str) -> Self:
        """From what `smtplib` gives; the text on one line."""
        plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return cls(code, " ".join(plain.split())[:300])

    @property
    def words(self) -> str:
        """For a person."""
        return f"{self.code} {self.text}"

    @property
    def kind(self) -> int:
        """The first digit: 2 done, 3 go on, 4 not now, 5 no."""
        return self.code // 100

    def expect(self, code: int) -> None:
        """Raises `SMTPResponseException` for any other code."""
        if self.code != code:
            raise smtplib.SMTPResponseException(self.code, self.text)


def judge_opening(reply: Reply) -> Outcome:
    """A refusal up to AUTH."""
    if reply.kind == 5:  # noqa: PLR2004 - RFC 5321 section 4.2.1
        return Refused(blame=Blame.ACCOUNT, words=reply.words)
    return NotNow(words=reply.words, wait=WAIT)


def judge_sender(reply: Reply) -> Outcome | None:
    """The reply to MAIL; None: go on."""
    return None if goes_on(reply) else judge_opening(reply)


def judge_recipient(reply: Reply) -> Outcome | None:
    """The reply to RCPT; None: go on."""
    if goes_on(reply):
        return None
    if reply.kind != 5 or reply.code == FULL:  # noqa: PLR2004 - RFC 5321 section 4.2.1
        return NotNow(words=reply.words, wait=WAIT)
    is_about_her = reply.code in ADDRESS_CODES and not POLICY.match(reply.text)
    return Refused(blame=Blame.ADDRESS if is_about_her else Blame.REQUEST, words=reply.words)


def judge_text(reply: Reply) -> Outcome:
    """The reply to DATA when it is no 354: nothing of the text was written, so nothing can have been accepted."""
    if reply.kind == 5:  # noqa: PLR2004 - RFC 5321 section 4.2.1
        return Refused(blame=Blame.REQUEST, words=reply.words)
    return NotNow(words=reply.words, wait=WAIT)


def judge_message(reply: Reply) -> Outcome:
    """The reply to the final dot."""
    match reply.kind:
        case 2:
            return Accepted(provider_id=reply.text)
        case 4:
            return NotNow(words=reply.words, wait=WAIT)
        case 5:
            return Refused(blame=Blame.REQUEST, words=reply.words)
        case _:
            return Unclear(words=reply.words)


def goes_on(reply: Reply) -> bool:
    """2xx. Raises for 421: the server closes the connection, whatever was asked."""
    if reply.code == CLOSING:
        raise smtplib.SMTPResponseException(reply.code, reply.text)
    return reply.kind == 2  # noqa: PLR2004 - RFC 5321 section 4.2.1
