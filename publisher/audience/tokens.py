"""Tokens in readers' links: `v1.KEYID.PAYLOAD.MAC`, signed, for one purpose each, without an address in them.

PAYLOAD is the reader's public id (16 bytes), the newsletter's number (4) and the time of issue (5, seconds); MAC is
HMAC-SHA256 with a key derived for the purpose, cut to 16 bytes. A token of one purpose fails on every other route.
"""

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from publisher.audience.secrets import Secrets

MAC_BYTES = 16
PAYLOAD_BYTES = 25
URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    """What a token is for."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a valid token says."""

    public_id: bytes
    newsletter: int
    issued: datetime


class Signer:
    """Signs and reads tokens of one purpose; holds the derived keys, so that a token costs one HMAC."""

    def __init__(self, secrets: Secrets, purpose: Purpose) -> None:
        self._keys = {name: secrets.derived(purpose, key) for name, key in secrets.signing}
        self._newest = secrets.signing[0][0]

    def sign(self, token: Token) -> str:
        """The token as text, by the newest key; the same token, the same text."""
        return self.for_edition(token.newsletter, token.issued)(token.public_id)

    def for_edition(self, newsletter: int, issued: datetime) -> Callable[[bytes], str]:
        """Signs the tokens of one edition by the public id alone: what they share is worked out once."""
        tail = newsletter.to_bytes(4, "big") + int(issued.timestamp()).to_bytes(5, "big")
        start, key = f"v1.{self._newest}.", self._keys[self._newest]

        def sign(public_id: bytes) -> str:
            signed = start + encode(public_id + tail)
            return f"{signed}.{encode(hmac.digest(key, signed.encode(), 'sha256')[:MAC_BYTES])}"

        return sign

    def read(self, text: str) -> Token | None:
        """What a token says; None for one that is damaged, of another purpose, or of an unknown key."""
        version, _, rest = text.partition(".")
        key_id, _, rest = rest.partition(".")
        payload, _, mac = rest.partition(".")
        if version != "v1" or key_id not in self._keys or not text.isascii():
            return None
        # texts are compared, not bytes: decoding would accept several last characters
        if not hmac.compare_digest(mac, self._mac(key_id, f"v1.{key_id}.{payload}")):
            return None
        raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        if len(raw) != PAYLOAD_BYTES:
            return None
        return Token(
            public_id=raw[:16],
            newsletter=int.from_bytes(raw[16:20], "big"),
            issued=datetime.fromtimestamp(int.from_bytes(raw[20:], "big"), UTC),
        )

    def _mac(self, key_id: str, signed: str) -> str:
        return encode(hmac.digest(self._keys[key_id], signed.encode(), "sha256")[:MAC_BYTES])


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return binascii.b2a_base64(raw, newline=False).translate(URL_SAFE).decode().rstrip("=")
