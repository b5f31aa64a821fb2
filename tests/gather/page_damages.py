"""Damaged sitemaps and pages, a row each: what is served, what the store holds afterwards, what the operator reads.

Each is served after a sitemap with one story, "The gold route", was gathered: in the place of the sitemap or of
robots.txt, or as the page of a second story, "Silver", listed before a third one, "Copper", which is well.
"""

import gzip
import json
from functools import partial

from werkzeug import Request, Response

from tests.gather.damage_table import Damage, Serve, Where, cut_short, drip, send

GOLD_PATH, SILVER_PATH, COPPER_PATH = "/1/", "/2/", "/3/"
MAP_PATH, PART_PATH, ROBOTS_PATH = "/sitemap.xml", "/post-sitemap1.xml", "/robots.txt"
HTML = "text/html; charset=utf-8"
SILVER_TEXT = (
    "<p>The silver stays in the hills, in pits that nobody has counted, and the people who dig there sell it on "
    "Mondays to a man with a scale.</p><p>He has come for nine years, and he has never asked for a paper or "
    "signed one.</p>"
)
HOME = "{home}"  #: in what is served: the site, as it was asked
BY, BY_ND = "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by-nd/4.0/"


def here(body: str, *, media_type: str = HTML, **headers: str) -> Serve:
    """Answers with this text, in which `{home}` is the site's own address."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(request: Request) -> Response:
        return Response(body.replace(HOME, home_of(request)), content_type=media_type, headers=fields)

    return answer


def home_of(request: Request) -> str:
    """The site's own address, without a slash behind."""
    return request.host_url.rstrip("/")


def page(body: str = SILVER_TEXT, *, head: str = "", html: str = 'lang="en"', **data: object) -> str:
    """A page whose JSON-LD is that of "Silver", with these fields in it; those that are `...` are left out."""
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Silver",
        "datePublished": "2026-03-07T12:00:00Z",
        "author": {"@type": "Person", "name": "Jane Doe"},
    } | {name.replace("at_", "@"): value for name, value in data.items()}
    kept = {name: value for name, value in node.items() if value is not ...}
    return bare(body, head=f"{head}{script(json.dumps(kept))}", html=html)


def bare(body: str = SILVER_TEXT, *, head: str = "", html: str = 'lang="en"') -> str:
    """A page without JSON-LD."""
    return (
        f"<!DOCTYPE html><html {html}><head>{head}</head><body><header><nav><a href='/'>Home</a></nav></header>"
        f"<main><article>{body}</article></main><footer><p>Example Observatory</p></footer></body></html>"
    )


def script(text: str) -> str:
    """A script with JSON-LD."""
    return f'<script type="application/ld+json">{text.replace("</", "<" + chr(92) + "/")}</script>'


def graph(**metas: str) -> str:
    """OpenGraph's metas: `og_title` is `og:title`."""
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{text}">' for name, text in metas.items())


OPEN_GRAPH = graph(og_type="article", og_title="Silver", article_published_time="2026-03-07T12:00:00Z")


def urls(*paths: str, lastmod: str = "2026-03-07") -> str:
    """Entries of a sitemap."""
    return "".join(
        f"<url><loc>{path if ':' in path else HOME + path}</loc><lastmod>{lastmod}</lastmod></url>" for path in paths
    )


