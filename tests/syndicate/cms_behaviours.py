"""What CMSs do to HTML that is pasted into them: each a pure function, HTML in, HTML out.

Nobody's code runs here. A row with a product's name does what that product is known to do with its defaults; the
others are what sanitisers, exports and house rules do everywhere.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree
from markdown_it import MarkdownIt

from publisher.syndicate.blocks import read_blocks
from publisher.syndicate.markdown import render_markdown
from publisher.syndicate.markup import escape_text, inner_html, parse_fragment, plain_text

Paste = Callable[[str], str]
BLOCKS = "h1 h2 h3 h4 h5 h6 p li blockquote figcaption td th"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One way in which a CMS treats what is pasted."""

    name: str
    does: str  #: in words, for the page
    paste: Paste


def only(html: str, tags: str, attributes: Collection[str] = ("href", "src", "alt")) -> str:
    """HTML with these tags and attributes alone; the words of the others stay."""
    root = parse_fragment(html)
    for element in list(root.iter(etree.Element)):
        if element is root:
            continue
        for name in set(element.attrib) - set(attributes):
            del element.attrib[name]
        if element.tag not in tags.split():
            element.drop_tag()  # type: ignore[attr-defined]  # lxml.html's elements have it
    return inner_html(root)


def without(html: str, *tags: str) -> str:
    """HTML without these elements and what is in them."""
    root = parse_fragment(html)
    for element in list(root.iter(*tags)):
        element.drop_tree()  # type: ignore[attr-defined]  # lxml.html's elements have it
    return inner_html(root)


def relinked(html: str, change: Callable[[etree._Element], None]) -> str:
    """HTML whose links were changed."""
    root = parse_fragment(html)
    for link in root.iter("a"):
        change(link)
    return inner_html(root)


def renamed(html: str, names: dict[str, str]) -> str:
    """HTML in which elements are called otherwise."""
    root = parse_fragment(html)
    for element in root.iter(*names):
        element.tag = names[str(element.tag)]
    return inner_html(root)


def in_blocks(html: str) -> str:
    """WordPress's block editor: a comment around each block, and classes of its own."""
    html = only(html, f"{BLOCKS} a em strong ul ol hr figure img br", ("href", "rel", "src", "alt"))
    html = html.replace("<hr>", '<hr class="wp-block-separator has-alpha-channel-opacity">')
    return re.sub(r"(<p>.*?</p>)", r"<!-- wp:paragraph -->\n\1\n<!-- /wp:paragraph -->\n\n", html, flags=re.DOTALL)


def by_autop(html: str) -> str:
    """WordPress's classic editor: stores no `p`, and guesses them again from the empty lines."""
    bare = re.sub(r"(</p>|(?<=</h1>)|(?<=<hr>))\s*", "\n\n", re.sub(r"<p[^>]*>", "", html))
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", bare) if piece.strip()]
    return "\n".join(f"<p>{'<br />'.join(piece.split(chr(10)))}</p>" for piece in pieces)


def texturized(html: str) -> str:
    """WordPress's typography: quotes, dashes and ellipses of the words, not of the tags."""
    signs = (("---", "—"), ("--", "\N{EN DASH}"), ("...", "…"), ("'", "\N{RIGHT SINGLE QUOTATION MARK}"))

    def dress(found: re.Match[str]) -> str:
        words = re.sub(r'"([^"]*)"', r"“\1”", found[0])
        for plain, nice in signs:
            words = words.replace(plain, nice)
        return words

    return re.sub(r"[^<>]+(?=<|$)", dress, html)


def as_text(html: str) -> str:
    """Pasting as text: a paragraph for each block, its words alone."""
    root = parse_fragment(html)
    words = [plain_text(block) for block in root.iter(*BLOCKS.split())]
    return "".join(f"<p>{escape_text(one)}</p>" for one in words if one)


def through_documents(html: str) -> str:
    """Google Docs and back: everything in spans, and each link behind a redirect."""

    def redirect(link: etree._Element) -> None:
        link.set("href", f"https://www.google.com/url?q={quote(link.get('href', ''), safe='')}&sa=D&source=editors")

    html = relinked(only(html, f"{BLOCKS} a em strong ul ol hr", ("href",)), redirect)
    spans = re.sub(r"<(em|strong)>", '<span style="font-style:italic">', html)
    return re.sub(r"</(em|strong)>", "</span>", spans)


def by_markdown(html: str) -> str:
    """Stored as Markdown and rendered again, raw HTML off."""
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(render_markdown(read_blocks(html))))


