"""Ids of kits in the addresses of their counters: they stand for an article, and nobody else can make or read one.

    MAC = HMAC(key, number), cut      ID = base64url(MAC + (number XOR HMAC(key, MAC)))

The same article has the same id for ever, since it stands in partners' pages; so the key is not one that is renewed.
"""

import base64
import binascii
import hmac

from publisher.audience.secrets import Secrets
from publisher.audience.tokens import encode

MAC_BYTES, NUMBER_BYTES = 10, 8
ID_CHARACTERS = 24  # of 18 bytes, without padding


class KitIds:
    """Makes and reads the ids of kits."""

    def __init__(self, secrets: Secrets) -> None:
        self._key = secrets.derived("kit-counter", secrets.suppression)

    def of(self, number: int) -> str:
        """The id of an article's kit."""
        raw = number.to_bytes(NUMBER_BYTES, "big")
        mac = self._mac(raw)
        return encode(mac + self._hidden(mac, raw))

    def read(self, text: str) -> int | None:
        """The number of the article; None for an id that we did not make."""
        if len(text) != ID_CHARACTERS or not text.isascii():
            return None
        try:
            whole = base64.urlsafe_b64decode(text)
        except binascii.Error:
            return None
        if len(whole) != MAC_BYTES + NUMBER_BYTES:
            return None
        mac, hidden = whole[:MAC_BYTES], whole[MAC_BYTES:]
        raw = self._hidden(mac, hidden)
        return int.from_bytes(raw, "big") if hmac.compare_digest(mac, self._mac(raw)) else None

    def _mac(self, raw: bytes) -> bytes:
        return hmac.digest(self._key, b"number" + raw, "sha256")[:MAC_BYTES]

    def _hidden(self, mac: bytes, raw: bytes) -> bytes:
        """Hides a number, and shows a hidden one."""
        mask = hmac.digest(self._key, b"mask" + mac, "sha256")
        return bytes(one ^ other for one, other in zip(raw, mask, strict=False))
