"""Licences of entries and whose they are: the entry before its feed, the feed before the source."""

import pytest

from publisher.gather.feed.parse import parse_feed
from publisher.gather.feed.rights import TextRights, copyright_holder, text_rights
from publisher.gather.rights import Rights

URL = "https://partner.example.org/feed"
BY = "https://creativecommons.org/licenses/by/4.0/"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"
NAMES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:cc="http://creativecommons.org/ns#" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)
FEED_BY = f"<creativeCommons:license>{BY}</creativeCommons:license>"
ENTRY_BY = f"<atom:link rel='license' href='{BY}'/>"


def rights(item: str = "", channel: str = "", *, licence: str | None = None, holder: str = "") -> TextRights:
    """The rights of the one entry of an RSS feed."""
    body = (
        f"<rss version='2.0' {NAMES}><channel><title>The Partner: all</title><link>https://partner.example.org/</link>"
        f"{channel}<item><title>T</title><dc:creator>Jane Doe</dc:creator>{item}</item></channel></rss>"
    )
    document = parse_feed(body.encode(), url=URL, headers={})
    defaults = Rights(
        licence=licence, whence="the licence of source site", holder=holder, own=frozenset({holder} - {""})
    )
    return text_rights(document.entries[0], document.feed, defaults)


@pytest.mark.parametrize(
    "item",
    [
        f"<creativeCommons:license>{BY_SA}</creativeCommons:license>",
        f"<atom:link rel='license' href='{BY_SA}'/>",
        f"<dcterms:license>{BY_SA}</dcterms:license>",
        f"<cc:license rdf:resource='{BY_SA}'/>",
        f"<cc:license>{BY_SA}</cc:license>",
        f"<dc:rights>{BY_SA}</dc:rights>",
        f"<license>{BY_SA}</license>",
    ],
)
def test_the_entrys_licence_comes_before_the_feeds_and_the_sources(item: str) -> None:
    found = rights(item, FEED_BY, licence="cc0-1.0")

    assert (found.licence, found.why) == (BY_SA, "the entry's licence")


def test_the_feeds_licence_comes_before_the_sources() -> None:
    assert rights("", FEED_BY, licence="cc0-1.0") == TextRights(licence=BY, why="the feed's licence", holder="")


def test_the_sources_licence_holds_where_nothing_is_said() -> None:
    assert rights(licence="cc-by-4.0", holder="The Partner") == TextRights(
        licence=BY, why="the licence of source site", holder="The Partner"
    )


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ("<dc:rights>© 2026 The Partner. All rights reserved</dc:rights>", "the entry says “© 2026 The Partner."),
        ("<copyright>Todos los derechos reservados</copyright>", "the entry says “Todos los derechos"),
        ("<atom:link rel='license' href='http://purl.org/atompub/license#unspecified'/>", "that it has no licence"),
        (f"{ENTRY_BY}<dcterms:license>{BY_SA}</dcterms:license>", "which is no exact licence"),
        ("<atom:link rel='license' href='https://partner.example.org/terms'/>", "which is no exact licence"),
    ],
)
def test_a_licence_of_the_feed_does_not_cover_an_entry_that_says_otherwise(item: str, why: str) -> None:
    found = rights(item, FEED_BY, licence="cc-by-4.0")

    assert found.licence is None
    assert why in found.why


@pytest.mark.parametrize(
    "item",
    [
        "<source url='https://wire.example.net/feed'>The Wire</source>",
        "<dc:publisher>The Wire</dc:publisher>",
        "<dcterms:rightsHolder>The Wire</dcterms:rightsHolder>",
        "<dc:rights>© 2026 The Wire</dc:rights>",
        "<copyright>Copyright (c) 2025-2026, The Wire.</copyright>",
    ],
)
def test_what_is_anothers_keeps_its_holder_and_has_no_licence_of_ours(item: str) -> None:
    found = rights(item, FEED_BY, licence="cc-by-4.0", holder="The Partner")

    assert found == TextRights(
        licence=None, why="the entry is The Wire's, by its own word, and names no licence", holder="The Wire"
    )


def test_what_is_anothers_may_have_a_licence_of_its_own() -> None:
    found = rights(f"<dcterms:rightsHolder>The Wire</dcterms:rightsHolder>{ENTRY_BY}", holder="The Partner")

    assert (found.licence, found.holder) == (BY, "The Wire")


def test_the_licence_of_the_feed_that_it_comes_from_holds_for_an_entry() -> None:
    source = f"<source><title>The Wire</title><link rel='license' href='{BY_SA}'/></source>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title><entry><title>T</title>{source}</entry></feed>"
    document = parse_feed(body.encode(), url=URL, headers={})

    found = text_rights(document.entries[0], document.feed, Rights(licence=None, whence="", holder="", own=frozenset()))

    assert found == TextRights(licence=BY_SA, why="the licence of its source, The Wire", holder="The Wire")


@pytest.mark.parametrize(
    "item",
    [
        "<source url='https://partner.example.org/other'>All news</source>",
        "<dc:publisher>The Partner</dc:publisher>",
        "<dc:publisher>THE  PARTNER</dc:publisher>",
        "<dc:rights>© 2026 Jane Doe</dc:rights>",
        "<dc:rights>© 2026</dc:rights>",
        "<dc:rights>Some rights</dc:rights>",
    ],
)
def test_a_feed_that_names_itself_or_its_author_is_covered_by_its_licence(item: str) -> None:
    found = rights(item, FEED_BY)

    assert (found.licence, found.why) == (BY, "the feed's licence")


def test_whom_the_operator_names_as_holder_is_not_another() -> None:
    found = rights("<dc:publisher>The Wire</dc:publisher>", FEED_BY, holder="The Wire")

    assert found == TextRights(licence=BY, why="the feed's licence", holder="The Wire")


@pytest.mark.parametrize(
    ("prose", "holder"),
    [
        ("© 2026 Reuters. All rights reserved.", "Reuters"),
        ("Copyright 2026 by The Wire", "The Wire"),
        ("(c) The Wire, 2026", "The Wire"),
        ("© 2024\u20132026 Ana Ruiz", "Ana Ruiz"),
        ("© 2026 All rights reserved", ""),
        ("Public domain", ""),
        ("", ""),
    ],
)
def test_a_copyright_line_names_its_holder(prose: str, holder: str) -> None:
    assert copyright_holder(prose) == holder
