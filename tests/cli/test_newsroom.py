"""`publisher init`, `check`, `migrate`."""

import shlex
import shutil
from pathlib import Path

import pytest

from publisher.cli.printing import program
from tests.cli.newsrooms import Newsroom, Result, run


def parts(result: Result, wanted: str) -> dict[str, str]:
    """The parts of a check that have this result, with their words."""
    return {one["part"]: one["words"] for one in result.document["checks"] if one["result"] == wanted}


def test_a_new_newsroom_is_fit_to_run(tmp_path: Path) -> None:
    made = run("init", str(tmp_path / "house"))
    newsroom = Newsroom(tmp_path / "house")

    checked = newsroom.run("check", "--json")

    assert made.status == checked.status == 0
    assert "publisher check" in made.out
    assert parts(checked, "fault") == {}
    assert newsroom.done("gather", "--json").document["sources"][0]["status"] == "ok"


def test_the_secrets_of_a_new_newsroom_are_its_own_only(tmp_path: Path) -> None:
    run("init", str(tmp_path / "house"))

    files = list((tmp_path / "house" / "var" / "secrets").iterdir())

    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len(files) == 2


def test_a_newsroom_that_is_there_is_never_made_again(newsroom: Newsroom) -> None:
    before = newsroom.config.read_text()
    key = (newsroom.folder / "var" / "secrets" / "suppression-key").read_text()

    result = newsroom.run("init", str(newsroom.folder))

    assert result.status == 1
    assert newsroom.config.read_text() == before
    assert (newsroom.folder / "var" / "secrets" / "suppression-key").read_text() == key


def test_a_look_makes_no_store(tmp_path: Path) -> None:
    run("init", str(tmp_path / "house"))

    Newsroom(tmp_path / "house").done("check")

    assert not list((tmp_path / "house" / "var").glob("*.db*"))


def test_a_check_says_what_it_did_not_look_at(newsroom: Newsroom) -> None:
    offline, online = newsroom.done("check", "--json"), newsroom.done("check", "--online", "--json")

    assert parts(offline, "not_checked").keys() == {"outside"}
    assert parts(online, "not_checked").keys() == {"DNS"}


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('default = "CC-BY-NC-4.0"', 'default = "CC-BY-NC"', "licences"),
        ('url = "articles"', 'url = "nowhere"', "source articles"),
        ('kind = "outbox"', 'kind = "smtp"\nhost = "smtp.example.org"\npassword = "env:NO_SUCH_SECRET"', "provider"),
    ],
)
def test_a_check_finds_what_does_not_fit(newsroom: Newsroom, old: str, new: str, part: str) -> None:
    if "smtp" in new:
        newsroom.change_config('"http://127.0.0.1:8080"', '"https://follow.example.org"')
    newsroom.change_config(old, new)

    result = newsroom.run("check", "--json")

    assert result.status == 2
    assert parts(result, "fault").keys() == {part}


def test_a_check_finds_a_template_that_cannot_be_used(newsroom: Newsroom) -> None:
    own = newsroom.folder / "templates" / "email"
    own.mkdir(parents=True)
    (own / "item.html").write_text("{% if %}")
    (own / "itme.html").write_text("nothing wrong but the name")

    result = newsroom.run("check", "--json")

    assert result.status == 2
    assert "item.html:1" in parts(result, "fault")["templates"]
    assert "itme.html" in parts(result, "warning")["templates"]


def test_a_check_finds_secrets_that_others_can_read(newsroom: Newsroom) -> None:
    (newsroom.folder / "var" / "secrets" / "signing-keys").chmod(0o644)

    result = newsroom.run("check", "--json")

    assert result.status == 2
    assert "chmod 600" in parts(result, "fault")["secrets"]


def test_a_store_that_cannot_be_used_is_not_the_configuration_s_fault(newsroom: Newsroom) -> None:
    (newsroom.folder / "var" / "publisher.db").write_bytes(b"this is no database at all" * 50)

    result = newsroom.run("check", "--json")

    assert result.status == 1
    assert len(parts(result, "fault")) == 1


def test_an_unreachable_source_is_told_by_an_online_check(newsroom: Newsroom) -> None:
    newsroom.change_config('kind = "folder"\nurl = "articles"', 'kind = "feed"\nurl = "http://127.0.0.1:9/feed"')

    result = newsroom.run("check", "--online", "--json")

    assert result.status == 1
    assert parts(result, "fault").keys() == {"source articles"}


def test_a_check_is_read_by_people_too(newsroom: Newsroom) -> None:
    result = newsroom.done("check")

    assert "Nothing is wrong." in result.out
    assert "nothing is mailed" in result.out


def test_migrating_says_from_where_to_where(tmp_path: Path) -> None:
    run("init", str(tmp_path / "house"))
    newsroom = Newsroom(tmp_path / "house")

    first, second = newsroom.done("migrate", "--json"), newsroom.done("migrate", "--json")

    assert (first.document["before"], first.document["changed"]) == (None, True)
    assert second.document["before"] == second.document["after"] == first.document["after"]
    assert "up to date" in newsroom.done("migrate").out


def test_the_printed_steps_lead_to_an_edition_in_the_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = run("init", "house").out
    commands = [shlex.split(line) for line in printed.split("\n") if line.startswith("   ")]

    assert commands[0] == ["cd", "house"]
    monkeypatch.chdir("house")
    for words in commands[1:]:
        if words[0] == "cp":
            shutil.copy(words[1], words[2])
        else:
            assert run(*words[1:]).status == 0, words

    assert len(list(Path("var/outbox").rglob("*.eml"))) == 1
    assert Path("look/edition.html").is_file()


def test_the_example_article_is_in_no_source(tmp_path: Path) -> None:
    run("init", str(tmp_path / "house"))

    gathered = Newsroom(tmp_path / "house").done("gather", "--json").document

    assert gathered["sources"][0]["new"] == 0


@pytest.mark.parametrize(("found", "called"), [("/usr/bin/publisher", "publisher"), (None, "/opt/venv/bin/publisher")])
def test_printed_commands_can_be_called(monkeypatch: pytest.MonkeyPatch, found: str | None, called: str) -> None:
    monkeypatch.setattr("sys.argv", ["/opt/venv/bin/publisher", "init"])
    monkeypatch.setattr("shutil.which", lambda _name: found)

    assert program() == called
