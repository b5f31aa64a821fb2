"""RSS and Atom of every version, and XML that is none."""

import pytest

from publisher.gather.feed.document import FeedDocument, NotAFeedError
from publisher.gather.feed.parse import parse_feed

URL = "https://partner.example.org/feed"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ITEM = "<item><title>T</title><link>https://partner.example.org/1/</link></item>"


def read(text: str) -> FeedDocument:
    """A feed in UTF-8."""
    return parse_feed(text.encode(), url=URL, headers={})


def rss(items: str) -> str:
    """An RSS feed of these items."""
    return f"<rss version='2.0'><channel><title>C</title>{items}</channel></rss>"


@pytest.mark.parametrize(
    "text",
    [
        f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>C</title></channel>{ITEM}</rdf:RDF>',
        (
            '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">'
            f'<rss version="0.91"><channel><title>C</title>{ITEM}</channel></rss>'
        ),
        f'<rss version="0.92"><channel><title>C</title>{ITEM}</channel></rss>',
        (
            f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>C</title></channel>'
            f"{ITEM.replace('<item>', '<item rdf:about=' + chr(34) + 'urn:1' + chr(34) + '>')}</rdf:RDF>"
        ),
        rss(ITEM),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>C</title><entry><title>T</title>'
            '<link rel="alternate" href="https://partner.example.org/1/"/></entry></feed>'
        ),
        (
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>C</a:title><a:entry><a:title>T</a:title>'
            '<a:link href="https://partner.example.org/1/"/></a:entry></a:feed>'
        ),
    ],
    ids=["0.90", "0.91", "0.92", "1.0", "2.0", "Atom 0.3", "Atom 1.0"],
)
def test_every_version_is_read(text: str) -> None:
    document = read(text)

    assert [(one["title"], one["link"]) for one in document.entries] == [("T", "https://partner.example.org/1/")]
    assert (document.feed["title"], document.notes) == ("C", ())


def test_the_id_of_rss_1_0_is_its_address_in_rdf() -> None:
    text = f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><item rdf:about="urn:1"><title>T</title></item></rdf:RDF>'

    assert [one["own_id"] for one in read(text).entries] == ["urn:1"]


def test_an_article_may_write_of_doctypes() -> None:
    written = "<![CDATA[<p>Write <!DOCTYPE r [<!ENTITY x 'y'>]></p>]]>"

    document = read(rss(f"<item><title>T</title><description>{written}</description></item>"))

    assert "<!ENTITY x 'y'>" in document.entries[0]["summary"]


@pytest.mark.parametrize(
    ("items", "title"),
    [
        ("<item><title>A & B &eacute;&hellip; &unknown; &#233;</title></item>", "A & B é… &unknown; é"),
        ("<item><title>A &amp; B</title><dc:creator>Ana</dc:creator><x:y>z</x:y></item>", "A & B"),
        ("<item><title>A<br>B</title></item>", "A<br>B</br>"),
    ],
)
def test_slips_are_mended_without_loss(items: str, title: str) -> None:
    document = read(rss(items))

    assert document.entries[0]["title"] == title
    assert "its XML is broken" in document.notes[0]


def test_the_words_of_a_deleted_entry_are_not_the_feeds() -> None:
    document = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'><title>C</title>"
        "<at:deleted-entry ref='urn:1' when='2026-03-06T12:00:00Z'><at:by><name>Ana</name></at:by>"
        "<link href='https://elsewhere.example.net/'/></at:deleted-entry></feed>"
    )

    assert [one.key for one in document.tombstones] == ["urn:1"]
    assert "links" not in document.feed
    assert "authors" not in document.feed


# What is too much


def test_ten_thousand_entries_are_read() -> None:
    assert len(read(rss(ITEM * 10_000)).entries) == 10_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (rss("<a/>" * 500_000), "more than 500,000 elements"),
        (f"<rss version='2.0' {' '.join(f'a{n}={chr(39)}1{chr(39)}' for n in range(5000))}/>", "1,000 attributes"),
    ],
    ids=["elements", "attributes"],
)
def test_what_no_feed_needs_is_not_read(text: str, words: str) -> None:
    with pytest.raises(NotAFeedError, match=words):
        read(text)


def test_of_too_many_entries_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.gather.feed.xml.MAX_ENTRIES", 3)

    document = read(rss("".join(f"<item><title>{number}</title></item>" for number in range(5))))

    assert [one["title"] for one in document.entries] == ["0", "1", "2"]
    assert document.notes == ("only its first 3 entries were read, of 5",)


@pytest.mark.parametrize(
    "items",
    [
        f"<item><author>{'x' * 300_000}</author></item>",
        f"<item><dc:creator>{'x.' * 150_000}</dc:creator></item>",
        f"<item><pubDate>{'1:' * 150_000}</pubDate></item>",
        f"<item><title>{'&' * 90_000}</title></item>",
        f"<item><description>{'&lt;/' * 90_000}</description></item>",
    ],
    ids=["author", "creator", "date", "ampersands", "tags"],
)
def test_endless_words_take_no_endless_time(items: str) -> None:
    assert len(read(rss(items)).entries) == 1
