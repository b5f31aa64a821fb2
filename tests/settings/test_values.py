"""Values of the configuration: what is taken and as what, and the cure where it is not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import settings_values as values
from publisher.model.errors import ConfigurationError
from publisher.settings import Settings, load_settings, read_secret, unknown_variables
from tests.cli.newsrooms import CONFIG


@pytest.mark.parametrize(
    ("text", "seconds"), [("30m", 1800), (" 24h ", 86_400), ("0h", 0), ("14d", 1_209_600), ("90 s", 90)]
)
def test_a_span_has_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert values.read_span(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["30", "", "m", "1.5h", "-1h", "1h30m", "1w", "1 000h", "9999999d", 30, None, "३h"])
def test_a_span_without_a_unit_or_a_whole_number_is_refused_with_the_way_to_write_it(text: object) -> None:
    with pytest.raises(ValueError, match='as in "30m"'):
        values.read_span(text)


@given(number=st.integers(0, 999_999), unit=st.sampled_from("smhd"))
def test_every_span_that_can_be_written_can_be_used(number: int, unit: str) -> None:
    assert values.read_span(f"{number}{unit}").total_seconds() == number * values.SPANS[unit]


TAKEN: list[tuple[Callable[[str], str], str]] = [
    (values.check_url, "https://news.example.org"),
    (values.check_url, "http://127.0.0.1:8080"),
    (values.check_url, "https://example.org/path"),
    (values.check_hub, "https://hub.example.net/"),
    (values.check_zone, "America/Argentina/Buenos_Aires"),
    (values.check_language, "zh-Hant"),
    (values.check_name, "week-1"),
    (values.check_secret, "env:PROVIDER_KEY"),
    (values.check_secret, "file:var/secrets/key"),
    (values.check_mailbox, "digest@mail.example.org"),
    (values.check_mailbox, "Example Observatory <digest@mail.example.org>"),
    (values.check_listen, "127.0.0.1:8080"),
    (values.check_listen, "[::1]:8080"),
    (values.check_store, "sqlite:///var/publisher.db"),
    (values.check_store, "postgresql://user:password@host/name"),
    (values.check_schedule, "0 7 * * mon-fri"),
    (values.check_schedule, "*/15 6-9 1,15 jan-mar *"),
]
REFUSED: list[tuple[Callable[[str], str], str, str]] = [
    (values.check_url, "news.example.org", "https://"),
    (values.check_url, "ftp://news.example.org", "https://"),
    (values.check_url, "https://user:pass@news.example.org", "https://"),
    (values.check_url, "https://news.example.org?a=b", "https://"),
    (values.check_url, "https://news example.org", "https://"),
    (values.check_url, "https://news.example.org:99999", "https://"),
    (values.check_url, "https://[::1", "https://"),
    (values.check_url, "", "https://"),
    (values.check_hub, "hub", "hub.example.net"),
    (values.check_zone, "CST6", "IANA"),
    (values.check_zone, "../../etc/passwd", "IANA"),
    (values.check_zone, "", "IANA"),
    (values.check_language, "english", "en or es-MX"),
    (values.check_language, "EN", "en or es-MX"),
    (values.check_name, "Weekly", "a-z, 0-9"),
    (values.check_name, "we/ekly", "a-z, 0-9"),
    (values.check_name, "", "a-z, 0-9"),
    (values.check_secret, "key-0123456789", "env:NAME"),
    (values.check_secret, "env:", "env:NAME"),
    (values.check_mailbox, "Example Observatory", "Name <"),
    (values.check_mailbox, "a@example.org, b@example.org", "Name <"),
    (values.check_mailbox, "A <a@example.org> <b@example.org>", "Name <"),
    (values.check_plain, " ", "is empty"),
    (values.check_plain, "a\r\nBcc: x@example.org", "control characters"),
    (values.check_plain, "a\u202eb", "control characters"),
    (values.check_listen, "8080", "HOST:PORT"),
    (values.check_listen, "localhost:٨٠", "HOST:PORT"),
    (values.check_store, "mysql://user:geheim@host/name", "sqlite:///"),
    (values.check_schedule, "0 7 * * 5", "by name"),
    (values.check_schedule, "0 7 * *", "five fields"),
    (values.check_schedule, "@weekly", "five fields"),
    (values.check_schedule, "0 25 * * fri", "minute hour day month weekday"),
    (values.check_schedule, "0 7 1 * fri", "make one of them"),
]


@pytest.mark.parametrize(("check", "text"), TAKEN)
def test_what_can_be_meant_is_taken_as_it_is(check: Callable[[str], str], text: str) -> None:
    assert check(text) == text


@pytest.mark.parametrize(("check", "text", "cure"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_the_cure(check: Callable[[str], str], text: str, cure: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        check(text)

    assert cure in str(caught.value)


@pytest.mark.parametrize(
    ("check", "secret"), [(values.check_secret, "key-0123456789"), (values.check_store, "mysql://u:geheim@host/name")]
)
def test_what_may_hold_a_secret_is_not_repeated(check: Callable[[str], str], secret: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        check(secret)

    assert secret not in str(caught.value)


def test_the_schedule_is_checked_on_a_machine_that_knows_no_zone_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Nowhere/Atlantis")

    assert values.check_schedule("0 7 * * fri") == "0 7 * * fri"


def test_a_secret_is_looked_up_when_it_is_used_and_stripped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("A_KEY", " from the environment ")

    assert read_secret("file:key", folder=tmp_path, key="k") == "from a file"
    assert read_secret("env:A_KEY", folder=tmp_path, key="k") == "from the environment"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("env:NOT_THERE", "NOT_THERE is not set. Put it in the environment"),
        ("file:none", "cannot be read: No such file"),
    ],
)
def test_a_secret_that_is_not_there_is_named_by_its_key(tmp_path: Path, reference: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=r"provider\.api_key: ") as caught:
        read_secret(reference, folder=tmp_path, key="newsroom.toml: provider.api_key")

    assert words in str(caught.value)


def test_a_misspelt_variable_of_ours_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_CONFG", "x")

    assert unknown_variables({"PUBLISHER_CONFIG": "a", "PUBLISHER_CONFG": "b", "HOME": "c"}) == ["PUBLISHER_CONFG"]
    assert "PUBLISHER_CONFG" in unknown_variables()


def load(folder: Path, text: str, name: str = "newsroom.toml") -> Settings:
    """The settings of a configuration."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return load_settings(file)


