"""The rolling audit: a build that has nothing to do renders a part of what stands anew, heals and reports.

The store says that nothing changed, so every byte that differs was changed by somebody else, lost, or made by an older
version of ours. In turn all kits and all feeds are looked at.
"""

import structlog

from publisher.store.articles import list_turn
from publisher.syndicate.feed_files import Moment, write_feed
from publisher.syndicate.feeds import FeedPlan
from publisher.syndicate.kits import write_kits
from publisher.syndicate.month_files import months_of, write_months
from publisher.syndicate.pages import Site
from publisher.syndicate.writer import PublicWriter

log = structlog.get_logger()

ARTICLES = 20  #: looked at in one turn


def audit(site: Site, writer: PublicWriter, plans: list[FeedPlan], moment: Moment, *, turn: int) -> frozenset[str]:
    """Looks at the next kits and the next feed; gives the paths that were healed."""
    with writer.store.read() as tx:
        articles = list_turn(tx, turn, size=ARTICLES)
    healed = set(write_kits(site, writer, articles, now=moment.now).written)
    if plans:
        plan = plans[turn % len(plans)]
        months = months_of(plan, writer.store, items=site.house.items, now=moment.now)
        month = {months[turn // len(plans) % len(months)]} if months else set()
        archive = write_months(site, writer, plan, month, revision=moment.revision, now=moment.now)
        healed |= {*archive.written, *write_feed(site, writer, plan, moment, newest_archive=archive.newest)}
    for path in sorted(healed):
        log.warning("public.healed", path=path)
    return frozenset(healed)
