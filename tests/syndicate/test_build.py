"""The build: everything is there, a second one writes nothing, what vanished goes."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from publisher.model.article import Kind, RevisionKind, SourceTerm
from publisher.model.errors import ConfigurationError, FilesError
from publisher.settings import Settings
from publisher.store import revisions
from publisher.store.engine import Store
from publisher.store.files import PublicFile, find_file, record_files
from publisher.syndicate.build import BuildReport, build_public
from publisher.syndicate.kit import FILES
from tests.builders import a_state
from tests.licensing.article_builders import NOW
from tests.syndicate.house_builders import some_settings

HOST = "news.example.org"
FEED_PATHS = (
    "all",
    "updates",
    "section/investigations",
    "country/colombia",
    "topic/gold",
    "author/jane-doe",
    "language/en",
)


def add(store: Store, key: str = "gold-route", **changes: Any) -> int:  # noqa: ANN401 - fields of the article
    """Stores an article; gives its number."""
    with store.begin() as tx:
        return revisions.add_article(tx, "site", a_state(key, **changes), host=HOST, now=NOW)


def revise(store: Store, number: int, key: str = "gold-route", **changes: Any) -> None:  # noqa: ANN401 - fields
    """Stores a substantive revision."""
    with store.begin() as tx:
        state = a_state(key, **changes)
        revisions.add_revision(tx, "site", number, state, kind=RevisionKind.SUBSTANTIVE, now=NOW)


def withdraw(store: Store, number: int) -> None:
    """Takes an article back."""
    with store.begin() as tx:
        revisions.withdraw_article(tx, number, why="retracted", now=NOW)


def build(store: Store, folder: Path, *, settings: Settings | None = None, **options: Any) -> BuildReport:  # noqa: ANN401
    """Builds the newsroom in a folder."""
    return build_public(settings or some_settings(folder), store, **{"now": NOW, **options})


def test_a_build_writes_what_the_interface_promises(store: Store, tmp_path: Path) -> None:
    number = add(store, topics=(SourceTerm(name="Gold", key="gold"),))

    build(store, tmp_path)

    public = tmp_path / "public"
    wanted = ["index.html", "feeds/index.html", "feeds/opml.xml", "sitemap-news.xml", "robots.txt"]
    wanted += [f"feeds/{path}.{form}" for path in FEED_PATHS for form in ("rss", "atom", "json")]
    wanted += [f"feeds/{path}/index.html" for path in FEED_PATHS]
    wanted += [f"republish/{number}/{name}" for name in ("index.html", *FILES)]
    assert [path for path in wanted if not (public / path).is_file() or not (public / f"{path}.gz").is_file()] == []


def test_a_second_build_writes_nothing(store: Store, tmp_path: Path) -> None:
    add(store)
    withdraw(store, add(store, "other"))
    first = build(store, tmp_path)

    second = build(store, tmp_path, now=NOW + timedelta(minutes=5))
    third = build(store, tmp_path, full=True)

    assert (second.written, second.removed, second.feeds) == (0, 0, ())
    assert second.unchanged == first.written
    assert (third.written, third.unchanged) == (0, first.written)


def test_a_new_revision_rebuilds_its_kit_and_feeds_alone(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    other = add(sqlite_store, "other", title="Other")
    build(sqlite_store, tmp_path)
    before = (tmp_path / f"public/republish/{other}/article.html").stat().st_ino

    revise(sqlite_store, number, title="The gold route, part two")
    report = build(sqlite_store, tmp_path)

    assert "part two" in (tmp_path / f"public/republish/{number}/article.txt").read_text()
    assert "part two" in (tmp_path / "public/feeds/all.rss").read_text()
    assert (tmp_path / f"public/republish/{other}/article.html").stat().st_ino == before
    assert "https://follow.example.org/feeds/all.atom" in report.feeds


def test_a_withdrawn_article_leaves_an_explanation_and_its_mark(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    add(sqlite_store, "other")
    build(sqlite_store, tmp_path)

    withdraw(sqlite_store, number)
    report = build(sqlite_store, tmp_path)

    left = {path.name for path in (tmp_path / f"public/republish/{number}").iterdir()}
    assert left == {"index.html", "index.html.gz", "index.html.gone"}
    assert "has been withdrawn" in (tmp_path / f"public/republish/{number}/index.html").read_text()
    assert "deleted-entry" in (tmp_path / "public/feeds/all.atom").read_text()
    assert "Withdrawn: The gold route" in (tmp_path / "public/feeds/all.rss").read_text()
    assert report.removed == len(FILES)


def test_a_stand_in_goes_after_thirty_days(sqlite_store: Store, tmp_path: Path) -> None:
    withdraw(sqlite_store, add(sqlite_store))
    add(sqlite_store, "other")

    build(sqlite_store, tmp_path, now=NOW + timedelta(days=29))
    early = (tmp_path / "public/feeds/all.rss").read_text()
    build(sqlite_store, tmp_path, now=NOW + timedelta(days=31))
    late = (tmp_path / "public/feeds/all.rss").read_text()

    assert ("Withdrawn:" in early, "Withdrawn:" in late) == (True, False)


def test_a_restored_article_gets_its_kit_back_without_the_mark(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    withdraw(sqlite_store, number)
    build(sqlite_store, tmp_path)

    revise(sqlite_store, number)
    build(sqlite_store, tmp_path)

    folder = tmp_path / f"public/republish/{number}"
    assert (folder / "article.html").is_file()
    assert not (folder / "index.html.gone").exists()


def test_a_lost_licence_takes_the_kit_away(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    build(sqlite_store, tmp_path)

    revise(sqlite_store, number, licence=None, licence_why="all-rights-reserved")
    build(sqlite_store, tmp_path)

    assert not (tmp_path / f"public/republish/{number}").exists()
    assert f"republish/{number}/" not in (tmp_path / "public/feeds/all.rss").read_text()


def test_a_kit_appears_when_its_embargo_ends(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store, embargo_until=NOW + timedelta(hours=1))
    kit = tmp_path / f"public/republish/{number}/index.html"

    build(sqlite_store, tmp_path)
    before = kit.exists()
    build(sqlite_store, tmp_path, now=NOW + timedelta(hours=1))

    assert (before, kit.exists()) == (False, True)


def test_feeds_of_a_term_that_vanished_go(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store, countries=(SourceTerm(name="Peru", key="peru"),))
    build(sqlite_store, tmp_path)

    revise(sqlite_store, number, countries=())
    report = build(sqlite_store, tmp_path)

    assert not list((tmp_path / "public/feeds").rglob("*peru*"))
    assert report.removed == 4


def test_a_format_that_is_not_wanted_any_more_goes(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store)
    build(sqlite_store, tmp_path)

    build(sqlite_store, tmp_path, settings=some_settings(tmp_path, feeds={"formats": ["json"]}))

    assert not list((tmp_path / "public/feeds").rglob("*.rss*"))
    assert not (tmp_path / "public/feeds/opml.xml").exists()
    assert (tmp_path / "public/feeds/all.json").is_file()


def test_updates_have_their_own_feed_and_no_terms(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store, kind=Kind.UPDATE, title="A prize", countries=(SourceTerm(name="Peru", key="peru"),))

    build(sqlite_store, tmp_path)

    assert "A prize" in (tmp_path / "public/feeds/updates.rss").read_text()
    assert "A prize" in (tmp_path / "public/feeds/all.rss").read_text()
    assert not (tmp_path / "public/feeds/country").exists()
    assert not (tmp_path / "public/feeds/language").exists()


def test_a_kit_whose_files_were_lost_is_made_again(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    build(sqlite_store, tmp_path)
    (tmp_path / f"public/republish/{number}/article.md").unlink()

    assert build(sqlite_store, tmp_path).written == 1


def test_a_changed_file_is_healed_by_a_full_build(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    build(sqlite_store, tmp_path)
    (tmp_path / f"public/republish/{number}/article.md").write_text("defaced")

    assert build(sqlite_store, tmp_path, full=True).written == 1


def test_an_older_revision_never_overwrites_a_newer_file(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    build(sqlite_store, tmp_path)
    path = f"republish/{number}/article.md"
    with sqlite_store.begin() as tx:
        known = find_file(tx, path)
        assert known is not None
        record_files(tx, [PublicFile(path=path, sha256=known.sha256, size=known.size, revision=known.revision + 7)])
    (tmp_path / "public" / path).write_text("newer")

    build(sqlite_store, tmp_path, full=True)

    assert (tmp_path / "public" / path).read_text() == "newer"


def test_a_newsrooms_own_template_comes_first_and_rebuilds_the_kits(sqlite_store: Store, tmp_path: Path) -> None:
    number = add(sqlite_store)
    build(sqlite_store, tmp_path)
    (tmp_path / "templates/web").mkdir(parents=True)
    (tmp_path / "templates/web/republish.html").write_text("Ours: {{ article.title }}")

    build(sqlite_store, tmp_path)

    assert (tmp_path / f"public/republish/{number}/index.html").read_text() == "Ours: The gold route"


def test_a_faulty_template_is_named_and_harms_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store)
    build(sqlite_store, tmp_path)
    before = (tmp_path / "public/index.html").read_bytes()
    (tmp_path / "templates/web").mkdir(parents=True)
    (tmp_path / "templates/web/index.html").write_text("{{ no_such_thing }}")

    with pytest.raises(ConfigurationError, match=r"web/index\.html"):
        build(sqlite_store, tmp_path)

    assert (tmp_path / "public/index.html").read_bytes() == before


def test_public_that_cannot_be_written_is_said(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store)
    (tmp_path / "public").write_text("a file where the folder should be")

    with pytest.raises(FilesError, match="could not be written"):
        build(sqlite_store, tmp_path)


def test_the_news_sitemap_holds_own_articles_of_two_days(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store, "fresh", published=NOW - timedelta(hours=47))
    add(sqlite_store, "old", published=NOW - timedelta(hours=49))
    add(sqlite_store, "closed", published=NOW - timedelta(hours=1), rights_holder="")

    build(sqlite_store, tmp_path)

    tree = etree.parse(tmp_path / "public/sitemap-news.xml")
    found = [str(one.text) for one in tree.iterfind(".//{*}loc")]
    assert [address.split("/")[-2] for address in found] == ["closed", "fresh"]


def test_opml_lists_every_feed_with_its_page(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store)

    build(sqlite_store, tmp_path)

    leaves = [one for one in etree.parse(tmp_path / "public/feeds/opml.xml").iter("outline") if one.get("xmlUrl")]
    assert {leaf.get("xmlUrl") for leaf in leaves} == {
        f"https://follow.example.org/{path.relative_to(tmp_path / 'public')}"
        for path in (tmp_path / "public/feeds").rglob("*.rss")
    }
    assert all(leaf.get("text") and leaf.get("htmlUrl", "").endswith("/") for leaf in leaves)


def test_an_empty_store_gives_an_empty_site(sqlite_store: Store, tmp_path: Path) -> None:
    build(sqlite_store, tmp_path)

    assert "Nothing has been published yet." in (tmp_path / "public/index.html").read_text()
    assert "Sitemap: https://follow.example.org/sitemap-news.xml" in (tmp_path / "public/robots.txt").read_text()
    assert build(sqlite_store, tmp_path).written == 0


def test_every_link_within_the_site_leads_to_a_file(sqlite_store: Store, tmp_path: Path) -> None:
    add(sqlite_store)
    withdraw(sqlite_store, add(sqlite_store, "other"))

    build(sqlite_store, tmp_path)

    links = [(page, href) for page in (tmp_path / "public").rglob("index.html") for href in links_of(page)]
    assert len(links) > 50
    assert [link for link in links if not leads_somewhere(*link)] == []


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("desk@news.example.org", ["mailto:desk@news.example.org"]),
        ("https://news.example.org/contact", ["https://news.example.org/contact"]),
        ("Ring us on +1 202 555 0143", []),
    ],
)
def test_the_contact_is_a_link_where_it_is_an_address(
    contact: str, link: list[str], sqlite_store: Store, tmp_path: Path
) -> None:
    build(sqlite_store, tmp_path, settings=with_contact(tmp_path, contact))

    footer = (tmp_path / "public/index.html").read_text().partition("<footer")[2]
    assert re.findall('href="([^"]*)"', footer) == link
    assert contact in footer


def with_contact(folder: Path, contact: str) -> Settings:
    """The house with another contact."""
    settings = some_settings(folder)
    return settings.model_copy(update={"newsroom": settings.newsroom.model_copy(update={"contact": contact})})


def links_of(page: Path) -> list[str]:
    """The relative links of a page."""
    root = etree.HTML(page.read_bytes())
    found = [str(value) for one in root.iter() for name, value in one.items() if name in {"href", "src"}]
    return [href for href in found if not re.match(r"\w+:|#", href)]


def leads_somewhere(page: Path, href: str) -> bool:
    """Whether a link of a page leads to a file or to a folder with a page."""
    target = (page.parent / href).resolve()
    return target.is_file() or (target / "index.html").is_file()
