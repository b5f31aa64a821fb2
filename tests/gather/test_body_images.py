"""Pictures of bodies: one good address each, their size where it is told, and no counters of readers."""

import pytest

from publisher.gather.cleaning.clean import clean_html

PAGE = "https://news.example.org/gold/route"
SITE = "https://news.example.org"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def cleaned(html: str) -> str:
    return clean_html(html, PAGE).html


def address_in(html: str) -> str:
    return cleaned(html).partition('src="')[2].partition('"')[0].removeprefix(SITE)


@pytest.mark.parametrize(
    "attributes",
    [
        'src="/right.jpg"',
        f'data-src="/right.jpg" src="{PIXEL}"',
        'data-lazy-src="/right.jpg" src=""',
        'data-cfsrc="/right.jpg" style="display:none"',
        'data-src="/right.jpg" src="/placeholder.gif"',
        f'srcset="/small.jpg 300w, /right.jpg 1024w" src="{PIXEL}"',
        'srcset="/small.jpg 300w, /right.jpg 1024w"',
        'data-srcset="/right.jpg 2x, /small.jpg" src=""',
        'data-srcset="/right.jpg 1200w" src="/theme/spacer.gif?v=2"',
        'src="/right.jpg" srcset="javascript:alert(1) 9000w"',
        f'src="/right.jpg" srcset="{PIXEL} 900w"',
        'src="/right.jpg" srcset="/thumb.jpg 300w"',
        'src="/right-1600x900.jpg" srcset="/thumb.jpg 300w"',
    ],
)
def test_a_picture_has_one_good_address_however_lazily_it_is_loaded(attributes: str) -> None:
    assert address_in(f"<img {attributes}>") in {"/right.jpg", "/right-1600x900.jpg"}


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        ("/a.jpg 300w, /b.jpg 1024w, /c.jpg 768w", "/b.jpg"),
        ("/a.jpg 300w, /b.jpg 1600w, /c.jpg 2400w", "/b.jpg"),
        ("/b.jpg 2000w, /c.jpg 2400w", "/b.jpg"),
        ("/a.jpg 1x, /b.jpg 2x, /c.jpg 4x", "/b.jpg"),
        ("/w_300,h_200/a.jpg 300w,\n /w_600,h_400/b.jpg 600w", "/w_600,h_400/b.jpg"),
    ],
)
def test_of_a_set_the_largest_file_up_to_1600_pixels_is_taken(srcset: str, best: str) -> None:
    assert address_in(f'<img srcset="{srcset}">') == best


def test_a_portrait_that_is_meant_to_be_small_stays_a_small_file() -> None:
    html = '<img src="/ana-150x150.jpg" width="75" height="75" srcset="/ana-150x150.jpg 150w, /ana.jpg 1200w">'

    assert cleaned(html) == f'<img src="{SITE}/ana-150x150.jpg" width="75" height="75">'


@pytest.mark.parametrize(
    ("picture", "best"),
    [
        (
            (
                '<source type="image/webp" srcset="/x.webp 1600w"><source srcset="/a.jpg 800w, /b.jpg 1600w">'
                '<img src="/s.jpg">'
            ),
            "/b.jpg",
        ),
        ('<source type="image/avif" srcset="/x.avif 1600w"><img src="/s.jpg">', "/s.jpg"),
        ('<source media="(prefers-color-scheme: dark)" srcset="/dark.jpg 900w"><img src="/s.jpg">', "/s.jpg"),
        (f'<source type="image/webp" data-srcset="/x.webp"><img src="{PIXEL}">', "/x.webp"),
    ],
)
def test_a_picture_element_gives_the_file_that_every_mail_program_shows(picture: str, best: str) -> None:
    assert address_in(f"<picture>{picture}</picture>") == best


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="{PIXEL}" alt="Boat"><noscript><img src="/boat.jpg" alt="Boat" width="800" height="600"></noscript>',
        '<noscript><img src="/boat.jpg" width="800" height="600"></noscript><img src="/placeholder.gif" alt="Boat">',
        f'<a><img src="{PIXEL}" alt="Boat"></a> <noscript><img src="/boat.jpg" width="800" height="600"></noscript>',
        '<div class="bg"></div><noscript><img src="/boat.jpg" alt="Boat" width="800" height="600"></noscript>',
        '<img data-src="/boat.jpg" alt="Boat" width="800" height="600"><noscript><img src="/boat.jpg"></noscript>',
        '<img data-src="/boat.jpg" alt="Boat" width="800" height="600"><br>x<noscript><img src="/boat.jpg"></noscript>',
    ],
)
def test_what_is_shown_without_scripts_stands_in_for_a_placeholder_and_never_twice(html: str) -> None:
    result = cleaned(html)

    assert result.count("<img") == 1
    for part in (f'src="{SITE}/boat.jpg"', 'alt="Boat"', 'width="800"', 'height="600"'):
        assert part in result


