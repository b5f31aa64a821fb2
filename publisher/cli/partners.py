"""`publisher partners`: those who republish, the secret addresses of their feeds, and what they are told."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from publisher.cli.opening import number_of, opened, tell_outbox
from publisher.cli.preview import check_typed
from publisher.cli.printing import AsJson, count_words, note, print_json, say, short_moment, show_table
from publisher.model.clock import stamp
from publisher.model.errors import NotFoundError, PublisherError, UsageError

if TYPE_CHECKING:
    from publisher.assembly import Publisher
    from publisher.deliver.notices import NoticeResult
    from publisher.store.notices import Notice
    from publisher.store.partners import Partner

Name = Annotated[str, typer.Argument(metavar="NAME", help="The partner's name, as readers know it.")]
LONGEST_NAME = 200


def list_(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the partners: when each last fetched its feed, how many copies it has, and what it could not be told."""
    with opened(context) as publisher:
        from publisher.store import notices, partners

        with publisher.store.read() as tx:
            found, taken = partners.list_partners(tx), partners.count_taken(tx)
            counts, unsent = notices.count_notices(tx), notices.list_open(tx)
    if as_json:
        shapes = [
            partner_shape(one)
            | {"copies": taken[one.id].copies if one.id in taken else 0}
            | {"articles": taken[one.id].articles if one.id in taken else 0}
            | {"notices": {state.value: count for state, count in counts.get(one.id, {}).items()}}
            | {"open": [notice_shape(each) for each in unsent if each.partner == one.name]}
            for one in found
        ]
        print_json({"partners": shapes})
        return
    if not found:
        say("There is no partner yet. `publisher partners add NAME` makes one.")
        return
    rows = [
        (
            one.name,
            ", ".join(one.languages) or "all",
            "revoked" if one.revoked_at else short_moment(one.fetched_at) if one.fetched_at else "never",
            f"{taken[one.id].copies:,}" if one.id in taken else "0",
            one.email or "",
        )
        for one in found
    ]
    show_table(("Partner", "Languages", "Last fetch", "Copies", "Notices go to"), rows, wide="Partner")
    for each in unsent:
        say(f"{each.partner}: notice {each.id} ({each.kind} of article {each.article}): {open_words(each)}")


