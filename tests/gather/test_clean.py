"""Bodies: what a source writes, and what is left of it. Much of it was met in real sources."""

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.gather.cleaning.clean import clean_html, plain_text
from publisher.model.markup import TAGS

PAGE = "https://news.example.org/gold/route"
SITE = "https://news.example.org"


def cleaned(html: str) -> str:
    return clean_html(html, PAGE).html


# What stays


@pytest.mark.parametrize(
    "html",
    [
        "<h2>H</h2><h3>H</h3><h4>H</h4><h5>H</h5><h6>H</h6>",
        "<p>a <strong>b</strong> <em>c</em> <s>d</s> <u>e</u> <del>f</del> <ins>g</ins> <small>h</small> <q>i</q></p>",
        "<p><abbr>a</abbr> <code>b</code> <sup>1</sup> <sub>2</sub> <bdi>c</bdi> <cite>d</cite><br>e</p><hr>",
        '<p lang="ar" dir="rtl">هذه</p><time datetime="2026-03-06T07:00-05:00">Friday</time>',
        '<ol start="3"><li>One<ul><li>Nested</li></ul></li></ol><dl><dt>T</dt><dd>D</dd></dl>',
        "<blockquote><p>A quote.</p><cite>A source</cite></blockquote><pre>  keep   spaces</pre>",
        '<figure><img src="https://cdn.example.org/x.jpg" alt="A" width="64"><figcaption>C</figcaption></figure>',
        '<table><caption>C</caption><thead><tr><th scope="col" colspan="2">Y</th></tr></thead></table>',
        '<table><tbody><tr><td rowspan="2">1</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table>',
        '<p><a href="http://example.org/a?b=1&amp;c=2">x</a> <a href="mailto:tips@example.org">y</a></p>',
        "Text of its own &amp; 5 &lt; 6",
    ],
)
def test_what_is_on_the_list_stays_as_it_is(html: str) -> None:
    assert cleaned(html) == html


def test_older_and_higher_elements_are_mapped() -> None:
    assert cleaned("<h1>A <b>b</b> <i>c</i></h1>") == "<h2>A <strong>b</strong> <em>c</em></h2>"


@pytest.mark.parametrize(
    "text", ['[gallery ids="1,2"]', '[caption width="300"]', "A[/caption]", "[unknown x='y']", "*|UNSUB|* {{ config }}"]
)
def test_shortcodes_and_placeholders_are_left_alone(text: str) -> None:
    assert cleaned(f"<p>{text}</p>") == f"<p>{text}</p>"


# What goes


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>document.write('RAN')</script>",
        "<style>RAN{}</style>",
        "<svg onload=alert(1)><foreignObject><p>RAN</p></foreignObject></svg>",
        "<math><mtext>RAN</mtext></math>",
        "<form action=https://evil.example/><input name=RAN>RAN</form>",
        "<template>RAN</template>",
        "<noscript>RAN</noscript>",
        "<object data=javascript:RAN>RAN</object>",
        "<iframe srcdoc='<script>RAN</script>'>RAN</iframe>",
        "<base href=https://RAN.example/><meta http-equiv=refresh content='0;url=https://RAN.example'>",
        "<!-- RAN --><?php RAN ?>",
    ],
)
def test_code_and_what_belongs_to_it_is_removed(hostile: str) -> None:
    assert cleaned(f"<p>before</p>{hostile}<p>after</p>") == "<p>before</p><p>after</p>"


@pytest.mark.parametrize(
    "attribute",
    ["onclick=x()", "style=position:fixed", "class=x", "id=x", "title=x", "data-x=y", "dir=up", "lang='<b>'"],
)
def test_attributes_that_are_not_on_the_list_are_removed(attribute: str) -> None:
    assert cleaned(f"<p {attribute}>x</p>") == "<p>x</p>"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "tel:+1202", "https://u:p@example.org/"])
def test_a_link_without_a_usable_address_leaves_its_text(href: str) -> None:
    result = clean_html(f'<p>a <a href="{href}">b</a> c</p>', PAGE)

    assert result.html == "<p>a b c</p>"
    assert result.notes == ("link without a usable address unwrapped",)


