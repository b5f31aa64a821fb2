"""What is kept of the page that a picture was asked for from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.web.referrers import MOST_PATH, kept_referrer


@pytest.mark.parametrize(
    ("text", "host", "page"),
    [
        ("https://partner.example.com/", "partner.example.com", "partner.example.com/"),
        ("https://partner.example.com", "partner.example.com", "partner.example.com/"),
        ("http://partner.example.com/gold/", "partner.example.com", "partner.example.com/gold/"),
        ("https://Partner.Example.com./Gold", "partner.example.com", "partner.example.com/Gold"),
        ("https://partner.example.com/gold?reader=ana%40x#top", "partner.example.com", "partner.example.com/gold"),
        ("https://ana:word@partner.example.com:8443/gold", "partner.example.com", "partner.example.com/gold"),
        ("https://año.example.com/oro", "xn--ao-zja.example.com", "xn--ao-zja.example.com/oro"),
        ("https://partner.example.com/a%20b/%C3%B1", "partner.example.com", "partner.example.com/a%20b/%C3%B1"),
        ("https://partner.example.com/<script>", "partner.example.com", "partner.example.com/%3Cscript%3E"),
    ],
)  # fmt: skip
def test_a_page_is_kept_as_host_or_as_host_and_path(text: str, host: str, page: str) -> None:
    assert (kept_referrer(text, with_path=False), kept_referrer(text, with_path=True)) == (host, page)


NO_PAGES = (
    *("", "about:blank", "file:///home/ana/x.html", "javascript:alert(1)", "android-app://com.example/"),
    *("https://", "https://[::1", "//x/y", "https://a b/", "https://<b>/", f"https://{'a' * 64}.example/"),
)


@pytest.mark.parametrize("text", NO_PAGES)
def test_what_is_no_web_page_is_kept_as_unknown(text: str) -> None:
    assert kept_referrer(text, with_path=True) == ""


def test_of_a_path_that_no_page_has_the_host_alone_is_kept() -> None:
    assert kept_referrer(f"https://partner.example.com/{'a' * MOST_PATH}", with_path=True) == "partner.example.com"


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=200))
def test_whatever_is_sent_a_place_is_plain_text_without_query(tail: str) -> None:
    place = kept_referrer(f"https://partner.example.com/{tail}", with_path=True)

    assert place.isascii()
    assert place.isprintable()
    assert not set("?#<>\"' \\") & (set(place) - {"'"})
