"""What a build owes the hubs: a word of each feed with other bytes, in the transaction that lists them."""

from pathlib import Path

import pytest

from publisher.assembly import Publisher
from publisher.settings import FeedSettings
from publisher.store.engine import Store, Tx
from publisher.store.pings import claim_ping, drop_hub, list_owed
from publisher.syndicate import writer
from tests.house import House

HUB = "https://hub.example.net/"
FEEDS = "https://follow.example.org/feeds"


@pytest.fixture
def house(sqlite_store: Store, tmp_path: Path) -> House:
    """A newsroom with a hub, and one story."""
    made = House(sqlite_store, tmp_path)
    feeds = FeedSettings(hub=(HUB,), formats=("rss", "atom"), scopes=("all", "section", "updates"))
    settings = made.publisher.settings.model_copy(update={"feeds": feeds})
    made.publisher = Publisher(settings=settings, store=sqlite_store, clock=made.clock)
    made.publish()
    return made


def owed(house: House) -> list[str]:
    """The feeds that the hub is not told of, without their common beginning."""
    found = []
    with house.store.begin() as tx:
        while one := claim_ping(tx, HUB, now=house.clock.now()):
            found.append(one.topic.removeprefix(f"{FEEDS}/"))
        drop_hub(tx, HUB)
    return sorted(found)


def test_the_first_build_owes_a_word_of_every_feed(house: House) -> None:
    house.publisher.build()

    assert owed(house) == sorted(
        f"{name}.{form}" for name in ("all", "section/investigations", "updates") for form in ("rss", "atom")
    )


def test_a_build_that_changes_nothing_owes_nothing(house: House) -> None:
    house.publisher.build()
    owed(house)

    house.publisher.build()

    assert owed(house) == []


def test_a_change_owes_a_word_of_the_feeds_that_it_is_in(house: House) -> None:
    house.publisher.build()
    owed(house)

    house.publish("silver-route", title="The silver route", section=None)
    house.publisher.build()

    assert owed(house) == ["all.atom", "all.rss"]


def test_what_a_build_wrote_before_it_was_killed_is_owed_by_the_next_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_tx: Tx, _files: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:  # the files stand, their list was not written
        patched.setattr(writer, "record_files", killed)
        with pytest.raises(KeyboardInterrupt):
            writer_of_one_feed(house).flush()
    before = owed(house)
    again = writer_of_one_feed(house)
    again.flush()

    assert (before, again.written, owed(house)) == ([], 0, ["all.rss"])


def writer_of_one_feed(house: House) -> writer.PublicWriter:
    """A build's writer that has written one feed and is about to list it."""
    from publisher.syndicate.build import hub_news
    from publisher.syndicate.house import house_of

    settings = house.publisher.settings
    made = writer.PublicWriter(settings.public, house.store, tell=hub_news(house_of(settings), house.clock.now()))
    made.write({"feeds/all.rss": writer.Made(data=b"<rss/>", revision=1)})
    return made


def test_a_newsroom_without_hubs_owes_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    house = House(sqlite_store, tmp_path)
    house.publish()

    house.publisher.build()

    with house.store.read() as tx:
        assert list_owed(tx) == []
