"""Telling partners: what is due is decided in the store, written in the article's language, and sent once."""

from functools import partial

import structlog

from publisher.assembly import Publisher
from publisher.deliver.notices import NoticeResult, Sender, send_notices
from publisher.store import notices
from publisher.store.notices import NoticeState
from publisher.syndicate.house import house_of
from publisher.syndicate.partner_notices import write_notice

log = structlog.get_logger()


def notify_partners(publisher: Publisher) -> list[NoticeResult]:
    """Tells the partners what they are still to be told; gives how each notice went.

    After a build, since the notices link to its pages. Safe to repeat. Without anything to tell it only reads, and
    does not even ask for the provider.
    """
    now = publisher.now()
    with publisher.store.read() as tx:
        is_due = notices.has_undecided(tx)
        is_waiting = notices.has_unsent(tx, now=now)
    if is_due:
        with publisher.store.begin() as tx:
            notices.decide_notices(tx, now=now)
    if not (is_due or is_waiting):
        return []
    settings = publisher.settings
    sender = Sender(mailbox=settings.provider.from_, reply_to=settings.provider.reply_to)
    write = partial(write_notice, publisher.store, house=house_of(settings), now=now)
    results = send_notices(publisher.mailer, sender, write)
    for one in results:
        if one.state is not NoticeState.SENT:
            log.warning("notice.not_sent", notice=one.notice.id, state=one.state, why=one.words)
    return results
