"""The counter in a kit: off unless the newsroom turned it on, and then in the HTML alone."""

import hashlib
import json
from pathlib import Path

import pytest

from publisher.assembly import Publisher
from publisher.store.engine import Store
from publisher.syndicate.house import house_of
from publisher.syndicate.kit import FILES, Kit, build_kit
from tests.house import House
from tests.licensing.article_builders import BY_NC, NOW, an_article
from tests.syndicate.house_builders import some_settings


def a_kit(level: str) -> Kit:
    """The kit of "The gold route" with the counter at a level."""
    settings = some_settings(licence={"default": BY_NC, "counter": level})
    return build_kit(an_article(), house_of(settings, lambda number: f"id-of-{number}"), now=NOW)


def test_a_kit_has_no_counter_unless_the_newsroom_turned_it_on() -> None:
    by_default = build_kit(an_article(), house_of(some_settings(), lambda _: "id"), now=NOW)

    assert "/r/" not in "".join(by_default.files.values())
    assert by_default.files == a_kit("off").files


@pytest.mark.parametrize(("level", "policy"), [("host", "strict-origin"), ("page", "no-referrer-when-downgrade")])
def test_the_counter_ends_the_html_and_asks_for_no_more_than_its_level(level: str, policy: str) -> None:
    assert a_kit(level).files["article.html"] == a_kit("off").files["article.html"] + (
        '<img src="https://follow.example.org/r/id-of-41.gif" width="1" height="1" alt="" loading="eager" '
        f'referrerpolicy="{policy}">\n'
    )


def test_no_other_file_holds_the_counter_but_the_fields_of_the_html() -> None:
    files, without = a_kit("page").files, a_kit("off").files
    fields, fields_without = json.loads(files["article.json"]), json.loads(without["article.json"])

    changed = {name for name in FILES if files[name] != without[name]}
    changed_fields = {name for name in fields if fields[name] != fields_without[name]}

    assert changed == {"article.html", "article.json", "LICENSE.txt"}
    assert changed_fields == {"article_html", "sha256"}


def test_the_checksum_is_of_the_html_with_its_counter() -> None:
    kit = a_kit("page")

    assert kit.sha256 == hashlib.sha256(kit.files["article.html"].encode()).hexdigest()


def test_a_house_without_ids_has_no_counter() -> None:
    settings = some_settings(licence={"default": BY_NC, "counter": "page"})

    assert "<img" not in build_kit(an_article(), house_of(settings), now=NOW).files["article.html"]


def test_turning_it_on_renders_every_kit_again(sqlite_store: Store, tmp_path: Path) -> None:
    house = House(sqlite_store, tmp_path)
    number = house.publish()
    fragment = tmp_path / "public" / "republish" / str(number) / "article.html"
    house.publisher.build()
    before = fragment.read_text()

    counted(house).build()

    assert "/r/" not in before
    assert fragment.read_text().count("https://follow.example.org/r/") == 1


def counted(house: House) -> Publisher:
    """The same newsroom with the counter on."""
    settings = house.publisher.settings
    licence = settings.licence.model_copy(update={"counter": "host"})
    return Publisher(settings=settings.model_copy(update={"licence": licence}), store=house.store, clock=house.clock)
