"""Embeds of bodies, as the services and editors wrote them: each becomes one plain link that says where it leads."""

import pytest

from publisher.gather.cleaning.clean import clean_html

PAGE = "https://news.example.org/gold/route"
SITE = "https://news.example.org"
SCRIPT = '<script async src="https://platform.example/widgets.js" charset="utf-8"></script>'


def cleaned(html: str) -> str:
    return clean_html(html, PAGE).html


@pytest.mark.parametrize(
    ("embed", "link"),
    [
        (
            '<iframe src="https://player.vimeo.com/video/1" allowfullscreen></iframe>',
            '<p><a href="https://vimeo.com/1">vimeo.com/1</a></p>',
        ),
        (
            '<iframe title="The gold route" src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
            '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">The gold route</a></p>',
        ),
        (
            '<iframe title="Embedded content" aria-label="A map" src="https://m.example/"></iframe>',
            '<p><a href="https://m.example/">A map</a></p>',
        ),
        (
            '<p>See <iframe data-src="https://maps.example.org/m?a=1&amp;b=2"></iframe></p>',
            '<p>See <a href="https://maps.example.org/m?a=1&amp;b=2">maps.example.org/m?a=1&amp;b=2</a></p>',
        ),
        (
            '<span class="embed-youtube"><iframe title="T" src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe></span>',
            '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">T</a></p>',
        ),
        (
            '<audio controls><source src="/a.mp3"><a href="/a.mp3">old</a></audio>',
            f'<p><a href="{SITE}/a.mp3">news.example.org/a.mp3</a></p>',
        ),
        (
            '<figure class="wp-block-video"><video controls poster="/p.jpg" src="/v.mp4"></video></figure>',
            f'<p><a href="{SITE}/v.mp4">news.example.org/v.mp4</a></p>',
        ),
        (
            '<object data="https://example.org/x.pdf"><embed src="https://example.org/y.pdf"></object>',
            '<p><a href="https://example.org/x.pdf">example.org/x.pdf</a></p>',
        ),
        (
            '<figure><div><iframe src="https://m.example/"></iframe></div><figcaption>Map</figcaption></figure>',
            '<figure><p><a href="https://m.example/">m.example/</a></p> <figcaption>Map</figcaption></figure>',
        ),
    ],
)
def test_a_frame_or_player_becomes_a_link_to_what_it_shows(embed: str, link: str) -> None:
    assert cleaned(embed) == link


@pytest.mark.parametrize("src", ["http://maps.example.org/", "javascript:alert(1)", "about:blank", "data:text/html,x"])
def test_a_frame_without_an_https_address_is_removed(src: str) -> None:
    result = clean_html(f'<p>a</p><iframe src="{src}"></iframe>', PAGE)

    assert result.html == "<p>a</p>"
    assert result.notes == ("frame without a usable address removed",)


def test_a_long_address_is_shortened_where_it_is_all_the_text_there_is() -> None:
    html = cleaned(f'<iframe src="https://maps.example.org/{"m" * 200}"></iframe>')

    assert html.endswith(f">maps.example.org/{'m' * 62}…</a></p>")


@pytest.mark.parametrize(
    "html",
    [
        '<iframe title="T" data-lazy-src="{src}"></iframe><noscript><iframe src="{src}"></iframe></noscript>',
        '<iframe src="about:blank"></iframe><noscript><iframe title="T" src="{src}"></iframe></noscript>',
        '<div class="rll-youtube-player"></div><noscript><iframe title="T" src="{src}"></iframe></noscript>',
    ],
)
def test_a_lazy_frame_is_linked_once(html: str) -> None:
    assert cleaned(html.format(src="https://m.example/v")) == '<p><a href="https://m.example/v">T</a></p>'


