"""`publisher compose`, `editions`, `edition`: making editions and looking at them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import find_edition, opened, parse_moment, tell_outbox
from publisher.cli.printing import AsJson, note, print_json, say, short_moment, show_table, stream_json

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.compose.early import Shortage
    from publisher.model.edition import Edition

CLOSED = frozenset({"sent", "skipped", "cancelled"})
Reference = Annotated[str, typer.Argument(metavar="ID", help="The edition's number.")]


def compose(
    context: typer.Context,
    newsletter: Annotated[str, typer.Argument(help="Its name in the configuration.")],
    *,
    slot: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When it is due to be sent, as 2026-03-06T12:00:00Z."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the edition of a slot: the open one, the one that is due, or one for this minute. Never sends."""
    with opened(context) as publisher:
        from publisher.cli.edition_view import load_view, show_edition
        from publisher.cli.shapes import edition_shape, shortage_shape
        from publisher.compose.early import find_shortage
        from publisher.compose.edition import compose_edition
        from publisher.store import editions as stored

        tell_outbox(publisher, as_json=as_json)
        now = publisher.now()
        publisher.composer.rules(newsletter)
        with publisher.store.read() as tx:
            before = {one.id for one in stored.list_editions(tx)}
        at = parse_moment(slot, "--slot") if slot else choose_slot(publisher, newsletter, now=now)
        by_clock = is_scheduled(publisher, newsletter, at)
        if shortage := find_shortage(publisher.composer, newsletter, at, now=now):
            print_json(shortage_shape(shortage)) if as_json else say(shortage_words(shortage))
            return
        edition = compose_edition(publisher.composer, newsletter, at, by_clock=by_clock, now=now)
        view = load_view(publisher, edition.id)
        if not slot and edition.id in before and edition.state in CLOSED:
            note(closed_words(edition, at))
        if as_json:
            print_json(edition_shape(view))
        else:
            show_edition(publisher, view)


def shortage_words(shortage: "Shortage") -> str:
    """Nothing was made, and nothing is lost by it."""
    return (
        f"No edition of {shortage.newsletter} was made for {short_moment(shortage.slot)}: {shortage.words}."
        f" Compose it again when more is published."
    )


def closed_words(edition: "Edition", at: datetime) -> str:
    """A minute has one edition: who composes twice in a minute is told that nothing new was made."""
    again = f"{at + timedelta(minutes=1):%H:%M}Z"
    return (
        f"This minute's edition was made before and is {edition.state}, so no new one was made. From {again} on"
        f" `publisher compose {edition.newsletter}` makes the next one."
    )


def choose_slot(publisher: "Publisher", newsletter: str, *, now: datetime) -> datetime:
    """The open edition's slot, else one that the clock has due and nobody has worked, else this minute."""
    from publisher.compose.early import lead_of
    from publisher.compose.schedule import slots_between
    from publisher.store import editions, slots

    rules = publisher.composer.rules(newsletter)
    with publisher.store.begin() as tx:
        number = editions.ensure_newsletter(tx, newsletter, list_id=publisher.composer.list_id(newsletter))
        is_open = editions.find_open_edition(tx, number)
        worked = {one.at for one in slots.list_slots(tx, number) if one.edition is not None or one.outcome}
    if is_open:
        return is_open.slot
    zone = publisher.settings.zone(newsletter)
    due = slots_between(rules.schedule, zone, after=now - rules.send_by, until=now + lead_of(rules))
    waiting = [one for one in due[-1:] if one not in worked]  # only the newest is worked, older ones are missed
    return waiting[0] if waiting else now.replace(second=0, microsecond=0)


def is_scheduled(publisher: "Publisher", newsletter: str, slot: datetime) -> bool:
    """Whether a slot is one of the clock's."""
    from publisher.compose.schedule import slots_between

    schedule = publisher.composer.rules(newsletter).schedule
    zone = publisher.settings.zone(newsletter)
    return slot in slots_between(schedule, zone, after=slot - timedelta(seconds=1), until=slot)


def editions(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the editions, newest slot first; among them the slots that ended without one."""
    with opened(context) as publisher:
        from publisher.cli.shapes import edition_head, slot_head
        from publisher.store import editions as stored
        from publisher.store import slots

        with publisher.store.read() as tx:
            found = stored.list_editions(tx)
            book = {one.id: slots.find_slot(tx, one.id) for one in found}
            without = slots.list_ended_without_edition(tx)
        if as_json:
            heads = [edition_head(one, slot.outcome if (slot := book[one.id]) else None) for one in found]
            heads += [slot_head(one) for one in without]
            stream_json("editions", sorted(heads, key=lambda head: str(head["slot"]), reverse=True))
        elif found or without:
            rows = [(str(o.id), o.newsletter, short_moment(o.slot), str(o.state), o.reason or o.subject) for o in found]
            rows += [("-", o.newsletter, short_moment(o.at), str(o.outcome), o.why or "") for o in without]
            rows.sort(key=lambda row: row[2], reverse=True)
            show_table(("ID", "Newsletter", "Slot (UTC)", "State", "Subject or reason"), rows, wide="Subject or reason")
        else:
            say("There are none. `publisher compose NEWSLETTER` makes one.")


def edition(context: typer.Context, reference: Reference, *, as_json: AsJson = False) -> None:
    """Show one edition: state, items, audience, copies, batches."""
    with opened(context) as publisher:
        from publisher.cli.edition_view import load_view, show_edition
        from publisher.cli.shapes import edition_shape

        view = load_view(publisher, find_edition(publisher, reference).id)
        if as_json:
            print_json(edition_shape(view))
        else:
            show_edition(publisher, view)
