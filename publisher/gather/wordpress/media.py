"""The pictures of WordPress posts: what the media library says of those that stand in a page of posts.

Posts come with little about their pictures (no custom fields, so no credit), and bodies often with an address only.
Two questions for each piece of posts bring the rest: by id, and by the slug that an upload gets from its file name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from publisher.gather.cleaning.clean import BodyImage, clean_text, images_in
from publisher.gather.cleaning.links import absolute_url
from publisher.gather.rights import Rights, judged_image
from publisher.gather.wordpress.api import WordPressApi
from publisher.gather.wordpress.fields import Media, Post, read_each
from publisher.gather.wordpress.meta import read_meta
from publisher.model.article import Image
from publisher.store.terms import slug_of

FIELDS = "id,source_url,alt_text,caption,mime_type,media_details,meta,acf"
#: What WordPress puts into a body for a picture of its library.
CLASS = re.compile(r"\bwp-(?:image|att)-(\d{1,18})\b")
SOURCE = re.compile(r"""\bsrc\s*=\s*["']([^"']*/uploads/[^"']+)["']""")
#: `-1024x576` of a size, `-scaled` of one made smaller, `-e1700000000` of an edited one.
SIZE = re.compile(r"(?:-\d+x\d+|-scaled|-rotated|-e\d{10,})+$")
AT_ONCE = 100


class Library:
    """Attachments by id and by address."""

    def __init__(self, media: Iterable[Media]) -> None:
        self.by_id = {one.id: one for one in media}
        self.by_url = {url: one for one in self.by_id.values() for url in urls_of(one)}


def read_library(api: WordPressApi, posts: list[Post], credit_key: str) -> Library:
    """Asks for the pictures of these posts and the field of their credit; what is not public does not come."""
    fields = f"{FIELDS},{credit_key.partition('.')[0]}".rstrip(",")
    ids = {post.featured_media for post in posts if post.featured_media}
    ids |= {int(number) for post in posts for number in CLASS.findall(post.content.rendered)}
    found = [one for some in parts(sorted(ids)) for one in ask(api, "include", some, fields)]
    known = Library(found).by_url
    sources = {url for post in posts for url in SOURCE.findall(post.content.rendered)}
    slugs = {slug_in(url) for url in sources if plain_path(url) not in known} - {""}
    # A guess that is wrong costs nothing: a picture is matched by its exact path, never by its slug.
    found += [one for some in parts(sorted(slugs)) for one in ask(api, "slug", some, fields)]
    return Library(found)


def images_of(post: Post, body: str, library: Library, credit_key: str, rights: Rights) -> tuple[Image, ...]:
    """The featured picture, if the public may see it, and those of the body, each address once."""
    images: dict[str, Image] = {}
    # What is embedded of a picture that was deleted or is private is an error, which `read_each` leaves out.
    featured = library.by_id.get(post.featured_media or 0) or next(
        iter(read_each(Media, post.embedded.get("wp:featuredmedia"))), None
    )
    if featured and (url := absolute_url(featured.source_url, post.link)):
        images[url] = library_image(featured, url, credit_key, rights)
    elif post.featured_media and (shown := shown_by_seo(post)):
        images[shown.url] = judged_image(shown, rights, is_main=True)
    for image in images_in(body):
        if image.url not in images:
            images[image.url] = body_image(image, library, credit_key, rights)
    return tuple(images.values())


def shown_by_seo(post: Post) -> BodyImage | None:
    """The picture that Yoast SEO puts into the head of the page, for sites that show their library to nobody."""
    head = (post.model_extra or {}).get("yoast_head_json")
    shown = head.get("og_image") if isinstance(head, dict) else None
    first = shown[0] if isinstance(shown, list) and shown and isinstance(shown[0], dict) else {}
    url = absolute_url(str(first.get("url", "")), post.link)
    if url is None:
        return None
    return BodyImage(url=url, alt="", caption="", width=pixels(first.get("width")), height=pixels(first.get("height")))


def library_image(media: Media, url: str, credit_key: str, rights: Rights) -> Image:
    """A picture as the library has it, in full size."""
    image = BodyImage(
        url=url,
        alt=clean_text(media.alt_text),
        caption=clean_text(media.caption.rendered),
        width=pixels(media.media_details.get("width")),
        height=pixels(media.media_details.get("height")),
    )
    credit = read_meta(media, credit_key) if credit_key else ""
    judged = judged_image(image, rights, credit=credit, is_main=True)
    return replace(judged, media_type=media.mime_type or None)


def body_image(image: BodyImage, library: Library, credit_key: str, rights: Rights) -> Image:
    """A picture of the body; its own alt and caption go before the library's."""
    media = library.by_url.get(plain_path(image.url))
    if media is None:
        return judged_image(image, rights)
    of_library = library_image(media, image.url, credit_key, rights)
    caption = image.caption or of_library.caption
    image = replace(image, alt=image.alt or of_library.alt, caption=caption)
    return replace(judged_image(image, rights, credit=of_library.credit), media_type=of_library.media_type)


def ask(api: WordPressApi, by: str, values: list[str], fields: str) -> list[Media]:
    """Attachments by `include` or `slug`; none where the site shows its library to nobody."""
    answer = api.get("/wp/v2/media", {by: ",".join(values), "per_page": AT_ONCE, "_fields": fields})
    return read_each(Media, answer.data) if answer.is_list else []


def parts(values: Iterable[object]) -> Iterator[list[str]]:
    """Lists short enough for one question."""
    texts = [str(value) for value in values]
    yield from (texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE))


def urls_of(media: Media) -> Iterator[str]:
    """All addresses of an attachment, in every size, as `plain_path` writes them."""
    sizes = media.media_details.get("sizes")
    for size in [{"source_url": media.source_url}, *(sizes.values() if isinstance(sizes, dict) else [])]:
        url = size.get("source_url") if isinstance(size, dict) else None
        if isinstance(url, str):
            yield plain_path(url)


def plain_path(url: str) -> str:
    """The path of an address, decoded: bodies name the same file with and without host, escaped and not."""
    return unquote(urlsplit(url).path)


def slug_in(url: str) -> str:
    """The slug that WordPress most likely gave to an upload of that file name."""
    name = plain_path(url).rpartition("/")[2].rpartition(".")[0]
    return slug_of(SIZE.sub("", name))


def pixels(value: object) -> int | None:
    """A size, where it is one."""
    return value if isinstance(value, int) and value > 0 else None
