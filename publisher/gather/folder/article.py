"""A file of a folder as an article of ours, or the reason why it cannot be one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
from markdown_it import MarkdownIt

from publisher.gather.cleaning.body_limits import fault_of_body
from publisher.gather.cleaning.clean import BodyImage, clean_html, images_in, summarise
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.folder.matter import FrontMatter, MainImage
from publisher.gather.folder.media import media_file, media_url
from publisher.gather.names import author_terms, language_tag
from publisher.gather.rights import Rights, choose_licence, judged_image
from publisher.gather.source import Refusal
from publisher.gather.times import time_notes
from publisher.model.article import Correction, Image, SourceArticle, SourceTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReading:
    """What is needed to read a file."""

    key: str
    name: str  #: path in the folder, with `/`
    root: Path
    media: str  #: where the folder's pictures will be public
    rights: Rights
    language: str  #: where the file does not say
    now: datetime
    drop: tuple[str, ...] = ()  #: boxes to leave out, as CSS selectors


def to_article(matter: FrontMatter, text: str, *, is_markdown: bool, reading: FolderReading) -> SourceArticle | Refusal:
    """The article, or why it cannot be taken."""
    url = absolute_url(matter.url, matter.url) if matter.url else None
    language = language_tag(matter.language) if matter.language else reading.language
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text) if is_markdown else text
    # Raw HTML in Markdown is let through here, because everything is cleaned afterwards.
    placed, lost = place_pictures(html, reading)
    cleaned = clean_html(placed, url or "", drop=reading.drop)
    faults = {
        f"its language {matter.language!r} is no language tag; write one such as en or es-MX": language is None,
        "has no `published`": matter.published is None,
        "has no `url`: the address of the article on the newsroom's site": url is None,
        "has no title": not matter.title,
    }
    fault = next((words for words, holds in faults.items() if holds), fault_of_body(cleaned.html))
    if fault or url is None or matter.published is None or language is None:
        return Refusal(key=reading.key, url=matter.url, title=matter.title, reason=fault)
    licence, why = choose_licence(matter.licence, "its front matter", reading.rights)
    images, missing = images_of(matter.image, cleaned.html, reading)
    return SourceArticle(
        key=reading.key,
        url=matter.url,
        title=matter.title,
        kind=matter.kind,
        language=language,
        content_html=cleaned.html,
        summary=matter.summary or summarise(cleaned.html),
        published=matter.published,
        modified=matter.updated,
        authors=author_terms(list(matter.authors)),
        section=term_of(matter.section) if matter.section else None,
        countries=tuple(map(term_of, matter.countries)),
        topics=tuple(map(term_of, matter.topics)),
        licence=licence,
        licence_why=why,
        rights_holder=matter.rights_holder or reading.rights.holder,
        images=images,
        corrections=tuple(Correction(date=one.date, text=one.text) for one in matter.corrections),
        translation_of=matter.translation_of or None,
        no_republish=matter.no_republish,
        embargo_until=matter.embargo_until,
        notes=(*cleaned.notes, *lost, *missing, *time_notes(matter.published, reading.now)),
    )


def term_of(name: str) -> SourceTerm:
    """A term: its name is all there is."""
    return SourceTerm(name=name, key=name)


def place_pictures(html: str, reading: FolderReading) -> tuple[str, tuple[str, ...]]:
    """The body with the public addresses of its pictures, each with its title as the caption of a figure.

    Runs before cleaning, on whatever the file holds; those that are no files of the folder are dropped and noted.
    """
    if not html.strip():
        return "", ()
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    lost = []
    for image in list(root.iter("img")):
        src = image.get("src", "")
        if not urlsplit(src).scheme and not src.startswith("//"):
            file = media_file(reading.root, Path(reading.name).parent, src)
            if file is None:
                image.drop_tree()
                lost.append(f"picture {src[:80]} is not in the folder")
                continue
            image.set("src", media_url(reading.media, file))
        if title := image.attrib.pop("title", ""):
            make_figure(image, title)
    return lxml.html.tostring(root, encoding="unicode"), tuple(lost)


def make_figure(image: lxml.html.HtmlElement, title: str) -> None:
    """Markdown has no captions: a picture alone in its paragraph takes its title for one."""
    paragraph = image.getparent()
    if paragraph is None or paragraph.tag != "p" or len(paragraph) != 1:
        return
    if (paragraph.text or "").strip() or (image.tail or "").strip():
        return
    paragraph.tag = "figure"
    caption = lxml.etree.SubElement(paragraph, "figcaption")
    caption.text = title


def images_of(main: MainImage | None, body: str, reading: FolderReading) -> tuple[tuple[Image, ...], tuple[str, ...]]:
    """The main picture, then those of the body, each address once; and what is missing."""
    images: dict[str, Image] = {}
    url = main_url(main, reading) if main else None
    if main and url:
        picture = BodyImage(url=url, alt=main.alt, caption=main.caption, width=None, height=None)
        images[url] = judged_image(picture, reading.rights, credit=main.credit, is_main=True)
    for image in images_in(body):
        images.setdefault(image.url, judged_image(image, reading.rights))
    missing = (f"picture {main.file} is not in the folder",) if main and not url else ()
    return tuple(images.values()), missing


def main_url(main: MainImage, reading: FolderReading) -> str | None:
    """The address of the main picture: a file beside the article or in `images/` there, or an address as it stands."""
    if urlsplit(main.file).scheme:
        return absolute_url(main.file, main.file)
    beside = Path(reading.name).parent
    file = media_file(reading.root, beside, main.file) or media_file(reading.root, beside / "images", main.file)
    return media_url(reading.media, file) if file else None