def test_relative_paths_start_at_the_folder_that_holds_config_or_at_the_files_own(tmp_path: Path) -> None:
    assert load(tmp_path, CONFIG, "config/newsroom.toml").folder == tmp_path
    assert load(tmp_path, CONFIG, "elsewhere/newsroom.toml").folder == tmp_path / "elsewhere"


def test_a_newsletter_has_its_own_zone_or_the_newsrooms(tmp_path: Path) -> None:
    own = load(tmp_path, CONFIG.replace("minimum = 1", 'minimum = 1\ntimezone = "Europe/Madrid"'))

    assert str(load(tmp_path, CONFIG).zone("weekly")) == "America/Bogota"
    assert str(own.zone("weekly")) == "Europe/Madrid"


@pytest.mark.parametrize(
    ("second", "words"),
    [("week-ly", "newsletters.week-ly: differs from 'weekly' in hyphens only"), ("monthly", None)],
)
def test_two_newsletters_whose_editions_would_have_one_mark_are_a_fault(
    tmp_path: Path, second: str, words: str | None
) -> None:
    table = CONFIG[CONFIG.index("[newsletters.weekly]") :].replace("newsletters.weekly", f"newsletters.{second}")
    try:
        found = list(load(tmp_path, CONFIG + table).newsletters)
        told = None
    except ConfigurationError as error:
        found, told = [], str(error)

    assert (words is None) == (found == ["weekly", second])
    assert words is None or words in str(told)


@pytest.mark.parametrize("language", ["pt", "es-MX", "en-GB"])
def test_a_newsletter_in_a_language_that_the_newsroom_does_not_write_in_is_a_fault(
    tmp_path: Path, language: str
) -> None:
    text = CONFIG.replace("minimum = 1", f'minimum = 1\nselect = {{ languages = ["{language}"] }}')

    with pytest.raises(ConfigurationError, match=f"select.languages: '{language}' is none of newsroom.languages"):
        load(tmp_path, text)
