"""Addresses inside of bodies."""

import pytest

from publisher.gather.links import absolute_url, best_of_srcset, page_of_embed

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


def test_a_mail_address_keeps_its_subject() -> None:
    assert absolute_url("MAILTO:tips@example.org?subject=Hi there", PAGE, mail=True) == (
        "mailto:tips@example.org?subject=Hi%20there"
    )


def test_a_picture_is_not_at_a_mail_address() -> None:
    assert absolute_url("mailto:tips@example.org", PAGE) is None


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        ("/a.jpg 300w, /b.jpg 1024w, /c.jpg 768w", "/b.jpg"),
        ("/a.jpg, /b.jpg 2x", "/b.jpg"),
        ("/w_300,h_200/a.jpg 300w,\n /w_600,h_400/a.jpg 600w", "/w_600,h_400/a.jpg"),
        ("/only.jpg", "/only.jpg"),
        ("/a.jpg 1.2.3x", ""),
        ("", ""),
    ],
)
def test_the_largest_candidate_of_a_set_is_taken(srcset: str, best: str) -> None:
    assert best_of_srcset(srcset) == best


@pytest.mark.parametrize(
    ("player", "page"),
    [
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("//www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("http://youtube.com/v/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/embed/videoseries?list=PL12", "https://www.youtube.com/playlist?list=PL12"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", "https://vimeo.com/76979871"),
        ("https://maps.example.org/embed?pb=1", "https://maps.example.org/embed?pb=1"),
    ],
)
def test_an_embed_leads_to_a_page_for_people(player: str, page: str) -> None:
    assert page_of_embed(player, PAGE) == page


def test_an_embed_without_a_scheme_is_at_https_wherever_the_article_is() -> None:
    assert page_of_embed("//maps.example.org/m", "http://127.0.0.1:8080/x") == "https://maps.example.org/m"


@pytest.mark.parametrize("player", ["http://maps.example.org/embed", "javascript:alert(1)", "about:blank", ""])
def test_an_embed_that_is_not_at_an_https_address_leads_nowhere(player: str) -> None:
    assert page_of_embed(player, PAGE) is None
