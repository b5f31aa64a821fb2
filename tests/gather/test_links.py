"""Addresses inside of bodies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.gather.cleaning.links import absolute_url, candidates_in

PAGE = "https://news.example.org/gold/route?lang=en"


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("/relative", "https://news.example.org/relative"),
        ("relative/x", "https://news.example.org/gold/relative/x"),
        ("//cdn.example.org/x", "https://cdn.example.org/x"),
        ("#fn1", "https://news.example.org/gold/route?lang=en#fn1"),
        ("?p=1", "https://news.example.org/gold/route?p=1"),
        ("HTTPS://EXAMPLE.ORG/UP", "https://example.org/UP"),
        (" https://example.org/a\nb ", "https://example.org/ab"),
        ("https://example.org/añó?q=ñ&r=a b", "https://example.org/a%C3%B1%C3%B3?q=%C3%B1&r=a%20b"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
    ],
)
def test_an_address_becomes_absolute_and_percent_encoded(written: str, absolute: str) -> None:
    assert absolute_url(written, PAGE) == absolute


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  ",
        "javascript:alert(1)",
        "JaVa\tScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "tel:+1202555",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://ana:secret@example.org/",
        "https://news.example.org@evil.example/",
        "https://",
        "http://",
        "https://[::1/",
        "https://exa mple.org/",
        "https://<b>.example.org/",
    ],
)
def test_an_address_that_is_not_to_be_used_is_none(written: str) -> None:
    assert absolute_url(written, PAGE, mail=True) is None


@pytest.mark.parametrize("written", ["https://e.org/" + "a" * 8000, "/" + "a" * 8000, "/" + "é" * 2000])
def test_an_endless_address_is_none(written: str) -> None:
    assert absolute_url(written, "https://news.example.org/") is None


def test_a_mail_address_keeps_its_subject() -> None:
    assert absolute_url("MAILTO:tips@example.org?subject=Hi there", PAGE, mail=True) == (
        "mailto:tips@example.org?subject=Hi%20there"
    )


def test_a_picture_is_not_at_a_mail_address() -> None:
    assert absolute_url("mailto:tips@example.org", PAGE) is None


@pytest.mark.parametrize(
    ("srcset", "candidates"),
    [
        ("/a.jpg 300w, /b.jpg 1024w", [("/a.jpg", 300, 1), ("/b.jpg", 1024, 1)]),
        ("/a.jpg, /b.jpg 1.5x", [("/a.jpg", None, 1), ("/b.jpg", None, 1.5)]),
        ("/w_300,h_200/a.jpg 300w,\n /b.jpg", [("/w_300,h_200/a.jpg", 300, 1), ("/b.jpg", None, 1)]),
        ("/a.jpg 1.2.3x, /b.jpg 9q, /c.jpg 300w 200h", []),
        (", ,", []),
        ("", []),
    ],
)
def test_a_set_has_its_candidates_in_their_order(
    srcset: str, candidates: list[tuple[str, float | None, float]]
) -> None:
    assert [(one.url, one.width, one.density) for one in candidates_in(srcset)] == candidates


@pytest.mark.parametrize("hostile", ["," * 1_000_000, "a " * 500_000, "a " + "1" * 1_000_000, "a," * 500_000])
def test_no_set_takes_long(hostile: str) -> None:
    assert len(list(candidates_in(hostile))) <= 200


PIECES = "https:// http:// / // example.org a \u00e4 . .. %41 %zz ? # & = : @ \\ + ~ ' \" < [ ] | %C3"
ADDRESSES = st.lists(st.sampled_from(PIECES.split(" "))).map("".join)


@settings(deadline=None)  # a busy machine is no fault
@given(ADDRESSES)
def test_an_absolute_address_is_its_own(text: str) -> None:
    once = absolute_url(text, PAGE)

    assert once is None or absolute_url(once, PAGE) == once


@settings(deadline=None)  # a busy machine is no fault
@given(ADDRESSES)
def test_what_is_taken_as_it_is_would_come_out_the_same_the_long_way(text: str) -> None:
    short = absolute_url(text, PAGE)

    assert short == absolute_url(f"{text}\t", PAGE)  # which is read by the long way always
