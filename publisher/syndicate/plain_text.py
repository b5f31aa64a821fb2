"""Blocks as plain text: wrapped by the width that a terminal shows, links as numbered notes.

One number for one address, and the notes at the end, so that a paragraph reads like print.
"""

from collections.abc import Iterator, Sequence

import wcwidth

from publisher.syndicate.blocks import Block, Heading, ListBlock, Paragraph, Preformatted, Quote, Rule, Runs, Table

WIDTH = 72


def render_plain_text(blocks: Sequence[Block], *, width: int = WIDTH) -> str:
    """The blocks as text that ends in its notes and no newline."""
    notes: dict[str, int] = {}
    pieces = [_block(block, notes, width) for block in blocks]
    if notes:
        pieces.append("\n".join(f"[{number}] {url}" for url, number in notes.items()))
    return "\n\n".join(piece for piece in pieces if piece)


def wrap(text: str, *, width: int = WIDTH, first: str = "", rest: str = "") -> str:
    """Text in lines of at most `width` columns; an address is never cut."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = first if not lines else rest
        # A cut address is no address: such a line may stand out instead.
        has_address = "://" in line
        lines += wcwidth.wrap(
            line,
            width,
            initial_indent=indent,
            subsequent_indent=rest,
            break_long_words=not has_address,  # Chinese and Japanese have no spaces to break at
            break_on_hyphens=False,
            control_codes="ignore",
        ) or [indent.rstrip()]
    return "\n".join(line.rstrip() for line in lines)


def _block(block: Block, notes: dict[str, int], width: int) -> str:  # noqa: PLR0911 - one for each kind of block
    """One block; what is inside another is rendered narrower and set in."""
    match block:
        case Paragraph(runs):
            return wrap(_line(runs, notes), width=width)
        case Heading(level, runs):
            return _heading(level, _line(runs, notes), width)
        case ListBlock():
            return "\n".join(_items(block, notes, width))
        case Quote(blocks):
            inside = "\n\n".join(_block(one, notes, width - 2) for one in blocks)
            return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
        case Table(rows):
            return "\n".join(wrap(" | ".join(_line(cell, notes) for cell in row), width=width) for row in rows)
        case Preformatted(text):
            return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
        case Rule():
            return "* * *"


def _heading(level: int, text: str, width: int) -> str:
    """The two upper levels are underlined."""
    wrapped = wrap(text, width=width)
    longest = max(wcwidth.width(line) for line in wrapped.split("\n"))
    return f"{wrapped}\n{('=' if level == 1 else '-') * longest}" if level <= 2 else wrapped  # noqa: PLR2004 - two levels


def _items(block: ListBlock, notes: dict[str, int], width: int) -> Iterator[str]:
    """The items of a list, each behind its bullet or number."""
    for position, item in enumerate(block.items):
        bullet = "- " if block.start is None else f"{block.start + position}. "
        inside = "\n".join(_block(one, notes, width - len(bullet)) for one in item)
        lines = inside.split("\n")
        rest = [f"{' ' * len(bullet)}{line}".rstrip() for line in lines[1:]]
        yield "\n".join([f"{bullet}{lines[0]}".rstrip(), *rest])


def _line(runs: Runs, notes: dict[str, int]) -> str:
    """Runs as text; a link gets its number where it ends, unless its text is its address."""
    text = ""
    for position, run in enumerate(runs):
        text += run.text
        goes_on = position + 1 < len(runs) and runs[position + 1].url == run.url
        if run.url and not goes_on and run.url != run.text.strip():
            number = notes.setdefault(run.url, len(notes) + 1)
            space = " " if run.text.endswith(" ") else ""
            text = f"{text.rstrip(' ')} [{number}]{space}"
    return text
