"""Damaged feeds, a row each: what is served, what the store holds afterwards, and what the operator reads.

Each is served after a good feed with one story, "The gold route", was gathered. `python -m tests.gather.damages` prints
docs/damage.md.
"""

import gzip
import sys
from xml.sax.saxutils import escape

from tests.gather import page_damages
from tests.gather.damage_table import Damage, Serve, Where, counting, cut_short, drip, send, table

GOLD = "The gold route"
NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"'
)
DATE = "<pubDate>Fri, 06 Mar 2026 12:0{}:00 GMT</pubDate>"
TEXTS = ("", "The gold leaves the river at night.", "The silver stays in the hills.", "Copper goes by train.")
ADDRESS = "http://partner.example.org"


def item(number: int = 2, **parts: str) -> str:
    """An item of RSS: `title` and `link` are texts, `guid`, `date` and `text` whole elements; an empty link is none."""
    link = parts.get("link", f"{ADDRESS}/{number}/")
    return (
        f"<item><title>{parts.get('title', 'Silver')}</title>{f'<link>{link}</link>' if link else ''}"
        f"{parts.get('guid', f'<guid isPermaLink={chr(39)}false{chr(39)}>piece-{number}</guid>')}"
        f"{parts.get('date', DATE.format(number))}"
        f"{parts.get('text', f'<description>&lt;p&gt;{TEXTS[number]}&lt;/p&gt;</description>')}</item>"
    )


def rss(*items: str, head: str = "<?xml version='1.0' encoding='utf-8'?>", channel: str = "") -> str:
    """An RSS feed of these items."""
    start = f"{head}<rss version='2.0' {NAMES}><channel><title>Partner</title><link>{ADDRESS}/</link>{channel}"
    return f"{start}{''.join(items)}</channel></rss>"


def atom(*entries: str) -> str:
    """An Atom feed of these entries."""
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:x</id><title>Partner</title>{''.join(entries)}</feed>"


def failed(name: str, serve: Serve, says: str, *, looked_up: str = "") -> Damage:
    """The source failed, all is as before."""
    return Damage(name=name, serve=serve, where=Where.FAILED, says=says, looked_up=looked_up)


def refused(name: str, says: str, *items: str, adds: tuple[str, ...] = ("Copper",)) -> Damage:
    """An item is refused, and the one behind it is taken."""
    return Damage(name=name, serve=send(rss(*items, COPPER)), where=Where.REFUSED, says=says, adds=adds)


def noted(name: str, serve: Serve, says: str, *, adds: tuple[str, ...] = ("Silver",)) -> Damage:
    """An article is taken, and carries a note."""
    return Damage(name=name, serve=serve, where=Where.ARTICLE, says=says, adds=adds)


def mended(name: str, serve: Serve, says: str, *, adds: tuple[str, ...] = ("Silver",)) -> Damage:
    """The feed is taken, and the source carries a note."""
    return Damage(name=name, serve=serve, where=Where.SOURCE, says=says, adds=adds)


def harmless(name: str, serve: Serve, *, adds: tuple[str, ...] = ("Silver",)) -> Damage:
    """The feed is taken as if nothing were wrong."""
    return Damage(name=name, serve=serve, where=Where.NOWHERE, adds=adds)


COPPER = item(3, title="Copper")
GOOD = rss(item(1, title=GOLD))
SILVER = rss(item())
LAUGHS = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
ENTITIES = "{url}: declares entities of its own in a DOCTYPE; such a feed is not read"
ACCENTS = rss(item(title="Año nuevo"))
PRIVATE = "is not on the public internet; if that is meant, add it to private_hosts"
CUT = "{url}: breaks off in the middle; it is read again at the next visit"
MENDED = "its XML is broken ({}): mended while reading"
PARTLY = "its XML is broken ({}): read as far as it goes, something may be missing"

