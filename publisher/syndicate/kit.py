"""The republish kit: everything that a partner needs to publish one article properly, from one stored revision.

| file         | holds                                                                           |
|--------------|---------------------------------------------------------------------------------|
| index.html   | the page: conditions, requests, text to copy, images with their rights           |
| article.html | title, byline, original, body, corrections, rule, notice with links, addresses   |
| article.txt  | the same, wrapped, links as numbered notes, the notice with bare addresses       |
| article.md   | the same in Markdown, with reference links and no raw HTML                       |
| article.json | its fields, with every image and its rights                                      |
| notice.html, notice.txt | the attribution alone                                                |
| LICENSE.txt  | the licence's address and names, the disclaimer, version and checksum            |

Corrections are inside, so that a fresh paste carries them. The counter, where the house turned it on, is in the HTML
alone and ends it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from publisher.licensing.decisions import open_licence, republishable
from publisher.licensing.licences import Licence, spdx_id
from publisher.licensing.names import long_name, short_name
from publisher.licensing.notices import Changes, Notice, Person, addresses_html, notice_html, notice_text
from publisher.licensing.words import EN, join_names, words_for
from publisher.model.article import Article, Image
from publisher.model.clock import stamp
from publisher.model.errors import NotPermittedError
from publisher.render.languages import direction
from publisher.syndicate.blocks import Heading, Run, read_blocks
from publisher.syndicate.credits import notice_of
from publisher.syndicate.entries import correction_html, kit_address
from publisher.syndicate.house import House, long_date
from publisher.syndicate.images import may_leave, republishable_body
from publisher.syndicate.markdown import render_markdown
from publisher.syndicate.markup import clean_text, escape_text, inner_html, parse_fragment, plain_text
from publisher.syndicate.plain_text import render_plain_text, wrap

#: The files of a kit beside its page, in the order of writing.
FILES = ("article.html", "article.txt", "article.md", "article.json", "notice.html", "notice.txt", "LICENSE.txt")
PAGE = "index.html"
#: How much a reader's browser is asked to tell the counter of the page it is on.
REFERRER_POLICIES = {"host": "strict-origin", "page": "no-referrer-when-downgrade"}
ELLIPSIS = re.compile(r"\s*\[?(…|\.\.\.)\]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A kit without its page: files by name, and what the page tells of them."""

    article: Article
    licence: Licence
    version: str  #: of the stored revision
    sha256: str  #: of `article.html`
    files: Mapping[str, str]


def build_kit(article: Article, house: House, *, now: datetime) -> Kit:
    """The kit of an article; raises `NotPermittedError` with every reason against it."""
    reasons = republishable(article, now=now, embargo=house.embargo, own=house.own)
    licence = open_licence(article)
    if reasons or licence is None:
        raise NotPermittedError(article.number, reasons)
    notice = replace(notice_of(article, house, licence), changes=Changes())
    body = _with_summary(article, republishable_body(article))
    fragment = fragment_html(article, notice, body)
    counted = fragment + counter_html(article, house)
    sha256 = hashlib.sha256(counted.encode()).hexdigest()
    version = str(article.revision)
    texts = {
        "article.html": counted,
        "article.txt": _article_text(article, notice, body),
        "article.md": render_markdown(read_blocks(fragment)) + "\n",
        "notice.html": f"{_credit(notice)}\n",
        "notice.txt": wrap(notice_text(notice)) + "\n",
        "LICENSE.txt": _licence_text(notice, version, sha256),
    }
    kit = Kit(article=article, licence=licence, version=version, sha256=sha256, files=texts)
    # Last, because it holds the fragment and its checksum.
    texts["article.json"] = _article_json(kit, notice, body, house)
    return kit


