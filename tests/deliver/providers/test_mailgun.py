"""Mailgun: what one call carries, what each answer means, and what the event log proves."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from publisher.deliver.provider import ProviderConfig
from publisher.deliver.providers import mailgun as adapter
from publisher.deliver.providers.http import Answer
from publisher.deliver.providers.mailgun_log import search_log
from publisher.model.delivery import Accepted, Blame, NotNow, NotSent, Outcome, Refused, Settled, Unclear
from publisher.model.edition import Hole
from publisher.model.errors import ConfigurationError
from tests.deliver.providers.stand_ins import SECRET, MailgunStandIn
from tests.mail_builders import (
    CONTROL_TAG,
    FRIDAY,
    TAG,
    TOKENS,
    a_batch,
    a_letter,
    a_recipient,
    an_attempt,
    an_envelope,
)

ATTEMPT = an_attempt(a_batch(3))
LATER = FRIDAY + timedelta(hours=1)


def yes() -> bool:
    """The batch is ours."""
    return True


def send(stand_in: MailgunStandIn, recipients: int = 1) -> list[Outcome]:
    """The outcomes of a batch, in the order of its readers."""
    return list(stand_in.provider().send(a_batch(recipients), begin=yes).values())


def test_a_call_carries_bare_addresses_and_variables_for_exactly_these(mailgun: MailgunStandIn) -> None:
    send(mailgun, 3)

    (call,) = mailgun.calls
    assert call["to"] == "reader1@example.org,reader2@example.org,reader3@example.org"
    assert list(json.loads(call["recipient-variables"])) == call["to"].split(",")
    assert (call["o:tag"], call["v:edition"], call["v:attempt"]) == (TAG, TAG, "teststorb41a1")
    assert (call["o:tracking"], call["h:Message-Id"]) == ("no", "<%recipient.messageid%>")
    assert mailgun.targets == ["/v3/mail.example.org/messages"]


def test_values_that_nothing_shows_stay_at_home(mailgun: MailgunStandIn) -> None:
    send(mailgun)

    (values,) = json.loads(mailgun.calls[0]["recipient-variables"]).values()
    assert set(values) == {"unsubscribe", "unsubscribe_html", "messageid"}


def test_a_domain_with_a_slash_makes_no_other_path(mailgun: MailgunStandIn) -> None:
    mailgun.provider(domain="a/b").send(a_batch(), begin=yes)

    assert mailgun.targets == ["/v3/a%2Fb/messages"]


def test_a_header_beyond_ascii_goes_as_it_will_stand_on_the_wire(mailgun: MailgunStandIn) -> None:
    envelope = an_envelope(headers=(("List-Id", "El boletín <weekly.mail.example.org>"),))

    mailgun.provider().send(a_batch(envelope=envelope), begin=yes)

    assert re.fullmatch(r"=\?utf-8\?\S+\?= <weekly.mail.example.org>", mailgun.calls[0]["h:List-Id"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipients": (a_recipient(1), a_recipient(2, address="READER1@example.org"))}, "stands twice"),
        (
            {"recipients": (a_recipient(1), a_recipient(2, variant=2)), "letters": {1: a_letter(), 2: a_letter()}},
            "several variants",
        ),
        ({"recipients": (a_recipient(holes={}),)}, "no value for the hole"),
        (
            {"recipients": (a_recipient(holes={**a_recipient().holes, Hole.UNSUBSCRIBE: "https://x/%recipient.y%"}),)},
            "own syntax",
        ),
        ({"letters": {1: a_letter(subject="a\nb")}}, "Subject holds"),
    ],
)
def test_what_would_go_wrong_there_is_our_own_mistake(
    mailgun: MailgunStandIn, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        mailgun.provider().send(replace(a_batch(), **changes), begin=yes)

    assert mailgun.bytes_in == 0


def test_a_key_that_cannot_be_looked_up_halts_before_begin(mailgun: MailgunStandIn) -> None:
    def missing() -> str:
        raise ConfigurationError(["config/newsroom.toml: provider.api_key: MAILGUN_KEY is not set"])

    (outcome,) = mailgun.provider(api_key=missing).send(a_batch(), begin=yes).values()

    assert outcome == Refused(
        blame=Blame.ACCOUNT, words="config/newsroom.toml: provider.api_key: MAILGUN_KEY is not set"
    )


def test_without_a_domain_there_is_no_mailgun() -> None:
    with pytest.raises(ConfigurationError, match=r"provider\.domain"):
        adapter.make(ProviderConfig(kind="mailgun", api_key=lambda: SECRET))


def test_a_call_never_holds_more_than_a_thousand(mailgun: MailgunStandIn) -> None:
    assert mailgun.provider(max_batch=5000).limits.recipients == 1000
    assert mailgun.provider(max_batch=7).limits.recipients == 7


@pytest.mark.parametrize(
    ("status", "body", "kind", "blame"),
    [
        (200, '{"id": "<1@x>", "message": "Queued. Thank you."}', Accepted, None),
        (200, "Mailgun Magnificent API", Unclear, None),
        (200, '{"message": "Queued"}', Unclear, None),
        (200, '{"id": ""}', Unclear, None),
        (200, "[]", Unclear, None),
        (202, '{"id": "<1@x>"}', Unclear, None),
        (303, "", Unclear, None),
        (308, "", Refused, Blame.ACCOUNT),
        *((status, "Forbidden", Refused, Blame.ACCOUNT) for status in (401, 402, 403, 404)),
        *((status, '{"message": "no"}', Refused, Blame.REQUEST) for status in (400, 413, 422)),
        (408, "", Unclear, None),
        (429, "", NotNow, None),
        *((status, '{"message": "later"}', Unclear, None) for status in (500, 502, 503, 504)),
    ],
)
def test_each_answer_has_its_class(
    mailgun: MailgunStandIn, status: int, body: str, kind: type, blame: Blame | None
) -> None:
    mailgun.answer = (status, body)

    assert [(type(o), getattr(o, "blame", None)) for o in send(mailgun, 2)] == [(kind, blame)] * 2


@pytest.mark.parametrize("recipients", [1, 3])
def test_an_address_named_in_a_refusal_is_refused_and_the_others_go_at_once(
    mailgun: MailgunStandIn, recipients: int
) -> None:
    mailgun.answer = (400, '{"message": "\'to\' parameter is not a valid address: Reader1@example.org."}')

    first, *others = send(mailgun, recipients)

    assert isinstance(first, Refused)
    assert first.blame is Blame.ADDRESS
    assert [(type(other), getattr(other, "wait", None)) for other in others] == [(NotNow, timedelta(0))] * len(others)


def test_an_address_that_is_a_part_of_the_named_one_is_nobodys_fault(mailgun: MailgunStandIn) -> None:
    mailgun.answer = (400, '{"message": "not a valid address: other-reader1@example.org.au"}')

    (outcome,) = send(mailgun)

    assert isinstance(outcome, Refused)
    assert outcome.blame is Blame.REQUEST


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ("Retry-After: 9\r\n", "try again after 120 seconds", 9),
        ("", "Domain x is not allowed to send: recipient limit exceeded, try again after 120 seconds", 120),
        (
            "Date: Mon, 20 Dec 2021 20:30:00 GMT\r\n",
            "request limit exceeded, try again after Mon, 20 Dec 2021 20:33:21 UTC",
            201,
        ),
        ("", "request limit exceeded, try again after Mon, 20 Dec 2021 20:33:21 UTC", 60),
        ("", "Too Many Requests", 60),
        ("Retry-After: 0\r\n", "", 1),
        ("Retry-After: 9999999\r\n", "", 86_400),
    ],
)
def test_the_wait_of_a_429_is_read_from_header_or_message(
    mailgun: MailgunStandIn, headers: str, message: str, seconds: int
) -> None:
    mailgun.answer, mailgun.extra_headers = (429, json.dumps({"message": message})), headers

    (outcome,) = send(mailgun)

    assert isinstance(outcome, NotNow)
    assert outcome.wait == timedelta(seconds=seconds)


def an_event(at: datetime, attempt: str = "teststorb42a1", *, tag: str = TAG) -> dict[str, Any]:
    """One `accepted` of the log."""
    return {
        "event": "accepted",
        "timestamp": at.timestamp(),
        "tags": [tag],
        "user-variables": {"attempt": attempt},
        "message": {"headers": {"message-id": "1@mail.example.org"}},
    }


def pages_of(*pages: list[dict[str, Any]]) -> Callable[[str], Answer | Unclear]:
    """A log of these pages and an empty one; the address of each is its number."""
    targets = [f"/v3/mail.example.org/events/{number}" for number in range(len(pages) + 1)]

    def fetch(target: str) -> Answer:
        number = targets.index(target) if target in targets else 0
        items = [*pages, []][number]
        following = f"https://elsewhere.example.net{targets[min(number + 1, len(pages))]}"
        return Answer(status=200, headers={}, body=json.dumps({"items": items, "paging": {"next": following}}).encode())

    return fetch


def settle(fetch: Callable[[str], Answer | Unclear], *, now: datetime = LATER) -> Settled:
    """What this log proves of the attempt."""
    return search_log(ATTEMPT, now=now, events_path="/v3/mail.example.org/events", fetch_page=fetch)


BEFORE, AFTER = ATTEMPT.wrote_at - timedelta(minutes=1), ATTEMPT.over_at + timedelta(seconds=1)
OURS = an_event(ATTEMPT.wrote_at, "teststorb41a1")
DAYS_LATER = FRIDAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("pages", "now", "kind"),
    [
        pytest.param([[OURS]], LATER, Accepted, id="one reader of the call stands for all"),
        pytest.param([[an_event(BEFORE)] * 300, [OURS]], LATER, Accepted, id="found on a later page"),
        pytest.param([], LATER, Unclear, id="an empty log proves nothing"),
        pytest.param([[an_event(BEFORE)]], LATER, Unclear, id="nothing of ours from later"),
        pytest.param([[an_event(ATTEMPT.over_at)]], LATER, Unclear, id="while it could still be under way"),
        pytest.param([[an_event(AFTER)]], LATER, NotSent, id="a later batch is the control"),
        pytest.param([[an_event(AFTER, tag=CONTROL_TAG)]], LATER, NotSent, id="or a control message"),
        pytest.param([[an_event(AFTER, "")]], LATER, Unclear, id="someone else's mail is no control"),
        pytest.param([[an_event(AFTER, tag="other")]], LATER, Unclear, id="nor is what the query did not ask for"),
        pytest.param([[an_event(AFTER, "teststorb41a2")]], LATER, NotSent, id="another attempt of the batch is not it"),
        pytest.param([[an_event(AFTER)]], DAYS_LATER, Unclear, id="the log may not reach back so far"),
        pytest.param([[an_event(BEFORE), an_event(AFTER)]], DAYS_LATER, NotSent, id="it shows that it does"),
        pytest.param([[an_event(AFTER + timedelta(hours=1))], [OURS]], LATER, NotSent, id="reading ends past it"),
    ],
)
def test_what_the_log_proves(pages: list[list[dict[str, Any]]], now: datetime, kind: type) -> None:
    assert isinstance(settle(pages_of(*pages), now=now), kind)


@pytest.mark.parametrize(
    "answer",
    [
        Unclear(words="lost"),
        Answer(status=401, headers={}, body=b"Forbidden"),
        Answer(status=200, headers={}, body=b"Mailgun Magnificent API"),
        Answer(status=200, headers={}, body=b'{"items": [{}], "paging": {"next": "/v3/x"}}'),
        Answer(status=200, headers={}, body=b'{"items": null, "paging": {"next": "/v3/x"}}'),
        Answer(status=200, headers={}, body=b'{"items": [], "paging": {}}'),
    ],
)
def test_a_log_that_cannot_be_read_proves_nothing(answer: Answer | Unclear) -> None:
    settled = settle(lambda _: answer)

    assert isinstance(settled, Unclear)
    assert settled.words


def test_a_log_without_end_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.deliver.providers.mailgun_log.MOST_PAGES", 5)
    endless = {"items": [an_event(BEFORE)], "paging": {"next": "/v3/mail.example.org/events/1"}}

    assert isinstance(settle(lambda _: Answer(status=200, headers={}, body=json.dumps(endless).encode())), Unclear)


def test_the_log_is_asked_at_our_own_address_once_more_after_a_lost_answer(mailgun: MailgunStandIn) -> None:
    mailgun.misbehave("lose")

    settled = mailgun.provider().settle(ATTEMPT, now=LATER)

    assert isinstance(settled, Unclear)
    assert len(mailgun.targets) == adapter.TRIES
    assert f"tags={TAG}+OR+{CONTROL_TAG}" in mailgun.targets[0]


def test_no_hole_token_is_left_in_a_call(mailgun: MailgunStandIn) -> None:
    everything = " ".join(TOKENS.values())

    mailgun.provider().send(a_batch(letters={1: a_letter(html=everything, text=everything)}), begin=yes)

    assert "__" not in mailgun.calls[0]["html"] + mailgun.calls[0]["text"] + mailgun.calls[0]["h:List-Unsubscribe"]
