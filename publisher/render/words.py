"""The words of a digest, in each language that we speak. Another language gets the English ones.

`{...}` are filled by `str.format`: values are never read for braces of their own. Spanish says *usted*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Every fixed text of a digest, so that a language that lacks one does not pass the type check."""

    by: str  #: before the authors' names
    and_: str  #: before the last name
    stories: str  #: heading of the block
    updates: str
    read: str
    picture_alt: str  #: of a picture that leads to the article
    picture: str
    picture_licence: str
    source: str
    original: str  #: link to the original at another outlet
    licence: str
    all_rights: str
    republish: str
    correction: str
    support: str
    web_version: str
    edition_licence: str
    each_licence: str
    reason: str
    unsubscribe: str
    preferences: str
    forwarded: str
    subscribe: str
    feeds: str
    contact: str


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words(
            by="By",
            and_="and",
            stories="Stories",
            updates="News from {newsroom}",
            read="Read: {title}",
            picture_alt="{alt} Read: {title}",
            picture="Picture: {credit}",
            picture_licence="licence of this picture",
            source="Source: {holder}",
            original="Original: {holder}",
            licence="Licence:",
            all_rights="© {holder}. All rights reserved.",
            republish="Republish: {title}",
            correction="Correction, {date}:",
            support="Support {newsroom}",
            web_version="This newsletter in your browser",
            edition_licence="Licence of this newsletter:",
            each_licence="The licence of each article stands with it.",
            reason="You receive {title} because you subscribed to it on {since}.",
            unsubscribe="Unsubscribe from {title}",
            preferences="Change your preferences",
            forwarded="Did somebody forward this to you?",
            subscribe="Subscribe to {title}",
            feeds="All feeds of {newsroom}",
            contact="Write to {newsroom}",
        ),
        "es": Words(
            by="Por",
            and_="y",
            stories="Historias",
            updates="Noticias de {newsroom}",
            read="Leer: {title}",
            picture_alt="{alt} Leer: {title}",
            picture="Imagen: {credit}",
            picture_licence="licencia de esta imagen",
            source="Fuente: {holder}",
            original="Original: {holder}",
            licence="Licencia:",
            all_rights="© {holder}. Todos los derechos reservados.",
            republish="Republicar: {title}",
            correction="Corrección, {date}:",
            support="Apoyar a {newsroom}",
            web_version="Este boletín en su navegador",
            edition_licence="Licencia de este boletín:",
            each_licence="La licencia de cada artículo figura junto a él.",
            reason="Recibe {title} porque se suscribió el {since}.",
            unsubscribe="Cancelar la suscripción a {title}",
            preferences="Cambiar sus preferencias",
            forwarded="¿Le reenviaron este boletín?",
            subscribe="Suscribirse a {title}",
            feeds="Todos los canales de {newsroom}",
            contact="Escribir a {newsroom}",
        ),
        "pt": Words(
            by="Por",
            and_="e",
            stories="Reportagens",
            updates="Notícias de {newsroom}",
            read="Ler: {title}",
            picture_alt="{alt} Ler: {title}",
            picture="Imagem: {credit}",
            picture_licence="licença desta imagem",
            source="Fonte: {holder}",
            original="Original: {holder}",
            licence="Licença:",
            all_rights="© {holder}. Todos os direitos reservados.",
            republish="Republicar: {title}",
            correction="Correção, {date}:",
            support="Apoiar {newsroom}",
            web_version="Este boletim no seu navegador",
            edition_licence="Licença deste boletim:",
            each_licence="A licença de cada artigo está junto dele.",
            reason="Você recebe {title} porque se inscreveu em {since}.",
            unsubscribe="Cancelar a inscrição em {title}",
            preferences="Ajustar as suas preferências",
            forwarded="Alguém encaminhou este boletim para você?",
            subscribe="Inscrever-se em {title}",
            feeds="Todos os feeds de {newsroom}",
            contact="Escrever para {newsroom}",
        ),
        "fr": Words(
            by="Par",
            and_="et",
            stories="Articles",
            updates="Nouvelles de {newsroom}",
            read="Lire : {title}",
            picture_alt="{alt} Lire : {title}",
            picture="Image : {credit}",
            picture_licence="licence de cette image",
            source="Source : {holder}",
            original="Original : {holder}",
            licence="Licence :",
            all_rights="© {holder}. Tous droits réservés.",
            republish="Republier : {title}",
            correction="Correction, {date} :",
            support="Soutenir {newsroom}",
            web_version="Cette lettre dans votre navigateur",
            edition_licence="Licence de cette lettre :",
            each_licence="La licence de chaque article figure avec lui.",
            reason="Vous recevez {title} parce que vous vous êtes abonné le {since}.",
            unsubscribe="Se désabonner de {title}",
            preferences="Ajuster vos préférences",
            forwarded="On vous a transféré cette lettre ?",
            subscribe="S'abonner à {title}",
            feeds="Tous les flux de {newsroom}",
            contact="Écrire à {newsroom}",
        ),
    }
)


def words(language: str) -> Words:
    """The words of a language by its primary subtag (`es-MX` reads `es`); English where we have none."""
    return WORDS.get(language.partition("-")[0].lower(), WORDS["en"])