def test_an_anchor_leaves_its_text_without_a_note() -> None:
    assert clean_html('<p><a name="note">target</a></p>', PAGE).notes == ()


@pytest.mark.parametrize(
    "empty", ["<p></p>", "<p>&nbsp;</p>", "<p><strong> </strong><br></p>", "<h2></h2>", "<div></div>"]
)
def test_empty_paragraphs_are_removed(empty: str) -> None:
    assert cleaned(f"<p>a</p>{empty}<p>b</p>") == "<p>a</p><p>b</p>"


def test_an_empty_paragraph_still_parts_what_stood_around_it() -> None:
    assert cleaned("a<p></p>b") == "a b"


@pytest.mark.parametrize(
    "character", ["\x0b", "\x07", "\x1b", "\x7f", "\ufffe", "\uffff", "\ud800", "\u202e", "\u2066"]
)
def test_characters_that_have_no_business_in_a_text_are_removed(character: str) -> None:
    result = clean_html(f"<p>a{character}b</p>", PAGE)

    assert (result.html, result.notes) == ("<p>ab</p>", ("control characters removed",))


@pytest.mark.parametrize("reference", ["&#x202E;", "&#11;", "&#xFFFF;"])
def test_the_same_characters_written_as_references_are_removed(reference: str) -> None:
    assert cleaned(f"<p>a{reference}b</p><img alt='a{reference}b' src=/x>").startswith("<p>ab</p><img")
    assert 'alt="ab"' in cleaned(f"<img alt='a{reference}b' src=/x>")


def test_the_notes_say_what_was_done_and_how_often() -> None:
    html = "<script>1</script><script>2</script><p>x</p><iframe src=https://maps.example.org/></iframe><form></form>"

    assert clean_html(html, PAGE).notes == ("script removed (2)", "form removed", "frame turned into a link")


# Broken markup, as a browser would read it


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("<p>one <b>bold <i>both</b> i</i><div><p>two<td>cell</table></span>", "one bold both i twocell"),
        ("<p>one<p>two</div></p>three", "one two three"),
        ("<p>one <!-- comment --!> two", "one two"),
        ("<p>one <!--> two", "one two"),
        ("<p>one < two <3 & three", "one < two <3 & three"),
        ("Body with ]]&gt; and ]]> and <![CDATA[ inside.", "Body with ]]> and ]]> and"),
        ("<embed src=x><p>one</p><source><p>two</p>", "news.example.org/gold/x one two"),
        ("<ul><li>one<li>two</ul>three", "one two three"),
    ],
)
def test_broken_markup_loses_no_words_that_a_browser_shows(broken: str, words: str) -> None:
    assert plain_text(cleaned(broken)) == words


def test_what_a_parser_rearranges_is_cleaned_until_it_rests() -> None:
    assert cleaned("<code><li>") == "<li></li>"  # `<code></code><li><code></code></li>` in between


def test_what_is_nested_too_deep_is_kept_as_paragraphs() -> None:
    result = clean_html("<blockquote>" * 3000 + "<p>deep</p>" + "</blockquote>" * 3000 + "<p>after</p>", PAGE)

    assert result.html == "<p>deep</p><p>after</p>"
    assert result.notes == ("nested too deep: reduced to paragraphs",)


def test_what_is_nested_absurdly_deep_is_kept_as_text() -> None:
    result = clean_html("<ul><li>" * 50_000 + "5 &lt; 6", PAGE)

    assert result.html == "<p>5 &lt; 6</p>"
    assert result.notes == ("nested absurdly deep: reduced to text",)


def test_a_very_long_body_is_kept_whole() -> None:
    paragraphs = [
        f'<p>Paragraph {number} with <em>words</em> and <a href="{SITE}/x">a link</a>.</p>' for number in range(13_000)
    ]

    assert cleaned("\n".join(paragraphs)) == "\n".join(paragraphs)


# Boxes


