"""What partners read from us, by language: the name of their feed, and the messages about what they hold."""
# ruff: noqa: RUF001 - the apostrophe that French is printed with

from collections.abc import Mapping
from types import MappingProxyType

from publisher.licensing.words import words_for

LANGUAGES = ("en", "es", "pt", "fr")
ROWS: Mapping[str, tuple[str, str, str, str]] = {
    "feed_title": ("{house}: to republish", "{house}: para republicar", "{house}: para republicar",
                   "{house} : à republier"),
    "feed_about": ("What {partner} may republish now, in full. This address is secret: give it to nobody.",
                   "Lo que {partner} puede republicar ahora, completo. Esta dirección es secreta: no la comparta.",
                   "O que {partner} pode republicar agora, na íntegra. Este endereço é secreto: não o compartilhe.",
                   ("Ce que {partner} peut republier maintenant, en entier. Cette adresse est secrète : "
                   "ne la partagez pas.")),
    "corrected_subject": ("Correction: {title}", "Corrección: {title}", "Correção: {title}", "Correction : {title}"),
    "withdrawn_subject": ("Withdrawn: {title}", "Retirado: {title}", "Retirado: {title}", "Retiré : {title}"),
    "corrected": ("{organisation} has corrected an article that {partner} took from the feed of {house}:",
                  "{organisation} ha corregido un artículo que {partner} tomó del canal de {house}:",
                  "{organisation} corrigiu um artigo que {partner} retirou do feed de {house}:",
                  "{organisation} a corrigé un article que {partner} a pris dans le flux de {house} :"),
    "withdrawn": ("{organisation} has withdrawn an article that {partner} took from the feed of {house}:",
                  "{organisation} ha retirado un artículo que {partner} tomó del canal de {house}:",
                  "{organisation} retirou um artigo que {partner} tinha obtido do feed de {house}:",
                  "{organisation} a retiré un article que {partner} a pris dans le flux de {house} :"),
    "said": ("{correction} ({date}): {text}", "{correction} ({date}): {text}", "{correction} ({date}): {text}",
             "{correction} ({date}) : {text}"),
    "unsaid": ("The text of the article was corrected.", "Se corrigió el texto del artículo.",
               "O texto do artigo foi corrigido.", "Le texte de l’article a été corrigé."),
    "kit": ("The corrected text, ready to paste (version {version}):",
            "El texto corregido, listo para pegar (versión {version}):",
            "O texto corrigido, pronto para colar (versão {version}):",
            "Le texte corrigé, prêt à coller (version {version}) :"),
    "original": ("The corrected article; it may not be republished anew:",
                 "El artículo corregido; ya no se puede republicar de nuevo:",
                 "O artigo corrigido; não pode mais ser republicado:",
                 "L’article corrigé ; il ne peut plus être republié :"),
    "please_correct": (("If you have published it, we ask you to take over the corrected text, or to show the "
                       "correction to your readers."),
                       "Si lo publicó, le pedimos tomar el texto corregido o mostrar la corrección a sus lectores.",
                       "Se o publicou, pedimos que adote o texto corrigido ou mostre a correção aos seus leitores.",
                       ("Si vous l’avez publié, nous vous demandons de reprendre le texte corrigé ou de montrer la "
                       "correction à vos lecteurs.")),
    "explanation": ("What is said of it:", "Lo que se dice al respecto:", "O que se diz a respeito:",
                    "Ce qui en est dit :"),
    "please_withdraw": (("If you have published it, we ask you to say on your page that it was withdrawn, or to take "
                        "it down."),
                        "Si lo publicó, le pedimos indicar en su página que fue retirado, o quitarlo.",
                        "Se o publicou, pedimos que avise na sua página que foi retirado, ou que o tire do ar.",
                        ("Si vous l’avez publié, nous vous demandons d’indiquer sur votre page qu’il a été retiré, "
                        "ou de le supprimer.")),
    "still_licensed": ("The copy that you took keeps its licence.", "La copia que tomó conserva su licencia.",
                       "A cópia que obteve mantém a sua licença.", "La copie que vous avez prise garde sa licence."),
    "licence_asks": ("Conditions of its licence, {licence}:", "Condiciones de su licencia, {licence}:",
                     "Condições da sua licença, {licence}:", "Conditions de sa licence, {licence} :"),
    "why": ("You get this once, because {partner} holds a copy of this article from us. Questions:",
            "Recibe este aviso una sola vez, porque {partner} tiene una copia nuestra de este artículo. Preguntas:",
            "Você recebe este aviso uma única vez, porque {partner} tem uma cópia nossa deste artigo. Dúvidas:",
            "Vous recevez ce message une seule fois, car {partner} détient une copie de cet article. Questions :"),
}  # fmt: skip
WORDS = {language: MappingProxyType({key: row[n] for key, row in ROWS.items()}) for n, language in enumerate(LANGUAGES)}


def partner_words(language: str) -> Mapping[str, str]:
    """The words for an RFC 5646 tag, in the language that `words_for` answers in."""
    return WORDS[words_for(language).language]
