"""From a letter to one reader's message: RFC 5322 and MIME, CRLF throughout, no line over 998 octets.

The same delivery gives the same bytes on every try: date, Message-ID and boundary come from the frozen edition.
Header fields are built here and not by `email.message`: its policy folds a long `List-Unsubscribe` into encoded
words, and one-click is dead (Python 3.11); what is left of it, `Header` and `Address`, is used below.
"""

import base64
import binascii
import email.utils
import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping
from email.header import Header
from email.headerregistry import Address

from publisher.model.delivery import Envelope, Recipient, RenderedBatch
from publisher.model.edition import Hole, hole_token

#: Control characters, line separators and bidi controls: they end a header, or make it read as something else (R13).
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
#: Fields that are made here; a second one would make the message invalid (RFC 5322 section 3.6).
OUR_FIELDS = frozenset({"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "bcc"})
MAILBOX_FIELDS = frozenset({"from", "reply-to", "sender"})
#: Fields whose values are syntax, not text; with all of `List-*`.
STRUCTURED_FIELDS = MAILBOX_FIELDS | {"to", "date", "message-id", "mime-version", "content-type"}
LINE = 78  #: RFC 5322 section 2.1.1: SHOULD
LONGEST_LINE = 998  #: MUST
LONGEST_WORD = 900  #: of plain text; with the field's name it stays below the longest line
#: Base64 grows everything by 4/3, quoted-printable each octet over 127 by 3: the first is smaller from this share on.
BASE64_SHARE = 0.19


def build_message(batch: RenderedBatch, recipient: Recipient) -> bytes:
    """The reader's message, ready for DATA (before dot-stuffing) or a file.

    Raises `ValueError` for what must not leave the house: a header value with control characters, a hole without a
    value, a line that cannot be folded.
    """
    envelope, letter = batch.envelope, batch.letters[recipient.variant]
    fill = hole_filler(recipient.holes, envelope.mark)
    message_id = recipient.holes[Hole.MESSAGE_ID]
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is no Message-ID")
    # `=_` cannot occur in quoted-printable or base64, so no text can hold the boundary.
    boundary = "=_" + hashlib.sha256(f"{envelope.tag} {message_id}".encode()).hexdigest()[:32]
    fields = [
        ("From", envelope.sender),
        ("To", recipient.address),
        ("Subject", fill(letter.subject, str)),
        ("Date", email.utils.format_datetime(envelope.date)),
        ("Message-ID", f"<{message_id}>"),
        *((name, fill(value, str)) for name, value in own_fields(envelope)),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    lines = [*(build_field(name, value) for name, value in fields), ""]
    for kind, text in (("plain", fill(letter.text, str)), ("html", fill(letter.html, html.escape))):
        lines += [f"--{boundary}", f"Content-Type: text/{kind}; charset=utf-8", build_body(text)]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode("ascii")


def hole_filler(holes: Mapping[Hole, str], mark: str) -> Callable[[str, Callable[[str], str]], str]:
    """Gives a function that puts a reader's values into a text, each after an escape; no token is left over."""
    tokens = {hole_token(hole, mark): value for hole, value in holes.items()}

    def fill(text: str, escape: Callable[[str], str]) -> str:
        if mark not in text:
            return text
        for token, value in tokens.items():
            text = text.replace(token, escape(value))
        if mark in text:
            raise ValueError(f"a hole of the edition has no value: {text[max(0, text.index(mark) - 20) :][:60]!r}")
        return text

    return fill


def build_field(name: str, value: str) -> str:
    """One header field without its final line end, folded.

    What stands in `<...>` is never encoded or cut; other text beyond ASCII becomes encoded words (RFC 2047).
    """
    value = clean_value(name, value)
    if not (name.lower().startswith("list-") or name.lower() in STRUCTURED_FIELDS):
        field = _fold(name, value) if _stays_plain(value) else _encode(name, value)
    elif value.isascii() and "=?" not in value:
        field = _fold(name, value)
    else:
        phrase, _, rest = value.rpartition(" <")
        if name.lower() in MAILBOX_FIELDS:
            phrase = parse_mailbox(value).display_name  # without its quotes, which would be encoded with it
        field = f"{_encode(name, phrase)}\r\n <{rest}" if "<" not in phrase else value
    if not field.isascii() or max(map(len, field.split("\r\n"))) > LONGEST_LINE:
        raise ValueError(f"{name} cannot be folded into lines of ASCII: {value[:80]!r}")
    return field


def own_fields(envelope: Envelope) -> Iterator[tuple[str, str]]:
    """The envelope's header fields with values checked; holes are still tokens."""
    for name, value in envelope.headers:
        if not FIELD_NAME.fullmatch(name) or name.lower() in OUR_FIELDS:
            raise ValueError(f"{name!r} is no header field of an envelope: malformed, or made with each message")
        yield name, clean_value(name, value)


def clean_value(name: str, value: str) -> str:
    """A header's value as it may leave the house; a mailbox with its name quoted where it must be."""
    if found := FORBIDDEN.search(value):
        raise ValueError(f"{name} holds the character U+{ord(found[0]):04X}, which no header may have")
    return str(parse_mailbox(value)) if name.lower() in MAILBOX_FIELDS else value


def parse_mailbox(text: str) -> Address:
    """Reads `Name <address>` or a bare address; whatever stands in the name is name, commas included.

    >>> parse_mailbox("Smith, John <john@example.org>").addr_spec
    'john@example.org'
    """
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">").strip() if bracket else text.strip()
    if bracket and not text.strip().endswith(">"):
        raise ValueError(f"{text!r} is no mailbox; write it as Name <address>")
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Address(display_name=name, addr_spec=address)


def build_body(text: str) -> str:
    """The rest of a part's head, an empty line, and the text in whichever encoding is shorter."""
    # The final line end has to be there: by the first one `b2a_qp` learns that soft breaks are CRLF too.
    data = (re.sub(r"\r\n?|\n", "\r\n", text).rstrip("\r\n") + "\r\n").encode()
    beyond_ascii = len(data.translate(None, bytes(range(128))))
    if beyond_ascii > BASE64_SHARE * len(data):
        coded, body = "base64", base64.encodebytes(data).replace(b"\n", b"\r\n")
    else:
        coded, body = "quoted-printable", binascii.b2a_qp(data)
    return f"Content-Transfer-Encoding: {coded}\r\n\r\n" + body.decode("ascii")


def _stays_plain(text: str) -> bool:
    """Text that means the same unencoded: nothing like an encoded word, no spaces that folding would lose."""
    words = text.split(" ")
    return text.isascii() and "=?" not in text and all(0 < len(word) <= LONGEST_WORD for word in words)


def _fold(name: str, value: str) -> str:
    """Breaks a line only where a space is, so that unfolding (RFC 5322 section 2.2.3) gives the value back."""
    lines = [f"{name}:"]
    for word in value.split():
        # The first word stays beside the name: some readers take `Name:` CRLF for an empty field.
        if len(lines[-1]) + 1 + len(word) > LINE and not lines[-1].endswith(":"):
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _encode(name: str, text: str) -> str:
    words = Header(text, "utf-8", maxlinelen=LINE - 2, header_name=name).encode(linesep="\r\n")
    return f"{name}: {words}"
