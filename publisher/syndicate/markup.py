"""Article HTML on its way out: sanitised once more, and read as a tree.

The store holds sanitised HTML already. It is cleaned again here because what leaves is pasted into other people's
sites: one hole on the way in must not become a hole there.
"""

import re
from functools import lru_cache

import nh3
from lxml import etree
from lxml import html as lxml_html

from publisher.model.markup import ATTRIBUTES, DROPPED, TAGS

#: A kit's: what a CMS is likely to keep. The text of the others stays.
KIT_TAGS = TAGS - {"code", "pre", "time", "cite", "bdi"}
#: What XML 1.0 cannot carry, not even as a reference; and lone surrogates, which are no text at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Text without the characters that would stop a whole feed."""
    return FORBIDDEN.sub("", text)


def clean_html(html: str, tags: frozenset[str] = TAGS) -> str:
    """HTML with allowed tags and attributes alone, absolute http, https and mailto addresses, and nothing active."""
    return _cleaner(tags).clean(clean_text(html))


@lru_cache(maxsize=4)  # one for each set of tags: putting one together takes longer than cleaning with it
def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={name: set(of) for name, of in ATTRIBUTES.items() if name == "*" or name in tags},
        attribute_filter=_absolute_only,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags=set(DROPPED),
    )


def parse_fragment(html: str) -> etree._Element:
    """Clean HTML as a tree under one `div`."""
    root: etree._Element = lxml_html.fragment_fromstring(html or "", create_parent="div")
    return root


def inner_html(root: etree._Element) -> str:
    """What stands inside an element, as HTML."""
    inside = "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)
    return escape_text(root.text or "") + inside


def escape_text(text: str) -> str:
    """Plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(root: etree._Element) -> str:
    """The words of an element, spaces collapsed."""
    return " ".join("".join(str(piece) for piece in root.itertext()).split())


def is_web_address(url: str | None) -> bool:
    """Whether an address may stand in a feed or page: absolute http or https, with no space in it."""
    return bool(url and re.match(r"https?://[^\s/?#]", url, re.IGNORECASE) and not re.search(r"\s", url))


def _absolute_only(tag: str, attribute: str, value: str) -> str | None:
    """Drops relative addresses: in a feed they would point into the reader's own site."""
    # nh3 checks schemes, but lets relative addresses pass.
    if (tag, attribute) in {("a", "href"), ("img", "src")}:
        is_mail = tag == "a" and value.lower().startswith("mailto:")
        return value if is_mail or is_web_address(value) else None
    return value
