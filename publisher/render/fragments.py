"""Fragments: a digest rendered once, cut where its parts meet, so that any selection of them joins to a letter.

    OPEN [NOTE] { HEADING ITEM* }* [APPEAL] CLOSE

Templates and inlining run once over a whole document that holds every item; a comment marks each boundary. A letter is
then a concatenation: no template, no parser, no clock between the fragments that were approved and the bytes that go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.model.edition import Form, Fragment, Hole, Letter, hole_token
from publisher.model.errors import ConfigurationError
from publisher.render import text
from publisher.render.digest import STORIES, Digest, DigestBlock
from publisher.render.environment import read_source, render_template, template_environment
from publisher.render.inline import inline_styles
from publisher.render.languages import direction
from publisher.render.views import ItemView, contact_address, item_view, paragraphs, plain, split_appeal
from publisher.render.words import words

#: Gmail clips a message whose HTML is over 102 KB, and hides the way out with it.
BYTE_WARN, BYTE_MAX = 80_000, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """A block as the templates see it."""

    name: str
    title: str
    items: tuple[ItemView, ...]


def render_fragments(digest: Digest, *, folders: Sequence[Path]) -> tuple[Fragment, ...]:
    """Every fragment of the digest, in the order of the whole letter; same digest, same bytes.

    `folders` are template folders, the newsroom's own first. Raises `ConfigurationError` for a template that cannot
    be used, and `ValueError` for an article whose address is none of the web.
    """
    environment = template_environment(folders)
    blocks = tuple(block_view(digest, block, is_first=n == 0) for n, block in enumerate(digest.blocks))
    document = render_template(environment, "email/letter.html", letter_values(digest, blocks))
    inlined = inline_styles(document, read_source(folders, "email/sheet.css"))
    pieces = inlined.split(f"<!--cut {digest.mark}-->")  # the mark is random: no text of an article can hold it
    # Text parts are not templates: their rules (columns, addresses, no markup) are too easily broken in one.
    texts = text.render_texts(digest, [(block.title, block.items) for block in blocks])
    plan = list(fragment_plan(digest))
    # An overridden letter.html may have lost a boundary: better no letter than one cut in the wrong place.
    if len(pieces) != len(plan):
        raise ConfigurationError(
            [f"templates/email/letter.html: makes {len(pieces)} parts instead of {len(plan)}. Keep each cut comment."]
        )
    return tuple(
        Fragment(
            form=form, language=digest.language, block=block, article=article, revision=revision, html=html, text=words_
        )
        for (form, block, article, revision), html, words_ in zip(plan, pieces, texts, strict=True)
    )


def assemble_letter(
    fragments: Sequence[Fragment], *, variant: int, language: str, subject: str, preheader: str
) -> Letter:
    """The letter of a variant: its fragments, in its order, one after the other."""
    return Letter(
        variant=variant,
        language=language,
        subject=subject,
        preheader=preheader,
        html="".join(fragment.html for fragment in fragments),
        text="".join(fragment.text for fragment in fragments),
    )


def fit_items(fragments: Sequence[Fragment], *, limit: int = BYTE_WARN) -> int:
    """How many of a letter's items fit into `limit` bytes of HTML, counted from the first; all else stays."""
    room = limit - sum(len(part.html.encode()) for part in fragments if part.form is not Form.ITEM)
    fitting = 0
    for part in fragments:
        if part.form is Form.ITEM:  # the shell is paid for already: a letter cannot go without its way out
            room -= len(part.html.encode())
            if room < 0:
                break
            fitting += 1
    return fitting


def fragment_plan(digest: Digest) -> Iterator[tuple[Form, str, int | None, int | None]]:
    """Form, block, article and revision of each fragment, in the order in which letter.html makes them."""
    yield Form.OPEN, "", None, None
    if paragraphs(digest.note):
        yield Form.NOTE, "", None, None
    for block in digest.blocks:
        yield Form.HEADING, block.name, None, None
        for item in block.items:
            yield Form.ITEM, block.name, item.article.number, item.article.revision
    if digest.appeal.strip():
        yield Form.APPEAL, "", None, None
    yield Form.CLOSE, "", None, None


def block_view(digest: Digest, block: DigestBlock, *, is_first: bool) -> BlockView:
    """A block with its heading; the first story of a letter that opens with stories is its lead."""
    say = words(digest.language)
    # A block that we have no word for is the newsroom's own affair, as updates are.
    usual = say.stories if block.name == STORIES else say.updates
    return BlockView(
        name=block.name,
        title=plain(block.title) or usual.format(newsroom=digest.newsroom.name),
        items=tuple(
            item_view(digest, item, block=block.name, is_lead=is_first and n == 0 and block.name == STORIES)
            for n, item in enumerate(block.items)
        ),
    )


def letter_values(digest: Digest, blocks: Sequence[BlockView]) -> dict[str, object]:
    """What letter.html and the templates that it includes can say."""
    appeal, appeal_url = split_appeal(digest.appeal)
    return {
        "digest": digest,
        "words": words(digest.language),
        "direction": direction(digest.language),
        "date": text.edition_date(digest),
        "subject": plain(digest.subject),
        "preheader": plain(digest.preheader),
        "note": paragraphs(digest.note),
        "blocks": blocks,
        "contact_url": contact_address(digest.newsroom.contact),
        "appeal": appeal,
        "appeal_url": appeal_url,
        "hole": {hole.value: hole_token(hole, digest.mark) for hole in Hole},
    }