def fragment_html(article: Article, notice: Notice, body: str) -> str:
    """The article to paste: one line for each of its parts, in the order of the table of contents of a kit."""
    words = words_for(article.language)
    frame = _attributes(words.language, article.language)
    day = long_date(notice.published, words.language)
    first = f'{words.first_published} <a href="{escape(notice.url)}">{escape_text(notice.organisation)}</a>, {day}.'
    parts = [
        f"<h1{_attributes(article.language, article.language)}>{escape_text(notice.title)}</h1>",
        f"<p{frame}>{_byline(notice)}</p>",
        f"<p{frame}><em>{first}</em></p>",
        _directed(body, article.language),
        _directed(correction_html(article, body), article.language),
        "<hr>",
        _credit(notice, frame),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def is_counted(house: House) -> bool:
    """Whether the newsroom's kits hold a counter."""
    return house.counter != "off" and house.kit_id is not None


def counter_html(article: Article, house: House) -> str:
    """An invisible picture of ours that tells us where the article is read; nothing where the counter is off."""
    if house.kit_id is None or not is_counted(house):
        return ""
    address = f"{house.public_url}/r/{house.kit_id(article.number)}.gif"
    # Browsers' own policy sends the host alone, so that each level says its own (Referrer Policy section 3).
    policy = REFERRER_POLICIES[house.counter]
    size = 'width="1" height="1" alt="" loading="eager"'  # lazy pictures below the fold are never asked for
    return f'<img src="{escape(address)}" {size} referrerpolicy="{policy}">\n'


def _credit(notice: Notice, attributes: str = "") -> str:
    """The notice, and below it its addresses in words."""
    return f"<p{attributes}>{notice_html(notice)}</p>\n<p{attributes}>{addresses_html(notice)}</p>"


def _byline(notice: Notice) -> str:
    """`By <a rel="author" …>Jane Doe</a> and Ana Ruiz, <a …>Example Newsroom</a>`."""
    words = words_for(notice.language)
    organisation = f'<a href="{escape(notice.organisation_url)}">{escape_text(notice.organisation)}</a>'
    names = join_names([_author(person) for person in notice.authors], words)
    return f"{words.by} {names}, {organisation}" if names else organisation


def _author(person: Person) -> str:
    name = escape_text(person.name)
    return f'<a rel="author" href="{escape(person.url)}">{name}</a>' if person.url else name


def _attributes(language: str, article_language: str) -> str:
    """`lang` and `dir` of a part whose language is not the article's, and of all parts of right-to-left text."""
    is_same = article_language.lower().partition("-")[0] == language.lower().partition("-")[0]
    if is_same and direction(language) == "ltr":
        return ""  # the partner's page around the paste says it already
    return f' lang="{escape(language)}" dir="{direction(language)}"'


def _directed(body: str, language: str) -> str:
    """Right-to-left text says so on each of its blocks: a kit has no element around them."""
    if direction(language) == "ltr" or not body:
        return body
    root = parse_fragment(body)
    for block in root:
        if not block.get("dir"):
            block.set("dir", "rtl")
            block.set("lang", block.get("lang") or language)
    return inner_html(root)


def _with_summary(article: Article, body: str) -> str:
    """The summary as a first paragraph, unless the body begins with it (an excerpt made by the CMS)."""
    summary = " ".join(clean_text(article.summary).split())
    # Compared as words: the CMS makes the excerpt from the same text with other markup.
    said = plain_text(parse_fragment(body))
    if not summary or ELLIPSIS.sub("", summary) in said:
        return body
    return f"<p>{escape_text(summary)}</p>\n{body}"


def _article_text(article: Article, notice: Notice, body: str) -> str:
    """The article in plain text."""
    words = words_for(article.language)
    names = join_names([person.name for person in notice.authors], words)
    byline = f"{words.by} {names}, {notice.organisation}" if names else notice.organisation
    title = render_plain_text((Heading(1, (Run(notice.title),)),))
    parts = [
        title,
        wrap(byline),
        wrap(f"{words.first_published} {notice.organisation}: {notice.url}"),
        render_plain_text(read_blocks(body)),
        render_plain_text(read_blocks(correction_html(article, body))),
        "* * *",
        wrap(notice_text(notice)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _licence_text(notice: Notice, version: str, sha256: str) -> str:
    """The licence's address and names, the disclaimer, and which text this is."""
    licence = notice.licence
    words = words_for(notice.language)
    return "\n".join(
        (
            licence.url,
            f"{long_name(licence, words.language)} ({short_name(licence)})",
            f"SPDX-License-Identifier: {spdx_id(licence)}" if spdx_id(licence) else "",
            words.no_warranty,
            "",
            notice.title,
            notice.url,
            f"© {notice.year} {notice.rights_holder}",
            f"version: {version}",
            f"sha256 (article.html): {sha256}",
            "",
        )
    ).replace("\n\n\n", "\n\n")


def _article_json(kit: Kit, notice: Notice, body: str, house: House) -> str:
    """The fields, for a partner's own import."""
    article = kit.article
    fields = {
        "number": article.number,
        "uri": article.uri,
        "url": article.url,
        "kit": kit_address(article, house),
        "version": kit.version,
        "sha256": kit.sha256,
        "kind": article.kind,
        "language": article.language,
        "direction": direction(article.language),
        "title": notice.title,
        "summary": clean_text(article.summary),
        "authors": [{"name": person.name, "url": person.url} for person in notice.authors],
        "organisation": {"name": notice.organisation, "url": notice.organisation_url},
        "published": stamp(article.published),
        "updated": stamp(article.updated),
        "section": clean_text(article.section.name) if article.section else None,
        "countries": [clean_text(term.name) for term in article.countries],
        "topics": [clean_text(term.name) for term in article.topics],
        "licence": {
            "url": kit.licence.url,
            "name": long_name(kit.licence, article.language),
            "short_name": short_name(kit.licence),
            "spdx": spdx_id(kit.licence),
        },
        "rights_holder": notice.rights_holder,
        "body_html": body,
        "article_html": kit.files["article.html"],
        "notice_html": notice_html(notice),
        "notice_text": notice_text(notice),
        "disclaimer": EN.no_warranty,
        "images": [_image_fields(image) for image in article.images],
        "corrections": [{"date": day.isoformat(), "text": text} for day, text in notice.corrections],
        "translation_of": article.translation_of,
    }
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _image_fields(image: Image) -> dict[str, object]:
    """An image with its rights, those that may not leave too: a partner shall know what is missing."""
    return {
        "url": image.url,
        "alt": clean_text(image.alt),
        "caption": clean_text(image.caption),
        "credit": clean_text(image.credit),
        "licence": image.licence,
        "rights": image.rights,
        "rights_why": image.rights_why,
        "republishable": may_leave(image),
        "is_main": image.is_main,
    }