ANSWERS = (
    failed("an empty answer", send(""), "{url}: is empty"),
    failed(
        "a web page in its place",
        send("<!doctype html><html><body>Moved</body></html>", media_type="text/html"),
        "{url}: is a web page, no feed; the page's source may name the feed's address",
    ),
    failed(
        "a picture in its place",
        send(b"\x89PNG", media_type="image/png"),
        "{url}: is image/png, no feed; is the address right?",
    ),
    failed(
        "another kind of XML",
        send("<urlset><url/></urlset>", media_type="text/xml"),
        "{url}: is no RSS, Atom or JSON feed",
    ),
    failed("noise", send(b"\x00\x01\x02garbage"), "{url}: is no RSS, Atom or JSON feed"),
    failed(
        "JSON of another kind",
        send('{"posts": []}', media_type="application/json"),
        "{url}: is JSON, but no JSON Feed: its `version` does not say so",
    ),
    failed("404", send("", status=404), "{url}: is not there (404): if the feed has moved, change the source's `url`"),
    failed(
        "410", send("", status=410), "{url}: has ended, says its server (410): take the source out, or change its `url`"
    ),
    failed(
        "401",
        send("", status=401),
        "{url}: asks for a name and a password (401): set `user` and `password` in the source's options",
    ),
    failed(
        "403",
        send("", status=403),
        "{url}: is not shown to us (403): ask its publisher, or see whether `user` and `password` are right",
    ),
    failed("418", send("", status=418), "{url}: answers 418"),
    failed("500", send("", status=500), "{url}: answered 500 INTERNAL SERVER ERROR"),
    failed("503, come again later", send("", status=503, Retry_After="600"), "{url}: answered 503 SERVICE UNAVAILABLE"),
    failed("429, without a word when", send("", status=429), "{url}: answered 429 TOO MANY REQUESTS"),
    failed(
        "429, come again in a year",
        send("", status=429, Retry_After="31536000"),
        "{url}: answered 429 TOO MANY REQUESTS",
    ),
    failed("a redirect to itself", send("", status=302, Location="/feed"), "{url}: redirects more than 5 times"),
    failed(
        "a redirect to a private address",
        send("", status=302, Location="http://169.254.169.254/latest"),
        f"http://169.254.169.254/latest: 169.254.169.254 {PRIVATE}",
    ),
    failed(
        "a redirect to a file",
        send("", status=302, Location="file:///etc/passwd"),
        "file:///etc/passwd: only http and https addresses are fetched",
    ),
    failed(
        "a DNS answer that changes to a private address",
        send(SILVER),
        "{url}: feeds.example.org, at 10.0.0.5, " + PRIVATE,
        looked_up="10.0.0.5",
    ),
    failed("a body that drips", drip(b" ", pause=0.05), "{url}: took longer than {total} s"),
    failed("a body without an end", drip(b" " * 65536, pause=0), "{url}: is larger than 10,000,000 bytes"),
    failed(
        "a gzip bomb",
        send(gzip.compress(b" " * 9_000_000), Content_Encoding="gzip"),
        "{url}: unpacks to more than 100 times what was sent",
    ),
    failed(
        "a body that is not packed as it says",
        send(SILVER, Content_Encoding="gzip"),
        "{url}: is damaged: it cannot be unpacked",
    ),
    failed(
        "a packing that was not asked for",
        send(b"x", Content_Encoding="br"),
        "{url}: is packed as 'br', which was not asked for",
    ),
    failed(
        "gzip cut in the middle",
        send(
            gzip.compress(rss(item(text="<description>" + "gold and silver " * 500 + "</description>")).encode())[:-40],
            Content_Encoding="gzip",
        ),
        CUT,
    ),
    failed("a body shorter than announced", cut_short(SILVER), "{url}: broke off (ProtocolError)"),
)
XML = (
    failed("XML cut in the middle", send(SILVER[:-60]), CUT),
    mended("XML cut behind the last item", send(SILVER[:-3]), PARTLY.format("expected '>', line 1")),
    failed("a billion laughs", send(rss(item(title="&b;"), head=LAUGHS)), ENTITIES),
    failed("an entity that names a file", send(rss(item(title="&x;"), head=OUTSIDE)), ENTITIES),
    failed("the same in UTF-16", send(rss(item(title="&x;"), head=OUTSIDE).encode("utf-16")), ENTITIES),
    harmless(
        "the old DOCTYPE of RSS 0.91",
        send(SILVER.replace("<rss", "<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://n.example/x.dtd'><rss")),
    ),
    mended(
        "a bare &",
        send(rss(item(title="Silver & tin"))),
        MENDED.format("a “&” that should be “&amp;”, line 1"),
        adds=("Silver & tin",),
    ),
    mended(
        "HTML's entities in XML",
        send(rss(item(title="Silver &amp; a&ntilde;o&nbsp;2026"))),
        MENDED.format("Entity 'ntilde' not defined, line 1"),
        adds=("Silver & año 2026",),
    ),
    mended(
        "a prefix that nobody declared",
        send(SILVER.replace(NAMES, "").replace("</item>", "<dc:creator>Ana</dc:creator></item>")),
        MENDED.format("Namespace prefix dc on creator is not defined, line 1"),
    ),
    mended(
        "something before the XML",
        send("\n<br>Warning\n" + SILVER),
        PARTLY.format("something stands before its “<?xml”, line 2"),
    ),
    mended(
        "something after the feed",
        send(SILVER + "<script>x</script>"),
        PARTLY.format("something stands behind its end, line 1"),
    ),
    mended("the whole feed twice", send(SILVER + SILVER), PARTLY.format("something stands before its “<?xml”, line 1")),
    mended(
        "CDATA that is not closed well",
        send(rss(item(text="<description><![CDATA[Text ]]> more ]]></description>"))),
        PARTLY.format("Sequence ']]>' not allowed in content, line 1"),
    ),
    mended(
        "tags that are not closed",
        send(rss(item(text="<description><p>The silver<br>stays.</p></description>"))),
        PARTLY.format("Opening and ending tag mismatch: br line 1 and p, line 1"),
    ),
    mended(
        "NUL bytes and other characters that XML forbids",
        send(rss(item(title="Sil\x00\x0bver&#0;&#x1F;"))),
        "characters that XML forbids were removed",
    ),
    harmless(
        "no XML namespace",
        send(
            atom(
                "<entry><id>a</id><title>Silver</title><link href='http://partner.example.org/2/'/><updated>2026-03-06T12:00:00Z</updated><summary>Text</summary></entry>"
            ).replace(" xmlns='http://www.w3.org/2005/Atom'", "")
        ),
    ),
    harmless(
        "entries of Atom in RSS",
        send(
            rss(
                "<entry><id>a</id><title>Silver</title><link href='http://partner.example.org/2/'/><updated>2026-03-06T12:00:00Z</updated><summary>Text</summary></entry>"
            )
        ),
    ),
    harmless("RSS that is called text/plain", send(SILVER, media_type="text/plain")),
    harmless("RSS without a Content-Type", send(SILVER, media_type="")),
)
ENCODINGS = (
    mended(
        "it says UTF-8 and is Latin-1",
        send(ACCENTS.encode("latin-1")),
        "it says that it is in utf-8, but it is in windows-1252: read as that",
        adds=("Año nuevo",),
    ),
    mended(
        "it says Latin-1 and is UTF-8",
        send(ACCENTS.replace("utf-8", "iso-8859-1").encode()),
        "it says that it is in iso-8859-1, but it is in utf-8: read as that",
        adds=("Año nuevo",),
    ),
    harmless(
        "the header says another charset than the XML",
        send(ACCENTS.encode(), media_type="application/rss+xml; charset=iso-8859-1"),
        adds=("Año nuevo",),
    ),
    harmless("a byte order mark", send(ACCENTS.encode("utf-8-sig")), adds=("Año nuevo",)),
    harmless("UTF-16", send(ACCENTS.replace("utf-8", "utf-16").encode("utf-16")), adds=("Año nuevo",)),
    mended(
        "one broken byte in UTF-8",
        send(ACCENTS.encode().replace(b"nuevo", "nuevo é, í y ó".encode() + b"\xff")),
        "some of its bytes are no characters: shown as \ufffd",
        adds=("Año nuevo é, í y ó\ufffd",),
    ),
)
DATES = (
    noted("no date", send(rss(item(date=""))), "no date: the time when it was first seen"),
    noted("an empty date", send(rss(item(date="<pubDate> </pubDate>"))), "no date: the time when it was first seen"),
    noted(
        "a date in words",
        send(rss(item(date="<pubDate>6 de marzo de 2026</pubDate>"))),
        "its date is in words ('6 de marzo de 2026'): read as 2026-03-06T00:00:00Z",
    ),
    noted(
        "a time zone in words",
        send(rss(item(date="<pubDate>Fri, 06 Mar 2026 12:00:00 CET</pubDate>"))),
        "its date is in words ('Fri, 06 Mar 2026 12:00:00 CET'): read as 2026-03-06T11:00:00Z",
    ),
    noted(
        "a time zone that nobody knows",
        send(rss(item(date="<pubDate>Fri, 06 Mar 2026 12:00:00 XQZ</pubDate>"))),
        "its time zone is not known ('Fri, 06 Mar 2026 12:00:00 XQZ'): read as UTC",
    ),
    noted(
        "no time zone",
        send(rss(item(date="<pubDate>2026-03-06T12:00:00</pubDate>"))),
        "its date names no time zone: read as UTC",
    ),
    refused(
        "a date that cannot be read",
        "has no date that can be read ('yesterday')",
        item(date="<pubDate>yesterday</pubDate>"),
    ),
    refused(
        "a day that could be two",
        "has no date that can be read ('12/03/2026')",
        item(date="<pubDate>12/03/2026</pubDate>"),
    ),
    refused(
        "the year 1",
        "has no date that can be read ('0001-01-01T00:00:00Z')",
        item(date="<pubDate>0001-01-01T00:00:00Z</pubDate>"),
    ),
    refused(
        "the year 9999",
        "has no date that can be read ('9999-12-31T00:00:00Z')",
        item(date="<pubDate>9999-12-31T00:00:00Z</pubDate>"),
    ),
    noted(
        "a date in the future",
        send(rss(item(date="<pubDate>Fri, 06 Mar 2037 12:00:00 GMT</pubDate>"))),
        "published in the future, says the source",
    ),
)
ITEMS = (
    refused("no title", "has no title", item(title="")),
    refused("a title that is only markup", "has no title", item(title=escape("<b><br></b>"))),
    harmless(
        "HTML in a title, escaped twice",
        send(rss(item(title=escape(escape("<b>Silver</b> & tin"))))),
        adds=("Silver & tin",),
    ),
    harmless("a script in a title", send(rss(item(title=escape("<script>alert(1)</script>Silver"))))),
    harmless(
        "characters in a title that turn its direction",
        send(rss(item(title="Silver \u202efdp.exe"))),
        adds=("Silver fdp.exe",),
    ),
    refused(
        "a title of a megabyte", "its title is longer than 1,000 characters (1,000,000)", item(title="x" * 1_000_000)
    ),
    refused("no text", "has no text", item(text="")),
    refused(
        "a text of more than a megabyte",
        "its text is larger than 1,000,000 bytes (1,199,999)",
        item(text=f"<description>{'gold ' * 240_000}</description>"),
    ),
    refused("no link and no address for an id", "has no address of its own", item(link="")),
    refused(
        "a link that is a script",
        "has no address that can be opened ('javascript:alert(1)')",
        item(link="javascript:alert(1)"),
    ),
    refused(
        "a link with a password in it",
        "has no address that can be opened ('https://u:p@partner.example.org/')",
        item(link="https://u:p@partner.example.org/"),
    ),
    harmless("a link relative to the feed", send(rss(item(link="/2/")))),
    harmless("no id", send(rss(item(guid="<category>x</category>")))),
    noted(
        "one id twice, with a newer state",
        send(rss(item(title="Old"), item(date=DATE.format(9)))),
        "stands twice in the feed under one id: the newer one is taken",
    ),
    refused(
        "one id for two stories",
        "another entry has the same id, and is newer or stands before it; the feed's maker must mend that",
        item(),
        item(title="An impostor", link=f"{ADDRESS}/9/"),
        adds=("Silver", "Copper"),
    ),
    Damage(
        name="an id that is another at each look",
        serve=counting(lambda number: rss(item(guid=f"<guid>urn:session:{number}</guid>"))),
        where=Where.NOWHERE,
        adds=("Silver",),
    ),
    harmless(
        "an id of ten thousand characters", send(rss(item(guid=f"<guid isPermaLink='false'>{'x' * 10_000}</guid>")))
    ),
    noted(
        "a script in the text",
        send(rss(item(text=f"<description>{escape('<p>Text</p><script>alert(1)</script>')}</description>"))),
        "script removed",
    ),
    noted("only a summary", send(SILVER), "only a summary in the feed"),
    noted("no language", send(SILVER), "its language is not said: taken as en"),
)
OTHERS = (
    Damage(
        name="an item of another publisher",
        serve=send(
            rss(item(text="<description>Text</description><source url='http://wire.example.net/'>The Wire</source>"))
        ),
        where=Where.LICENCE,
        says="the entry is The Wire's, by its own word, and names no licence",
        adds=("Silver",),
    ),
)
EVERYTHING = (*ANSWERS, *XML, *ENCODINGS, *DATES, *ITEMS, *OTHERS)
PARTS = {
    "What the server answers": ANSWERS,
    "XML": XML,
    "Encodings": ENCODINGS,
    "Dates": DATES,
    "Single items": ITEMS,
    "Others' items": OTHERS,
}


