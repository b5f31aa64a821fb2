"""Pictures in what others may take: those that may not leave make room for a sentence, the others bring their credit.

Only `own` (under the article's licence), `cc` (under its own, with its own credit line) and `public_domain` leave.
A picture of which no record says that it may leave does not leave.
"""

from collections.abc import Mapping

from lxml import etree

from publisher.licensing.licences import parse_licence
from publisher.licensing.names import short_name
from publisher.licensing.words import words_for
from publisher.model.article import Article, Image, ImageRights
from publisher.syndicate.markup import KIT_TAGS, clean_html, clean_text, inner_html, parse_fragment, plain_text

LEAVING = frozenset({ImageRights.OWN, ImageRights.CC, ImageRights.PUBLIC_DOMAIN})
#: What makes a figure worth keeping after its pictures are gone.
OTHER_CONTENT = ("table", "blockquote", "ul", "ol", "p")


def may_leave(image: Image) -> bool:
    """Whether a picture may be republished; a `cc` one without its licence's address may not."""
    return image.rights in LEAVING and (image.rights is not ImageRights.CC or bool(parse_licence(image.licence or "")))


def republishable_body(article: Article) -> str:
    """The article's body with a kit's tags, without what may not leave."""
    root = parse_fragment(_without_code(article.content_html))
    leaving = {image.url: image for image in article.images if may_leave(image)}
    for figure in list(root.iter("figure")):
        _settle_figure(figure, leaving, article.language)
    # Figures are settled: what is left stands in running text, or in a figure that keeps it.
    for picture in list(root.iter("img")):
        if picture.get("src") not in leaving:
            _replace(_link_around(picture), _placeholder(article.language, "em"))
        elif not any(parent.tag == "figure" for parent in picture.iterancestors()):
            _add_credit_after(_link_around(picture), leaving[picture.get("src", "")])
    for block in root:  # a line for each block: people read what they paste
        block.tail = f"{(block.tail or '').rstrip()}\n"
    return inner_html(root).strip()


def credit_element(image: Image) -> etree._Element:
    """`Photo: Ana Ruiz, CC BY 4.0`, the licence linked; empty when there is nothing to say."""
    element = etree.Element("small")
    element.text = clean_text(image.credit)
    licence = parse_licence(image.licence or "")
    if licence and licence.is_open and image.rights is not ImageRights.OWN:
        name = short_name(licence)
        stated = element.text.replace("-", " ").lower()
        # "CC BY 4.0, CC BY 4.0" helps nobody.
        element.text = "" if stated == name.replace("-", " ").lower() else element.text
        link = etree.SubElement(element, "a", rel="license", href=licence.url)
        link.text = name
        element.text = f"{element.text}, " if element.text else ""
    return element


def _without_code(html: str) -> str:
    """Clean HTML in a kit's tags: preformatted text becomes a paragraph, lest it stand in none."""
    root = parse_fragment(clean_html(html))
    for block in root.iter("pre"):
        block.tag = "p"
    return clean_html(inner_html(root), KIT_TAGS)


def _settle_figure(figure: etree._Element, leaving: Mapping[str, Image], language: str) -> None:
    """A figure of pictures that may not leave becomes a sentence; one that stays shows its credits."""
    pictures = list(figure.iter("img"))
    staying = [leaving[url] for picture in pictures if (url := picture.get("src", "")) in leaving]
    if pictures and not staying and not any(figure.iter(*OTHER_CONTENT)):
        _replace(figure, _placeholder(language, "p"))
        return
    for image in staying:
        _add_to_caption(figure, image)


def _add_to_caption(figure: etree._Element, image: Image) -> None:
    """Puts the credit into the caption, unless it stands there."""
    credit = credit_element(image)
    words = plain_text(credit)
    caption = next(iter(figure.iter("figcaption")), None)
    if not words or (caption is not None and words in plain_text(caption)):
        return
    if caption is None:
        caption = etree.SubElement(figure, "figcaption")
    elif len(caption):
        caption[-1].tail = f"{caption[-1].tail or ''} "
    else:
        caption.text = f"{caption.text or ''} ".lstrip()
    caption.append(credit)


def _add_credit_after(element: etree._Element, image: Image) -> None:
    """A picture outside a figure has its credit right behind it."""
    credit = credit_element(image)
    if plain_text(credit):
        credit.tail, element.tail = element.tail, " "
        element.addnext(credit)


def _placeholder(language: str, tag: str) -> etree._Element:
    """The sentence in place of a picture: `p` between blocks, `em` within a line."""
    words = words_for(language)
    element = etree.Element(tag)
    inner = etree.SubElement(element, "em") if tag == "p" else element
    inner.text = words.image_removed
    if words.language != language.lower().partition("-")[0]:
        element.set("lang", words.language)
        element.set("dir", "ltr")
    return element


def _link_around(picture: etree._Element) -> etree._Element:
    """The link that only shows this picture, most likely leading to its large version; else the picture."""
    parent = picture.getparent()
    # CMSs wrap pictures in links to the full size: it would leave with the link.
    is_only = parent is not None and parent.tag == "a" and len(parent) == 1 and not plain_text(parent)
    return parent if is_only and parent is not None else picture


def _replace(old: etree._Element, new: etree._Element) -> None:
    """Puts one element where another stood."""
    new.tail = old.tail
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, new)
