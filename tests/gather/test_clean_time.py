"""How long cleaning takes: what a source writes, at whatever length, never holds a visit up."""

import random
import resource
import time

import pytest

from publisher.gather.cleaning.clean import clean_html

PAGE = "https://news.example.org/gold/route"
pytestmark = pytest.mark.slow
MEGABYTE = 1_000_000
#: Seconds of this process, twice what is promised: a busy machine is no fault.
SLOW = 4.0
ARTICLE = (
    '<p class="lead">The boats came <em>at night</em>, and the <a href="/gold/route?x=1&amp;y=2#fn1">report</a> said '
    "that nobody saw them; twelve of them were seized near the gap in March, with two tons of gold aboard.</p>\n"
) * 5 + (
    '<figure class="wp-block-image"><img src="https://x.example/a-1024x683.jpg" width="1024" height="683" srcset="'
    'https://x.example/a-1024x683.jpg 1024w, https://x.example/a-1536x1024.jpg 1536w"><figcaption>Boats. '
    '<span class="credit">Ana</span></figcaption></figure><ul><li>One</li></ul><p>&nbsp;</p>\n'
)


def filled(unit: str) -> str:
    return unit * (MEGABYTE // len(unit))


def numbered(unit: str, times: int) -> str:
    return "".join(unit.format(number) for number in range(times))


def soup() -> str:
    names = "p div b a table tr td ul li h1 figure span em blockquote svg math style img br iframe picture noscript"
    pieces = [piece for tag in names.split() for piece in (f"<{tag}>", f"</{tag}>", f"<{tag} class=x>", "word ")]
    return "".join(random.Random(1).choices(pieces, k=MEGABYTE // 5))  # noqa: S311 - no secret


HOSTILE = {
    "tags that never end": filled("<a"),
    "links in links": filled("<a href=x>y"),
    "boxes in boxes": filled("<div>"),
    "lists in lists": filled("<ul><li>"),
    "tables in tables": filled("<table><tr><td>"),
    "paragraphs": filled("<p>x"),
    "a hundred thousand attributes": "<p " + numbered(" {:x}", 170_000) + ">x",
    "attributes that hide in quotes": "<p x='<' y=\">\" " + numbered(" {:x}", 170_000) + ">x",
    "formatting that is opened again and again": "<p>" + numbered("<b class=x{}>", 150) + "<p>x" * 200_000,
    "empty formatting around line breaks": "<em>" * 190 + filled("<br>") + "</em>" * 190,
    "one long reference": "&" + "a" * MEGABYTE,
    "references to nothing": filled("&aaaa;"),
    "letters by number": filled("&#1575;"),
    "comments": filled("<!--"),
    "quotes that never end": filled('<a href="'),
    "less than": filled("<"),
    "a set of commas": '<img srcset="' + "," * MEGABYTE + '">',
    "a long address": f'<a href="/{"%" * MEGABYTE}">x</a>',
    "pictures": filled('<img src="/á/a b.jpg">'),
    "placeholders": filled("<img src=data:,><noscript><img src=/a.jpg></noscript>"),
    "pictures without scripts": "<noscript>" + filled("<img src=/a.jpg>") + "</noscript>",
    "credits": "<figure>" + filled("<p class=credit>d</p>"),
    "buttons of files": "<div class=wp-block-file>" + filled("<a class=wp-block-file__button href=x>d</a>"),
    "a paragraph of line breaks": "<p>" + filled("<br><br>x"),
    "boxes around blocks": "<div>" * 190 + filled("x<p>y</p>"),
    "large letters": filled("<p class=dropcap>T</p>"),
    "direction": ("<div dir=rtl>" * 150 + "<p>x" * 500 + "</div>" * 150) * 150,
    "soup": soup(),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_anything_takes_neither_long_nor_much_memory(hostile: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()

    clean_html(hostile[:MEGABYTE], PAGE)

    assert time.process_time() - start < SLOW
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes


@pytest.mark.parametrize(("size", "seconds"), [(100_000, 0.06), (MEGABYTE, 1.5)])
def test_an_article_is_cleaned_in_no_time(size: int, seconds: float) -> None:
    body = ARTICLE * (size // len(ARTICLE))
    start = time.process_time()

    clean_html(body, PAGE)

    assert time.process_time() - start < seconds * 3  # a busy machine is no fault
