"""Folders: front matter, Markdown, pictures beside the articles, and what the folder's own word is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from publisher.gather.folder.media import media_files
from publisher.gather.run import GatherStatus
from publisher.model.article import Article, ImageRights, Kind, Status
from publisher.store.engine import Store
from tests.gather.gathering import Desk, counts, some_settings
from tests.gather.newsrooms import FolderStandIn, Piece, pieces

MATTER = """title: The gold route
url: https://news.example.org/gold/
published: 2026-03-05"""


@pytest.fixture
def site(tmp_path: Path) -> FolderStandIn:
    """The folder."""
    return FolderStandIn(tmp_path)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: FolderStandIn) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)


def write(site: FolderStandIn, matter: str, body: str = "Text.", name: str = "gold.md") -> None:
    """A file as somebody wrote it."""
    (site.folder / name).write_text(f"---\n{matter}\n---\n{body}\n", encoding="utf-8")


def stored(desk: Desk, site: FolderStandIn, matter: str = "", body: str = "Text.") -> Article:
    """The article that a file becomes."""
    write(site, f"{MATTER}\n{matter}", body)
    report = desk.gather()
    assert report.refused == ()
    return desk.article("gold")


def test_everything_in_the_front_matter_is_taken(desk: Desk, site: FolderStandIn) -> None:
    matter = """kind: update
