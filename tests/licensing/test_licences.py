"""Licences: what counts as the same one, what is unknown, what each permits."""

import pytest

from publisher.licensing.licences import CODES, Permission, parse_licence, permission, spdx_id
from publisher.licensing.names import long_name, short_name

BASE = "https://creativecommons.org/licenses/"


@pytest.mark.parametrize(
    "written",
    [
        f"{BASE}by-nc/4.0/",
        "http://creativecommons.org/licenses/by-nc/4.0",
        "https://www.creativecommons.org/licenses/by-nc/4.0/",
        f"{BASE}by-nc/4.0/deed",
        f"{BASE}by-nc/4.0/deed.es",
        f"{BASE}by-nc/4.0/deed.pt-br",
        f"{BASE}by-nc/4.0/deed.es_ES",
        f"{BASE}by-nc/4.0/legalcode.en",
        f"{BASE}by-nc/4.0/?ref=chooser-v1",
        "//creativecommons.org/licenses/by-nc/4.0/",
        "HTTPS://CreativeCommons.org/licenses/BY-NC/4.0/",
        "  CC-BY-NC-4.0 ",
        "cc-by-nc-4.0",
    ],
)
def test_every_way_of_writing_a_licence_is_one_licence(written: str) -> None:
    licence = parse_licence(written)

    assert licence is not None
    assert licence.url == f"{BASE}by-nc/4.0/"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (f"{BASE}by-sa/3.0/igo/deed.fr", f"{BASE}by-sa/3.0/igo/"),
        (f"{BASE}by/2.1/jp/", f"{BASE}by/2.1/jp/"),
        ("CC-BY-NC-SA-2.0-FR", f"{BASE}by-nc-sa/2.0/fr/"),
        ("CC-BY-NC-ND-1.0", f"{BASE}by-nd-nc/1.0/"),
        ("cc0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (
            "http://creativecommons.org/publicdomain/zero/1.0/deed.es",
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
        ("CC-PDM-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
    ],
)
def test_versions_and_ports_stay_what_they_are(written: str, url: str) -> None:
    licence = parse_licence(written)

    assert licence is not None
    assert licence.url == url
    assert parse_licence(licence.url) == licence


@pytest.mark.parametrize(
    "written",
    [
        "",
        "CC BY 4.0",
        "Creative Commons",
        f"{BASE}by-nc/",
        f"{BASE}by-nc/5.0/",
        f"{BASE}by-nc/4.0/es/",
        f"{BASE}by-nc/2.1/",
        f"{BASE}by-nd-sa/4.0/",
        f"{BASE}by/4.0/x/y",
        "CC-BY-4.0-ES",
        "CC-BY-2.1",
        "https://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://evil.example/?https://creativecommons.org/licenses/by/4.0/",
        "https://user@creativecommons.org/licenses/by/4.0/",
        "MIT",
    ],
)
def test_anything_else_is_unknown(written: str) -> None:
    assert parse_licence(written) is None


def test_all_rights_reserved_is_known_and_permits_nothing() -> None:
    licence = parse_licence("All-Rights-Reserved")

    assert licence is not None
    assert (licence.url, licence.is_open, permission(licence).share) == ("", False, False)


@pytest.mark.parametrize(
    ("code", "commercial", "adapt", "same_licence"),
    [
        ("by", True, True, False),
        ("by-sa", True, True, True),
        ("by-nd", True, False, False),
        ("by-nc", False, True, False),
        ("by-nc-sa", False, True, True),
        ("by-nc-nd", False, False, False),
    ],
)
def test_the_permits_matrix(code: str, commercial: bool, adapt: bool, same_licence: bool) -> None:  # noqa: FBT001 - a table
    licence = parse_licence(f"{BASE}{code}/4.0/")

    assert permission(licence) == Permission(
        share=True, commercial=commercial, adapt=adapt, same_licence=same_licence, attribution=True
    )


def test_cc0_asks_for_nothing() -> None:
    allowed = permission(parse_licence("CC0-1.0"))

    assert (allowed.share, allowed.commercial, allowed.adapt, allowed.attribution) == (True, True, True, False)


def test_an_unknown_licence_permits_nothing() -> None:
    assert not permission(None).share


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("version", ["1.0", "2.0", "2.5", "3.0", "4.0"])
def test_every_international_text_has_an_spdx_id_that_reads_back(code: str, version: str) -> None:
    licence = parse_licence(f"CC-{code}-{version}")

    assert licence is not None
    assert spdx_id(licence) == f"CC-{code.upper()}-{version}"
    assert parse_licence(licence.url) == licence


def test_a_port_without_an_spdx_id_has_none() -> None:
    licence = parse_licence(f"{BASE}by-nc/3.0/mx/")

    assert licence is not None
    assert spdx_id(licence) is None


@pytest.mark.parametrize(
    ("written", "language", "short", "long"),
    [
        ("CC-BY-NC-4.0", "en", "CC BY-NC 4.0", "Attribution-NonCommercial 4.0 International"),
        ("CC-BY-NC-SA-4.0", "es", "CC BY-NC-SA 4.0", "Atribución-NoComercial-CompartirIgual 4.0 Internacional"),
        ("CC-BY-NC-ND-4.0", "pt-BR", "CC BY-NC-ND 4.0", "Atribuição-NãoComercial-SemDerivações 4.0 Internacional"),
        ("CC-BY-ND-3.0", "en", "CC BY-ND 3.0", "Attribution-NoDerivs 3.0 Unported"),
        (f"{BASE}by/3.0/mx/", "es", "CC BY 3.0 MX", "Atribución 3.0 MX"),
        ("CC0-1.0", "fr", "CC0 1.0", "CC0 1.0 Universal"),
        ("CC-BY-4.0", "ar", "CC BY 4.0", "Attribution 4.0 International"),
    ],
)
def test_licences_are_called_by_their_deeds_names(written: str, language: str, short: str, long: str) -> None:
    licence = parse_licence(written)

    assert licence is not None
    assert (short_name(licence), long_name(licence, language)) == (short, long)
