"""Whatever stands at the other end: no answer raises, none but a whole "yes" is one, and nothing is sent twice."""

import json
import time
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.deliver.providers.http import Answer
from publisher.deliver.providers.leash import closed_on_failure
from publisher.deliver.providers.mailgun import find_named, read_answer, read_wait
from publisher.deliver.providers.mailgun_log import read_page, search_log
from publisher.deliver.providers.smtp_answers import Reply, judge_message, judge_opening, judge_text
from publisher.model.delivery import Accepted, Blame, NotNow, NotSent, Outcome, Refused, Unclear
from tests.deliver.providers.stand_ins import Begin, Listener, MailgunStandIn, SmtpStandIn
from tests.mail_builders import FRIDAY, a_batch, a_recipient, an_attempt

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "message", "items", "paging", "next", "timestamp", "tags", "user-variables", "headers"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BODIES = JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)
HEADERS = st.dictionaries(st.sampled_from(["retry-after", "date"]), st.text(max_size=40))
DATES = st.datetimes(timezones=st.just(UTC)).map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT")


@given(status=st.integers(100, 599), body=BODIES, headers=HEADERS)
@settings(deadline=None)
def test_any_answer_has_one_outcome_for_everybody_and_only_an_id_is_a_yes(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    answer = Answer(status=status, headers=headers, body=body)

    outcomes = read_answer(a_batch(3), answer)

    assert len(outcomes) == 3
    if any(isinstance(one, Accepted) for one in outcomes.values()):
        assert status == 200
        assert json.loads(body)["id"]
    if status >= 500:
        assert {type(one) for one in outcomes.values()} == {Unclear}


@given(after=DATES | st.text(max_size=40), date=DATES | st.text(max_size=40), body=BODIES)
@settings(deadline=None)
def test_any_wait_is_a_second_to_a_day(after: str, date: str, body: bytes) -> None:
    wait = read_wait(Answer(status=429, headers={"retry-after": after, "date": date}, body=body))

    assert timedelta(seconds=1) <= wait <= timedelta(days=1)


@given(body=BODIES)
@settings(deadline=None)
def test_any_page_of_a_log_is_read_or_proves_nothing(body: bytes) -> None:
    page = read_page(Answer(status=200, headers={}, body=body))

    assert isinstance(page, Unclear) or page.next_target.startswith("/v3/")


@given(item=JSON, is_first=st.booleans())
@settings(deadline=None)
def test_an_item_in_an_unknown_form_never_makes_an_attempt_not_sent(item: Any, *, is_first: bool) -> None:  # noqa: ANN401
    later = {"timestamp": FRIDAY.timestamp() + 3600, "tags": ["x"], "user-variables": {"attempt": "other"}}
    items = [item, later] if is_first else [later, item]
    body = json.dumps({"items": items, "paging": {"next": "/v3/x"}}).encode()

    settled = search_log(
        an_attempt(a_batch(), tag="edition", control_tag="control"),
        now=FRIDAY + timedelta(hours=2),
        events_path="/v3/x/events",
        fetch_page=lambda _: Answer(status=200, headers={}, body=body),
    )

    assert not isinstance(settled, NotSent)


@given(words=st.text(max_size=60))
def test_an_address_is_named_only_where_all_of_it_stands(words: str) -> None:
    batch = a_batch(1)
    address = batch.recipients[0].address

    assert find_named(batch, f"'{address}' is not valid") == {1}
    assert find_named(batch, f"x{address}") == frozenset()
    assert (address in words.lower()) or find_named(batch, words) == frozenset()


@given(code=st.integers(200, 599), text=st.binary(max_size=80))
def test_any_reply_of_a_mail_server_has_an_outcome_with_words_on_one_line(code: int, text: bytes) -> None:
    reply = Reply.of(code, text)
    outcomes = [judge_opening(reply), judge_text(reply), judge_message(reply)]

    assert all("\n" not in getattr(one, "words", "") for one in outcomes)
    assert (200 <= code < 300) == isinstance(outcomes[2], Accepted)
    assert [one for one in outcomes[:2] if isinstance(one, Accepted)] == []


DEEP = "[" * 100_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HTTP_ANSWERS: dict[str, tuple[bytes, type[Outcome]]] = {
    "chunked": (
        CHUNKED + b'9\r\n{"id":"1"\r\n1\r\n}\r\n0\r\n\r\n',
        Accepted,
    ),
    "chunked, cut": (CHUNKED + b'9\r\n{"id":"1"', Unclear),
    "chunked, no size": (CHUNKED + b"zz\r\n{}", Unclear),
    "100 first": (b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"1"}', Accepted),
    "until the end": (b'HTTP/1.0 200 OK\r\n\r\n{"id":"1"}', Accepted),
    "longer than said": (b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"1"}{"id":"2"}', Accepted),
    "shorter than said": (b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id":"1"}', Unclear),
    "no length that is one": (b'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n{"message":1}', Unclear),
    "a page": (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", Unclear),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", Unclear),
    "a line without end": (b"HTTP/1.1 200 " + b"x" * 70_000, Unclear),
    "headers without end": (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", Unclear),
    "a status that is none": (b"HTTP/1.1 999999 OK\r\n\r\n", Unclear),
    "depth": (f"HTTP/1.1 200 OK\r\nContent-Length: {len(DEEP)}\r\n\r\n{DEEP}".encode(), Unclear),
    "compressed": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", Unclear),
    "a redirect": (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", Unclear),
    "moved for good": (b"HTTP/1.1 308 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", Refused),
    "nothing": (b"", Unclear),
}


@pytest.mark.parametrize("name", HTTP_ANSWERS)
def test_an_answer_is_a_yes_only_when_it_is_whole(mailgun: MailgunStandIn, name: str) -> None:
    raw, kind = HTTP_ANSWERS[name]
    begin = Begin()

    def serve(connection: Any) -> None:  # noqa: ANN401 - a socket
        connection.recv(1_000_000)
        connection.sendall(raw)

    listener = Listener(serve)
    provider = mailgun.provider(url=f"http://127.0.0.1:{listener.port}")
    (outcome,) = provider.send(a_batch(), begin=begin).values()
    listener.close()

    assert isinstance(outcome, kind)
    assert (listener.connections, len(begin.saw)) == (1, 1)


def test_a_server_that_hangs_up_as_soon_as_it_is_called_is_in_doubt_and_called_once(mailgun: MailgunStandIn) -> None:
    listener = Listener(lambda connection: connection.close())

    def begin() -> bool:
        time.sleep(0.05)
        return True

    provider = mailgun.provider(url=f"http://127.0.0.1:{listener.port}")
    (outcome,) = provider.send(a_batch(), begin=begin).values()
    listener.close()

    assert isinstance(outcome, Unclear)
    assert listener.connections == 1


@pytest.mark.parametrize("status", [301, 401, 429, 500, 503])
def test_a_log_that_refuses_to_be_read_proves_nothing(mailgun: MailgunStandIn, status: int) -> None:
    mailgun.answer = (status, '{"message": "no"}')

    settled = mailgun.provider().settle(an_attempt(a_batch()), now=FRIDAY + timedelta(hours=1))

    assert isinstance(settled, Unclear)
    assert str(status) in settled.words


def test_the_key_never_follows_an_address_that_a_log_names(mailgun: MailgunStandIn) -> None:
    elsewhere = Listener(lambda connection: connection.close())
    following = f"http://127.0.0.1:{elsewhere.port}/v3/mail.example.org/events/next"
    over = {"timestamp": (FRIDAY + timedelta(hours=3)).timestamp(), "tags": ["x"]}
    mailgun.answer = (200, json.dumps({"items": [over], "paging": {"next": following}}))

    mailgun.provider().settle(an_attempt(a_batch()), now=FRIDAY + timedelta(hours=4))
    mailgun.answer = (200, json.dumps({"items": [], "paging": {"next": following}}))
    mailgun.provider().settle(an_attempt(a_batch()), now=FRIDAY + timedelta(hours=4))
    elsewhere.close()

    assert elsewhere.connections == 0


SMTP_REPLIES = ["", "2", "250", "abc def", "250-never ends", "999 what", "\x00\x00", "x" * 9000]


@pytest.mark.parametrize("reply", SMTP_REPLIES, ids=range(len(SMTP_REPLIES)))
@pytest.mark.parametrize("at", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA"])
def test_nonsense_before_the_text_of_a_mail_is_never_a_doubt(
    smtp: SmtpStandIn, at: str, reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.deliver.providers.smtp.COMMAND_SECONDS", 0.3)
    monkeypatch.setattr("publisher.deliver.providers.smtp.DEADLINE", timedelta(seconds=0.3))
    smtp.replies[at] = reply

    (outcome,) = smtp.provider().send(a_batch(), begin=lambda: True).values()

    assert isinstance(outcome, (NotNow, Refused)) or (reply == "250" and isinstance(outcome, Accepted))
    assert smtp.messages == [] or isinstance(outcome, Accepted)


def test_a_refused_reader_does_not_spoil_the_session_for_the_next(smtp: SmtpStandIn) -> None:
    provider = smtp.provider()
    smtp.replies["RCPT"] = "550 5.1.1 no such user"
    (first,) = provider.send(a_batch(), begin=lambda: True).values()
    del smtp.replies["RCPT"]

    other = replace(a_batch(), batch=42, recipients=(a_recipient(2),))
    (second,) = provider.send(other, begin=lambda: True).values()

    assert isinstance(first, Refused)
    assert first.blame is Blame.ADDRESS
    assert isinstance(second, Accepted)
    assert [to for to, _ in smtp.messages] == ["reader2@example.org"]


def test_what_is_held_is_closed_when_the_block_fails_and_only_then() -> None:
    class Held:
        is_closed = False

        def close(self) -> None:
            self.is_closed = True

    good, bad = Held(), Held()
    with closed_on_failure(good):
        pass
    with pytest.raises(KeyboardInterrupt), closed_on_failure(bad):
        raise KeyboardInterrupt

    assert (good.is_closed, bad.is_closed) == (False, True)