def add(
    context: typer.Context,
    name: Name,
    *,
    languages: Annotated[
        list[str] | None, typer.Option("--language", metavar="LANGUAGE", help="Only articles in it; repeatable.")
    ] = None,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where corrections and withdrawals are told.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add a partner and print the addresses of its feed: they are secret, and shown this once."""
    wanted = check_name(name)
    tags = [check_tag(tag) for tag in languages or []]
    address = check_typed(email) if email is not None else None
    with opened(context) as publisher:
        from publisher.syndicate.partner_feed import FORMATS

        partner, token = make_partner(publisher, wanted, tags, address)
        base = f"{publisher.settings.newsroom.public_url}/partner/{token}/feed"
        feeds = {form: f"{base}.{form}" for form in FORMATS}
    if as_json:
        print_json(partner_shape(partner) | {"feeds": feeds})
        return
    say(f"{partner.name} is a partner now. Its feed, in three formats; any one of them is enough:")
    for address_of_feed in feeds.values():
        say(f"    {address_of_feed}")
    say("These addresses are secret and cannot be shown again: give them to the partner, and to nobody else.")
    if not partner.email:
        say("It gets no mail about corrections and withdrawals: no --email was given.")


def revoke(context: typer.Context, name: Name, *, as_json: AsJson = False) -> None:
    """Close a partner's feed at once. What it took stays written down, and it is still told of corrections."""
    with opened(context) as publisher:
        from publisher.store import partners

        named = find_partner(publisher, name).name
        with publisher.store.begin() as tx:
            is_new = partners.revoke_partner(tx, partners.get_partner(tx, named).id, now=publisher.now())
            partner = partners.get_partner(tx, named)
    if as_json:
        print_json(partner_shape(partner))
    elif is_new:
        say(f"The feed of {partner.name} is closed: its addresses answer 410 from now on.")
    else:
        say(f"The feed of {partner.name} was closed already.")


def notify(
    context: typer.Context,
    *,
    again: Annotated[
        list[str] | None,
        typer.Option(metavar="NOTICE", help="A notice that you know did not arrive: it is sent once more. Repeatable."),
    ] = None,
    arrived: Annotated[
        list[str] | None, typer.Option(metavar="NOTICE", help="A notice in doubt that did arrive. Repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell partners of corrections and withdrawals of what they hold; each is told once. The clock does it too."""
    with opened(context) as publisher:
        from publisher.schedule.notifying import notify_partners

        tell_outbox(publisher, as_json=as_json)
        decide_by_hand(publisher, arrived or [], has_arrived=True)
        decide_by_hand(publisher, again or [], has_arrived=False)
        results = notify_partners(publisher)
    if as_json:
        print_json({"notices": [result_shape(one) for one in results]})
    else:
        show_results(results)
    if any(one.state != "sent" for one in results):
        note("Not every notice was sent. `publisher partners list` shows those that are open, and why.")
        raise typer.Exit(1)


def make_partner(publisher: "Publisher", name: str, tags: list[str], email: str | None) -> "tuple[Partner, str]":
    """Stores a partner with a new token; raises `PublisherError` where one of that name is there."""
    import base64
    import secrets

    from publisher.store import partners

    token = base64.b32encode(secrets.token_bytes(20)).decode().lower()  # 160 bits: nobody guesses it
    with publisher.store.begin() as tx:
        there = [one for one in partners.list_partners(tx) if one.name.casefold() == name.casefold()]
        added = (
            partners.add_partner(tx, name, token=token, languages=tags, email=email, now=publisher.now())
            if not there
            else None
        )
    if added is None:
        was = f" Its feed was closed on {short_moment(there[0].revoked_at)}." if there and there[0].revoked_at else ""
        cure = "Nothing was changed. Choose another name, `publisher partners list` shows those there are."
        raise PublisherError(f"There is a partner called {there[0].name if there else name} already.{was} {cure}")
    return added, token


def find_partner(publisher: "Publisher", name: str) -> "Partner":
    """The partner that was named, in whatever letter case; raises `NotFoundError`."""
    from publisher.store import partners

    with publisher.store.read() as tx:
        found = [one for one in partners.list_partners(tx) if one.name.casefold() == name.strip().casefold()]
    if not found:
        raise NotFoundError("partner", f"called {name}; `publisher partners list` lists those there are")
    return found[0]


def decide_by_hand(publisher: "Publisher", references: list[str], *, has_arrived: bool) -> None:
    """Takes a person's word on notices that were refused or are in doubt; raises `NotFoundError` for any other."""
    from publisher.store import notices

    decide = notices.mark_arrived if has_arrived else notices.send_again
    for reference in references:
        with publisher.store.begin() as tx:
            if not decide(tx, number_of("notice", reference)):
                cure = "that was refused or is in doubt; `publisher partners list` lists those"
                raise NotFoundError("notice", f"{reference} {cure}")


def check_name(text: str) -> str:
    """A name as typed, spaces collapsed; it stands in mails and feeds."""
    from publisher.settings_values import check_plain

    name = " ".join(part for part in text.split(" ") if part)
    try:
        check_plain(name)
    except ValueError as error:
        raise UsageError(f"The name {text!r} {error}. Write it as readers know it.") from error
    if len(name) > LONGEST_NAME:
        raise UsageError(f"The name is longer than {LONGEST_NAME} characters.")
    return name


def check_tag(tag: str) -> str:
    """A language tag as typed."""
    from publisher.settings_values import check_language

    try:
        return check_language(tag.strip())
    except ValueError as error:
        raise UsageError(f"--language: {error}.") from error


def show_results(results: "list[NoticeResult]") -> None:
    """Prints what was sent to whom, and what was not."""
    sent = sum(one.state == "sent" for one in results)
    if not results:
        say("There is nothing that a partner has still to be told.")
        return
    say(f"{count_words(sent, 'notice')} sent.")
    for one in results:
        what = f"{one.notice.kind} of article {one.notice.article}"
        how = "sent" if one.state == "sent" else f"{one.state}: {one.words}"
        say(f"    notice {one.notice.id} to {one.notice.partner} <{one.notice.email}>, {what}: {how}")


def open_words(notice: "Notice") -> str:
    """Why a notice is not sent, and what to do."""
    from publisher.store.notices import NoticeState

    again = f"`publisher partners notify --again {notice.id}` sends it once more"
    arrived = f"`--arrived {notice.id}` leaves it"
    match notice.state:
        case NoticeState.UNADDRESSED:
            return "no e-mail address, not told by mail; the feed tells it for 30 days"
        case NoticeState.UNKNOWN:
            return f"in doubt, {notice.error}. Ask the partner or look in the provider's log; {again}, {arrived}"
        case NoticeState.REFUSED:
            return f"refused: {notice.error}. When that is mended, {again}"
        case NoticeState.WRITING:
            return f"on its way since {stamp(notice.wrote_at or notice.made_at)}"
        case _:
            return f"waits{f': {notice.error}' if notice.error else ''}"


def partner_shape(one: "Partner") -> dict[str, Any]:
    """A partner as a document."""
    moments = {"made_at": one.made_at, "revoked_at": one.revoked_at, "last_fetch": one.fetched_at}
    named = {"id": one.id, "name": one.name, "languages": list(one.languages), "email": one.email}
    return named | {key: stamp(moment) if moment else None for key, moment in moments.items()}


def notice_shape(one: "Notice") -> dict[str, Any]:
    """A notice that is open."""
    about = {"notice": one.id, "article": one.article, "revision": one.revision, "kind": one.kind.value}
    return about | {"state": one.state.value, "why": one.error, "since": stamp(one.made_at)}


def result_shape(one: "NoticeResult") -> dict[str, Any]:
    """How a notice went."""
    about = notice_shape(one.notice) | {"partner": one.notice.partner, "address": one.notice.email}
    return about | {"state": one.state.value, "why": one.words or None}


COMMANDS = (("list", list_), ("add", add), ("revoke", revoke), ("notify", notify))
