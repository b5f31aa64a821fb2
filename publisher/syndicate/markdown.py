"""Blocks as Markdown (CommonMark with pipe tables): reference links, no raw HTML, every sign of the text escaped."""

import re
from collections.abc import Iterator, Sequence

from publisher.licensing.notices import markdown_text
from publisher.syndicate.blocks import Block, Heading, ListBlock, Paragraph, Preformatted, Quote, Rule, Run, Runs, Table

#: What would begin a heading, list, quote, rule or underline at the start of a line.
LEADING = re.compile(r"^(\s*)([-+=>]|\d{1,9}[.)])", re.MULTILINE)


def render_markdown(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown that ends in its link references and no newline."""
    references: dict[str, int] = {}
    pieces = list(_separated(blocks, references))
    if references:
        pieces.append("\n".join(f"[{number}]: {url}" for url, number in references.items()))
    return "\n\n".join(piece for piece in pieces if piece)


def _separated(blocks: Sequence[Block], references: dict[str, int]) -> Iterator[str]:
    """Each block; two lists in a row would run into one, so the second takes another sign."""
    was_list = False
    for block in blocks:
        is_list = isinstance(block, ListBlock)
        yield _block(block, references, bullet="*" if is_list and was_list else "-")
        was_list = is_list and not was_list


def _block(block: Block, references: dict[str, int], *, bullet: str = "-") -> str:  # noqa: PLR0911 - one for each kind
    """One block."""
    match block:
        case Paragraph(runs):
            return _guarded(_line(runs, references))
        case Heading(level, runs):
            return f"{'#' * level} {_line(runs, references)}".replace("\n", " ")
        case ListBlock():
            return "\n".join(_items(block, references, bullet))
        case Quote(blocks):
            inside = "\n\n".join(_separated(blocks, references))
            return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
        case Table():
            return _table(block, references)
        case Preformatted(text):
            return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
        case Rule():
            return "* * *"


def _items(block: ListBlock, references: dict[str, int], bullet: str) -> Iterator[str]:
    """The items of a list; what follows the first line is set in as far as the text."""
    for position, item in enumerate(block.items):
        sign = f"{bullet} " if block.start is None else f"{max(block.start, 0) + position}. "
        lines = "\n\n".join(_separated(item, references)).split("\n")
        rest = [f"{' ' * len(sign)}{line}".rstrip() for line in lines[1:]]
        yield "\n".join([f"{sign}{lines[0]}".rstrip(), *rest])


def _table(block: Table, references: dict[str, int]) -> str:
    """A pipe table; one without a head gets an empty one, since Markdown wants it."""
    columns = max(len(row) for row in block.rows)
    rows = [[_line(cell, references) for cell in row] + [""] * (columns - len(row)) for row in block.rows]
    # GitHub's tables must have a head row.
    head, body = (rows[0], rows[1:]) if block.has_head else ([""] * columns, rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * columns, *body))


def _line(runs: Runs, references: dict[str, int]) -> str:
    """Runs as inline Markdown; neighbours with one address are one link."""
    text = ""
    position = 0
    while position < len(runs):
        url = runs[position].url
        end = position + 1
        while url and end < len(runs) and runs[end].url == url:
            end += 1
        inside = "".join(_marked(run) for run in runs[position:end])
        text += _linked(inside, url, references) if url else inside
        position = end
    return text


def _linked(inside: str, url: str, references: dict[str, int]) -> str:
    """A reference link, its outer spaces left outside."""
    core = inside.strip(" \n")
    if not core:
        return inside
    before, after = inside.split(core, 1)
    return f"{before}[{core}][{references.setdefault(url, len(references) + 1)}]{after}"


def _marked(run: Run) -> str:
    """A run with its emphasis; marks must hug the text, so outer spaces go outside."""
    core = run.text.strip(" \n")
    if not core:
        return _breaks(run.text)
    before, after = run.text.split(core, 1)
    # Closing marks mirror the opening ones: `***both***`.
    mark = "**" * run.strong + "*" * run.emphasis
    return f"{_breaks(before)}{mark}{_breaks(markdown_text(core))}{mark[::-1]}{_breaks(after)}"


def _breaks(text: str) -> str:
    """A line break is a backslash at the end of the line."""
    return text.replace("\n", "\\\n")


def _guarded(text: str) -> str:
    """Escapes what would turn the start of a line into something else."""
    return LEADING.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """A backslash before the sign; before the point of a number."""
    sign = found[2]
    return f"{found[1]}{sign[:-1]}\\{sign[-1]}"
