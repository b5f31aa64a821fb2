"""What the tests of gathering share."""

from pathlib import Path

import pytest

from publisher.store.engine import Store
from tests.gather import kinds
from tests.gather import newsrooms as stand_ins
from tests.gather.gathering import Desk, some_settings
from tests.gather.visiting import CMS, PARTNER, SITE, Newsroom


@pytest.fixture(name="newsroom")
def newsroom_told(sqlite_store: Store, tmp_path: Path) -> Newsroom:
    """A newsroom with its site's feed, its CMS and a partner's feed, of which a test says what they say."""
    return Newsroom(sqlite_store, some_settings(tmp_path, SITE, CMS, PARTNER))


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> stand_ins.Newsroom:
    """The stand-in of one kind; the test names the kinds (`every_kind`)."""
    return kinds.stand_in(request.param, request, tmp_path)


@pytest.fixture
def desk(sqlite_store: Store, tmp_path: Path, site: stand_ins.Newsroom) -> Desk:
    """The desk that gathers from it."""
    return Desk(sqlite_store, tmp_path, site)
