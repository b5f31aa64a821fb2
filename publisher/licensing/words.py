"""The words of notices, by language: en, es, pt, fr; any other language gets the English ones, marked as English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a notice says in one language. Braces are filled by whoever renders."""

    language: str  #: that these words are in
    by: str
    and_: str
    first_published: str
    licensed: str
    no_warranty: str
    unmodified: str
    edited: str
    translated: str
    image_removed: str
    correction: str
    quotes: tuple[str, str]  #: around a title
    of_authors: str  #: between a title and its authors
    public_domain: str
    original_at: str  #: before its address
    licence_at: str  #: before its address
    withdrawn: str
    withdrawn_sentence: str


EN = Words(
    language="en",
    by="By",
    and_="and",
    first_published="This article was first published by",
    licensed="Licensed under",
    no_warranty="Provided as is, without warranty.",
    unmodified="Republished without changes.",
    edited="Edited by {partner}; the original is at the link above.",
    translated="Translated by {partner} from {language}.",
    image_removed="[Image not available for republication]",
    correction="Correction",
    quotes=("“", "”"),
    of_authors="by",
    public_domain="In the public domain:",
    original_at="Original:",
    licence_at="Licence:",
    withdrawn="Withdrawn",
    withdrawn_sentence="This article has been withdrawn by {organisation}.",
)
ES = Words(
    language="es",
    by="Por",
    and_="y",
    first_published="Este artículo fue publicado originalmente por",
    licensed="Publicado bajo la licencia",
    no_warranty="Se ofrece tal cual, sin garantías.",
    unmodified="Republicado sin cambios.",
    edited="Editado por {partner}; el original está en el enlace anterior.",
    translated="Traducido por {partner} del {language}.",
    image_removed="[Imagen no disponible para republicación]",
    correction="Corrección",
    quotes=("«", "»"),
    of_authors="por",
    public_domain="En el dominio público:",
    original_at="Original:",
    licence_at="Licencia:",
    withdrawn="Retirado",
    withdrawn_sentence="{organisation} ha retirado este artículo.",
)
PT = Words(
    language="pt",
    by="Por",
    and_="e",
    first_published="Este artigo foi publicado originalmente por",
    licensed="Publicado sob a licença",
    no_warranty="Fornecido como está, sem garantias.",
    unmodified="Republicado sem alterações.",
    edited="Editado por {partner}; o original está no link acima.",
    translated="Traduzido por {partner} do {language}.",
    image_removed="[Imagem não disponível para republicação]",
    correction="Correção",
    quotes=("“", "”"),
    of_authors="por",
    public_domain="Em domínio público:",
    original_at="Original:",
    licence_at="Licença:",
    withdrawn="Retirado",
    withdrawn_sentence="{organisation} retirou este artigo.",
)
FR = Words(
    language="fr",
    by="Par",
    and_="et",
    first_published="Cet article a été publié initialement par",
    licensed="Publié sous la licence",
    no_warranty="Fourni tel quel, sans garantie.",
    unmodified="Republié sans modification.",
    edited="Modifié par {partner} ; l\N{RIGHT SINGLE QUOTATION MARK}original se trouve au lien ci-dessus.",
    translated="Traduit par {partner} depuis : {language}.",
    image_removed="[Image non disponible pour republication]",
    correction="Correction",
    quotes=("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»"),
    of_authors="par",
    public_domain="Dans le domaine public :",
    original_at="Original :",
    licence_at="Licence :",
    withdrawn="Retiré",
    withdrawn_sentence="{organisation} a retiré cet article.",
)
WORDS = {words.language: words for words in (EN, ES, PT, FR)}


def words_for(language: str) -> Words:
    """The words for an RFC 5646 tag, by its first part."""
    return WORDS.get(language.lower().partition("-")[0], EN)


def join_names(names: list[str], words: Words) -> str:
    """`Ana Ruiz, Ben Okri and Chidi Eze`."""
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    last = names[-1].lower()
    # Spanish says «Ana e Inés», but «Ana y Hierónimo»: the sound counts, not the letter.
    sounds_i = words is ES and last.startswith(("i", "í", "hi", "hí")) and not last.startswith(("hie", "hia"))
    joint = "e" if sounds_i else words.and_
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"
