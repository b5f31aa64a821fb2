"""Who was counted today already, and who asks too often. Nothing of it leaves the memory, and nothing can be read back.

A visitor is a network address, hashed with a salt that is made anew each day (UTC); of IPv6 the first 64 bits, since a
household has that many to itself.
"""

import hashlib
import ipaddress
import secrets
import threading
from collections import Counter, OrderedDict
from datetime import UTC, date, datetime

#: Counted for one visitor in a minute; a person reads more slowly.
A_MINUTE = 60
#: Hashes in memory: the oldest go, so that the worst that can happen is that somebody is counted twice.
MOST_SEEN, MOST_RATES = 200_000, 50_000
HASH_BYTES = 12
HOUSEHOLD = 64


class Visitors:
    """Those of today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._salt = b""
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._minute: datetime | None = None
        self._asked: Counter[bytes] = Counter()

    def is_new(self, address: str, what: str, *, now: datetime) -> bool:
        """Whether an address comes for something for the first time today, and not too often."""
        with self._lock:
            self._turn(now.astimezone(UTC))
            visitor = self._hash(network_of(address))
            self._asked[visitor] += 1
            if self._asked[visitor] > A_MINUTE or len(self._asked) > MOST_RATES:
                return False
            seen = self._hash(f"{visitor.hex()} {what}")
            if seen in self._seen:
                return False
            self._seen[seen] = None
            if len(self._seen) > MOST_SEEN:
                self._seen.popitem(last=False)
            return True

    def _turn(self, now: datetime) -> None:
        if now.date() != self._day:
            self._day, self._salt = now.date(), secrets.token_bytes(32)
            self._seen.clear()
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._asked.clear()

    def _hash(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._salt, digest_size=HASH_BYTES).digest()


def network_of(address: str) -> str:
    """The address itself, or of IPv6 the household's network; what is no address stays as it is."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, HOUSEHOLD), strict=False))
    return str(ip)