@pytest.mark.parametrize(
    "without_scripts",
    [
        "Please enable JavaScript",
        '<img height="1" width="1" style="display:none" src="https://www.facebook.com/tr?id=1&amp;noscript=1">',
        '<iframe src="https://www.googletagmanager.com/ns.html" height="0" width="0" style="display:none"></iframe>',
    ],
)
def test_what_only_counts_or_asks_without_scripts_is_removed(without_scripts: str) -> None:
    html = f'<p><img src="/a.jpg"></p><noscript>{without_scripts}</noscript><p>b</p>'

    assert cleaned(html) == f'<p><img src="{SITE}/a.jpg"></p><p>b</p>'


@pytest.mark.parametrize(
    "attributes",
    [
        f'src="{PIXEL}"',
        "",
        'src="javascript:x"',
        'src="https://u:p@x.example/"',
        'src="/theme/spacer.gif"',
        'src="/blank.png"',
        'srcset="nonsense 3q, , ,"',
    ],
)
def test_a_picture_without_a_usable_address_is_removed(attributes: str) -> None:
    result = clean_html(f"<p>a <img alt='x' {attributes}> b</p>", PAGE)

    assert result.html == "<p>a  b</p>"
    assert result.notes == ("picture without a usable address removed",)


@pytest.mark.parametrize(
    "attributes",
    [
        'src="https://t.example/t.gif" width="1" height="1"',
        'src="https://t.example/t.gif" width="1px" height="0"',
        'src="https://t.example/t.gif" style="width:1px;height:1px"',
        'src="https://t.example/t.gif" style="HEIGHT: 0; width: 1px !important"',
        'src="https://t.example/t.gif" style="display: none"',
        'src="https://t.example/t.gif" hidden',
        'src="https://pixel.wp.com/b.gif?v=noscript" alt=""',
        'src="https://counter.theconversation.com/content/1/count.gif" alt="The Conversation"',
        'src="https://other.example/?republication-pixel=true&amp;post=7"',
    ],
)
def test_a_picture_that_counts_readers_is_removed(attributes: str) -> None:
    result = clean_html(f"<p>a</p><p><img {attributes}></p>", PAGE)

    assert result.html == "<p>a</p>"
    assert result.notes == ("tracking pixel removed",)


@pytest.mark.parametrize("size", ['width="1"', 'style="max-width:1px"', 'width="10" height="1"'])
def test_a_picture_that_is_thin_on_one_side_only_stays(size: str) -> None:
    assert "<img" in cleaned(f'<img src="/line.gif" {size}>')


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('src="/x.jpg" width="640px" height="480"', 'width="640" height="480"'),
        ('src="/x.jpg" width="640" height="50%"', 'width="640"'),
        ('src="/x.jpg" style="width: 640px; height:480px"', 'width="640" height="480"'),
        ('src="/x-1024x683.jpg"', 'width="1024" height="683"'),
        ('src="/x-1024x683.jpg?quality=80"', 'width="1024" height="683"'),
        ('src="/x-1024x683.jpg" width="512"', 'width="512" height="342"'),
        ('src="/x-1024x683.jpg" height="683" width="auto"', 'height="683" width="1024"'),
        ('srcset="/x.jpg 1200w" data-orig-size="2400,1600"', 'width="1200" height="800"'),
        ('srcset="/x.jpg 1200w"', 'width="1200"'),
        ('srcset="/x.jpg 1200w" width="2400" height="1600"', 'width="1200" height="800"'),
        ('src="/print-16x24.jpg"', ""),
        ('src="/x.jpg" width="0" height="-1"', ""),
        ('src="/x.jpg" width="99999999999"', ""),
    ],
)
def test_the_size_of_a_picture_is_what_anything_tells_and_else_none(attributes: str, size: str) -> None:
    result = cleaned(f"<img {attributes}>")

    assert sorted(part for part in result[:-1].split() if not part.startswith(("<img", "src="))) == sorted(size.split())
    assert cleaned(result) == result
