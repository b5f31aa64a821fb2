"""The body of a Mailgun call: a form in which content is never read as syntax, and only our holes are (R13).

| what                | where                  | written as                                        |
| a hole of ours      | subject, headers, text | `%recipient.NAME%`                                |
| a hole of ours      | html                   | the same, with the escaped value where it differs |
| Mailgun's own words | html                   | `&#37;` for the percent sign                      |
| the same            | subject, headers, text | U+2060, which has no width, after the percent sign|

Mailgun looks through all of it once and puts values in as they are; values that look like syntax are refused.
"""

import email.utils
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from publisher.model.delivery import Recipient, RenderedBatch
from publisher.model.edition import Hole, hole_token
from publisher.render.message import build_field, clean_value, own_fields

#: What stands between percent signs and is Mailgun's: `%recipient.x%`, `%recipient_name%`, `%unsubscribe_url%`,
#: `%tag_unsubscribe_url%`, `%mailing_list_unsubscribe_url%`, ... Wider than its documents, since a miss is a dead link.
SYNTAX = re.compile(r"%(?=recipient|unsubscribe|mailing_list|tag_)", re.IGNORECASE)
WORD_JOINER = "\u2060"
IN_HTML = "_html"  #: ends the name of a value that is escaped for HTML


def build_form(batch: RenderedBatch) -> tuple[str, bytes]:
    """Content type and body.

    Raises `ValueError` for several variants, a doubled address, or a hole without a value.
    """
    if len({recipient.variant for recipient in batch.recipients}) != 1:
        raise ValueError("a Mailgun call has one body for all; this batch holds several variants")
    holes = find_holes(batch)
    variables = {r.address: dict(read_values(r, holes)) for r in batch.recipients}
    # Mailgun drops one of two addresses that differ in case only, and nobody would ever hear of it.
    if len({address.lower() for address in variables}) != len(batch.recipients):
        raise ValueError("an address stands twice in the batch")
    tag = batch.envelope.tag
    fields = [
        ("from", escape_text(clean_value("From", batch.envelope.sender))),
        ("to", ",".join(variables)),
        # Its presence makes one mail per reader. `\u0026` and alike are not decoded there, so nothing is written so.
        ("recipient-variables", json.dumps(variables, ensure_ascii=False, separators=(",", ":"))),
        *content_fields(batch, holes),
        ("o:tag", tag),  # tags are few per account, further ones dropped in silence: never one per batch
        ("o:tracking", "no"),
        ("o:tracking-clicks", "no"),
        ("o:tracking-opens", "no"),
        # what goes outside the ledger, a proof or a control message, is no second copy of anything
        ("v:edition", tag if batch.batch else batch.attempt_id),
        ("v:attempt", batch.attempt_id),
    ]
    # The mark was drawn so that no text of the cut holds it, and the tokens with it are gone by now.
    boundary = f"form-{batch.envelope.mark}-{batch.attempt_id}"
    parts = (f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields)
    return f"multipart/form-data; boundary={boundary}", "".join([*parts, f"--{boundary}--\r\n"]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holes:
    """Which holes this batch has, so that no call carries values that nothing shows; which differ inside HTML."""

    used: tuple[Hole, ...]
    escaped: frozenset[Hole]


def find_holes(batch: RenderedBatch) -> Holes:
    """The holes of the letter and the headers, and the Message-ID's, their values checked.

    All values of a hole are looked at as one text: a thousand looks a call would cost more than all the rest of it.
    """
    letter, mark = batch.letters[batch.recipients[0].variant], batch.envelope.mark
    texts = (letter.subject, letter.text, letter.html, *(value for _, value in batch.envelope.headers))
    used = tuple(h for h in Hole if h is Hole.MESSAGE_ID or any(hole_token(h, mark) in text for text in texts))
    escaped = set()
    for hole in used:
        together = check_values(batch, hole)
        if html.escape(together) != together:
            escaped.add(hole)
    return Holes(used=used, escaped=frozenset(escaped))


def check_values(batch: RenderedBatch, hole: Hole) -> str:
    """All values of a hole, parted by spaces; raises `ValueError` for one that is missing or may not stand there."""
    try:
        together = " ".join([recipient.holes[hole] for recipient in batch.recipients])
    except KeyError:
        missing = next(r.subscriber for r in batch.recipients if hole not in r.holes)
        raise ValueError(f"reader {missing} has no value for the hole {hole}") from None
    found = SYNTAX.search(clean_value(hole, together))
    if found:
        value = together[found.start() : found.start() + 80]
        raise ValueError(f"the value of {hole} would be read as Mailgun's own syntax: {value!r}")
    return together


def read_values(recipient: Recipient, holes: Holes) -> Iterator[tuple[str, str]]:
    """The variables of one reader."""
    for hole in holes.used:
        yield hole.value, recipient.holes[hole]
        if hole in holes.escaped:
            yield f"{hole}{IN_HTML}", html.escape(recipient.holes[hole])


def content_fields(batch: RenderedBatch, holes: Holes) -> Iterator[tuple[str, str]]:
    """Subject, both bodies and the headers, escaped, with holes in Mailgun's syntax."""
    envelope, letter = batch.envelope, batch.letters[batch.recipients[0].variant]
    plain = {hole_token(hole, envelope.mark): f"%recipient.{hole}%" for hole in holes.used}
    in_html = plain | {hole_token(hole, envelope.mark): f"%recipient.{hole}{IN_HTML}%" for hole in holes.escaped}
    yield "subject", put_in(escape_text(clean_value("Subject", letter.subject)), plain)
    yield "text", put_in(escape_text(letter.text), plain)
    yield "html", put_in(SYNTAX.sub("&#37;", letter.html), in_html)
    yield "h:Date", email.utils.format_datetime(envelope.date)
    yield "h:Message-Id", f"<%recipient.{Hole.MESSAGE_ID}%>"
    for name, plain_value in own_fields(envelope):
        value = escape_text(plain_value)
        if (
            not value.isascii() and envelope.mark not in value
        ):  # as it goes on the wire, whatever Mailgun makes of UTF-8
            value = build_field(name, value).partition(": ")[2].replace("\r\n", "")
        yield f"h:{name}", put_in(value, plain)


def escape_text(text: str) -> str:
    """Text in which Mailgun finds nothing of its own."""
    return SYNTAX.sub(f"%{WORD_JOINER}", text)


def put_in(text: str, placeholders: Mapping[str, str]) -> str:
    """The text with Mailgun's placeholders where the hole tokens were."""
    for token, placeholder in placeholders.items():
        text = text.replace(token, placeholder)
    return text
