"""The pages that players and posts stand for."""

import pytest

from publisher.gather.cleaning.players import page_of_embed, page_of_post

PAGE = "https://news.example.org/gold/route"


@pytest.mark.parametrize(
    ("player", "page"),
    [
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("//www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("http://youtube.com/v/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://www.youtube.com/embed/videoseries?list=PL12", "https://www.youtube.com/playlist?list=PL12"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", "https://vimeo.com/76979871"),
        ("https://www.dailymotion.com/embed/video/x7abc", "https://www.dailymotion.com/video/x7abc"),
        ("https://open.spotify.com/embed/episode/4rOo?utm_source=g", "https://open.spotify.com/episode/4rOo"),
        ("https://embed.podcasts.apple.com/us/podcast/x/id1", "https://podcasts.apple.com/us/podcast/x/id1"),
        ("https://www.instagram.com/p/AB-c/embed/captioned/?v=14", "https://www.instagram.com/p/AB-c/"),
        (
            "https://embed.documentcloud.org/documents/12-report/?embed=1",
            "https://www.documentcloud.org/documents/12-report/",
        ),
        ("https://flo.uri.sh/visualisation/123/embed?auto=1", "https://public.flourish.studio/visualisation/123/"),
        ("https://datawrapper.dwcdn.net/aBcD1/7/", "https://datawrapper.dwcdn.net/aBcD1/"),
        (
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Feo%2Fposts%2F1&width=500",
            "https://www.facebook.com/eo/posts/1",
        ),
        ("https://platform.twitter.com/embed/Tweet.html?id=12&theme=light", "https://x.com/i/status/12"),
        (
            "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
            "https://api.soundcloud.com/tracks/1",
        ),
        (
            "https://w.soundcloud.com/player/?url=javascript:alert(1)",
            "https://w.soundcloud.com/player/?url=javascript:alert(1)",
        ),
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


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("http://twitter.com/ana/status/12?ref_src=twsrc%5Etfw", "https://twitter.com/ana/status/12"),
        ("https://www.instagram.com/p/AB/?utm_source=ig_embed", "https://www.instagram.com/p/AB/"),
        (
            "https://www.facebook.com/story.php?story_fbid=1&id=2",
            "https://www.facebook.com/story.php?story_fbid=1&id=2",
        ),
    ],
)
def test_a_posts_address_does_not_count_its_readers(written: str, page: str) -> None:
    assert page_of_post(written) == page
