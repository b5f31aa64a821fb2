"""The pictures of an article's page: the one that its data names for it, then those in the text, each once."""

from dataclasses import dataclass, replace

from publisher.gather.cleaning.clean import BodyImage, clean_text, images_in
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.pages.json import each, resolve, text_of
from publisher.gather.pages.page import Page
from publisher.gather.rights import Rights, judged_image
from publisher.licensing.rights import decide_image_rights
from publisher.model.article import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class MainPicture:
    """The picture that stands for the article, as its page's data tells."""

    image: BodyImage
    credit: str = ""
    licence: str = ""  #: as written; or where one is to be had, which permits nothing by itself


def images_of(page: Page, body: str, rights: Rights) -> tuple[Image, ...]:
    """The pictures with their rights decided, the main one first."""
    in_body = {image.url: image for image in reversed(images_in(body))}
    images: dict[str, Image] = {}
    if main := main_picture(page):
        told = with_words_of(main.image, in_body.get(main.image.url))
        judged = judged_image(told, rights, credit=main.credit, is_main=True)
        images[main.image.url] = under_its_licence(judged, main.licence, rights)
    for image in images_in(body):
        images.setdefault(image.url, judged_image(image, rights))
    return tuple(images.values())


def main_picture(page: Page) -> MainPicture | None:
    """The first picture that JSON-LD or microdata gives the article, else OpenGraph's.

    Only the first: the others are crops of the same one.
    """
    for given in each(page.article.get("image"))[:1]:
        value = resolve(given, page.nodes)
        if picture := picture_of(value, page):
            return picture
    url = absolute_url(page.meta("og:image:secure_url", "og:image", "og:image:url"), page.url)
    if url is None:
        return None
    image = BodyImage(
        url=url,
        alt=clean_text(page.meta("og:image:alt")),
        caption="",
        width=pixels(page.meta("og:image:width")),
        height=pixels(page.meta("og:image:height")),
    )
    return MainPicture(image=image)


def picture_of(value: object, page: Page) -> MainPicture | None:
    """An `ImageObject`, or the bare address of one."""
    fields = value if isinstance(value, dict) else {"url": value}
    address = text_of(fields.get("contentUrl") or fields.get("url") or fields.get("@id"))
    url = absolute_url(address, page.url) if address else None
    if url is None:
        return None
    image = BodyImage(
        url=url,
        alt=clean_text(text_of(fields.get("alternateName"))),
        caption=clean_text(text_of(fields.get("caption") or fields.get("description"))),
        width=pixels(text_of(fields.get("width"))),
        height=pixels(text_of(fields.get("height"))),
    )
    credit = next(
        filter(None, (text_of(fields.get(name)) for name in ("creditText", "copyrightHolder", "creator"))), ""
    )
    licence = text_of(fields.get("license")) or text_of(fields.get("acquireLicensePage"))
    return MainPicture(image=image, credit=clean_text(credit), licence=licence)


def with_words_of(image: BodyImage, in_body: BodyImage | None) -> BodyImage:
    """The picture with the words that stand by it in the text, where its data has none."""
    if in_body is None:
        return image
    return BodyImage(
        url=image.url,
        alt=image.alt or in_body.alt,
        caption=image.caption or in_body.caption,
        width=image.width or in_body.width,
        height=image.height or in_body.height,
        credit=image.credit or in_body.credit,
    )


def under_its_licence(image: Image, licence: str, rights: Rights) -> Image:
    """A picture that comes with a licence of its own is under that one, whatever its credit."""
    if not licence:
        return image
    decided, url, why = decide_image_rights(image.credit, licence, own_credits=rights.own, credit_rules=rights.credits)
    return replace(image, rights=decided, licence=url, rights_why=why)


def pixels(text: str) -> int | None:
    """A width or height, where it is one."""
    number = text.strip().lower().removesuffix("px").strip()
    return int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 and int(number) else None  # noqa: PLR2004 - five digits
