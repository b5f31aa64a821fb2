"""Faults of a configuration: every one at once, each with key and cure, whatever else is wrong."""

from pathlib import Path

import pytest

from publisher.model.errors import ConfigurationError
from publisher.settings import load_settings
from tests.cli.newsrooms import CONFIG, Newsroom, run

SECRET = "key-0123456789abcdef"
#: What stands in the configuration, what shall stand there, the key that must be named, and a word of the cure.
FAULTS = (
    ('contact = "desk@news.example.org"', "", "newsroom.contact", "is missing"),
    ("[newsroom]\n", "[newsroom]\nonce_dayz = 3\n", "newsroom.once_dayz", "did you mean once_days"),
    ("[licence]\n", "[webb]\nx = 1\n[licence]\n", "webb", "did you mean web"),
    ('timezone = "America/Bogota"', 'timezone = "America/Bogotta"', "newsroom.timezone", "IANA name"),
    ('url = "articles"', 'url = "articles"\nevery = 5', "sources.0.every", '"30m"'),
    (
        '[[sources]]\nid = "articles"',
        '[[sources]]\nid = "site"\nkind = "feed"\nurl = "feed.xml"\n[[sources]]\nid = "articles"',
        "sources.0.url",
        "http or https",
    ),
    ('kind = "outbox"', 'kind = "outbocks"', "provider.kind", "'mailgun'"),
    ('kind = "outbox"', 'kind = "smtp"', "provider.host", "smtp needs it"),
    ('kind = "outbox"', f'kind = "outbox"\napi_key = "{SECRET}"', "provider.api_key", "env:NAME"),
    ('kind = "outbox"', 'kind = "mailgun"', "newsroom.public_url", "https://"),
    ('schedule = "0 7 * * fri"', 'schedule = "0 7 * * 5"', "newsletters.weekly.schedule", "by name"),
    ('schedule = "0 7 * * fri"', 'schedule = "0 7 * * fri#2"', "newsletters.weekly.schedule", "by name"),
    ('schedule = "0 7 * * fri"', 'schedule = "0 7 1 * fri"', "newsletters.weekly.schedule", "make one of them *"),
    ('schedule = "0 7 * * fri"', 'schedule = ["0 7 * *", "61 7 * * *"]', "newsletters.weekly.schedule.1", "59"),
    ('schedule = "0 7 * * fri"', "schedule = []", "newsletters.weekly.schedule", "must not be empty"),
    ('review = "2h"', 'review = "24h"', "newsletters.weekly.review", "shorter than send_by"),
    ('review = "2h"', 'review = "soon"', "newsletters.weekly.review", '"required"'),
    ("minimum = 1", "minimum = 9\nmaximum = 8", "newsletters.weekly.minimum", "above maximum"),
    ('title = { en = "The week", es = "La semana" }', 'title = { en = "The week" }', "newsletters.weekly.title", "es"),
    (
        'title = { en = "The week", es = "La semana" }',
        'title = "The week"',
        "newsletters.weekly.title",
        "each language",
    ),
    ("minimum = 1", 'select = { languages = ["pt"] }', "newsletters.weekly.select.languages", "newsroom.languages"),
    ("minimum = 1", 'select = ["pt"]', "newsletters.weekly.select", "is a table"),
    ("[licence]\n", '[web]\nlisten = "localhost"\n[licence]\n', "web.listen", "127.0.0.1:8080"),
    ("[licence]\n", '[web]\nlisten = "localhost:99999"\n[licence]\n', "web.listen", "127.0.0.1:8080"),
    ("[licence]\n", '[feeds]\nitems = "many"\n[licence]\n', "feeds.items", "whole number"),
    ("[licence]\n", '[feeds]\nhub = ["nowhere"]\n[licence]\n', "feeds.hub.0", "https://hub"),
    ('languages = ["en", "es"]', 'languages = ["en", "es", "en"]', "newsroom.languages", "twice"),
)
#: Of one file: faults of values, faults between tables, and a licence that nobody knows.
AT_ONCE = """
[newsroom]
name = "Example Observatory"
url = "news.example.org"
public_url = "http://follow.example.org"
languages = ["en", "es"]
postal_address = "Bogotá"
contact = "desk@news.example.org"
[[sources]]
id = "articles"
kind = "folder"
url = "articles"
[[sources]]
id = "articles"
kind = "folder"
url = "more"
licence = "CC-BY"
[licence]
default = "CC-BY-NC"
[provider]
kind = "mailgun"
from = "Example Observatory <digest@mail.example.org>"
api_key = "env:PROVIDER_KEY"
[newsletters.weekly]
title = { en = "The week" }
schedule = "0 7 * * 5"
"""


