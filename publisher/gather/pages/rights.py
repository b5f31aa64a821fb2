"""What a page lets others do: the licence it names, and whether it is for everybody at all.

The first that says something decides, and what is no exact licence decides too:

    license of JSON-LD or microdata  →  rel=license  →  a licence meta  →  a notice of copyright, which only forbids
"""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from publisher.gather.pages.json import each, resolve, text_of
from publisher.gather.pages.page import Page
from publisher.licensing.licences import RESERVED, parse_licence
from publisher.licensing.rights import DENIAL

FALSE = frozenset({"false", "0", "no"})
LICENCE_METAS = ("og:license", "article:license", "dcterms.license", "dc.license", "cc:license")
#: Said in JSON-LD that cannot be read: what it says is not known, but it forbids.
UNREAD_LICENCE = re.compile(r"""["'](?:license|copyrightNotice|usageInfo)["']\s*:""")
UNREAD_LOCK = re.compile(
    r"""["']isAccessibleForFree["']\s*:\s*["']?(?:https?://schema\.org/)?(?:false|no|0)\b""", re.IGNORECASE
)
RIGHTS_METAS = ("dcterms.rights", "dc.rights", "copyright", "rights")


def licence_of(page: Page) -> tuple[str, str]:
    """The licence as the page writes it, and where; both empty where it says nothing."""
    said = [text for one in each(page.article.get("license")) if (text := licence_text(resolve(one, page.nodes)))]
    if said:
        return one_licence(said), "the licence in its page's data"
    if UNREAD_LICENCE.search(page.unread):
        return "(cannot be read)", "the licence in its page's data"
    if links := rel_licences(page.root):
        return one_licence(links), "rel=license of its page"
    if text := page.meta(*LICENCE_METAS):
        return text, "a licence meta of its page"
    notices = [text_of(page.article.get("copyrightNotice")), *(page.meta(name) for name in RIGHTS_METAS)]
    # Prose permits nothing by what it may mean, but forbids by what it says.
    exact = next((text for text in notices if parse_licence(text)), "")
    if not exact and any(DENIAL.search(text) for text in notices):
        return RESERVED, "the notice of copyright in its page"
    return exact, "the rights meta of its page" if exact else ""


def licence_text(value: object) -> str:
    """A licence as a text: of an object its address before its name."""
    if isinstance(value, dict):
        return text_of(value.get("url") or value.get("@id") or value.get("sameAs") or value.get("name"))
    return text_of(value)


def is_locked(page: Page) -> bool:
    """Whether the text, or a part of it, is for those who pay only."""
    parts = [page.article, *(part for part in each(page.article.get("hasPart")) if isinstance(part, dict))]
    free = [part.get("isAccessibleForFree") for part in parts]
    said = (text_of(one).rpartition("/")[2].lower() in FALSE for one in free if isinstance(one, str))
    return False in free or any(said) or bool(UNREAD_LOCK.search(page.unread)) or is_marked_locked(page)


def is_marked_locked(page: Page) -> bool:
    """Whether a meta says that the text is for those who pay only."""
    return page.meta("article:content_tier").lower() == "locked"


def is_unlisted(page: Page) -> bool:
    """Whether the page asks search engines not to list it."""
    words = re.split(r"[\s,:;]+", f"{page.meta('robots')},{page.headers.get('X-Robots-Tag', '')}".lower())
    return "noindex" in words or "none" in words


def rel_licences(root: HtmlElement) -> list[str]:
    """What the links of a page name, each once."""
    links = (link for link in root.iter("a", "link", "area") if link.get("href"))
    named = [link for link in links if "license" in link.get("rel", "").lower().split()]
    # A link in the body may be of a picture in it; the head speaks of the page. RSL terms are for machines only.
    in_head = [link for link in named if link.tag == "link" and "rsl" not in link.get("type", "").lower()]
    in_body = [link for link in named if link.tag != "link"]
    return list(dict.fromkeys(link.get("href", "").strip() for link in in_head or in_body))


def one_licence(texts: Sequence[str]) -> str:
    """The licence that several texts agree on; where they differ, all of them, which is none."""
    licences = {licence.url if (licence := parse_licence(text)) else text for text in texts}
    return texts[0] if len(licences) == 1 else ", ".join(texts)
