"""Plain text and Markdown: the words of the HTML, nothing else, readable as print."""

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from publisher.syndicate.blocks import read_blocks
from publisher.syndicate.markdown import render_markdown
from publisher.syndicate.markup import clean_html, escape_text, parse_fragment, plain_text
from publisher.syndicate.plain_text import render_plain_text, wrap

#: No controls, surrogates, separators or unassigned: HTML itself treats some of these as space.
WORDY = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs", "Cf", "Cn", "Co"])


def as_text(html: str) -> str:
    """HTML as plain text."""
    return render_plain_text(read_blocks(clean_html(html)))


def as_markdown(html: str) -> str:
    """HTML as Markdown."""
    return render_markdown(read_blocks(clean_html(html)))


def shown(markdown: str) -> str:
    """What Markdown shows to a reader, as plain words."""
    return plain_text(parse_fragment(MarkdownIt("commonmark").enable("table").render(markdown)))


def test_links_become_notes_with_one_number_for_one_address() -> None:
    one, two = "https://e.example.org/a", "https://e.example.org/b"
    html = f'<p><a href="{one}">One</a>, <a href="{two}">two</a>, <a href="{one}">one again</a>.</p>'

    assert as_text(html) == (
        "One [1], two [2], one again [1].\n\n[1] https://e.example.org/a\n[2] https://e.example.org/b"
    )


def test_a_link_that_shows_its_address_needs_no_note() -> None:
    assert as_text('<p><a href="https://e.example.org/a">https://e.example.org/a</a></p>') == "https://e.example.org/a"


def test_lines_are_wrapped_by_the_width_that_is_seen() -> None:
    text = as_text(f"<p>{'黄金之路' * 40}</p><p>{'one two three ' * 20}</p>")

    assert max(wcwidth.width(line) for line in text.split("\n")) <= 72
    assert text.replace("\n", "").startswith("黄金之路" * 40)


def test_an_address_is_never_cut() -> None:
    address = f"https://e.example.org/{'a' * 90}-{'b' * 40}"

    assert address in wrap(f"See {address} now").split("\n")


@pytest.mark.parametrize(
    ("html", "text", "markdown"),
    [
        ("<h2>Head</h2>", "Head\n----", "## Head"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c", "- a\n- b\n\n  - c"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b", "3. a\n4. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b", "> a\n>\n> b"),
        ("<p>a<br>b</p>", "a\nb", "a\\\nb"),
        ("<p><strong>a</strong> <em>b</em></p>", "a b", "**a** *b*"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
            "a | b\n1 | 2|3",
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |",
        ),
        ("<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb", "a\n\n* * *\n\nb"),
        ("<pre>x\n  y</pre>", "    x\n      y", "    x\n      y"),
        ("loose <em>text</em><p>b</p>", "loose text\n\nb", "loose *text*\n\nb"),
        ("<p>  a\n\n b </p><p> </p>", "a b", "a b"),
    ],
)
def test_each_kind_of_block(html: str, text: str, markdown: str) -> None:
    assert (as_text(html), as_markdown(html)) == (text, markdown)


@pytest.mark.parametrize(
    "words",
    [
        "1. no list",
        "- no list",
        "# no heading",
        "> no quote",
        "a_b*c`d[e](f)",
        "<b>no tag</b>",
        "&amp; it is",
        "=== x",
        "+ y",
        "![z](https://x)",
    ],
)
def test_text_that_looks_like_markdown_stays_text(words: str) -> None:
    assert shown(as_markdown(f"<p>{escape_text(words)}</p>")) == words


@given(st.text(WORDY, min_size=1).map(lambda text: f"x{text}x"))
def test_markdown_shows_the_same_words_whatever_they_are(words: str) -> None:
    assert shown(as_markdown(f"<p>{escape_text(words)}</p>")) == words


def test_markdown_holds_no_raw_html() -> None:
    html = "<p>a &lt;i&gt; b</p><figure><img src='https://e.example.org/x.jpg' alt='c'></figure>"

    rendered = MarkdownIt("commonmark").parse(as_markdown(html))

    assert all("html" not in token.type for token in rendered)


def test_reference_links_keep_their_addresses_byte_for_byte() -> None:
    url = "https://e.example.org/a_(b)?c=*d*&e=_f_"

    html = MarkdownIt("commonmark").render(as_markdown(f'<p><a href="{escape_text(url)}">x</a></p>'))

    assert f'href="{url.replace("&", "&amp;")}"' in html
