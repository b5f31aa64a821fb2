"""What users rely on is documented, and what is documented is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from publisher.cli.main import COMMANDS, GROUPS, make_app
from publisher.settings import KNOWN_VARIABLES
from tests.cli.config_keys import config_keys

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "commands.md").read_text()
NAMES = [name for name, _, _ in COMMANDS] + [f"{g} {name}" for g, _, commands in GROUPS for name, _ in commands]


def options() -> Iterator[tuple[str, str]]:
    """Every option of every command, but those that all have."""
    groups = {"": typer.main.get_command(make_app())}
    for path, command in groups.items():
        for name, child in getattr(command, "commands", {}).items():
            for parameter in child.params:
                yield from ((f"{path} {name}", text) for text in parameter.opts if text.startswith("--"))
            for inner, grandchild in getattr(child, "commands", {}).items():
                for parameter in grandchild.params:
                    yield from ((f"{name} {inner}", text) for text in parameter.opts if text.startswith("--"))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"`publisher {re.escape(name)}[ `]", PAGE)


def test_every_option_is_documented() -> None:
    found = set(options())

    assert len(found) > 40
    assert {(name, option) for name, option in found if option not in PAGE} == set()


def test_no_command_is_documented_that_is_not_there() -> None:
    documented = set(re.findall(r"`publisher ([a-z][a-z-]*)", PAGE.partition("## Not built yet")[0]))

    assert documented - {name.split()[0] for name in NAMES} == set()


@pytest.mark.parametrize("key", config_keys())
def test_every_configuration_key_is_documented(key: str) -> None:
    page = (DOCS / "configuration.md").read_text()

    assert f"`{key.rpartition('.')[2]}`" in page or f"[{key}" in page


@pytest.mark.parametrize("key", config_keys())
def test_the_example_configuration_shows_every_key(key: str) -> None:
    text = (ROOT / "config" / "newsroom.toml").read_text()

    assert re.search(rf"\b{re.escape(key.rpartition('.')[2])}( =|\.|\]| = )", text)


@pytest.mark.parametrize("variable", sorted(KNOWN_VARIABLES))
def test_every_environment_variable_is_documented(variable: str) -> None:
    assert variable in PAGE
