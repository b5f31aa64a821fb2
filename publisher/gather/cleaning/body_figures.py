"""Figures: a picture's credit belongs into its caption, marked as `small`; and what holds no figure is none."""

from lxml import etree

from publisher.gather.cleaning.body_nodes import Element, classes_of, erase, finder, is_blank
from publisher.model.markup import names

#: How themes mark a credit.
CREDITS = names(
    "credit credits image-credit image-credits photo-credit photo-credits photo-credit-text media-credit "
    "wp-media-credit wp-credit caption-credit img-credit picture-credit figure-credit featured-image-credit "
    "image-attribution photographer credito creditos foto-credito"
)
_MARKED = finder(".//*[@class]")
_FIGURES = names("img figcaption table blockquote pre")


def settle_credits(root: Element) -> None:
    """Changes the tree in place."""
    captions: dict[Element, Element] = {}  # of figures, looked for once
    for element in _MARKED(root):
        if classes_of(element) & CREDITS:
            _settle_credit(element, captions)


def unwrap_figures(root: Element) -> None:
    """Makes boxes of the figures that show no picture, table or quotation and have no caption."""
    for figure in root.iterdescendants("figure"):
        if next(figure.iterdescendants(*_FIGURES), None) is None:
            figure.tag = "div"


def _settle_credit(credit: Element, captions: dict[Element, Element]) -> None:
    """Puts a credit at the end of its figure's caption; one inside of another, or outside of figures, stays."""
    around = list(credit.iterancestors())
    figure = next((one for one in around if one.tag == "figure"), None)
    if figure is None or credit.tag in {"figure", "figcaption"} or any(one.tag == "small" for one in around):
        return
    if not "".join(credit.itertext()).strip() or next(credit.iterdescendants("img", "figcaption"), None) is not None:
        return
    caption = next((one for one in around if one.tag == "figcaption"), None)
    if caption is None:
        if figure not in captions:
            captions[figure] = _caption_of(figure)
        _move_words(credit, captions[figure])
        return
    if credit.tag == "a":  # the link stays, in the credit
        _wrap(credit)
    else:
        credit.tag = "small"
        _part_from_before(credit)


def _caption_of(figure: Element) -> Element:
    found = next(figure.iterdescendants("figcaption"), None)
    if found is None:
        found = etree.Element("figcaption")
        figure.append(found)
    return found


def _move_words(credit: Element, caption: Element) -> None:
    small = etree.Element("small")
    small.text, credit.text = credit.text, None
    small.extend(list(credit))
    caption.append(small)
    _part_from_before(small)
    erase(credit)


def _wrap(link: Element) -> None:
    small = etree.Element("small")
    link.addprevious(small)
    small.tail, link.tail = link.tail, None
    small.append(link)
    _part_from_before(small)


def _part_from_before(element: Element) -> None:
    """A credit that a style sheet put on a line of its own is parted from the caption by a space."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        if not (before.tail or "")[-1:].isspace():
            before.tail = f"{before.tail or ''} "
    elif parent is not None and not is_blank(parent.text) and not (parent.text or "")[-1:].isspace():
        parent.text = f"{parent.text or ''} "
