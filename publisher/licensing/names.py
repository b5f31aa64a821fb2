"""What licences are called: the short name of the badge, and the deed's title in the languages we have read it in."""

from publisher.licensing.licences import MARK, RESERVED, ZERO, Licence

#: Each element of a code, as the deeds write it; before 4.0 the English word was NoDerivs.
ELEMENTS = {
    "en": {"by": "Attribution", "nc": "NonCommercial", "sa": "ShareAlike", "nd": "NoDerivatives"},
    "es": {"by": "Atribución", "nc": "NoComercial", "sa": "CompartirIgual", "nd": "SinDerivadas"},
    "pt": {"by": "Atribuição", "nc": "NãoComercial", "sa": "CompartilhaIgual", "nd": "SemDerivações"},
    "fr": {"by": "Attribution", "nc": "Pas d\u2019Utilisation Commerciale",
           "sa": "Partage dans les Mêmes Conditions",
           "nd": "Pas de Modification"},
}  # fmt: skip
#: "International" belongs to 4.0 alone.
INTERNATIONAL = {"en": "International", "es": "Internacional", "pt": "Internacional", "fr": "International"}
OTHERS = {
    MARK: {"en": "Public Domain Mark 1.0", "es": "Marca de Dominio Público 1.0", "pt": "Marca de Domínio Público 1.0",
           "fr": "Marque du domaine public 1.0"},
    RESERVED: {"en": "All rights reserved", "es": "Todos los derechos reservados",
               "pt": "Todos os direitos reservados", "fr": "Tous droits réservés"},
}  # fmt: skip


def short_name(licence: Licence) -> str:
    """The badge's text: `CC BY-NC 4.0`, `CC BY 3.0 MX`, `CC0 1.0`; also its `alt`."""
    if licence.code == ZERO:
        return "CC0 1.0"
    if licence.code in OTHERS:
        return OTHERS[licence.code]["en"]
    return " ".join(filter(None, ("CC", licence.code.upper(), licence.version, licence.port.upper())))


def long_name(licence: Licence, language: str) -> str:
    """The deed's title in a language, English where we have none: `Atribución-NoComercial 4.0 Internacional`."""
    spoken = language.lower().partition("-")[0]
    spoken = spoken if spoken in ELEMENTS else "en"
    if licence.code == ZERO:
        return "CC0 1.0 Universal"
    if licence.code in OTHERS:
        return OTHERS[licence.code][spoken]
    words = [ELEMENTS[spoken][element] for element in licence.code.split("-")]
    # The deeds changed the word with 4.0; a notice quotes the deed that it links to.
    if spoken == "en" and licence.version != "4.0":
        words = ["NoDerivs" if word == "NoDerivatives" else word for word in words]
    return f"{(' - ' if spoken == 'fr' else '-').join(words)} {licence.version}{_reach(licence, spoken)}"


def _reach(licence: Licence, spoken: str) -> str:
    """What stands after the version: where the text holds."""
    if licence.port:
        return f" {licence.port.upper()}"
    if licence.version == "4.0":
        return f" {INTERNATIONAL[spoken]}"
    return " Unported" if licence.version == "3.0" and spoken == "en" else ""
