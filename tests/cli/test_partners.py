"""`publisher partners`: names, secret addresses shown once, and what partners are told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from publisher.model.article import RevisionKind
from publisher.store import notices, partners
from publisher.store.articles import read_numbers
from publisher.store.engine import Tx
from publisher.store.notices import NoticeState
from publisher.store.partners import CopyForm
from publisher.store.revisions import withdraw_article
from tests.builders import FRIDAY
from tests.cli.newsrooms import GOLD, Newsroom

DAILY = "The Example Daily"
ADDRESS = re.compile(r"http://127\.0\.0\.1:8080/partner/([a-z2-7]{32})/feed\.(rss|atom|json)")


@contextmanager
def writing(newsroom: Newsroom) -> Iterator[Tx]:
    """A write transaction in the newsroom's store."""
    store = newsroom.store()
    with store.begin() as tx:
        yield tx
    store.close()


def take_and_withdraw(newsroom: Newsroom) -> None:
    """The Daily takes an article, which is then withdrawn."""
    with writing(newsroom) as tx:
        one = partners.get_partner(tx, DAILY)
        partners.record_copies(tx, one.id, read_numbers(tx, [GOLD]).values(), form=CopyForm.FEED, now=FRIDAY)
        withdraw_article(tx, GOLD, why="404", now=FRIDAY + timedelta(hours=1))


def test_adding_shows_three_secret_addresses_once(newsroom: Newsroom) -> None:
    added = newsroom.done("partners", "add", DAILY, "--email", "desk@daily.example.net")
    listed = newsroom.done("partners", "list")

    found = ADDRESS.findall(added.out)
    assert [form for _, form in found] == ["rss", "atom", "json"]
    assert len({token for token, _ in found}) == 1
    assert "secret and cannot be shown again" in added.out
    assert found[0][0] not in listed.out + newsroom.done("partners", "list", "--json").out


def test_each_partner_has_a_token_of_its_own_that_the_store_does_not_hold(newsroom: Newsroom) -> None:
    tokens = {ADDRESS.findall(newsroom.done("partners", "add", name).out)[0][0] for name in (DAILY, "Radio Example")}

    stored = b"".join(file.read_bytes() for file in (newsroom.folder / "var").glob("publisher.db*"))
    assert len(tokens) == 2
    assert not any(token.encode() in stored for token in tokens)


def test_what_was_added_is_listed(newsroom: Newsroom) -> None:
    options = ("--language", "es", "--language", "pt-BR", "--email", "desk@daily.example.net")
    added = newsroom.done("partners", "add", DAILY, *options, "--json").document

    (listed,) = newsroom.done("partners", "list", "--json").document["partners"]

    assert listed.items() >= {"name": DAILY, "languages": ["es", "pt-BR"], "email": "desk@daily.example.net"}.items()
    assert (listed["copies"], listed["articles"], listed["last_fetch"], listed["revoked_at"]) == (0, 0, None, None)
    assert (sorted(added["feeds"]), "feeds" in listed) == (["atom", "json", "rss"], False)


def test_copies_and_the_last_fetch_are_listed(newsroom: Newsroom) -> None:
    newsroom.done("partners", "add", DAILY)
    take_and_withdraw(newsroom)

    (document,) = newsroom.done("partners", "list", "--json").document["partners"]
    told = newsroom.done("partners", "list")

    assert (document["copies"], document["last_fetch"]) == (1, "2026-03-06T12:00:00Z")
    assert "2026-03-06 12:00Z" in told.out


@pytest.mark.parametrize("again", [DAILY, "the example DAILY", f"  {DAILY} "])
def test_a_name_that_is_there_is_refused_in_words(newsroom: Newsroom, again: str) -> None:
    newsroom.done("partners", "add", DAILY)

    result = newsroom.run("partners", "add", again)

    assert (result.status, ADDRESS.search(result.out)) == (1, None)
    assert f"There is a partner called {DAILY} already." in result.err


