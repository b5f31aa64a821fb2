"""Building what is due: whatever happened between builds, what stands is what one full build would make."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete

from publisher.model.article import Correction, Kind, RevisionKind, SourceTerm, Status
from publisher.settings import Settings
from publisher.store import revisions
from publisher.store.articles import list_articles
from publisher.store.engine import Store
from publisher.store.schema import built, public_file, unbuilt
from publisher.syndicate.build import build_public
from tests.builders import a_state
from tests.licensing.article_builders import NOW
from tests.syndicate.house_builders import some_settings

HOST = "news.example.org"
BY_NC, BY = (f"https://creativecommons.org/licenses/{code}/4.0/" for code in ("by-nc", "by"))
STEP = timedelta(hours=7)


class Life:
    """A newsroom to which things happen at random."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.random = Random(seed)  # noqa: S311 - repeatable
        self.now = NOW
        self.names = {f"{scope}{n}": f"{scope} {n}" for scope in ("country", "topic", "author") for n in range(3)}
        self.count = 0

    def terms(self, scope: str) -> tuple[SourceTerm, ...]:
        """Some terms of a scope, by their present names."""
        keys = self.random.sample([key for key in self.names if key.startswith(scope)], self.random.choice([0, 1, 2]))
        return tuple(SourceTerm(name=self.names[key], key=key) for key in keys)

    def fields(self) -> dict[str, object]:
        """What an article says."""
        some = self.random
        embargo = some.choice([None, None, self.now + STEP * 2])
        original = f"a{some.randrange(self.count)}" if self.count and some.random() < 0.3 else None
        return {
            "title": f"Title {some.randrange(9)}",
            "language": some.choice(["en", "es", "pt"]),
            "kind": some.choice([Kind.STORY, Kind.STORY, Kind.UPDATE]),
            "authors": self.terms("author"),
            "countries": self.terms("country"),
            "topics": self.terms("topic"),
            "licence": some.choice([BY_NC, BY, None]),
            "published": self.now - timedelta(days=some.randrange(3), minutes=self.count),
            "embargo_until": embargo,
            "translation_of": original,
        }

    def add(self) -> None:
        """A new article."""
        state = a_state(f"a{self.count}", **self.fields())
        with self.store.begin() as tx:
            revisions.add_article(tx, "site", state, host=HOST, now=self.now)
        self.count += 1

    def revise(self) -> None:
        """A new state of some article; of a withdrawn one, its return."""
        key = f"a{self.random.randrange(self.count)}"
        fields = self.fields() | {"translation_of": None}
        kind = self.random.choice([RevisionKind.MINOR, RevisionKind.SUBSTANTIVE, RevisionKind.CORRECTION])
        if kind is RevisionKind.CORRECTION:
            fields["corrections"] = (Correction(date=self.now.date(), text="It was two."),)
        with self.store.begin() as tx:
            number = next(one.number for one in list_articles(tx) if one.key == key)
            revisions.add_revision(tx, "site", number, a_state(key, **fields), kind=kind, now=self.now)

    def withdraw(self) -> None:
        """Some article is taken back."""
        with self.store.begin() as tx:
            public = [one.number for one in list_articles(tx) if one.status is Status.PUBLIC]
            if public:
                revisions.withdraw_article(tx, self.random.choice(public), why="retracted", now=self.now)

    def rename(self) -> None:
        """A term gets another name, perhaps that of another one; it is heard of with the next article."""
        self.names[self.random.choice(list(self.names))] = self.random.choice(["Gold", "Mexico", "Jane Doe"])

    def wait(self) -> None:
        """Time passes: embargoes end, and now and then a month."""
        self.now += self.random.choice([STEP, STEP * 3, timedelta(days=31)])

    def go_on(self) -> None:
        """Something happens."""
        happens = [self.add, self.revise, self.revise, self.withdraw, self.rename, self.wait]
        self.random.choice(happens if self.count else happens[:1])()


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def built_at_once(store: Store, folder: Path, now: datetime, settings: Settings | None = None) -> dict[str, bytes]:
    """What one build makes of the same articles in an empty folder."""
    folder.mkdir(parents=True)
    with store.begin() as tx:
        for table in (public_file, built, unbuilt):
            tx.execute(delete(table))
    settings = settings.model_copy(update={"folder": folder}) if settings else some_settings(folder)
    build_public(settings, store, now=now)
    return tree(folder / "public")


@pytest.mark.parametrize("seed", range(3))
def test_builds_step_by_step_make_what_one_build_makes(sqlite_store: Store, tmp_path: Path, seed: int) -> None:
    life, settings = Life(sqlite_store, seed), some_settings(tmp_path / "steps")
    for _ in range(8):
        for _ in range(life.random.randrange(1, 5)):
            life.go_on()
        build_public(settings, sqlite_store, now=life.now)

    stands = tree(tmp_path / "steps" / "public")

    whole = built_at_once(sqlite_store, tmp_path / "whole", life.now)
    assert sorted(stands) == sorted(whole)
    assert [path for path in whole if stands[path] != whole[path]] == []


def test_a_single_month_has_a_document_only_when_the_feed_does_not_hold_it_all(
    sqlite_store: Store, tmp_path: Path
) -> None:
    life, archive = Life(sqlite_store, 4), tmp_path / "public" / "feeds" / "all" / f"{NOW:%Y-%m}.atom"
    settings = some_settings(tmp_path, feeds={"items": 3})
    for _ in range(3):
        life.add()
    life.now += timedelta(days=31)

    build_public(settings, sqlite_store, now=life.now)
    stood = archive.exists()
    life.add()
    build_public(settings, sqlite_store, now=life.now)

    assert (stood, archive.exists()) == (False, True)


def test_what_changes_while_it_is_built_is_due_again(sqlite_store: Store, tmp_path: Path) -> None:
    life, settings = Life(sqlite_store, 1), some_settings(tmp_path / "steps")
    life.add()

    def meanwhile(what: str, done: int) -> None:
        if (what, done) == ("kits", 1):
            life.add()

    build_public(settings, sqlite_store, now=NOW, progress=meanwhile)
    build_public(settings, sqlite_store, now=NOW)

    stands = tree(tmp_path / "steps" / "public")
    assert stands == built_at_once(sqlite_store, tmp_path / "whole", NOW)


def test_a_build_that_broke_off_is_due_again(sqlite_store: Store, tmp_path: Path) -> None:
    life, settings = Life(sqlite_store, 2), some_settings(tmp_path / "steps")
    life.add()
    build_public(settings, sqlite_store, now=NOW)
    life.add()

    def break_off(what: str, _done: int) -> None:
        if what == "feeds":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_public(settings, sqlite_store, now=NOW, progress=break_off)
    build_public(settings, sqlite_store, now=NOW)

    assert tree(tmp_path / "steps" / "public") == built_at_once(sqlite_store, tmp_path / "whole", NOW)


def test_an_idle_build_heals_a_part_in_turn(sqlite_store: Store, tmp_path: Path) -> None:
    life, settings = Life(sqlite_store, 3), some_settings(tmp_path)
    for _ in range(3):
        life.add()
    build_public(settings, sqlite_store, now=NOW)
    before = tree(tmp_path / "public")
    shutil.rmtree(tmp_path / "public" / "feeds" / "language")
    for path in (tmp_path / "public" / "republish").rglob("article.html"):
        path.write_text("Not ours.")

    for _ in range(30):
        build_public(settings, sqlite_store, now=NOW)

    assert tree(tmp_path / "public") == before
