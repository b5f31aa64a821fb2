"""An edition as a test reads it: what is in it, what is not and why, and what became of each article."""

from sqlalchemy import select

from publisher.model.edition import Edition, ItemState, Letter
from publisher.store import editions
from publisher.store.schema import newsletter_item
from tests.house import House


def items_of(house: House, edition: Edition) -> list[int]:
    """The numbers of an edition's articles."""
    with house.store.read() as tx:
        return [item.article for item in editions.list_items(tx, edition.id)]


def reasons(house: House, edition: Edition) -> dict[int, str]:
    """The articles that were looked at and left out, each with its reason."""
    with house.store.read() as tx:
        return {one.article: one.why for one in editions.list_left_out(tx, edition.id)}


def item_states(house: House, newsletter: int | None = None) -> dict[int, ItemState]:
    """What a newsletter has done with articles; one that is not named is new."""
    mine = newsletter_item.c.newsletter == (newsletter or house.newsletter)
    with house.store.read() as tx:
        rows = tx.execute(select(newsletter_item.c.article, newsletter_item.c.state).where(mine))
        return {row.article: ItemState(row.state) for row in rows}


def letters_of(house: House, edition: Edition) -> dict[str, Letter]:
    """An edition's letters by language."""
    with house.store.read() as tx:
        cut = editions.get_edition(tx, edition.id).cut or 0
        return {tag: editions.load_letter(tx, number) for tag, number in editions.list_variants(tx, cut).items()}


def send_now(house: House, edition: Edition) -> Edition:
    """Sends an edition to its end; gives it as it is then."""
    house.publisher.send(edition.id, by_hand=True)
    return house.edition(edition.id)
