"""The header fields that an edition's messages share."""

from typing import Any

import pytest

from publisher.render.headers import ListFacts, envelope_headers


def fields(**changes: Any) -> dict[str, str]:  # noqa: ANN401 - fields of the facts
    """The header fields of the week's edition."""
    facts: dict[str, Any] = {
        "edition": "weekly20260306t1200z",
        "newsletter": "weekly",
        "list_id": "weekly.mail.example.org",
        "sender_id": "k7m2q9xa",
        "mark": "k3v9q2m7",
    }
    return dict(envelope_headers(ListFacts(**facts | changes)))


def test_an_edition_carries_the_fields_that_every_message_needs() -> None:
    assert fields() == {
        "List-Id": "<weekly.mail.example.org>",
        "List-Unsubscribe": "<__unsubscribe_k3v9q2m7__>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "weekly20260306t1200z:weekly:digest:k7m2q9xa",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }


def test_addresses_stand_in_angle_brackets() -> None:
    named = fields(reply_to="desk@example.org", help_url="https://e.example/h", archive_url="https://e.example/a")

    assert named["Reply-To"] == "desk@example.org"
    assert named["List-Help"] == "<https://e.example/h>"
    assert named["List-Archive"] == "<https://e.example/a>"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("The week", '"The week" <weekly.mail.example.org>'),
        ('The "week" \\ <x>', '"The \\"week\\" \\\\ <x>" <weekly.mail.example.org>'),
        ("La región", "<weekly.mail.example.org>"),
        ("The\r\nBcc: x", "<weekly.mail.example.org>"),
    ],
)
def test_the_list_is_named_only_where_its_name_is_plain_ascii(title: str, wanted: str) -> None:
    assert fields(list_title=title)["List-Id"] == wanted


@pytest.mark.parametrize("list_id", ["weekly", "weekly..example.org", "a b.example.org", "<w.example.org>", "w." * 130])
def test_a_list_id_that_no_filter_can_read_is_refused(list_id: str) -> None:
    with pytest.raises(ValueError, match="no List-Id"):
        fields(list_id=list_id)


@pytest.mark.parametrize("sender_id", ["abcd", "abcdefghijklmnop", "ab-cdefg", ""])
def test_a_sender_id_has_5_to_15_letters_and_digits(sender_id: str) -> None:
    with pytest.raises(ValueError, match="no sender id"):
        fields(sender_id=sender_id)


@pytest.mark.parametrize("changes", [{"sender_id": "digest"}, {"edition": "weekly"}, {"newsletter": "a:b"}])
def test_no_value_of_the_feedback_id_is_repeated_or_holds_a_colon(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no Feedback-ID"):
        fields(**changes)


def test_a_newsletter_may_be_called_digest() -> None:
    assert fields(newsletter="digest")["Feedback-ID"] == "weekly20260306t1200z:digest:letter:k7m2q9xa"


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.org", "a\x00", "añb@example.org", "a\u2028b", "a\tb"])
def test_a_value_that_cannot_stand_in_a_header_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="Reply-To"):
        fields(reply_to=bad)
