"""The words of the readers' link pages; a language that we have none for reads the English ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWords:
    """Every text of the pages behind a reader's links."""

    leave: str  #: heading of the question
    one_click: str
    button: str
    preferences_yet: str  #: on the preferences page
    left: str  #: heading of the answer
    left_text: str
    mistake: str  #: stands before the newsroom's address
    bad: str
    bad_text: str
    later: str
    later_text: str
    this_newsletter: str  #: where its title is not known any more


WORDS: Mapping[str, LinkWords] = MappingProxyType(
    {
        "en": LinkWords(
            leave="Unsubscribe from {title}?",
            one_click="One click is enough. You need no password and we ask for no reason.",
            button="Unsubscribe",
            preferences_yet="Choices cannot be changed here yet; you can unsubscribe, or write to us.",
            left="You are unsubscribed",
            left_text="You get nothing more of {title} from us.",
            mistake="Was this a mistake? Write to ",
            bad="This link is not valid",
            bad_text="Please open it again from the letter: it may have been cut off when it was copied. Or write to ",
            later="Please try again shortly",
            later_text="We could not write this down just now, and nothing was changed. Or write to ",
            this_newsletter="this newsletter",
        ),
        "es": LinkWords(
            leave="¿Cancelar la suscripción a {title}?",
            one_click="Basta con un clic. No hace falta contraseña ni dar motivos.",
            button="Cancelar la suscripción",
            preferences_yet="Aquí todavía no se pueden cambiar las preferencias; puede cancelar o escribirnos.",
            left="Suscripción cancelada",
            left_text="Ya no recibirá {title} de nuestra parte.",
            mistake="¿Fue un error? Escriba a ",
            bad="Este enlace no es válido",
            bad_text="Ábralo de nuevo desde el boletín: quizá se cortó al copiarlo. O escriba a ",
            later="Inténtelo de nuevo en un momento",
            later_text="No pudimos anotarlo ahora y nada ha cambiado. O escriba a ",
            this_newsletter="este boletín",
        ),
    }
)


def link_words(language: str) -> LinkWords:
    """The words of a language, by its first part."""
    return WORDS.get(language.lower().partition("-")[0], WORDS["en"])


def spoken_language(language: str) -> str:
    """The language that `link_words` answers in: the `lang` of the page."""
    spoken = language.lower().partition("-")[0]
    return spoken if spoken in WORDS else "en"
