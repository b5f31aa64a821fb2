"""One reader's message: what a mail client reads back is what was frozen, and the wire form keeps its limits."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model.delivery import RenderedBatch
from publisher.model.edition import Hole
from publisher.render.message import build_body, build_field, build_message, parse_mailbox
from tests.mail_builders import MARK, TOKENS, a_batch, a_letter, a_recipient, an_envelope

BODY = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=400)
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Cn")), min_size=1, max_size=30)
TITLES = st.lists(PLAIN, min_size=1, max_size=12).map(" ".join)


def read(batch: RenderedBatch) -> EmailMessage:
    """The first reader's message as a mail client parses it."""
    message = email.message_from_bytes(build_message(batch, batch.recipients[0]), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def bodies(message: EmailMessage) -> list[tuple[str, str]]:
    """Type and decoded text of each part."""
    return [(part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in message.iter_parts()]


def test_the_message_has_text_first_and_html_last_with_the_readers_own_links() -> None:
    message = read(a_batch())

    assert bodies(message) == [
        ("text/plain", "The gold route\n\nUnsubscribe: https://follow.example.org/u/token1?a=1&b=2\n"),
        (
            "text/html",
            '<p>The gold route</p><a href="https://follow.example.org/u/token1?a=1&amp;b=2">Unsubscribe</a>\n',
        ),
    ]
    assert message.defects == []


def test_the_header_names_one_reader_the_freeze_and_a_message_id_of_its_own() -> None:
    message = read(a_batch())

    assert [(name, str(value)) for name, value in message.items()][:6] == [
        ("From", "Example Observatory <digest@mail.example.org>"),
        ("To", "reader1@example.org"),
        ("Subject", "The week: The gold route"),
        ("Date", "Fri, 06 Mar 2026 12:00:00 +0000"),
        ("Message-ID", "<e7.0001@mail.example.org>"),
        ("List-Id", "The week <weekly.mail.example.org>"),
    ]


def test_the_same_delivery_makes_the_same_bytes_on_another_attempt() -> None:
    first, second = a_batch(), a_batch(batch=99, attempt=3, attempt_id="teststorb99a3")

    assert build_message(first, first.recipients[0]) == build_message(second, second.recipients[0])


def test_a_list_unsubscribe_of_300_characters_is_neither_encoded_nor_cut() -> None:
    uri = "https://follow.example.org/u/" + "t" * 271
    recipient = a_recipient(holes={**a_recipient().holes, Hole.UNSUBSCRIBE: uri})
    envelope = an_envelope(
        headers=(("List-Unsubscribe", f"<{TOKENS[Hole.UNSUBSCRIBE]}>, <mailto:leave@mail.example.org?subject=x>"),)
    )

    raw = build_message(a_batch(envelope=envelope), recipient)

    assert f"List-Unsubscribe: <{uri}>,\r\n <mailto:leave@mail.example.org?subject=x>\r\n".encode() in raw


def test_a_subject_of_200_accented_characters_becomes_words_of_75_octets_in_lines_of_78() -> None:
    subject = "é" * 200

    field = build_field("Subject", subject)

    assert max(len(line) for line in field.split("\r\n")) <= 78
    assert max(len(word) for word in re.findall(r"=\?[^ ]+\?=", field)) <= 75
    assert read(a_batch(letters={1: a_letter(subject=subject)}))["Subject"] == subject


@given(TITLES)
def test_any_subject_is_read_back_as_it_was_written(subject: str) -> None:
    message = read(a_batch(letters={1: a_letter(subject=subject)}))

    assert str(message["Subject"]) == subject


@given(BODY)
@settings(max_examples=200)
def test_any_text_is_read_back_as_it_was_written_in_lines_of_at_most_76(text: str) -> None:
    raw = ("Content-Type: text/plain; charset=utf-8\r\n" + build_body(text)).encode("ascii")

    part = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(part, EmailMessage)

    assert part.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 76
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_text_in_a_script_beyond_latin_goes_as_base64_and_spanish_does_not() -> None:
    assert "base64" in build_body("Золотой путь " * 20)
    assert "quoted-printable" in build_body("La ruta del oro, la educación y el año " * 20)


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\t", "\x0b", "\u0085", "\u2028", "\u202e", "\u2066"])
def test_a_header_value_with_a_control_or_bidi_character_does_not_leave_the_house(character: str) -> None:
    with pytest.raises(ValueError, match="Subject holds the character"):
        read(a_batch(letters={1: a_letter(subject=f"The{character}week")}))


def test_a_readers_value_cannot_add_a_header() -> None:
    holes = {**a_recipient().holes, Hole.UNSUBSCRIBE: "https://x.example/\r\nBcc: victim@example.org"}

    with pytest.raises(ValueError, match=r"U\+000D"):
        build_message(a_batch(), a_recipient(holes=holes))


def test_an_envelope_cannot_bring_a_second_subject() -> None:
    with pytest.raises(ValueError, match="'Subject' is no header field of an envelope"):
        read(a_batch(envelope=an_envelope(headers=(("Subject", "another"),))))


def test_a_hole_without_a_value_does_not_leave_the_house() -> None:
    holes = {Hole.MESSAGE_ID: "e7.1@mail.example.org"}

    with pytest.raises(ValueError, match="a hole of the edition has no value"):
        build_message(a_batch(), a_recipient(holes=holes))


def test_a_name_with_a_comma_or_an_accent_stays_one_mailbox() -> None:
    message = read(a_batch(envelope=an_envelope(sender="Redacción, Bogotá <digest@mail.example.org>", headers=())))

    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Redacción, Bogotá", "digest@mail.example.org")
    assert parse_mailbox('"Smith, John" <john@example.org>').display_name == "Smith, John"


def test_the_phrase_of_a_list_id_is_encoded_and_its_identifier_is_not() -> None:
    field = build_field("List-Id", "El boletín de la semana <weekly.mail.example.org>")

    assert field.startswith("List-Id: =?utf-8?")
    assert field.endswith("\r\n <weekly.mail.example.org>")


def test_text_that_looks_like_an_encoded_word_is_shown_as_it_was_written() -> None:
    subject = "How =?utf-8?q?this?= works"

    assert str(read(a_batch(letters={1: a_letter(subject=subject)}))["Subject"]) == subject


def test_no_mark_of_a_hole_is_left_in_a_message() -> None:
    batch = a_batch(letters={1: a_letter(html=" ".join(TOKENS.values()), text=" ".join(TOKENS.values()))})

    assert MARK.encode() not in build_message(batch, batch.recipients[0])
