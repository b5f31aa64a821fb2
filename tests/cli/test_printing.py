"""Words and tables: nothing from outside moves the terminal, nothing is cut."""

import contextlib
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from publisher.cli import printing


class Terminal(io.StringIO):
    """Something that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def printed(function: Callable[[], None], out: io.StringIO | None = None) -> str:
    """What a function prints."""
    stream = out or io.StringIO()
    with contextlib.redirect_stdout(stream):
        function()
    return stream.getvalue()


def test_times_are_shown_with_their_zone_and_in_utc() -> None:
    moment = datetime(2026, 3, 6, 12, tzinfo=UTC)

    words = printing.moment_words(moment, ZoneInfo("America/Bogota"))

    assert words == "Fri 6 Mar 2026 07:00 America/Bogota (2026-03-06T12:00:00Z)"


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert printed(lambda: printing.say("a\x1b[31mb\u202ec\nd")) == "a\ufffd[31mb\ufffdc\nd\n"


def test_a_table_breaks_long_cells_and_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    title = " ".join(f"word{n}" for n in range(20))

    shown = printed(lambda: printing.show_table(("No.", "Title"), [(1, title)], wide="Title"))

    assert all(len(line) <= 40 for line in shown.split("\n"))
    assert [word for word in shown.split() if word.startswith("word")] == title.split()


def test_lines_are_broken_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    text = "publisher " * 20

    on_terminal = printed(lambda: printing.show_pairs([("Name", text.strip())]), Terminal())
    in_a_pipe = printed(lambda: printing.show_pairs([("Name", text.strip())]))

    assert max(len(line) for line in on_terminal.split("\n")) <= 50
    assert on_terminal.split("\n")[1].startswith("      publisher")
    assert in_a_pipe.count("\n") == 1


def test_empty_values_are_left_out() -> None:
    assert printed(lambda: printing.show_pairs([("A", ""), ("B", None), ("Count", 0)])) == "Count  0\n"


def test_a_long_list_is_written_as_it_comes() -> None:
    out = io.StringIO()

    def items() -> Iterator[dict[str, int]]:
        yield {"n": 1}
        assert '"n": 1' in out.getvalue()
        yield {"n": 2}

    assert (
        printed(lambda: printing.stream_json("all", items()), out) == '{"all": [\n{\n "n": 1\n},\n{\n "n": 2\n}\n]}\n'
    )


def test_progress_is_shown_on_a_terminal_only() -> None:
    shown = {}
    for name, stream in (("terminal", Terminal()), ("pipe", io.StringIO())):
        with contextlib.redirect_stderr(stream), printing.progress_bar(total=3) as bar:
            bar.add("Edition 1", 2)
            bar.at("Edition 1", 3)
        shown[name] = stream.getvalue()

    assert "Edition 1" in shown["terminal"]
    assert shown["pipe"] == ""


@pytest.mark.parametrize(("count", "words"), [(0, "0 readers"), (1, "1 reader"), (1200, "1,200 readers")])
def test_counts_agree_with_their_noun(count: int, words: str) -> None:
    assert printing.count_words(count, "reader") == words