def listing(*entries: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', root: str = "urlset") -> str:
    """A sitemap of these entries."""
    return f'{head}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</{root}>'


def index(*paths: str) -> str:
    """An index of sitemaps."""
    maps = (f"<sitemap><loc>{path if ':' in path else HOME + path}</loc></sitemap>" for path in paths)
    return listing(*maps, root="sitemapindex")


PAGES = (GOLD_PATH, SILVER_PATH, COPPER_PATH)
PARTNER = "https://partner.example.com"
ALL = urls(*PAGES)
NOT_LISTED = "asks not to be listed (noindex)"
SCRIPTED = "<p>They told us <a href='javascript:alert(1)' onclick='x()'>a part of it</a> at the port, on a Monday.</p>"
XML = "application/xml"
xml = partial(here, media_type=XML)
send_xml = partial(send, media_type=XML)
send_html = partial(send, media_type=HTML)
REST = "the other pages"
FRONT = bare("<h1>Example Observatory</h1><p>News of the rivers.</p>", head=graph(og_type="website"))
LOGIN = bare(
    "<h1>Log in</h1><p>Log in to go on reading, or become a member of the Observatory today.</p><form action='/login/' "
    "method='post'><input name='user'><input name='password' type='password'><button>Log in</button></form>",
    head="<title>Log in</title>",
)
LOST = bare(
    "<h1>Page not found</h1><p>The page that you were looking for is not here any more, and we are sorry for that.</p>",
    head="<title>Page not found</title>",
)
SENT_ON = bare("<p>You are sent on.</p>", head='<meta http-equiv="refresh" content="0; url=/">')
#: What stands at other places of the site.
ELSEWHERE: dict[str, Serve] = {
    "/": here(FRONT),
    "/login/": here(LOGIN),
    "/inner.xml": xml(index("/post-sitemap1.xml")),
    "/inner-page.xml": here(FRONT),
}


def failed(name: str, serve: Serve, says: str, *, path: str = SILVER_PATH) -> Damage:
    """The source failed, all is as before."""
    return Damage(name=name, serve=serve, where=Where.FAILED, says=says, path=path)


def refused(name: str, serve: Serve, says: str, *, path: str = SILVER_PATH, adds: tuple[str, ...] = ()) -> Damage:
    """The page is refused, the others are taken."""
    all_added = (*adds, "Copper")
    return Damage(name=name, serve=serve, where=Where.REFUSED, says=says, adds=all_added, rest=REST, path=path)


def passed(name: str, serve: Serve) -> Damage:
    """The page is passed over, the others are taken."""
    return Damage(name=name, serve=serve, where=Where.PASSED, adds=("Copper",), rest=REST, path=SILVER_PATH)


def gone(name: str, serve: Serve, says: str) -> Damage:
    """The page of the stored story says that it is not there."""
    return Damage(name=name, serve=serve, where=Where.GONE, says=says, adds=("Silver", "Copper"), path=GOLD_PATH)


def noted(name: str, serve: Serve, says: str, *, title: str = "Silver") -> Damage:
    """The page is taken, and carries a note."""
    return Damage(name=name, serve=serve, where=Where.ARTICLE, says=says, adds=(title, "Copper"), path=SILVER_PATH)


def mended(name: str, serve: Serve, says: str) -> Damage:
    """The sitemap is taken, and the source carries a note."""
    return Damage(name=name, serve=serve, where=Where.SOURCE, says=says, adds=("Silver", "Copper"), path=MAP_PATH)


def licensed(name: str, serve: Serve, says: str) -> Damage:
    """The page is taken, and may not be republished."""
    return Damage(name=name, serve=serve, where=Where.LICENCE, says=says, adds=("Silver", "Copper"), path=SILVER_PATH)


def harmless(name: str, serve: Serve, *, path: str = SILVER_PATH, title: str = "Silver") -> Damage:
    """The page or map is taken as if nothing were wrong."""
    return Damage(name=name, serve=serve, where=Where.NOWHERE, adds=(title, "Copper"), path=path)


def packed(body: str) -> Serve:
    """A sitemap as a file that is packed, which no header says."""
    return lambda request: Response(gzip.compress(body.replace(HOME, home_of(request)).encode()), content_type=XML)


def in_latin_1(body: str) -> Serve:
    """A sitemap in another encoding than it says."""
    return lambda request: Response(body.replace(HOME, home_of(request)).encode("latin-1"), content_type=XML)


map_failed = partial(failed, path=MAP_PATH)
map_refused = partial(refused, path=MAP_PATH, adds=("Silver",))
map_harmless = partial(harmless, path=MAP_PATH)
ELSE_SITE = "is at another site than the sitemap"
WEB_PAGE = "is a web page, no sitemap; robots.txt may name the sitemap's address"
MAPS = (
    map_failed("an empty sitemap", xml(""), "{url}: is empty"),
    map_failed("a web page in its place", here(FRONT), f"{{url}}: {WEB_PAGE}"),
    map_failed("a feed in its place", xml("<rss version='2.0'/>"), "{url}: is no sitemap: its root element is rss"),
    map_failed("404 in its place", send("", status=404), "{url}: answers 404"),
    map_failed("500 in its place", send("", status=500), "{url}: answered 500 INTERNAL SERVER ERROR"),
    map_failed(
        "XML cut in the middle",
        xml(listing(urls("/a/"))[:-9]),
        "{url}: breaks off in the middle; it is read again at the next visit",
    ),
    map_failed(
        "a DOCTYPE with entities",
        xml(listing(ALL, head="<!DOCTYPE urlset [<!ENTITY a 'b'>]>")),
        "{url}: has a DOCTYPE; such a sitemap is not read",
    ),
    map_failed(
        "a gzip bomb", send_xml(gzip.compress(b" " * 60_000_000)), "{url}: unpacks to more than 50,000,000 bytes"
    ),
    map_failed(
        "gzip cut in the middle",
        send_xml(gzip.compress(listing(ALL).encode())[:-20]),
        "{url}: breaks off in the middle",
    ),
    mended(
        "a bare & in an address",
        xml(listing(urls("/?p=1&q=2"), ALL)),
        "{url}: its XML is broken (a “&” that should be “&amp;”, line 1): mended while reading",
    ),
    mended(
        "it says UTF-8 and is Latin-1",
        in_latin_1(listing("<url><loc>/a\xf1o/</loc></url>", ALL)),
        "{url}: its XML is broken (Invalid bytes in character encoding, line 1): mended while reading",
    ),
    map_harmless("gzip that no header tells of", packed(listing(ALL))),
    map_harmless("no XML namespace", xml(f"<urlset>{ALL}</urlset>")),
    map_harmless("a map without entries in an index", xml(index(PART_PATH, "/post-sitemap9.xml"))),
    map_harmless("an index that names itself", xml(index(MAP_PATH, PART_PATH))),
    map_harmless("an index in an index", xml(index("/inner.xml"))),
    map_refused(
        "a web page among the maps of an index",
        xml(index("/inner-page.xml", PART_PATH)),
        f"this part of the sitemap {WEB_PAGE}",
    ),
    map_harmless("every entry twice", xml(listing(ALL, ALL))),
    map_harmless("relative addresses", xml(listing("<url><loc>/2/</loc></url><url><loc>3/</loc></url>"))),
    map_harmless("an address that is a script", xml(listing("<url><loc>javascript:alert(1)</loc></url>", ALL))),
    map_harmless("a `lastmod` in words", xml(listing(urls(*PAGES, lastmod="7 de marzo")))),
    map_harmless("a `lastmod` in the future", xml(listing(urls(*PAGES, lastmod="2037-03-07")))),
    map_refused("an entry of another site", xml(listing(ALL, urls(f"{PARTNER}/4/"))), ELSE_SITE),
    Damage(
        name="an entry of another site, and no other new one",
        serve=xml(listing(urls(GOLD_PATH, lastmod="2026-03-06T12:00:00Z"), urls(f"{PARTNER}/4/"))),
        where=Where.REFUSED,
        says=ELSE_SITE,
        rest="all as it was",
        path=PART_PATH,
    ),
    map_refused(
        "10,000 entries of another site",
        xml(listing(ALL, *(urls(f"{PARTNER}/{number}/") for number in range(10_000)))),
        ELSE_SITE,
    ),
)
robots_failed = partial(failed, path=ROBOTS_PATH)
robots_harmless = partial(harmless, path=ROBOTS_PATH)
text = partial(send, media_type="text/plain")
UNKNOWN = "so that nobody knows which pages we may read"
ROBOTS = (
    robots_harmless("a web page in its place", here(FRONT)),
    robots_harmless("403 in its place", send("", status=403)),
    robots_harmless("a megabyte of it", text("#" * 1_000_000)),
    refused(
        "it forbids a page",
        text("User-agent: *\nDisallow: /2/\n"),
        "robots.txt of its site asks us not to read it",
        path=ROBOTS_PATH,
    ),
    robots_failed(
        "500 in its place", send("", status=500), f"{{site}}/robots.txt: answered 500 INTERNAL SERVER ERROR, {UNKNOWN}"
    ),
    robots_failed(
        "429 in its place", send("", status=429), f"{{site}}/robots.txt: answered 429 TOO MANY REQUESTS, {UNKNOWN}"
    ),
    robots_failed(
        "a redirect to itself in its place",
        send("", status=302, Location=ROBOTS_PATH),
        f"{{site}}/robots.txt: redirects more than 5 times, {UNKNOWN}",
    ),
)
FRONT_PAGE = "leads to the front page: it may have been taken down"
LEADS_AWAY = "is not fetched: 169.254.169.254 is not on the public internet; if that is meant, add it to private_hosts"
BREAKS_OFF = "breaks off in the middle; it is read again at the next visit"
NO_PAGE = "not text/html or application/xhtml+xml"
to = partial(send, "", status=302)
ANSWERS = (
    passed("404 for a page that is not stored", send_html("<h1>Not found</h1>", status=404)),
    gone("404 for one that is", send_html("<h1>Not found</h1>", status=404), "its page answers 404"),
    gone("410 for one that is", send_html("", status=410), "its page answers 410"),
    refused("401", send("", status=401), "its page answers 401"),
    refused("403", send("", status=403), "its page answers 403"),
    refused("500", send("", status=500), "its page answered 500 INTERNAL SERVER ERROR"),
    failed(
        "503, come again later",
        send("", status=503, Retry_After="7200"),
        "{site}/2/: answered 503 SERVICE UNAVAILABLE",
    ),
    failed("429", send("", status=429), "{site}/2/: answered 429 TOO MANY REQUESTS"),
    refused("a redirect to itself", to(Location=SILVER_PATH), "its page redirects more than 5 times"),
    refused("a redirect to a private address", to(Location="http://169.254.169.254/latest"), LEADS_AWAY),
    refused("a redirect to the front page", to(Location="/"), FRONT_PAGE),
    refused(
        "a redirect to another page of the sitemap",
        to(Location=COPPER_PATH),
        "another page has the same address: {site}/3/",
    ),
    passed("a redirect to a page to log in", to(Location="/login/")),
    passed("a form to log in", here(LOGIN)),
    passed("a page that says “not found” with status 200", here(LOST)),
    passed("a page that sends readers on (meta refresh)", here(SENT_ON)),
    passed("the front page with status 200", here(FRONT)),
    passed("noise", send_html(b"\x00\x01\x02garbage\xff")),
    passed("a PDF", send(b"%PDF-1.7", media_type="application/pdf")),
    passed("a picture", send(b"\x89PNG", media_type="image/png")),
    refused("a page that is called text/plain", text(page()), f"its page is text/plain, {NO_PAGE}"),
    refused("a page without a Content-Type", send(page(), media_type=""), f"its page is of no stated type, {NO_PAGE}"),
    refused("an empty body", send_html(""), "is no web page: there is nothing in it"),
    refused("50 MB", send_html(b"<p>gold</p>" * 5_000_000), "its page is larger than 10,000,000 bytes"),
    refused(
        "a gzip bomb",
        send_html(gzip.compress(b" " * 9_000_000), Content_Encoding="gzip"),
        "its page unpacks to more than 100 times what was sent",
    ),
    refused(
        "a body that is not packed as it says",
        send_html(page(), Content_Encoding="gzip"),
        "its page is damaged: it cannot be unpacked",
    ),
    refused(
        "a packing that was not asked for",
        send_html(b"x", Content_Encoding="br"),
        "its page is packed as 'br', which was not asked for",
    ),
    refused(
        "a body that drips", drip(b"<p>gold</p>", pause=0.05, media_type=HTML), "its page took longer than {total} s"
    ),
    refused("a body shorter than announced", cut_short(page(), media_type=HTML), "its page broke off (ProtocolError)"),
    refused("HTML cut in the middle", here(page()[: page().index("He has come")]), BREAKS_OFF),
    refused("HTML cut in its head", here(page()[:150]), BREAKS_OFF),
)
NEW_YEAR = page(headline="Año nuevo").replace("\\u00f1", "ñ")
LATIN_META = NEW_YEAR.replace("<head>", '<head><meta charset="iso-8859-1">')
accents = partial(harmless, title="Año nuevo")
ENCODINGS = (
    accents(
        "the header says Latin-1, it is UTF-8", send(NEW_YEAR.encode(), media_type="text/html; charset=iso-8859-1")
    ),
    accents("the header says UTF-8, it is Latin-1", send_html(NEW_YEAR.encode("latin-1"))),
    accents("the meta says Latin-1, header and bytes UTF-8", send_html(LATIN_META.encode())),
    accents("none is declared, it is UTF-8", send(NEW_YEAR.encode(), media_type="text/html")),
    accents("none is declared, it is Latin-1", send(NEW_YEAR.encode("latin-1"), media_type="text/html")),
    accents("one that does not exist", send(NEW_YEAR.encode(), media_type="text/html; charset=klingon")),
    accents("a byte order mark", send(NEW_YEAR.encode("utf-8-sig"), media_type="text/html")),
    accents("UTF-16 with a byte order mark", send(NEW_YEAR.encode("utf-16"), media_type="text/html")),
    noted(
        "one broken byte in UTF-8",
        send_html(NEW_YEAR.replace("nuevo", "nuevo é, í y ó").encode().replace(b"signed", b"sign\xffed")),
        "some of its bytes are no characters: shown as \ufffd",
        title="Año nuevo é, í y ó",
    ),
)
ARTICLE: dict[str, object] = {"@type": "NewsArticle", "headline": "Silver", "datePublished": "2026-03-07T12:00:00Z"}
BROKEN = '{"@type": "NewsArticle", "headline": "Silver", '
NO_AUTHOR = "the page does not say who wrote it"
NO_JSON = "its JSON-LD cannot be read, and nothing else says that it is an article"


def in_data(*values: object) -> Serve:
    """A page with this JSON-LD."""
    return here(bare(head="".join(script(json.dumps(value)) for value in values)))


WRONG_TYPES: dict[str, object] = ARTICLE | {
    "headline": [["x"], "Silver"],
    "author": [[["Jane"]], 7],
    "articleSection": [{"a": 1}],
    "keywords": {"a": [1]},
    "image": [[], None],
    "correction": [[1], "", {"text": 7}],
    "hasPart": [None, [1]],
    "publisher": [1],
    "url": 7,
    "mainEntityOfPage": [1],
    "inLanguage": {"alternateName": [1]},
    "license": [[1]],
    "copyrightHolder": [3],
    "translationOfWork": [1],
    "description": [1],
    "isAccessibleForFree": [1],
}
DATA = (
    noted(
        "JSON-LD that is broken, beside OpenGraph",
        here(bare(head=OPEN_GRAPH + script(BROKEN))),
        "its JSON-LD cannot be read: taken from the rest of the page",
    ),
    refused("JSON-LD that is broken, and nothing beside it", here(bare(head=script(BROKEN))), NO_JSON),
    refused(
        "JSON-LD that is broken, and says that readers pay",
        here(bare(head=OPEN_GRAPH + script(BROKEN + '"isAccessibleForFree": false'))),
        "is for paying readers only, says its page",
    ),
    licensed(
        "JSON-LD that is broken, and names a licence",
        here(bare(head=OPEN_GRAPH + script(f'{BROKEN}"license": "{BY}"'))),
        "the licence in its page's data is “(cannot be read)”, which is no exact licence",
    ),
    passed("no JSON-LD, no OpenGraph, no date", here(bare(f"<h1>Silver</h1>{SILVER_TEXT}"))),
    noted("no JSON-LD at all, beside OpenGraph", here(bare(head=OPEN_GRAPH)), NO_AUTHOR),
    harmless("HTML in its headline", here(page(headline="<b>Silver</b> &amp; tin")), title="Silver & tin"),
    harmless("half a character in its headline", here(page().replace('"Silver"', '"Silver\\ud800"'))),
    noted("a graph", in_data({"@graph": [{"@type": "WebSite"}, ARTICLE]}), NO_AUTHOR),
    noted(
        "an array, and an article with two types", in_data([{}, ARTICLE | {"@type": ["Report", "Thing"]}]), NO_AUTHOR
    ),
    passed("two articles, none of them the page's own", in_data(*(ARTICLE | {"headline": name} for name in "AB"))),
    noted(
        "two articles, one of them the page's own",
        in_data(ARTICLE | {"headline": "A"}, ARTICLE | {"url": "/2/"}, ARTICLE | {"url": "/3/", "headline": "B"}),
        NO_AUTHOR,
    ),
    harmless("an author that is a text", here(page(author="By Jane Doe"))),
    harmless("authors of all kinds", here(page(author=["Jane Doe", {"name": "Ben Ito"}, None, 7]))),
    harmless("an author in an author", here(page(author={"@type": "Person", "name": {"@value": "Jane Doe"}}))),
    noted("an author that is null", here(page(author=None)), NO_AUTHOR),
    harmless("a byline of 60 kB", here(page(author="Jane Doe " * 7000))),
    harmless("a byline of 5,000 names", here(page(author=", ".join(f"Jane Doe {number}" for number in range(5000))))),
    noted("wrong types everywhere", in_data(WRONG_TYPES), NO_AUTHOR),
    licensed(
        "a number for a licence",
        here(page(license=7)),
        "the licence in its page's data is “7”, which is no exact licence",
    ),
)
UNREAD = "has no date of publication that can be read ('{}')"
DATES = (
    refused("no date", here(page(datePublished=...)), "has no date of publication"),
    refused("a date in words", here(page(datePublished="7 de marzo de 2026")), UNREAD.format("7 de marzo de 2026")),
    refused("a number for a date", here(page(datePublished=1772884800)), UNREAD.format("1772884800")),
    refused("a zero date", here(page(datePublished="0000-00-00")), UNREAD.format("0000-00-00")),
    refused("the year 9999", here(page(datePublished="9999-12-31")), UNREAD.format("9999-12-31")),
    noted(
        "a date in words, and a right one in OpenGraph",
        here(page(head=OPEN_GRAPH, datePublished="7 de marzo de 2026")),
        "its date cannot be read ('7 de marzo de 2026'): another one of its page is taken",
    ),
    noted(
        "a date in the future",
        here(page(datePublished="2037-03-07T12:00:00Z")),
        "published in the future, says the source",
    ),
    harmless("a date before 1970", here(page(datePublished="1969-03-07T12:00:00Z"))),
    harmless("another date in OpenGraph", here(page(head=graph(article_published_time="2020-01-01T00:00:00Z")))),
    harmless("changed before it was published", here(page(dateModified="2020-01-01T00:00:00Z"))),
    harmless("changed in the future", here(page(dateModified="2037-01-01T00:00:00Z"))),
)


def canonical(*urls: str) -> str:
    """A page with these canonical addresses."""
    return page(head="".join(f'<link rel="canonical" href="{url}">' for url in urls))


def in_languages(**urls: str) -> str:
    """A page that names these languages and their addresses."""
    links = (f'<link rel="alternate" hreflang="{language}" href="{url}">' for language, url in urls.items())
    return page(head="".join(links))


SAME = "another page has the same address: {site}/1/"
ADDRESSES = (
    refused("a canonical address that is another article's", here(canonical("/1/")), SAME),
    refused(
        "a canonical address at another site",
        here(canonical(f"{PARTNER}/x/")),
        f"is another's article: its canonical address is {PARTNER}/x/",
    ),
    noted(
        "a canonical address that is the front page",
        here(canonical("/")),
        "its canonical address is the front page: not used",
    ),
    harmless("a relative canonical address", here(canonical("../2/?utm_source=x"))),
    harmless("a canonical address that is a script", here(canonical("javascript:alert(1)"))),
    harmless("an empty canonical address before two others", here(canonical("", "/2/", "/1/"))),
    harmless("`hreflang` to itself", here(in_languages(en="/2/", es="/2/"))),
    harmless("`hreflang` to a page that is not there", here(in_languages(en="/99/", es="/2/"))),
)
SIZE = "its title is longer than 1,000 characters (10,000)"
NO_LANGUAGE = "its language is not said: taken as en"
TEXTS = (
    refused("no title", here(page(headline="")), "has no title"),
    refused("a title of 10 kB", here(page(headline="x" * 10_000)), SIZE),
    harmless(
        "characters in a title that turn its direction",
        here(page(headline="Sil\x00\x0bver \u202efdp.exe")),
        title="Silver fdp.exe",
    ),
    refused("a paywall in the place of the text", here(page("<div class='paywall'></div>")), "has no text"),
    refused(
        "a wall of cookies in the place of the text",
        here(page("<div class='wall'><button>Accept all cookies</button></div>")),
        "has no text",
    ),
    refused(
        "a text that is for paying readers",
        here(page(isAccessibleForFree=False)),
        "is for paying readers only, says its page",
    ),
    noted(
        "a text in the JSON-LD only",
        here(page("", articleBody="The silver stays.\n\nIn the hills.")),
        "only the plain text in its page's data",
    ),
    refused(
        "a text of more than a megabyte",
        here(page(f"<p>{'gold ' * 240_000}</p>")),
        "its text is larger than 1,000,000 bytes (1,200,007)",
    ),
    refused(
        "60,000 paragraphs",
        here(page("<p>gold and silver</p>" * 60_000)),
        "its text has more than 30,000 elements (60,001)",
    ),
    refused(
        "10,000 boxes in one another",
        here(page(f"{'<div>' * 10_000}{SILVER_TEXT}{'</div>' * 10_000}")),
        "its elements are nested too deep (more than 256 levels)",
    ),
    noted("a script in a link", here(page(SILVER_TEXT + SCRIPTED)), "link without a usable address unwrapped"),
    noted(
        "pictures without an address, or with a `data:` one",
        here(page(SILVER_TEXT + "<p><img><img src=''><img src='data:image/gif;base64,R0lGOD'></p>" + SCRIPTED)),
        "picture without a usable address removed (3)",
    ),
    noted("no language", here(page(html="")), NO_LANGUAGE),
    noted(
        "a language that is none",
        here(page(html='lang="English (US)"')),
        "its language cannot be read ('English (US)'): taken as en",
    ),
    refused("`noindex` in a meta", here(page(head='<meta name="robots" content="noindex">')), NOT_LISTED),
    refused("`noindex` in a header", here(page(), X_Robots_Tag="noindex"), NOT_LISTED),
)
NO_LICENCE = "{} is “{}”, which is no exact licence"
IN_DATA, REL = "the licence in its page's data", "rel=license of its page"
LICENCES = (
    licensed(
        "two licences in the JSON-LD",
        here(page(license=[BY, BY_ND])),
        NO_LICENCE.format(IN_DATA, f"{BY}, {BY_ND}"[:80]),
    ),
    licensed(
        "two licences in the head",
        here(page(head=f'<link rel="license" href="{BY}"><link rel="license" href="{BY_ND}">')),
        NO_LICENCE.format(REL, f"{BY}, {BY_ND}"[:80]),
    ),
    licensed(
        "`rel=license` to no licence",
        here(page(f'{SILVER_TEXT}<a rel="license" href="/terms/">Terms</a>')),
        NO_LICENCE.format(REL, "/terms/"),
    ),
    licensed(
        "all rights reserved, against the licence of the source",
        here(page(copyrightNotice="© Example. All rights reserved.")),
        "the notice of copyright in its page: all-rights-reserved",
    ),
)
PARTS = {
    "The sitemap": MAPS,
    "robots.txt": ROBOTS,
    "What a page answers": ANSWERS,
    "Encodings of pages": ENCODINGS,
    "JSON-LD": DATA,
    "Dates of pages": DATES,
    "Addresses": ADDRESSES,
    "Titles and texts": TEXTS,
    "Licences": LICENCES,
}
EVERYTHING = tuple(row for rows in PARTS.values() for row in rows)
HEAD = """## Damaged pages

A sitemap lists three pages. One story, “The gold route”, was gathered before; what is damaged is the sitemap,
robots.txt, or the page of the second story, “Silver”; the third one, “Copper”, is well. What is refused here, or passed
over as no article, is never taken for a new state of a stored article either: that stays, and the operator reads the
same words, or “does not say any more that it is an article; what is stored of it stays”.
"""
