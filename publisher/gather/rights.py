"""The licence of an article and the rights of its pictures, as far as its source tells.

The first that is there decides, and one that is no exact licence decides too: for "unknown". Nothing is guessed.

    the article's own value  →  `licence` of the source  →  [licence] default, for the newsroom's own kinds of source
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.gather.cleaning.clean import BodyImage
from publisher.licensing.licences import parse_licence
from publisher.licensing.rights import Decision, decide_image_rights, own_names
from publisher.model.article import Image, ImageRights
from publisher.settings import Settings, SourceKind, SourceSettings

#: The kinds that hold the newsroom's own articles; what a feed or sitemap carries is somebody's, we do not know whose.
OWN_KINDS = frozenset({SourceKind.WORDPRESS, SourceKind.GHOST, SourceKind.FOLDER})
#: `Credit: AP` at the end of a caption, `(Map: Example Observatory, CC BY 4.0)`.
MARKED = re.compile(
    r"(?:credits?|cr[ée]ditos?|photo(?:graph)?s?|fotos?|fotograf[íi]as?|imagen|imagem|image|map|mapa|graphic|gr[áa]fico|"
    r"illustration|ilustraci[óo]n)(?: by| de| por)?\s*:\s*(?P<credit>.+)$",
    re.IGNORECASE,
)
#: A bracket at the end of a caption: "(Reuters)" is a credit, "(left)" is none.
BRACKETED = re.compile(r"[(\[](?P<credit>[^()\[\]]+)[)\]]\s*\.?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a source's articles are under when they say nothing themselves, and who counts as us."""

    licence: str | None  #: as configured; None: no default
    whence: str  #: where that stands
    holder: str
    own: frozenset[str]
    credits: Mapping[str, ImageRights] = field(default_factory=dict)  #: what words in a picture's credit mean here


def rights_of(source: SourceSettings, settings: Settings) -> Rights:
    """The defaults that hold for a source."""
    is_own = source.kind in OWN_KINDS
    holder = source.rights_holder or (settings.rights_holder if is_own else "")
    own = own_names(settings.newsroom.name, settings.rights_holder, settings.licence.own_credits) | {holder}
    licence, whence = source.licence, f"the licence of source {source.id}"
    if licence is None and is_own:
        licence, whence = settings.licence.default, "the newsroom's default"
    return Rights(licence=licence, whence=whence, holder=holder, own=own - {""}, credits=settings.licence.credits)


def choose_licence(value: str, where: str, rights: Rights) -> tuple[str | None, str]:
    """The canonical URL of an article's licence, if it may be republished at all, and why so or why not."""
    value = value.strip()
    if not value and rights.licence is None:
        return None, "the source names no licence"
    text, whence = (value, where) if value else (rights.licence or "", rights.whence)
    licence = parse_licence(text)
    if licence is None:
        return None, f"{whence} is “{text[:80]}”, which is no exact licence"
    return licence.url or None, whence if licence.is_open else f"{whence}: all-rights-reserved"


def judged_image(image: BodyImage, rights: Rights, *, credit: str = "", is_main: bool = False) -> Image:
    """A picture with its rights decided: by its credit, else by what its caption says."""
    shown = credit or shown_credit(image, rights)
    decided, licence, why = decide_credit(shown or image.caption, rights)
    if not shown and image.caption and not forbids_or_names(decided, licence):
        decided, licence, why = ImageRights.UNKNOWN, None, "no credit"
    return Image(
        url=image.url,
        alt=image.alt,
        caption=image.caption,
        credit=shown,
        licence=licence,
        rights=decided,
        rights_why=why,
        width=image.width,
        height=image.height,
        is_main=is_main,
    )


def decide_credit(credit: str, rights: Rights) -> Decision:
    """The rights of a picture with this credit."""
    return decide_image_rights(credit, own_credits=rights.own, credit_rules=rights.credits)


def shown_credit(image: BodyImage, rights: Rights) -> str:
    """The credit that a picture's caption marks as one, else the one that it ends with, else an empty text."""
    # A caption that is small as a whole is no credit: it may only mention somebody.
    marked = image.credit if image.credit != image.caption else ""
    marked = credit_in(marked, rights) or marked
    if marked and decide_credit(marked, rights)[0] is not ImageRights.UNKNOWN:
        return marked
    return credit_in(image.caption, rights) or marked


def credit_in(caption: str, rights: Rights) -> str:
    """The credit that a caption ends with, where it is one for sure; else an empty text."""
    bracketed = BRACKETED.search(caption)
    inner = bracketed["credit"].strip() if bracketed else ""
    if marked := MARKED.search(inner) or MARKED.search(caption):
        return marked["credit"].strip(" .")
    known = {name.casefold() for name in (*rights.own, *rights.credits)}
    for candidate in (inner, caption.strip(" .")):
        if candidate.casefold() in known:
            return candidate
    return inner if decide_credit(inner, rights)[0] is not ImageRights.UNKNOWN else ""


def forbids_or_names(rights: ImageRights, licence: str | None) -> bool:
    """Whether a caption that is no credit decides: what only mentions us, or papers in the public domain, does not."""
    return licence is not None or rights in {ImageRights.AGENCY, ImageRights.COURTESY}