language: es-MX
authors: [Ana Ruiz, "Ben Ito"]
section: Investigations
countries: [Peru, Brazil]
topics: Gold, Silver
licence: CC-BY-4.0
rights_holder: Ana Ruiz
summary: Short.
no_republish: true
embargo_until: 2026-03-07 07:00
corrections:
  - {date: 2026-03-06, text: It was 12 tons.}"""

    article = stored(desk, site, matter)

    assert (article.kind, article.language, article.summary) == (Kind.UPDATE, "es-MX", "Short.")
    assert [author.name for author in article.authors] == ["Ana Ruiz", "Ben Ito"]
    assert [term.name for term in (*article.countries, *article.topics)] == ["Peru", "Brazil", "Gold", "Silver"]
    assert (article.licence, article.licence_why) == (
        "https://creativecommons.org/licenses/by/4.0/",
        "its front matter",
    )
    assert (article.rights_holder, article.no_republish) == ("Ana Ruiz", True)
    assert [(one.date, one.text) for one in article.corrections] == [(date(2026, 3, 6), "It was 12 tons.")]
    assert article.embargo_until is not None
    assert article.embargo_until.isoformat() == "2026-03-07T12:00:00+00:00"


@pytest.mark.parametrize(("written", "language"), [("no", "no"), ("pt_br", "pt-BR"), ("", "en")])
def test_a_language_is_what_is_written(desk: Desk, site: FolderStandIn, written: str, language: str) -> None:
    assert stored(desk, site, f"language: {written}").language == language


def test_a_day_begins_in_the_newsrooms_zone(desk: Desk, site: FolderStandIn) -> None:
    assert stored(desk, site).published.isoformat() == "2026-03-05T05:00:00+00:00"


def test_markdown_with_a_table_becomes_html(desk: Desk, site: FolderStandIn) -> None:
    article = stored(desk, site, body="## Head\n\nA *b* <script>x()</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    assert "<h2>Head</h2>" in article.content_html
    assert "<td>1</td>" in article.content_html
    assert "script" not in article.content_html


def test_an_html_file_is_one_too(desk: Desk, site: FolderStandIn) -> None:
    write(site, MATTER, "<p>Text <a href='../x'>link</a></p>", name="gold.html")

    desk.gather()

    assert desk.article("gold").content_html == '<p>Text <a href="https://news.example.org/x">link</a></p>'


def test_pictures_beside_it_get_their_public_address(desk: Desk, site: FolderStandIn, tmp_path: Path) -> None:
    (site.folder / "images").mkdir()
    for name in ("main.jpg", "route map.png"):
        (site.folder / "images" / name).write_bytes(b"picture")
    matter = "image: {file: main.jpg, alt: A river, credit: Example Observatory}"

    article = stored(desk, site, matter, '![A map](images/route%20map.png "The route. (Map: Ana, CC BY 4.0)")')

    main, inner = article.images
    assert (main.url, main.is_main) == ("https://follow.example.org/media/site/images/main.jpg", True)
    assert main.rights is ImageRights.OWN
    assert inner.url == "https://follow.example.org/media/site/images/route%20map.png"
    assert (inner.alt, inner.credit, inner.rights) == ("A map", "Ana, CC BY 4.0", ImageRights.CC)
    settings = some_settings(tmp_path, site.source())
    found = {str(public): file for public, file in media_files(settings, settings.sources[0])}
    assert found["media/site/images/route map.png"].read_bytes() == b"picture"


def test_pictures_outside_of_the_folder_are_none(desk: Desk, site: FolderStandIn, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (site.folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (site.folder / "key.jpg").symlink_to("/etc/passwd")

    article = stored(
        desk, site, "image: {file: ../secret.jpg}", "![a](link.jpg) ![b](../secret.jpg) ![c](key.jpg) Text"
    )

    assert article.images == ()
    assert len([note for note in article.notes if "is not in the folder" in note]) == 4
    settings = some_settings(tmp_path, site.source())
    assert list(media_files(settings, settings.sources[0])) == []


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ("title: [unclosed", "no YAML"),
        ("- a\n- b", "no list of keys"),
        (f"{MATTER}\nlicnece: CC-BY-4.0", "'licence' is"),
        (f"{MATTER}\nsection: [a, b]", "section: must be a text"),
        (f"{MATTER}\nlanguage: Spanish language", "no language tag"),
        (f"{MATTER}\nkind: opinion", "kind"),
        (f"{MATTER}\ncorrections: [{{date: soon, text: x}}]", "corrections.0.date"),
        (MATTER.replace("2026-03-05", "2026-13-45"), "published"),
        (MATTER.replace("2026-03-05", "!!python/object:os.system {}"), "published"),
        (f"a: &a [x]\nb: *a\n{MATTER}", "aliases"),
        (MATTER.replace("url: https", "url: ftp"), "no `url`"),
        ("title: T\nurl: https://news.example.org/t/", "no `published`"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_others_go_on(
    desk: Desk, site: FolderStandIn, matter: str, reason: str
) -> None:
    write(site, matter)
    site.publish(Piece(key=2))

    report = desk.gather()

    assert (counts(report), report.status) == ({"new": 1}, GatherStatus.OK)
    assert [reason in one.reason for one in report.refused] == [True], report.refused


def test_bytes_that_are_no_text_and_files_from_elsewhere_are_refused(
    desk: Desk, site: FolderStandIn, tmp_path: Path
) -> None:
    (site.folder / "latin.md").write_bytes(b"---\ntitle: caf\xe9\n---\n")
    (tmp_path / "outside.md").write_text(f"---\n{MATTER}\n---\nText")
    (site.folder / "link.md").symlink_to(tmp_path / "outside.md")

    report = desk.gather()

    assert [(one.key, one.reason) for one in report.refused] == [
        ("latin.md", "is not in UTF-8"),
        ("link.md", "is a link to a file outside of the folder"),
    ]


def test_a_file_that_cannot_be_read_any_more_is_not_gone(desk: Desk, site: FolderStandIn) -> None:
    write(site, f"key: my-key\n{MATTER}")
    desk.gather()
    write(site, "title: [unclosed")

    report = desk.gather()

    assert counts(report) == {"unchanged": 1}
    assert desk.article("my-key").status is Status.PUBLIC


def test_a_draft_is_not_public(desk: Desk, site: FolderStandIn) -> None:
    write(site, MATTER)
    site.publish(Piece(key=2))
    desk.gather()
    write(site, f"{MATTER}\ndraft: true")

    assert counts(desk.gather()) == {"unchanged": 1, "withdrawn": 1}


def test_two_files_with_one_key_are_one_article_and_a_refusal(desk: Desk, site: FolderStandIn) -> None:
    write(site, f"key: same\n{MATTER}", name="a.md")
    write(site, f"key: same\n{MATTER}", name="b.md")

    report = desk.gather()

    assert counts(report) == {"new": 1}
    assert [(one.key, "key same" in one.reason) for one in report.refused] == [("b.md", True)]


def test_a_folder_that_is_empty_all_at_once_is_a_fault(desk: Desk, site: FolderStandIn) -> None:
    for piece in pieces(12):
        site.publish(piece)
    desk.gather()
    for key in range(1, 13):
        site.withdraw(key)

    report = desk.gather()

    assert report.status is GatherStatus.FAILED
    assert "is empty" in str(report.error)
    assert counts(report) == {"unchanged": 12}


def test_a_translation_joins_its_original_whichever_comes_first(desk: Desk, site: FolderStandIn) -> None:
    fields: dict[str, Any] = {"language": "es", "translation_of": "piece-2"}
    site.publish(Piece(key=1, fields=fields))
    site.publish(Piece(key=2))

    desk.gather()

    assert desk.article("piece-1").translation_of == desk.article("piece-2").number
