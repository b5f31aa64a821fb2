"""Media RSS: the pictures of an entry, each with its own words, taken out of the tree before feedparser sees it.

feedparser keeps one description, title and licence for an entry and all its pictures together: a caption ends up as
the entry's summary, and the licence of a picture as that of the text (seen in 6.0.14).
"""

from itertools import takewhile

from lxml import etree

from publisher.gather.feed.document import Picture

Element = etree._Element  # noqa: SLF001 - the public name of lxml's element type is this one

MEDIA = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")
WORDS = ("title", "description", "credit", "license", "copyright")
Said = dict[Element, dict[str, str]]  #: what levels of an entry say, by name


def take_pictures(entry: Element) -> list[Picture]:
    """The pictures of an entry, contents before thumbnails; removes everything of Media RSS from it."""
    found = [one for one in entry.iter(etree.Element) if media_name(one)]
    contents = [one for one in found if media_name(one) == "content"]
    said: Said = {}
    pictures = [picture_of(one, entry, said) for one in contents if is_picture(one)]
    pictures += [Picture(url=one.get("url") or "") for one in found if media_name(one) == "thumbnail"]
    for one in found:
        drop(one)
    return [one for one in pictures if one.url]


def media_name(element: Element) -> str:
    """The name of an element of Media RSS; empty for any other."""
    return element.tag.partition("}")[2] if element.tag.startswith(MEDIA) else ""


def is_picture(content: Element) -> bool:
    """Whether a `media:content` is a picture; Media RSS may say so in two ways."""
    return content.get("medium") == "image" or (content.get("type") or "").startswith("image/")


def picture_of(content: Element, entry: Element, said: Said) -> Picture:
    """A `media:content` with its words: its own, else those of its group, else those beside it in the entry.

    `said` keeps what each level says: an entry may have thousands of pictures.
    """
    levels = levels_of(content, entry, said)
    words = {name: next(filter(None, (level.get(name, "") for level in levels)), "") for name in WORDS}
    credit = words["credit"] or words["copyright"]
    return Picture(
        url=content.get("url") or "",
        media_type=content.get("type") or "",
        width=content.get("width") or "",
        height=content.get("height") or "",
        alt=words["title"],
        caption=words["description"],
        credit=credit,
        licence=words["license"],
    )


def levels_of(content: Element, entry: Element, said: Said) -> list[dict[str, str]]:
    """What each level says, the nearest first."""
    levels = [content, *takewhile(lambda one: one is not entry, content.iterancestors()), entry]
    for level in levels:
        if level not in said:
            said[level] = words_in(level)
    return [said[level] for level in levels]


def words_in(level: Element) -> dict[str, str]:
    """What one level says, by name; several credits in it are all named."""
    found: dict[str, list[str]] = {}
    for one in level.iterchildren(etree.Element):
        if (name := media_name(one)) in WORDS and (text := one.get("href") or " ".join((one.text or "").split())):
            found.setdefault(name, []).append(text)
    return {name: " / ".join(texts) for name, texts in found.items()}


def drop(element: Element) -> None:
    """Removes an element, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
