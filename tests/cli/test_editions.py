"""`publisher compose`, `editions`, `edition`, and the editor's decisions."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.assembly import assembled
from publisher.cli.editions import choose_slot, is_scheduled
from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import GOLD, PODCAST, VERDICT, Newsroom, write_article

SLOT = "2026-03-06T12:00:00Z"
FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)
OUTBOX = "Outbox provider: messages are written to var/outbox, nothing is mailed."


def items(document: dict[str, object]) -> list[int]:
    """The numbers of an edition's items."""
    found = document["items"]
    assert isinstance(found, list)
    return [one["number"] for one in found]


def test_composing_gives_the_edition_and_who_would_get_it(newsroom: Newsroom) -> None:
    result = newsroom.done("compose", "weekly", "--slot", SLOT, "--json")

    check_shape("edition", result.document)
    assert result.document["state"] == "composed"
    assert result.document["slot"] == SLOT
    assert result.document["audience"] == {"eligible": 2, "left_out": {"pending": 1, "unsubscribed": 1}}
    assert result.document["deliveries"] == {}
    assert OUTBOX in result.err


def test_an_edition_is_shown_to_people_with_the_zone_and_what_to_do(composed: Newsroom) -> None:
    shown = composed.done("edition", "1").out

    assert "Fri 6 Mar 2026 07:00 America/Bogota (2026-03-06T12:00:00Z)" in shown
    assert "2 would get it now; left out: 1 pending, 1 unsubscribed" in shown
    assert "too old" in shown
    assert "publisher approve 1" in shown


def test_the_edition_of_a_slot_is_made_once(composed: Newsroom) -> None:
    again = composed.done("compose", "weekly", "--slot", "2026-03-06T07:00:00-05:00", "--json").document
    without_a_slot = composed.done("compose", "weekly", "--json").document

    assert again["id"] == without_a_slot["id"] == 1


def test_another_open_edition_is_named(composed: Newsroom) -> None:
    result = composed.run("compose", "weekly", "--slot", "2026-03-13T12:00:00Z")

    assert result.status == 1
    assert "Edition 1 of weekly" in result.err


def test_an_edition_without_enough_is_skipped_and_that_is_no_fault(newsroom: Newsroom) -> None:
    newsroom.change_config("minimum = 1", "minimum = 9")

    result = newsroom.done("compose", "weekly", "--slot", SLOT, "--json")

    check_shape("edition", result.document)
    assert (result.document["state"], result.document["outcome"]) == ("skipped", "skipped")
    assert "the minimum is 9" in result.document["reason"]


@pytest.mark.parametrize("words", [("nosuch",), ("weekly", "--slot", "friday")], ids=" ".join)
def test_what_cannot_be_composed_is_wrong_usage(newsroom: Newsroom, words: tuple[str, ...]) -> None:
    assert newsroom.run("compose", *words).status == 2


def test_without_a_slot_it_is_the_due_one_then_this_minute(newsroom: Newsroom) -> None:
    due, later = datetime(2026, 3, 6, 10, 30, 7, tzinfo=UTC), datetime(2026, 3, 9, 9, 1, 7, tzinfo=UTC)
    with assembled(newsroom.config) as publisher:
        assert choose_slot(publisher, "weekly", now=due) == FRIDAY
        assert choose_slot(publisher, "weekly", now=later) == later.replace(second=0)
        assert is_scheduled(publisher, "weekly", FRIDAY)
        assert not is_scheduled(publisher, "weekly", later)


def test_a_slot_that_was_worked_is_not_due_again(composed: Newsroom) -> None:
    composed.done("cancel", "1")
    now = datetime(2026, 3, 6, 13, 5, tzinfo=UTC)
    with assembled(composed.config) as publisher:
        assert choose_slot(publisher, "weekly", now=now) == now


def test_a_template_at_fault_is_named(newsroom: Newsroom) -> None:
    own = newsroom.folder / "templates" / "email"
    own.mkdir(parents=True)
    (own / "item.html").write_text("{{ nosuch.thing }}")

    result = newsroom.run("compose", "weekly", "--slot", SLOT)

    assert result.status == 2
    assert "'nosuch' is undefined" in result.err
    assert "templates/email/" in result.err
    for words in (("approve", "1"), ("send", "1"), ("preview", "1", "--out", str(own))):
        assert "has no content" in newsroom.run(*words).err


def test_editions_are_listed(composed: Newsroom) -> None:
    document = composed.done("editions", "--json").document

    check_shape("editions", document)
    assert [one["id"] for one in document["editions"]] == [1]
    assert "2026-03-06 12:00Z" in composed.done("editions").out


def test_no_editions_are_an_empty_list(newsroom: Newsroom) -> None:
    assert newsroom.done("editions", "--json").document == {"editions": []}
    assert "publisher compose" in newsroom.done("editions").out


def test_an_edition_of_a_newsletter_that_is_no_more_can_be_looked_at(composed: Newsroom) -> None:
    composed.change_config("[newsletters.weekly]", "[newsletters.monthly]")

    check_shape("edition", composed.done("edition", "1", "--json").document)
    assert "2026-03-06T12:00:00Z" in composed.done("edition", "1").out
    assert composed.run("send", "1").status == 2


