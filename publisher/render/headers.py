"""The header fields that every message of an edition carries alike (email.md section 2).

From, To, Subject, Date, Message-ID and the MIME fields are the message's own and are written when it is built. Values
are ASCII and hold no control character: providers take them as JSON or form fields, where nobody folds or encodes.
"""

import re
from dataclasses import dataclass

from publisher.model.edition import Hole, hole_token

LIST_ID = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
SENDER_ID = re.compile(r"[A-Za-z0-9]{5,15}")
VISIBLE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What the header fields are made from."""

    edition: str  #: its tag, `weekly20260306t1200z`
    newsletter: str
    list_id: str  #: as stored at first use: `weekly.mail.example.org`
    list_title: str = ""  #: named before the List-Id where it is ASCII
    sender_id: str  #: 5 to 15 letters and digits that never change: the store's id
    mark: str  #: of the cut's hole tokens
    reply_to: str | None = None
    archive_url: str | None = None
    help_url: str | None = None


def envelope_headers(facts: ListFacts) -> tuple[tuple[str, str], ...]:
    """The fields in order; List-Unsubscribe holds exactly one address, a hole token (RFC 8058 section 3.1).

    Raises `ValueError` for a value that cannot stand in a header.
    """
    fields = [
        ("Reply-To", facts.reply_to),
        ("List-Id", list_id(facts)),
        # No mailto beside it: it may stand here only where somebody reads the mailbox.
        ("List-Unsubscribe", f"<{hole_token(Hole.UNSUBSCRIBE, facts.mark)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Help", facts.help_url and f"<{facts.help_url}>"),
        ("List-Archive", facts.archive_url and f"<{facts.archive_url}>"),
        ("Feedback-ID", feedback_id(facts)),
        ("Precedence", "bulk"),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834 section 5: quiets holiday notices
    ]
    return tuple((name, visible(name, value)) for name, value in fields if value)


def list_id(facts: ListFacts) -> str:
    """RFC 2919: a phrase for people, then the id that filters go by; the phrase is left out if it is not ASCII."""
    if not LIST_ID.fullmatch(facts.list_id) or len(facts.list_id) > 255:  # noqa: PLR2004 - RFC 2919 section 3
        raise ValueError(f"{facts.list_id!r} is no List-Id; write it as weekly.mail.example.org")
    if not VISIBLE.fullmatch(facts.list_title):
        return f"<{facts.list_id}>"
    phrase = facts.list_title.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{phrase}" <{facts.list_id}>'


def feedback_id(facts: ListFacts) -> str:
    """Gmail's feedback loop counts complaints by each of the first three; the last says who we are, for ever."""
    if not SENDER_ID.fullmatch(facts.sender_id):
        raise ValueError(f"{facts.sender_id!r} is no sender id; use 5 to 15 letters and digits")
    kind = "digest" if facts.newsletter != "digest" else "letter"  # no value may stand twice
    parts = [facts.edition, facts.newsletter, kind, facts.sender_id]
    if any(":" in part for part in parts) or len(set(parts)) != len(parts):
        raise ValueError(f"{':'.join(parts)} is no Feedback-ID: its four fields must differ and hold no colon")
    return ":".join(parts)


def visible(name: str, value: str) -> str:
    """The value, if it is visible ASCII on one line."""
    if not VISIBLE.fullmatch(value):
        raise ValueError(f"{name}: {value!r} holds characters that cannot stand in a header")
    return value
