"""Rights of images, decided from the credit line and the licence that came with them.

The first rule that fits decides, and its words are kept. An image is left out of what leaves unless a rule says
that it may go: an unknown one stays here.

| rule                                                              | rights                    |
|-------------------------------------------------------------------|---------------------------|
| the newsroom's own rule for words in the credit                   | what that rule says       |
| it names a licence of its own                                     | cc, public_domain, unknown|
| the whole credit is one of ours                                   | own                       |
| "not under Creative Commons", "all rights reserved"               | agency                    |
| an agency stands in the credit                                    | agency                    |
| "courtesy of", «cortesía de»                                      | courtesy                  |
| the credit names a Creative Commons licence with its version      | cc                        |
| "public domain", «dominio público», CC0                           | public_domain             |
| a part of the credit is one of ours (`Ana / Example Observatory`) | own                       |
| anything else, and no credit at all                               | unknown                   |
"""

import re
import unicodedata
from collections.abc import Collection, Mapping

from publisher.licensing.licences import MARK, ZERO, Licence, parse_licence
from publisher.licensing.names import short_name
from publisher.model.article import ImageRights

#: Written in capitals only, because lower case means something else ("ap", "pa").
AGENCY_INITIALS = (
    "AP AFP EFE EPA DPA ANSA UPI PTI TASS AAP APA ANP NTB PA RIA IANS ANI JIJI CNS VCG SOPA ZUMA MTI CTK AGIF"
)
AGENCY_NAMES = (
    "Associated Press|Agence France[- ]Presse|Agencia EFE|Reuters|Getty(?: Images)?|European Pressphoto Agency|"
    "Xinhua|Kyodo|Yonhap|Anadolu|Bloomberg|Shutterstock|Alamy|iStock|Adobe Stock|Depositphotos|Dreamstime|"
    "NurPhoto|Magnum(?: Photos)?|Sipa(?: USA| Press)?|Redux|Polaris Images|PA Images|PA Media|Press Association|"
    "picture[- ]alliance|Imago|Keystone|Europa Press|Prensa Latina|Sputnik|Cuartoscuro|Notimex|Folhapress|"
    "Estadão Conteúdo|Agência Estado|Agencia Uno|Canadian Press|Contacto Photo|LaPresse|Hans Lucas"
)
AGENCY = re.compile(rf"\b(?:{'|'.join(AGENCY_INITIALS.split())})\b|(?i:\b(?:{AGENCY_NAMES})\b)")
DENIAL = re.compile(
    r"not (?:under|covered by|licensed under|available under) (?:a |the )?(?:creative commons|cc\b)|"
    r"no (?:está |cubierta |se publica )?bajo (?:licencia )?creative commons|"
    r"não (?:está )?(?:sob )?(?:licença )?creative commons|all rights reserved|todos los derechos reservados|"
    r"todos os direitos reservados|tous droits réservés|alle rechte vorbehalten|tutti i diritti riservati|"
    r"alle rechten voorbehouden|tots els drets reservats",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"\b(?:courtesy|cortes[ií]a|courtoisie|gentileza|cedida por|handout|used with permission)\b", re.IGNORECASE
)
DOMAIN = re.compile(r"\b(?:public domain|dominio p[úu]blico|dom[íi]nio p[úu]blico|domaine public)\b", re.IGNORECASE)
CC_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?creativecommons\.org/[^\s)\]>,;\"']+", re.IGNORECASE)
CC_NAME = re.compile(r"\bCC[ -](BY(?:[ -]NC)?(?:[ -](?:SA|ND))?)[ -](\d\.\d)(?:[ -](IGO|[A-Z]{2})\b)?", re.IGNORECASE)
CC_ZERO = re.compile(r"\bCC[ -]?0\b|\bCC Zero\b", re.IGNORECASE)
CC_WORDS = re.compile(r"\bcreative commons\b|\bCC[ -](?:BY|0|Zero)", re.IGNORECASE)
#: What stands before the name in a credit line.
LEAD_IN = re.compile(
    r"^(?:photo(?:graph)?s?|foto(?:graf[íi]as?)?s?|imagen|imagem|image|illustration|ilustraci[óo]n|graphic|gr[áa]fico|"
    r"cr[ée]dito?s?|credit)?\s*(?:by|por|de|par)?\s*[:©]?\s*(?:by |por |par )?",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s*(?:[/,;|()\[\]•·]|\s[\u2013\u2014-]\s|\bfor\b|\bpara\b|\bvia\b)\s*")
NO_CREDIT = frozenset({"", "none", "n/a", "-", "null", "sin crédito", "ninguno", "sem crédito"})

#: With these an image may leave.
PERMITTING = frozenset({ImageRights.OWN, ImageRights.CC, ImageRights.PUBLIC_DOMAIN})
Decision = tuple[ImageRights, str | None, str]


def decide_image_rights(
    credit: str,
    licence: str = "",
    *,
    own_credits: Collection[str] = (),
    credit_rules: Mapping[str, ImageRights] = {},
) -> Decision:
    """The rights of an image, the canonical URL of its own licence if it has one, and the rule that decided, in words.

    `own_credits` are all names that mean "ours": the configured ones, the rights holder and the newsroom
    (`own_names`). Letter case and a lead-in such as "Photo:" do not matter. `credit_rules` say what words in a credit
    mean in this newsroom, which knows better than we do.
    """
    credit = " ".join(credit.split())
    ours = {_plain(name) for name in own_credits}
    if ruled := _from_rules(credit, licence, credit_rules):
        return ruled
    # A field made for the licence is more exact than a credit line that people write by hand.
    if licence.strip():
        return _from_licence(licence)
    if credit.lower() in NO_CREDIT:
        return ImageRights.UNKNOWN, None, "no credit"
    # Before the agencies: an editor who lists "AP for Example Observatory" knows what was bought.
    if _plain(credit) in ours:
        return ImageRights.OWN, None, f"credited to us: {credit}"
    return _from_words(credit) or _from_parts(credit, ours)


def own_names(newsroom: str, rights_holder: str, own_credits: Collection[str] = ()) -> frozenset[str]:
    """Every credit that means "ours"."""
    return frozenset(name for name in (newsroom, rights_holder, *own_credits) if name.strip())


def find_agency(text: str) -> str | None:
    """The agency that a credit, byline or rights holder names, as written there."""
    found = AGENCY.search(text)
    return found[0] if found else None


def find_licence(text: str) -> Licence | None:
    """The Creative Commons licence that a text mentions with its version, by address or by name."""
    if found := CC_ADDRESS.search(text):
        return parse_licence(found[0].rstrip("."))
    if found := CC_NAME.search(text):
        code = "-".join(re.split(r"[ -]", found[1].lower()))
        port = f"{found[3].lower()}/" if found[3] else ""
        return parse_licence(f"https://creativecommons.org/licenses/{code}/{found[2]}/{port}")
    return parse_licence("cc0-1.0") if CC_ZERO.search(text) else None


def find_credit_rule(credit: str, credit_rules: Mapping[str, ImageRights]) -> str | None:
    """The words of a rule that stand in a credit, whole and in any letter case.

    Of several: not those that are a part of others ("AP" in "AP for us"), then one that forbids, then the longest.
    """
    text = _one_case(credit)
    found = {words: spelt for words in credit_rules if (spelt := _one_case(words)) and _stands_in(spelt, text)}
    whole = [
        words for words, spelt in found.items() if not any(spelt != o and _stands_in(spelt, o) for o in found.values())
    ]
    return max(whole, key=lambda words: (credit_rules[words] not in PERMITTING, len(words)), default=None)


def _stands_in(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _one_case(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def _from_rules(credit: str, licence: str, credit_rules: Mapping[str, ImageRights]) -> Decision | None:
    words = find_credit_rule(credit, credit_rules)
    if words is None:
        return None
    rights, why = credit_rules[words], f"[licence.credits] says so of “{words}”"
    if rights is not ImageRights.CC:
        return rights, None, why
    named = parse_licence(licence) or find_licence(licence) or find_licence(credit)
    if named is None or not named.is_open:  # which of them? Without a version there is no licence to link to
        return ImageRights.UNKNOWN, None, f"{why}, but no exact licence is named"
    return _licensed(named, why)


def _from_licence(text: str) -> Decision:
    """What the image's own licence says; one that is no licence leaves the image unknown."""
    licence = parse_licence(text) or find_licence(text)
    if licence is None:
        return ImageRights.UNKNOWN, None, f"unknown licence of the image: {text.strip()[:80]}"
    if not licence.is_open:
        return ImageRights.UNKNOWN, None, "all rights reserved, says the image's licence"
    return _licensed(licence, "its own licence")


def _licensed(licence: Licence, whence: str) -> Decision:
    """An image under an open licence or in the public domain."""
    rights = ImageRights.PUBLIC_DOMAIN if licence.code in {ZERO, MARK} else ImageRights.CC
    return rights, licence.url, f"{whence}: {short_name(licence)}"


def _from_words(credit: str) -> Decision | None:  # noqa: PLR0911 - one for each rule
    """The rules that look for words; what forbids comes before what permits."""
    # Denials hold the words "Creative Commons" too, so they must be looked for first.
    if found := DENIAL.search(credit):
        return ImageRights.AGENCY, None, f"says “{found[0]}”"
    # Agencies before licences: a desk cannot put an agency's picture under one by writing so.
    if agency := find_agency(credit):
        return ImageRights.AGENCY, None, f"agency: {agency}"
    if found := COURTESY.search(credit):
        return ImageRights.COURTESY, None, f"says “{found[0]}”"
    if licence := find_licence(credit):
        return _licensed(licence, "the credit names it")
    if CC_WORDS.search(credit):  # which of them? Without a version there is no licence to link to
        return ImageRights.UNKNOWN, None, "names Creative Commons without an exact licence"
    if found := DOMAIN.search(credit):
        return ImageRights.PUBLIC_DOMAIN, None, f"says “{found[0]}”"
    return None


def _from_parts(credit: str, ours: Collection[str]) -> Decision:
    """`Ana Ruiz / Example Observatory` is ours when one of its parts is."""
    # Only whole parts count: "Friends of Example Observatory" is somebody else.
    for part in PARTS.split(credit):
        if _plain(part) in ours:
            return ImageRights.OWN, None, f"credited to us: {part}"
    return ImageRights.UNKNOWN, None, f"nothing known of “{credit[:80]}”"


def _plain(credit: str) -> str:
    """A credit without its lead-in, in one letter case."""
    text = " ".join(credit.split()).strip(" .")
    bare = LEAD_IN.sub("", text).strip(" .")
    return (bare or text).casefold()
