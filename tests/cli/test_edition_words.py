"""What a person reads of an edition: words, not names of ours, and never so many lines that the next step is lost."""

import pytest

from publisher.cli.edition_view import counts_words, rejected_words, show_left_out
from publisher.model.edition import LeftOutItem
from publisher.store.ledger import Rejection


def test_counts_are_told_in_words() -> None:
    assert counts_words({"left_out": 2, "accepted": 1200}) == "1,200 accepted, 2 left out"


@pytest.mark.parametrize(("count", "told"), [(3, 3), (10, 10), (270, 10)])
def test_of_many_that_were_left_out_the_first_are_named_and_the_rest_counted(
    capsys: pytest.CaptureFixture[str], count: int, told: int
) -> None:
    some = [LeftOutItem(article=n, title=f"Story {n}", why="over the maximum of 5") for n in range(count)]

    show_left_out(some)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Left out, over the maximum of 5: {count} articles."
    assert sum("Story" in line for line in lines) == told
    assert ("  ... and 260 more; `--json` shows all." in lines) is (count == 270)


def test_of_many_that_were_rejected_the_rest_are_counted() -> None:
    lines = rejected_words([Rejection(address="ana@example.org", words="550 no such user")], 3)

    assert lines == [
        "The provider rejected 3 readers:",
        "  ana@example.org: 550 no such user",
        "  ... and 2 more.",
    ]
