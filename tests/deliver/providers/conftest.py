"""The stand-ins of providers: one of each kind, closed after the test."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deliver.providers.stand_ins import STAND_INS, MailgunStandIn, OutboxStandIn, SmtpStandIn, StandIn


@pytest.fixture(params=STAND_INS)
def stand_in(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StandIn]:
    """Each provider there is."""
    made: StandIn = STAND_INS[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture(params=[kind for kind in STAND_INS if kind != "outbox"])
def wire(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StandIn]:
    """Each provider that is somewhere else, where answers get lost."""
    made: StandIn = STAND_INS[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def mailgun(tmp_path: Path) -> Iterator[MailgunStandIn]:
    """Mailgun."""
    made = MailgunStandIn(tmp_path)
    yield made
    made.close()


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[SmtpStandIn]:
    """A mail server."""
    made = SmtpStandIn(tmp_path)
    yield made
    made.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[OutboxStandIn]:
    """A folder."""
    made = OutboxStandIn(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `localhost` in one file, vouched for by nobody."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl is not here: TLS IS NOT TESTED")
    folder = tmp_path_factory.mktemp("tls")
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run([*made, *names, *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return both
