"""A second cut of an edition that is under way, for those not yet served: the same pieces less what was withdrawn.

After approving, the source may only veto: nothing is added or altered, so the frozen fragments are used as they are.
"""

from collections.abc import Sequence
from datetime import datetime

from publisher.compose.digest import DigestMaker, preheader_of, subject_of
from publisher.compose.edition import Composer
from publisher.model.article import Article, Status
from publisher.model.edition import Edition, EditionItem, Form, Fragment
from publisher.render.fragments import render_fragments
from publisher.store import articles, batches, editions, ledger
from publisher.store.editions import NewVariant
from publisher.store.engine import Tx


def recut_edition(tx: Tx, composer: Composer, edition: Edition, *, now: datetime) -> bool:
    """Makes a new cut if readers who still wait would get a withdrawn article; gives whether it did."""
    if edition.cut is None or not batches.withdrawn_items(tx, edition.id):
        return False
    old = editions.get_cut(tx, edition.cut)
    main = next(iter(editions.list_variants(tx, edition.cut)))
    maker = DigestMaker(settings=composer.settings, edition=edition, mark=old.mark, main_language=main)
    fragments: list[Fragment] = []
    variants: list[NewVariant] = []
    emptied: list[str] = []  #: languages of which nothing is left: an empty letter goes to nobody
    for language, variant in editions.list_variants(tx, edition.cut).items():
        pieces = editions.list_fragments(tx, variant)
        subject, preheader, kept = without_withdrawn(tx, composer, maker, language, pieces)
        places = tuple(range(len(fragments), len(fragments) + len(kept)))
        fragments += kept
        if not any(one.article for one in kept):
            emptied.append(language)
        variants.append(NewVariant(language=language, subject=subject, preheader=preheader, fragments=places))
    values = {
        "edition": edition.id,
        "mark": old.mark,
        "sender": old.sender,
        "headers": [list(header) for header in old.headers],
        "at": now,
        "frozen_at": old.frozen_at,  # the Date and the tokens stay those of the freeze
    }
    cut = editions.store_cut(tx, values, fragments, variants)
    current = editions.list_variants(tx, cut)
    by_old = {number: current[language] for number, language in editions.list_all_variants(tx, edition.id)}
    ledger.move_to_cut(tx, edition.id, cut, by_old=by_old)
    ledger.leave_out_variants(tx, edition.id, [current[language] for language in emptied])
    return True


def without_withdrawn(
    tx: Tx, composer: Composer, maker: DigestMaker, language: str, pieces: Sequence[Fragment]
) -> tuple[str, str, list[Fragment]]:
    """Subject, preheader and pieces of a letter without withdrawn articles.

    The opening names headlines in its preview text, so it is made anew; the heading of an empty block goes too.
    """
    stored = articles.read_numbers(tx, {one.article for one in pieces if one.article})
    kept = [one for one in pieces if not one.article or stored[one.article].status is Status.PUBLIC]
    items = [item_of(stored[one.article], one.block, place) for place, one in enumerate(kept) if one.article]
    filled = {item.block for item in items}
    kept = [one for one in kept if one.form is not Form.HEADING or one.block in filled]
    title = composer.rules(maker.edition.newsletter).title[language]
    subject = subject_of(title, items) if items else title
    preheader = preheader_of(items, stored[items[0].article].summary) if items else title
    digest = maker.make(
        language, subject=subject, preheader=preheader, items=[(item, stored[item.article]) for item in items]
    )
    opening = render_fragments(digest, folders=composer.templates)[0]
    return subject, preheader, [opening, *(one for one in kept if one.form is not Form.OPEN)]


def item_of(article: Article, block: str, position: int) -> EditionItem:
    """A frozen piece's article as an item."""
    return EditionItem(
        article=article.number,
        revision=article.revision,
        work_id=article.work_id,
        title=article.title,
        language=article.language,
        block=block,
        position=position,
        why="stays after a withdrawal",
    )
