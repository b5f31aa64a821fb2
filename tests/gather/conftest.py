"""What the tests of gathering share."""

from pathlib import Path

import pytest

from publisher.store.engine import Store
from tests.gather.gathering import some_settings
from tests.gather.visiting import CMS, PARTNER, SITE, Newsroom


@pytest.fixture(name="newsroom")
def newsroom_told(sqlite_store: Store, tmp_path: Path) -> Newsroom:
    """A newsroom with its site's feed, its CMS and a partner's feed, of which a test says what they say."""
    return Newsroom(sqlite_store, some_settings(tmp_path, SITE, CMS, PARTNER))
