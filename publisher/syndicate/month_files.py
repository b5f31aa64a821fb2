"""Archive documents (RFC 5005 section 4): one of each feed for each month that is over, with all that came in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from publisher.model.months import month_of, neighbours
from publisher.store.engine import Store
from publisher.store.files import iter_files
from publisher.store.months import count_month, list_month, list_months
from publisher.syndicate.atom import render_atom
from publisher.syndicate.feeds import FeedPlan, archive_forms, archive_paths, build_archive_feed
from publisher.syndicate.pages import Site
from publisher.syndicate.rss import render_rss
from publisher.syndicate.writer import Made, PublicWriter

RENDERERS = {"rss": render_rss, "atom": render_atom}
DOCUMENT = re.compile(r"(\d{4}-\d{2})\.(?:rss|atom)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """The archive of one feed after a build."""

    newest: str | None  #: the last month that has a document
    written: tuple[str, ...] = ()  #: paths whose bytes changed
    leftovers: tuple[str, ...] = ()  #: paths that must go, at the end of the build


def write_months(
    site: Site, writer: PublicWriter, plan: FeedPlan, touched: Collection[str] | None, *, revision: int, now: datetime
) -> Months:
    """Writes the documents of a feed's months in which an article changed; of all months without `touched`.

    A month whose document comes or goes changes those beside it too, which name it.
    """
    house = site.house
    if not archive_forms(house):
        return Months(newest=None)
    months = months_of(plan, writer.store, items=house.items, now=now)
    stand = {found[1]: one.path for one in iter_files(writer.store, f"{plan.path}/") if (found := document(one.path))}
    changed = set(months) ^ set(stand)
    beside = {near for one in changed for near in neighbours(one, months)}
    written: list[str] = []
    for month in months:
        if touched is None or month in touched or month in changed or month in beside:
            with writer.store.read() as tx:
                articles = list_month(tx, month, kinds=plan.kinds, language=plan.language, term=plan.term)
            feed = build_archive_feed(plan, month, articles, house, months=months)
            files = {f"{plan.path}/{month}.{form}": RENDERERS[form](feed) for form in archive_forms(house)}
            written += writer.write({path: Made(data=data, revision=revision) for path, data in files.items()})
    gone = [path for month in set(stand) - set(months) for path in archive_paths(plan, month, house)]
    return Months(newest=months[-1] if months else None, written=tuple(written), leftovers=tuple(sorted(gone)))


def months_of(plan: FeedPlan, store: Store, *, items: int, now: datetime) -> list[str]:
    """The months of a feed that have a document, in the order of time: those that are over and brought something.

    A single one has none while the feed itself holds all: an archive that leads nowhere is reported as incomplete.
    """
    with store.read() as tx:
        found = list_months(tx, kinds=plan.kinds, language=plan.language, term=plan.term)
        over = [month for month in found if month < month_of(now)]
        if len(over) != 1:
            return over
        count = sum(count_month(tx, month, kinds=plan.kinds, language=plan.language, term=plan.term) for month in found)
    return over if count > items else []


def document(path: str) -> re.Match[str] | None:
    """Whether a path is that of an archive document; its first group is the month."""
    return DOCUMENT.fullmatch(path.rpartition("/")[2])