def page() -> str:
    """docs/damage.md."""
    return "\n".join([HEAD, table(PARTS), FEED_SIZE, page_damages.HEAD, table(page_damages.PARTS), FOOT])


HEAD = """# Damaged feeds and pages

What happens when a feed is damaged, or a page of a sitemap: what is kept of it, and what the operator reads. This page
is made from the tables of the tests (`python -m tests.gather.damages`); each row is served by a real server and
gathered into a real store.

Three things hold for every row. What was stored before stays as it was. Looking at the same damage again changes
nothing. And what is right is taken, however wrong the rest is, unless a feed or sitemap cannot be read at all.

## Damaged feeds
"""
FEED_SIZE = """### Size of a feed

A feed may have 10,000,000 bytes, unpacked; ten thousand entries are read in a few seconds. An article's text may have
1,000,000 bytes, its title 1,000 characters.
"""
FOOT = """## What to do

- **The source failed**: the message says what came instead of the feed or sitemap. It is asked again at its next turn,
  or when the server said (`Retry-After`, at most a day).
- **An item is refused**: only its maker can mend it; what was stored of it before stays. The refusal is gone when the
  item is mended.
- **Notes** need nothing to be done. They say how something odd was read, so that a wrong reading can be told from a
  wrong source.
"""

if __name__ == "__main__":
    sys.stdout.write(page())
