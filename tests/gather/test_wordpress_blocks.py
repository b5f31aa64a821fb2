"""What WordPress makes of its blocks and shortcodes, and what is stored of it: plain HTML of an article.

`samples/wordpress/blocks.txt` has both, block by block: `== name`, what WordPress prints, `--`, what is stored. White
space between two elements means nothing there.
"""

import re
from pathlib import Path

import pytest

from publisher.gather.cleaning.clean import clean_html, images_in

SAMPLES = Path(__file__).parents[1] / "samples" / "wordpress" / "blocks.txt"
PAGE = "https://news.example.org/gold/"
FILES = "https://news.example.org/wp-content/uploads/2026/03"
PARTS = re.split(r"^== (.+)\n", SAMPLES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
BLOCKS = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
FRAME = f'<iframe title="Gold" width="500" allowfullscreen src="{YOUTUBE.replace("watch?v=", "embed/")}"></iframe>'
QUOTED = '<blockquote class="wp-embedded-content"><a href="https://news.example.org/silver/">Silver</a></blockquote>'
FRAMED = (
    '<iframe class="wp-embedded-content" sandbox="allow-scripts" src="https://news.example.org/silver/embed/"></iframe>'
)
EMBEDS = {
    "an address that was not embedded": (f"\n{YOUTUBE}\n", YOUTUBE),
    "a frame": (FRAME, YOUTUBE),
    "another post": (QUOTED + FRAMED, "https://news.example.org/silver/"),
    "a sound": (f'<audio controls src="{FILES}/talk.mp3"></audio>', f"{FILES}/talk.mp3"),
    "a film": (
        f'<video controls src="{FILES}/river.mp4"><track src="{FILES}/river.vtt"/></video>',
        f"{FILES}/river.mp4",
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_becomes_plain_html(name: str) -> None:
    source, _, wanted = BLOCKS[name].partition("\n--\n")

    stored = clean_html(source, PAGE).html

    assert re.sub(r">\s+<", "><", stored) == wanted.strip()


@pytest.mark.parametrize("name", EMBEDS)
def test_what_plays_or_is_framed_becomes_one_link_with_its_caption(name: str) -> None:
    inner, address = EMBEDS[name]
    block = (
        f'<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">{inner}</div>'
        '<figcaption class="wp-element-caption">What it is</figcaption></figure>'
    )

    stored = clean_html(block, PAGE).html

    assert re.findall(r'href="([^"]*)"', stored) == [address]
    assert stored.count("What it is") == 1
    assert not re.search(r"<(iframe|audio|video|source|track)", stored)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_stored_block_stays_as_it_is(name: str) -> None:
    stored = clean_html(BLOCKS[name].partition("\n--\n")[0], PAGE).html

    assert clean_html(stored, PAGE).html == stored


def test_each_picture_of_a_gallery_has_the_caption_of_its_own() -> None:
    stored = clean_html(BLOCKS["a gallery"], PAGE).html

    assert [(image.alt, image.caption) for image in images_in(stored)][:2] == [("A", "One"), ("B", "Both")]
