"""SMTP: what each reply means by where it was given, and that nothing but the last answer is ever in doubt."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from publisher.deliver.provider import ProviderConfig
from publisher.deliver.providers import smtp as adapter
from publisher.deliver.providers.smtp_answers import Reply
from publisher.model.delivery import Accepted, Blame, NotNow, Outcome, Packing, Refused, Unclear
from publisher.model.errors import ConfigurationError
from tests.deliver.providers.stand_ins import Begin, SmtpStandIn, read_copy, tls_context
from tests.mail_builders import FRIDAY, a_batch, a_letter, an_attempt


def yes() -> bool:
    """The batch is ours."""
    return True


def send(stand_in: SmtpStandIn) -> Outcome:
    """The one outcome of a batch of one."""
    (outcome,) = stand_in.provider().send(a_batch(), begin=yes).values()
    return outcome


def test_a_transaction_names_sender_reader_and_size(smtp: SmtpStandIn) -> None:
    outcome = send(smtp)

    size = len(smtp.messages[0][1])
    assert smtp.commands == [
        "ehlo mail.example.org",
        f"mail FROM:<digest@mail.example.org> SIZE={size}",
        "rcpt TO:<reader1@example.org>",
        "DATA",
    ]
    assert outcome == Accepted(provider_id="2.0.0 queued as 4bXk")


def test_a_server_that_knows_dsn_is_told_the_attempt(smtp: SmtpStandIn) -> None:
    smtp.replies["EHLO"] = "250-mx.example.org\r\n250 DSN"

    send(smtp)

    assert smtp.commands[1].endswith("ENVID=teststorb41a1 RET=HDRS")
    assert smtp.commands[2].endswith("NOTIFY=FAILURE,DELAY")


@pytest.mark.parametrize(
    ("at", "reply", "kind", "blame"),
    [
        ("GREETING", "421 4.3.2 too busy", NotNow, None),
        ("GREETING", "554 no service for you", Refused, Blame.ACCOUNT),
        ("GREETING", "lose", NotNow, None),
        ("EHLO", "lose", NotNow, None),
        ("MAIL", "451 4.3.0 later", NotNow, None),
        ("MAIL", "421 4.7.0 too many messages", NotNow, None),
        ("MAIL", "550 5.7.1 sender not allowed", Refused, Blame.ACCOUNT),
        ("MAIL", "lose", NotNow, None),
        ("RCPT", "450 4.2.0 greylisted", NotNow, None),
        ("RCPT", "452 4.5.3 too many recipients", NotNow, None),
        ("RCPT", "552 5.2.2 mailbox full", NotNow, None),
        ("RCPT", "550 5.1.1 no such user", Refused, Blame.ADDRESS),
        ("RCPT", "551 user not local", Refused, Blame.ADDRESS),
        ("RCPT", "553 5.1.3 bad name", Refused, Blame.ADDRESS),
        ("RCPT", "550 5.7.1 relaying denied", Refused, Blame.REQUEST),
        ("RCPT", "554 5.7.1 relay access denied", Refused, Blame.REQUEST),
        ("RCPT", "lose", NotNow, None),
        ("DATA", "451 4.3.0 later", NotNow, None),
        ("DATA", "554 5.5.1 no", Refused, Blame.REQUEST),
        ("DATA", "250 ok, already", NotNow, None),
        ("DATA", "lose", NotNow, None),
        ("DOT", "250 ok", Accepted, None),
        ("DOT", "451 4.3.0 later", NotNow, None),
        ("DOT", "552 5.3.4 too big", Refused, Blame.REQUEST),
        ("DOT", "lose", Unclear, None),
        ("DOT", "354 what", Unclear, None),
        ("DOT", "nonsense", Unclear, None),
    ],
)
def test_each_reply_has_its_class_by_where_it_was_given(
    smtp: SmtpStandIn, at: str, reply: str, kind: type, blame: Blame | None
) -> None:
    smtp.replies[at] = reply

    outcome = send(smtp)

    assert (type(outcome), getattr(outcome, "blame", None)) == (kind, blame)


@pytest.mark.parametrize("at", ["MAIL", "RCPT"])
def test_a_refusal_before_data_does_not_begin(smtp: SmtpStandIn, at: str) -> None:
    smtp.replies[at] = "550 5.1.1 no"
    begin = Begin()

    smtp.provider().send(a_batch(), begin=begin)

    assert begin.saw == []
    assert smtp.commands[-1] == "rset"


def test_a_batch_that_is_not_ours_is_taken_back_with_rset(smtp: SmtpStandIn) -> None:
    smtp.provider().send(a_batch(), begin=lambda: False)

    assert smtp.commands[-1] == "rset"


def test_a_session_that_the_server_ends_is_replaced_before_begin(smtp: SmtpStandIn) -> None:
    provider = smtp.provider()
    provider.send(a_batch(), begin=yes)
    smtp.replies["MAIL"] = "421 4.4.2 idle"

    (first,) = provider.send(a_batch(), begin=yes).values()

    assert isinstance(first, NotNow)
    assert smtp.connections == 2  # the old one said 421, and so did the fresh one: that is an answer


def test_a_session_carries_so_many_messages_and_then_says_goodbye(
    smtp: SmtpStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "MESSAGES_PER_SESSION", 2)
    provider = smtp.provider()

    for _ in range(3):
        provider.send(a_batch(), begin=yes)

    assert smtp.connections == 2
    assert smtp.commands.count("quit") == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_were(smtp: SmtpStandIn) -> None:
    lines = ".\n..\n.hidden\nend\n"

    smtp.provider().send(a_batch(letters={1: a_letter(text=lines)}), begin=yes)

    assert smtp.copies("reader1@example.org")[0].text == lines


def test_two_readers_are_never_in_one_transaction(smtp: SmtpStandIn) -> None:
    provider = smtp.provider()

    with pytest.raises(ValueError, match="2 readers in a transaction of one"):
        provider.send(a_batch(2), begin=yes)

    assert (provider.limits.recipients, provider.limits.packing) == (1, Packing.WHOLE)


def test_nobody_can_be_asked_afterwards(smtp: SmtpStandIn) -> None:
    provider = smtp.provider()

    assert not provider.limits.can_settle
    assert isinstance(provider.settle(an_attempt(a_batch()), now=FRIDAY + timedelta(days=1)), Unclear)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("535 5.7.8 bad credentials", Refused), ("454 4.7.0 later", NotNow)],
)
def test_a_sign_in_that_is_refused_halts_and_one_that_fails_waits(smtp: SmtpStandIn, reply: str, kind: type) -> None:
    smtp.replies |= {"EHLO": "250-mx.example.org\r\n250 AUTH PLAIN", "AUTH": reply}

    (outcome,) = smtp.provider(user="digest", password=lambda: "secret").send(a_batch(), begin=yes).values()

    assert isinstance(outcome, kind)
    assert "secret" not in str(outcome)


def test_a_server_without_starttls_gets_neither_password_nor_mail(smtp: SmtpStandIn) -> None:
    provider = smtp.provider(tls="starttls", user="digest", password=lambda: "secret")

    (outcome,) = provider.send(a_batch(), begin=yes).values()

    assert isinstance(outcome, Refused)
    assert outcome.blame is Blame.ACCOUNT
    assert smtp.commands == ["ehlo mail.example.org"]


def test_a_password_that_cannot_be_looked_up_halts(smtp: SmtpStandIn) -> None:
    def missing() -> str:
        raise ConfigurationError(["provider.password: SMTP_PASSWORD is not set"])

    (outcome,) = smtp.provider(user="digest", password=missing).send(a_batch(), begin=yes).values()

    assert outcome == Refused(blame=Blame.ACCOUNT, words="provider.password: SMTP_PASSWORD is not set")


def test_mail_goes_through_starttls_with_a_certificate_that_is_vouched_for(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = SmtpStandIn(tmp_path, tls_context(certificate))
    stand_in.replies["EHLO"] = "250-mx.example.org\r\n250 STARTTLS"
    trusted_by_nobody = stand_in.provider(tls="starttls", host="localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted = stand_in.provider(tls="starttls", host="localhost")

    outcomes = [provider.send(a_batch(), begin=yes)[1] for provider in (trusted_by_nobody, trusted)]
    stand_in.close()

    assert [type(outcome) for outcome in outcomes] == [NotNow, Accepted]


def test_without_a_host_there_is_no_smtp() -> None:
    with pytest.raises(ConfigurationError, match=r"provider\.host"):
        adapter.make(ProviderConfig(kind="smtp"))


def test_a_reply_of_several_lines_is_told_on_one() -> None:
    assert Reply.of(550, b"5.1.1 no such user\n5.1.1 here").words == "550 5.1.1 no such user 5.1.1 here"


def test_an_independent_server_takes_what_we_say() -> None:
    taken: list[Any] = []

    class Keep:
        async def handle_DATA(self, *session_and_envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
            taken.append(session_and_envelope[-1])
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Keep(), hostname="127.0.0.1", port=port, ready_timeout=5)
    server.start()
    provider = adapter.make(ProviderConfig(kind="smtp", host="127.0.0.1", port=port, tls="none"))

    outcomes = [provider.send(a_batch(letters={1: a_letter(text=".\n")}), begin=yes)[1] for _ in range(2)]
    provider.close()
    server.stop()

    assert outcomes == [Accepted(provider_id="taken")] * 2
    assert [envelope.rcpt_tos for envelope in taken] == [["reader1@example.org"]] * 2
    assert read_copy(taken[0].content).text == ".\n"
