"""`publisher why`: why a reader did or did not get it."""

from typing import TYPE_CHECKING, Annotated

import typer

from publisher.cli.opening import find_edition, opened
from publisher.cli.printing import AsJson, moment_words, print_json, say, show_pairs
from publisher.model.errors import NotFoundError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.model.edition import Edition
    from publisher.store.ledger import Story
    from publisher.store.subscribers import Subscribed, Suppressed

WORDS = {
    "suppressed": "the address is on the suppression list",
    "unsubscribed": "she had left",
    "pending": "she had not confirmed her subscription",
    "paused": "her subscription was paused",
    "already_served": "she had got everything in it before",
    "nothing_new": "there was nothing new in her language",
    "language": "the newsletter does not come in her language",
}


def why(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The reader's address.")],
    *,
    edition: Annotated[str | None, typer.Option(metavar="ID", help="Only this edition.")] = None,
    as_json: AsJson = False,
) -> None:
    """Why this reader did or did not get it: consent, choices, suppression, batch, the provider's answer."""
    with opened(context) as publisher:
        from publisher.cli.shapes import story_shape, subscription_shape, suppression_shape

        wanted = find_edition(publisher, edition) if edition else None
        subscribed, suppressed = find_reader(publisher, address)
        stories = stories_of(publisher, subscribed, wanted)
        lines = verdict_lines(subscribed, stories, wanted, suppressed)
        if as_json:
            document = {
                "address": address,
                "subscriptions": [subscription_shape(one) for one in subscribed],
                "suppressed": suppression_shape(suppressed),
                "editions": [story_shape(story, newsletter) for story, newsletter in stories],
                "verdict": lines,
            }
            print_json(document)
        else:
            show_reader(publisher, address, subscribed, suppressed)
            for line in lines:
                say(line)
            say("Later reports of the provider (delivered, bounced, ...) are not collected by this version.")


def find_reader(publisher: "Publisher", address: str) -> "tuple[list[Subscribed], Suppressed | None]":
    """Her subscriptions and her suppression; raises `NotFoundError` for one of whom neither is known."""
    from publisher.store import subscribers

    address = normal(address)
    key = publisher.secrets.suppression_key(address)
    with publisher.store.read() as tx:
        suppressed = subscribers.find_suppression(tx, key)
        try:
            return subscribers.find_subscriptions(tx, address), suppressed
        except NotFoundError:
            if suppressed is None:
                raise
            return [], suppressed


def normal(address: str) -> str:
    """An address as it is stored: its domain in IDNA; as typed where it is none."""
    from publisher.audience.readers import check_address

    try:
        return check_address(address)
    except ValueError:
        return address


def stories_of(
    publisher: "Publisher", subscribed: "list[Subscribed]", wanted: "Edition | None"
) -> "list[tuple[Story, str]]":
    """What the ledger says of her, newest first, with each edition's newsletter."""
    from publisher.store import editions, ledger

    if not subscribed:
        return []
    with publisher.store.read() as tx:
        number = wanted.id if wanted else None
        found = ledger.list_stories(tx, subscribed[0].subscriber, edition_id=number)
        return [(story, editions.get_edition(tx, story.edition).newsletter) for story in found]


def verdict_lines(
    subscribed: "list[Subscribed]",
    stories: "list[tuple[Story, str]]",
    wanted: "Edition | None",
    suppressed: "Suppressed | None",
) -> list[str]:
    """One sentence for each edition, or why the ledger has none."""
    if stories:
        return [story_words(story, newsletter) for story, newsletter in stories]
    if not subscribed:
        reason = suppressed.reason if suppressed else "unknown"
        return [f"She is no subscriber; the address is on the suppression list ({reason}), so nothing is sent to it."]
    if wanted is None:
        return ["No edition has been frozen since she subscribed, so there was nothing to send her yet."]
    if wanted.newsletter not in {one.newsletter for one in subscribed}:
        return [f"Edition {wanted.id} is of {wanted.newsletter}, which she does not subscribe to."]
    if wanted.frozen_at is None:
        return [f"Edition {wanted.id} is {wanted.state}: its audience is not written down, nobody has got it."]
    return [f"Edition {wanted.id} was frozen before she subscribed, so she is not in its audience."]


def story_words(story: "Story", newsletter: str) -> str:
    """What became of one copy."""
    start = f"Edition {story.edition} of {newsletter}, {story.newsletter_slot:%Y-%m-%d %H:%MZ}: "
    if story.left_out:
        return f"{start}left out, because {WORDS[story.left_out]}."
    batch = f", batch {story.batch} ({story.batch_state})" if story.batch else ""
    said = f"; the provider said: {story.words}" if story.words not in {None, story.state} else ""
    return f"{start}{story.state}{batch}{said}."


def show_reader(
    publisher: "Publisher", address: str, subscribed: "list[Subscribed]", suppressed: "Suppressed | None"
) -> None:
    """Prints her subscriptions with consent and choices."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(publisher.settings.newsroom.timezone)
    say(address)
    for one in subscribed:
        chosen = {name: value for name, value in one.choices.items() if value}
        choices = "; ".join(f"{n}: {', '.join(v) if isinstance(v, list) else v}" for n, v in chosen.items())
        show_pairs(
            (
                ("Newsletter", one.newsletter),
                ("State", one.state),
                ("Since", moment_words(one.since, zone)),
                ("Consent", one.consent),
                ("Language", one.language or f"none chosen ({publisher.settings.newsroom.languages[0]})"),
                ("Choices", choices or "none"),
            )
        )
    if suppressed:
        say(f"Suppressed since {moment_words(suppressed.at, zone)}: {suppressed.reason}.")
