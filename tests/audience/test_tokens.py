"""Tokens in readers' links: valid for one purpose, damaged by any change."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.secrets import Secrets, load_secrets, make_secrets
from publisher.audience.tokens import Purpose, Signer, Token
from publisher.model.errors import ConfigurationError

SECRETS = Secrets(signing=(("k2", b"new"), ("k1", b"old")), suppression=b"suppression")
TOKEN = Token(public_id=b"A" * 16, newsletter=7, issued=datetime(2026, 3, 6, 12, tzinfo=UTC))


def test_a_token_says_again_what_was_signed() -> None:
    signer = Signer(SECRETS, Purpose.UNSUBSCRIBE)

    assert signer.read(signer.sign(TOKEN)) == TOKEN


def test_the_same_token_is_the_same_text() -> None:
    signer = Signer(SECRETS, Purpose.UNSUBSCRIBE)

    assert signer.sign(TOKEN) == signer.sign(TOKEN)


def test_a_message_digest_is_each_readers_own_and_looks_like_no_number() -> None:
    digests = [SECRETS.message_digest(7, b"%016d" % reader) for reader in range(200)]

    assert digests[7] == SECRETS.message_digest(7, b"%016d" % 7)
    assert len(set(digests)) == 200
    assert not [digest for digest in digests if re.search(r"[0-9]{10}|[^a-z0-9]", digest)]


def test_a_token_of_one_purpose_fails_for_another() -> None:
    text = Signer(SECRETS, Purpose.PREFERENCES).sign(TOKEN)

    assert Signer(SECRETS, Purpose.UNSUBSCRIBE).read(text) is None


def test_an_older_key_is_still_read() -> None:
    before = Secrets(signing=SECRETS.signing[1:], suppression=b"suppression")
    text = Signer(before, Purpose.UNSUBSCRIBE).sign(TOKEN)

    assert Signer(SECRETS, Purpose.UNSUBSCRIBE).read(text) == TOKEN


@given(position=st.integers(0, 70), character=st.characters(codec="ascii"))
def test_any_one_changed_character_makes_a_token_invalid(position: int, character: str) -> None:
    signer = Signer(SECRETS, Purpose.UNSUBSCRIBE)
    text = signer.sign(TOKEN)
    changed = text[:position] + character + text[position + 1 :]

    assert changed == text or signer.read(changed) is None


@given(st.text(max_size=120))
def test_nothing_that_is_no_token_is_read_or_raises(text: str) -> None:
    assert Signer(SECRETS, Purpose.UNSUBSCRIBE).read(text) is None


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = make_secrets(tmp_path)
    made = load_secrets(tmp_path)
    second = make_secrets(tmp_path)

    assert (first, second) == (True, False)
    assert load_secrets(tmp_path) == made
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "secrets").iterdir()} == {0o600}


def test_a_missing_secret_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"signing-keys is missing\. Restore it from the backup"):
        load_secrets(tmp_path)
