"""The web archive: a page for each edition that is on its way or sent, made from its frozen pieces.

Not the frozen bytes: what is personal is left out, and so is what was withdrawn since.
"""

import html
import re
from collections.abc import Sequence

from publisher.model.article import Status
from publisher.model.delivery import DeliveryState
from publisher.model.edition import Edition, EditionState, Form, Fragment
from publisher.render.text import RULE
from publisher.render.views import plain
from publisher.store import articles, editions, ledger
from publisher.store.engine import Store, Tx
from publisher.store.files import iter_files, source_revision
from publisher.syndicate.writer import Made, PublicWriter

FOLDER = "editions/"
#: From `frozen` on, so that the first reader who follows "in your browser" finds the page.
UNDER_WAY = (EditionState.FROZEN, EditionState.SENDING, EditionState.SENT)
#: Shown only where somebody has got it.
STOPPED = (EditionState.HALTED, EditionState.LATE)
#: The preview text, which only an inbox shows.
HIDDEN = re.compile(r"<div[^>]*display:\s*none[^>]*>.*?</div>\s*", re.DOTALL)
PARAGRAPH = re.compile(r"<p\b.*?</p>\s*", re.DOTALL)
#: What only mail clients want: left in, it is no valid page.
FOR_OUTLOOK = re.compile(r"<!--\[if mso\]>.*?<!\[endif\]-->", re.DOTALL)
TAG = re.compile(r"<[a-z][^>]*>")
FOR_MAIL = re.compile(r'\s(?:xmlns:[vo]|bgcolor|v?align|aria-roledescription)="[^"]*"|mso-[a-z-]+:[^;"]*;?\s?')
#: How HTML may write what it must escape.
ESCAPES = {
    "&": "(?:&amp;|&#38;|&)",
    "<": "(?:&lt;|&#60;)",
    ">": "(?:&gt;|&#62;|>)",
    '"': '(?:&quot;|&#34;|&#x22;|")',
    "'": "(?:&apos;|&#39;|&#x27;|')",
}


def build_archive(store: Store, writer: PublicWriter, *, everything: bool) -> None:
    """Writes the pages of editions, and removes those of editions that are not shown any more.

    Unless `everything` is due, one that was sent to its end is left alone, if its pages stand and no article of it
    changed.
    """
    wanted: set[str] = set()
    with store.read() as tx:
        listed = editions.list_editions(tx, states=(*UNDER_WAY, *STOPPED), limit=10_000)
        changed = editions.editions_of_unbuilt(tx)
        revision = source_revision(tx)
    stand = {one.path for one in iter_files(store, FOLDER)}
    for edition in listed:
        is_settled = edition.state is EditionState.SENT and edition.id not in changed
        if is_settled and not everything and f"{edition.archive}/index.html" in stand:
            wanted |= {path for path in stand if path.startswith(f"{edition.archive}/")}
            continue
        with store.read() as tx:
            pages = edition_pages(tx, edition) if is_shown(tx, edition) else {}
        writer.write({path: Made(data=text.encode(), revision=revision) for path, text in pages.items()})
        wanted |= set(pages)
    writer.flush()
    writer.remove(sorted(stand - wanted))


def is_shown(tx: Tx, edition: Edition) -> bool:
    """Whether an edition is public: approved, and on its way or with a reader."""
    if edition.frozen_at is None:  # late before anybody approved it
        return False
    if edition.state in UNDER_WAY:
        return True
    counts = ledger.count_deliveries(tx, edition.id)
    return bool(counts.get(DeliveryState.ACCEPTED) or counts.get(DeliveryState.UNKNOWN))


def edition_pages(tx: Tx, edition: Edition) -> dict[str, str]:
    """The files of one edition: its first language at its own address, the others in a folder each."""
    if edition.cut is None or not edition.archive:
        return {}
    mark = editions.get_cut(tx, edition.cut).mark
    pages = {}
    for place, (language, variant) in enumerate(editions.list_variants(tx, edition.cut).items()):
        folder = f"{edition.archive}/{language}" if place else edition.archive
        letter = editions.load_letter(tx, variant)
        pieces = editions.list_fragments(tx, variant)
        kept = public_pieces(tx, pieces)
        subject = letter.subject if len(kept) == len(pieces) else edition.archive.removeprefix(FOLDER)
        pages[f"{folder}/index.html"] = "".join(
            page_html(piece, mark, old=letter.subject, subject=subject) for piece in kept
        )
        pages[f"{folder}/index.txt"] = "".join(page_text(piece, mark) for piece in kept)
    return pages


def public_pieces(tx: Tx, pieces: Sequence[Fragment]) -> list[Fragment]:
    """The pieces less those of articles that the public may no longer see, and less the headings of empty blocks."""
    stored = articles.read_numbers(tx, {piece.article for piece in pieces if piece.article})
    kept = [piece for piece in pieces if not piece.article or stored[piece.article].status is Status.PUBLIC]
    filled = {piece.block for piece in kept if piece.article}
    return [piece for piece in kept if piece.form is not Form.HEADING or piece.block in filled]


def page_html(piece: Fragment, mark: str, *, old: str, subject: str) -> str:
    """One piece as the public sees it: without preview text and without paragraphs that hold a personal value.

    A subject that names a withdrawn article is not shown either.
    """
    text = piece.html
    if piece.form is Form.OPEN:
        text = HIDDEN.sub("", text, count=1)
        if subject != old:
            text = as_written(old).sub(lambda _: html.escape(subject), text)
    text = PARAGRAPH.sub(lambda found: "" if mark in found[0] else found[0], text)
    return without_holes(for_browsers(text), mark)


def for_browsers(text: str) -> str:
    """HTML made for mail clients as a page: valid, and its one part is the main one."""
    text = TAG.sub(lambda tag: FOR_MAIL.sub("", tag[0]), FOR_OUTLOOK.sub("", text))
    text = text.replace(" supported-color-schemes: light dark;", "")
    return text.replace('<div role="article"', '<div role="main"', 1)


def page_text(piece: Fragment, mark: str) -> str:
    """One piece of the plain text, likewise."""
    kept = [paragraph for paragraph in piece.text.split("\n\n") if mark not in paragraph]
    foot = f"{RULE}\n" if piece.form is Form.CLOSE and kept else ""  # it went with the first paragraph
    return foot + "\n\n".join(kept)


def as_written(text: str) -> re.Pattern[str]:
    """Finds a text in HTML, whichever way its characters are escaped."""
    return re.compile("".join(ESCAPES.get(character, re.escape(character)) for character in plain(text)))


def without_holes(text: str, mark: str) -> str:
    """No token is left, wherever a newsroom's own template has put one."""
    return re.sub(rf"__[a-z]+_{re.escape(mark)}__", "", text)
