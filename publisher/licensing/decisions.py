"""May an article be republished by others? Every reason against it, in words that editors and partners are shown.

`no open licence · all rights reserved · unknown licence · marked not to be republished · embargo · withdrawn ·
owned by another`
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from publisher.licensing.licences import RESERVED, Licence, parse_licence
from publisher.licensing.rights import find_agency
from publisher.model.article import Article, Status
from publisher.model.clock import stamp


def republishable(
    article: Article, *, now: datetime, embargo: timedelta = timedelta(0), own: Collection[str] = ()
) -> tuple[str, ...]:
    """The reasons against republishing an article now; empty means yes.

    `embargo` counts from first publication, and the article's own embargo may be later. `own` are the names that mean
    "ours" (`own_names`): a newsroom that is itself an agency owns its text.
    """
    reasons = [
        _no_licence(article),
        "marked not to be republished" if article.no_republish else None,
        _under_embargo(article, embargo, now),
        "withdrawn" if article.status is Status.WITHDRAWN else None,
        _owned_by_another(article, own),
    ]
    return tuple(reason for reason in reasons if reason)


def embargo_end(article: Article, embargo: timedelta) -> datetime | None:
    """When partners may republish it first; None when there is no embargo."""
    house = article.published + embargo if embargo else None
    return max((moment for moment in (house, article.embargo_until) if moment), default=None)


def open_licence(article: Article) -> Licence | None:
    """The licence that the article is shared under; None when there is none that permits it."""
    licence = parse_licence(article.licence or "")
    return licence if licence and licence.is_open else None


def _no_licence(article: Article) -> str | None:
    """Why there is no licence to republish under."""
    if open_licence(article):
        return None
    # Gathering keeps no address for reserved rights, only the reason: it is told apart by that word.
    if RESERVED in {(article.licence or "").strip().lower(), *article.licence_why.lower().split()}:
        return "all rights reserved"
    if article.licence:
        return f"unknown licence: {article.licence[:80]}"
    return f"no open licence: {article.licence_why}" if article.licence_why else "no open licence"


def _under_embargo(article: Article, embargo: timedelta, now: datetime) -> str | None:
    """The house's embargo or the article's, whichever ends later."""
    end = embargo_end(article, embargo)
    return f"under embargo until {stamp(end)}" if end and now < end else None


def _owned_by_another(article: Article, own: Collection[str]) -> str | None:
    """Agency copy: its licence is not ours to give, whatever the CMS says by default."""
    ours = {name.casefold() for name in own}
    for name in (article.rights_holder, *(author.name for author in article.authors)):
        # At least half of the name must be the agency's: people are called Keystone, too.
        if name.casefold() not in ours and (agency := find_agency(name)) and len(agency) * 2 >= len(name):
            return f"owned by another: {name}"
    return None
