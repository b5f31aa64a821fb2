"""`publisher why`, `subscribers`, `suppressions`."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.newsrooms import READERS, Newsroom, in_a_process

WEEKLY = ("--newsletter", "weekly", "--consent", "a form")
#: Addresses that a header, a command or a list of addresses could be smuggled in with.
HOSTILE = (
    "a@example.org\nBcc: all@example.org",
    "a@example.org\r\n",
    "a\u2028@example.org",
    "a@example.org,b@example.org",
    "Ana <ana@example.org>",
    "a b@example.org",
    "a@",
    "",
)


def import_text(newsroom: Newsroom, text: str | bytes, *more: str) -> dict[str, object]:
    """Imports a reader file and gives what became of it."""
    file = newsroom.folder / "import.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    document: dict[str, object] = newsroom.done("subscribers", "import", str(file), *WEEKLY, *more, "--json").document
    return document


def exported(newsroom: Newsroom) -> dict[str, dict[str, str]]:
    """The exported readers by address."""
    rows = csv.DictReader(io.StringIO(newsroom.done("subscribers", "export", "--newsletter", "weekly").out))
    return {row["email"]: row for row in rows}


def test_importing_again_changes_nothing(newsroom: Newsroom) -> None:
    before = exported(newsroom)

    document = import_text(newsroom, READERS)

    assert document == {"added": 0, "kept": 4, "left": 0, "pending": 1, "refused": [], "ignored_columns": []}
    assert exported(newsroom) == before


def test_a_line_that_cannot_be_taken_is_refused_with_its_number_and_the_rest_goes_on(newsroom: Newsroom) -> None:
    text = 'email\nzoe@example.org\n"bad\naddress@example.org"\nx@@y\nyan@example.org\n'

    document = import_text(newsroom, text)

    assert document["added"] == 2
    refused = document["refused"]
    assert isinstance(refused, list)
    assert [one["line"] for one in refused] == [4, 5]
    assert "line break" in refused[0]["reason"]


def test_a_byte_that_is_not_utf8_costs_its_own_line_only(newsroom: Newsroom) -> None:
    lines = [b"email,name", b"jose@example.org,Jos\xe9", *(b"r%d@example.org,R" % n for n in range(500))]

    document = import_text(newsroom, b"\n".join(lines))

    assert document["added"] == 500
    assert [one["line"] for one in document["refused"]] == [2]  # type: ignore[attr-defined]  # a list of objects


def test_who_left_stays_out_whatever_a_file_says(newsroom: Newsroom) -> None:
    import_text(newsroom, "email,status\ndolores@example.com,subscribed\n", "--confirmed")

    assert exported(newsroom)["dolores@example.com"]["status"] == "unsubscribed"


def test_readers_without_a_status_are_pending_unless_a_person_vouches(newsroom: Newsroom) -> None:
    import_text(newsroom, "email\nzoe@example.org\n")
    import_text(newsroom, "email\nyan@example.org\n", "--confirmed")

    states = exported(newsroom)
    assert (states["zoe@example.org"]["status"], states["yan@example.org"]["status"]) == ("pending", "subscribed")


def test_an_import_is_told_to_people(newsroom: Newsroom) -> None:
    file = newsroom.folder / "import.csv"
    file.write_text("email\nzoe@example.org\nx@@y\n")

    shown = newsroom.done("subscribers", "import", str(file), *WEEKLY).out

    assert "1 added" in shown
    assert "Line 3 refused" in shown
    assert "pending" in shown


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-file.csv", *WEEKLY),
        ("config/newsroom.toml", *WEEKLY),
        ("config/readers.csv", "--newsletter", "nosuch", "--consent", "a form"),
        ("config/readers.csv", "--newsletter", "weekly", "--consent", " "),
        ("config/readers.csv", "--newsletter", "weekly"),
    ],
    ids=" ".join,
)
def test_an_import_that_cannot_be_meant_is_wrong_usage(newsroom: Newsroom, words: tuple[str, ...]) -> None:
    file, *options = words

    assert newsroom.run("subscribers", "import", str(newsroom.folder / file), *options).status == 2


def test_an_import_may_come_from_a_pipe(newsroom: Newsroom) -> None:
    words = ("--config", str(newsroom.config), "subscribers", "import", "-", *WEEKLY)

    assert "1 added" in in_a_process(*words, typed="email\nzoe@example.org\n").out


def test_an_export_can_be_imported_elsewhere(newsroom: Newsroom, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"

    newsroom.done("subscribers", "export", "--newsletter", "weekly", "--out", str(file))

    assert file.stat().st_mode & 0o777 == 0o600
    assert import_text(newsroom, file.read_text())["kept"] == 4


def test_one_reader_is_added_with_her_choices(newsroom: Newsroom) -> None:
    words = ("--language", "es", "--sections", "investigations", "--topics", "ports;gold", "--confirmed")

    added = newsroom.done("subscribers", "add", "zoe@example.org", *WEEKLY, *words, "--json")
    shown = newsroom.done("subscribers", "show", "zoe@example.org", "--json").document

    assert (added.document["added"], added.document["state"]) == (1, "subscribed")
    subscription = shown["subscriptions"][0]
    assert (subscription["language"], subscription["choices"]["topics"]) == ("es", ["ports", "gold"])
    assert subscription["consent"] == "a form"


@pytest.mark.parametrize("address", HOSTILE, ids=repr)
def test_an_address_that_is_none_is_not_added(newsroom: Newsroom, address: str) -> None:
    before = exported(newsroom)

    result = newsroom.run("subscribers", "add", address, *WEEKLY)

    # a line end at the very end is no part of an address: it is trimmed, and nothing else comes in
    assert result.status == (0 if address.strip() == "a@example.org" else 2)
    assert set(exported(newsroom)) - set(before) <= {"a@example.org"}


def test_adding_one_who_left_does_not_bring_her_back(newsroom: Newsroom) -> None:
    document = newsroom.done("subscribers", "add", "dolores@example.com", *WEEKLY, "--confirmed", "--json").document

    assert (document["added"], document["state"]) == (0, "unsubscribed")
    assert "nothing was changed" in newsroom.done("subscribers", "add", "dolores@example.com", *WEEKLY).out


def test_an_address_in_another_script_is_found_as_it_was_typed(newsroom: Newsroom) -> None:
    newsroom.done("subscribers", "add", "zoe@bücher.example", *WEEKLY)

    assert newsroom.done("subscribers", "show", "ZOE@bücher.example").status == 0


def test_an_erased_reader_leaves_no_address_and_is_never_written_to(composed: Newsroom) -> None:
    composed.done("subscribers", "erase", "ana@example.org", "--yes")
    composed.done("subscribers", "add", "ana@example.org", *WEEKLY, "--confirmed")
    composed.done("send", "1")

    assert not (composed.outbox / "ana@example.org.eml").exists()
    suppressed = composed.done("suppressions", "list", "--json").document["suppressions"]
    assert [one["reason"] for one in suppressed] == ["erased"]


def test_why_says_what_became_of_each_copy(composed: Newsroom) -> None:
    composed.done("send", "1")

    got = composed.done("why", "ana@example.org", "--edition", "1", "--json").document
    shown = {name: composed.done("why", f"{name}").out for name in ("ana@example.org", "chidi@example.org")}

    assert got["editions"][0] | {} == {
        "edition": 1,
        "newsletter": "weekly",
        "slot": "2026-03-06T12:00:00Z",
        "state": "accepted",
        "left_out": None,
        "batch": 1,
        "batch_state": "accepted",
        "answer": "accepted",
        "events": [],
    }
    assert "accepted, batch 1" in shown["ana@example.org"]
    assert "left out, because she had not confirmed" in shown["chidi@example.org"]


def test_why_says_why_the_ledger_has_nothing(composed: Newsroom) -> None:
    before = composed.done("why", "ana@example.org", "--edition", "1").out
    composed.done("send", "1")
    composed.done("subscribers", "add", "zoe@example.org", *WEEKLY, "--confirmed")

    assert "nobody has got it" in before
    assert "frozen before she subscribed" in composed.done("why", "zoe@example.org", "--edition", "1").out
    assert "No edition has been frozen" in composed.done("why", "zoe@example.org").out
    assert composed.run("why", "ana@example.org", "--edition", "7").status == 1


def test_why_knows_a_suppressed_address_that_is_no_subscriber(newsroom: Newsroom) -> None:
    newsroom.done("subscribers", "erase", "ana@example.org")

    document = newsroom.done("why", "ana@example.org", "--json").document

    assert document["suppressed"]["reason"] == "erased"
    assert document["subscriptions"] == []


def test_imported_suppressions_win(composed: Newsroom) -> None:
    file = composed.folder / "suppressed.csv"
    file.write_text("name,email\nAna,ana@example.org\nNobody,x@@y\n")

    document = composed.done("suppressions", "import", str(file), "--json").document
    sent = composed.done("send", "1", "--json").document

    assert (document["suppressed"], [one["line"] for one in document["refused"]]) == (1, [3])
    assert sent["accepted"] == 1
    assert "suppression list" in composed.done("why", "ana@example.org").out
    assert "ana@example.org" in composed.done("suppressions", "list").out


def test_a_plain_list_of_addresses_is_a_suppression_file_too(newsroom: Newsroom) -> None:
    file = newsroom.folder / "list.txt"
    file.write_text("ana@example.org\n\nzoe@example.org\n")

    assert newsroom.done("suppressions", "import", str(file), "--json").document["suppressed"] == 2
    assert "2 addresses" in newsroom.done("suppressions", "import", str(file)).out


def test_nobody_suppressed_is_said(newsroom: Newsroom) -> None:
    assert "No address is suppressed" in newsroom.done("suppressions", "list").out
    assert newsroom.done("suppressions", "list", "--json").document == {"suppressions": []}


def test_an_erased_reader_who_is_added_again_is_told_and_not_stored(newsroom: Newsroom) -> None:
    newsroom.done("subscribers", "erase", "ana@example.org", "--yes")

    added = newsroom.done("subscribers", "add", "ana@example.org", *WEEKLY, "--confirmed")
    document = newsroom.done("subscribers", "add", "ana@example.org", *WEEKLY, "--confirmed", "--json").document

    assert "stays out; nothing was stored" in added.out
    assert (document["added"], document["state"]) == (0, None)
    assert "ana@example.org" not in exported(newsroom)


def test_erasing_twice_is_done(newsroom: Newsroom) -> None:
    newsroom.done("subscribers", "add", "zoe@bücher.example", *WEEKLY)

    first = newsroom.done("subscribers", "erase", "ZOE@bücher.example", "--yes", "--json").document
    second = newsroom.done("subscribers", "erase", "ZOE@bücher.example", "--yes", "--json").document

    assert (first["erased"], second["erased"]) == (True, False)


def test_adding_a_suppressed_reader_says_that_nothing_is_sent(newsroom: Newsroom) -> None:
    file = newsroom.folder / "list.txt"
    file.write_text("zoe@example.org\n")
    newsroom.done("suppressions", "import", str(file))

    assert (
        "nothing is sent to her" in newsroom.done("subscribers", "add", "zoe@example.org", *WEEKLY, "--confirmed").out
    )


def test_suppressions_parted_by_semicolons_are_wrong_usage(newsroom: Newsroom) -> None:
    file = newsroom.folder / "list.csv"
    file.write_text("email;reason\nana@example.org;x\n")

    result = newsroom.run("suppressions", "import", str(file))

    assert result.status == 2
    assert "with commas" in result.err
