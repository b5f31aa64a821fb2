"""The plain-text part: for readers who prefer it, for watches and screen readers, and for those who distrust HTML.

Title, then each item as heading, byline, summary and bare addresses on lines of their own; nothing is written that
the HTML does not say too. Lines are measured in columns, not characters: a Chinese one takes two.
"""

import re
from collections.abc import Iterator, Sequence

import wcwidth

from publisher.model.edition import Hole, hole_token
from publisher.render.digest import Digest, LicenceLine
from publisher.render.languages import join_names, long_date
from publisher.render.views import ItemView, PictureView, paragraphs, plain, split_appeal
from publisher.render.words import Words, words

WIDTH = 72  #: leaves room for the `> ` of two answers within 76
RULE = "-" * 60
ADDRESS = re.compile(r"(https?://\S+)")
#: What the template languages of mail services and relays begin with: `{{ name }}`, `{% if %}`.
TEMPLATE = re.compile(r"\{(?=[{%])")
WORD_JOINER = "\u2060"  #: has no width

Lines = Iterator[str]


def render_texts(digest: Digest, blocks: Sequence[tuple[str, Sequence[ItemView]]]) -> tuple[str, ...]:
    """The text of each fragment, in the order of the HTML's; each ends a line, so that any join is clean.

    Template syntax in an article's words is parted invisibly: they are words, and here no escaping protects them.
    """
    say = words(digest.language)
    # The order of `fragment_plan`: a part too many or too few is found there.
    parts = [opening(digest, say)]
    if paragraphs(digest.note):
        parts.append(section(paragraphs(digest.note)))
    for title, items in blocks:
        parts.append(iter([RULE, *wrap(title), ""]))
        parts += [item_lines(item, digest, say) for item in items]
    if digest.appeal.strip():
        parts.append(appeal_lines(digest, say))
    parts.append(closing(digest, say))
    return tuple(TEMPLATE.sub("{" + WORD_JOINER, "\n".join(part) + "\n") for part in parts)


def wrap(text: str) -> list[str]:
    """Lines of at most 72 columns; a web address is never broken and gets a line of its own."""
    lines: list[str] = []
    for part in ADDRESS.split(text):
        if ADDRESS.fullmatch(part):
            lines.append(part)  # broken, it would lead nowhere
        elif part.strip():
            # Hyphens stay whole: `CC BY-NC` over two lines is hard to read and to copy.
            lines += wcwidth.wrap(part.strip(), WIDTH, control_codes="ignore", break_on_hyphens=False)
    return lines


def edition_date(digest: Digest) -> str:
    """The edition's day as its readers see it."""
    return long_date(digest.slot.astimezone(digest.zone).date(), digest.language)


def opening(digest: Digest, say: Words) -> Lines:
    """The head of the letter."""
    yield from wrap(plain(digest.title))
    yield from wrap(f"{digest.newsroom.name}, {edition_date(digest)}")
    yield ""
    yield from labelled(say.web_version, digest.web_url)


def section(texts: Sequence[str]) -> Lines:
    """A ruled section of paragraphs."""
    yield RULE
    for paragraph in texts:
        yield from wrap(paragraph)
        yield ""


def item_lines(item: ItemView, digest: Digest, say: Words) -> Lines:
    """One article: what it is, who wrote it, what it says, where it is, what may be done with it."""
    yield ""
    if item.kicker:
        yield from wrap(" · ".join(item.kicker))
    yield from wrap(item.title)
    byline = f"{say.by} {join_names(item.authors, digest.language)}" if item.authors else ""
    yield from wrap(", ".join(part for part in (byline, item.date) if part))
    yield ""
    if item.summary:
        yield from wrap(item.summary)
        yield ""
    for day, correction in item.corrections:
        yield from wrap(f"{say.correction.format(date=day)} {correction}")
        yield ""
    if item.why:
        yield from wrap(item.why)
        yield ""
    yield item.url  # no label: under the summary there is no doubt where it leads
    yield ""
    yield from rights_lines(item, say)


def rights_lines(item: ItemView, say: Words) -> Lines:
    """Source, picture, licence and the way to republish."""
    yield from wrap((say.source if item.is_own else say.original).format(holder=item.holder))
    if item.picture is not None and item.picture.credit:
        yield from picture_lines(item.picture, say)
    yield from licence_lines(item.licence, say.licence, otherwise=say.all_rights.format(holder=item.holder))
    yield ""
    if item.republish_url:
        yield from labelled(say.republish.format(title=item.title), item.republish_url)


def picture_lines(picture: PictureView, say: Words) -> Lines:
    """The credit of a picture, with its licence where it has one: it is owed in this part too."""
    credit = say.picture.format(credit=picture.credit)
    if picture.licence is not None:
        yield from wrap(f"{credit} ({picture.licence.short})")
        yield picture.licence.url
    elif picture.licence_url:
        yield from wrap(f"{credit} ({say.picture_licence})")
        yield picture.licence_url
    else:
        yield from wrap(credit)


def licence_lines(licence: LicenceLine | None, label: str, *, otherwise: str) -> Lines:
    """A licence by its short name and its address, or the words for none."""
    if licence is None:
        yield from wrap(otherwise)
    else:
        yield from wrap(f"{label} {licence.short}")
        yield licence.url


def appeal_lines(digest: Digest, say: Words) -> Lines:
    """The appeal, and where to answer it."""
    texts, url = split_appeal(digest.appeal)
    yield from section(texts)
    if url:
        yield from labelled(say.support.format(newsroom=digest.newsroom.name), url)


def closing(digest: Digest, say: Words) -> Lines:
    """The foot: why the reader gets it, how to stop, who sends it, what may be done with it."""
    room, title = digest.newsroom, plain(digest.title)
    yield RULE
    yield from wrap(say.reason.format(title=title, since=hole_token(Hole.SINCE, digest.mark)))
    yield ""
    yield from labelled(say.unsubscribe.format(title=title), hole_token(Hole.UNSUBSCRIBE, digest.mark))
    yield from labelled(say.preferences, hole_token(Hole.PREFERENCES, digest.mark))
    yield from labelled(say.feeds.format(newsroom=room.name), digest.feeds_url)
    yield from licence_lines(digest.licence, say.edition_licence, otherwise=say.all_rights.format(holder=room.name))
    yield from wrap(say.each_licence)
    yield ""
    yield from wrap(room.name)
    yield from wrap(room.postal_address)
    yield from wrap(room.contact)
    yield from wrap(room.url)


def labelled(label: str, address: str) -> Lines:
    """A label, and below it the bare address or the token that stands for one."""
    # "Republish: The gold route" has its colon.
    yield from wrap(label if ":" in label else f"{label}:")
    yield address
    yield ""
