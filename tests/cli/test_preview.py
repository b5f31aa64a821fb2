"""`publisher preview`, `test-send`: what is looked at is what goes out."""

import email
import email.policy
from pathlib import Path

import pytest

from tests.cli.newsrooms import Newsroom


def test_a_preview_is_a_folder_for_each_language(composed: Newsroom, tmp_path: Path) -> None:
    document = composed.done("preview", "1", "--out", str(tmp_path), "--json").document

    names = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("edition.*"))
    assert names == [f"{place}edition.{form}" for place in ("", "es/") for form in ("eml", "html", "txt")]
    assert [one["language"] for one in document["variants"]] == ["en", "es"]


def test_a_reader_s_preview_is_the_very_message_that_goes_out(composed: Newsroom, tmp_path: Path) -> None:
    composed.done("approve", "1")
    composed.done("preview", "1", "--out", str(tmp_path), "--subscriber", "ana@example.org")
    composed.done("send", "1")

    assert (tmp_path / "edition.eml").read_bytes() == (composed.outbox / "ana@example.org.eml").read_bytes()


def test_html_and_text_are_the_parts_of_the_message(composed: Newsroom, tmp_path: Path) -> None:
    composed.done("preview", "1", "--out", str(tmp_path))

    message = email.message_from_bytes((tmp_path / "edition.eml").read_bytes(), policy=email.policy.default)

    for kind, name in (("html", "edition.html"), ("plain", "edition.txt")):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().split() == (tmp_path / name).read_text().split()


def test_a_subscriber_is_meant_by_address_or_number(composed: Newsroom, tmp_path: Path) -> None:
    by_address = composed.done("preview", "1", "--out", str(tmp_path), "--subscriber", "Ana@example.org", "--json")
    by_number = composed.done("preview", "1", "--out", str(tmp_path), "--subscriber", "1", "--json")

    assert by_address.document == by_number.document
    assert by_address.document["reader"] == "ana@example.org"
    assert [one["language"] for one in by_address.document["variants"]] == ["es"]


@pytest.mark.parametrize("who", ["nobody@example.org", "77", "ana"])
def test_an_unknown_subscriber_is_told(composed: Newsroom, tmp_path: Path, who: str) -> None:
    result = composed.run("preview", "1", "--out", str(tmp_path), "--subscriber", who)

    assert result.status == 1
    assert not list(tmp_path.rglob("edition.eml"))


def test_an_edition_without_content_has_no_preview(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.change_config("minimum = 1", "minimum = 9")
    newsroom.done("compose", "weekly", "--slot", "2026-03-06T12:00:00Z")

    assert newsroom.run("preview", "1", "--out", str(tmp_path)).status == 1
    assert newsroom.run("test-send", "1", "--to", "desk@example.org").status == 1


def test_a_proof_is_marked_and_touches_nobody(composed: Newsroom) -> None:
    result = composed.done("test-send", "1", "--to", "desk@example.org", "chief@example.org", "--json")

    files = sorted((composed.folder / "var" / "outbox").rglob("*.eml"))
    subjects = [email.message_from_bytes(f.read_bytes(), policy=email.policy.default)["Subject"] for f in files]
    assert len(subjects) == len(result.document["proofs"]) == 4
    assert all(subject.startswith("[Proof] ") for subject in subjects)
    assert composed.done("edition", "1", "--json").document["deliveries"] == {}
    assert "nothing is mailed" in result.err


def test_a_proof_to_no_address_is_wrong_usage(composed: Newsroom) -> None:
    for address in ("desk", "desk@example.org\nBcc: all@example.org", "desk@example.org,all@example.org"):
        assert composed.run("test-send", "1", "--to", address).status == 2


def test_a_proof_that_was_not_taken_ends_with_1(composed: Newsroom) -> None:
    (composed.folder / "var" / "outbox").write_text("in the way")

    result = composed.run("test-send", "1", "--to", "desk@example.org")

    assert result.status == 1
    assert "not sent" in result.out


def test_a_preview_for_one_who_is_left_out_says_so(composed: Newsroom, tmp_path: Path) -> None:
    gone = composed.done("preview", "1", "--out", str(tmp_path / "a"), "--subscriber", "dolores@example.com")
    pending = composed.done("preview", "1", "--out", str(tmp_path / "b"), "--subscriber", "chidi@example.org")
    ana = composed.done("preview", "1", "--out", str(tmp_path / "c"), "--subscriber", "ana@example.org")

    assert "She gets none of it: she had left" in gone.err
    assert "had not confirmed" in pending.err
    assert "none of it" not in ana.err
