"""The pictures of an entry, with their rights: those beside it, then those in its text."""

from collections.abc import Iterator
from dataclasses import replace

from publisher.gather.cleaning.clean import BodyImage, clean_text, images_in
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.feed.document import Fields, Picture, maps_in, text_of
from publisher.gather.rights import Rights, judged_image
from publisher.licensing.rights import decide_image_rights
from publisher.model.article import Image


def images_of(entry: Fields, body: str, url: str, rights: Rights) -> tuple[Image, ...]:
    """Each address once; the first picture beside the entry is the main one."""
    images: dict[str, Image] = {}
    for picture in pictures_beside(entry):
        absolute = absolute_url(picture.url, url)
        if absolute and absolute not in images:
            images[absolute] = replace(judged(picture, absolute, rights), is_main=not images)
    for image in images_in(body):
        images.setdefault(image.url, judged_image(image, rights))
    return tuple(images.values())


def pictures_beside(entry: Fields) -> Iterator[Picture]:
    """Media RSS and what JSON Feed names, then enclosures that are pictures."""
    yield from (one for one in entry.get("pictures") or () if isinstance(one, Picture))
    for one in maps_in(entry, "enclosures"):
        if text_of(one, "type").startswith("image/"):
            yield Picture(url=text_of(one, "href"), media_type=text_of(one, "type"))


def judged(picture: Picture, url: str, rights: Rights) -> Image:
    """A picture with its rights: a credit that forbids is heard before a licence that permits."""
    body_image = BodyImage(
        url=url,
        alt=clean_text(picture.alt),
        caption=clean_text(picture.caption),
        width=size(picture.width),
        height=size(picture.height),
    )
    image = judged_image(body_image, rights, credit=clean_text(picture.credit))
    licence = clean_text(picture.licence)
    if licence and image.rights_why.startswith(("no credit", "nothing known", "credited to us")):
        decided, its_licence, why = decide_image_rights("", licence)
        image = replace(image, rights=decided, licence=its_licence, rights_why=why)
    return replace(image, media_type=picture.media_type or None)


def size(text: str) -> int | None:
    """A width or height in pixels, where it is one."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else None  # noqa: PLR2004 - five digits
