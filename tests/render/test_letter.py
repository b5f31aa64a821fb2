"""The HTML of a letter: what mail clients, screen readers and the law ask of it (email.md section 6)."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from publisher.model.article import Correction, ImageRights, Scope
from publisher.render.digest import DigestBlock
from tests.render.digest_builders import (
    BY_NC,
    OBSERVATORY,
    PUBLIC,
    SITE,
    a_digest,
    a_full_digest,
    a_term,
    an_image,
    an_item,
    html_of,
    item_html,
    letter_of,
)
from tests.render.html_reading import EMAIL, colours, contrast, found, tag_faults, texts, values

LETTER = letter_of(a_full_digest()).html
SHEET, HEAD = (EMAIL / "sheet.css").read_text(), (EMAIL / "head.css").read_text()
LIGHT, DARK = colours(SHEET), colours(HEAD.partition("prefers-color-scheme")[2].partition("\n}")[0])


def styles(html: str) -> str:
    """All inline styles in one text."""
    return ";".join(values(html, "//@style"))


def test_the_skeleton_stands_in_its_order() -> None:
    wanted = [
        "<!DOCTYPE html>",
        '<html lang="en" dir="ltr" xmlns:v=',
        '<meta charset="utf-8">',
        'name="viewport"',
        'name="format-detection"',
        'name="x-apple-disable-message-reformatting"',
        'name="color-scheme" content="light dark"',
        'name="supported-color-schemes" content="light dark"',
        "<title>The gold route, and six more stories</title>",
        "<o:PixelsPerInch>96</o:PixelsPerInch>",
        "<style>",
        "<body",
        'class="preheader"',
        'role="article" aria-roledescription="email" aria-label="The gold route, and six more stories"',
    ]

    places = [LETTER.find(piece) for piece in wanted]

    assert LETTER.startswith("<!DOCTYPE html>")
    assert -1 not in places
    assert places == sorted(places)


def test_tags_are_nested_soundly() -> None:
    assert tag_faults(LETTER) == []


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_language_and_direction_stand_on_html_and_on_each_child_of_body(language: str, direction: str) -> None:
    html = html_of(language=language)

    marked = [(e.get("lang"), e.get("dir")) for e in found(html, "/html | /html/body/*")]

    assert marked == [(language, direction)] * 3


def test_there_is_one_h1_and_an_h2_for_each_block_and_item() -> None:
    assert texts(LETTER, "//h1") == ["The week"]
    assert texts(LETTER, "//h2") == [
        "Stories",
        "The gold route",
        "Prosecutors reopen three cases",
        "طريق الذهب",
        "News from Example Observatory",
        "We won a prize",
    ]
    assert found(LETTER, "//h3 | //h4") == []


def test_the_preview_text_comes_first_with_filler_behind_it() -> None:
    first = found(LETTER, "/html/body/*")[0]
    shown = str(first.text_content())

    assert "display:none" in str(first.get("style"))
    assert shown.startswith(a_digest().preheader)
    assert shown.count("\N{FIGURE SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{COMBINING GRAPHEME JOINER}") == 60


def test_nothing_but_the_preview_text_is_hidden() -> None:
    assert styles(LETTER).count("display:none") == 1
    assert values(LETTER, "//@hidden") == []


@pytest.mark.parametrize("tag", ["script", "form", "svg", "video", "iframe", "link", "base", "table", "input", "font"])
def test_elements_that_mail_clients_drop_are_not_used(tag: str) -> None:
    assert found(LETTER, f"//{tag}") == []


@pytest.mark.parametrize("banned", ["flex", "grid", "position:", "float", "var(", "calc(", "url(", "!important", "em;"])
def test_inline_styles_use_nothing_that_clients_lack(banned: str) -> None:
    assert banned not in styles(LETTER)


def test_layout_tables_are_for_outlook_only_and_say_so() -> None:
    tables = re.findall(r"<table[^>]*>", LETTER)

    assert len(tables) == 3
    assert all('role="presentation"' in t and 'cellpadding="0" cellspacing="0" border="0"' in t for t in tables)


def test_the_head_style_is_small_and_simple() -> None:
    selectors = re.findall(r"^\s*([^@{}\n]+) \{", HEAD, flags=re.MULTILINE)
    one = r"(\[data-ogs[cb]\] )?\.[a-z-]+(:hover)?"

    assert len(HEAD) < 8192
    assert "url(" not in HEAD
    assert [s for s in selectors if s != ":root" and not re.fullmatch(rf"{one}(, {one})*", s)] == []


def test_every_dark_and_narrow_declaration_beats_the_inline_one() -> None:
    bodies = re.findall(r"(?<!:root) \{([^{}]*)\}", HEAD)

    assert [d for body in bodies for d in body.split(";") if d.strip() and not d.endswith("!important")] == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "card"),
        ("soft", "card"),
        ("accent", "card"),
        ("link", "card"),
        ("soft", "page"),
        ("link", "page"),
        ("ink", "tint"),
        ("button", "button"),
    ],
)
def test_text_stands_out_in_both_schemes(scheme: dict[str, dict[str, str]], text: str, ground: str) -> None:
    assert contrast(scheme[text]["color"], scheme[ground]["background-color"]) >= 4.5


@pytest.mark.parametrize("name", sorted(name for name, found_colours in LIGHT.items() if "color" in found_colours))
def test_every_text_colour_has_its_dark_twin_also_for_outlook_com(name: str) -> None:
    dark = DARK[name]["color"]

    assert f"[data-ogsc] .{name} {{ color: {dark} !important; }}" in HEAD


@pytest.mark.parametrize("name", sorted(name for name, ours in LIGHT.items() if "background-color" in ours))
def test_every_background_has_its_dark_twin_also_for_outlook_com(name: str) -> None:
    dark = DARK[name]["background-color"]

    assert f"[data-ogsb] .{name} {{ background-color: {dark} !important; }}" in HEAD


def test_no_text_is_small() -> None:
    sizes = [int(size) for size in re.findall(r"font-size:(\d+)px", styles(LETTER))]

    assert min(sizes) >= 13
    assert [e for e in found(LETTER, "//p[contains(@class, 'text')]") if "font-size:1" not in str(e.get("style"))] == []


def test_each_text_says_its_font_down_to_the_generic_family() -> None:
    families = re.findall(r"font-family:([^;]*)", styles(LETTER))

    assert {family.rsplit(",", 1)[-1].strip() for family in families} == {"serif", "sans-serif"}


def test_buttons_are_44_high_and_padded_for_outlook_too() -> None:
    buttons = found(LETTER, "//a[contains(@class, 'button')]")

    assert [str(b.text_content()) for b in buttons] == ["Read: The gold route", "Support Example Observatory"]
    assert all(
        "padding:12px 24px" in str(b.get("style")) and "line-height:20px" in str(b.get("style")) for b in buttons
    )
    assert LETTER.count("mso-font-width:200%") == 4


def test_every_link_is_absolute_https_and_has_words() -> None:
    links = [(e.get("href"), texts(LETTER, "//a")[n]) for n, e in enumerate(found(LETTER, "//a"))]
    bad = [href for href, words in links if not re.match(r"https://|mailto:|__[a-z]+_", str(href))]

    assert bad == []
    assert [href for href, words in links if not words and not values(LETTER, f"//a[@href='{href}']/img/@alt")] == []


def test_links_name_their_target() -> None:
    words = texts(html_of(language="es"), "//a")

    assert "Leer: The gold route" in words
    assert "Republicar: The gold route" in words
    assert [w for w in words if w.lower() in {"leer", "aquí", "leer más", "here", "read more"}] == []


def test_links_are_underlined_but_for_buttons() -> None:
    plain = found(LETTER, "//a[not(contains(@class, 'button')) and not(img)]")

    assert [e for e in plain if "text-decoration:underline" not in str(e.get("style"))] == []


def test_an_item_shows_section_countries_byline_and_date() -> None:
    three = tuple(a_term(Scope.AUTHOR, name) for name in ("Ana", "Ben", "Chidi"))
    html = item_html(an_item(authors=three, language="es"), language="es")

    assert texts(html, "//p[contains(@class, 'kicker')]") == ["Investigation · Colombia"]
    assert texts(html, "//p[contains(@class, 'meta')]") == ["Por Ana, Ben y Chidi, 5 de marzo de 2026"]


def test_dates_are_those_of_the_newsletters_zone() -> None:
    late = an_item(published=datetime(2026, 3, 6, 3, 0, tzinfo=UTC))

    assert "March 5, 2026" in item_html(late)  # 22:00 in Bogotá


def test_an_item_without_authors_begins_with_its_date() -> None:
    assert texts(item_html(an_item(authors=())), "//p[contains(@class, 'meta')]") == ["March 5, 2026"]


def test_an_own_item_names_source_licence_and_the_way_to_republish() -> None:
    html = item_html(an_item())

    assert "Source: Example Observatory · CC BY-NC 4.0" in texts(html, "//p")
    assert values(html, "//a[@rel='license']/@href") == [BY_NC.url]
    assert texts(html, f"//a[@href='{PUBLIC}/republish/1/']") == ["Republish: The gold route"]


def test_an_item_of_another_outlet_leads_to_the_original_there() -> None:
    item = an_item(rights_holder="Example Radio", url="https://radio.example.net/gold/")

    assert "Original: Example Radio" in texts(item_html(item), "//a[@href='https://radio.example.net/gold/']")


def test_without_a_licence_all_rights_are_the_holders() -> None:
    item = an_item(rights_holder="Example Radio", item={"licence": None, "republish_url": None})
    html = item_html(item)

    assert "© Example Radio. All rights reserved." in texts(html, "//p")[-1]
    assert "Republish" not in html
    assert values(html, "//@rel") == []


def test_corrections_and_the_reason_for_an_item_are_shown() -> None:
    note = Correction(date=date(2026, 3, 4), text="The year is 2019.")
    shown = texts(item_html(an_item(item={"corrections": (note,), "why": "You follow Colombia."})), "//p")

    assert "Correction, March 4, 2026: The year is 2019." in shown
    assert "You follow Colombia." in shown


@pytest.mark.parametrize("rights", [ImageRights.OWN, ImageRights.CC, ImageRights.PUBLIC_DOMAIN])
def test_a_picture_that_may_travel_is_shown_with_its_credit(rights: ImageRights) -> None:
    html = item_html(an_item(images=(an_image(rights=rights, credit="Ana Reyes"),)))

    assert values(html, "//img/@src") == [f"{SITE}/images/gold-river.jpg"]
    assert "Picture: Ana Reyes" in texts(html, "//p")[0]


@pytest.mark.parametrize(
    "image",
    [
        an_image(rights=ImageRights.AGENCY),
        an_image(rights=ImageRights.COURTESY),
        an_image(rights=ImageRights.UNKNOWN),
        an_image(rights=ImageRights.CC, credit=" "),
        an_image(is_main=False),
        an_image(url=f"{SITE}/images/gold.svg"),
        an_image(url=f"{SITE}/images/gold.webp?w=1200"),
        an_image(media_type="image/webp"),
        an_image(url="http://pictures.example.net/gold.jpg"),
        an_image(url="data:image/png;base64,AAAA"),
    ],
)
def test_a_picture_that_may_not_travel_or_cannot_be_seen_is_left_out(image: object) -> None:
    assert values(item_html(an_item(images=(image,))), "//img/@src") == []


def test_a_licensed_picture_links_its_licence() -> None:
    cc = an_image(rights=ImageRights.CC, credit="Ben Ito", licence="https://creativecommons.org/licenses/by/4.0/")
    named = item_html(an_item(images=(cc,), item={"image_licence": BY_NC}))
    unnamed = item_html(an_item(images=(cc,)))

    assert texts(named, "//p")[0] == "Picture: Ben Ito (CC BY-NC 4.0)"
    assert values(unnamed, "//p[1]/a/@href") == [cc.licence]


def test_pictures_say_where_they_lead_and_how_wide_they_are() -> None:
    image = an_image()
    html = html_of(an_item(1, images=(image,)), an_item(2, images=(image,)))

    assert values(html, "//img/@width") == ["536", "176"]
    assert values(html, "//img/@alt") == ["A dredge on a brown river at dusk. Read: The gold route"] * 2
    assert "max-width:536px" in values(html, "//img/@style")[0]


def test_a_picture_is_not_blown_up() -> None:
    assert values(item_html(an_item(images=(an_image(width=120),))), "//img/@width") == ["120"]


def test_updates_are_set_lighter_and_without_pictures() -> None:
    block = DigestBlock(name="updates", items=(an_item(images=(an_image(),)),))
    html = letter_of(replace(a_digest(), blocks=(block,))).html

    assert values(html, "//img/@src") == []
    assert texts(html, "//h2[contains(@class, 'light')]") == ["The gold route"]


def test_an_item_in_another_language_carries_its_language_and_direction() -> None:
    html = item_html(an_item(title="طريق الذهب", summary="يغادر الذهب", language="ar"))
    marked = found(html, "//*[@lang='ar' and @dir='rtl']")

    assert [str(e.tag) for e in marked] == ["h2", "p", "bdi", "bdi"]
    assert "text-align:right" in str(marked[0].get("style"))
    assert texts(html, "//p[contains(@class, 'kicker')]") == ["Investigation · Colombia · Arabic"]


def test_a_letter_from_right_to_left_mirrors_what_is_beside_the_text() -> None:
    items = [an_item(n, language="ar", images=(an_image(),)) for n in (1, 2)]
    html = html_of(*items, language="ar")

    assert "padding:4px 0 0 24px" in styles(html)
    assert "text-align:right" in styles(html)
    assert "<bdi>__since_" in html


def test_the_foot_says_why_how_to_stop_and_who_sends() -> None:
    shown = " ".join(texts(LETTER, "//div[contains(@class, 'foot')]"))

    assert "You receive The week because you subscribed to it on __since_k3v9q2m7__." in shown
    assert OBSERVATORY.postal_address in shown
    assert texts(LETTER, "//a[@href='__unsubscribe_k3v9q2m7__']") == ["Unsubscribe from The week"]
    assert texts(LETTER, "//a[@href='__preferences_k3v9q2m7__']") == ["Change your preferences"]


def test_the_web_version_the_feeds_and_the_licence_of_the_edition_are_linked() -> None:
    assert texts(LETTER, f"//a[@href='{a_digest().web_url}']") == ["This newsletter in your browser"]
    assert texts(LETTER, f"//a[@href='{PUBLIC}/feeds/']") == ["All feeds of Example Observatory"]
    assert "Licence of this newsletter: CC BY-NC 4.0. The licence of each article stands with it." in texts(
        LETTER, "//p"
    )


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@example.org", ["mailto:desk@example.org"]),
        ("https://www.example.org/contact", ["https://www.example.org/contact"]),
        ("Ring us on +1 202 555 0143", []),
    ],
)
def test_the_contact_is_a_link_where_it_is_an_address(contact: str, link: list[str]) -> None:
    html = html_of(newsroom=replace(OBSERVATORY, contact=contact))

    assert values(html, "//a[text()='Write to Example Observatory']/@href") == link


@pytest.mark.parametrize(
    ("appeal", "link"), [("Help us. https://example.org/give", ["https://example.org/give"]), ("Help us.", [])]
)
def test_an_address_at_the_end_of_an_appeal_becomes_a_button(appeal: str, link: list[str]) -> None:
    html = html_of(appeal=appeal)

    assert "Help us." in texts(html, "//p")
    assert values(html, "//a[text()='Support Example Observatory']/@href") == link


def test_the_paragraphs_of_a_note_are_paragraphs() -> None:
    html = html_of(note="One\nline.\n\n  \nTwo & three.")

    assert texts(html, "//div[contains(@class, 'note')]/p") == ["One line.", "Two & three."]


def test_a_summary_as_long_as_an_article_is_cut_at_a_word() -> None:
    summary = texts(item_html(an_item(summary="gold " * 400)), "//p[contains(@class, 'text')]")[0]

    assert len(summary) <= 601
    assert summary.endswith(" gold…")


@pytest.mark.parametrize(
    ("credit", "shown"),
    [
        ("Ana Ruiz, CC BY-NC 4.0", "Ana Ruiz"),
        ("Ana Ruiz / cc by-nc 4.0", "Ana Ruiz"),
        ("CC BY-NC 4.0", "CC BY-NC 4.0"),
        ("Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_a_picture_names_its_licence_once(credit: str, shown: str) -> None:
    item = replace(an_item(images=(an_image(credit=credit),)), image_licence=BY_NC)

    line = texts(item_html(item), "//p[contains(@class, 'credit')]")[0]

    assert line.replace("(CC BY-NC 4.0)", "").strip() == f"Picture: {shown}"


def test_a_word_longer_than_a_line_breaks() -> None:
    blocks = values(LETTER, "//div[starts-with(@class, 'card') or starts-with(@class, 'foot')]/@style")

    assert len(blocks) == 2
    assert all("word-wrap:break-word" in style for style in blocks)


def test_template_syntax_in_an_articles_words_arrives_as_written_and_is_parted_in_the_text() -> None:
    item = an_item(title="{{ 7*7 }} {% raw %}", summary="{{unsubscribe}}")

    letter = letter_of(replace(a_digest(item), subject="{{ 7*7 }}"))

    assert not re.search(r"\{[{%]", letter.text)
    assert "{{ 7*7 }} {% raw %}" in letter.html


def test_ten_items_stay_under_sixty_kilobytes() -> None:
    items = [an_item(n, title="A title of a usual length, " * 3, images=(an_image(),)) for n in range(1, 11)]

    assert len(html_of(*items).encode()) < 60_000