@pytest.mark.parametrize(
    ("boxes", "paragraphs"),
    [
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<div><div><p>one</p></div><section><p>two</p></section></div>", "<p>one</p><p>two</p>"),
        ("<div>one <em>and</em><p>two</p>three</div>", "<p>one <em>and</em></p><p>two</p><p>three</p>"),
        ("<center>one</center>two", "<p>one</p>two"),
        ("<figure><div><div><img src=/x.jpg></div></div></figure>", f'<figure><img src="{SITE}/x.jpg">  </figure>'),
        ("<a href=/x><div>one</div><div>two</div></a>", f'<a href="{SITE}/x">one two </a>'),
    ],
)
def test_boxes_become_paragraphs_or_go_and_never_glue_words_together(boxes: str, paragraphs: str) -> None:
    assert cleaned(boxes) == paragraphs


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<span dir="rtl" lang="ar">هذه</span>', '<bdi dir="rtl" lang="ar">هذه</bdi>'),
        ('<div dir="rtl">هذه</div>', '<p dir="rtl">هذه</p>'),
        ('<div dir="rtl"><div><p>هذه</p>و</div></div>', '<p dir="rtl">هذه</p><p dir="rtl">و</p>'),
        ("<span>x</span>", "x"),
    ],
)
def test_direction_and_language_survive_the_box_that_said_them(written: str, kept: str) -> None:
    assert cleaned(written) == kept


# Addresses


def test_addresses_are_made_absolute_against_the_article() -> None:
    html = '<p>A claim.<sup><a href="#fn1" id="ref1">1</a></sup> <a href="/x">x</a> <a href=" y ">y</a></p>'

    assert cleaned(html) == (
        f'<p>A claim.<sup><a href="{PAGE}#fn1">1</a></sup> <a href="{SITE}/x">x</a> <a href="{SITE}/gold/y">y</a></p>'
    )


# Of any input

MARKUP = (
    "<p> </p> <div> </div> <b> </b> <i> <a href=/x> </a> <table> <td> <li> <ul> <h2> <figure> <pre> </pre> <br> "
    "<img\tsrc=/x\tonerror=1> <iframe\tsrc=https://v.example> </iframe> <embed> <source> <svg> <math> <style> "
    "<script> </script> <template> <select> <form> <textarea> <title> <noscript> <xmp> <plaintext> <div\tdir=rtl> "
    "</noscript> <figcaption> </figcaption> </figure> <small> </small> <p\tclass=credit> <span\tclass=credit> <label> "
    "<picture> </picture> <source\tsrcset='/a\t1w'> <img\tsrc=data:,\tdata-src=/y-300x200.jpg> "
    "<img\tsrc=/p.gif\twidth=9> <blockquote\tclass=twitter-tweet> </blockquote> <div\tclass=dropcap> <div\thidden> "
    "<p\tclass=sr-only> </td> </li> <div\tclass=wp-block-file> <dl\tclass=gallery-item> "
    "<dt\tclass=gallery-icon> <a\tclass=credit\thref=/y> <br><br> "
    "<!-- --> <![CDATA[ &lt; &#11; &#x202e; &amp;lt; < > \" ' \x0b \ud800 x word"
)
PIECES = st.sampled_from(MARKUP.split(" "))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_only_allowed_elements_are_left_and_cleaning_twice_is_cleaning_once(html: str) -> None:
    once = cleaned(html)

    left = {element.tag for element in lxml.html.fragment_fromstring(once, create_parent="div").iterdescendants()}
    assert left <= TAGS
    assert cleaned(once) == once


def test_a_cleaned_body_has_no_two_spellings_of_an_address() -> None:
    once = cleaned('<img src="/á b.jpg"><a href="HTTPS://EXAMPLE.org/á%2f">x</a>')

    assert once == f'<img src="{SITE}/%C3%A1%20b.jpg"><a href="https://example.org/%C3%A1%2F">x</a>'
    assert cleaned(once) == once


@settings(deadline=None)  # a busy machine is no fault
@given(st.text())
def test_plain_words_are_never_lost(text: str) -> None:
    words = "".join(character for character in text if character.isalnum() and character.isascii())

    assert plain_text(cleaned(f"<div><p>{words}</div>{words}<!-- ")) == f"{words} {words}".strip()
