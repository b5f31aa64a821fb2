"""Ids of kits: the same for ever, read by us alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.kit_ids import KitIds
from publisher.audience.secrets import Secrets, load_secrets, make_secrets

OURS = KitIds(Secrets(signing=(("k1", b"1" * 32),), suppression=b"s" * 32))
ANOTHERS = KitIds(Secrets(signing=(("k1", b"1" * 32),), suppression=b"t" * 32))


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_an_id_stands_for_its_article_and_for_nothing_in_another_house(number: int) -> None:
    assert OURS.read(OURS.of(number)) == number
    assert ANOTHERS.read(OURS.of(number)) is None


@given(st.text(max_size=40) | st.text(alphabet="abcXYZ019-_", min_size=24, max_size=24))
def test_a_text_that_we_did_not_make_stands_for_nothing(text: str) -> None:
    assert OURS.read(text) is None


@pytest.mark.parametrize("place", range(24))
def test_an_id_with_one_letter_changed_stands_for_nothing(place: int) -> None:
    text = OURS.of(41)
    changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]

    assert OURS.read(changed) is None


def test_ids_of_neighbours_have_nothing_in_common_that_shows_their_numbers() -> None:
    ids = [OURS.of(number) for number in range(200)]

    assert len({text[:6] for text in ids}) == len({text[-6:] for text in ids}) == 200
    assert all(len(text) == 24 and text.replace("-", "").replace("_", "").isalnum() for text in ids)


def test_an_id_outlives_a_new_signing_key(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    before = KitIds(load_secrets(tmp_path)).of(41)
    keys = tmp_path / "secrets" / "signing-keys"
    keys.write_text(f"knew {'ab' * 32}\n{keys.read_text()}")

    assert KitIds(load_secrets(tmp_path)).of(41) == before
