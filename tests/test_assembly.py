"""Assembled: settings, store, secrets and provider tied together, each made when it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from publisher.assembly import assemble, assembled, hole_maker, mailbox_of, make_provider, new_store_id
from publisher.audience.secrets import make_secrets
from publisher.audience.tokens import Purpose, Signer
from publisher.deliver.mailer import HoleFacts
from publisher.deliver.providers import PROVIDERS
from publisher.model.edition import Hole
from publisher.model.errors import ConfigurationError, StoreError
from publisher.model.subscriber import Reader
from publisher.settings import ProviderKind, ProviderSettings
from publisher.store import house as stored
from publisher.store.engine import Store
from tests.builders import FRIDAY
from tests.cli.newsrooms import CONFIG
from tests.house import House, some_settings

FACTS = HoleFacts(edition=7, newsletter=3, issued=FRIDAY)
READER = Reader(id=1, public_id=b"A" * 16, address="ana@example.org", since=FRIDAY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A new newsroom's configuration."""
    made = tmp_path / "config" / "newsroom.toml"
    made.parent.mkdir()
    made.write_text(CONFIG)
    return made


def test_a_new_newsroom_gets_its_tables_and_secrets_at_first_use_and_keeps_them(file: Path) -> None:
    with assembled(file) as first, first.store.read() as tx:
        store_id, key = stored.get_store_id(tx), first.secrets.suppression
    with assembled(file) as again, again.store.read() as tx:
        assert (stored.get_store_id(tx), again.secrets.suppression) == (store_id, key)


def test_a_store_that_lost_its_secrets_gets_no_new_ones(file: Path) -> None:
    assemble(file).close()
    for secret in (file.parent.parent / "var" / "secrets").iterdir():
        secret.unlink()

    with assembled(file) as publisher, pytest.raises(ConfigurationError, match="Restore it from the backup"):
        _ = publisher.secrets


def test_a_store_at_another_step_is_not_used(file: Path) -> None:
    with assembled(file) as publisher, publisher.store.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(StoreError, match="0000"):
        assemble(file)


def test_a_store_id_is_letters_and_digits_only_and_each_its_own() -> None:
    made = {new_store_id() for _ in range(50)}

    assert len(made) == 50
    assert all(len(one) == 8 and one.isalnum() and one == one.lower() for one in made)


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_provider_that_is_not_built_is_told_with_those_that_are(tmp_path: Path, kind: ProviderKind) -> None:
    settings = some_settings(tmp_path)
    keys = {"kind": kind, "from": "a@example.org", "domain": "d", "host": "h", "api_key": "env:NOT_THERE"}
    configured = ProviderSettings.model_validate(keys)

    if kind in PROVIDERS:
        make_provider(configured, settings).close()
    else:
        with pytest.raises(ConfigurationError, match=f"provider.kind: {kind} is not built yet; use outbox, smtp"):
            make_provider(configured, settings)


def test_the_limits_of_the_configuration_reach_the_provider(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, max_batch=7, concurrency=3, settle_after="5m")

    limits = make_provider(settings.provider, settings).limits

    assert (limits.recipients, limits.concurrency, limits.settle_after.total_seconds()) == (7, 3, 300)


@pytest.mark.parametrize("sender", ["digest@mail.example.org", "Example Observatory <digest@mail.example.org>"])
def test_control_messages_go_to_the_senders_own_mailbox(tmp_path: Path, sender: str) -> None:
    assert mailbox_of(some_settings(tmp_path, **{"from": sender})) == "digest@mail.example.org"


def test_a_readers_values_are_the_same_for_the_same_edition_and_hold_no_address(
    sqlite_store: Store, tmp_path: Path
) -> None:
    publisher = House(sqlite_store, tmp_path).publisher
    fill = hole_maker(publisher.settings, publisher.secrets, publisher.unsubscribing)(FACTS)

    values = fill(READER, "en")

    assert values == fill(READER, "en")
    assert set(values) == set(Hole)
    assert READER.address not in " ".join(values.values())
    assert values[Hole.MESSAGE_ID].startswith("e7.")
    assert values[Hole.MESSAGE_ID].endswith("@mail.example.org")
    assert values[Hole.SINCE] == "March 6, 2026"
    assert fill(READER, "es")[Hole.SINCE] == "6 de marzo de 2026"


def test_the_two_links_of_a_reader_are_read_each_by_its_own_page(sqlite_store: Store, tmp_path: Path) -> None:
    publisher = House(sqlite_store, tmp_path).publisher
    values = hole_maker(publisher.settings, publisher.secrets, publisher.unsubscribing)(FACTS)(READER, "en")
    tokens = [values[hole].rpartition("/")[2] for hole in (Hole.UNSUBSCRIBE, Hole.PREFERENCES)]

    read = [[bool(Signer(publisher.secrets, purpose).read(token)) for purpose in Purpose] for token in tokens]

    assert read == [[True, False], [False, True]]


def test_nothing_of_the_provider_is_made_before_it_is_asked_for(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    keys = {"kind": "mailgun", "domain": "mail.example.org", "api_key": "env:NO_SUCH_KEY"}

    publisher = House(sqlite_store, tmp_path, **keys).publisher
    publisher.close()

    assert publisher.provider.account == "mailgun api.mailgun.net mail.example.org"  # without its key


def test_importing_the_package_opens_nothing(tmp_path: Path) -> None:
    script = "import publisher.assembly, threading, os; print(threading.active_count(), os.listdir('.'))"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "1 []"


def test_what_a_first_use_makes_is_for_its_owner_alone(file: Path) -> None:
    with assembled(file) as publisher, publisher.store.begin() as tx:
        tx.execute(text("UPDATE source SET id = id"))
        var = file.parent.parent / "var"
        modes = {one.relative_to(var).as_posix(): one.stat().st_mode & 0o777 for one in var.rglob("publisher.db*")}

    assert var.stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}
    assert {"publisher.db", "publisher.db-wal"} <= set(modes)


def test_the_folder_of_a_store_that_is_elsewhere_is_for_its_owner_too(tmp_path: Path) -> None:
    var = tmp_path / "var"

    make_secrets(var)

    assert [one.stat().st_mode & 0o777 for one in (var, var / "secrets")] == [0o700, 0o700]