def guarded(link: etree._Element) -> None:
    """A link as comment filters leave it."""
    link.set("rel", "nofollow noopener noreferrer")
    link.set("target", "_blank")


def tracked(link: etree._Element) -> None:
    """A link with campaign parameters."""
    link.set("href", f"{link.get('href')}?utm_source=elsewhere&utm_medium=referral")


def in_word(html: str) -> str:
    """Word and back: classes, styles, and paragraphs in place of headings and rules."""
    html = renamed(only(html, "h1 h2 h3 p a li ul ol", ("href",)), {"h1": "p", "h2": "p", "h3": "p"})
    styled = html.replace("<p>", '<p class="MsoNormal" style="margin:0"><span lang="EN-US">')
    return styled.replace("</p>", "<o:p></o:p></span></p>")


BEHAVIOURS = (
    Behaviour(
        name="WordPress, block editor", does="a comment around each block; unknown attributes go", paste=in_blocks
    ),
    Behaviour(name="WordPress, classic editor", does="`p` are taken out and guessed again (wpautop)", paste=by_autop),
    Behaviour(
        name="WordPress, typography", does="quotes, dashes, ellipses are replaced (wptexturize)", paste=texturized
    ),
    Behaviour(
        name="Drupal, restricted HTML",
        does="no `p`, `h1`, `hr`, pictures; links keep `href` alone",
        paste=lambda html: only(html, "a em strong blockquote ul ol li dl dt dd h2 h3 h4 h5 h6", ("href",)),
    ),
    Behaviour(name="TinyMCE, paste as text", does="words alone: no link is left", paste=as_text),
    Behaviour(
        name="CKEditor 5, basic build",
        does="`h1` becomes `h2`, `em` becomes `i`; no `hr`, `small`, `rel`",
        paste=lambda html: renamed(only(html, f"{BLOCKS} a em strong ul ol", ("href",)), {"h1": "h2", "em": "i"}),
    ),
    Behaviour(
        name="Ghost",
        does="cards: figures and rules get classes, captions lose their markup",
        paste=lambda html: only(html, f"{BLOCKS} a em strong ul ol hr figure img br").replace(
            "<figure>", '<figure class="kg-card kg-image-card">'
        ),
    ),
    Behaviour(
        name="Medium",
        does="`h1 h2 p a em strong blockquote img` and no other element",
        paste=lambda html: only(html, "h1 h2 p a em strong blockquote img"),
    ),
    Behaviour(name="Google Docs and back", does="spans, and links behind `google.com/url?q=`", paste=through_documents),
    Behaviour(name="Word and back", does="classes and styles; headings become paragraphs", paste=in_word),
    Behaviour(name="a CMS of Markdown", does="stored as Markdown, raw HTML off", paste=by_markdown),
    Behaviour(
        name="attributes but `href`",
        does="are taken away",
        paste=lambda html: re.sub(r' (?!href=)\w+="[^"]*"', "", html),
    ),
    Behaviour(
        name="all attributes", does="are taken away, `href` too", paste=lambda html: re.sub(r' \w+="[^"]*"', "", html)
    ),
    Behaviour(
        name="outside links",
        does="are not allowed: their words stay",
        paste=lambda html: re.sub(r"</?a\b[^>]*>", "", html),
    ),
    Behaviour(name="links, guarded", does='`rel="nofollow"` and `target`', paste=lambda html: relinked(html, guarded)),
    Behaviour(name="links, counted", does="get campaign parameters", paste=lambda html: relinked(html, tracked)),
    Behaviour(
        name="emphasis and rules",
        does="`em`, `small` and `hr` go",
        paste=lambda html: re.sub(r"</?(em|small|hr)\b[^>]*>", "", html),
    ),
    Behaviour(
        name="paragraphs",
        does="become `div` and `br`",
        paste=lambda html: renamed(html, {"p": "div"}).replace("\n", "<br>"),
    ),
    Behaviour(name="entities", does="are escaped twice", paste=lambda html: html.replace("&", "&amp;")),
    Behaviour(name="the title", does="has a field of its own: `h1` goes", paste=lambda html: without(html, "h1")),
    Behaviour(
        name="pictures",
        does="go, with figures and captions",
        paste=lambda html: without(html, "figure", "img", "figcaption"),
    ),
    Behaviour(
        name="white space", does="between tags goes", paste=lambda html: re.sub(r">\s+<", "><", html).replace("\n", "")
    ),
)
