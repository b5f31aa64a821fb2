"""What holds for every command: help, exit status, faults in words, one JSON document."""

import subprocess
import sys
from pathlib import Path

import pytest

from publisher.cli import main as entry
from publisher.cli.main import COMMANDS, GROUPS
from tests.cli.json_shapes import check_shape
from tests.cli.newsrooms import CONFIG, Newsroom, in_a_process, run, started, write_article

ALL = [(name,) for name, _, _ in COMMANDS] + [(g, name) for g, _, commands in GROUPS for name, _ in commands]
HEAVY = {"pydantic", "sqlalchemy", "requests", "rich", "structlog", "jinja2", "lxml"}
TEN_FAULTS = (
    ('name = "Example Observatory"', 'name = ""', "newsroom.name"),
    ('"https://news.example.org"', '"news.example.org"', "newsroom.url"),
    ('"http://127.0.0.1:8080"', '"ftp://127.0.0.1"', "newsroom.public_url"),
    ('languages = ["en", "es"]', 'languages = ["en", "english!"]', "newsroom.languages.1"),
    ('timezone = "America/Bogota"', 'timezone = "Bogota"', "newsroom.timezone"),
    ('contact = "desk@news.example.org"', 'contact = "desk@news.example.org"\nfax = "1"', "newsroom.fax"),
    ('id = "articles"', 'id = "Articles"', "sources.0.id"),
    ('kind = "folder"', 'kind = "drupal"', "sources.0.kind"),
    ('from = "Example Observatory <digest@mail.example.org>"', 'from = "Example Observatory"', "provider.from"),
    ('schedule = "0 7 * * fri"', 'schedule = "0 7 * * 5"', "newsletters.weekly"),
)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")

    assert result.status == 0
    assert f"publisher {' '.join(words)}" in result.out


@pytest.mark.parametrize(
    "words",
    [("nosuch",), ("gather", "--nosuch"), ("kit", "1"), ("settle", "--as", "perhaps", "1"), ("arm",)],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(words: tuple[str, ...]) -> None:
    result = run(*words)

    assert result.status == 2
    assert "Usage" in result.err
    assert not result.out


@pytest.mark.parametrize("words", [("nosuch",), ("compose",), ("settle", "--as", "perhaps", "1")], ids=" ".join)
def test_wrong_usage_is_one_document_with_json(words: tuple[str, ...]) -> None:
    result = run(*words, "--json")

    check_shape("error", result.document)
    assert result.document["error"]["exit"] == result.status == 2
    assert result.document["error"]["messages"][0].split()[0] in {"No", "Missing", "Invalid"}


def test_ten_faults_in_a_configuration_are_ten_messages(tmp_path: Path) -> None:
    text = CONFIG
    for old, new, _ in TEN_FAULTS:
        text = text.replace(old, new, 1)
    file = tmp_path / "newsroom.toml"
    file.write_text(text)

    result = run("--config", str(file), "articles")

    assert result.status == 2
    assert [key for _, _, key in TEN_FAULTS if f"{file}: {key}" not in result.err] == []
    assert len(result.err.strip().split("\n")) == len(TEN_FAULTS)
    assert "Traceback" not in result.err


def test_a_fault_is_one_document_with_json(tmp_path: Path) -> None:
    result = run("--config", str(tmp_path / "none.toml"), "editions", "--json")

    check_shape("error", result.document)
    assert result.document["error"]["exit"] == result.status == 2
    assert "none.toml" in result.err


@pytest.mark.parametrize(
    "words",
    [
        ("gather", "nosuch"),
        ("article", "999"),
        ("article", "https://news.example.org/nosuch/"),
        ("article", "tag:news.example.org,2026-01-01:article/999"),
        ("kit", "999", "--out", "kit"),
        ("edition", "999"),
        ("edition", "99999999999999999999999"),
        ("edition", "²"),
        ("edition", "first"),
        ("preview", "999", "--out", "preview"),
        ("approve", "999"),
        ("hold", "999"),
        ("resume", "999"),
        ("cancel", "999"),
        ("edit", "999", "--subject", "x"),
        ("send", "999"),
        ("settle", "999"),
        ("settle", "--as", "accepted", "999"),
        ("why", "nobody@example.org"),
        ("subscribers", "show", "nobody@example.org"),
        ("subscribers", "erase", "nobody@example.org"),
    ],
    ids=" ".join,
)
def test_an_unknown_reference_ends_with_1_and_says_so(newsroom: Newsroom, words: tuple[str, ...]) -> None:
    result = newsroom.run(*words, "--json")

    check_shape("error", result.document)
    assert result.status == 1
    assert "There is no" in result.err


def test_the_configuration_may_come_from_the_environment(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_CONFIG", str(newsroom.config))

    assert len(run("articles", "--json").document["articles"]) == 5


def test_a_misspelt_variable_is_told(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_CONFG", "elsewhere.toml")

    assert "PUBLISHER_CONFG means nothing here" in newsroom.done("editions").err


def test_an_unknown_log_level_is_wrong_usage(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_LOG", "loud")

    assert newsroom.run("editions").status == 2


def test_a_log_on_request_leaves_the_document_alone(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_LOG", "info")

    result = newsroom.done("gather", "--json")

    check_shape("gather", result.document)
    assert "source.gathered" in result.err


def test_a_store_that_is_no_database_is_told_in_words(newsroom: Newsroom) -> None:
    (newsroom.folder / "var" / "publisher.db").write_bytes(b"this is no database at all" * 50)

    result = newsroom.run("articles")

    assert result.status == 1
    assert "not a database" in result.err


def test_missing_secrets_are_named_with_the_cure(newsroom: Newsroom) -> None:
    (newsroom.folder / "var" / "secrets" / "suppression-key").unlink()

    result = newsroom.run("why", "ana@example.org")

    assert result.status == 2
    assert "Restore it from the backup" in result.err


def test_ctrl_c_ends_with_a_word_and_without_a_traceback(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("publisher.gather.run.gather_all", interrupt)

    result = newsroom.run("gather")

    assert result.status == 1
    assert "safe to run the same command again" in result.err


def test_the_version_needs_no_command() -> None:
    result = run("--version")

    assert result.status == 0
    assert result.out.startswith("publisher ")


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    code = f"import sys, publisher.cli.main; print(sorted({HEAVY!r} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert done.stdout.strip() == b"[]"


def test_the_module_is_the_command() -> None:
    done = in_a_process("nosuch")

    assert done.status == 2
    assert "No such command" in done.err


def test_a_reader_of_the_output_may_leave_early(newsroom: Newsroom) -> None:
    with started("--config", str(newsroom.config), "subscribers", "export", "--newsletter", "weekly") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()

    assert process.returncode == 1
    assert told == b""


def test_a_terminal_without_utf8_gets_letters_it_can_show(newsroom: Newsroom) -> None:
    write_article(newsroom.folder / "articles" / "ñ.md", title="La ruta del carbón", published="2026-03-01")
    newsroom.done("gather")

    shown = in_a_process("--config", str(newsroom.config), "articles", PYTHONIOENCODING="ascii")
    document = in_a_process("--config", str(newsroom.config), "articles", "--json", PYTHONIOENCODING="ascii").document

    assert shown.status == 0
    assert "carb\\xf3n" in shown.out
    assert "La ruta del carbón" in {one["title"] for one in document["articles"]}


def test_no_command_is_listed_twice() -> None:
    assert len(set(ALL)) == len(ALL)
    assert entry.make_app() is not entry.make_app()
