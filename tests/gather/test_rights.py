"""The credit of a picture that only its caption tells, and the licence that a page names."""

from dataclasses import replace
from pathlib import Path

import pytest

from publisher.gather.cleaning.clean import BodyImage
from publisher.gather.pages.licence import licence_in
from publisher.gather.rights import Rights, judged_image, rights_of
from publisher.model.article import ImageRights
from publisher.settings import SourceKind, SourceSettings
from tests.gather.gathering import some_settings

OURS = Rights(licence=None, whence="", holder="Example Observatory", own=frozenset({"Example Observatory"}))


@pytest.mark.parametrize(
    ("caption", "credit", "rights"),
    [
        ("Boats at night. Credit: AP", "AP", ImageRights.AGENCY),
        ("Boats (Photo: Ana / Example Observatory)", "Ana / Example Observatory", ImageRights.OWN),
        ("Boats (Reuters)", "Reuters", ImageRights.AGENCY),
        ("Example Observatory", "Example Observatory", ImageRights.OWN),
        ("A map, Example Observatory, CC BY 4.0", "", ImageRights.CC),
        ("Boats of Reuters at night", "", ImageRights.AGENCY),
        ("Ana Ruiz (left) at Example Observatory", "", ImageRights.UNKNOWN),
        ("Ana Ruiz, Example Observatory", "", ImageRights.UNKNOWN),
        ("The papers are in the public domain now", "", ImageRights.UNKNOWN),
        ("Ana Ruiz (left)", "", ImageRights.UNKNOWN),
        ("", "", ImageRights.UNKNOWN),
    ],
)
def test_a_caption_gives_a_credit_only_where_it_is_one(caption: str, credit: str, rights: ImageRights) -> None:
    image = BodyImage(url="https://x.example/a.jpg", alt="", caption=caption, width=None, height=None)

    judged = judged_image(image, OURS)

    assert (judged.credit, judged.rights) == (credit, rights)


@pytest.mark.parametrize(
    ("caption", "marked", "credit", "rights"),
    [
        ("Boats AP", "AP", "AP", ImageRights.AGENCY),
        (
            "Boats Photo: Ana / Example Observatory",
            "Photo: Ana / Example Observatory",
            "Ana / Example Observatory",
            ImageRights.OWN,
        ),
        ("Boats (Reuters) click", "click", "click", ImageRights.UNKNOWN),
        (
            "Photo: Ana / Example Observatory",
            "Photo: Ana / Example Observatory",
            "Ana / Example Observatory",
            ImageRights.OWN,
        ),
        ("Ana, Example Observatory", "Ana, Example Observatory", "", ImageRights.UNKNOWN),
        ("Boats of Ana Ben", "Ben", "Ben", ImageRights.UNKNOWN),
    ],
)
def test_a_credit_that_is_marked_in_the_caption_counts(
    caption: str, marked: str, credit: str, rights: ImageRights
) -> None:
    image = BodyImage(url="https://x.example/a.jpg", alt="", caption=caption, width=None, height=None, credit=marked)

    judged = judged_image(image, OURS)

    assert (judged.credit, judged.rights) == (credit, rights)


RULED = replace(OURS, credits={"Ana Ruiz": ImageRights.OWN, "Prensa Unida": ImageRights.AGENCY})


@pytest.mark.parametrize(
    ("caption", "credit", "rights"),
    [
        ("Boats. Photo: Ana Ruiz", "Ana Ruiz", ImageRights.OWN),
        ("Boats (Ana Ruiz)", "Ana Ruiz", ImageRights.OWN),
        ("ana ruiz", "ana ruiz", ImageRights.OWN),
        ("Boats (Foto: Ben/Prensa Unida)", "Ben/Prensa Unida", ImageRights.AGENCY),
        ("Boats, by Prensa Unida at night", "", ImageRights.AGENCY),
        ("Ana Ruiz (left) with the mayor", "", ImageRights.UNKNOWN),
    ],
)
def test_the_newsrooms_rules_hold_for_credits_and_permit_nothing_to_a_caption_that_mentions(
    caption: str, credit: str, rights: ImageRights
) -> None:
    image = BodyImage(url="https://x.example/a.jpg", alt="", caption=caption, width=None, height=None)

    judged = judged_image(image, RULED)

    assert (judged.credit, judged.rights) == (credit, rights)


def test_the_newsrooms_rules_come_from_its_settings(tmp_path: Path) -> None:
    source = SourceSettings(id="site", kind=SourceKind.FEED, url="https://news.example.org/feed")
    settings = some_settings(tmp_path, source, licence={"credits": {"Prensa Unida": "agency"}})

    assert rights_of(source, settings).credits == {"Prensa Unida": ImageRights.AGENCY}


@pytest.mark.parametrize(
    ("page", "licence"),
    [
        ('<head><link rel="license" href="A"></head><body><a rel="license" href="B">', "A"),
        ('<p><a rel="nofollow license" href=" A ">', "A"),
        ('<a rel="license" href="A">x</a><a rel="license" href="B">', "A, B"),
        ("<p>none</p>", ""),
        ("", ""),
        ("\x00\x01", ""),
    ],
)
def test_a_page_names_one_licence_or_none_that_counts(page: str, licence: str) -> None:
    assert licence_in(page.encode(), "https://news.example.org/") == licence
