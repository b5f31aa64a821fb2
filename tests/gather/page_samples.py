"""Pages in the shape that common systems make them, and what is asked of them in tests."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from publisher.gather.pages.page import Page, read_page
from publisher.gather.rights import Rights
from publisher.gather.sitemap.article import PageReading, to_article
from publisher.gather.sitemap.parse import Listed
from publisher.gather.source import Refusal, Seen
from publisher.model.article import SourceArticle
from publisher.settings import SourceOptions

URL = "https://news.example.org/gold-route/"
CHROME = '<nav><a href="/">Home</a> <a href="/about/">About us</a></nav>'
FOOTER = "<footer><p>All rights reserved. Example Observatory, Calle 1, Bogotá.</p></footer>"
STORY = (
    "<p>The gold leaves the river at night, in boats without lights, and "
    "nobody at the port has ever asked for a paper.</p>"
    '<figure><img src="/img/river.jpg" alt="A river" width="800" height="600">'
    "<figcaption>At dawn. (Photo: Example Observatory)</figcaption></figure>"
    "<h2>The first buyer</h2>"
    '<p>The first buyer, whose name stands in <a href="https://records.example.net/1">court records</a>, weighs it on '
    'a scale made for rice<sup><a href="#fn1">1</a></sup> and takes no questions.</p>'
    "<table><tr><th>Year</th><th>Tons</th></tr><tr><td>2024</td><td>12</td></tr></table>"
    '<ol><li id="fn1">Weights of 2024, as far as the customs office has written them down.</li></ol>'
)
#: WordPress with Yoast: one graph, in which everything refers to everything else.
WORDPRESS = f"""<!DOCTYPE html><html lang="es-MX"><head><meta charset="UTF-8">
<title>La ruta del oro &#8211; Example Observatory</title><link rel="canonical" href="{URL}">
<meta property="og:type" content="article"><meta property="og:title" content="La ruta del oro - Example Observatory">
<meta property="og:site_name" content="Example Observatory"><meta property="article:section" content="Ignored">
<script type="application/ld+json" class="yoast-schema-graph">{{"@context":"https://schema.org","@graph":[
{{"@type":"Article","@id":"{URL}#article","isPartOf":{{"@id":"{URL}"}},"headline":"La ruta del oro &amp; m\\u00e1s",
"author":[{{"@id":"https://news.example.org/#/schema/person/1","name":"Ana Ruiz"}},{{"@type":"Person","name":"Ben Ito",
"url":"/author/ben/"}}],"datePublished":"2026-03-06T07:00:00-05:00","dateModified":"2026-03-07T12:00:00+00:00",
"mainEntityOfPage":{{"@id":"{URL}"}},"image":{{"@id":"{URL}#primaryimage"}},"keywords":["Gold","country-Peru"],
"articleSection":["Investigations","Rivers"],"inLanguage":"es-MX"}},
{{"@type":"WebPage","@id":"{URL}","url":"{URL}","name":"La ruta del oro"}},
{{"@type":"ImageObject","@id":"{URL}#primaryimage","contentUrl":"https://news.example.org/img/river.jpg","width":1200,
"height":800,"creditText":"Reuters"}},
{{"@type":"Person","@id":"https://news.example.org/#/schema/person/1","name":"Ana Ruiz",
"url":"https://news.example.org/author/ana/"}}]}}</script></head><body class="single">{CHROME}
<main><article class="post"><header class="entry-header"><h1>La ruta del oro</h1>
<div class="entry-meta">6 March</div></header>
<div class="entry-content">{STORY}<div class="sharedaddy"><h3>Share this:</h3><ul><li>
<a href="https://x.example/">Post it</a></li></ul></div></div></article><section id="comments"><ol><li>
<p>Great article, thank you so much.</p></li></ol></section>
</main><aside><h3>Related</h3><a href="/2/">Another story that nobody reads</a></aside>{FOOTER}</body></html>"""
#: Drupal with microdata and no JSON-LD at all.
DRUPAL = f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><title>The gold route | Example Observatory</title></head>
<body>{CHROME}<div class="node node--type-article" itemscope itemtype="http://schema.org/NewsArticle">
<h1 itemprop="headline">The gold route</h1>
<span itemprop="author" itemscope itemtype="http://schema.org/Person">
<span itemprop="name">Jane Doe</span></span>
<time itemprop="datePublished" datetime="2026-03-06T12:00:00Z">6 March</time>
<meta itemprop="articleSection" content="Rivers">
<link itemprop="license" href="https://creativecommons.org/licenses/by/4.0/">
<div itemprop="articleBody" class="field--name-body">{STORY}</div></div>{FOOTER}</body></html>"""
#: A page written by hand, with no more than OpenGraph.
STATIC = f"""<html lang="en"><head><title>The gold route</title><meta property="og:title" content="The gold route">
<meta property="og:image" content="/img/river.jpg"><meta property="og:image:width" content="1200"><meta name="author"
content="Jane Doe and Ben Ito"><link rel="license" href="https://creativecommons.org/licenses/by-nd/4.0/"></head><body>
<div id="menu"><a href="/">Home</a></div><h1>The gold route</h1><p>By Jane Doe and Ben Ito</p>
<p>Published <time datetime="2026-03-06">6 March 2026</time></p>{STORY}</body></html>"""
ARABIC = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>طريق الذهب</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-06T12:00:00Z"></head><body>
<div id="nav"><a href="/">الرئيسية</a></div>
<article><h1>طريق الذهب</h1><p>يغادر الذهب النهر ليلاً في قوارب بلا أضواء، ولم يسأل أحد في الميناء عن ورقة واحدة.</p>
<p dir="ltr" lang="en">An English sentence stands here, and is long enough to be a paragraph of its own.</p>
</article></body></html>"""


def a_page(html: str, *, url: str = URL, **headers: str) -> Page:
    """A page as it is answered."""
    return read_page(html.encode(), url, {name.replace("_", "-"): value for name, value in headers.items()})


def a_news_page(data: str = "", *, head: str = "", body: str = STORY, html_attributes: str = 'lang="en"') -> str:
    """A page with this in its JSON-LD, beside what an article cannot do without."""
    node = (
        f'"@type":"NewsArticle","headline":"The gold route","datePublished":"2026-03-06T12:00:00Z"{data and ","}{data}'
    )
    script = f'<script type="application/ld+json">{{{node}}}</script>'
    page = f"<head>{head}{script}</head><body><article>{body}</article></body>"
    return f"<!DOCTYPE html><html {html_attributes}>{page}</html>"


def reading(**options: Any) -> PageReading:  # noqa: ANN401 - options of the source
    """A source at news.example.org that has no licence of its own."""
    return PageReading(
        site="news.example.org",
        options=SourceOptions.model_validate(options),
        rights=Rights(licence=None, whence="", holder="", own=frozenset({"Example Observatory"})),
        languages=("en", "es"),
        zone=ZoneInfo("America/Bogota"),
        now=datetime(2026, 4, 1, tzinfo=UTC),
    )


def taken(html: str, listed: Listed | None = None, **options: Any) -> Seen | Refusal | None:  # noqa: ANN401
    """What becomes of a page."""
    return to_article(a_page(html), listed or Listed(url=URL), reading(**options))


def article(html: str, listed: Listed | None = None, **options: Any) -> SourceArticle:  # noqa: ANN401
    """The article that a page becomes."""
    event = taken(html, listed, **options)
    assert isinstance(event, Seen), event
    return event.article


def refused(html: str, listed: Listed | None = None, **options: Any) -> str:  # noqa: ANN401
    """Why a page is refused."""
    event = taken(html, listed, **options)
    assert isinstance(event, Refusal), event
    return event.reason
