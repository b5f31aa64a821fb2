"""Rights of images: the first rule that fits decides; unknown stays here."""

import pytest

from publisher.licensing.rights import decide_image_rights, find_licence, own_names
from publisher.model.article import ImageRights

OURS = own_names("Example Observatory", "Observatory Foundation", ["EO Photo Desk", "AP for Example Observatory"])
BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"


@pytest.mark.parametrize(
    ("credit", "rights"),
    [
        ("Example Observatory", ImageRights.OWN),
        ("Photo: example observatory.", ImageRights.OWN),
        ("Foto: Ana Ruiz / Example Observatory", ImageRights.OWN),
        ("Ana Ruiz for Example Observatory", ImageRights.OWN),
        ("Observatory Foundation", ImageRights.OWN),
        ("EO Photo Desk", ImageRights.OWN),
        ("AP for Example Observatory", ImageRights.OWN),
        ("AP Photo/John Roe", ImageRights.AGENCY),
        ("Example Observatory / AFP", ImageRights.AGENCY),
        ("EFE", ImageRights.AGENCY),
        ("Getty Images", ImageRights.AGENCY),
        ("reuters", ImageRights.AGENCY),
        ("EPA, CC BY 4.0", ImageRights.AGENCY),
        ("Ben Okri, not under Creative Commons", ImageRights.AGENCY),
        ("Ben Okri. All rights reserved", ImageRights.AGENCY),
        ("Courtesy of the family", ImageRights.COURTESY),
        ("Cortesía de Example Observatory", ImageRights.COURTESY),
        ("Dominio público", ImageRights.PUBLIC_DOMAIN),
        ("Wikimedia Commons, CC0", ImageRights.PUBLIC_DOMAIN),
        ("Ben Okri", ImageRights.UNKNOWN),
        ("A happy ap enthusiast", ImageRights.UNKNOWN),
        ("Ben Okri / CC BY", ImageRights.UNKNOWN),
        ("Creative Commons", ImageRights.UNKNOWN),
        ("none", ImageRights.UNKNOWN),
        ("", ImageRights.UNKNOWN),
    ],
)
def test_the_credit_decides(credit: str, rights: ImageRights) -> None:
    decided, licence, why = decide_image_rights(credit, own_credits=OURS)

    assert decided is rights
    assert why
    assert licence is None or rights is ImageRights.PUBLIC_DOMAIN


@pytest.mark.parametrize(
    ("credit", "url"),
    [
        ("Ben Okri, CC BY-NC 4.0", BY_NC),
        ("Ben Okri (CC-BY-NC-4.0)", BY_NC),
        ("Ben Okri / Flickr, cc by 2.0", "https://creativecommons.org/licenses/by/2.0/"),
        (f"Ben Okri, {BY_NC}deed.es.", BY_NC),
        ("UN, CC BY 3.0 IGO", "https://creativecommons.org/licenses/by/3.0/igo/"),
    ],
)
def test_a_credit_that_names_a_licence_brings_it(credit: str, url: str) -> None:
    rights, licence, _ = decide_image_rights(credit, own_credits=OURS)

    assert (rights, licence) == (ImageRights.CC, url)


@pytest.mark.parametrize(
    ("licence", "rights"),
    [
        ("CC-BY-4.0", ImageRights.CC),
        ("CC0-1.0", ImageRights.PUBLIC_DOMAIN),
        ("all-rights-reserved", ImageRights.UNKNOWN),
        ("ask us", ImageRights.UNKNOWN),
    ],
)
def test_an_images_own_licence_comes_before_its_credit(licence: str, rights: ImageRights) -> None:
    decided, _, _ = decide_image_rights("Example Observatory", licence, own_credits=OURS)

    assert decided is rights


RULES = {
    "Ana Ruiz": ImageRights.OWN,
    "Prensa Unida": ImageRights.AGENCY,
    "AP": ImageRights.AGENCY,
    "AP for us": ImageRights.OWN,
    "Ana Maria Ruiz Lopez": ImageRights.OWN,
    "Commons desk": ImageRights.CC,
    "Reuters pool": ImageRights.PUBLIC_DOMAIN,
    " ": ImageRights.OWN,
}


@pytest.mark.parametrize(
    ("credit", "licence", "rights"),
    [
        ("Foto: Ana Ruiz", "", ImageRights.OWN),
        ("ANA  RUIZ / Getty Images", "", ImageRights.OWN),
        ("Ana Ruiz", "all-rights-reserved", ImageRights.OWN),
        ("Example Observatory / Prensa Unida", "CC-BY-4.0", ImageRights.AGENCY),
        ("Ana Ruiz / Prensa Unida", "", ImageRights.AGENCY),
        ("Ana Maria Ruiz Lopez / AP", "", ImageRights.AGENCY),
        ("Ben, AP for us", "", ImageRights.OWN),
        ("Reuters pool", "", ImageRights.PUBLIC_DOMAIN),
        ("Commons desk, CC BY-NC 4.0", "", ImageRights.CC),
        ("Commons desk", "CC-BY-4.0", ImageRights.CC),
        ("Commons desk", "", ImageRights.UNKNOWN),
        ("Mariana Ruizler", "", ImageRights.UNKNOWN),
        ("Ben Okri", "", ImageRights.UNKNOWN),
    ],
)
def test_a_rule_of_the_newsroom_wins_over_ours(credit: str, licence: str, rights: ImageRights) -> None:
    decided, url, why = decide_image_rights(credit, licence, own_credits=OURS, credit_rules=RULES)

    assert decided is rights
    assert (url is not None) == (rights is ImageRights.CC)
    assert "[licence.credits]" in why or decided is ImageRights.UNKNOWN


def test_an_empty_own_credit_means_nobody() -> None:
    assert decide_image_rights("", own_credits=["", " "])[0] is ImageRights.UNKNOWN


def test_a_text_without_a_version_names_no_licence() -> None:
    assert find_licence("CC BY-NC") is None