def faults_of(folder: Path, text: str) -> list[str]:
    """The faults of a configuration, without the name of its file."""
    file = folder / "newsroom.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file)
    return [line.removeprefix(f"{file}: ") for line in caught.value.faults]


@pytest.mark.parametrize(("old", "new", "key", "cure"), FAULTS)
def test_a_fault_is_told_by_key_and_cure(tmp_path: Path, old: str, new: str, key: str, cure: str) -> None:
    assert old in CONFIG

    told = [line for line in faults_of(tmp_path, CONFIG.replace(old, new, 1)) if line.startswith(f"{key}: ")]

    assert len(told) == 1
    assert cure in told[0]
    assert SECRET not in told[0]


def test_faults_between_tables_are_told_beside_faults_of_values(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_text(AT_ONCE)

    result = run("--config", str(file), "check")

    lines = result.err.strip().split("\n")
    assert result.status == 2
    assert {line.removeprefix(f"{file}: ").partition(": ")[0] for line in lines} == {
        "newsroom.url",
        "newsroom.public_url",
        "sources",
        "sources.1.licence",
        "licence.default",
        "provider.domain",
        "newsletters.weekly.schedule",
        "newsletters.weekly.title",
    }
    assert not result.out


def test_a_check_of_an_unusable_configuration_is_a_document_of_checks_too(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(AT_ONCE)

    document = run("--config", str(tmp_path / "newsroom.toml"), "check", "--json").document

    assert document["ok"] is False
    assert len(document["checks"]) == len(document["error"]["messages"]) == 8
    assert document["error"]["exit"] == 2


def test_a_wrong_type_of_a_secret_does_not_show_it(tmp_path: Path) -> None:
    text = CONFIG.replace('kind = "outbox"', 'kind = "outbox"\napi_key = 98765432', 1)

    assert faults_of(tmp_path, text) == ["provider.api_key: takes a text in quotes"]


def test_a_table_may_not_be_called_as_our_own_fields_are(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f'{CONFIG}\n[file]\nx = "y"\n') == [
        "file: is not a known key; see docs/configuration.md"
    ]


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_text(f"\ufeff{CONFIG}", encoding="utf-8")

    assert load_settings(file).newsroom.name == "Example Observatory"


def test_a_hub_keeps_its_address_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_text(f'{CONFIG}\n[feeds]\nhub = ["https://hub.example.net/"]\n')

    assert load_settings(file).feeds.hub == ("https://hub.example.net/",)


def test_a_slug_that_no_article_has_is_a_warning(newsroom: Newsroom) -> None:
    newsroom.change_config("minimum = 1", 'minimum = 1\nselect = { sections = ["investigations", "nosuch"] }')

    result = newsroom.done("check", "--json")

    warned = [one for one in result.document["checks"] if one["part"] == "newsletters"]
    assert [one["result"] for one in warned] == ["warning"]
    assert "newsletters.weekly.select.sections: no article has 'nosuch'" in warned[0]["words"]


def test_a_log_that_is_believed_too_soon_is_a_warning(newsroom: Newsroom) -> None:
    newsroom.change_config(
        'kind = "outbox"',
        'kind = "mailgun"\ndomain = "mail.example.org"\napi_key = "env:PROVIDER_KEY"\nsettle_after = "5m"',
    )
    newsroom.change_config("http://127.0.0.1:8080", "https://follow.example.org")

    result = newsroom.run("check", "--json")

    warned = [one["words"] for one in result.document["checks"] if one["result"] == "warning"]
    assert any("shorter than the 30 minutes that mailgun's log may lag" in words for words in warned)


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("ghost", "", "options.key: is missing"),
        ("wordpress", '[sources.options]\nupdates = ["bogus"]', "updates"),
        ("feed", '[sources.options]\ndrop = ["div["]', "options.drop: 'div[' is no CSS selector"),
        ("wordpress", '[sources.options]\nuser = "reader"', "password"),
    ],
)
def test_a_check_reads_what_a_source_is_told(newsroom: Newsroom, kind: str, options: str, words: str) -> None:
    url = "https://cms.example.org"
    newsroom.change_config(
        "[licence]\n", f'[[sources]]\nid = "cms"\nkind = "{kind}"\nurl = "{url}"\n{options}\n[licence]\n'
    )

    result = newsroom.run("check", "--json")

    assert result.status == 2
    faults = [one["words"] for one in result.document["checks"] if one["result"] == "fault"]
    assert len(faults) == 1
    assert words in faults[0]