def test_a_closed_partner_keeps_its_name_and_that_is_said(newsroom: Newsroom) -> None:
    newsroom.done("partners", "add", DAILY)
    newsroom.done("partners", "revoke", DAILY)

    result = newsroom.run("partners", "add", DAILY)

    assert (result.status, "Its feed was closed on" in result.err, "Choose another name" in result.err) == (
        1,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", ""), "is empty"),
        (("add", "Two\nlines"), "holds control characters"),
        (("add", "n" * 201), "longer than 200"),
        (("add", DAILY, "--language", "Spanish!"), "is no language tag"),
        (("add", DAILY, "--email", "nobody"), "no e-mail address"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage_and_adds_nobody(
    newsroom: Newsroom, words: tuple[str, ...], said: str
) -> None:
    result = newsroom.run("partners", *words)

    assert (result.status, said in result.err) == (2, True)
    assert newsroom.done("partners", "list", "--json").document == {"partners": []}


def test_a_newsroom_without_partners_is_told_how_to_add_one(newsroom: Newsroom) -> None:
    assert "`publisher partners add NAME`" in newsroom.done("partners", "list").out


def test_revoking_is_said_and_can_be_repeated(newsroom: Newsroom) -> None:
    newsroom.done("partners", "add", DAILY)

    first, second = newsroom.done("partners", "revoke", DAILY), newsroom.done("partners", "revoke", DAILY.lower())

    assert ("is closed" in first.out, "was closed already" in second.out) == (True, True)
    assert newsroom.done("partners", "revoke", DAILY, "--json").document["revoked_at"]
    assert "revoked" in newsroom.done("partners", "list").out


def test_nobody_of_that_name_is_told(newsroom: Newsroom) -> None:
    result = newsroom.run("partners", "revoke", "Nobody")

    assert (result.status, "There is no partner called Nobody; `publisher partners list`" in result.err) == (1, True)


def test_notices_are_sent_and_printed_once(newsroom: Newsroom) -> None:
    newsroom.done("partners", "add", DAILY, "--email", "desk@daily.example.net")
    take_and_withdraw(newsroom)

    first, second = newsroom.done("partners", "notify"), newsroom.done("partners", "notify", "--json")

    assert "1 notice sent." in first.out
    assert f"to {DAILY} <desk@daily.example.net>, withdrawal of article {GOLD}: sent" in first.out
    assert second.document == {"notices": []}
    assert len(list((newsroom.folder / "var" / "outbox" / "notice").glob("*.eml"))) == 1


def test_nothing_to_tell_is_fine(newsroom: Newsroom) -> None:
    assert "nothing that a partner has still to be told" in newsroom.done("partners", "notify").out


def test_who_cannot_be_told_is_listed_with_the_reason(newsroom: Newsroom) -> None:
    newsroom.done("partners", "add", DAILY)
    take_and_withdraw(newsroom)
    newsroom.done("partners", "notify")

    told = newsroom.done("partners", "list")
    (document,) = newsroom.done("partners", "list", "--json").document["partners"]

    assert f"(withdrawal of article {GOLD}): no e-mail address" in told.out
    assert document["notices"] == {"unaddressed": 1}
    assert [(one["article"], one["kind"], one["state"]) for one in document["open"]] == [
        (GOLD, RevisionKind.WITHDRAWAL, "unaddressed")
    ]


@pytest.mark.parametrize(("option", "mails"), [("--again", 1), ("--arrived", 0)])
def test_a_notice_in_doubt_is_shown_until_a_person_decides(newsroom: Newsroom, option: str, mails: int) -> None:
    newsroom.done("partners", "add", DAILY, "--email", "desk@daily.example.net")
    take_and_withdraw(newsroom)
    with writing(newsroom) as tx:
        notices.decide_notices(tx, now=FRIDAY)
        (waiting,) = notices.list_open(tx)
        assert notices.begin_notice(tx, waiting, now=FRIDAY)
        notices.end_notice(tx, waiting.id, 1, NoticeState.UNKNOWN, error="the answer was lost", now=FRIDAY)

    before = newsroom.done("partners", "list").out
    newsroom.done("partners", "notify", option, str(waiting.id))

    assert "in doubt, the answer was lost. Ask the partner or look in the provider's log; `publisher" in before
    assert "in doubt" not in newsroom.done("partners", "list").out
    assert len(list((newsroom.folder / "var" / "outbox").glob("notice/*.eml"))) == mails


@pytest.mark.parametrize("number", ["7", "x"])
def test_a_notice_that_is_not_in_doubt_cannot_be_decided(newsroom: Newsroom, number: str) -> None:
    result = newsroom.run("partners", "notify", "--again", number)

    assert (result.status, f"There is no notice {number}" in result.err) == (1, True)
