"""The house's own secrets: signing keys and the key of suppression hashes, under `var/secrets/`, mode 0600.

The suppression key never changes and belongs into the backup: without it nobody can tell who must not be written to.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from publisher.model.errors import ConfigurationError, FilesError

SIGNING, SUPPRESSION = "signing-keys", "suppression-key"


@dataclass(frozen=True, kw_only=True)  # no slots: the derived key is kept
class Secrets:
    """What `var/secrets/` holds; never printed."""

    signing: tuple[tuple[str, bytes], ...] = field(repr=False)  #: (key id, key), newest first
    suppression: bytes = field(repr=False)

    def suppression_key(self, address: str) -> str:
        """The keyed hash of an address that the suppression list is kept by."""
        return hmac.new(self.suppression, address.strip().lower().encode(), hashlib.sha256).hexdigest()

    def derived(self, purpose: str, key: bytes | None = None) -> bytes:
        """A key for one purpose; by the newest signing key unless another is given."""
        return hmac.new(
            self.signing[0][1] if key is None else key, f"publisher {purpose}".encode(), hashlib.sha256
        ).digest()

    @cached_property
    def _message_key(self) -> bytes:
        return self.derived("message-id", self.suppression)

    def message_digest(self, edition: int, public_id: bytes) -> str:
        """What stands for a reader in a Message-ID: the same on every retry, and no address in it."""
        digest = hmac.digest(self._message_key, b"%d" % edition + public_id, "sha256")
        # Not hexadecimal: of that every fifth holds ten digits in a row, which SpamAssassin counts against a message.
        return base64.b32encode(digest[:20]).decode().lower()


def make_secrets(var: Path) -> bool:
    """Makes the secret files that are not there yet; gives whether any was made."""
    folder = var / "secrets"
    try:
        for one in (var, folder):  # a parent made along the way would be open to everybody
            one.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = [
            write_new(folder / SIGNING, f"k{secrets.token_hex(2)} {secrets.token_hex(32)}\n"),
            write_new(folder / SUPPRESSION, f"{secrets.token_hex(32)}\n"),
        ]
    except OSError as error:
        raise FilesError(f"{folder} cannot be written: {error.strerror}. Let this user write to var/.") from error
    return any(made)


def write_new(path: Path, text: str) -> bool:
    """Writes a file that only its owner reads; one that is there stays."""
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(text)
    except FileExistsError:
        return False
    return True


def load_secrets(var: Path) -> Secrets:
    """Reads the secrets; raises `ConfigurationError` with the cure when they are missing or damaged."""
    folder = var / "secrets"
    try:
        lines = (folder / SIGNING).read_text(encoding="ascii").split("\n")
        signing = tuple((name, bytes.fromhex(key)) for name, key in (line.split() for line in lines if line.strip()))
        suppression = bytes.fromhex((folder / SUPPRESSION).read_text(encoding="ascii").strip())
    except FileNotFoundError as error:
        cure = "Restore it from the backup; a new newsroom gets it from `publisher init`."
        raise ConfigurationError([f"{error.filename} is missing. {cure}"]) from None
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{folder} cannot be read: {error}. Restore it from the backup."]) from error
    if not signing:
        raise ConfigurationError([f"{folder / SIGNING} holds no key. Restore it from the backup."])
    return Secrets(signing=signing, suppression=suppression)