def test_editing_changes_what_was_asked_for(composed: Newsroom, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Dear readers,\n\nthis week: gold.\n")
    words = ("--subject", "Gold", "--preheader", "And ships", "--note", str(note), "--pin", str(VERDICT))

    document = composed.done("edit", "1", *words, "--drop", str(PODCAST), "--json").document
    composed.done("preview", "1", "--out", str(tmp_path / "preview"))

    check_shape("edition", document)
    assert (document["subject"], document["preheader"]) == ("Gold", "And ships")
    assert PODCAST not in items(document)
    assert items(document).index(VERDICT) < items(document).index(GOLD)
    assert "this week: gold." in (tmp_path / "preview" / "edition.txt").read_text()


def test_articles_stand_in_the_order_asked_for(composed: Newsroom) -> None:
    document = composed.done("edit", "1", "--order", f"{VERDICT}, {GOLD}", "--json").document

    assert items(document).index(VERDICT) < items(document).index(GOLD)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--subject", "Gold\r\nBcc: all@example.org"),
        ("--subject", ""),
        ("--preheader", "gold\u2028ships"),
        ("--note", "no-such-file"),
    ],
    ids=repr,
)
def test_an_edit_that_cannot_be_meant_is_wrong_usage(composed: Newsroom, words: tuple[str, ...]) -> None:
    before = composed.done("edition", "1", "--json").document

    assert composed.run("edit", "1", *words).status == 2
    assert composed.done("edition", "1", "--json").document == before


def test_a_note_that_is_not_utf8_is_wrong_usage(composed: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "note").write_bytes(b"Jos\xe9")

    assert composed.run("edit", "1", "--note", str(tmp_path / "note")).status == 2


def test_an_unknown_article_ends_an_edit(composed: Newsroom) -> None:
    assert composed.run("edit", "1", "--pin", "999").status == 1


def test_approving_freezes_and_says_what_changed(composed: Newsroom) -> None:
    article = composed.folder / "articles" / "gold-route.md"
    article.write_text(article.read_text() + "\nA sentence was added.\n")
    composed.done("gather")

    result = composed.done("approve", "1", "--json")

    check_shape("edition", result.document)
    assert result.document["state"] == "frozen"
    assert result.document["deliveries"] == {"pending": 2, "left_out": 2}
    assert f"article {GOLD} was changed at its source" in result.err


def test_approving_twice_changes_nothing(composed: Newsroom) -> None:
    composed.done("approve", "1")

    again = composed.done("approve", "1")

    assert "was approved before" in again.err
    assert composed.run("edit", "1", "--subject", "Late").status == 1


def test_a_held_edition_goes_only_after_resuming(composed: Newsroom) -> None:
    held = composed.done("hold", "1", "--json").document

    refused = [composed.run("send", "1"), composed.run("approve", "1")]
    resumed = composed.done("resume", "1", "--json").document

    check_shape("edition", held)
    assert held["state"] == "held"
    assert [one.status for one in refused] == [1, 1]
    assert "publisher resume 1" in refused[0].err
    assert not composed.outbox.exists()
    assert resumed["state"] == "review"


def test_a_cancelled_edition_stays_cancelled(composed: Newsroom) -> None:
    document = composed.done("cancel", "1", "--json").document

    check_shape("edition", document)
    assert document["outcome"] == "cancelled"
    for decision in ("approve", "send", "resume", "hold"):
        assert composed.run(decision, "1").status == 1


def test_approving_for_nobody_skips_it_and_says_why(newsroom: Newsroom) -> None:
    for address in ("ana@example.org", "ben@example.net"):
        newsroom.done("subscribers", "erase", address, "--json")
    newsroom.done("compose", "weekly", "--slot", SLOT)

    document = newsroom.done("approve", "1", "--json").document

    assert (document["state"], document["reason"]) == ("skipped", "nobody to send it to")


def test_an_article_that_came_later_is_in_the_next_edition(composed: Newsroom) -> None:
    composed.done("send", "1")
    write_article(composed.folder / "articles" / "zinc.md", title="Zinc", published="2026-03-09T15:00:00Z")
    composed.done("gather")

    document = composed.done("compose", "weekly", "--slot", "2026-03-13T12:00:00Z", "--json").document

    assert [one["title"] for one in document["items"]] == ["Zinc"]


def test_an_article_that_is_pinned_and_dropped_is_wrong_usage(composed: Newsroom) -> None:
    url = "https://news.example.org/investigations/gold-route/"

    result = composed.run("edit", "1", "--pin", str(GOLD), "--drop", url)

    assert result.status == 2
    assert f"article {GOLD}" in result.err


def test_a_minute_that_has_a_closed_edition_is_told(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.cli.editions.choose_slot", lambda *_, **__: FRIDAY)
    newsroom.change_config("minimum = 1", "minimum = 9")
    first = newsroom.done("compose", "weekly", "--json")

    again = newsroom.done("compose", "weekly", "--json")

    assert "no new one was made" not in first.err
    assert "is skipped, so no new one was made. From 12:01Z on" in again.err
    assert again.document["id"] == first.document["id"]


@pytest.mark.parametrize(
    ("command", "cure"),
    [("resume", "publisher approve 1"), ("edit", "publisher cancel 1"), ("cancel", "cannot be taken back")],
)
def test_a_decision_that_comes_too_early_or_too_late_says_what_to_do(
    composed: Newsroom, command: str, cure: str
) -> None:
    if command != "resume":
        composed.done("approve", "1")
    if command == "cancel":
        composed.done("send", "1")

    result = composed.run(command, "1", *(["--subject", "x"] if command == "edit" else []))

    assert result.status == 1
    assert cure in result.err
