"""The words of pages and feed headings, a row for each, in English, Spanish, Portuguese and French.

A page in any other language gets the English ones. Braces are filled by whoever renders.
"""
# ruff: noqa: RUF001 - the apostrophe that French is printed with

from collections.abc import Mapping
from functools import lru_cache

LANGUAGES = ("en", "es", "pt", "fr")
ROWS: Mapping[str, tuple[str, str, str, str]] = {
    # feeds
    "updates": ("Updates", "Novedades", "Novidades", "Actualités de la rédaction"),
    "about_all": ("Everything {house} publishes.", "Todo lo que publica {house}.",
                  "Tudo o que {house} publica.", "Tout ce que publie {house}."),
    "about_updates": ("News of {house} itself.", "Noticias de {house}.",
                      "Notícias de {house}.", "Les nouvelles de {house}."),
    "about_section": ("Stories of the section {name}.", "Artículos de la sección {name}.",
                      "Artigos da seção {name}.", "Articles de la rubrique {name}."),
    "about_country": ("Reporting on {name}.", "Información sobre {name}.",
                      "Reportagens sobre {name}.", "Reportages : {name}."),
    "about_topic": ("Reporting on the topic {name}.", "Información sobre el tema {name}.",
                    "Reportagens sobre o tema {name}.", "Reportages sur le thème {name}."),
    "about_author": ("Stories by {name}.", "Artículos de {name}.", "Artigos de {name}.", "Articles de {name}."),
    "about_language": ("Stories in this language: {name}.", "Artículos en este idioma: {name}.",
                       "Artigos neste idioma: {name}.", "Articles dans cette langue : {name}."),
    "full": ("Full text.", "Texto completo.", "Texto completo.", "Texte intégral."),
    "summaries": ("Summaries.", "Resúmenes.", "Resumos.", "Résumés."),
    "unless": ("Text under {licence} unless an item says otherwise.",
               "Texto bajo {licence}, salvo que se indique otra cosa.",
               "Texto sob {licence}, salvo indicação em contrário.",
               "Texte sous {licence}, sauf mention contraire."),
    "each_says": ("Each item says what it is licensed under.", "Cada artículo indica su licencia.",
                  "Cada artigo indica a sua licença.", "Chaque article indique sa licence."),
    "one_section": ("section", "sección", "seção", "rubrique"),
    "one_country": ("country", "país", "país", "pays"),
    "one_topic": ("topic", "tema", "tema", "thème"),
    "one_author": ("author", "autoría", "autoria", "auteur"),
    "one_language": ("language", "idioma", "idioma", "langue"),
    # headings of the list of feeds
    "group_main": ("Everything", "Todo", "Tudo", "Tout"),
    "group_section": ("By section", "Por sección", "Por seção", "Par rubrique"),
    "group_country": ("By country", "Por país", "Por país", "Par pays"),
    "group_topic": ("By topic", "Por tema", "Por tema", "Par thème"),
    "group_author": ("By author", "Por autoría", "Por autoria", "Par auteur"),
    "group_language": ("By language", "Por idioma", "Por idioma", "Par langue"),
    # pages
    "skip": ("Skip to content", "Ir al contenido", "Ir para o conteúdo", "Aller au contenu"),
    "home": ("Home", "Inicio", "Início", "Accueil"),
    "feeds": ("Feeds", "Canales", "Feeds", "Flux"),
    "site": ("Newsroom site", "Sitio de la redacción", "Site da redação", "Site de la rédaction"),
    "breadcrumb": ("You are here", "Usted está aquí", "Você está aqui", "Vous êtes ici"),
    "follow": ("Follow {house}", "Siga a {house}", "Siga {house}", "Suivre {house}"),
    "follow_lead": ("By mail, in a feed reader, or on your own pages: our reporting comes to you.",
                    "Por correo, en un lector de canales o en sus propias páginas: nuestro periodismo llega a usted.",
                    "Por e-mail, num leitor de feeds ou nas suas páginas: nossas reportagens chegam até você.",
                    "Par courriel, dans un lecteur de flux ou sur vos pages : nos articles viennent à vous."),
    "by_mail": ("By mail", "Por correo", "Por e-mail", "Par courriel"),
    "by_mail_text": ("Our digest in your inbox. Write to us to get it; leave with one click.",
                     "Nuestro boletín en su buzón. Escríbanos para recibirlo; puede darse de baja con un clic.",
                     "Nosso boletim na sua caixa de entrada. Escreva-nos para recebê-lo; saia com um clique.",
                     "Notre lettre dans votre boîte. Écrivez-nous pour la recevoir ; désinscription en un clic."),
    "sign_up": ("Write to us", "Escríbanos", "Escreva-nos", "Écrivez-nous"),
    "by_feed": ("In a feed reader", "En un lector de canales", "Num leitor de feeds", "Dans un lecteur de flux"),
    "by_feed_text": ("Open formats, no account, nobody counts what you read.",
                     "Formatos abiertos, sin cuenta; nadie mide lo que usted lee.",
                     "Formatos abertos, sem conta; ninguém conta o que você lê.",
                     "Formats ouverts, sans compte ; personne ne compte ce que vous lisez."),
    "all_feeds": ("All feeds", "Todos los canales", "Todos os feeds", "Tous les flux"),
    "by_kit": ("On your own pages", "En sus propias páginas", "Nas suas páginas", "Sur vos pages"),
    "by_kit_text": (("Most stories may be republished. Look for “Republish” beside a story: text, credit and "
                    "licence are ready to paste."),
                    ("La mayoría de los artículos se puede republicar. Busque «Republicar» junto a cada uno: texto, "
                    "crédito y licencia están listos para pegar."),
                    ("A maioria dos artigos pode ser republicada. Procure “Republicar” ao lado de cada um: texto, "
                    "crédito e licença prontos para colar."),
                    ("La plupart des articles peuvent être republiés. Cherchez « Republier » à côté d’un article : "
                    "texte, crédit et licence sont prêts à coller.")),
    "latest": ("Latest", "Lo último", "Últimas", "Derniers articles"),
    "nothing_yet": ("Nothing has been published yet.", "Todavía no se ha publicado nada.",
                    "Ainda não há nada publicado.", "Rien n’a encore été publié."),
    "republish": ("Republish", "Republicar", "Republicar", "Republier"),
    "feeds_lead": ("Every feed comes in several formats; any feed reader takes any of them.",
                   "Cada canal existe en varios formatos; cualquier lector acepta cualquiera.",
                   "Cada feed existe em vários formatos; qualquer leitor aceita qualquer um.",
                   "Chaque flux existe en plusieurs formats ; tout lecteur accepte n’importe lequel."),
    "opml": ("All of them as one OPML file", "Todos en un archivo OPML", "Todos em um arquivo OPML",
             "Tous dans un fichier OPML"),
    "subscribe_how": ("Copy one of these addresses into your feed reader.",
                      "Copie una de estas direcciones en su lector.",
                      "Copie um destes endereços no seu leitor de feeds.",
                      "Copiez l’une de ces adresses dans votre lecteur de flux."),
    "addresses": ("Addresses", "Direcciones", "Endereços", "Adresses"),
    "licence": ("Licence", "Licencia", "Licença", "Licence"),
    "latest_items": ("Latest items", "Últimos artículos", "Últimos itens", "Derniers articles"),
    "withdrawn": ("Withdrawn", "Retirado", "Retirado", "Retiré"),
    # the republish page
    "republish_title": ("Republish: {title}", "Republicar: {title}", "Republicar: {title}", "Republier : {title}"),
    "republish_lead": ("You may republish this article, free of charge, on these terms.",
                       "Puede republicar este artículo gratis, en estas condiciones.",
                       "Você pode republicar este artigo gratuitamente, nestas condições.",
                       "Vous pouvez republier cet article gratuitement, à ces conditions."),
    "conditions": ("Conditions of the licence", "Condiciones de la licencia", "Condições da licença",
                   "Conditions de la licence"),
    "requests": ("Requests of the house", "Peticiones de la casa", "Pedidos da casa", "Demandes de la maison"),
    "must_credit": ("Credit the authors and {organisation}, and link to the original.",
                    "Dé crédito a las autoras y autores y a {organisation}, y enlace al original.",
                    "Dê crédito aos autores e a {organisation}, com link para o original.",
                    "Créditez les auteurs et {organisation}, avec un lien vers l’original."),
    "may_credit": ("No condition; please credit the authors and {organisation} all the same.",
                   "Sin condiciones; aun así, pedimos dar crédito a {organisation}.",
                   "Sem condições; ainda assim, pedimos crédito a {organisation}.",
                   "Aucune condition ; merci de créditer tout de même {organisation}."),
    "must_licence": ("Name the licence and link to it.", "Nombre la licencia y enlácela.",
                     "Cite a licença, com link.", "Nommez la licence, avec un lien."),
    "must_not_sell": ("Not for commercial use.", "Sin uso comercial.", "Sem uso comercial.",
                      "Pas d’utilisation commerciale."),
    "must_not_change": ("Share it unchanged: no edited versions, no translations.",
                        "Compártalo sin cambios: ni versiones editadas ni traducciones.",
                        "Compartilhe sem alterações: nem versões editadas nem traduções.",
                        "Partagez sans modification : ni versions modifiées ni traductions."),
    "must_share_alike": ("Share changed versions and translations under the same licence.",
                         "Comparta versiones modificadas y traducciones bajo la misma licencia.",
                         "Compartilhe versões alteradas e traduções sob a mesma licença.",
                         "Partagez les versions modifiées et traductions sous la même licence."),
    "must_say_changes": ("Say what you changed.", "Indique qué ha cambiado.", "Diga o que foi alterado.",
                         "Indiquez ce que vous avez modifié."),
    "ask_link-top": ("Keep the link to the original at the top.", "Mantenga el enlace al original al principio.",
                     "Mantenha o link para o original no início.", "Gardez le lien vers l’original en haut."),
    "ask_link-bottom": ("Keep the credit and both links at the end.", "Mantenga el crédito y los enlaces al final.",
                        "Mantenha o crédito e os links no fim.", "Gardez le crédit et les liens à la fin."),
    "ask_notify": ("Tell us where you published it: {contact}", "Cuéntenos dónde lo publicó: {contact}",
                   "Conte-nos onde publicou: {contact}", "Dites-nous où vous l’avez publié : {contact}"),
    "ask_canonical": ("Put the canonical link below into your page’s head.",
                      "Ponga el enlace canónico de abajo en el head de su página.",
                      "Coloque o link canônico abaixo no head da página.",
                      "Placez le lien canonique ci-dessous dans le head de la page."),
    "ask_noindex": ("Keep your copy out of search engines, with the tag below.",
                    "Mantenga su copia fuera de los buscadores, con la etiqueta de abajo.",
                    "Mantenha sua cópia fora dos buscadores, com a tag abaixo.",
                    "Excluez votre copie des moteurs de recherche, avec la balise ci-dessous."),
    "take_html": ("HTML to paste", "HTML para pegar", "HTML para colar", "HTML à coller"),
    "take_notice": ("The credit alone", "Solo el crédito", "Só o crédito", "Le crédit seul"),
    "take_how": ("Without the button: click into a box, select all of it, and copy; or download its file.",
                 "Sin el botón: haga clic en un cuadro, seleccione todo y cópielo; o descargue su archivo.",
                 "Sem o botão: clique numa caixa, selecione tudo e copie; ou baixe o arquivo.",
                 "Sans le bouton : cliquez dans un cadre, sélectionnez tout et copiez ; ou téléchargez son fichier."),
    "take_canonical": ("For the head of your page: recommended", "Para el head de su página: recomendado",
                       "Para o head da sua página: recomendado", "Pour le head de votre page : recommandé"),
    "why_canonical": ("Tells search engines which page is the original.",
                      "Indica a los buscadores cuál es la página original.",
                      "Diz aos buscadores qual é a página original.",
                      "Indique aux moteurs de recherche quelle page est l’original."),
    "take_noindex": ("For the head of your page: only if you want", "Para el head de su página: solo si quiere",
                     "Para o head da sua página: só se quiser", "Pour le head de votre page : si vous le souhaitez"),
    "why_noindex": ("Keeps your copy out of search engines altogether; the canonical link does not promise that.",
                    "Deja su copia fuera de los buscadores por completo; el enlace canónico no lo garantiza.",
                    "Deixa sua cópia totalmente fora dos buscadores; o link canônico não garante isso.",
                    "Exclut votre copie des moteurs de recherche ; le lien canonique ne le garantit pas."),
    "download": ("Download", "Descargar", "Baixar", "Télécharger"),
    "about_article.html": ("the article to paste, as HTML", "el artículo para pegar, en HTML",
                           "o artigo para colar, em HTML", "l’article à coller, en HTML"),
    "about_article.txt": ("the article as plain text", "el artículo en texto simple", "o artigo em texto simples",
                          "l’article en texte brut"),
    "about_article.md": ("the article as Markdown", "el artículo en Markdown", "o artigo em Markdown",
                         "l’article en Markdown"),
    "about_article.json": ("every field, for an import", "todos los campos, para importar",
                           "todos os campos, para importar", "tous les champs, pour un import"),
    "about_notice.html": ("the credit, as HTML", "el crédito, en HTML", "o crédito, em HTML", "le crédit, en HTML"),
    "about_notice.txt": ("the credit as plain text", "el crédito en texto simple", "o crédito em texto simples",
                         "le crédit en texte brut"),
    "about_LICENSE.txt": ("licence, version, checksum", "licencia, versión, suma de control",
                          "licença, versão, soma de verificação", "licence, version, somme de contrôle"),
    "counts_host": (("The HTML ends with an invisible picture of 1 by 1 pixel that tells us on which site the article "
                    "is read; it sets no cookie, and you may take it out."),
                    ("El HTML termina con una imagen invisible de 1 por 1 píxel que nos dice en qué sitio se lee el "
                    "artículo; no pone cookies, y usted puede quitarla."),
                    ("O HTML termina com uma imagem invisível de 1 por 1 pixel que nos diz em que site o artigo é "
                    "lido; ela não grava cookies, e você pode retirá-la."),
                    ("Le HTML se termine par une image invisible de 1 pixel sur 1 qui nous dit sur quel site "
                    "l’article est lu ; elle ne dépose aucun cookie, et vous pouvez la retirer.")),
    "counts_page": (("The HTML ends with an invisible picture of 1 by 1 pixel that tells us on which page the article "
                    "is read; it sets no cookie, and you may take it out."),
                    ("El HTML termina con una imagen invisible de 1 por 1 píxel que nos dice en qué página se lee el "
                    "artículo; no pone cookies, y usted puede quitarla."),
                    ("O HTML termina com uma imagem invisível de 1 por 1 pixel que nos diz em que página o artigo é "
                    "lido; ela não grava cookies, e você pode retirá-la."),
                    ("Le HTML se termine par une image invisible de 1 pixel sur 1 qui nous dit sur quelle page "
                    "l’article est lu ; elle ne dépose aucun cookie, et vous pouvez la retirer.")),
    "copy_text": ("Copy", "Copiar", "Copiar", "Copier"),
    "copied": ("Copied", "Copiado", "Copiado", "Copié"),
    "files": ("Files", "Archivos", "Arquivos", "Fichiers"),
    "images": ("Images", "Imágenes", "Imagens", "Images"),
    "no_images": ("This article has no images.", "Este artículo no tiene imágenes.",
                  "Este artigo não tem imagens.", "Cet article n’a pas d’images."),
    "image_yes": ("May be republished", "Se puede republicar", "Pode ser republicada", "Republication permise"),
    "image_no": ("Not for republication", "No se puede republicar", "Não pode ser republicada",
                 "Republication interdite"),
    "image_file": ("Image file", "Archivo de imagen", "Arquivo de imagem", "Fichier image"),
    "corrections": ("Corrections", "Correcciones", "Correções", "Corrections"),
    "version": ("Version", "Versión", "Versão", "Version"),
    "original": ("Original article", "Artículo original", "Artigo original", "Article original"),
    "gone_text": (("This article has been withdrawn and may no longer be taken from here. If you have republished it, "
                  "please say so on your page, or take it down."),
                  ("Este artículo fue retirado y ya no se ofrece aquí. Si lo republicó, indíquelo en su página o "
                  "retírelo."),
                  ("Este artigo foi retirado e não está mais disponível aqui. Se você o republicou, avise na página "
                  "ou retire-o."),
                  ("Cet article a été retiré et n’est plus proposé ici. Si vous l’avez republié, signalez-le sur votre "
                  "page ou retirez-le.")),
    "gone_date": ("Withdrawn on {date}.", "Retirado el {date}.", "Retirado em {date}.", "Retiré le {date}."),
    "questions": ("Questions: {contact}", "Preguntas: {contact}", "Dúvidas: {contact}", "Questions : {contact}"),
}  # fmt: skip


@lru_cache(maxsize=len(LANGUAGES))
def _column(position: int) -> Mapping[str, str]:
    return {key: row[position] for key, row in ROWS.items()}


def page_words(language: str) -> Mapping[str, str]:
    """The words for an RFC 5646 tag, by its first part."""
    spoken = spoken_language(language)
    return _column(LANGUAGES.index(spoken))


def spoken_language(language: str) -> str:
    """The language that `page_words` answers in: the `lang` of the page around an article."""
    spoken = language.lower().partition("-")[0]
    return spoken if spoken in LANGUAGES else "en"