@pytest.mark.parametrize(
    ("post", "link"),
    [
        (
            (
                '<blockquote class="twitter-tweet"><p lang="es" dir="ltr">Vimos doce barcos.</p>&mdash; Ana (@ana) '
                '<a href="https://twitter.com/ana/status/12?ref_src=twsrc%5Etfw">March 3, 2026</a></blockquote>'
            ),
            (
                '<p dir="ltr" lang="es"><a href="https://twitter.com/ana/status/12">Vimos doce barcos. — Ana (@ana) '
                "March 3, 2026</a></p>"
            ),
        ),
        (
            (
                '<blockquote class="instagram-media" data-instgrm-permalink="https://instagram.com/p/AB/?igsh=1">'
                '<div><a href="https://www.instagram.com/p/AB/"></a><p><a href="https://www.instagram.com/p/AB/">A '
                "post shared by Ana</a></p></div></blockquote>"
            ),
            '<p><a href="https://instagram.com/p/AB/">A post shared by Ana</a></p>',
        ),
        (
            (
                '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@ana/video/12"><section>'
                '<a href="https://www.tiktok.com/@ana?refer=embed">@ana</a> Twelve boats</section></blockquote>'
            ),
            '<p><a href="https://www.tiktok.com/@ana/video/12">@ana Twelve boats</a></p>',
        ),
        (
            (
                '<blockquote class="bluesky-embed" data-bluesky-uri="at://x"><p lang="en">Twelve boats</p>'
                '<a href="https://bsky.app/profile/ana.example/post/1">6 March</a></blockquote>'
            ),
            '<p lang="en"><a href="https://bsky.app/profile/ana.example/post/1">Twelve boats 6 March</a></p>',
        ),
        (
            '<div class="fb-post" data-href="https://www.facebook.com/eo/posts/1"></div>',
            '<p><a href="https://www.facebook.com/eo/posts/1">www.facebook.com/eo/posts/1</a></p>',
        ),
    ],
)
def test_a_post_of_another_site_becomes_one_link_with_its_words(post: str, link: str) -> None:
    assert cleaned(post + SCRIPT) == link


@pytest.mark.parametrize(
    ("drawing", "link"),
    [
        (
            (
                '<iframe title="Seizures by year" aria-label="Column Chart" src="https://datawrapper.dwcdn.net/aBcD1/2/">'
                "</iframe>"
            ),
            '<p><a href="https://datawrapper.dwcdn.net/aBcD1/">Seizures by year</a></p>',
        ),
        (
            (
                '<div style="min-height:383px" id="datawrapper-vis-aBcD1"><noscript><img src="https://datawrapper.dwcdn.net/'
                'aBcD1/full.png" alt="Seizures by year"></noscript></div>'
            ),
            '<p><a href="https://datawrapper.dwcdn.net/aBcD1/">Seizures by year</a></p>',
        ),
        (
            (
                '<div class="flourish-embed flourish-map" data-src="visualisation/123"><noscript><img src="https://public.'
                'flourish.studio/visualisation/123/thumbnail" alt="map visualization"></noscript></div>'
            ),
            '<p><a href="https://public.flourish.studio/visualisation/123/">public.flourish.studio/visualisation/123/</a></p>',
        ),
        (
            '<div class="infogram-embed" data-id="9c-1a" data-type="interactive" data-title="Gold"></div>',
            '<p><a href="https://infogram.com/9c-1a">Gold</a></p>',
        ),
    ],
)
def test_a_drawing_that_a_script_would_make_becomes_a_link_to_it(drawing: str, link: str) -> None:
    assert cleaned(drawing + SCRIPT) == link


@pytest.mark.parametrize(
    ("block", "link"),
    [
        (
            (
                '<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-embed__wrapper">\n<iframe '
                'title="The gold route" src="//www.youtube.com/embed/dQw4w9WgXcQ?x=y"></iframe>\n</div></figure>'
            ),
            '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">The gold route</a></p>',
        ),
        (
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://v.example/1\n</div></figure>',
            '<p><a href="https://v.example/1">v.example/1</a></p>',
        ),
        (
            (
                '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper"><blockquote class='
                '"wp-embedded-content"><a href="https://other.example/story/">The other story</a></blockquote>'
                '<iframe title="x" class="wp-embedded-content" src="https://other.example/story/embed/#?secret=a"></iframe></div></figure>'
            ),
            '<p><a href="https://other.example/story/">The other story</a></p>',
        ),
        (
            (
                '<div class="wp-block-file"><object class="wp-block-file__embed" data="https://x.example/r.pdf"></object>'
                '<a href="https://x.example/r.pdf">The report</a><a href="https://x.example/r.pdf" '
                'class="wp-block-file__button" download>Download</a></div>'
            ),
            '<p><a href="https://x.example/r.pdf">The report</a></p>',
        ),
        (
            (
                '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="https://other.example/s">'
                '<div class="kg-bookmark-content"><div class="kg-bookmark-title">The other story</div><div class='
                '"kg-bookmark-description">About it</div></div><div class="kg-bookmark-thumbnail"><img src="/t.png">'
                "</div></a></figure>"
            ),
            '<p><a href="https://other.example/s">The other story</a></p>',
        ),
    ],
)
def test_a_block_of_an_editor_becomes_one_link(block: str, link: str) -> None:
    assert cleaned(block) == link
