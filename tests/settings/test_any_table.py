"""Any TOML at all is settings, or faults that a person can mend: each with file, key and words, never anything else."""

import json
import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.model.errors import ConfigurationError
from publisher.settings import Settings, load_settings
from tests.cli.newsrooms import CONFIG

GOOD: dict[str, Any] = tomllib.loads(CONFIG)
SECRET = "key-0123456789abcdef"
WORDS = sorted(
    {word for word in re.findall(r"[a-z_]+", Path("publisher/settings.py").read_text()) if len(word) > 2}
    | {"weekly", "en", "es", "from", "id", "kind", "url"}
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from([*GOOD, *WORDS]) | TEXTS
LEAVES = (
    TEXTS
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats()
    | st.sampled_from(["30m", "env:KEY", SECRET, "en", "outbox", "0 7 * * fri", "https://example.org", ""])
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def as_toml(value: object) -> str:
    """A value as TOML writes it in a line."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return repr(value)
        case str():
            return json.dumps(value).replace("\x7f", "\\u007f")
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{as_toml(key)} = {as_toml(inner)}' for key, inner in value.items())} }}"
        case _:
            return str(value)


def load(folder: Path, tables: Mapping[str, Any]) -> Settings | list[str]:
    """The settings of a file that holds this, or its faults without the file's name."""
    file = folder / "newsroom.toml"
    text = "\n".join(f"{as_toml(key)} = {as_toml(value)}" for key, value in tables.items())
    file.write_text(re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)", lambda m: joined(m[1], m[2]), text, flags=re.IGNORECASE))
    try:
        return load_settings(file)
    except ConfigurationError as error:
        faults = error.faults
    assert faults
    assert all(line.startswith(f"{file}: ") for line in faults)
    return [line.removeprefix(f"{file}: ") for line in faults]


def joined(high: str, low: str) -> str:
    """A character that JSON writes in two halves; TOML takes no halves."""
    return f"\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00):08x}"


@given(tables=st.dictionaries(KEYS, VALUES, max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=RELAXED)
def test_any_tables_are_settings_or_faults(tmp_path: Path, tables: dict[str, Any]) -> None:
    found = load(tmp_path, tables)

    assert not isinstance(found, list) or all(": " in line for line in found)


def places(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a configuration, tables too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([at] if at else []), *(place for key, one in inner for place in places(one, (*at, key)))]


def put(place: tuple[Any, ...], value: object) -> dict[str, Any]:
    """The good configuration with one value changed."""
    changed = deepcopy(GOOD)
    here: Any = changed
    for part in place[:-1]:
        here = here[part]
    here[place[-1]] = value
    return changed


@given(place=st.sampled_from(places(GOOD)), value=VALUES)
@settings(max_examples=250, deadline=None, suppress_health_check=RELAXED)
def test_one_wrong_value_is_told_by_its_own_table_and_the_rest_is_not_blamed(
    tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    found = load(tmp_path, put(place, value))

    if isinstance(found, list):
        blamed = {line.partition(": ")[0].partition(".")[0] for line in found}
        assert place[0] in blamed or blamed <= {"newsletters", "newsroom"}  # two tables that have to fit each other


@given(place=st.sampled_from([("provider", "api_key"), ("provider", "password"), ("provider", "webhook_secret")]))
@settings(max_examples=10, deadline=None, suppress_health_check=RELAXED)
@pytest.mark.parametrize(
    "value", [SECRET, [SECRET], {"key": SECRET}, {SECRET: 1}], ids=["text", "list", "table", "key"]
)
def test_a_secret_that_stands_in_clear_is_never_repeated(tmp_path: Path, place: tuple[str, str], value: object) -> None:
    found = load(tmp_path, put(place, value))

    assert isinstance(found, list)
    assert SECRET not in " ".join(found)


@pytest.mark.parametrize("place", places(GOOD), ids=lambda place: ".".join(map(str, place)))
@pytest.mark.parametrize(
    "value", [17, "text", ["text"], {"a": 1}, True, 1.5], ids=["int", "text", "list", "table", "true", "float"]
)
def test_a_value_of_the_wrong_type_is_told_without_the_words_of_the_library(
    tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    found = load(tmp_path, put(place, value))

    for line in found if isinstance(found, list) else ():
        assert not re.search(r"Input should be|valid (dictionary|tuple|string|integer)|pydantic|validation", line), line


@pytest.mark.parametrize("place", [place for place in places(GOOD) if isinstance(place[-1], str)], ids=str)
def test_a_key_that_is_left_out_has_a_default_or_is_named(tmp_path: Path, place: tuple[Any, ...]) -> None:
    tables = deepcopy(GOOD)
    here: Any = tables
    for part in place[:-1]:
        here = here[part]
    del here[place[-1]]

    found = load(tmp_path, tables)

    if isinstance(found, list):
        assert any(str(place[-1]) in line or "has no text for" in line for line in found)


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\x00",
        b"[newsroom\n",
        b"a = \n",
        b"a = 1\na = 2\n",
        b"\x00",
        b'"' * 1000,
        b"[[a]]\n[a]\n",
        b"a." * 500 + b"b = 1",
    ],
    ids=range(8),
)
def test_what_is_no_toml_is_told_with_the_file(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_bytes(raw)

    with pytest.raises(ConfigurationError, match=re.escape(str(file))):
        load_settings(file)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_is_not_there_or_is_none_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"no such file|cannot be read"):
        load_settings(tmp_path / name)
